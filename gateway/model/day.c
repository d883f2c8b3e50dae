/*
 * day - civil days and instants, without the C library's time zones.
 *
 * A day is a count since 1970-01-01; weekday and span arithmetic is plain
 * integer arithmetic on it. Texts come from and go to the two forms that
 * bantin knows: ISO days and RFC 3339 instants. Pure; any thread.
 */
#include "gateway/model/day.h"

#include <assert.h>
#include <stdio.h>

#define YEAR_MIN 1970
#define YEAR_MAX 2199
#define DAYS_BEFORE_1970 719162 /* from 0001-01-01 */
#define DAYS_400_YEARS 146097
#define DAY_FIRST (-DAYS_BEFORE_1970) /* 0001-01-01 */
#define DAY_LAST 2932896              /* 9999-12-31 */
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)

static bool is_leap(int y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

/* The first of January. */
static int32_t year_start(int y)
{
	int before = y - 1;

	return before * 365 + before / 4 - before / 100 + before / 400 -
	       DAYS_BEFORE_1970;
}

int day_month_len(int y, int m)
{
	static const int len[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	assert(m >= 1 && m <= 12);
	return len[m - 1] + (m == 2 && is_leap(y));
}

day_t day_of(int y, int m, int d)
{
	day_t day;

	if (y < YEAR_MIN || y > YEAR_MAX || m < 1 || m > 12 || d < 1 ||
		d > day_month_len(y, m))
		return DAY_NONE;
	day = year_start(y) + d - 1;
	for (int i = 1; i < m; i++)
		day += day_month_len(y, i);
	return day;
}

/* An instant from outside may lie anywhere: kept within four-digit years. */
static day_t clamp(int64_t day)
{
	if (day < DAY_FIRST)
		return DAY_FIRST;
	return day > DAY_LAST ? DAY_LAST : (day_t)day;
}

struct ymd day_ymd(day_t day)
{
	struct ymd r = {.m = 1};
	int64_t since;

	assert(day != DAY_NONE);
	day = clamp(day);
	/* The mean year hits the year or its neighbour. */
	since = (int64_t)day - DAY_FIRST;
	r.y = (int)(since * 400 / DAYS_400_YEARS) + 1;
	if (day < year_start(r.y))
		r.y--;
	else if (day >= year_start(r.y + 1))
		r.y++;
	r.d = day - year_start(r.y) + 1;
	while (r.d > day_month_len(r.y, r.m))
		r.d -= day_month_len(r.y, r.m++);
	return r;
}

int day_weekday(day_t day)
{
	int from_monday;

	assert(day != DAY_NONE);
	from_monday = (int)(((int64_t)day + 3) % 7); /* day 0: a Thursday */
	return (from_monday < 0 ? from_monday + 7 : from_monday) + 1;
}

static void two_digits(char *z, int n)
{
	z[0] = (char)('0' + n / 10);
	z[1] = (char)('0' + n % 10);
}

/* Written for every text several times over: without snprintf. */
struct day_text day_iso(day_t day)
{
	struct ymd v = day_ymd(day);
	struct day_text t = {"0000-00-00"};

	two_digits(t.z, v.y / 100 % 100);
	two_digits(t.z + 2, v.y % 100);
	two_digits(t.z + 5, v.m);
	two_digits(t.z + 8, v.d);
	return t;
}

struct day_text day_short(day_t day)
{
	struct ymd v = day_ymd(day);
	struct day_text t;

	(void)snprintf(t.z, sizeof(t.z), "%u/%u", (unsigned int)v.d % 100,
		(unsigned int)v.m % 100);
	return t;
}

/* n digits at s.p[at] as a number; -1 when they are not all digits. */
static int digits(struct str s, size_t at, size_t n)
{
	int v = 0;

	if (at > s.n || n > s.n - at)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

day_t day_parse(struct str s)
{
	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
		return DAY_NONE;
	return day_of(digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2));
}

int minute_parse(struct str s)
{
	int h = digits(s, 0, 2), m = digits(s, 3, 2);

	if (s.n != 5 || s.p[2] != ':' || h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	return h * 60 + m;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

day_t day_of_ms(int64_t at_ms, int utc_offset_min)
{
	return clamp(
		floor_div(floor_div(at_ms, MINUTE_MS) + utc_offset_min, 1440));
}

int minute_of_ms(int64_t at_ms, int utc_offset_min)
{
	int64_t minute = floor_div(at_ms, MINUTE_MS) + utc_offset_min;

	return (int)(minute - floor_div(minute, 1440) * 1440);
}

int64_t day_to_ms(day_t day, int minute, int utc_offset_min)
{
	assert(day != DAY_NONE);
	return day * DAY_MS + (minute - utc_offset_min) * MINUTE_MS;
}

/* "HH:MM:SS" at the front of s → ms of the day; -1. */
static int64_t clock_parse(struct str s)
{
	int h = digits(s, 0, 2), m = digits(s, 3, 2), sec = digits(s, 6, 2);

	if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 60)
		return -1; /* 60: a leap second, RFC 3339 §5.6 */
	if (s.p[2] != ':' || s.p[5] != ':')
		return -1;
	return ((h * 60 + m) * INT64_C(60) + sec) * 1000;
}

/* Takes ".123…" off the front of *s, if it is there; ms, or -1. */
static int fraction_parse(struct str *s)
{
	int ms = 0, unit = 100;
	size_t i = 1;

	if (s->n == 0 || s->p[0] != '.')
		return 0;
	for (; digits(*s, i, 1) >= 0; i++, unit /= 10)
		ms += digits(*s, i, 1) * unit;
	*s = str_from(*s, i);
	return i > 1 ? ms : -1;
}

/* "Z" or "+07:00", and nothing after it → minutes east of UTC; 0 / -1. */
static int offset_parse(struct str s, int *ret)
{
	int h = digits(s, 1, 2), m = digits(s, 4, 2);

	*ret = 0;
	if (str_ieq(s, STR("Z")))
		return 0;
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':')
		return -1;
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	*ret = (h * 60 + m) * (s.p[0] == '-' ? -1 : 1);
	return 0;
}

int instant_parse(struct str s, int64_t *ret_ms)
{
	day_t day = day_parse(str_part(s, 0, 10));
	struct str rest = str_from(s, 19);
	int64_t in_day;
	int ms, offset;

	if (day == DAY_NONE || s.n < 20)
		return -1;
	if (s.p[10] != 'T' && s.p[10] != 't' && s.p[10] != ' ')
		return -1;
	in_day = clock_parse(str_part(s, 11, 8));
	ms = fraction_parse(&rest);
	if (in_day < 0 || ms < 0 || offset_parse(rest, &offset) != 0)
		return -1;
	*ret_ms = day_to_ms(day, 0, offset) + in_day + ms;
	return 0;
}

struct instant_text instant_iso(int64_t at_ms)
{
	int minute = minute_of_ms(at_ms, 0);
	int ms = (int)(at_ms - floor_div(at_ms, MINUTE_MS) * MINUTE_MS);
	struct instant_text t;

	(void)snprintf(t.z, sizeof(t.z), "%sT%02u:%02u:%02u.%03uZ",
		day_iso(day_of_ms(at_ms, 0)).z, (unsigned int)minute / 60 % 24,
		(unsigned int)minute % 60, (unsigned int)ms / 1000 % 60,
		(unsigned int)ms % 1000);
	return t;
}
