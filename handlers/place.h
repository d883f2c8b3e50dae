#ifndef HANDLERS_PLACE_H
#define HANDLERS_PLACE_H

#include "gateway/base/str.h"

struct place {
	struct str name; /* as typed, part of the text that was given */
	int months;      /* for how long; 0: not said */
};

/*
 * Is the text the name of a province, before or after the merging of July
 * 2025, or of a country people go to for work, and no more than that? In any
 * case, with or without diacritics and spaces.
 */
bool place_read(struct str text, struct place *ret);

#endif
