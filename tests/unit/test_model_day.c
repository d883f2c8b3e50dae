/*
 * day: the calendar against itself, and the two texts of time.
 */
#include "gateway/model/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

static void knows_days(void **state)
{
	static const struct {
		int y, m, d;
		day_t day;
		int weekday;
	} row[] = {
		{1970, 1, 1, 0, 4},
		{1999, 12, 31, 10956, 5},
		{2000, 2, 29, 11016, 2},
		{2024, 2, 29, 19782, 4},
		{2026, 11, 5, 20762, 4},
		{2026, 11, 8, 20765, 7},
		{2100, 3, 1, 47541, 1},
		{2199, 12, 31, 84005, 2},
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		struct ymd v = day_ymd(row[i].day);

		assert_int_equal(
			day_of(row[i].y, row[i].m, row[i].d), row[i].day);
		assert_int_equal(v.y, row[i].y);
		assert_int_equal(v.m, row[i].m);
		assert_int_equal(v.d, row[i].d);
		assert_int_equal(day_weekday(row[i].day), row[i].weekday);
	}
	assert_int_equal(day_weekday(-1), 3);
	assert_int_equal(day_weekday(-4), 7);
}

/* Each day follows the one before it, through all leap years. */
static void walks_the_calendar(void **state)
{
	int y = 1970, m = 1, d = 1;

	(void)state;
	for (day_t day = 0; y < 2200; day++) {
		struct ymd v = day_ymd(day);

		if (v.y != y || v.m != m || v.d != d || day_of(y, m, d) != day)
			fail_msg("day %d is %d-%d-%d", day, v.y, v.m, v.d);
		d++;
		if (d > day_month_len(y, m)) {
			d = 1;
			m++;
		}
		if (m > 12) {
			m = 1;
			y++;
		}
	}
}

static void refuses_days(void **state)
{
	static const int bad[][3] = {{2026, 2, 29}, {2100, 2, 29},
		{2026, 4, 31}, {2026, 13, 1}, {2026, 0, 1}, {2026, 1, 0},
		{2026, 1, 32}, {1969, 12, 31}, {2200, 1, 1}, {-1, -1, -1}};
	static const char *const text[] = {"", "2026-11-5", "2026-11-05 ",
		"2026/11/05", "20261105xx", "2026-1a-05", "+026-11-05",
		"2026-02-29", "2026-11-05T", "١٢-11-05"};

	(void)state;
	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(
			day_of(bad[i][0], bad[i][1], bad[i][2]), DAY_NONE);
	for (size_t i = 0; i < N(text); i++)
		assert_int_equal(day_parse(str_of(text[i])), DAY_NONE);
	assert_int_equal(day_parse((struct str){NULL, 0}), DAY_NONE);
	assert_int_equal(day_month_len(2000, 2), 29);
	assert_int_equal(day_month_len(2100, 2), 28);
}

static void writes_days(void **state)
{
	(void)state;
	assert_string_equal(day_iso(day_of(2026, 1, 9)).z, "2026-01-09");
	assert_string_equal(day_short(day_of(2026, 1, 9)).z, "9/1");
	assert_string_equal(day_short(day_of(2026, 12, 31)).z, "31/12");
	assert_int_equal(day_parse(STR("2024-02-29")), day_of(2024, 2, 29));
	/* Whatever an outside clock says is shown as some day. */
	assert_string_equal(
		day_iso(day_of_ms(INT64_MAX / 2, 840)).z, "9999-12-31");
	assert_string_equal(
		day_iso(day_of_ms(INT64_MIN / 2, 0)).z, "0001-01-01");
}

static void turns_instants_into_local_time(void **state)
{
	const int64_t eve = day_to_ms(day_of(2026, 11, 5), 16 * 60 + 59, 0);

	(void)state;
	assert_int_equal(day_of_ms(eve, 420), day_of(2026, 11, 5));
	assert_int_equal(minute_of_ms(eve, 420), 23 * 60 + 59);
	assert_int_equal(day_of_ms(eve + 60000, 420), day_of(2026, 11, 6));
	assert_int_equal(minute_of_ms(eve + 60000, 420), 0);
	assert_int_equal(minute_of_ms(eve + 59999, 420), 23 * 60 + 59);
	assert_int_equal(day_of_ms(-1, 0), -1);
	assert_int_equal(minute_of_ms(-1, 0), 1439);
	assert_int_equal(day_of_ms(0, -60), -1);
	assert_true(day_to_ms(0, 0, 420) == -420 * INT64_C(60000));
	assert_true(day_to_ms(1, 90, 0) == INT64_C(86400000) + 5400000);
}

static void reads_instants(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} row[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"1970-01-01t00:00:00.5z", 500},
		{"2024-06-22T15:46:11.000+07:00", INT64_C(1719045971000)},
		{"2024-06-22 08:46:11Z", INT64_C(1719045971000)},
		{"2024-06-22T03:16:11.123456789-05:30", INT64_C(1719045971123)},
		{"2024-06-22T08:46:11-00:00", INT64_C(1719045971000)},
		{"1970-01-01T00:00:00+23:59", INT64_C(-86340000)},
		{"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
		{"2026-11-05T24:00:00Z", -1},
		{"2026-11-05T19:30Z", -1},
		{"2026-11-05T19:30:00", -1},
		{"2026-11-05T19:30:00.Z", -1},
		{"2026-11-05T19:30:00+0700", -1},
		{"2026-11-05T19:30:00+7:00", -1},
		{"2026-11-05T19:30:00+07:00x", -1},
		{"2026-11-05T19:30:00Zx", -1},
		{"2026-11-05T19:30:00+24:00", -1},
		{"2026-11-05T19:30:00+07:60", -1},
		{"2026-11-05T19:60:00Z", -1},
		{"2026-11-05T19:30:61Z", -1},
		{"2026-11-05T19.30.00Z", -1},
		{"2026-02-30T19:30:00Z", -1},
		{"2026-11-05", -1},
		{"", -1},
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++) {
		int64_t ms = -1;
		int rc = instant_parse(str_of(row[i].text), &ms);

		if (ms != row[i].ms || rc != (row[i].ms == -1 ? -1 : 0))
			fail_msg("%s: %lld", row[i].text, (long long)ms);
	}
}

static void writes_instants(void **state)
{
	int64_t ms;

	(void)state;
	assert_string_equal(
		instant_iso(1719045971123).z, "2024-06-22T08:46:11.123Z");
	assert_string_equal(instant_iso(-1).z, "1969-12-31T23:59:59.999Z");
	assert_int_equal(
		instant_parse(str_of(instant_iso(1719045971123).z), &ms), 0);
	assert_true(ms == 1719045971123);
}

static void reads_minutes(void **state)
{
	static const char *const bad[] = {"", "9:30", "09:3", "24:00", "09:60",
		"09-30", "09:30 ", "+9:30", "a9:30"};

	(void)state;
	assert_int_equal(minute_parse(STR("00:00")), 0);
	assert_int_equal(minute_parse(STR("23:59")), 1439);
	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(minute_parse(str_of(bad[i])), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_days),
		cmocka_unit_test(walks_the_calendar),
		cmocka_unit_test(refuses_days),
		cmocka_unit_test(writes_days),
		cmocka_unit_test(turns_instants_into_local_time),
		cmocka_unit_test(reads_instants),
		cmocka_unit_test(writes_instants),
		cmocka_unit_test(reads_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
