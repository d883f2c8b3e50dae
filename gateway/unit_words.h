#ifndef GATEWAY_UNIT_WORDS_H
#define GATEWAY_UNIT_WORDS_H

#include "gateway/base/err.h"
#include "gateway/store/unit_change.h"

/*
 * A change of units as it is typed: merge OLD... NEW[=NAME], split OLD
 * NEW[=NAME][:NUMBERS]..., rename OLD NEW[=NAME], move UNIT ABOVE, end UNIT.
 * The strings are borrowed, lists are in the arena. on and document are the
 * caller's. -1 with err: what is wrong with it.
 */
int unit_words_read(const struct str *words, size_t n, struct arena *a,
	struct unit_change *ret, struct err *err)
	__attribute__((warn_unused_result));

#endif
