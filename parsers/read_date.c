/*
 * read_date - which day is "5/11", "T5", "mung 5 thang 11"?
 *
 * Day before month, always. What is left out is taken from the intent: a
 * report tells of the past, an announcement of the days to come. What the
 * pieces leave open, or contradict, is a problem and never a guess. Pure.
 */
#include "parsers/read_date.h"

#define DAYS_IN_WEEK 7
#define DAYS_IN_MONTH 31

void date_put(struct date_parts *p, int *piece, int value)
{
	int unset = piece == &p->ago ? -1 : 0;

	if (*piece != unset && *piece != value)
		p->clash = true;
	*piece = value;
}

void date_put_t(struct date_parts *p, int value)
{
	p->t_clash = p->t_clash || (p->t != 0 && p->t != value);
	p->t = p->t != 0 ? p->t : value;
}

static int two_digits(struct str s, size_t at)
{
	return (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
}

void date_put_compact(struct date_parts *p, struct str digits)
{
	date_put(p, &p->day, two_digits(digits, 0));
	date_put(p, &p->month, two_digits(digits, 2));
	if (digits.n == 6)
		date_put(p, &p->year, 2000 + two_digits(digits, 4));
	if (digits.n == 8)
		date_put(p, &p->year,
			two_digits(digits, 4) * 100 + two_digits(digits, 6));
}

static int32_t apart(day_t a, day_t b)
{
	return a > b ? a - b : b - a;
}

/* The nearest day of that name, of this year, the last or the next. */
static day_t nearest(int day, int month, day_t today)
{
	day_t best = DAY_NONE;
	int y = day_ymd(today).y;

	for (int k = -1; k <= 1; k++) {
		day_t d = day_of(y + k, month, day);

		if (d != DAY_NONE &&
			(best == DAY_NONE ||
				apart(d, today) < apart(best, today)))
			best = d;
	}
	return best;
}

/* "ngay 5": in the month before today, or in the one to come. */
static day_t of_day_alone(int day, day_t today, bool ahead)
{
	for (int k = 0; k <= DAYS_IN_MONTH; k++) {
		day_t d = ahead ? today + k : today - k;

		if (day_ymd(d).d == day)
			return d;
	}
	return DAY_NONE;
}

static day_t of_weekday(
	int weekday, day_t today, bool ahead, enum problem *ret_problem)
{
	if (day_weekday(today) == weekday) {
		*ret_problem = PROBLEM_DATE_AMBIGUOUS;
		return DAY_NONE;
	}
	for (int k = 1; k < DAYS_IN_WEEK; k++) {
		day_t d = ahead ? today + k : today - k;

		if (day_weekday(d) == weekday)
			return d;
	}
	return DAY_NONE;
}

static day_t of_parts(
	const struct date_parts *p, int month, day_t today, bool ahead)
{
	if (p->day > DAYS_IN_MONTH || month > 12)
		return DAY_NONE;
	if (p->year > 0)
		return day_of(p->year, month, p->day);
	return month > 0 ? nearest(p->day, month, today)
			 : of_day_alone(p->day, today, ahead);
}

/*
 * Do weekday and T agree with the day? T7 may be its month, too; T8 and more
 * beside a whole date speak of something else ("danh gia T10").
 */
static bool agrees(const struct date_parts *p, day_t d)
{
	int weekday = day_weekday(d);

	if (p->weekday > 0 && p->weekday != weekday)
		return false;
	return p->t == 0 || p->t > DAYS_IN_WEEK || p->t_clash ||
	       p->t == day_ymd(d).m || p->t - 1 == weekday;
}

static enum problem outside(day_t d, day_t today, bool ahead)
{
	if (ahead && d < today)
		return PROBLEM_OLD_DATE;
	if (ahead)
		return d - today > DATE_LOOK_AHEAD_DAYS ? PROBLEM_FUTURE_DATE
							: PROBLEM_NONE;
	if (d > today)
		return PROBLEM_FUTURE_DATE;
	return today - d > DATE_LOOK_BACK_DAYS ? PROBLEM_OLD_DATE
					       : PROBLEM_NONE;
}

/* No day of a month was said. */
static day_t without_day(const struct date_parts *p, day_t today, bool ahead,
	enum problem *ret_problem)
{
	if (p->ago >= 0)
		return ahead ? today + p->ago : today - p->ago;
	if (p->weekday > 0)
		return of_weekday(p->weekday, today, ahead, ret_problem);
	if (p->t > 0 && p->t <= DAYS_IN_WEEK)
		*ret_problem = PROBLEM_DATE_AMBIGUOUS;
	return DAY_NONE;
}

day_t date_resolve(const struct date_parts *p, day_t today, bool ahead,
	enum problem *ret_problem)
{
	day_t d;
	bool by_t = p->day > 0 && p->month == 0;

	*ret_problem = PROBLEM_NONE;
	if (p->clash || (by_t && p->t_clash)) {
		*ret_problem = PROBLEM_CONTRADICTION;
		return DAY_NONE;
	}
	if (p->day == 0) {
		d = without_day(p, today, ahead, ret_problem);
	} else {
		d = of_parts(p, by_t ? p->t : p->month, today, ahead);
		if (d == DAY_NONE)
			*ret_problem = PROBLEM_BAD_DATE;
	}
	if (d == DAY_NONE)
		return d;
	if (!agrees(p, d) ||
		(p->ago >= 0 && d != (ahead ? today + p->ago : today - p->ago)))
		*ret_problem = PROBLEM_WEEKDAY_MISMATCH;
	else
		*ret_problem = outside(d, today, ahead);
	return d;
}
