/*
 * scan_units - which words may name a unit?
 *
 * Codes are known by their shape. Names are any words that mean nothing else,
 * so runs of up to three of them are offered too, those behind a keyword
 * first; the store says which ones are names. Loop thread; pure.
 */
#include "parsers/scan_parts.h"

#define NAME_WORDS_MAX 3
#define NAME_LETTERS_MIN 2

static bool has_key(const struct scan *s, struct str key)
{
	for (size_t i = 0; i < s->units_n; i++)
		if (str_eq(s->units[i].key, key))
			return true;
	return false;
}

/* A name that was typed with more than one blank is the same name. */
static struct str one_blank_each(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' || n == 0 || p[n - 1] != ' ')
			p[n++] = s.p[i];
	return (struct str){p, n};
}

static struct str lexed_words(const struct scan *s, size_t first, size_t n)
{
	const struct lexeme *a = &s->lexed.v[first];
	const struct lexeme *b = &s->lexed.v[first + n - 1];

	return str_part(s->lexed.text, a->at, (size_t)(b->at + b->n - a->at));
}

static void offer(
	struct scan *s, size_t first, size_t n, struct str key, bool is_code)
{
	if (s->units_n == SCAN_UNIT_KEYS_MAX || key.n < NAME_LETTERS_MIN ||
		has_key(s, key))
		return;
	s->keys[s->units_n] = key;
	s->units[s->units_n++] = (struct unit_word){.key = key,
		.first = (uint16_t)first,
		.n = (uint16_t)n,
		.is_code = is_code};
}

/* How many plain words stand in a row from here. */
static size_t words_from(const struct scan *s, size_t i)
{
	size_t n = 0;

	while (i + n < s->lexed.n && s->lexed.v[i + n].kind == LEXEME_WORD &&
		s->lexed.v[i + n].symbol == LEXICON_NONE)
		n++;
	return n;
}

/* All runs of a row of words, longer ones first. */
static void offer_names(struct scan *s, size_t first, size_t words)
{
	size_t longest = words < NAME_WORDS_MAX ? words : NAME_WORDS_MAX;

	for (size_t n = longest; n > 0; n--)
		for (size_t i = first; i + n <= first + words; i++)
			offer(s, i, n, lexed_words(s, i, n), false);
}

/* "ban co liu": behind such a word, known ones may be a name, too. */
static void offer_known(struct scan *s, size_t i)
{
	const struct lexeme *v = s->lexed.v;
	const struct symbols *keywords = &s->rs->vocabulary.codes_after;
	bool known = v[i].symbol != LEXICON_NONE;

	for (size_t n = 2; n <= NAME_WORDS_MAX && i + n <= s->lexed.n; n++) {
		const struct lexeme *last = &v[i + n - 1];

		if ((last->kind != LEXEME_SYMBOL &&
			    last->kind != LEXEME_WORD) ||
			symbols_has(keywords, last->symbol))
			return;
		known = known || last->symbol != LEXICON_NONE;
		if (known)
			offer(s, i, n,
				one_blank_each(s->arena,
					str_part(s->text.folded, v[i].from,
						(size_t)(last->to -
							 v[i].from))),
				false);
	}
}

void scan_units(struct scan *s)
{
	const struct lexed *x = &s->lexed;
	const struct vocabulary *v = &s->rs->vocabulary;

	for (size_t i = 0; i < x->n; i++)
		if (x->v[i].kind == LEXEME_CODE)
			offer(s, i, 1, lexed_words(s, i, 1), true);
	for (size_t i = 1; i < x->n; i++)
		if (symbols_has(&v->unit_words, x->v[i - 1].symbol))
			offer_known(s, i);
	for (size_t i = 0; i < x->n; i++) {
		size_t n = words_from(s, i);

		if (n > 0)
			offer_names(s, i, n);
		i += n;
	}
}
