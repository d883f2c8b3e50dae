/*
 * guide_take - what was answered to a field, and does it do?
 *
 * One reader for each type of field. What is not certain is refused with its
 * reason and asked again, at once: a figure that cannot be, a day that is yet
 * to come, a number that the unit's list has not. `*` is what a telephone's
 * keys have for a blank or a slash. Pure; writer thread.
 */
#include "handlers/dialog.h"
#include "handlers/guide_parts.h"
#include "handlers/place.h"
#include "parsers/normalise.h"
#include "parsers/read_date.h"

#define DIGITS_MAX 6

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

int guide_digit(struct str key)
{
	return key.n == 1 && key.p[0] >= '1' && key.p[0] <= '9' ? key.p[0] - '0'
								: -1;
}

bool guide_takes_zero(const struct menus_field *f)
{
	return f->type == MENUS_COUNT || f->type == MENUS_MEMBERS;
}

static void refuse(const struct guide_walk *w, struct guide_taken *ret,
	enum menus_text id, const struct guide_arg *args)
{
	ret->reason = guide_text(w, id, args);
}

static void refuse_about(const struct guide_walk *w, struct guide_taken *ret,
	enum menus_text id, struct guide_arg about)
{
	const struct guide_arg args[] = {about, {NULL, STR("")}};

	refuse(w, ret, id, args);
}

static struct str number(const struct guide_walk *w, int64_t i)
{
	return arena_printf(w->in->arena, "%lld", (long long)i);
}

/* ---- figures ---- */

/* "ts 47" of somebody who types the label, too. */
static struct str behind_label(struct str key, struct str label)
{
	if (label.n > 0 && key.n > label.n &&
		str_ieq(str_part(key, 0, label.n), label))
		return str_trim(str_from(key, label.n));
	return key;
}

static void take_count(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct guide_taken *ret)
{
	int64_t max = f->max > 0 ? f->max : w->in->config->report.max_figure;
	struct str digits = behind_label(key, f->label);
	struct guide_sum sum;
	int64_t i;

	if (!all_digits(digits) || digits.n > DIGITS_MAX ||
		str_to_i64(digits, &i) != 0) {
		refuse(w, ret, MENUS_TEXT_NO_NUMBER, NULL);
		return;
	}
	ret->value = number(w, i);
	if (i < f->min)
		refuse_about(w, ret, MENUS_TEXT_TOO_SMALL,
			(struct guide_arg){"limit", number(w, f->min)});
	else if (i > max)
		refuse_about(w, ret, MENUS_TEXT_TOO_LARGE,
			(struct guide_arg){"limit", number(w, max)});
	if (ret->reason.n > 0 || f->within.n == 0 || f->completes)
		return;
	sum = guide_sum_of(w, f, i);
	if (sum.value > sum.limit)
		refuse(w, ret, MENUS_TEXT_OVER,
			(const struct guide_arg[]){{"parts", sum.parts},
				{"limit", sum.total}, {NULL, STR("")}});
}

/* ---- days ---- */

/* The next run of digits; 0: there is none, or it is too long. */
static int next_number(struct str *rest, struct str *ret_digits)
{
	size_t at = 0, n = 0;
	int64_t i = 0;

	while (at < rest->n && !is_digit(rest->p[at]))
		at++;
	while (at + n < rest->n && is_digit(rest->p[at + n]))
		n++;
	*ret_digits = str_part(*rest, at, n);
	*rest = str_from(*rest, at + n);
	if (n > DIGITS_MAX || str_to_i64(*ret_digits, &i) != 0)
		return 0;
	return (int)i;
}

static bool only_of(struct str key, const char *marks)
{
	for (size_t i = 0; i < key.n; i++)
		if (!is_digit(key.p[i]) && strchr(marks, key.p[i]) == NULL)
			return false;
	return true;
}

/* "5/11", "5*11", "5 11 2026", "0511". */
static bool date_parts_of(struct str key, struct date_parts *p)
{
	struct str digits, rest = key;
	int day, month, year;

	*p = (struct date_parts){.ago = -1};
	if (!only_of(key, "/*.,- "))
		return false;
	day = next_number(&rest, &digits);
	month = next_number(&rest, &digits);
	year = next_number(&rest, &digits);
	if (month == 0) {
		if (!all_digits(key) || (key.n != 4 && key.n != 6))
			return false;
		date_put_compact(p, key);
		return true;
	}
	if (day == 0 || next_number(&rest, &digits) != 0)
		return false;
	date_put(p, &p->day, day);
	date_put(p, &p->month, month);
	if (year != 0)
		date_put(p, &p->year, year < 100 ? 2000 + year : year);
	return true;
}

/* Why it cannot be that of a report; MENUS_TEXTS_N: it can. */
static enum menus_text day_fault(
	const struct guide_walk *w, day_t day, enum problem p)
{
	day_t today = w->in->context->today;

	if (p == PROBLEM_FUTURE_DATE)
		return MENUS_TEXT_FUTURE_DAY;
	if (p == PROBLEM_OLD_DATE)
		return MENUS_TEXT_OLD_DAY;
	if (p != PROBLEM_NONE || day == DAY_NONE)
		return MENUS_TEXT_NO_DAY;
	if (day > today)
		return MENUS_TEXT_FUTURE_DAY;
	return day < today - w->in->config->report.look_back_days
		       ? MENUS_TEXT_OLD_DAY
		       : MENUS_TEXTS_N;
}

static void take_day(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	int64_t back = w->in->config->report.look_back_days;
	enum problem problem = PROBLEM_NONE;
	enum menus_text fault;
	struct date_parts p;
	day_t day = DAY_NONE;

	if (date_parts_of(key, &p))
		day = date_resolve(&p, w->in->context->today, false, &problem);
	fault = day_fault(w, day, problem);
	if (fault == MENUS_TEXTS_N)
		ret->value = arena_str(w->in->arena, str_of(day_short(day).z));
	else
		refuse_about(w, ret, fault,
			(struct guide_arg){"limit", number(w, back)});
}

/* ---- members ---- */

static bool has_number(const struct guide_numbers *l, int no)
{
	return (l->has[no / 64] >> (no % 64) & 1) != 0;
}

static void add_number(struct guide_numbers *l, int no)
{
	l->n += !has_number(l, no);
	l->has[no / 64] |= UINT64_C(1) << (no % 64);
}

int guide_numbers(struct str key, struct guide_numbers *ret)
{
	struct str rest = key, digits;
	bool to = false;
	int last = 0;

	*ret = (struct guide_numbers){.n = 0};
	if (!only_of(key, "/*.,;- "))
		return -1;
	while (rest.n > 0) {
		struct str before = rest;
		int no = next_number(&rest, &digits);

		if (digits.n == 0)
			break;
		before.n = (size_t)(digits.p - before.p);
		to = str_find_byte(before, '-', 0) >= 0;
		if (no < 1 || no > GUIDE_ROLL_MAX || (to && no <= last))
			return -1;
		for (int i = to ? last : no; i <= no; i++)
			add_number(ret, i);
		last = to ? 0 : no;
	}
	return ret->n > 0 ? 0 : -1;
}

/* Has the unit's list that number? Without the list: it may. */
static bool is_listed(const struct guide_walk *w, int no)
{
	const struct context *c = w->in->context;

	return c->members_n == 0 || context_member(c, no) != NULL;
}

/* The first number of both, or that the list has not; 0: none. */
static int first_bad(const struct guide_walk *w, const struct guide_numbers *l,
	const struct guide_numbers *other)
{
	for (int no = 1; no <= GUIDE_ROLL_MAX; no++)
		if (has_number(l, no) && (other != NULL ? has_number(other, no)
							: !is_listed(w, no)))
			return no;
	return 0;
}

static void check_apart(const struct guide_walk *w, const struct menus_field *f,
	const struct guide_numbers *l, struct guide_taken *ret)
{
	const struct str *v = f->apart.v;
	struct guide_numbers other;

	for (size_t i = 0; i < f->apart.n && ret->reason.n == 0; i++) {
		struct str value = guide_value(w, menus_field(w->form, v[i]));
		int no = guide_numbers(value, &other) == 0
				 ? first_bad(w, l, &other)
				 : 0;

		if (no != 0)
			refuse_about(w, ret, MENUS_TEXT_TWICE,
				(struct guide_arg){"number", number(w, no)});
	}
}

/* The numbers as they are read again: "3 12 15-18". */
static struct str spaced(const struct guide_walk *w, struct str key)
{
	char *p = arena_z(w->in->arena, key);

	for (size_t i = 0; i < key.n; i++)
		if (!is_digit(p[i]) && p[i] != '-')
			p[i] = ' ';
	return (struct str){p, key.n};
}

static void take_none(const struct guide_walk *w, const struct menus_field *f,
	struct guide_taken *ret)
{
	const struct menus_field *other = menus_field(w->form, f->some);

	ret->value = STR("0");
	if (other != NULL && str_is(guide_value(w, other), "0"))
		refuse(w, ret, MENUS_TEXT_NOBODY, NULL);
}

static void take_members(const struct guide_walk *w,
	const struct menus_field *f, struct str key, struct guide_taken *ret)
{
	struct guide_numbers l;
	int no;

	if (str_is(key, "0")) {
		take_none(w, f, ret);
		return;
	}
	if (guide_numbers(key, &l) != 0) {
		refuse(w, ret, MENUS_TEXT_NO_LIST, NULL);
		return;
	}
	no = first_bad(w, &l, NULL);
	ret->value = spaced(w, key);
	if (no != 0)
		refuse_about(w, ret, MENUS_TEXT_NO_MEMBER,
			(struct guide_arg){"number", number(w, no)});
	else
		check_apart(w, f, &l, ret);
}

static void take_member(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	struct str digits = behind_label(key, STR("dv"));
	struct guide_numbers l;
	int no;

	if (!all_digits(digits) || guide_numbers(digits, &l) != 0) {
		refuse(w, ret, MENUS_TEXT_NO_NUMBER, NULL);
		return;
	}
	no = first_bad(w, &l, NULL);
	if (no != 0)
		refuse_about(w, ret, MENUS_TEXT_NO_MEMBER,
			(struct guide_arg){"number", number(w, no)});
	ret->value = digits;
}

/* ---- units, places, words ---- */

static const struct unit_ref *unit_of(const struct context *c, struct str key)
{
	for (size_t i = 0; i < c->units_n; i++)
		if (str_ieq(c->units[i].code, key))
			return &c->units[i];
	for (size_t i = 0; i < c->matches_n; i++)
		for (size_t k = 0; k < c->matches[i].n; k++) {
			const struct unit_ref *u = &c->matches[i].units[k];

			if (str_ieq(u->code, key))
				return u;
		}
	return NULL;
}

/* Only what is theirs to speak for: of others not even that they are. */
static void take_unit(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	const struct unit_ref *u = unit_of(w->in->context, key);

	if (u == NULL || !u->in_scope)
		refuse(w, ret, MENUS_TEXT_NO_UNIT, NULL);
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
		refuse(w, ret, MENUS_TEXT_NO_PLACE, NULL);
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
		refuse(w, ret, MENUS_TEXT_NO_TEXT, NULL);
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
		take_day(w, key, ret);
		break;
	case MENUS_COUNT:
		take_count(w, f, key, ret);
		break;
	case MENUS_MEMBER:
		take_member(w, key, ret);
		break;
	case MENUS_MEMBERS:
		take_members(w, f, key, ret);
		break;
	case MENUS_PLACE:
		take_place(w, input, ret);
		break;
	case MENUS_WORDS:
		take_words(w, input, key, ret);
		break;
	default:
		refuse(w, ret, MENUS_TEXT_NO_CHOICE, NULL);
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

/* A number of the page that was shown, or the words of a choice. */
static bool take_choice(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	struct guide_question q;
	size_t at, n, i;
	int digit = guide_digit(key);

	guide_ask(w, STR(""), &q);
	n = guide_page(w, &q, w->s->page, &at);
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
