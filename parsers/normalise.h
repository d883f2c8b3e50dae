#ifndef PARSERS_NORMALISE_H
#define PARSERS_NORMALISE_H

#include "gateway/base/arena.h"

/*
 * A text in the two forms that rules see, with the way back to what was
 * typed. Every letter of the text is one byte of `folded`, so the two maps
 * have folded.n + 1 entries (the last is the end).
 */
struct normal {
	struct str raw;            /* what was read: capped, not copied */
	struct str marked;         /* lower case NFC, with diacritics */
	struct str folded;         /* lower case ASCII */
	const uint16_t *raw_at;    /* byte of folded → byte of raw */
	const uint16_t *marked_at; /* byte of folded → byte of marked */
};

/* What `folded` has for things that are no Latin letter, digit or mark. */
#define NORMAL_FOREIGN '`' /* a letter of another script */
#define NORMAL_SIGN '^'    /* an emoji or other symbol */

/*
 * Reads at most MESSAGE_TEXT_MAX characters; the rest is as if not there.
 * Broken UTF-8 becomes signs.
 */
void normalise(struct str raw, struct arena *a, struct normal *ret);
/* What was typed for folded[at .. at + n). */
struct str normal_raw(const struct normal *t, size_t at, size_t n);
struct str normal_marked(const struct normal *t, size_t at, size_t n);

#endif
