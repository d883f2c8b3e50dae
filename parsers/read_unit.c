/*
 * read_unit - which unit does the text speak of?
 *
 * Codes are never repaired: one that is nobody's is asked, with the sender's
 * nearest own code in mind. A name counts when it is one of the sender's own
 * units, or one alone; a word that happens to be some far hamlet's name is
 * just a word, unless it stands where a unit is named. Pure; writer thread.
 */
#include "parsers/read_parts.h"

static const struct unit_match *match_of(const struct reader *x, struct str key)
{
	for (size_t i = 0; i < x->context->matches_n; i++)
		if (str_eq(x->context->matches[i].key, key))
			return &x->context->matches[i];
	return NULL;
}

static int own_index(const struct reader *x, struct str code)
{
	for (size_t i = 0; i < x->context->units_n; i++)
		if (str_eq(x->context->units[i].code, code))
			return (int)i;
	return -1;
}

static struct span span_of(const struct reader *x, const struct unit_word *w)
{
	const struct lexeme *a = &x->scan->lexed.v[w->first];
	const struct lexeme *b = &x->scan->lexed.v[w->first + w->n - 1];

	return (struct span){a->at, (uint16_t)(b->at + b->n - a->at)};
}

static void take(struct reader *x, const struct unit_word *w, struct str code)
{
	x->unit = w;
	x->r->unit_index = own_index(x, code);
	reader_text(x, FIELD_UNIT, code, span_of(x, w));
}

static void doubt(struct reader *x, const struct unit_word *w, enum problem p)
{
	struct str raw = scan_raw(x->scan, span_of(x, w));

	x->unit = w;
	field_set_text(&x->r->fields, FIELD_UNIT_RAW, raw);
	reader_problem(x, p, raw);
}

/* Letters and digits of a code apart: "mg07" → "mg", 7. o is read as 0. */
static struct str code_letters(struct str code, int *ret_number)
{
	size_t n = code.n;
	int scale = 1;

	*ret_number = 0;
	while (n > 0 &&
		(code.p[n - 1] == 'o' || code.p[n - 1] == 'O' ||
			(code.p[n - 1] >= '0' && code.p[n - 1] <= '9'))) {
		char c = code.p[--n];

		if (c >= '0' && c <= '9' && scale < 10000)
			*ret_number += (c - '0') * scale;
		scale *= 10;
	}
	return str_part(code, 0, n);
}

/* Same length, at most one letter different, without case. */
static bool alike(struct str a, struct str b)
{
	int off = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		off += !str_ieq(str_part(a, i, 1), str_part(b, i, 1));
	return off <= 1;
}

/* MG7, MGO7, NG07 for MG07: the number is right, the rest nearly so. */
static bool is_typo_of_own(const struct reader *x, struct str key)
{
	int number, own_number;
	struct str letters = code_letters(key, &number);

	for (size_t i = 0; i < x->context->units_n; i++) {
		struct str own =
			code_letters(x->context->units[i].code, &own_number);

		if (number == own_number && alike(letters, own))
			return true;
	}
	return false;
}

struct str reader_upper(const struct reader *x, struct str s)
{
	char *p = arena_alloc(x->arena, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32
							     : s.p[i]);
	return (struct str){p, s.n};
}

/* The unit that is meant among those of one name; NULL: it cannot be told. */
static const struct unit_ref *choose(const struct unit_match *m)
{
	const struct unit_ref *own = NULL, *scoped = NULL;
	size_t own_n = 0, scoped_n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->units[i].own) {
			own = &m->units[i];
			own_n++;
		}
		if (m->units[i].in_scope) {
			scoped = &m->units[i];
			scoped_n++;
		}
	}
	if (own_n > 0)
		return own_n == 1 ? own : NULL;
	if (scoped_n > 0)
		return scoped_n == 1 ? scoped : NULL;
	return m->n == 1 ? &m->units[0] : NULL;
}

/* Does the word stand where a unit is named: first, or behind a keyword? */
static bool in_place(const struct reader *x, const struct unit_word *w)
{
	const struct lexeme *before;

	if (w->first == 0)
		return true;
	before = &x->scan->lexed.v[w->first - 1];
	return before->symbol != LEXICON_NONE &&
	       symbols_has(
		       &x->scan->rs->vocabulary.codes_after, before->symbol);
}

/* An overseer may ask about a unit, and no more. */
static bool may_ask_about(const struct reader *x, const struct unit_ref *u)
{
	const struct context *c = x->context;

	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].role == ROLE_OVERSEER &&
			c->roles[i].unit_id == u->id)
			return x->r->intent == INTENT_QUERY;
	return false;
}

static void take_match(
	struct reader *x, const struct unit_word *w, const struct unit_match *m)
{
	const struct unit_ref *u = choose(m);

	if (u == NULL) {
		doubt(x, w, PROBLEM_ALIAS_MULTI);
		return;
	}
	if (x->context->sender_known && !u->own && !u->in_scope &&
		!may_ask_about(x, u)) {
		doubt(x, w, PROBLEM_UNIT_NOT_SENDER);
		return;
	}
	take(x, w, u->code);
}

static void take_code(struct reader *x, const struct unit_word *w)
{
	const struct unit_match *m = match_of(x, w->key);
	const struct unit_ref *own =
		m == NULL ? read_own_unit(x->context, w->key) : NULL;

	if (!x->context->has_registry)
		take(x, w, reader_upper(x, w->key));
	else if (own != NULL) /* a label that the scan did not ask about */
		take(x, w, own->code);
	else if (m != NULL && m->n > 0)
		take_match(x, w, m);
	else
		doubt(x, w,
			is_typo_of_own(x, w->key) ? PROBLEM_UNIT_TYPO
						  : PROBLEM_UNIT_UNKNOWN);
}

/* A name that is nobody's is only a word. */
static bool take_name(struct reader *x, const struct unit_word *w)
{
	const struct unit_match *m = match_of(x, w->key);
	const struct unit_ref *u;

	if (m == NULL || m->n == 0)
		return false;
	u = choose(m);
	if ((u == NULL || !u->own) && !in_place(x, w))
		return false;
	take_match(x, w, m);
	return true;
}

static void take_default(struct reader *x)
{
	const struct context *c = x->context;
	const struct unit_ref *only = NULL;
	size_t own = 0;

	for (size_t i = 0; i < c->units_n; i++)
		if (c->units[i].own) {
			only = &c->units[i];
			own++;
		}
	if (own == 1) {
		field_set_text(&x->r->fields, FIELD_UNIT, only->code);
		x->r->unit_index = own_index(x, only->code);
	} else if (c->has_registry && c->sender_known) {
		reader_problem(x, PROBLEM_MISSING_UNIT, STR(""));
	}
}

void read_unit(struct reader *x)
{
	const struct scan *s = x->scan;
	const struct unit_word *code = NULL;

	if (x->taken->rule->unit == RULES_UNIT_NONE)
		return;
	for (size_t i = 0; i < s->units_n; i++) {
		const struct unit_word *w = &s->units[i];

		if (!w->is_code)
			continue;
		if (code != NULL)
			reader_problem(x, PROBLEM_AMBIGUOUS,
				scan_raw(s, span_of(x, w)));
		else
			code = w;
	}
	if (code != NULL) {
		take_code(x, code);
		return;
	}
	for (size_t i = 0; i < s->units_n; i++)
		if (take_name(x, &s->units[i]))
			return;
	if (x->taken->rule->unit == RULES_UNIT_DEFAULT)
		take_default(x);
}
