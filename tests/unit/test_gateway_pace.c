/*
 * budget, window, metrics: when may something leave, and what is counted.
 */
#include "gateway/base/digest.h"
#include "gateway/budget.h"
#include "gateway/metrics.h"
#include "gateway/model/day.h"
#include "gateway/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool take_one(struct budget *b, const struct budget_ask *ask)
{
	bool has = budget_has(b, ask);

	if (has)
		budget_take(b, ask);
	return has;
}

/* Each on an occasion of its own. */
static bool take(struct budget *b, struct str phone, int64_t limit,
	int64_t span_ms, int64_t now_ms)
{
	unsigned char id[8];
	struct budget_ask ask = {
		.who = phone,
		.occasion = {(char *)id, sizeof(id)},
		.limit = limit,
		.span_ms = span_ms,
		.now_ms = now_ms,
	};

	digest_random(id, sizeof(id));
	return take_one(b, &ask);
}

static void test_budget_rolled_back(void **state)
{
	struct budget *b = budget_new();
	struct budget_ask ask = {
		.who = STR("+84900000001"),
		.occasion = STR("m1"),
		.limit = 1,
		.span_ms = 1000,
	};

	(void)state;
	assert_true(take_one(b, &ask));
	assert_true(take_one(b, &ask)); /* the same text, run again */
	ask.occasion = STR("m2");
	assert_false(take_one(b, &ask));
	budget_take(b, &ask); /* whether or not one is left */
	ask.limit = 2;
	assert_true(take_one(b, &ask));
	ask.occasion = STR("m3");
	assert_false(take_one(b, &ask));
	ask.what = STR("another matter");
	assert_true(take_one(b, &ask));
	budget_free(b);
}

static void budget_counts_per_number_and_span(void **state)
{
	struct budget *b = budget_new();
	const int64_t hour = 3600000, day = 24 * hour, t = 1793968200000;
	struct str a = STR("+84900000007"), other = STR("+84900000008");

	(void)state;
	assert_true(take(b, a, 2, hour, t));
	assert_true(take(b, a, 2, hour, t + 1));
	assert_false(take(b, a, 2, hour, t + 2));
	assert_false(take(b, a, 2, hour, t + hour - 1));
	assert_true(take(b, other, 2, hour, t + 2));
	assert_true(take(b, a, 1, day, t + 2)); /* another span */
	assert_false(take(b, a, 1, day, t + hour));
	assert_true(take(b, a, 2, hour, t + hour));
	assert_true(take(b, a, 2, hour, t + hour));
	assert_false(take(b, a, 2, hour, t + hour));
	assert_false(take(b, STR("+84900000009"), 0, hour, t));
	budget_free(b);
	budget_free(NULL);
}

/* A wall clock set back must not silence a number for ever. */
static void budget_survives_a_clock_set_back(void **state)
{
	struct budget *b = budget_new();
	const int64_t hour = 3600000, year = 8760 * hour;
	struct str a = STR("+84900000007");

	(void)state;
	assert_true(take(b, a, 1, hour, 10 * year));
	assert_true(take(b, a, 1, hour, year));
	assert_false(take(b, a, 1, hour, year + 1));
	assert_true(take(b, a, 1, hour, year + hour));
	budget_free(b);
}

static int64_t local(const char *day, const char *hhmm)
{
	return day_to_ms(
		day_parse(str_of(day)), minute_parse(str_of(hhmm)), 420);
}

static void window_follows_local_time(void **state)
{
	static const struct {
		const char *day, *at, *open_day, *open_at;
	} t[] = {
		/* quiet hours: before, at the edges, after */
		{"2026-11-06", "06:59", "2026-11-06", "07:00"},
		{"2026-11-06", "07:00", "2026-11-06", "07:00"},
		{"2026-11-06", "20:59", "2026-11-06", "20:59"},
		{"2026-11-06", "21:00", "2026-11-07", "07:00"},
		/* 00:30 local is the day before in UTC */
		{"2026-11-07", "00:30", "2026-11-07", "07:00"},
		{"2026-02-28", "23:59", "2026-03-01", "07:00"},
		/* a run of holidays, with one day of work inside */
		{"2027-02-05", "12:00", "2027-02-08", "07:00"},
		{"2027-02-04", "22:00", "2027-02-08", "07:00"},
		{"2027-02-08", "21:30", "2027-02-10", "07:00"},
		/* every year's, across the year's end */
		{"2026-12-31", "10:00", "2027-01-02", "07:00"},
		{"2026-12-30", "21:00", "2027-01-02", "07:00"},
		{"2028-01-01", "10:00", "2028-01-02", "07:00"},
		{"2028-02-05", "12:00", "2028-02-05", "12:00"},
	};
	struct str days[] = {STR("2027-02-05"), STR("2027-02-06"),
		STR("2027-02-07"), STR("2027-02-09"), STR("01-01"),
		STR("12-31")};
	struct config c = {
		.utc_offset = 7,
		.window_from = 7 * 60,
		.window_to = 21 * 60,
		.holidays = {.v = days, .n = 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int64_t now = local(t[i].day, t[i].at);
		int64_t opens = local(t[i].open_day, t[i].open_at);

		assert_int_equal(window_opens_at(&c, now), opens);
		assert_int_equal(window_is_open(&c, now), now == opens);
		assert_true(window_is_open(&c, opens));
	}
}

static void window_of_endless_holidays_has_an_end(void **state)
{
	static char text[366][11];
	static struct str days[366];
	struct config c = {.utc_offset = 7, .window_to = 1439};
	day_t first = day_of(2026, 1, 1);
	int64_t now = local("2026-01-01", "08:00");

	(void)state;
	for (int i = 0; i < 366; i++) {
		memcpy(text[i], day_iso(first + i).z, 11);
		days[i] = str_of(text[i]);
	}
	c.holidays.v = days;
	c.holidays.n = 366;
	assert_false(window_is_open(&c, now));
	assert_true(window_opens_at(&c, now) > now);
}

static struct str printed(const struct metrics *m, struct buf *b)
{
	buf_init(b, 65536);
	metrics_print(m, b);
	assert_false(b->over);
	return buf_str(b);
}

static void has(struct str text, const char *line)
{
	struct str rest = text, head;

	while (str_next(&rest, '\n', &head))
		if (str_is(head, line))
			return;
	fail_msg("no line '%s' in:\n" STR_FMT, line, STR_ARG(text));
}

static void metrics_print_a_cumulative_histogram(void **state)
{
	static const size_t commits[] = {1, 1, 2, 3, 4, 5, 1024, 1025, 9999};
	static struct metrics m;
	struct str out;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(commits) / sizeof(commits[0]); i++)
		metrics_observe_commit(&m, commits[i]);
	out = printed(&m, &b);
	has(out, "# TYPE bantin_commit_messages histogram");
	has(out, "bantin_commit_messages_bucket{le=\"1\"} 2");
	has(out, "bantin_commit_messages_bucket{le=\"2\"} 3");
	has(out, "bantin_commit_messages_bucket{le=\"4\"} 5");
	has(out, "bantin_commit_messages_bucket{le=\"8\"} 6");
	has(out, "bantin_commit_messages_bucket{le=\"512\"} 6");
	has(out, "bantin_commit_messages_bucket{le=\"1024\"} 7");
	has(out, "bantin_commit_messages_bucket{le=\"+Inf\"} 9");
	has(out, "bantin_commit_messages_sum 12064");
	has(out, "bantin_commit_messages_count 9");
	buf_release(&b);
}

/* name value, HELP and TYPE before it, nothing twice: what scrapers accept. */
static void metrics_print_every_line_once(void **state)
{
	static struct metrics m;
	struct str rest, line;
	struct buf b;
	size_t types = 0;

	(void)state;
	metrics_add(&m, METRIC_MO_STORED, 3);
	metrics_add(&m, METRIC_MO_STORED, 2);
	metrics_set(&m, METRIC_HTTP_PARKED, 7);
	metrics_add(&m, METRIC_MT_IN_FLIGHT, -1);
	rest = printed(&m, &b);
	has(rest, "# TYPE bantin_mo_stored_total counter");
	has(rest, "bantin_mo_stored_total 5");
	has(rest, "# TYPE bantin_http_parked gauge");
	has(rest, "bantin_http_parked 7");
	has(rest, "bantin_mt_in_flight -1");
	assert_true(str_ends(rest, STR("\n")));
	while (str_next(&rest, '\n', &line)) {
		if (!str_starts(line, STR("# TYPE ")))
			continue;
		types++;
		assert_int_equal(str_find(rest, line, 0), -1);
		assert_int_equal(str_ends(line, STR(" counter")),
			str_find(line, STR("_total "), 0) > 0);
	}
	assert_int_equal(types, METRIC_N + 1);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_budget_rolled_back),
		cmocka_unit_test(budget_counts_per_number_and_span),
		cmocka_unit_test(budget_survives_a_clock_set_back),
		cmocka_unit_test(window_follows_local_time),
		cmocka_unit_test(window_of_endless_holidays_has_an_end),
		cmocka_unit_test(metrics_print_a_cumulative_histogram),
		cmocka_unit_test(metrics_print_every_line_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
