#ifndef PARSERS_GLYPH_H
#define PARSERS_GLYPH_H

#include "gateway/base/str.h"

/*
 * One code point from the front of *rest, which moves past it; U+FFFD for a
 * byte that begins no code point. *rest must not be empty.
 */
int32_t glyph_next(struct str *rest);

#define GLYPH_DROP 0 /* zero-width, format, variation selector */

/*
 * The ASCII character that a fancy one stands for (dashes, quotes, spaces,
 * fullwidth forms, stroked d), GLYPH_DROP, or the code point itself. Case is
 * kept; letters with marks are not touched: they decompose.
 */
int32_t glyph_plain(int32_t cp);

/* The Latin letter that a Cyrillic or Greek one is drawn like, or itself. */
int32_t glyph_latin(int32_t cp);

/* The base letter of one code point: no marks, ASCII where there is one. */
int32_t glyph_base(int32_t cp);

#endif
