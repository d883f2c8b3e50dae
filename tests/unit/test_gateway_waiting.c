/*
 * waiting: each reason for which a text does not leave, as the claim sees it;
 * and that the claim then does what was said.
 */
#include "gateway/waiting.h"

#include "gateway/store/queue.h"
#include "gateway/store/usage.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T0 INT64_C(1793955600000) /* 2026-11-06 16:00 in Vietnam */
#define SECOND INT64_C(1000)
#define MIN INT64_C(60000)
#define HOUR (60 * MIN)
#define TOKEN "0123456789abcdef0123456789abcdef"
#define ONE(name, more)                                                        \
	"  - {name: " name ", provider: console, token: " TOKEN more "}\n"
#define PHONE "+84900000007"

struct rig {
	struct settings *set;
	struct store *s;
	struct arena *a;
	int64_t now_ms;
	struct jdoc *channels; /* as the server would tell; NULL: none runs */
};

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
	jdoc_free(r->channels);
	arena_free(r->a);
	test_free(r);
	return 0;
}

static void use(struct rig *r, const char *options, const char *channels)
{
	struct diags *d = diags_new();
	char text[2048];

	snprintf(text, sizeof(text), "%s\nchannels:\n%s", options, channels);
	settings_unref(r->set);
	r->set = settings_load_text(STR("test.yaml"), str_of(text), d);
	if (r->set == NULL)
		fail_msg(STR_FMT, STR_ARG(d->v[0].text));
	diags_free(d);
}

/* How a survey of the first channel told it; NULL: with room for all. */
static void serve(struct rig *r, const struct claim_channel *first, bool away)
{
	const struct claim_channel well = {
		.room = {.all = 10, .other = 7}, .primed = true};
	struct claim c;

	jdoc_free(r->channels);
	r->channels = jdoc_object();
	claim_init(&c, r->set, r->a, r->now_ms);
	for (size_t i = 0; i < r->set->channels_n; i++)
		c.channel[i] = well;
	if (first != NULL)
		c.channel[0] = *first;
	c.away[0] = away;
	waiting_tell(&c, r->channels);
}

static int64_t add(struct rig *r, const char *to, const char *lane)
{
	struct outbox_row row = {
		.to = str_of(to),
		.text = STR("xin chao"),
		.lane = str_of(lane),
		.channel = STR("one"),
		.created_at = r->now_ms,
		.due_at = r->now_ms,
		.valid_until = r->now_ms + 240 * HOUR,
	};
	int64_t id;

	assert_int_equal(outbox_add(r->s, &row, &id), 0);
	return id;
}

static struct waiting look(struct rig *r, int64_t id, const char *words)
{
	struct waiting_view v;
	struct queue_row row;
	struct waiting w;
	struct str text;

	waiting_view(&v, r->set, r->channels, r->a, r->now_ms);
	assert_int_equal(queue_row(r->s, id, r->a, &row), 1);
	assert_int_equal(waiting_of(&v, r->s, &row.row, &w), 0);
	text = waiting_text(&v, &w, r->a);
	if (!str_is(text, words))
		fail_msg("\"" STR_FMT "\" instead of \"%s\"", STR_ARG(text),
			words);
	return w;
}

static void nothing_is_in_its_way(void **state)
{
	struct rig *r = *state;
	int64_t id;

	use(r, "", ONE("one", ""));
	id = add(r, PHONE, "bulk");
	(void)look(r, id, "`bantin serve` does not run");
	serve(r, NULL, false);
	(void)look(r, id, "nothing: it leaves next");
}

static void not_due(void **state)
{
	struct rig *r = *state;
	int64_t id;

	use(r, "", ONE("one", ""));
	serve(r, NULL, false);
	id = add(r, PHONE, "reply");
	r->now_ms = T0 - 30 * SECOND;
	(void)look(r, id, "not due until 16:00:00");
	r->now_ms = T0 - 5 * MIN;
	(void)look(r, id, "not due until 16:00");
	r->now_ms = T0 - 24 * HOUR;
	(void)look(r, id, "not due until 6/11 16:00");
}

static void behind_another(void **state)
{
	struct rig *r = *state;
	int64_t first, second, reply;

	use(r, "", ONE("one", ""));
	serve(r, NULL, false);
	first = add(r, PHONE, "bulk");
	second = add(r, PHONE, "bulk");
	reply = add(r, PHONE, "reply");
	(void)look(r, first, "nothing: it leaves next");
	assert_int_equal(
		look(r, second, "behind o1 to the same number").behind, first);
	(void)look(r, reply, "nothing: it leaves next");
}

static void outside_the_window(void **state)
{
	struct rig *r = *state;
	int64_t bulk, reply;

	use(r, "send_window: 07:00-15:00", ONE("one", ""));
	serve(r, NULL, false);
	bulk = add(r, PHONE, "bulk");
	reply = add(r, PHONE, "reply");
	(void)look(r, bulk, "outside the send window until 7/11 07:00");
	(void)look(r, reply, "nothing: it leaves next");
	use(r, "holidays: [2026-11-06, 11-07]", ONE("one", ""));
	(void)look(r, bulk, "a holiday until 8/11 07:00");
}

static void of_no_use(void **state)
{
	struct rig *r = *state;
	int64_t late, lost;

	use(r, "outbox: {bulk_late_h: 2}", ONE("one", ", reaches: ['+84']"));
	serve(r, NULL, false);
	late = add(r, PHONE, "bulk");
	lost = add(r, "+66900000007", "reply");
	(void)look(r, lost,
		"ends as failed at its turn: no channel reaches the number");
	r->now_ms += 3 * HOUR;
	(void)look(r, late,
		"ends as held at its turn: too late to leave by itself");
	r->now_ms += 240 * HOUR;
	(void)look(r, late,
		"ends as expired at its turn: not sent within its time");
}

static void its_channel_is_not_well(void **state)
{
	struct rig *r = *state;
	struct claim_channel down = {
		.probe = true,
		.primed = true,
		.known = {CLAIM_DOWN, T0 + 20 * SECOND},
	};
	struct claim_channel pause = {
		.primed = true,
		.known = {CLAIM_PAUSE, T0 + 90 * MIN},
	};
	int64_t id;

	use(r, "", ONE("one", "") ONE("two", ""));
	id = add(r, PHONE, "reply");
	serve(r, &down, false);
	(void)look(
		r, id, "one: does not answer; it is tried again at 16:00:20");
	serve(r, &pause, false);
	(void)look(r, id, "one: asked for a pause until 17:30");
	/* For so long that the next one takes its texts. */
	serve(r, &down, true);
	assert_true(
		str_is(look(r, id, "nothing: it leaves next").channel, "two"));
}

static void its_channel_has_no_room(void **state)
{
	struct rig *r = *state;
	struct claim_channel second = {
		.primed = true, .room = {.wait_us = 400000}};
	struct claim_channel full = {.primed = true};
	struct claim_channel share = {.primed = true, .room = {.all = 2}};
	int64_t reply, bulk;

	use(r, "", ONE("one", ""));
	reply = add(r, PHONE, "reply");
	bulk = add(r, "+84900000008", "bulk");
	serve(r, &second, false);
	(void)look(r, reply, "one: limit per second reached until 16:00:00");
	serve(r, &full, false);
	(void)look(r, reply, "one: waits for room: others are under way");
	serve(r, &share, false);
	(void)look(r, reply, "nothing: it leaves next");
	(void)look(r, bulk, "one: what is left of its limits is for replies");
}

static void its_channel_sent_all_that_it_may(void **state)
{
	struct rig *r = *state;
	int64_t id;

	use(r, "", ONE("one", ", limits: {per_hour: 3, per_day: 5}"));
	serve(r, NULL, false);
	id = add(r, PHONE, "reply");
	assert_int_equal(usage_add(r->s, STR("one"), T0 - 20 * MIN, 3, 0), 0);
	(void)look(r, id, "one: limit per hour reached until 16:41");
	/* Known without a server, too. */
	jdoc_free(r->channels);
	r->channels = NULL;
	(void)look(r, id, "one: limit per hour reached until 16:41");
	assert_int_equal(usage_add(r->s, STR("one"), T0 - 3 * HOUR, 5, 0), 0);
	r->now_ms += HOUR;
	(void)look(r, id, "one: limit per day reached until 7/11 13:01");
}

/* Others than replies have had three quarters of the hour. */
static void the_share_of_the_hour(void **state)
{
	struct rig *r = *state;
	int64_t reply, bulk;

	use(r, "", ONE("one", ", limits: {per_hour: 4}"));
	serve(r, NULL, false);
	reply = add(r, PHONE, "reply");
	bulk = add(r, "+84900000008", "bulk");
	assert_int_equal(usage_add(r->s, STR("one"), T0 - 20 * MIN, 3, 3), 0);
	(void)look(r, reply, "nothing: it leaves next");
	(void)look(r, bulk,
		"one: what is left of its limits is for replies until 16:41");
}

/* What a process before this one sent may still be on its way. */
static void after_a_restart(void **state)
{
	struct rig *r = *state;
	struct claim_channel fresh = {.room = {.all = 10, .other = 7}};
	int64_t id;

	use(r, "", ONE("one", ", limits: {per_second: 3}"));
	serve(r, &fresh, false);
	id = add(r, PHONE, "reply");
	assert_int_equal(usage_add(r->s, STR("one"), T0 - SECOND, 1, 0), 0);
	(void)look(r, id,
		"one: what was sent before the restart counts until 16:00:01");
	r->now_ms += 2 * SECOND;
	(void)look(r, id, "nothing: it leaves next");
}

/* What was said is what the claim does: the one thing that counts. */
static void the_claim_agrees(void **state)
{
	static const char *const lane[] = {"reply", "urgent", "bulk"};
	static const char *const to[] = {PHONE, "+84900000008", "+66900000007"};
	struct rig *r = *state;
	size_t next = 0;
	struct claim c;

	use(r, "send_window: 07:00-15:00",
		ONE("one", ", reaches: ['+84'], limits: {per_hour: 50}"));
	serve(r, NULL, false);
	for (size_t i = 0; i < 18; i++)
		(void)add(r, to[i % 3], lane[i / 3 % 3]);
	for (int64_t id = 1; id <= 18; id++) {
		struct waiting_view v;
		struct queue_row row;
		struct waiting w;

		waiting_view(&v, r->set, r->channels, r->a, r->now_ms);
		assert_int_equal(queue_row(r->s, id, r->a, &row), 1);
		assert_int_equal(waiting_of(&v, r->s, &row.row, &w), 0);
		next += w.kind == WAITING_NEXT;
	}
	claim_init(&c, r->set, r->a, r->now_ms);
	c.channel[0].room.all = c.channel[0].room.other = 18;
	assert_int_equal(store_begin(r->s), 0);
	assert_int_equal(claim_run(&c, r->s), 0);
	assert_int_equal(store_commit(r->s), 0);
	assert_int_equal(next, 2);
	assert_int_equal(c.channel[0].taken.n, next);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_in_its_way),
		TEST(not_due),
		TEST(behind_another),
		TEST(outside_the_window),
		TEST(of_no_use),
		TEST(its_channel_is_not_well),
		TEST(its_channel_has_no_room),
		TEST(its_channel_sent_all_that_it_may),
		TEST(the_share_of_the_hour),
		TEST(after_a_restart),
		TEST(the_claim_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
