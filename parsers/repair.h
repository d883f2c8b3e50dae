#ifndef PARSERS_REPAIR_H
#define PARSERS_REPAIR_H

#include "parsers/lex.h"

/* Tokens as they were meant, and how sure that is. */
struct repair {
	struct tokens tokens;
	bool keyword; /* guessed by one letter: to be confirmed */
	bool label;   /* guessed by one letter: the sum must prove it */
};

/*
 * Words that an input method left undone (vawngs, ho5p, ho.p), where just such
 * a word is known; without a doubt, so without a word about it.
 */
struct tokens repair_ime(const struct vocabulary *v, const struct normal *t,
	struct tokens tokens, struct arena *a);
/*
 * The first word into a keyword: one wrong, missing, doubled or swapped letter
 * only if a single keyword is that near; a code that sticks to it is cut off.
 * Never a figure or a code. false: there was nothing to mend.
 */
bool repair_keyword(struct repair *r, const struct vocabulary *v,
	const struct normal *t, struct arena *a);
/*
 * Words that stick to figures, cut into known ones: "ddvp" 4, 5 "dibacninh" 3.
 * false: there was nothing to cut. What comes of it must make sense as a whole.
 */
bool repair_glued(struct repair *r, const struct vocabulary *v,
	const struct normal *t, struct arena *a);
/*
 * Words beside figures into labels that are one letter away; seen: the symbols
 * that the text has already. false: there was nothing to mend.
 */
bool repair_labels(struct repair *r, const struct vocabulary *v,
	const struct normal *t, const struct symbols *seen, struct arena *a);

#endif
