#ifndef HANDLERS_PLACE_H
#define HANDLERS_PLACE_H

#include "gateway/base/str.h"

/*
 * Is the text the whole name of a province, before or after the merging of
 * July 2025? In any case, with or without diacritics and spaces.
 */
bool place_is_province(struct str text);

#endif
