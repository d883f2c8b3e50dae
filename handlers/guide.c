/*
 * guide - where does a led conversation go from here?
 *
 * Begin, go on, answer, show: each moves a state and says what is shown. The
 * state holds what was answered and what was asked last, so any step can be
 * the first of a program that was just started. What a key means (0, 00, 000,
 * 9) is decided here; what an answer means, in guide_take. Pure; writer
 * thread, inside the step's transaction.
 *
 *   menu -> field -> … -> full     each answer that does
 *   field -> the one before, menu  00, or 0 where it is no value
 *   anywhere -> said, over         000
 *   full -> which figure? -> field the figures do not add up
 */
#include "handlers/guide.h"

#include "handlers/guide_parts.h"
#include "handlers/render.h"
#include "parsers/normalise.h"

#include <assert.h>

static void forget(struct guide_state *s)
{
	*s = (struct guide_state){.form = STR(""), .at = STR("")};
}

/* ---- ends of a step ---- */

static struct str on_one_screen(const struct guide_walk *w, struct str screen)
{
	/* All that check() has rendered fits; a longer roll or code may not. */
	return guide_is_short(w, screen) ? screen
					 : guide_cut(screen, w->in->arena);
}

static void ask(
	const struct guide_walk *w, struct str reason, struct guide_step *ret)
{
	struct guide_question q;

	guide_ask(w, reason, &q);
	*ret = (struct guide_step){.next = GUIDE_ASKS,
		.screen = on_one_screen(w, guide_render(w, &q, w->s->page))};
}

static void ask_again(
	struct guide_walk *w, enum menus_text why, struct guide_step *ret)
{
	w->s->misses++;
	ask(w, guide_text(w, why, NULL), ret);
}

static void say_last(
	struct guide_walk *w, enum menus_text id, struct guide_step *ret)
{
	*ret = (struct guide_step){
		.next = GUIDE_SAYS, .screen = guide_text(w, id, NULL)};
	forget(w->s);
}

/* Nobody that we know learns more than by SMS. */
static void turn_away(const struct guide_walk *w, struct guide_step *ret)
{
	const struct reply r = {.key = "sender_unknown"};

	*ret = (struct guide_step){.next = GUIDE_SAYS,
		.screen = render_reply(w->in->replies, &r,
			w->in->context->language, w->in->arena)};
	forget(w->s);
}

static void ask_menu(struct guide_walk *w, struct guide_step *ret)
{
	forget(w->s);
	w->form = NULL;
	ask(w, STR(""), ret);
}

/* The language is the text's own from here on. */
static void speak(struct guide_walk *w, struct guide_step *ret)
{
	struct str language = w->s->v[0].value;

	w->language = menus_language(language);
	say_last(w, MENUS_TEXT_SPOKEN, ret);
	ret->next = GUIDE_SPEAKS;
	ret->language = language;
}

/* ---- through a form ---- */

/* What is asked next becomes s->at; false: the form is full. */
static bool move_on(struct guide_walk *w)
{
	const struct menus_field *f = guide_next(w);

	w->s->page = 0;
	if (f != NULL)
		w->s->at = f->name;
	else if (guide_odd_sum(w) != NULL)
		w->s->at = STR(GUIDE_AT_SUM);
	else
		w->s->at = STR("");
	return w->s->at.n == 0;
}

static void go_on(struct guide_walk *w, struct guide_step *ret)
{
	w->s->misses = 0;
	if (w->form->does == MENUS_SHOWS) {
		w->s->page = 0;
		ask(w, STR(""), ret);
		if (guide_shown(w, 1) == NULL)
			ret->next = GUIDE_SAYS;
	} else if (!move_on(w)) {
		ask(w, STR(""), ret);
	} else if (w->form->does == MENUS_SPEAKS) {
		speak(w, ret);
	} else {
		*ret = (struct guide_step){
			.next = GUIDE_IS_FULL, .said = guide_say(w)};
	}
}

/* The answer given last is taken back, and asked for again. */
static void go_back(struct guide_walk *w, struct guide_step *ret)
{
	struct guide_state *s = w->s;

	s->misses = 0;
	if (s->n == 0) {
		ask_menu(w, ret);
		return;
	}
	guide_drop(w, s->v[s->n - 1].field);
	go_on(w, ret);
}

/* Was this asked, as the form is now? A state may be older than it. */
static bool stands(const struct guide_walk *w)
{
	const struct menus_field *f = menus_field(w->form, w->s->at);

	if (w->form->does == MENUS_SHOWS)
		return guide_shown(w, w->s->page) != NULL;
	if (str_is(w->s->at, GUIDE_AT_SUM))
		return guide_odd_sum(w) != NULL;
	if (str_is(w->s->at, GUIDE_AT_ZERO))
		return guide_next(w) != NULL;
	return f != NULL && f == guide_next(w);
}

static void answer_zero(
	struct guide_walk *w, struct str key, struct guide_step *ret)
{
	const struct menus_field *f = guide_next(w);
	struct guide_taken t;

	if (guide_digit(key) == 2) {
		ask_menu(w, ret);
	} else if (str_is(key, "0")) {
		go_on(w, ret);
	} else if (guide_digit(key) != 1) {
		ask_again(w, MENUS_TEXT_NO_CHOICE, ret);
	} else {
		w->s->at = f->name;
		guide_take(w, f, STR("0"), STR("0"), &t);
		if (t.reason.n == 0)
			guide_put(w, f, t.value);
		go_on(w, ret);
	}
}

static void take(struct guide_walk *w, struct str input, struct str key,
	struct guide_step *ret)
{
	const struct menus_field *f = menus_field(w->form, w->s->at);
	struct guide_taken t;

	guide_take(w, f, input, key, &t);
	if (input.n > GUIDE_INPUT_MAX)
		t.reason = guide_text(w, MENUS_TEXT_TOO_LONG, NULL);
	if (t.reason.n > 0) {
		w->s->misses++;
		ask(w, t.reason, ret);
		return;
	}
	if (t.field != f)
		guide_put(w, f, *(const struct str *)t.field->if_values.v);
	guide_put(w, t.field, t.value);
	go_on(w, ret);
}

/* "cm 38" to which figure is wrong; false: it is something else. */
static bool correct(struct guide_walk *w, const struct guide_question *q,
	struct str key, struct guide_step *ret)
{
	const struct guide_state was = *w->s;
	struct str one[GUIDE_ANSWERS_MAX];

	for (size_t i = 0; i < q->n; i++) {
		struct str name = q->choices[i].value;

		guide_drop(w, name);
		if (guide_labelled(w, menus_field(w->form, name), key, one) ==
			1) {
			w->s->at = name;
			take(w, one[0], one[0], ret);
			return true;
		}
		*w->s = was;
	}
	return false;
}

static void answer_sum(
	struct guide_walk *w, struct str key, struct guide_step *ret)
{
	struct guide_question q;
	int digit = guide_digit(key);

	if (str_is(key, "0")) {
		go_back(w, ret);
		return;
	}
	guide_ask(w, STR(""), &q);
	if (digit >= 1 && (size_t)digit <= q.n) {
		guide_drop(w, q.choices[digit - 1].value);
		go_on(w, ret);
	} else if (!correct(w, &q, key, ret)) {
		ask_again(w, MENUS_TEXT_NO_CHOICE, ret);
	}
}

/* 9 and 0 turn pages where there are some; false: they do not. */
static bool turn_page(
	struct guide_walk *w, struct str key, struct guide_step *ret)
{
	struct guide_question q;
	size_t at;
	int to = w->s->page + (str_is(key, "9") ? 1 : -1);

	if ((!str_is(key, "9") && !str_is(key, "0")) || to < 0)
		return false;
	guide_ask(w, STR(""), &q);
	if (w->form->does == MENUS_SHOWS ? guide_shown(w, to) == NULL
					 : guide_page(w, &q, to, &at) == 0)
		return false;
	w->s->page = to;
	w->s->misses = 0;
	ask(w, STR(""), ret);
	return true;
}

static void answer_page(
	struct guide_walk *w, struct str key, struct guide_step *ret)
{
	if (turn_page(w, key, ret))
		return;
	if (str_is(key, "0"))
		ask_menu(w, ret);
	else
		ask_again(w, MENUS_TEXT_NO_CHOICE, ret);
}

/* "cm35 vp10 vk2" answers three fields, up to one that it does not fit. */
static void take_all(struct guide_walk *w, struct str input, struct str key,
	struct guide_step *ret)
{
	const struct menus_field *f = menus_field(w->form, w->s->at);
	struct str one[GUIDE_ANSWERS_MAX];
	size_t n = guide_labelled(w, f, key, one);

	if (n == 0)
		take(w, input, key, ret);
	for (size_t i = 0; i < n && (i == 0 || w->s->misses == 0); i++)
		take(w, one[i], one[i], ret);
}

static void answer_field(struct guide_walk *w, struct str input, struct str key,
	struct guide_step *ret)
{
	const struct menus_field *f = menus_field(w->form, w->s->at);
	bool zero = str_is(key, "0");

	if (!guide_takes_zero(f) && turn_page(w, key, ret)) {
		return;
	} else if (zero && !guide_takes_zero(f)) {
		go_back(w, ret);
	} else {
		take_all(w, input, key, ret);
	}
}

/* 0 to a form that goes on: from the start, unless it may be a figure. */
static void start_anew(struct guide_walk *w, struct guide_step *ret)
{
	const struct menus_field *f = menus_field(w->form, w->s->at);

	if (f == NULL || !guide_takes_zero(f) || f->min > 0) {
		ask_menu(w, ret);
		return;
	}
	w->s->at = STR(GUIDE_AT_ZERO);
	ask(w, STR(""), ret);
}

static void answer_form(struct guide_walk *w, struct str input, struct str key,
	struct guide_step *ret)
{
	bool resumed = w->s->resumed;

	w->s->resumed = false;
	if (str_is(key, "000") || str_is(key, "huy"))
		say_last(w, MENUS_TEXT_DROPPED, ret);
	else if (!stands(w))
		go_on(w, ret);
	else if (str_is(key, "00") || str_is(key, "lui"))
		go_back(w, ret);
	else if (resumed && str_is(key, "0"))
		start_anew(w, ret);
	else if (w->form->does == MENUS_SHOWS)
		answer_page(w, key, ret);
	else if (str_is(w->s->at, GUIDE_AT_ZERO))
		answer_zero(w, key, ret);
	else if (str_is(w->s->at, GUIDE_AT_SUM))
		answer_sum(w, key, ret);
	else
		answer_field(w, input, key, ret);
}

/* ---- at the menu ---- */

static const struct menus_item *item_of(
	const struct guide_walk *w, struct str key)
{
	for (size_t i = 0; i < w->menu->items_n; i++)
		if (w->menu->items[i].key == guide_digit(key))
			return &w->menu->items[i];
	return NULL;
}

static bool is_leaving(struct str key)
{
	return str_is(key, "0") || str_is(key, "00") || str_is(key, "000") ||
	       str_is(key, "huy") || str_is(key, "lui");
}

static void answer_menu(
	struct guide_walk *w, struct str key, struct guide_step *ret)
{
	const struct menus_item *item = item_of(w, key);

	if (is_leaving(key)) {
		say_last(w, MENUS_TEXT_BYE, ret);
	} else if (item == NULL) {
		ask_again(w, MENUS_TEXT_NO_CHOICE, ret);
	} else if (!guide_is_open(w, item)) {
		w->s->misses++;
		ask(w, guide_words(w, &item->absent, NULL), ret);
	} else {
		w->s->form = item->form;
		w->form = menus_form(w->in->menus, item->form);
		go_on(w, ret);
	}
}

/* What it was begun for is closed by now, or not theirs any more. */
static void leave_form(struct guide_walk *w, struct guide_step *ret)
{
	ask_menu(w, ret);
	w->s->misses = 1;
}

/* ---- public ---- */

/* As it is compared: folded, without what a telephone adds at the end. */
static struct str key_of(struct str input, struct arena *a)
{
	struct normal t;
	struct str key;

	normalise(input, a, &t);
	key = str_trim(t.folded);
	while (key.n > 0 &&
		(key.p[key.n - 1] == '#' || key.p[key.n - 1] == '.'))
		key = str_trim(str_part(key, 0, key.n - 1));
	return key;
}

void guide_begin(const struct guide_input *in, struct guide_state *s,
	struct guide_step *ret)
{
	struct guide_walk w;

	forget(s);
	w = guide_walk_of(in, s);
	if (w.menu == NULL)
		turn_away(&w, ret);
	else
		ask_menu(&w, ret);
}

void guide_resume(const struct guide_input *in, struct guide_state *s,
	struct guide_step *ret)
{
	struct guide_walk w = guide_walk_of(in, s);

	if (w.menu == NULL || w.form == NULL) {
		guide_begin(in, s, ret);
		return;
	}
	s->misses = 0;
	s->resumed = w.form->does != MENUS_SHOWS && s->n > 0;
	go_on(&w, ret);
}

void guide_show(const struct guide_input *in, const struct guide_state *s,
	struct guide_step *ret)
{
	struct guide_state same = *s;
	struct guide_walk w = guide_walk_of(in, &same);

	if (w.menu == NULL)
		turn_away(&w, ret);
	else if (w.form == NULL)
		ask_menu(&w, ret);
	else if (!stands(&w))
		go_on(&w, ret);
	else
		ask(&w, STR(""), ret);
}

void guide_answer(const struct guide_input *in, struct str input,
	struct guide_state *s, struct guide_step *ret)
{
	struct guide_walk w = guide_walk_of(in, s);
	struct str text = str_trim(input), key;

	if (w.menu == NULL) {
		turn_away(&w, ret);
		return;
	}
	/* Too long to be a key, and for a text to be kept. */
	key = text.n <= GUIDE_INPUT_MAX ? key_of(text, in->arena) : STR("");
	if (w.form != NULL)
		answer_form(&w, arena_str(in->arena, text), key, ret);
	else if (s->form.n > 0)
		leave_form(&w, ret);
	else
		answer_menu(&w, key, ret);
}

struct str guide_partial(
	const struct guide_input *in, const struct guide_state *s)
{
	struct guide_state same = *s;
	struct guide_walk w = guide_walk_of(in, &same);
	const struct menus_field *half;

	if (w.menu == NULL || w.form == NULL || w.form->does != MENUS_SAYS ||
		s->n == 0)
		return STR("");
	half = menus_field(w.form, w.form->half);
	if (half != NULL && guide_value(&w, half).n == 0)
		return STR("");
	return guide_say(&w);
}

bool guide_is_call(const struct menus *m, struct str folded)
{
	const struct str *v = m->call.v;
	struct str key = str_trim(folded);

	for (size_t i = 0; i < m->call.n; i++)
		if (str_eq(v[i], key))
			return true;
	return false;
}
