#ifndef PARSERS_REPAIR_H
#define PARSERS_REPAIR_H

#include "parsers/lex.h"

/* A text whose first word was mended into a keyword. */
struct repair {
	struct str text; /* absent: there was nothing to mend */
	ptrdiff_t shift; /* bytes that the text is longer than what was typed */
	bool guessed;    /* one letter was wrong: to be confirmed */
};

/*
 * What an input method left over (ho5p, hopj) or a stray mark (ho.p) explains
 * completely is mended without a word; one wrong, missing, doubled or swapped
 * letter only if a single keyword is that near. Only the first word, never a
 * figure or a code.
 */
struct repair repair_keyword(
	const struct vocabulary *v, const struct normal *t, struct arena *a);

#endif
