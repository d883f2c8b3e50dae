/*
 * read_code - do known words in this text name a unit of the sender's?
 *
 * CT03, NQ01 or TS12 may be what a commune calls its hamlets, and are labels
 * with a figure to the rules; a hamlet's name may be made of words that mean
 * something else, too. Where one of the sender's own stands in the place of a
 * unit, the text is scanned anew with it as a code; where it may as well be a
 * figure, it is asked. Rare: for all others this costs no more than a look.
 * Pure; writer thread.
 */
#include "parsers/glyph.h"
#include "parsers/read_parts.h"

#define PLACE_MAX 5 /* lexemes: a unit is named near the beginning */
#define CODE_MAX 8

struct search {
	const struct scan *scan;
	const struct context *context;
	struct arena *arena;
	struct token *tokens; /* NULL: none is marked yet */
	struct str doubt;
};

static struct str lowered(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32
							     : s.p[i]);
	return (struct str){p, s.n};
}

/* The tokens of folded[from .. to) are the code. */
static void mark(struct search *w, size_t from, size_t to, struct str code)
{
	struct tokens t = w->scan->repair.tokens;
	size_t first = 0;

	if (w->tokens == NULL) {
		w->tokens = ARENA_ARRAY(w->arena, struct token, t.n);
		memcpy(w->tokens, t.v, t.n * sizeof(*t.v));
	}
	while (first < t.n && t.v[first].at < from)
		first++;
	for (size_t i = first; i < t.n && t.v[i].at < to; i++)
		w->tokens[first].unit++;
	if (first < t.n)
		w->tokens[first].as = lowered(w->arena, code);
}

/* Lexeme i and the number behind it as one word: "ct03". */
static struct str written_code(
	const struct scan *s, size_t i, char out[static CODE_MAX])
{
	const struct lexeme *l = &s->lexed.v[i];
	const struct lexeme *number = l + 1;
	struct str letters =
		str_part(s->text.folded, l->from, (size_t)(l->to - l->from));
	struct str digits;

	if (i + 1 >= s->lexed.n || l->kind != LEXEME_SYMBOL ||
		number->kind != LEXEME_NUMBER ||
		(i + 2 < s->lexed.n && number[1].tight))
		return (struct str){NULL, 0};
	digits = str_part(s->lexed.text, number->at, number->n);
	if (letters.n + digits.n > CODE_MAX ||
		(number->from != l->to &&
			(number->from != l->to + 1U || digits.p[0] != '0')))
		return (struct str){NULL, 0};
	memcpy(out, letters.p, letters.n);
	memcpy(out + letters.n, digits.p, digits.n);
	return (struct str){out, letters.n + digits.n};
}

const struct unit_ref *read_own_unit(const struct context *c, struct str code)
{
	for (size_t i = 0; i < c->units_n; i++) {
		const struct unit_ref *u = &c->units[i];

		if (str_ieq(u->code, code))
			return u;
		for (size_t k = 0; k < u->aliases_n; k++)
			if (str_ieq(u->aliases[k], code))
				return u;
	}
	return NULL;
}

/* NQ02 of a sender of NQ01: whose unit it is will be asked. */
static bool is_sister(const struct context *c, struct str code, size_t letters)
{
	for (size_t i = 0; i < c->units_n; i++) {
		struct str own = c->units[i].code;

		if (own.n == code.n && str_ieq(str_part(own, 0, letters),
					       str_part(code, 0, letters)))
			return true;
	}
	return false;
}

static bool is_figure(const struct scan *s, size_t i)
{
	return symbols_has(&s->rs->vocabulary.figures, s->lexed.v[i].symbol);
}

/* Only words before it, or another unit's report. */
static bool in_place(const struct scan *s, size_t i)
{
	const struct lexeme *v = s->lexed.v;

	if (i > 0 && v[i - 1].kind == LEXEME_PUNCT && !is_figure(s, i))
		return s->lexed.text.p[v[i - 1].at] == ';';
	for (size_t k = 0; k < i; k++)
		if (v[k].kind != LEXEME_SYMBOL && v[k].kind != LEXEME_WORD)
			return false;
	return i < PLACE_MAX;
}

/* `SUA CM36`, or CM36 alone after a question: a figure as like as a unit. */
static bool may_be_figure(const struct search *w, size_t i)
{
	const struct scan *s = w->scan;
	const struct symbols *keywords = &s->rs->vocabulary.codes_after;
	const struct rule *rule;

	if (!is_figure(s, i))
		return false;
	if (i == 0 || !symbols_has(keywords, s->lexed.v[i - 1].symbol))
		return true;
	rule = scan_first_rule(s, w->arena);
	return rule != NULL && rule->intent == INTENT_CORRECTION;
}

static void try_code(struct search *w, size_t i)
{
	const struct lexeme *l = &w->scan->lexed.v[i];
	char buf[CODE_MAX];
	struct str code = written_code(w->scan, i, buf);

	if (code.p == NULL || !in_place(w->scan, i))
		return;
	if (read_own_unit(w->context, code) == NULL &&
		(is_figure(w->scan, i) || !is_sister(w->context, code,
						  (size_t)(l->to - l->from))))
		return;
	if (may_be_figure(w, i))
		w->doubt = scan_raw(w->scan, (struct span){l->at, l->n});
	else
		mark(w, l->from, l[1].to, code);
}

static char folded_letter(int32_t cp)
{
	int32_t base = glyph_base(cp);

	return (char)(base >= 'A' && base <= 'Z' ? base + 32 : base);
}

/* How many folded bytes at `at` are the name; 0: it is another. */
static size_t name_at(struct str folded, size_t at, struct str name)
{
	size_t n = 0;

	while (name.n > 0) {
		int32_t cp = glyph_next(&name);

		if (at + n >= folded.n || folded.p[at + n] != folded_letter(cp))
			return 0;
		n++;
		while (folded.p[at + n - 1] == ' ' && at + n < folded.n &&
			folded.p[at + n] == ' ') /* "Keo  Ca" */
			n++;
	}
	return n;
}

/* How many lexemes folded[v[i].from .. to) is made of; 0: parts of some. */
static size_t words_to(
	const struct scan *s, size_t i, size_t to, bool *ret_known)
{
	size_t k = i;

	*ret_known = false;
	for (; k < s->lexed.n && s->lexed.v[k].to <= to; k++)
		*ret_known |= s->lexed.v[k].symbol != LEXICON_NONE;
	return k > i && s->lexed.v[k - 1].to == to ? k - i : 0;
}

static bool is_behind(const struct scan *s, size_t i, const struct symbols *set)
{
	return i > 0 && symbols_has(set, s->lexed.v[i - 1].symbol);
}

/*
 * A sender of several units may name each of them: "ban Gion …; Keo Ca …".
 * Else a plain name is the reader's to find.
 */
static bool may_be_name(const struct search *w, size_t i, size_t to)
{
	const struct scan *s = w->scan;
	const struct vocabulary *v = &s->rs->vocabulary;
	bool known, several = w->context->units_n > 1;
	size_t words = words_to(s, i, to, &known);

	if (words == 0 || (!known && !several))
		return false;
	if (words == 1 && known)
		return is_behind(s, i, &v->unit_words);
	if (words == 1 && i > 0 && !is_behind(s, i, &v->codes_after))
		return several && s->lexed.v[i - 1].kind == LEXEME_PUNCT;
	return in_place(s, i) || (several && is_behind(s, i, &v->unit_words)) ||
	       (several && s->lexed.v[i - 1].kind == LEXEME_PUNCT);
}

/* "Bo hop 5/11", "chi bo Bo hop": Bo has met, where one of Bo writes. */
static bool is_name_that_met(const struct search *w, size_t i, size_t to)
{
	const struct scan *s = w->scan;
	const struct lexeme *l = &s->lexed.v[i];

	if (l->kind != LEXEME_SYMBOL || l->to != to + 4 ||
		!str_is(str_part(s->text.folded, to, 4), " hop"))
		return false;
	return i == 0 || is_behind(s, i, &s->rs->vocabulary.unit_words);
}

static void try_name(struct search *w, size_t i, const struct unit_ref *u)
{
	size_t from = w->scan->lexed.v[i].from;
	size_t n = name_at(w->scan->text.folded, from, u->name);

	if (n > 0 && (may_be_name(w, i, from + n) ||
			     is_name_that_met(w, i, from + n)))
		mark(w, from, from + n, u->code);
}

const struct scan *read_codes(const struct scan *s, const struct context *c,
	struct arena *a, struct str *ret_doubt)
{
	struct search w = {.scan = s, .context = c, .arena = a};

	if (c->units_n == 0)
		return s;
	for (size_t i = 0; i < s->lexed.n; i++) {
		try_code(&w, i);
		for (size_t k = 0; k < c->units_n; k++)
			try_name(&w, i, &c->units[k]);
	}
	*ret_doubt = w.doubt;
	return w.tokens != NULL
		       ? scan_again(s,
				 (struct tokens){w.tokens, s->repair.tokens.n},
				 a)
		       : s;
}
