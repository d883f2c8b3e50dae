#ifndef PARSERS_LEX_PARTS_H
#define PARSERS_LEX_PARTS_H

#include "parsers/lex.h"

/* Private to parsers/: lexing under way. */
struct lexer {
	const struct vocabulary *vocabulary;
	const struct normal *t;
	struct tokens tokens;
	char *out;
	size_t out_n;
	struct lexeme *v;
	size_t n;
	size_t last_token; /* the lexeme before ends with this token */
	bool joined;       /* no blank before what comes next */
	struct symbols symbols;
};

static inline const struct token *token(const struct lexer *x, size_t i)
{
	return i < x->tokens.n ? &x->tokens.v[i] : NULL;
}

static inline struct str folded(const struct lexer *x, size_t i)
{
	return token_folded(x->t, &x->tokens.v[i]);
}

static inline bool is_kind(
	const struct lexer *x, size_t i, enum token_kind kind)
{
	return i < x->tokens.n && x->tokens.v[i].kind == kind;
}

static inline bool is_glued(const struct lexer *x, size_t i)
{
	return i < x->tokens.n && x->tokens.v[i].glued;
}

static inline bool is_punct(const struct lexer *x, size_t i, char c)
{
	return is_kind(x, i, TOKEN_PUNCT) && folded(x, i).p[0] == c;
}

#define TEN (VOCABULARY_TEN - 1)
#define HUNDRED (VOCABULARY_HUNDRED - 1)

/*
 * ba · muoi · ba muoi · muoi lam · ba muoi lam · ba lam (35) · mot tram hai
 * (120): how many tokens the words take, 0 when there are none.
 */
size_t lex_number(const struct lexer *x, size_t i, int *ret_value);

/* Does token i end a mark between two figures that is a dash: -> ~ .. ? */
bool lex_range_ends(const struct lexer *x, size_t i);
/* Sets words, and the digit among symbols, from text. */
void lex_note_words(struct lexed *l);
/*
 * Cuts off what is not meant: who is greeted, what a phone adds, who signs.
 * all: l's lexemes.
 */
void lex_trailer(const struct vocabulary *v, const struct normal *t,
	struct lexeme *all, struct lexed *l);
/* The month of 5/XI; 0: token i is none. */
int lex_roman_month(const struct lexer *x, size_t i);

#endif
