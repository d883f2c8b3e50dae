/*
 * names - does a person's full name stand here?
 *
 * A family name, a middle word and a given name: Tòng Thị Hặn is no total and
 * Vàng A Sủa neither yes nor correction. Many of these words are homographs
 * of what reports are made of, and the middle "a" is a particle too, so
 * without diacritics a doubtful one must at least have its capitals. Pure.
 */
#include "parsers/names.h"

#define GIVEN_MIN 2 /* letters */
#define SHORT_MIDDLE 1

struct place {
	const struct vocabulary *v;
	const struct normal *t;
	struct tokens tokens;
};

static bool is_word(const struct place *p, size_t i)
{
	return i < p->tokens.n && p->tokens.v[i].kind == TOKEN_WORD;
}

static bool is_part(const struct place *p, size_t i, enum name_part part)
{
	int symbol = LEXICON_NONE;

	return is_word(p, i) &&
	       lexicon_match(p->v->names, p->t, p->tokens, i, &symbol) == 1 &&
	       symbol == (int)part;
}

/* A word that means something else, too? */
static bool is_known(const struct place *p, size_t i)
{
	int symbol;

	return lexicon_match(p->v->phrases, p->t, p->tokens, i, &symbol) > 0;
}

/* One that says nothing of its own where it is left over: "tong thi han". */
static bool is_quiet(const struct place *p, size_t i)
{
	int symbol = LEXICON_NONE;

	return lexicon_match(p->v->phrases, p->t, p->tokens, i, &symbol) == 1 &&
	       symbols_has(&p->v->quiet, symbol);
}

/* Typed with a capital first: it differs from its lower-case self. */
static bool is_capital(const struct place *p, size_t i)
{
	const struct token *k = &p->tokens.v[i];
	struct str raw = normal_raw(p->t, k->at, 1);
	struct str low = normal_marked(p->t, k->at, 1);

	return !str_eq(raw, low);
}

/* Are the letters behind the first small ones? */
static bool is_title(const struct place *p, size_t i)
{
	const struct token *k = &p->tokens.v[i];
	struct str raw = normal_raw(p->t, k->at + 1U, k->n - 1U);
	struct str low = normal_marked(p->t, k->at + 1U, k->n - 1U);

	return is_capital(p, i) && str_eq(raw, low);
}

static bool is_given(const struct place *p, size_t i)
{
	return is_word(p, i) && p->tokens.v[i].n >= GIVEN_MIN &&
	       (!is_known(p, i) || is_title(p, i) ||
		       (is_quiet(p, i) && p->tokens.v[i - 1].n > SHORT_MIDDLE));
}

size_t names_match(const struct vocabulary *v, const struct normal *t,
	struct tokens tokens, size_t at)
{
	struct place p = {v, t, tokens};
	size_t n = 3;

	if (!is_part(&p, at, NAMES_FIRST) ||
		!is_part(&p, at + 1, NAMES_MIDDLE) || !is_given(&p, at + 2))
		return 0;
	/* "vang a chau di": yes, and no Vàng A Châu. */
	if (tokens.v[at + 1].n == SHORT_MIDDLE && is_known(&p, at) &&
		!(is_title(&p, at) && is_title(&p, at + 2)))
		return 0;
	if (is_title(&p, at + 2) && is_word(&p, at + 3) &&
		is_title(&p, at + 3) && !is_known(&p, at + 3))
		n++;
	return n;
}
