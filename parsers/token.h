#ifndef PARSERS_TOKEN_H
#define PARSERS_TOKEN_H

#include "parsers/normalise.h"

enum token_kind {
	TOKEN_WORD,
	TOKEN_NUMBER, /* digits; an o or l among them stands for 0 or 1 */
	TOKEN_PUNCT,  /* one character */
	TOKEN_SIGN    /* one emoji or foreign letter */
};

/* A piece of the folded text. Blanks are no tokens. */
struct token {
	uint64_t hash; /* of its folded bytes */
	uint16_t at, n;
	uint8_t kind;
	bool glued; /* nothing stands between it and the token before */
	bool bare;  /* it has no diacritics */
};

struct tokens {
	const struct token *v;
	size_t n;
};

/* Letters and digits written together (TS47) are cut apart. */
struct tokens tokenise(const struct normal *t, struct arena *a);

static inline struct str token_folded(
	const struct normal *t, const struct token *k)
{
	return str_part(t->folded, k->at, k->n);
}

#endif
