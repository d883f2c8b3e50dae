/*
 * budget: counts by number, matter and span; and nobody can choose numbers
 * that push others' counts out.
 */
#include "gateway/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define NOW INT64_C(1793968200000)
#define HOUR INT64_C(3600000)

static struct budget_ask ask(const char *who, int64_t at_ms)
{
	return (struct budget_ask){
		.who = str_of(who),
		.limit = 1,
		.span_ms = HOUR,
		.now_ms = at_ms,
	};
}

static bool has(const struct budget *b, const char *who, int64_t at_ms)
{
	struct budget_ask a = ask(who, at_ms);

	a.occasion = STR("another");
	return budget_has(b, &a);
}

static void take(struct budget *b, const char *who, int64_t at_ms)
{
	struct budget_ask a = ask(who, at_ms);

	a.occasion = STR("one");
	budget_take(b, &a);
}

static void test_span_and_occasion(void **unused)
{
	struct budget *b = budget_new();
	struct budget_ask same = ask("a", NOW + 1);

	(void)unused;
	assert_true(has(b, "a", NOW));
	take(b, "a", NOW);
	assert_false(has(b, "a", NOW + HOUR - 1));
	assert_true(has(b, "a", NOW + HOUR));
	assert_true(has(b, "a", NOW - 1)); /* the clock was set back */
	assert_true(has(b, "b", NOW));
	same.occasion = STR("one");
	assert_true(budget_has(b, &same));
	same.what = STR("a matter");
	same.occasion = STR("another");
	assert_true(budget_has(b, &same));
	budget_free(b);
}

/* The nth number whose count takes the place of "victim"; sought from *i. */
static void find_rival(struct budget *b, unsigned int *i, char *z, size_t n)
{
	take(b, "victim", NOW);
	while (!has(b, "victim", NOW)) {
		assert_true(*i < 10000000);
		(void)snprintf(z, n, "+849%08u", (*i)++);
		take(b, z, NOW);
	}
}

static void test_rivals_cannot_be_chosen(void **unused)
{
	struct budget *mine = budget_new(), *theirs = budget_new();
	unsigned int i = 0;
	int evicted = 0;
	char z[3][24];

	(void)unused;
	for (int k = 0; k < 3; k++)
		find_rival(mine, &i, z[k], sizeof(z[k]));
	for (int k = 0; k < 3; k++) {
		take(theirs, "victim", NOW);
		take(theirs, z[k], NOW);
		evicted += has(theirs, "victim", NOW);
	}
	assert_true(evicted < 3); /* by chance: once in 2^45 */
	budget_free(mine);
	budget_free(theirs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_span_and_occasion),
		cmocka_unit_test(test_rivals_cannot_be_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
