/*
 * guide_ask - what is asked at this point of a conversation?
 *
 * A question is its prompt with the choices that there are: those of the
 * form, the caller's units, open items of a vote. Where the roll of the unit
 * is known it is told, and never put in for a figure. Pure; writer thread.
 */
#include "handlers/dialog.h"
#include "handlers/guide_parts.h"

#include <assert.h>

/* ---- choices ---- */

static size_t listed(const struct guide_walk *w, const struct menus_field *f,
	struct guide_choice *v)
{
	for (size_t i = 0; i < f->choices_n; i++)
		v[i] = (struct guide_choice){
			guide_fill(w, f->choices[i].value, NULL),
			guide_words(w, &f->choices[i].label, NULL)};
	return f->choices_n;
}

static size_t own_units(const struct guide_walk *w, struct guide_choice *v)
{
	const struct context *c = w->in->context;
	size_t n = 0;

	for (size_t i = 0; i < c->units_n; i++)
		if (c->units[i].own)
			v[n++] = (struct guide_choice){
				c->units[i].code, c->units[i].code};
	return n;
}

static size_t vote_items(const struct guide_walk *w, struct guide_choice *v)
{
	const struct context *c = w->in->context;
	struct arena *a = w->in->arena;

	for (size_t i = 0; i < c->vote_items_n; i++)
		v[i] = (struct guide_choice){
			arena_printf(a, "%d", c->vote_items[i]),
			arena_printf(a, "BQ%d", c->vote_items[i])};
	return c->vote_items_n;
}

static size_t selves(const struct guide_walk *w, struct guide_choice *v)
{
	const struct context *c = w->in->context;
	struct arena *a = w->in->arena;
	size_t n = 0;

	for (size_t i = 0; i < c->roles_n; i++) {
		const struct role_ref *r = &c->roles[i];

		if (r->member_no == 0 || r->role != ROLE_MEMBER)
			continue;
		v[n++] = (struct guide_choice){
			arena_printf(a, "%d", r->member_no),
			arena_printf(a, STR_FMT " DV %d", STR_ARG(r->unit_code),
				r->member_no)};
	}
	return n;
}

size_t guide_choices(const struct guide_walk *w, const struct menus_field *f,
	struct guide_choice **ret)
{
	const struct context *c = w->in->context;
	size_t room = f->choices_n + c->units_n + c->vote_items_n + c->roles_n;
	struct guide_choice *v =
		ARENA_ARRAY(w->in->arena, struct guide_choice, room);

	*ret = v;
	switch (f->type) {
	case MENUS_CHOICE:
		return listed(w, f, v);
	case MENUS_UNIT:
		return own_units(w, v);
	case MENUS_ITEM:
		return vote_items(w, v);
	case MENUS_SELF:
		return selves(w, v);
	default:
		return 0;
	}
}

/* ---- questions ---- */

static struct str keys_of(
	const struct guide_walk *w, const struct menus_field *f)
{
	if (w->s->resumed)
		return guide_resumed_keys(w);
	return guide_text(w,
		guide_takes_zero(f) ? MENUS_TEXT_BACK_TWICE : MENUS_TEXT_BACK,
		NULL);
}

/* As many as the unit's list has; 0: not known. */
static int roll_of(const struct guide_walk *w)
{
	const struct unit_ref *u = dialog_unit(w->in->context, guide_unit(w));

	return u != NULL ? u->roll : 0;
}

static struct str prompt_of(
	const struct guide_walk *w, const struct menus_field *f)
{
	struct arena *a = w->in->arena;
	struct str prompt = guide_words(w, &f->prompt, NULL);
	int roll = f->hint.node != NULL ? roll_of(w) : 0;

	if (roll > 0) {
		const struct guide_arg args[] = {
			{"roll", arena_printf(a, "%d", roll)}, {NULL, STR("")}};

		prompt = arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(prompt),
			STR_ARG(guide_words(w, &f->hint, args)));
	}
	return prompt;
}

static void ask_zero(const struct guide_walk *w, struct guide_question *ret)
{
	const struct menus_field *f = guide_next(w);
	const struct guide_arg args[] = {
		{"label", f != NULL ? f->label : STR("")}, {NULL, STR("")}};
	struct guide_choice *v =
		ARENA_ARRAY(w->in->arena, struct guide_choice, 2);

	v[0].label = guide_text(w, MENUS_TEXT_ZERO_VALUE, NULL);
	v[1].label = guide_text(w, MENUS_TEXT_ZERO_ANEW, NULL);
	ret->prompt = guide_text(w, MENUS_TEXT_ZERO, args);
	ret->choices = v;
	ret->n = 2;
}

static struct str sum_choice(const struct guide_walk *w, struct str field)
{
	const struct guide_arg args[] = {
		{"label", menus_field(w->form, field)->label}, {NULL, STR("")}};

	return guide_text(w, MENUS_TEXT_SUM_CHOICE, args);
}

static void ask_sum(const struct guide_walk *w, const struct menus_field *f,
	struct guide_question *ret)
{
	struct arena *a = w->in->arena;
	struct guide_choice *v =
		ARENA_ARRAY(a, struct guide_choice, f->beside.n + 2);
	const struct str *beside = f->beside.v;
	struct guide_sum sum;
	int64_t own = 0;
	size_t n = 0;

	if (str_to_i64(guide_value(w, f), &own) != 0)
		own = 0;
	sum = guide_sum_of(w, f, own);
	v[n++] = (struct guide_choice){f->within, sum_choice(w, f->within)};
	for (size_t i = 0; i < f->beside.n; i++)
		v[n++] = (struct guide_choice){
			beside[i], sum_choice(w, beside[i])};
	v[n++] = (struct guide_choice){f->name, sum_choice(w, f->name)};
	ret->prompt = guide_text(w, MENUS_TEXT_SUM,
		(const struct guide_arg[]){{"parts", sum.labels},
			{"sum", arena_printf(a, "%lld", (long long)sum.value)},
			{"total", sum.total}, {NULL, STR("")}});
	ret->choices = v;
	ret->n = n;
}

/* The pages of a form that shows; NULL behind the last one. */
const struct menus_page *guide_shown(const struct guide_walk *w, int page)
{
	for (size_t i = 0; i < w->form->pages_n; i++)
		if ((w->form->pages[i].roles >> w->role & 1) != 0 &&
			page-- == 0)
			return &w->form->pages[i];
	return NULL;
}

static void ask_page(const struct guide_walk *w, struct guide_question *ret)
{
	const struct menus_page *p = guide_shown(w, w->s->page);
	struct str more = guide_text(w, MENUS_TEXT_MORE, NULL);

	if (p == NULL)
		return;
	ret->prompt = guide_words(w, &p->text, NULL);
	if (guide_shown(w, w->s->page + 1) != NULL)
		ret->keys = arena_printf(w->in->arena, STR_FMT ", " STR_FMT,
			STR_ARG(more), STR_ARG(ret->keys));
}

static void ask_menu(const struct guide_walk *w, struct guide_question *ret)
{
	struct guide_choice *v = ARENA_ARRAY(
		w->in->arena, struct guide_choice, w->menu->items_n);
	size_t n = 0;

	for (size_t i = 0; i < w->menu->items_n; i++) {
		const struct menus_item *item = &w->menu->items[i];

		if (guide_is_open(w, item))
			v[n++] = (struct guide_choice){
				arena_printf(
					w->in->arena, "%d", (int)item->key),
				guide_words(w, &item->label, NULL)};
	}
	*ret = (struct guide_question){.reason = ret->reason,
		.prompt = guide_words(w, &w->menu->title, NULL),
		.choices = v,
		.n = n,
		.keys = guide_text(w, MENUS_TEXT_LEAVE, NULL)};
}

void guide_ask(const struct guide_walk *w, struct str reason,
	struct guide_question *ret)
{
	const struct menus_field *f;
	struct guide_choice *v;

	if (reason.n == 0 && w->s->resumed)
		reason = guide_text(w, MENUS_TEXT_RESUMED, NULL);
	*ret = (struct guide_question){.reason = reason,
		.keys = w->s->resumed ? guide_resumed_keys(w)
				      : guide_text(w, MENUS_TEXT_BACK, NULL)};
	if (w->form == NULL) {
		ask_menu(w, ret);
		return;
	}
	f = menus_field(w->form, w->s->at);
	if (w->form->does == MENUS_SHOWS) {
		ask_page(w, ret);
	} else if (str_is(w->s->at, GUIDE_AT_ZERO)) {
		ask_zero(w, ret);
	} else if (str_is(w->s->at, GUIDE_AT_SUM)) {
		ask_sum(w, guide_odd_sum(w), ret);
	} else {
		assert(f != NULL);
		ret->prompt = prompt_of(w, f);
		ret->n = guide_choices(w, f, &v);
		ret->choices = v;
		ret->keys = keys_of(w, f);
	}
}
