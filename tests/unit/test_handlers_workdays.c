/* When are so many working days, or months, over? */
#include "handlers/workdays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *from, *want;
	int n;
} days[] = {
	{"2026-11-06", "2026-11-06", 0},
	{"2026-11-06", "2026-11-09", 1}, /* Friday: Monday */
	{"2026-11-07", "2026-11-09", 1},
	{"2026-11-08", "2026-11-10", 2},
	{"2026-12-31", "2027-01-04", 1}, /* a holiday and a weekend */
	{"2026-09-01", "2026-09-04", 1}, /* two, one of that year only */
	{"2027-09-01", "2027-09-03", 1},
	{"2026-11-06", "2026-12-18", 30},
};

static const struct {
	const char *from, *want;
	int n;
} months[] = {
	{"2026-11-06", "2026-11-06", 0},
	{"2026-11-06", "2027-02-06", 3},
	{"2026-11-30", "2027-02-28", 3},
	{"2027-11-30", "2028-02-29", 3},
	{"2026-12-31", "2027-01-31", 1},
	{"2026-01-31", "2026-04-30", 3},
	{"2026-12-01", "2027-12-01", 12},
	{"2028-02-29", "2029-02-28", 12},
};

static void test_workdays(void **state)
{
	struct config *c = config_default();
	struct err err;

	(void)state;
	assert_int_equal(config_set(c, STR("holidays"),
				 STR("01-01, 09-02, 2026-09-03"), &err),
		0);
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		assert_string_equal(
			day_iso(workdays_after(c,
					day_parse(str_of(days[i].from)),
					days[i].n))
				.z,
			days[i].want);
	config_free(c);
}

static void test_months(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
		assert_string_equal(
			day_iso(months_after(day_parse(str_of(months[i].from)),
					months[i].n))
				.z,
			months[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workdays),
		cmocka_unit_test(test_months),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
