#ifndef PARSERS_PHONE_H
#define PARSERS_PHONE_H

#include "gateway/base/str.h"

#define PHONE_MAX 20

struct phone {
	char z[PHONE_MAX]; /* E.164 "+84912345678" */
};

/*
 * Any way of writing a Vietnamese or international number → E.164; 0 / -1.
 * Spaces . - ( ) go, 00 → +, 840 → 84, 0… → +84…, and the 2018 renumbering
 * (0120… → 070…) is applied. Short codes and names are not phones.
 */
int phone_parse(struct str raw, struct phone *ret)
	__attribute__((warn_unused_result));
/* May an automatic answer go there? Mobile-looking E.164 only. */
bool phone_is_answerable(struct str e164);

#endif
