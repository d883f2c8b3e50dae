/*
 * Led conversations by SMS through the store: what is a step, what a text that
 * is delivered twice does, and what the rows say of it.
 */
#include "tests/unit/intake_rig.h"

#include "gateway/store/story.h"

static int set_up_talkative(void **state)
{
	struct err err = {""};
	struct rig *r;

	assert_int_equal(set_up(state), 0);
	r = *state;
	return config_set(r->set->config, STR("budget.replies_per_hour"),
		STR("60"), &err);
}

/* The text some seconds later, and what it causes leaves. */
static void say(struct rig *r, int64_t seconds, const char *what)
{
	r->now_ms += seconds * 1000;
	text(r, SECRETARY, what);
	r->now_ms += 500;
	take(r);
}

static bool answered(const struct rig *r, const char *what)
{
	return holds(taken(r, SECRETARY), what);
}

static void test_steps(void **state)
{
	static const char *const typed[] = {"menu", "1", "2", "47", "35", "10"};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		say(r, 60, typed[i]);
	assert_true(answered(r, "VK"));
	stored(r, 0, 0, 0);
	say(r, 60, "2");
	assert_true(answered(r, "MG07 5/11: TS47 CM35 VP10 VK2"));
	stored(r, 1, 35, 10);
}

/* One SMS under two ids is one answer, though the figure would fit the next
 * screen, too; the same figure from somebody who has read that is the next. */
static void test_delivered_twice(void **state)
{
	struct rig *r = *state;
	struct message m;

	say(r, 60, "MENU");
	say(r, 60, "1");
	assert_true(answered(r, "Ngay hop"));
	r->now_ms += 1500;
	m = message_of(r, SECRETARY, "1");
	handle(r, &m);
	assert_int_equal(r->r.put, INBOUND_DUPLICATE);
	take(r);
	assert_null(taken(r, SECRETARY));
	say(r, 4, "1");
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_true(answered(r, "TS"));
}

/* Sent before the screen was: no answer to it. */
static void test_crossed(void **state)
{
	struct rig *r = *state;
	struct message m;

	say(r, 60, "MENU");
	m = message_of(r, SECRETARY, "2");
	say(r, 60, "1");
	assert_true(answered(r, "Ngay hop"));
	handle(r, &m);
	take(r);
	assert_false(answered(r, "TS"));
	say(r, 60, "2");
	assert_true(answered(r, "TS"));
}

static void test_rows(void **state)
{
	struct rig *r = *state;
	struct jdoc *story;
	struct message m;
	int64_t hops = 0;

	say(r, 60, "MENU");
	story = story_of_message(r->s, r->r.id);
	assert_null(jdoc_at(story, "intent"));
	assert_true(str_is(jdoc_str(jdoc_at(story, "session.way")), "sms"));
	jdoc_free(story);
	say(r, 60, "1");
	say(r, 60, "2");
	say(r, 60, "47");
	say(r, 60, "35");
	say(r, 60, "10");
	r->now_ms += MINUTE;
	m = message_of(r, SECRETARY, "2");
	handle(r, &m);
	story = story_of_message(r->s, r->r.id);
	assert_true(str_is(jdoc_str(jdoc_at(story, "text")),
		"HOP MG07 5/11 TS47 CM35 VP10 VK2"));
	assert_true(jdoc_int(jdoc_at(story, "session.hops"), &hops));
	assert_int_equal(hops, 7);
	jdoc_free(story);
	handle(r, &m);
	assert_int_equal(r->r.put, INBOUND_REPEAT);
	take(r);
	assert_int_equal(r->out_n, 1);
	stored(r, 1, 35, 10);
}

/* A stranger's MENU is a text like any other of theirs. */
static void test_stranger(void **state)
{
	struct rig *r = *state;

	r->now_ms += MINUTE;
	text(r, STRANGER, "MENU");
	take(r);
	assert_true(holds(taken(r, STRANGER), "Khong nhan tin tu so nay"));
	assert_int_equal(r->r.problem, PROBLEM_SENDER_UNKNOWN);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up_talkative, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_steps),
		T(test_delivered_twice),
		T(test_crossed),
		T(test_rows),
		T(test_stranger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
