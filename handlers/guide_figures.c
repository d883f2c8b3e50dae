/*
 * guide_figures - figures, days and numbers of a list, as keys give them.
 *
 * Refused with its reason where it stands: a figure that cannot be, beside
 * those that were given before; a day that is yet to come, or so long ago that
 * no report is taken; a number that the unit's list has not, or that was given
 * already. `*` is what a telephone's keys have for a blank or a slash. Pure;
 * writer thread.
 */
#include "handlers/guide_parts.h"
#include "parsers/read_date.h"

#define DIGITS_MAX 6

/* Roll numbers as a set. */
struct numbers {
	uint64_t has[GUIDE_ROLL_MAX / 64 + 1];
	size_t n;
};

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

static void refuse_about(const struct guide_walk *w, struct guide_taken *ret,
	enum menus_text id, struct guide_arg about)
{
	const struct guide_arg args[] = {about, {NULL, STR("")}};

	guide_refuse(w, ret, id, args);
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

void guide_take_count(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct guide_taken *ret)
{
	int64_t max = f->max > 0 ? f->max : w->in->config->report.max_figure;
	struct str digits = behind_label(key, f->label);
	struct guide_sum sum;
	int64_t i;

	if (!all_digits(digits) || digits.n > DIGITS_MAX ||
		str_to_i64(digits, &i) != 0) {
		guide_refuse(w, ret, MENUS_TEXT_NO_NUMBER, NULL);
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
		guide_refuse(w, ret, MENUS_TEXT_OVER,
			(const struct guide_arg[]){{"parts", sum.parts},
				{"limit", sum.total}, {NULL, STR("")}});
}

/* "cm 35", and what is behind it; empty: no label, or no figure. */
static struct str next_labelled(struct str *rest)
{
	struct str s = *rest, one;
	size_t n = 0, at;

	while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
		n++;
	while (n > 0 && n < s.n && s.p[n] == ' ')
		n++;
	for (at = n; n < s.n && is_digit(s.p[n]);)
		n++;
	one = at > 0 && n > at ? str_part(s, 0, n) : STR("");
	while (n < s.n && strchr(" ,;", s.p[n]) != NULL)
		n++;
	*rest = str_from(s, n);
	return one;
}

size_t guide_labelled(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct str ret[GUIDE_ANSWERS_MAX])
{
	const struct menus_field *end = w->form->fields + w->form->fields_n;
	size_t n = 0;

	for (; key.n > 0; f++) {
		struct str one = next_labelled(&key);

		if (n == GUIDE_ANSWERS_MAX || f == end || one.n == 0 ||
			f->type != MENUS_COUNT || guide_value(w, f).n > 0 ||
			!all_digits(behind_label(one, f->label)))
			return 0;
		ret[n++] = one;
	}
	return n;
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

void guide_take_day(
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

static bool has_number(const struct numbers *l, int no)
{
	return (l->has[no / 64] >> (no % 64) & 1) != 0;
}

static void add_number(struct numbers *l, int no)
{
	l->n += !has_number(l, no);
	l->has[no / 64] |= UINT64_C(1) << (no % 64);
}

/* "3 12 15-18"; -1: it is no list. */
static int read_numbers(struct str key, struct numbers *ret)
{
	struct str rest = key, digits;
	bool to = false;
	int last = 0;

	*ret = (struct numbers){.n = 0};
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
static int first_bad(const struct guide_walk *w, const struct numbers *l,
	const struct numbers *other)
{
	for (int no = 1; no <= GUIDE_ROLL_MAX; no++)
		if (has_number(l, no) && (other != NULL ? has_number(other, no)
							: !is_listed(w, no)))
			return no;
	return 0;
}

static void check_apart(const struct guide_walk *w, const struct menus_field *f,
	const struct numbers *l, struct guide_taken *ret)
{
	const struct str *v = f->apart.v;
	struct numbers other;

	for (size_t i = 0; i < f->apart.n && ret->reason.n == 0; i++) {
		struct str value = guide_value(w, menus_field(w->form, v[i]));
		int no = read_numbers(value, &other) == 0
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
		guide_refuse(w, ret, MENUS_TEXT_NOBODY, NULL);
}

void guide_take_members(const struct guide_walk *w, const struct menus_field *f,
	struct str key, struct guide_taken *ret)
{
	struct numbers l;
	int no;

	if (str_is(key, "0")) {
		take_none(w, f, ret);
		return;
	}
	if (read_numbers(key, &l) != 0) {
		guide_refuse(w, ret, MENUS_TEXT_NO_LIST, NULL);
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

void guide_take_member(
	const struct guide_walk *w, struct str key, struct guide_taken *ret)
{
	struct str digits = behind_label(key, STR("dv"));
	struct numbers l;
	int no;

	if (!all_digits(digits) || read_numbers(digits, &l) != 0) {
		guide_refuse(w, ret, MENUS_TEXT_NO_NUMBER, NULL);
		return;
	}
	no = first_bad(w, &l, NULL);
	if (no != 0)
		refuse_about(w, ret, MENUS_TEXT_NO_MEMBER,
			(struct guide_arg){"number", number(w, no)});
	ret->value = digits;
}
