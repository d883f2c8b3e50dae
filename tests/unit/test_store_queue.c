/*
 * queue: which texts a person may queue again or cancel, what that makes of
 * them and of their question, and what late reports do afterwards.
 */
#include "gateway/store/queue.h"
#include "tests/unit/delivery_rig.h"

#include <string.h>

#define HOUR INT64_C(3600000)

static const struct queue_act act = {
	.now_ms = NOW + 2 * HOUR,
	.reply_valid_ms = 24 * HOUR,
	.other_valid_ms = 72 * HOUR,
	.question_ms = 12 * HOUR,
};

static struct queue_row row_of(struct fixture *f, int64_t id)
{
	struct queue_row r;

	assert_int_equal(queue_row(f->s, id, f->a, &r), 1);
	return r;
}

/* By which providers know it. */
static struct str name_of(struct fixture *f, int64_t id)
{
	struct queue_row r = row_of(f, id);

	return own_id_text(&r.row, f->a);
}

static void exec(struct fixture *f, const char *sql)
{
	assert_int_equal(
		sqlite3_exec(f->s->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* A text that has got to a state, whichever way. */
static int64_t add_in(struct fixture *f, enum outbox_state state)
{
	int64_t id = add(f, "reply");

	exec(f, arena_printf(f->a,
			"UPDATE outbox SET state = '%s', attempts = 3, "
			"bound = 1, planned_at = 5, why = 'so' "
			"WHERE id = %lld%c",
			outbox_state_str(state), (long long)id, '\0')
			.p);
	return id;
}

static const char twice[] = "it may have been sent, and would then arrive "
			    "twice; --yes queues it all the same";

static void test_what_may_be_requeued(void **fixture)
{
	static const char *const refused[OUTBOX_STATE_N] = {
		[OUTBOX_QUEUED] = "it is queued already",
		[OUTBOX_SENDING] = "it is being sent at this moment",
		[OUTBOX_SENT] = "it was sent; its provider has it",
		[OUTBOX_DELIVERED] = "it was delivered",
		[OUTBOX_UNSURE] = twice,
	};
	struct fixture *f = *fixture;
	struct queue_done done;

	for (int s = 0; s < OUTBOX_STATE_N; s++) {
		int64_t id = add_in(f, (enum outbox_state)s);
		struct outbox_row row;

		assert_int_equal(queue_requeue(f->s, id, &act, &done), 0);
		assert_int_equal(done.before, s);
		row = row_of(f, id).row;
		if (refused[s] != NULL) {
			assert_string_equal(done.refused, refused[s]);
			assert_int_equal(row.state, s);
			continue;
		}
		assert_null(done.refused);
		assert_int_equal(row.state, OUTBOX_QUEUED);
		assert_int_equal(row.attempts, 0);
		assert_int_equal(row.due_at, act.now_ms);
		assert_int_equal(row.planned_at, act.now_ms);
		assert_int_equal(row.valid_until, act.now_ms + 24 * HOUR);
		assert_false(row.bound);
	}
	assert_int_equal(queue_requeue(f->s, 4711, &act, &done), 0);
	assert_string_equal(done.refused, "there is no such text");
}

static void test_unsure_by_intent(void **fixture)
{
	struct fixture *f = *fixture;
	struct queue_act insist = act;
	int64_t id = add_in(f, OUTBOX_UNSURE);
	struct queue_done done;

	insist.twice = true;
	assert_int_equal(queue_requeue(f->s, id, &insist, &done), 0);
	assert_null(done.refused);
	assert_int_equal(row_of(f, id).row.state, OUTBOX_QUEUED);
}

static void test_what_may_be_cancelled(void **fixture)
{
	struct fixture *f = *fixture;
	struct queue_done done;

	for (int s = 0; s < OUTBOX_STATE_N; s++) {
		int64_t id = add_in(f, (enum outbox_state)s);
		bool may = s == OUTBOX_QUEUED || s == OUTBOX_HELD ||
			   s == OUTBOX_UNSURE || s == OUTBOX_FAILED;

		assert_int_equal(queue_cancel(f->s, id, &act, &done), 0);
		assert_int_equal(done.before, s);
		assert_int_equal(done.refused == NULL, may);
		assert_int_equal(
			row_of(f, id).row.state, may ? OUTBOX_EXPIRED : s);
		if (may)
			SAME(row_of(f, id).why, "cancelled by hand");
	}
}

static void test_an_act_is_in_the_story(void **fixture)
{
	struct fixture *f = *fixture;
	int64_t id = add_in(f, OUTBOX_FAILED);
	struct queue_done done;
	struct jdoc *story;

	assert_int_equal(queue_requeue(f->s, id, &act, &done), 0);
	assert_int_equal(queue_cancel(f->s, id, &act, &done), 0);
	story = story_of_outbox(f->s, id);
	SAME(jdoc_str(jdoc_at(story, "tries[0].verdict")), "requeued");
	SAME(jdoc_str(jdoc_at(story, "tries[0].why")),
		"by the operator; it was failed: so");
	SAME(jdoc_str(jdoc_at(story, "tries[1].verdict")), "cancelled");
	SAME(jdoc_str(jdoc_at(story, "tries[1].at")),
		"2026-11-06T14:30:00.000Z");
	jdoc_free(story);
}

static void test_of_no_use_any_more(void **fixture)
{
	struct fixture *f = *fixture;
	int64_t id = add_in(f, OUTBOX_FAILED);
	struct queue_done done;

	exec(f, "UPDATE outbox SET lane = 'bulk'");
	exec(f, "UPDATE contact SET opted_out = 1 WHERE phone = '" MEMBER "'");
	assert_int_equal(queue_requeue(f->s, id, &act, &done), 0);
	assert_string_equal(done.refused, "the recipient wants no more texts");
	exec(f, "UPDATE outbox SET lane = 'reply', needs = 'question'");
	assert_int_equal(queue_requeue(f->s, id, &act, &done), 0);
	assert_string_equal(
		done.refused, "the question was settled, or asked anew");
	assert_int_equal(row_of(f, id).row.state, OUTBOX_FAILED);
}

/* A question counts from when it was sent: it waits for answers anew. */
static void test_its_question(void **fixture)
{
	struct fixture *f = *fixture;
	int64_t id = add_in(f, OUTBOX_EXPIRED);
	struct queue_done done;
	struct sql_run q;

	exec(f, "UPDATE outbox SET needs = 'question'");
	exec(f, arena_printf(f->a,
			"INSERT INTO pending (outbox, phone, question, "
			"member_no, tries, created_at, expires_at) VALUES "
			"(%lld, '" MEMBER "', 'missing', 0, 0, 1, 2)%c",
			(long long)id, '\0')
			.p);
	assert_int_equal(queue_requeue(f->s, id, &act, &done), 0);
	assert_null(done.refused);
	q = sql_start(f->s, SQL_STORY_PENDING);
	sql_int(&q, id);
	assert_int_equal(sql_next(&q), 1);
	assert_int_equal(sql_get_int(&q, 3), act.now_ms + 12 * HOUR);
	sql_stop(&q);
	assert_int_equal(claim(f, 2 * HOUR), 1);
}

static struct delivery_result report_of(
	struct fixture *f, struct str own, enum delivery_says says)
{
	const struct delivery_report r = {
		.channel = STR("demo"),
		.own = own,
		.event = arena_printf(f->a, "e%d", ++f->messages),
		.says = says,
		.at = NOW + 600,
	};
	struct delivery_result told;

	assert_int_equal(delivery_take(f->s, &r, &told), 0);
	return told;
}

/* Its provider knows the old name, and would say that it has it already. */
static void test_taken_and_failed_leaves_under_a_new_name(void **fixture)
{
	struct fixture *f = *fixture;
	int64_t refused = add(f, "reply"), failed;
	struct str before, after;
	struct queue_done done;

	assert_int_equal(claim(f, 0), 1);
	(void)answer(f, refused, OUTBOX_FAILED, NULL, 0);
	failed = add(f, "reply");
	assert_int_equal(claim(f, 0), 1);
	(void)answer(f, failed, OUTBOX_SENT, "ref", 1);
	before = name_of(f, failed);
	assert_int_equal(report_of(f, before, DELIVERY_SAYS_FAILED).after,
		OUTBOX_FAILED);
	assert_int_equal(queue_requeue(f->s, refused, &act, &done), 0);
	assert_int_equal(queue_requeue(f->s, failed, &act, &done), 0);
	assert_int_equal(row_of(f, refused).row.again, 0);
	after = name_of(f, failed);
	assert_true(str_starts(after, before) && str_ends(after, STR("-1")));

	/* Old news does not fail it, before it leaves, while, or after. */
	assert_int_equal(report_of(f, before, DELIVERY_SAYS_FAILED).after,
		OUTBOX_QUEUED);
	assert_int_equal(claim(f, 2 * HOUR), 1);
	(void)answer(f, refused, OUTBOX_SENT, "r1", 1);
	assert_int_equal(claim(f, 2 * HOUR), 1);
	assert_int_equal(
		answer(f, failed, OUTBOX_SENT, "r2", 1).after, OUTBOX_SENT);
	/* Its own failure does, and the arrival of either counts. */
	assert_int_equal(
		report_of(f, after, DELIVERY_SAYS_FAILED).after, OUTBOX_FAILED);
	assert_int_equal(report_of(f, before, DELIVERY_SAYS_DELIVERED).after,
		OUTBOX_DELIVERED);
}

/* An arrival is told also of what was cancelled; a failure changes nothing. */
static void test_reports_of_what_was_cancelled(void **fixture)
{
	struct fixture *f = *fixture;
	int64_t id = add_in(f, OUTBOX_UNSURE);
	struct str own = name_of(f, id);
	struct queue_done done;

	assert_int_equal(queue_cancel(f->s, id, &act, &done), 0);
	assert_int_equal(
		report_of(f, own, DELIVERY_SAYS_FAILED).after, OUTBOX_EXPIRED);
	assert_int_equal(report_of(f, own, DELIVERY_SAYS_DELIVERED).after,
		OUTBOX_DELIVERED);
}

static void test_pages(void **fixture)
{
	struct fixture *f = *fixture;
	struct queue_filter q = {.state = OUTBOX_FAILED};
	struct queue_page page;
	int64_t n;

	for (int i = 0; i < 5; i++)
		(void)add_in(f, OUTBOX_FAILED);
	(void)add(f, "bulk");
	assert_int_equal(queue_count(f->s, &q, &n), 0);
	assert_int_equal(n, 5);
	assert_int_equal(queue_page(f->s, &q, 3, f->a, &page), 0);
	assert_int_equal(page.n, 3);
	q.after = page.v[2].row.id;
	assert_int_equal(queue_page(f->s, &q, 3, f->a, &page), 0);
	assert_int_equal(page.n, 2);
	q = (struct queue_filter){.state = OUTBOX_QUEUED};
	assert_int_equal(queue_count(f->s, &q, &n), 0);
	assert_int_equal(n, 1);
	q.lane = STR("reply");
	assert_int_equal(queue_count(f->s, &q, &n), 0);
	assert_int_equal(n, 0);
	q = (struct queue_filter){.to = STR(MEMBER), .channel = STR("demo")};
	assert_int_equal(queue_count(f->s, &q, &n), 0);
	assert_int_equal(n, 1);
	q.to = STR(STRANGER);
	assert_int_equal(queue_count(f->s, &q, &n), 0);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_may_be_requeued),
		TEST(test_unsure_by_intent),
		TEST(test_what_may_be_cancelled),
		TEST(test_an_act_is_in_the_story),
		TEST(test_of_no_use_any_more),
		TEST(test_its_question),
		TEST(test_taken_and_failed_leaves_under_a_new_name),
		TEST(test_reports_of_what_was_cancelled),
		TEST(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
