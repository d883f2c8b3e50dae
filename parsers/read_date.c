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
#define MONTHS_IN_YEAR 12
#define WEEK_THIS 2
#define MONTH_THIS 2

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

/* The Monday of the week that is spoken of. */
static day_t monday(const struct date_parts *p, day_t today)
{
	return today - (day_weekday(today) - 1) +
	       (p->week - WEEK_THIS) * DAYS_IN_WEEK;
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
static bool agrees(const struct date_parts *p, day_t d, day_t today)
{
	int weekday = day_weekday(d);

	if (p->weekday > 0 && p->weekday != weekday)
		return false;
	if (p->week > 0 &&
		(d < monday(p, today) || d >= monday(p, today) + DAYS_IN_WEEK))
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

/*
 * T7 is Saturday or July, whatever the season; T2 to T6 are months only where
 * such a month is near. Beside "this week" they are days.
 */
static bool t_may_be_month(const struct date_parts *p, day_t today, bool ahead)
{
	day_t near = ahead ? today + DATE_LOOK_AHEAD_DAYS
			   : today - DATE_LOOK_BACK_DAYS;

	if (p->week > 0)
		return false;
	return p->t == DAYS_IN_WEEK || p->t == day_ymd(today).m ||
	       p->t == day_ymd(near).m;
}

/* No day of a month was said. */
static day_t without_day(const struct date_parts *p, day_t today, bool ahead,
	enum problem *ret_problem)
{
	int weekday = p->weekday;

	if (p->ago >= 0)
		return ahead ? today + p->ago : today - p->ago;
	if (weekday == 0 && p->t > 1 && p->t <= DAYS_IN_WEEK) {
		if (t_may_be_month(p, today, ahead)) {
			*ret_problem = PROBLEM_DATE_AMBIGUOUS;
			return DAY_NONE;
		}
		weekday = p->t - 1;
	}
	if (weekday > 0 && p->week > 0)
		return monday(p, today) + weekday - 1;
	if (weekday > 0)
		return of_weekday(weekday, today, ahead, ret_problem);
	return DAY_NONE;
}

/* "thang truoc": the number of that month. */
static int month_of(const struct date_parts *p, day_t today)
{
	int m = day_ymd(today).m + p->months - MONTH_THIS;

	return (m + MONTHS_IN_YEAR - 1) % MONTHS_IN_YEAR + 1;
}

/* "T5 ngay 5" is the Thursday where such a day is near, "ngay 5 T11" a month.
 */
static int month_by_t(const struct date_parts *p, day_t today, bool ahead)
{
	day_t d = p->day <= DAYS_IN_MONTH ? of_day_alone(p->day, today, ahead)
					  : DAY_NONE;

	if (p->t > DAYS_IN_WEEK || d == DAY_NONE || day_weekday(d) != p->t - 1)
		return p->t;
	return day_ymd(d).m;
}

day_t date_resolve(const struct date_parts *p, day_t today, bool ahead,
	enum problem *ret_problem)
{
	day_t d;
	bool by_t = p->day > 0 && p->month == 0 && p->months == 0;
	int month = p->month;

	*ret_problem = PROBLEM_NONE;
	if (p->clash || (by_t && p->t_clash)) {
		*ret_problem = PROBLEM_CONTRADICTION;
		return DAY_NONE;
	}
	if (p->day == 0) {
		d = without_day(p, today, ahead, ret_problem);
	} else {
		if (month == 0)
			month = by_t ? month_by_t(p, today, ahead)
				     : month_of(p, today);
		d = of_parts(p, month, today, ahead);
		if (d == DAY_NONE)
			*ret_problem = PROBLEM_BAD_DATE;
	}
	if (d == DAY_NONE)
		return d;
	if (!agrees(p, d, today) ||
		(p->ago >= 0 && d != (ahead ? today + p->ago : today - p->ago)))
		*ret_problem = PROBLEM_WEEKDAY_MISMATCH;
	else
		*ret_problem = outside(d, today, ahead);
	return d;
}
