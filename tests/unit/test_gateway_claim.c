/*
 * claim: what leaves in one transaction: the limits of hour and day over
 * restarts, who is told why, channels that are away, the shares of the lanes.
 */
#include "gateway/claim.h"

#include "gateway/store/story.h"
#include "gateway/store/usage.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T0 INT64_C(1793955600000) /* 2026-11-06 16:00 in Vietnam */
#define MIN INT64_C(60000)
#define HOUR (60 * MIN)
#define TOKEN "0123456789abcdef0123456789abcdef"
#define ONE(name, more)                                                        \
	"  - {name: " name ", provider: console, token: " TOKEN more "}\n"
#define CHANNELS_MAX 3

struct rig {
	struct settings *set;
	struct store *s;
	struct arena *a;
	int64_t now_ms;
	struct claim_channel ch[CHANNELS_MAX]; /* what goes in */
	bool away[CHANNELS_MAX];
	struct claim claim; /* what came out */
	int texts;
};

static void use(struct rig *r, const char *channels)
{
	struct diags *d = diags_new();
	char text[2048];

	snprintf(text, sizeof(text), "send_window: 00:00-23:59\nchannels:\n%s",
		channels);
	settings_unref(r->set);
	r->set = settings_load_text(STR("test.yaml"), str_of(text), d);
	if (r->set == NULL)
		fail_msg(STR_FMT, STR_ARG(d->v[0].text));
	diags_free(d);
	for (size_t i = 0; i < CHANNELS_MAX; i++) {
		r->ch[i] = (struct claim_channel){
			.room = {.all = 100, .other = 100}, .primed = true};
		r->away[i] = false;
	}
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct err err;

	r->s = store_open(NULL, STORE_MEMORY, &err);
	r->a = arena_new(1 << 16);
	r->now_ms = T0;
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	store_close(r->s);
	settings_unref(r->set);
	arena_free(r->a);
	test_free(r);
	return 0;
}

static int64_t add(struct rig *r, const char *lane, const char *channel)
{
	struct outbox_row row = {
		.to = arena_printf(r->a, "+8490%07d", ++r->texts),
		.text = STR("xin chao"),
		.lane = str_of(lane),
		.channel = str_of(channel),
		.created_at = r->now_ms,
		.due_at = r->now_ms,
		.valid_until = r->now_ms + 2400 * HOUR,
	};
	int64_t id;

	assert_int_equal(store_begin(r->s), 0);
	assert_int_equal(outbox_add(r->s, &row, &id), 0);
	assert_int_equal(store_commit(r->s), 0);
	return id;
}

static void run(struct rig *r)
{
	claim_init(&r->claim, r->set, r->a, r->now_ms);
	for (size_t i = 0; i < r->set->channels_n; i++) {
		r->claim.channel[i] = r->ch[i];
		r->claim.away[i] = r->away[i];
	}
	assert_int_equal(store_begin(r->s), 0);
	/* As after a lost batch: the second run counts, alone. */
	assert_int_equal(claim_run(&r->claim, r->s), 0);
	store_rollback(r->s);
	assert_int_equal(store_begin(r->s), 0);
	assert_int_equal(claim_run(&r->claim, r->s), 0);
	assert_int_equal(store_commit(r->s), 0);
	for (size_t i = 0; i < r->set->channels_n; i++)
		r->ch[i].said = r->claim.channel[i].news;
}

static size_t taken(struct rig *r, size_t channel)
{
	return r->claim.channel[channel].taken.n;
}

/* xorshift: the same sequence in each run. */
static int draw(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return (int)(*seed >> 1);
}

/* Hours and days of random length, the loop's memory lost now and then: no
 * sliding span over its limit, and all is sent in the end. */
static void no_span_is_over_its_limit(void **state)
{
	enum { TEXTS = 300, PER_HOUR = 10, PER_DAY = 60 };
	struct rig *r = *state;
	uint32_t seed = 7;
	int64_t at[TEXTS];
	int n = 0;

	use(r, ONE("one", ", limits: {per_hour: 10, per_day: 60}"));
	for (int i = 0; i < TEXTS; i++)
		(void)add(r, "reply", "one");
	for (int turn = 0; turn < 20000 && n < TEXTS; turn++) {
		run(r);
		for (size_t k = 0; k < taken(r, 0); k++)
			at[n++] = r->now_ms;
		r->now_ms += draw(&seed) % (20 * MIN);
		if (draw(&seed) % 20 == 0)
			r->now_ms += draw(&seed) % (30 * HOUR);
		r->ch[0].primed = draw(&seed) % 2;
		r->ch[0].said = (struct claim_news){0};
	}
	assert_int_equal(n, TEXTS);
	for (int i = 0; i + PER_HOUR < n; i++)
		assert_true(at[i + PER_HOUR] - at[i] > HOUR);
	for (int i = 0; i + PER_DAY < n; i++)
		assert_true(at[i + PER_DAY] - at[i] > 24 * HOUR);
}

static void others_leave_a_quarter_of_the_hour(void **state)
{
	struct rig *r = *state;

	use(r, ONE("one", ", limits: {per_hour: 20}"));
	for (int i = 0; i < 30; i++)
		(void)add(r, "bulk", "one");
	run(r);
	assert_int_equal(taken(r, 0), 15);
	run(r);
	assert_int_equal(taken(r, 0), 0);
	assert_int_equal(r->claim.channel[0].again_ms, T0 + 61 * MIN);
	assert_int_equal(r->claim.channel[0].news.wait, CLAIM_HOUR_SHARE);
	for (int i = 0; i < 8; i++)
		(void)add(r, "reply", "one");
	run(r);
	assert_int_equal(taken(r, 0), 5);
	run(r);
	assert_int_equal(taken(r, 0), 0);
	assert_int_equal(r->claim.channel[0].news.wait, CLAIM_HOUR);
	r->now_ms += 61 * MIN;
	run(r);
	assert_int_equal(taken(r, 0), 3 + 15);
}

static struct str waits(struct rig *r, int64_t id)
{
	struct jdoc *story = story_of_outbox(r->s, id);
	struct str why = arena_str(
		r->a, jdoc_str(jdoc_at(jdoc_at(story, "waits"), "why")));

	jdoc_free(story);
	return why;
}

static void a_story_tells_what_it_waits_for(void **state)
{
	struct rig *r = *state;
	int64_t id;

	use(r, ONE("one", ", limits: {per_day: 1}"));
	(void)add(r, "reply", "one");
	id = add(r, "reply", "one");
	run(r);
	assert_true(waits(r, id).n == 0);
	run(r);
	assert_true(str_is(
		waits(r, id), "the channel has sent its texts of the day"));
	r->ch[0].room.all = 0;
	r->ch[0].known = (struct claim_news){CLAIM_DOWN, r->now_ms + HOUR};
	run(r);
	assert_true(str_is(waits(r, id), "the provider does not answer"));
	r->ch[0].known = (struct claim_news){0};
	run(r);
	assert_true(waits(r, id).n == 0);
}

/* The second before a restart is not forgotten, nor for longer than that. */
static void a_restart_waits_for_what_was_on_its_way(void **state)
{
	struct rig *r = *state;

	use(r, ONE("one", ", limits: {per_second: 5}"));
	(void)add(r, "reply", "one");
	run(r);
	assert_int_equal(taken(r, 0), 1);
	(void)add(r, "reply", "one");
	r->ch[0].primed = false;
	r->now_ms += 500;
	run(r);
	assert_int_equal(taken(r, 0), 0);
	assert_false(r->claim.channel[0].now_primed);
	assert_int_equal(r->claim.channel[0].again_ms, T0 + 2000);
	r->now_ms = T0 + 2000;
	run(r);
	assert_int_equal(taken(r, 0), 1);
	assert_true(r->claim.channel[0].now_primed);
	/* a clock that was set back meanwhile holds nothing back */
	r->now_ms = T0 - 30 * MIN;
	(void)add(r, "reply", "one");
	run(r);
	assert_int_equal(taken(r, 0), 0);
	r->ch[0].primed = r->claim.channel[0].now_primed;
	r->now_ms += 2;
	run(r);
	assert_int_equal(taken(r, 0), 1);
}

static void away_channels_are_replaced_and_probed(void **state)
{
	struct rig *r = *state;

	use(r, ONE("one", "") ONE("two", ", reaches: [+8490]")
			ONE("three", ""));
	for (int i = 0; i < 10; i++)
		(void)add(r, "reply", "one");
	r->away[0] = true;
	r->ch[0].room.all = r->ch[0].room.other = 1; /* a probe */
	r->ch[0].probe = true;
	run(r);
	assert_int_equal(taken(r, 0), 1);
	assert_int_equal(taken(r, 1), 9);
	assert_int_equal(taken(r, 2), 0);
	/* It is back: new texts leave by it. */
	r->away[0] = false;
	(void)add(r, "reply", "one");
	run(r);
	assert_int_equal(taken(r, 0), 1);
	assert_int_equal(taken(r, 1), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(no_span_is_over_its_limit),
		TEST(others_leave_a_quarter_of_the_hour),
		TEST(a_story_tells_what_it_waits_for),
		TEST(a_restart_waits_for_what_was_on_its_way),
		TEST(away_channels_are_replaced_and_probed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
