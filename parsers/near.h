#ifndef PARSERS_NEAR_H
#define PARSERS_NEAR_H

#include "gateway/base/str.h"

/* How a word was mistyped, the likelier the higher. */
enum near {
	NEAR_NOT,
	NEAR_LETTER, /* one letter put in, left out or put for another */
	NEAR_KEY     /* two swapped, one doubled, or a neighbour on the keys */
};

/* Folded words; equal ones are NEAR_NOT. One-letter words are near nothing. */
enum near near_words(struct str meant, struct str typed);

#endif
