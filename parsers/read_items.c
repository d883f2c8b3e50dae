/*
 * read_items - does one text report for several units, or members?
 *
 * "HOP MG07 5/11 47 35 10 2; MG08 4/11 20 18 2 0": the text is cut before each
 * unit code, each piece is read by itself behind whatever stood before the
 * first code (the keyword, perhaps the day), and the pieces become items. All
 * of them must be certain: one doubt makes the text doubtful. Codes with
 * nothing between them are one meeting of several units, which is asked.
 * Several members' changes are cut before each "DV 9". Rare, so the pieces
 * are simply scanned anew. Pure; writer thread.
 */
#include "parsers/read_parts.h"

#define ITEMS_MAX 8

struct cuts {
	size_t at[ITEMS_MAX + 1]; /* bytes of the folded text */
	struct str code[ITEMS_MAX];
	size_t n;
	bool adjacent; /* two codes and no figure between them */
	bool over;     /* more units than are read */
};

static bool is_code(const struct scan *s, size_t i)
{
	return s->lexed.v[i].kind == LEXEME_CODE;
}

static bool is_new(const struct cuts *c, struct str code)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->code[i], code))
			return false;
	return true;
}

static struct cuts find_cuts(const struct scan *s)
{
	struct cuts c = {.n = 0};
	bool figure = true;

	for (size_t i = 0; i < s->lexed.n; i++) {
		const struct lexeme *l = &s->lexed.v[i];
		struct str code = str_part(s->lexed.text, l->at, l->n);

		figure = figure || l->kind == LEXEME_NUMBER;
		if (!is_code(s, i) || !is_new(&c, code))
			continue;
		c.over = c.n == ITEMS_MAX;
		if (c.over)
			break;
		c.adjacent = c.adjacent || !figure;
		figure = false;
		c.code[c.n] = code;
		c.at[c.n++] = l->from;
	}
	c.adjacent = c.adjacent || !figure;
	c.at[c.n] = s->text.folded.n;
	return c;
}

static struct str piece(const struct reader *x, const struct cuts *c, size_t i)
{
	const struct normal *t = &x->scan->text;

	return arena_printf(x->arena, STR_FMT " " STR_FMT,
		STR_ARG(normal_raw(t, 0, c->at[0])),
		STR_ARG(normal_raw(t, c->at[i], c->at[i + 1] - c->at[i])));
}

/* A code that comes back, behind another's: its piece is two itself. */
static void flatten(struct reader *x, struct fields *item)
{
	if (!field_has(item, FIELD_ITEMS))
		return;
	field_drop(item, FIELD_ITEMS);
	reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
}

static void ask_joint(struct reader *x, const struct cuts *c)
{
	struct str *units = ARENA_ARRAY(x->arena, struct str, c->n);

	for (size_t i = 0; i < c->n; i++)
		units[i] = reader_upper(x, c->code[i]);
	field_set_texts(&x->r->fields, FIELD_UNITS, units, c->n);
	field_drop(&x->r->fields, FIELD_UNIT);
	x->r->problem = PROBLEM_JOINT_MEETING;
}

/* Where "…, DV 9 …" begins. */
static size_t find_members(const struct scan *s, size_t at[ITEMS_MAX + 1])
{
	const struct lexeme *v = s->lexed.v;
	const struct vocabulary *words = &s->rs->vocabulary;
	size_t n = 0;

	for (size_t i = 0; i + 1 < s->lexed.n && n < ITEMS_MAX; i++)
		if (symbols_has(&words->member_words, v[i].symbol) &&
			v[i + 1].kind == LEXEME_NUMBER &&
			(i == 0 || v[i - 1].kind == LEXEME_PUNCT))
			at[n++] = v[i].from;
	at[n] = s->text.folded.n;
	return n;
}

/* One member's change, or several members' same one, read by itself. */
static bool read_change(
	struct reader *x, size_t from, size_t to, struct fields *ret)
{
	struct str text = normal_raw(&x->scan->text, from, to - from);
	struct reading one;

	read_message(scan_text(x->scan->rs, text, x->arena), x->context,
		x->arena, &one);
	*ret = one.fields;
	return one.intent == INTENT_MEMBER_STATUS && one.whole &&
	       one.problem == PROBLEM_NONE &&
	       field_has(&one.fields, FIELD_STATUS) &&
	       (field_has(&one.fields, FIELD_MEMBER) ||
		       field_has(&one.fields, FIELD_MEMBERS));
}

static size_t members_in(const struct fields *f)
{
	return field_has(f, FIELD_MEMBERS) ? f->v[FIELD_MEMBERS].list.n
					   : (size_t)field_has(f, FIELD_MEMBER);
}

/*
 * "DV 12 VE; DV 9 DI BACNINH 3T": what is doubtful as one change may be
 * several, each of them certain.
 */
static void read_changes(struct reader *x)
{
	size_t at[ITEMS_MAX + 1];
	size_t n =
		x->r->problem != PROBLEM_NONE ? find_members(x->scan, at) : 0;
	struct fields *items;
	size_t members = 0;

	if (n < 2 || at[0] != x->scan->lexed.v[0].from)
		return;
	items = ARENA_ARRAY(x->arena, struct fields, n);
	for (size_t i = 0; i < n; i++) {
		if (!read_change(x, at[i], at[i + 1], &items[i]))
			return;
		members += members_in(&items[i]);
	}
	if (members != members_in(&x->r->fields)) /* one of them twice */
		return;
	x->r->problem = PROBLEM_NONE;
	field_drop(&x->r->fields, FIELD_STATUS);
	field_drop(&x->r->fields, FIELD_DEST);
	field_drop(&x->r->fields, FIELD_MONTHS);
	field_drop(&x->r->fields, FIELD_DATE);
	field_drop(&x->r->fields, FIELD_SINCE);
	field_set_items(&x->r->fields, FIELD_ITEMS, items, n);
}

void read_items(struct reader *x)
{
	struct cuts c = find_cuts(x->scan);
	struct fields *items;

	if (x->r->intent == INTENT_MEMBER_STATUS) {
		read_changes(x);
		return;
	}
	if (c.n < 2)
		return;
	if (c.over) {
		reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
		return;
	}
	if (c.adjacent || field_has(&x->r->fields, FIELD_JOINT)) {
		ask_joint(x, &c);
		return;
	}
	items = ARENA_ARRAY(x->arena, struct fields, c.n);
	x->r->problem = PROBLEM_NONE;
	for (size_t i = 0; i < c.n; i++) {
		struct reading one;

		read_message(scan_text(x->scan->rs, piece(x, &c, i), x->arena),
			x->context, x->arena, &one);
		items[i] = one.fields;
		reader_problem(x, one.problem, one.doubt);
		flatten(x, &items[i]);
		if (one.intent != x->r->intent)
			reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
	}
	x->r->fields = (struct fields){.has = {0}};
	field_set_items(&x->r->fields, FIELD_ITEMS, items, c.n);
}
