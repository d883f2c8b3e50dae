/*
 * date: a day that is read without a doubt is the one that was said, inside
 * the window of its kind; days, minutes and instants survive being written
 * and read again.
 */
#include "tests/fuzz/fuzz.h"

#include "parsers/read_date.h"

#define TODAY_MIN 20000 /* 2024-10-04 */

static void put_any(struct date_parts *p, struct str *rest)
{
	char digits[8];
	size_t n = 0;

	switch (fuzz_choice(rest, 8)) {
	case 0:
		date_put(p, &p->day, (int)fuzz_choice(rest, 31) + 1);
		break;
	case 1:
		date_put(p, &p->month, (int)fuzz_choice(rest, 12) + 1);
		break;
	case 2:
		date_put(p, &p->year, (int)fuzz_choice(rest, 100) + 2000);
		break;
	case 3:
		date_put(p, &p->weekday, (int)fuzz_choice(rest, 7) + 1);
		break;
	case 4:
		date_put_t(p, (int)fuzz_choice(rest, 11) + 2);
		break;
	case 5:
		p->ago = (int)fuzz_choice(rest, 3);
		break;
	default:
		while (n < 8 && rest->n > 0)
			digits[n++] = (char)('0' + fuzz_choice(rest, 10));
		if (n >= 4)
			date_put_compact(p, (struct str){digits, n & 6});
	}
}

static void check_sure(
	const struct date_parts *p, day_t d, day_t today, bool ahead)
{
	struct ymd at = day_ymd(d);

	MUST(p->day == 0 || at.d == p->day);
	MUST(p->month == 0 || p->day == 0 || at.m == p->month);
	MUST(p->weekday == 0 || day_weekday(d) == p->weekday);
	if (ahead)
		MUST(d >= today && d - today <= DATE_LOOK_AHEAD_DAYS);
	else
		MUST(d <= today && today - d <= DATE_LOOK_BACK_DAYS);
}

static void check_resolve(struct str rest)
{
	struct date_parts p = {.ago = -1};
	day_t today = TODAY_MIN + (day_t)fuzz_choice(&rest, 256) * 7 +
		      (day_t)fuzz_choice(&rest, 7);
	bool ahead = fuzz_choice(&rest, 2) != 0;
	enum problem problem;
	day_t d;

	while (rest.n > 0)
		put_any(&p, &rest);
	d = date_resolve(&p, today, ahead, &problem);
	if (d == DAY_NONE)
		return;
	MUST(day_parse(str_of(day_iso(d).z)) == d);
	if (problem == PROBLEM_NONE)
		check_sure(&p, d, today, ahead);
}

static void check_written(struct str text)
{
	int64_t ms, again;
	day_t d = day_parse(text);
	int minute = minute_parse(text);

	MUST(d == DAY_NONE || str_is(text, day_iso(d).z));
	MUST(minute >= -1 && minute < 24 * 60);
	if (instant_parse(text, &ms) != 0)
		return;
	MUST(instant_parse(str_of(instant_iso(ms).z), &again) == 0);
	MUST(again == ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = fuzz_text(data, n);

	check_written(text);
	check_resolve(text);
	return 0;
}
