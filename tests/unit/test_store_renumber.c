/* Which roll numbers do members get in the unit that they come to? */
#include "gateway/store/renumber.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LIST_MAX 6

static const struct {
	const char *name;
	int taken[LIST_MAX], no[LIST_MAX], want[LIST_MAX]; /* end with 0 */
} cases[] = {
	{"nobody there", {0}, {3, 1, 2}, {3, 1, 2}},
	{"nobody comes", {1, 2}, {0}, {0}},
	{"free numbers stay", {1, 3}, {2, 4}, {2, 4}},
	{"others follow the highest", {1, 2}, {1, 2}, {3, 4}},
	{"the highest may be one that stays", {1, 2}, {1, 9}, {10, 9}},
	{"who stays goes before who follows", {5}, {5, 6, 7}, {8, 6, 7}},
	{"two that come with one number", {0}, {4, 4, 5}, {4, 6, 5}},
	{"three of one number", {2}, {2, 2, 3}, {4, 5, 3}},
	{"gaps are not filled", {1, 20}, {1, 1}, {21, 22}},
	{"the last numbers", {9999}, {9999, 9998}, {10000, 9998}},
};

static size_t length(const int *v)
{
	size_t n = 0;

	while (n < LIST_MAX && v[n] != 0)
		n++;
	return n;
}

static void test_numbers(void **state)
{
	struct arena *a = arena_new(1024);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct renumber v[LIST_MAX] = {0};
		size_t n = length(cases[i].no);

		for (size_t k = 0; k < n; k++)
			v[k].no = cases[i].no[k];
		renumber(cases[i].taken, length(cases[i].taken), v, n, a);
		for (size_t k = 0; k < n; k++)
			if (v[k].to_no != cases[i].want[k])
				fail_msg("%s: %d became %d, not %d",
					cases[i].name, v[k].no, v[k].to_no,
					cases[i].want[k]);
	}
	arena_free(a);
}

/* Nobody shares a number, whatever comes. */
static void test_unique(void **state)
{
	struct arena *a = arena_new(65536);
	struct renumber v[200] = {0};
	bool *used = ARENA_ARRAY(a, bool, 1000);
	int taken[50];

	(void)state;
	for (int i = 0; i < 50; i++) {
		taken[i] = 1 + i * 3;
		used[taken[i]] = true;
	}
	for (int i = 0; i < 200; i++)
		v[i].no = 1 + i * 7 % 120;
	renumber(taken, 50, v, 200, a);
	for (int i = 0; i < 200; i++) {
		assert_in_range(v[i].to_no, 1, 999);
		assert_false(used[v[i].to_no]);
		used[v[i].to_no] = true;
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
