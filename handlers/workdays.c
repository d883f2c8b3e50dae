/*
 * workdays - when are so many working days, or months, over?
 *
 * Pure. Holidays are "YYYY-MM-DD", or "MM-DD" for every year.
 */
#include "handlers/workdays.h"

#define SATURDAY 6

static bool is_holiday(const struct config *c, day_t day)
{
	struct day_text iso = day_iso(day);
	const struct str *v = c->holidays.v;

	for (size_t i = 0; i < c->holidays.n; i++)
		if (str_is(v[i], iso.z) || str_is(v[i], iso.z + 5))
			return true;
	return false;
}

static day_t workdays_away(
	const struct config *c, day_t day, int64_t n, day_t step)
{
	while (n > 0) {
		day += step;
		if (day_weekday(day) < SATURDAY && !is_holiday(c, day))
			n--;
	}
	return day;
}

day_t workdays_after(const struct config *c, day_t day, int64_t n)
{
	return workdays_away(c, day, n, 1);
}

day_t workdays_before(const struct config *c, day_t day, int64_t n)
{
	return workdays_away(c, day, n, -1);
}

day_t months_after(day_t day, int64_t months)
{
	struct ymd at = day_ymd(day);
	int64_t month = at.y * INT64_C(12) + at.m - 1 + months;
	int y = (int)(month / 12), m = (int)(month % 12) + 1;
	int last = day_month_len(y, m);

	return day_of(y, m, at.d < last ? at.d : last);
}
