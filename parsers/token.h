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
	bool glued;    /* nothing stands between it and the token before */
	bool bare;     /* it has no diacritics */
	uint8_t unit;  /* so many tokens are a unit's code; 0: none is */
	struct str as; /* mended: the marked word, or code, it stands for */
};

struct tokens {
	const struct token *v;
	size_t n;
};

/* Letters and digits written together (TS47) are cut apart. */
struct tokens tokenise(const struct normal *t, struct arena *a);
/* A text that was pasted twice or thrice in a row, once. */
struct tokens tokens_once(struct tokens tokens);

static inline struct str token_folded(
	const struct normal *t, const struct token *k)
{
	return str_part(t->folded, k->at, k->n);
}

static inline struct str token_marked(
	const struct normal *t, const struct token *k)
{
	return k->as.p != NULL ? k->as : normal_marked(t, k->at, k->n);
}

#endif
