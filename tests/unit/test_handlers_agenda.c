/*
 * When things happen around a meeting, and which value of a figure holds: of
 * the unit, the nearest above it, all, or the option, on that day.
 */
#include "handlers/agenda.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MEETING day_of(2026, 11, 8)
#define OFFSET 420

static const char figures[] =
	"monthly: {report_due_days: 2, remind_at: '18:00'}\n"
	"figures:\n"
	"  - {name: monthly.report_due_days, value: 3, unit: MG, "
	"from: 2026-11-01, to: 2026-11-30, source: decision 5 of MG}\n"
	"  - {name: monthly.report_due_days, value: 5, unit: MG07, "
	"from: 2026-11-01, to: 2026-11-07, source: harvest}\n"
	"  - {name: monthly.remind_at, value: '17:30', from: 2026-11-08, "
	"source: decision 6}\n"
	"  - {name: attendance.band_4, value: 92.5, unit: MG, "
	"from: 2026-12-01, source: decision 7}\n";

static const struct str mg07[] = {STR("MG07"), STR("MG"), STR("SL")};
static const struct str cs03[] = {STR("CS03"), STR("CS"), STR("SL")};
static const struct figure_chain of_mg07 = {mg07, 3}, of_cs03 = {cs03, 3};

static int set_up(void **state)
{
	struct diags *d = diags_new();

	*state = config_load(STR("t.yaml"), str_of(figures), d);
	assert_int_equal(d->n, 0);
	diags_free(d);
	return *state == NULL;
}

static int tear_down(void **state)
{
	config_free(*state);
	return 0;
}

/* The instant of an errand of the plan; 0: none. */
static int64_t due_at(const struct config *c, const struct figure_chain *chain,
	day_t day, enum errand_kind kind)
{
	struct agenda_plan p = {
		.meeting_id = 1,
		.unit_id = 1,
		.chain = *chain,
		.day = day,
		.minute = 1170,
		.now_ms = day_to_ms(day - 7, 600, OFFSET),
	};
	struct arena *a = arena_new(4096);
	struct errand v[AGENDA_MAX];
	size_t n = agenda_of_meeting(&p, c, a, v);
	int64_t at = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i].kind == kind)
			at = v[i].due_at;
	arena_free(a);
	return at;
}

static void test_clock(void **state)
{
	const struct config *c = *state;
	day_t before = MEETING - 1;

	assert_int_equal(due_at(c, &of_cs03, MEETING, ERRAND_REPORT_REMIND),
		day_to_ms(MEETING + 2, 17 * 60 + 30, OFFSET));
	assert_int_equal(due_at(c, &of_mg07, MEETING, ERRAND_REPORT_REMIND),
		day_to_ms(MEETING + 3, 17 * 60 + 30, OFFSET));
	assert_int_equal(due_at(c, &of_mg07, MEETING, ERRAND_REPORT_STAFF),
		day_to_ms(MEETING + 4, 9 * 60, OFFSET));
	/* The day before, other values held. */
	assert_int_equal(due_at(c, &of_mg07, before, ERRAND_REPORT_REMIND),
		day_to_ms(before + 5, 18 * 60, OFFSET));
	assert_int_equal(due_at(c, &of_cs03, before, ERRAND_REPORT_REMIND),
		day_to_ms(before + 2, 18 * 60, OFFSET));
}

static void test_value(void **state)
{
	static const struct {
		const struct figure_chain *chain;
		int y, m, d;
		int64_t want; /* -1: none */
	} cases[] = {
		{&of_mg07, 2026, 11, 30, 9000},
		{&of_mg07, 2026, 12, 1, 9250},
		{&of_cs03, 2026, 12, 1, 9000},
		{&of_mg07, 2025, 10, 27, 9000},
		{&of_mg07, 2017, 12, 31, -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		day_t on = day_of(cases[i].y, cases[i].m, cases[i].d);
		int64_t got = -1;
		bool known = figure_get(
			*state, FIGURE_BAND_4, cases[i].chain, on, &got);

		assert_true(known == (cases[i].want >= 0));
		assert_int_equal(got, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_value),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
