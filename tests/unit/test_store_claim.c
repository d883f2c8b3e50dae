/*
 * outbox_claim: whose turn it is, what is of no use any more, clocks that are
 * set back, and texts that one channel refused.
 */
#include "tests/unit/outbox_rig.h"

/* Whoever was served last comes last; of two, who was served longer ago. */
static void test_recipients_take_turns(void **state)
{
	struct fixture *f = *state;
	const uint64_t served[] = {
		str_hash(STR("+84900000002")), str_hash(STR("+84900000001"))};
	struct outbox_claim c = {.max = 2, .served = served, .served_n = 2};

	(void)add_to(f, "+84900000001", "reply");
	(void)add_to(f, "+84900000001", "reply");
	(void)add_to(f, "+84900000002", "reply");
	(void)add_to(f, "+84900000003", "reply");
	assert_string_equal(claim_with(f, c, 0), "4 3");
	assert_string_equal(claim_with(f, c, 0), "1");
}

/* Replies may use all of it, the others their share; some turns are theirs. */
static void test_shares_and_turns(void **state)
{
	struct fixture *f = *state;
	struct outbox_claim c = {.window_open = true, .max = 4, .replies = 2};

	for (int i = 1; i <= 6; i++)
		(void)add_to(f, arena_printf(f->a, "+8490000000%d%c", i, 0).p,
			i <= 3 ? "bulk" : "reply");
	mark(f);
	assert_string_equal(claim_with(f, c, 0), "4 5 6 1");
	assert_string_equal(claim_with(f, c, 0), "2 3");
	back(f);
	c.max = 1;
	c.replies = 0;
	c.other_turn = 1;
	assert_string_equal(claim_with(f, c, 0), "1");
	c.other_turn = 0;
	assert_string_equal(claim_with(f, c, 0), "4");
	c.max = 2;
	c.replies = 2;
	assert_string_equal(claim_with(f, c, 0), "5 6");
	assert_string_equal(claim_with(f, c, 0), "");
}

static void sql(struct fixture *f, const char *text)
{
	assert_int_equal(
		sqlite3_exec(f->s->db, text, NULL, NULL, NULL), SQLITE_OK);
}

/* What is of no use any more does not leave, and says why. */
static void test_relevance(void **state)
{
	struct fixture *f = *state;
	struct outbox_row asks = row_to("+84900000003", "reply");

	sql(f, "UPDATE contact SET opted_out = 1 "
	       "WHERE phone = '+84900000102'");
	(void)add_to(f, MEMBER, "bulk");
	(void)add_to(f, MEMBER, "reply");
	asks.needs = STR("question");
	(void)add(f, &asks);
	asks.to = STR("+84900000004");
	(void)add(f, &asks);
	sql(f, "INSERT INTO pending (outbox, phone, question, member_no, "
	       "tries, created_at, expires_at) "
	       "VALUES (4, '+84900000004', 'missing', 0, 0, 0, 9e15)");
	asks.needs = STR("meeting");
	asks.to = STR("+84900000005");
	asks.needs_id = 77;
	(void)add(f, &asks);
	assert_string_equal(claim(f, 0), "2 4");
	finish(f, 2, OUTBOX_SENT, 10);
	assert_string_equal(claim(f, 20), "");
	assert_state(f, 1, "expired");
	assert_state(f, 3, "expired");
	assert_state(f, 5, "expired");
}

/* Made by a clock that was an hour ahead; one for a time of its own. */
static void test_clock_set_back(void **state)
{
	struct fixture *f = *state;
	struct outbox_row row = row_to("+84900000001", "reply");

	row.created_at = row.due_at = NOW + 3600000;
	row.valid_until = NOW + 7200000;
	(void)add(f, &row);
	row = row_to("+84900000002", "bulk");
	row.due_at = NOW + 5000000; /* planned: it stays so */
	row.valid_until = NOW + 7200000;
	(void)add(f, &row);
	assert_string_equal(claim(f, 0), "");
	assert_int_equal(outbox_clock_back(f->s, NOW, 60000), 0);
	assert_string_equal(claim(f, 0), "1");
	/* a next try that is further away than a next try may be */
	finish(f, 1, OUTBOX_QUEUED, 3600000);
	assert_int_equal(outbox_clock_back(f->s, NOW, 60000), 0);
	assert_string_equal(claim(f, 59999), "");
	assert_string_equal(claim(f, 60000), "1");
	assert_string_equal(claim(f, 4999999), "");
	assert_string_equal(claim(f, 5000000), "2");
}

/* Refused for good: each of the others once, then it has failed. */
static void test_passed_on(void **state)
{
	static const struct str two[] = {{"two", 3}};
	struct fixture *f = *state;
	enum outbox_state became;
	struct jdoc *story;
	struct outbox_result r = {
		.id = 1,
		.state = OUTBOX_FAILED,
		.channel = STR("demo"),
		.others = two,
		.others_n = 1,
		.became = &became,
		.at_ms = NOW,
	};

	(void)add_to(f, MEMBER, "bulk");
	(void)claim(f, 0);
	assert_int_equal(outbox_result(f->s, &r), 0);
	assert_int_equal(became, OUTBOX_QUEUED);
	assert_string_equal(claim_with(f,
				    (struct outbox_claim){.window_open = true,
					    .channels = two,
					    .channels_n = 1},
				    1),
		"1");
	r.channel = STR("two");
	r.others = &(struct str){"demo", 4};
	assert_int_equal(outbox_result(f->s, &r), 0);
	assert_int_equal(became, OUTBOX_FAILED);
	assert_state(f, 1, "failed");
	story = story_of_outbox(f->s, 1);
	SAME(jdoc_str(jdoc_at(story, "channel")), "two"); /* the last one */
	jdoc_free(story);
}

static void hold(
	void *arg, const struct outbox_row *row, struct outbox_decision *ret)
{
	(void)arg;
	(void)row;
	*ret = (struct outbox_decision){
		.fate = OUTBOX_END, .state = OUTBOX_HELD, .why = "late"};
}

/* What may have been sent is for a person, however it ends. */
static void test_maybe_sent_is_unsure(void **state)
{
	struct fixture *f = *state;
	struct outbox_claim c = {.window_open = true, .decide = hold};

	(void)add_to(f, "+84900000001", "bulk");
	(void)add_to(f, "+84900000002", "bulk");
	sql(f, "UPDATE outbox SET bound = 1 WHERE id = 1");
	mark(f);
	assert_string_equal(claim(f, 3600000), "");
	assert_state(f, 1, "unsure");
	assert_state(f, 2, "expired");
	back(f);
	assert_string_equal(claim_with(f, c, 0), "");
	assert_state(f, 1, "unsure");
	assert_state(f, 2, "held");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_recipients_take_turns),
		TEST(test_shares_and_turns),
		TEST(test_relevance),
		TEST(test_clock_set_back),
		TEST(test_passed_on),
		TEST(test_maybe_sent_is_unsure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
