/* What a digest counts, and that what was told stays as it was told; a month's
 * plan is made as often as one likes. */
#include "gateway/store/digest.h"
#include "handlers/calendar.h"

#include "gateway/errands.h"
#include "tests/unit/intake_rig.h"

static struct digest load(struct rig *r, int64_t unit)
{
	int month = calendar_parse(STR("2026-11"));
	struct digest_query q = {
		.unit_id = unit,
		.period = STR("2026-11"),
		.quarter_from = STR("2026-10"),
		.scope = {.last = calendar_last(month),
			.known_before = r->now_ms + HOUR},
	};
	struct digest d;

	assert_int_equal(digest_load(r->s, &q, r->a, &d), 0);
	return d;
}

static void say(struct rig *r, const char *text)
{
	struct message m = message_of(r, SECRETARY, text);

	handle(r, &m);
	r->now_ms += MINUTE;
}

static void assert_rate(const struct rate *got, int64_t n, int64_t d)
{
	assert_int_equal(got->n, n);
	assert_int_equal(got->d, d);
}

#define COMMUNE 2 /* the second row of units.csv */

static void test_counts(void **state)
{
	struct rig *r = *state;
	struct digest d = load(r, COMMUNE);

	assert_rate(&d.met, 0, 11);
	assert_int_equal(d.missing.n, 11);
	assert_rate(&d.gross, 0, 0);
	say(r, "HOP MG07 5/11 TS47 CM35 VP10 VK2 MIEN 3");
	d = load(r, COMMUNE);
	assert_rate(&d.met, 1, 11);
	assert_rate(&d.gross, 35, 47);
	assert_rate(&d.net, 35, 44);
	assert_int_equal(d.unexcused, 2);
	assert_int_equal(d.missing.n, 10);
	assert_rate(&d.answered, 0, 0);
}

static void test_told_stays(void **state)
{
	struct rig *r = *state;
	struct digest_told told = {
		.unit_id = COMMUNE, .period = STR("2026-11"), .as_of = EVENING};
	struct digest d;
	struct rate kept;

	assert_int_equal(digest_kept(r->s, &told, STR("gross"), &kept), 0);
	say(r, "HOP MG07 5/11 TS47 CM35 VP10 VK2");
	d = load(r, COMMUNE);
	assert_int_equal(digest_keep(r->s, &told, &d), 0);
	say(r, "SUA MG07 5/11 CM36 VP9");
	d = load(r, COMMUNE);
	assert_rate(&d.gross, 36, 47);
	assert_int_equal(digest_keep(r->s, &told, &d), 0);
	assert_int_equal(digest_kept(r->s, &told, STR("gross"), &kept), 1);
	assert_rate(&kept, 35, 47);
	assert_int_equal(digest_kept(r->s, &told, STR("unexcused"), &kept), 1);
	assert_rate(&kept, 2, 0);
}

/* When the first of another kind is due: until then, each night's purge. */
static int64_t after_nights(struct rig *r, struct errands_input *in)
{
	struct errands_result done;
	int64_t at;

	assert_int_equal(errand_next(r->s, &at), 0);
	while (minute_of_ms(at, 7 * 60) == r->set->config->retention.at) {
		in->now_ms = at;
		assert_int_equal(errands_run(r->s, in, &done), 0);
		assert_int_equal(done.run, 1);
		assert_int_equal(done.queued, 0);
		at = done.next_at;
	}
	return at;
}

static void test_plan_again(void **state)
{
	struct rig *r = *state;
	struct errands_input in = {
		.settings = r->set, .arena = r->a, .now_ms = r->now_ms};
	struct errands_result done;
	int64_t first, again;

	assert_int_equal(errands_start(r->s, &in), 0);
	assert_int_equal(errand_next(r->s, &first), 0);
	assert_int_equal(errands_start(r->s, &in), 0);
	assert_int_equal(errand_next(r->s, &again), 0);
	assert_int_equal(first, again);
	first = after_nights(r, &in);
	/* The digest of the 10th: laid out, then told, then nothing. */
	in.now_ms = first;
	assert_int_equal(errands_run(r->s, &in, &done), 0);
	assert_int_equal(done.run, 1);
	assert_int_equal(errands_run(r->s, &in, &done), 0);
	assert_int_equal(done.run, 3);
	assert_int_equal(done.queued, 3);
	assert_int_equal(errands_start(r->s, &in), 0);
	assert_int_equal(errands_run(r->s, &in, &done), 0);
	assert_int_equal(done.run, 0);
}

static void test_certificate(void **state)
{
	static const struct {
		const char *got, *until;
	} cases[] = {
		{"2026-11-12", "2031-11-12"},
		{"2024-02-29", "2029-02-28"},
		{"2026-12-31", "2031-12-31"},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct day_text day = day_iso(calendar_certificate(
			r->set->config, day_parse(str_of(cases[i].got))));

		assert_string_equal(day.z, cases[i].until);
	}
	assert_int_equal(calendar_parse(STR("2026-13")), 0);
	assert_int_equal(calendar_parse(STR("x")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_told_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_plan_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_certificate, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
