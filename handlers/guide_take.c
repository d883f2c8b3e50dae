/*
 * guide_take - what was answered to a field, and does it do?
 *
 * One reader for each type of field; figures, days and numbers of the list
 * are guide_figures.c's. A choice is taken by its number or by its words, if
 * only one begins so. What is not certain is refused with its reason, and
 * asked again at once. Pure; writer thread.
 */
#include "handlers/dialog.h"
#include "handlers/guide_parts.h"
#include "handlers/place.h"
#include "parsers/normalise.h"

int guide_digit(struct str key)
{
	return key.n == 1 && key.p[0] >= '1' && key.p[0] <= '9' ? key.p[0] - '0'
								: -1;
}

bool guide_takes_zero(const struct menus_field *f)
{
	return f->type == MENUS_COUNT || f->type == MENUS_MEMBERS;
}

void guide_refuse(const struct guide_walk *w, struct guide_taken *ret,
	enum menus_text id, const struct guide_arg *args)
{
	ret->reason = guide_text(w, id, args);
}

/* ---- units, places, words ---- */

/* A name or an old code does, where it is one unit's of theirs alone. */
static const struct unit_ref *named(const struct unit_match *m, struct str key)
{
	const struct unit_ref *own = NULL;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (str_ieq(m->units[i].code, key))
			return &m->units[i];
		if (!m->units[i].in_scope)
			continue;
		own = &m->units[i];
		n++;
	}
	return n == 1 && str_ieq(m->key, key) ? own : NULL;
}

static const struct unit_ref *unit_of(const struct context *c, struct str key)
{
	const struct unit_ref *u = NULL;

	for (size_t i = 0; i < c->units_n; i++)
		if (str_ieq(c->units[i].code, key))
			return &c->units[i];
	for (size_t i = 0; i < c->matches_n && u == NULL; i++)
		u = named(&c->matches[i], key);
	return u;
}

/* Only what is theirs to speak for: of others not even that they are. */
static void take_unit(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	const struct unit_ref *u = unit_of(w->in->context, key);

	if (u == NULL || !u->in_scope)
		guide_refuse(w, ret, MENUS_TEXT_NO_UNIT, NULL);
	else
		ret->value = u->code;
}

static void take_place(
	const struct guide_walk *w, struct str input, struct guide_taken *ret)
{
	struct place place;

	if (place_read(input, &place))
		ret->value = place.name;
	else
		guide_refuse(w, ret, MENUS_TEXT_NO_PLACE, NULL);
}

#define WORDS_MIN 3

static bool has_letter(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if ((key.p[i] >= 'a' && key.p[i] <= 'z') ||
			key.p[i] == NORMAL_FOREIGN)
			return true;
	return false;
}

static void take_words(const struct guide_walk *w, struct str input,
	struct str key, struct guide_taken *ret)
{
	char *p;

	if (key.n < WORDS_MIN || !has_letter(key) || !str_is_utf8(input)) {
		guide_refuse(w, ret, MENUS_TEXT_NO_TEXT, NULL);
		return;
	}
	p = arena_z(w->in->arena, input);
	for (size_t i = 0; i < input.n; i++)
		if ((unsigned char)p[i] < ' ')
			p[i] = ' ';
	ret->value = (struct str){p, input.n};
}

/* ---- any field ---- */

static void take_typed(const struct guide_walk *w, struct str input,
	struct str key, struct guide_taken *ret)
{
	const struct menus_field *f = ret->field;

	switch (f->type) {
	case MENUS_UNIT:
		take_unit(w, key, ret);
		break;
	case MENUS_DAY:
		guide_take_day(w, key, ret);
		break;
	case MENUS_COUNT:
		guide_take_count(w, f, key, ret);
		break;
	case MENUS_MEMBER:
		guide_take_member(w, key, ret);
		break;
	case MENUS_MEMBERS:
		guide_take_members(w, f, key, ret);
		break;
	case MENUS_PLACE:
		take_place(w, input, ret);
		break;
	case MENUS_WORDS:
		take_words(w, input, key, ret);
		break;
	default:
		guide_refuse(w, ret, MENUS_TEXT_NO_CHOICE, NULL);
	}
}

/* Do the words begin the label? Twice as much when they are all of it. */
static int likeness(struct str label, struct str key)
{
	if (key.n < 2 || key.n > label.n ||
		!str_ieq(str_part(label, 0, key.n), key))
		return 0;
	if (key.n == label.n)
		return 2;
	return label.p[key.n] == ' ';
}

/* The only one that the words can mean; `n`: none, or several can. */
static size_t by_words(const struct guide_choice *v, size_t n, struct str key)
{
	size_t found = n;
	int best = 0;

	for (size_t i = 0; i < n; i++) {
		int like = likeness(v[i].label, key);

		if (like > best)
			found = i;
		else if (like > 0 && like == best)
			found = n;
		best = like > best ? like : best;
	}
	return found;
}

/* A number of the page that was shown, or the words of a choice. Midnight may
 * lie between the screen and its answer: its choices are those of its day. */
static bool take_choice(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	struct guide_walk then = *w;
	struct guide_question q;
	size_t at, n, i;
	int digit = guide_digit(key);

	if (w->in->shown_on != 0)
		then.today = w->in->shown_on;
	guide_ask(&then, STR(""), &q);
	n = guide_page(&then, &q, w->s->page, &at);
	i = digit > 0 ? (size_t)digit - 1 : by_words(&q.choices[at], n, key);
	if (i >= n)
		return false;
	ret->value = q.choices[at + i].value;
	return true;
}

void guide_take(const struct guide_walk *w, const struct menus_field *f,
	struct str input, struct str key, struct guide_taken *ret)
{
	*ret = (struct guide_taken){
		.value = STR(""), .reason = STR(""), .field = f};
	if (take_choice(w, key, ret))
		return;
	/* One digit can only have been meant as a choice. */
	if (f->instead.n > 0 && key.n > 1)
		ret->field = menus_field(w->form, f->instead);
	take_typed(w, input, key, ret);
}
