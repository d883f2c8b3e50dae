/*
 * repair_glued - which words were typed without a blank between them?
 *
 * "ddvp4,9vk12" is cut at its figures already; what sticks to them (ddvp,
 * dibacninh) is cut where known words meet, the longest first, and only if
 * all of it is made of such words. Whether that makes sense is seen when the
 * result is read: see scan.c. In the caller's arena; loop thread.
 */
#include "parsers/repair.h"

#define GLUED_MIN 4 /* letters: two words of two */
#define GLUED_MAX 24
#define PIECE_MIN 2
#define PIECE_MAX 8
#define PIECES_MAX (GLUED_MAX / PIECE_MIN)

struct cut {
	const struct vocabulary *v;
	struct str word;
	size_t end[PIECES_MAX]; /* where each piece ends */
	size_t n;
	int tries; /* left: letters of a hostile word are cut in many ways */
};

#define TRIES_MAX 100

static bool is_word(const struct cut *c, size_t at, size_t n)
{
	uint64_t hash = str_hash(str_part(c->word, at, n));

	return lexicon_has_folded(c->v->phrases, hash);
}

/* Can the word be cut from `at` on? The pieces are in c->end, from n on. */
static bool cut_from(struct cut *c, size_t at, size_t n)
{
	size_t left = c->word.n - at;

	c->n = n;
	if (left == 0)
		return n > 1;
	for (size_t k = left < PIECE_MAX ? left : PIECE_MAX; k >= PIECE_MIN;
		k--) {
		if (c->tries-- <= 0)
			return false;
		if (!is_word(c, at, k))
			continue;
		c->end[n] = at + k;
		if (cut_from(c, at + k, n + 1))
			return true;
	}
	return false;
}

static bool is_number(const struct tokens *t, size_t i)
{
	return i < t->n && t->v[i].kind == TOKEN_NUMBER;
}

/* A word of no meaning with a figure right before or behind it. */
static bool is_glued(
	const struct tokens *t, size_t i, const struct vocabulary *v)
{
	const struct token *k = &t->v[i];

	return k->kind == TOKEN_WORD && k->as.p == NULL && k->n >= GLUED_MIN &&
	       k->n <= GLUED_MAX && !lexicon_has_folded(v->phrases, k->hash) &&
	       ((i > 0 && k->glued && is_number(t, i - 1)) ||
		       (is_number(t, i + 1) && t->v[i + 1].glued));
}

/* The pieces of one token, in its place. */
static size_t put_pieces(
	struct token *to, const struct token *k, const struct cut *c)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n; i++) {
		struct str piece = str_part(c->word, at, c->end[i] - at);

		to[i] = *k;
		to[i].at = (uint16_t)(k->at + at);
		to[i].n = (uint16_t)piece.n;
		to[i].hash = str_hash(piece);
		to[i].glued = i > 0 || k->glued;
		at = c->end[i];
	}
	return c->n;
}

static size_t count_glued(const struct tokens *t, const struct vocabulary *v)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += is_glued(t, i, v);
	return n;
}

bool repair_glued(struct repair *r, const struct vocabulary *v,
	const struct normal *t, struct arena *a)
{
	size_t glued = count_glued(&r->tokens, v), n = 0;
	struct token *to;

	if (glued == 0)
		return false;
	to = ARENA_ARRAY(a, struct token, r->tokens.n + glued * PIECES_MAX);
	for (size_t i = 0; i < r->tokens.n; i++) {
		const struct token *k = &r->tokens.v[i];
		struct cut c = {
			.v = v, .word = token_folded(t, k), .tries = TRIES_MAX};

		if (!is_glued(&r->tokens, i, v))
			to[n++] = *k;
		else if (cut_from(&c, 0, 0))
			n += put_pieces(to + n, k, &c);
		else
			return false; /* not all of it is known */
	}
	r->tokens = (struct tokens){to, n};
	return true;
}
