/*
 * guard: who is answered by itself, how often, and how it is told.
 */
#include "tests/unit/intake_rig.h"

#include "gateway/guard.h"
#include "gateway/store/answers.h"
#include "gateway/store/story.h"

static void senders_that_nobody_answers(void **state)
{
	static const struct {
		const char *from;
		enum guard want;
	} t[] = {
		{SECRETARY, GUARD_OPEN}, {STRANGER, GUARD_OPEN},
		{"+4915112345678", GUARD_OPEN}, {"VIETTEL", GUARD_NAME},
		{"VINAPHONEKM", GUARD_NAME}, /* 11 letters, the most */
		{"QC", GUARD_NAME}, {"", GUARD_NAME}, {"195", GUARD_SHORT},
		{"1234567", GUARD_SHORT}, {"18001090", GUARD_NUMBER},
		{"+842435112233", GUARD_NUMBER}, /* no texts go there */
		{"+84888000111", GUARD_OWN},
		{"+84888000222", GUARD_OWN}, /* of the other channel */
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (guard_sender(r->set, str_of(t[i].from)) != t[i].want)
			fail_msg("'%s' is not as it should be", t[i].from);
}

/* A member of the story of the last text; "" where it says nothing. */
static const char *told(struct rig *r, const char *name)
{
	struct jdoc *story = story_of_message(r->s, r->r.id);
	const char *z;

	assert_non_null(story);
	z = arena_z(r->a, jdoc_str(jdoc_at(story, name)));
	jdoc_free(story);
	return z;
}

static void its_story_says_why(void **state)
{
	struct rig *r = *state;

	text(r, SECRETARY, REPORT);
	assert_int_equal(r->r.withheld.n, 0);
	assert_string_equal(told(r, "withheld"), "");
	text(r, "195", "HOP MG07 5/11 47 35 10 2");
	assert_string_equal(told(r, "withheld"),
		"no answer: short codes are not answered: a machine would "
		"answer back");
	assert_true(str_is(r->r.withheld, told(r, "withheld")));
	text(r, STRANGER, "HOP MG07 5/11 47 35 10 2");
	assert_string_equal(told(r, "withheld"), "");
	text(r, STRANGER, "HOP MG07 6/11 47 35 10 2");
	assert_non_null(strstr(told(r, "withheld"), "budget.unknown_per_day"));
}

/* The budget of the rig is three in an hour. */
static void the_same_answer_ends_before_others(void **state)
{
	struct rig *r = *state;
	struct guard_answer a = {
		.config = r->set->config,
		.text = STR("Khong hieu"),
		.known = true,
	};
	struct config *c = r->set->config;
	struct message m;
	int n = 0;

	c->budget.replies_per_hour = 5;
	for (int i = 0; i < 6; i++) {
		m = message_of(r, SECRETARY, "x");
		a.message = &m;
		a.now_ms = EVENING + i * MINUTE;
		n += guard_answer(r->budget, &a) == GUARD_OPEN;
		assert_int_equal(guard_answer(r->budget, &a),
			i < 3 ? GUARD_OPEN : GUARD_SAME);
	}
	assert_int_equal(n, 3);
	a.news = true; /* what was stored is told, however alike */
	assert_int_equal(guard_answer(r->budget, &a), GUARD_OPEN);
	a.message = &(struct message){
		.from = STR(SECRETARY), .provider_id = STR("more")};
	assert_int_equal(guard_answer(r->budget, &a), GUARD_OPEN);
	a.message = &(struct message){
		.from = STR(SECRETARY), .provider_id = STR("too many")};
	assert_int_equal(guard_answer(r->budget, &a), GUARD_HOUR);
	c->budget.replies_per_hour = 0;
	c->budget.same_per_hour = 0;
	a.news = false;
	assert_int_equal(guard_answer(r->budget, &a), GUARD_OPEN);
}

static void forged_senders_are_bounded_together(void **state)
{
	struct rig *r = *state;
	int answered = 0;

	r->set->config->budget.strangers_per_hour = 4;
	for (int i = 0; i < 10; i++) {
		const char *from =
			arena_z(r->a, arena_printf(r->a, "+8491234560%d", i));

		text(r, from, "HOP MG07 5/11 47 35 10 2");
		answered += (int)r->r.queued;
	}
	assert_int_equal(answered, 4);
	assert_non_null(
		strstr(told(r, "withheld"), "budget.strangers_per_hour"));
	text(r, SECRETARY, REPORT); /* who is known does not suffer */
	assert_int_equal(r->r.queued, 1);
}

static void restart(struct rig *r)
{
	budget_free(r->budget);
	r->budget = budget_new();
	assert_int_equal(guard_recall(r->budget, r->s, r->now_ms), 0);
}

static void a_restart_forgets_nothing(void **state)
{
	struct rig *r = *state;

	text(r, STRANGER, "HOP MG07 5/11 47 35 10 2");
	assert_int_equal(r->r.queued, 1);
	for (int i = 0; i < 3; i++) {
		r->now_ms += MINUTE;
		text(r, SECRETARY, "HOP 5/11");
		assert_int_equal(r->r.queued > 0, true);
	}
	restart(r);
	r->now_ms += MINUTE;
	text(r, SECRETARY, "HD");
	assert_int_equal(r->r.queued, 0);
	assert_non_null(strstr(told(r, "withheld"), "budget.replies_per_hour"));
	text(r, STRANGER, "HOP MG07 6/11 47 35 10 2");
	assert_int_equal(r->r.queued, 0);
	r->now_ms = EVENING + HOUR + MINUTE;
	restart(r);
	text(r, SECRETARY, "HD");
	assert_int_equal(r->r.queued, 1);
	text(r, STRANGER, "HOP MG07 7/11 47 35 10 2");
	assert_int_equal(r->r.queued, 0);
	r->now_ms = EVENING + 24 * HOUR;
	restart(r);
	text(r, STRANGER, "HOP MG07 7/11 47 35 10 2");
	assert_int_equal(r->r.queued, 1);
}

static void count_one(void *arg, const struct answer *a)
{
	assert_true(a->to.n > 0 && a->text.n > 0 && a->message_id > 0);
	++*(int *)arg;
}

static int answers(struct rig *r, int64_t since_ms, int64_t max)
{
	int n = 0;
	struct answers_ask ask = {
		.since_ms = since_ms, .max = max, .on = count_one, .arg = &n};

	assert_int_equal(answers_since(r->s, &ask), 0);
	return n;
}

static void only_the_newest_answers_are_read(void **state)
{
	struct rig *r = *state;

	assert_int_equal(answers(r, 0, 100), 0); /* an empty outbox */
	text(r, SECRETARY, REPORT);
	r->now_ms += MINUTE;
	text(r, SECRETARY, "SUA CM36 VP9"); /* and notices */
	r->now_ms += MINUTE;
	text(r, SECRETARY, "SUA CM34 VP11");
	assert_int_equal(answers(r, 0, 100), 3);
	assert_int_equal(answers(r, EVENING, 100), 3);
	assert_int_equal(answers(r, EVENING + 1, 100), 2);
	assert_int_equal(answers(r, EVENING + 3 * MINUTE, 100), 0);
	assert_int_equal(answers(r, 0, 1) <= 1, true);
}

/* Staff of the commune: far more than a subtree ever has. */
static void hire(struct rig *r, int n)
{
	struct buf roles;
	struct diags *d = diags_new();
	struct registry_counts counts;
	struct registry_files f = {
		.units = file(r->a, "tests/data/registry/units.csv"),
		.members = file(r->a, "tests/data/registry/members.csv"),
		.dir = STR("tests/data/registry"),
	};

	buf_init(&roles, 1 << 20);
	buf_put(&roles, file(r->a, "tests/data/registry/roles.csv"));
	for (int i = 0; i < n; i++)
		buf_putf(&roles, "+8490001%04d,staff,MG,,2025-07-01,\n", i);
	f.roles = arena_str(r->a, buf_str(&roles));
	buf_release(&roles);
	assert_int_equal(registry_import(r->s, &f, EVENING, &counts, d), 0);
	diags_free(d);
}

static void all_staff_are_told_within_reason(void **state)
{
	struct rig *r = *state;

	hire(r, 60);
	text(r, SECRETARY, REPORT);
	text(r, SECRETARY, "SUA CM36 VP9");
	assert_true(r->r.queued > 60);
	assert_string_equal(told(r, "withheld"), "");
	hire(r, 600);
	r->now_ms += MINUTE;
	text(r, SECRETARY, "SUA CM34 VP11");
	assert_int_equal(r->r.queued, 501);
	assert_non_null(strstr(told(r, "withheld"), "staff were not told"));
	stored(r, 3, 34, 11);
}

/* The budget of the rig is three answers in an hour. */
static void corrections_without_end_tell_nobody(void **state)
{
	struct rig *r = *state;

	text(r, SECRETARY, REPORT);
	text(r, SECRETARY, "SUA CM36 VP9");
	text(r, SECRETARY, "SUA CM34 VP11");
	assert_true(r->r.queued > 1); /* an answer, and the staff */
	text(r, SECRETARY, "SUA CM33 VP12");
	assert_int_equal(r->r.queued, 0);
	assert_non_null(strstr(told(r, "withheld"), "of the staff were not"));
	assert_null(strstr(told(r, "withheld"), "more than"));
	stored(r, 4, 33, 12);
	r->now_ms += HOUR + MINUTE;
	text(r, SECRETARY, "SUA CM32 VP13");
	assert_true(r->r.queued > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(senders_that_nobody_answers),
		TEST(its_story_says_why),
		TEST(the_same_answer_ends_before_others),
		TEST(forged_senders_are_bounded_together),
		TEST(a_restart_forgets_nothing),
		TEST(only_the_newest_answers_are_read),
		TEST(all_staff_are_told_within_reason),
		TEST(corrections_without_end_tell_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
