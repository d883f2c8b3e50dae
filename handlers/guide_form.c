/*
 * guide_form - how full is a form, and what does it say?
 *
 * The next question is the first field, in the order of the form, that is
 * asked of this caller and not answered. What can only be one thing (the unit
 * of whoever has one, the item of a vote that has one) is never asked. The
 * answers become an SMS by the form's `say`, which is read as if the sender
 * had typed it: nothing is stored by another way. Pure; writer thread.
 */
#include "handlers/dialog.h"
#include "handlers/guide_parts.h"

#include <assert.h>

bool guide_is_open(const struct guide_walk *w, const struct menus_item *i)
{
	const struct context *c = w->in->context;

	switch (i->when) {
	case MENUS_INVITED:
		return context_question(c, QUESTION_INVITE) != NULL;
	case MENUS_VOTING:
		return c->vote_items_n > 0;
	default:
		return true;
	}
}

static bool has_form(const struct guide_walk *w, struct str form)
{
	for (size_t i = 0; i < w->menu->items_n; i++)
		if (str_eq(w->menu->items[i].form, form))
			return guide_is_open(w, &w->menu->items[i]);
	return false;
}

/* Of a form that was another when they were given. */
static void drop_strange(struct guide_walk *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->s->n; i++)
		if (menus_field(w->form, w->s->v[i].field) != NULL)
			w->s->v[n++] = w->s->v[i];
	w->s->n = n;
}

struct guide_walk guide_walk_of(
	const struct guide_input *in, struct guide_state *s)
{
	const struct context *c = in->context;
	struct guide_walk w = {.in = in,
		.s = s,
		.role = c->has_registry ? dialog_role(c) : ROLE_SECRETARY,
		.language = menus_language(c->language),
		.today = c->today};

	if (c->has_registry && !c->sender_known)
		return w;
	w.menu = menus_menu(in->menus, w.role);
	if (s->form.n > 0 && has_form(&w, s->form))
		w.form = menus_form(in->menus, s->form);
	if (w.form != NULL)
		drop_strange(&w);
	return w;
}

static const struct guide_answer *answer_of(
	const struct guide_walk *w, struct str field)
{
	for (size_t i = 0; i < w->s->n; i++)
		if (str_eq(w->s->v[i].field, field))
			return &w->s->v[i];
	return NULL;
}

static struct str only_unit(const struct context *c)
{
	const struct unit_ref *u = dialog_only_unit(c);

	return u != NULL ? u->code : (struct str){NULL, 0};
}

/* Absent: several, or none. */
static struct str only_member(const struct guide_walk *w)
{
	const struct str any = {NULL, 0};
	int no = dialog_member(w->in->context, any);

	return no > 0 ? arena_printf(w->in->arena, "%d", no) : any;
}

static struct str only_value(
	const struct guide_walk *w, const struct menus_field *f)
{
	const struct context *c = w->in->context;

	if (f->type == MENUS_UNIT)
		return only_unit(c);
	if (f->type == MENUS_SELF && f->always)
		return only_member(w);
	if (f->type == MENUS_ITEM && c->vote_items_n == 1)
		return arena_printf(w->in->arena, "%d", c->vote_items[0]);
	return (struct str){NULL, 0};
}

struct str guide_value(const struct guide_walk *w, const struct menus_field *f)
{
	const struct guide_answer *a = answer_of(w, f->name);

	return a != NULL ? a->value : only_value(w, f);
}

/* Is it asked of this caller, after these answers? */
static bool applies(const struct guide_walk *w, const struct menus_field *f)
{
	const struct str *v = f->if_values.v, no_unit = {NULL, 0};
	const struct guide_answer *a;

	if (f->type == MENUS_SELF)
		return dialog_member(w->in->context, no_unit) == DIALOG_SEVERAL;
	if (only_value(w, f).n > 0)
		return false;
	if (f->if_field.n == 0)
		return true;
	a = answer_of(w, f->if_field);
	for (size_t i = 0; a != NULL && i < f->if_values.n; i++)
		if (str_eq(v[i], a->value))
			return true;
	return false;
}

const struct menus_field *guide_next(const struct guide_walk *w)
{
	for (size_t i = 0; i < w->form->fields_n; i++) {
		const struct menus_field *f = &w->form->fields[i];

		if (answer_of(w, f->name) == NULL && applies(w, f))
			return f;
	}
	return NULL;
}

void guide_drop(struct guide_walk *w, struct str field)
{
	size_t n = 0;

	for (size_t i = 0; i < w->s->n; i++)
		if (!str_eq(w->s->v[i].field, field))
			w->s->v[n++] = w->s->v[i];
	w->s->n = n;
}

void guide_put(
	struct guide_walk *w, const struct menus_field *f, struct str value)
{
	guide_drop(w, f->name);
	assert(w->s->n < GUIDE_ANSWERS_MAX);
	w->s->v[w->s->n++] = (struct guide_answer){f->name, value};
}

/* ---- sums ---- */

static int64_t figure(
	const struct guide_walk *w, struct str field, int64_t otherwise)
{
	const struct guide_answer *a = answer_of(w, field);
	int64_t i = 0;

	return a != NULL && str_to_i64(a->value, &i) == 0 ? i : otherwise;
}

static struct str joined(struct arena *a, struct str head, struct str label,
	const int64_t *value)
{
	const char *plus = head.n > 0 ? "+" : "";

	if (value == NULL)
		return arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(head),
			plus, STR_ARG(label));
	return arena_printf(a, STR_FMT "%s" STR_FMT "%lld", STR_ARG(head), plus,
		STR_ARG(label), (long long)*value);
}

static void add_part(
	struct guide_sum *sum, struct str label, int64_t value, struct arena *a)
{
	sum->value += value;
	sum->parts = joined(a, sum->parts, label, &value);
	sum->labels = joined(a, sum->labels, label, NULL);
}

struct guide_sum guide_sum_of(
	const struct guide_walk *w, const struct menus_field *f, int64_t own)
{
	const struct menus_field *all = menus_field(w->form, f->within);
	struct guide_sum sum = {.parts = STR(""), .labels = STR("")};
	const struct str *v = f->beside.v;
	struct arena *a = w->in->arena;

	for (size_t i = 0; i < f->beside.n; i++)
		add_part(&sum, menus_field(w->form, v[i])->label,
			figure(w, v[i], 0), a);
	add_part(&sum, f->label, own, a);
	sum.limit = figure(w, f->within, INT64_MAX);
	sum.total = joined(a, STR(""), all->label, &sum.limit);
	return sum;
}

static bool is_whole(const struct guide_walk *w, const struct menus_field *f)
{
	const struct str *v = f->beside.v;
	bool whole =
		figure(w, f->name, -1) >= 0 && figure(w, f->within, -1) >= 0;

	for (size_t i = 0; i < f->beside.n; i++)
		whole = whole && figure(w, v[i], -1) >= 0;
	return whole;
}

const struct menus_field *guide_odd_sum(const struct guide_walk *w)
{
	for (size_t i = 0; i < w->form->fields_n; i++) {
		const struct menus_field *f = &w->form->fields[i];
		struct guide_sum sum;

		if (!f->completes || f->within.n == 0 || !is_whole(w, f))
			continue;
		sum = guide_sum_of(w, f, figure(w, f->name, 0));
		if (sum.value != sum.limit)
			return f;
	}
	return NULL;
}

/* ---- the text ---- */

/* What the answer says in the text; empty: nothing. */
static struct str said(const struct guide_walk *w, const struct menus_field *f)
{
	struct str value = guide_value(w, f);

	if (f->none.n > 0 && str_eq(value, f->none))
		return STR("");
	for (size_t i = 0; i < f->choices_n; i++)
		if (f->choices[i].silent && str_eq(f->choices[i].value, value))
			return STR("");
	return value;
}

/* One word with its fields put in; false: it has some, and none says
 * anything. */
static bool put_word(
	const struct guide_walk *w, struct str word, struct buf *out)
{
	bool has_field = false, says = false;

	for (size_t i = 0; i < word.n; i++) {
		ptrdiff_t end =
			word.p[i] == '{' ? str_find_byte(word, '}', i) : -1;
		struct str value;

		if (end < 0) {
			buf_put(out, word.p[i] == '_' ? STR(" ")
						      : str_part(word, i, 1));
			continue;
		}
		value = said(
			w, menus_field(w->form,
				   str_part(word, i + 1, (size_t)end - i - 1)));
		has_field = true;
		says = says || value.n > 0;
		buf_put(out, value);
		i = (size_t)end;
	}
	return says || !has_field;
}

#define SAY_MAX 4000

struct str guide_say(const struct guide_walk *w)
{
	struct str rest = w->form->say, word, text;
	struct buf all, one;

	buf_init(&all, SAY_MAX);
	buf_init(&one, SAY_MAX);
	while (str_next(&rest, ' ', &word)) {
		buf_clear(&one);
		if (!put_word(w, word, &one))
			continue;
		if (all.n > 0)
			buf_putc(&all, ' ');
		buf_put(&all, buf_str(&one));
	}
	text = arena_str(w->in->arena, buf_str(&all));
	buf_release(&one);
	buf_release(&all);
	return text;
}
