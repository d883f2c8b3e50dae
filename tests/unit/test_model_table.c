/*
 * Shares in per cent, periods as they are typed, and fields of CSV files.
 */
#include "gateway/base/csv.h"
#include "gateway/model/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_percent(void **state)
{
	static const struct {
		int64_t n, d;
		const char *want;
	} cases[] = {
		/* The articles' sums: 21.86 and 58.98 were wrong. */
		{206, 956, "21.55"},
		{10653, 15980, "66.66"},
		{119, 204, "58.33"},
		{10, 47, "21.28"},
		{2047, 2303, "88.88"},
		{1, 3, "33.33"},
		{2, 3, "66.67"},
		{0, 7, "0.00"},
		{1, 800, "0.13"},
		{7, 7, "100.00"},
	};
	struct table_cell none = table_rate(0, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct table_cell v = table_rate(cases[i].n, cases[i].d);

		assert_string_equal(
			table_percent_text(table_percent(&v)).z, cases[i].want);
	}
	assert_int_equal(table_percent(&none), -1);
}

static void test_period(void **state)
{
	static const struct {
		const char *typed, *from, *to;
	} cases[] = {
		{"2026-11", "2026-11-01", "2026-11-30"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"2026-Q4", "2026-10-01", "2026-12-31"},
		{"2026", "2026-01-01", "2026-12-31"},
	};
	static const char *const wrong[] = {"", "2026-13", "2026-00", "2026-1",
		"2026-Q5", "2026-Q0", "26-11", "2026/11", "2026-111", "20261",
		"x026", "2026-", "2026-1a"};
	day_t from, to;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			table_period(str_of(cases[i].typed), &from, &to), 0);
		assert_string_equal(day_iso(from).z, cases[i].from);
		assert_string_equal(day_iso(to).z, cases[i].to);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			table_period(str_of(wrong[i]), &from, &to), -1);
}

static void test_csv(void **state)
{
	static const struct {
		const char *text, *want;
		bool formula;
	} cases[] = {
		{"", "", false},
		{"Giôn", "Giôn", false},
		{"a,b", "\"a,b\"", false},
		{"\"", "\"\"\"\"", false},
		{"a \"b\"", "\"a \"\"b\"\"\"", false},
		{"a\nb", "\"a\nb\"", false},
		{" a", "\" a\"", false},
		{"=1+1", "=1+1", true},
		{"+84912", "+84912", true},
		{"-1", "-1", true},
		{"@x", "@x", true},
		{"\t=1", "\t=1", true},
		{"\r=1", "\"\r=1\"", true},
		{"1=1", "1=1", false},
	};
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		csv_put(&b, true, str_of(cases[i].text));
		assert_string_equal(buf_z(&b), cases[i].want);
		assert_true(csv_is_formula(str_of(cases[i].text)) ==
			    cases[i].formula);
	}
	buf_clear(&b);
	csv_put(&b, true, STR("a"));
	csv_put(&b, false, STR(""));
	csv_end_row(&b);
	assert_string_equal(buf_z(&b), "a,\r\n");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percent),
		cmocka_unit_test(test_period),
		cmocka_unit_test(test_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
