/*
 * Delivery reports: matching by both ids, parking and its end, what must not
 * be sent again, and what questions and stories make of them.
 */
#include "tests/unit/delivery_rig.h"

#include <stdio.h>

#define NOBODY "+84900000999"

/* ---- which text ---- */

static void test_names(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct str own = own_of(f, id);
	const struct {
		const char *channel, *ref, *own, *to;
		enum delivery_fate fate;
	} t[] = {
		{"demo", "their-1", NULL, NULL, DELIVERY_KEPT},
		{"demo", "their-1", NULL, MEMBER, DELIVERY_KEPT},
		{"demo", "their-1", NULL, NOBODY, DELIVERY_PARKED},
		{"other", "their-1", NULL, MEMBER, DELIVERY_PARKED},
		{"demo", "their-2", NULL, MEMBER, DELIVERY_PARKED},
		{"demo", NULL, arena_z(f->a, own), MEMBER, DELIVERY_KEPT},
		{"other", NULL, arena_z(f->a, own), MEMBER, DELIVERY_KEPT},
		{"demo", NULL, arena_z(f->a, own), NOBODY, DELIVERY_PARKED},
		{"demo", "their-1", "o77.1", NULL, DELIVERY_KEPT},
		{"demo", NULL, "o1.1", NULL, DELIVERY_PARKED},
		{"demo", NULL, "m1:reply:0.1", NULL, DELIVERY_PARKED},
		{"demo", NULL, NULL, MEMBER, DELIVERY_ORPHAN},
		{"demo", "", "", MEMBER, DELIVERY_ORPHAN},
	};

	assert_int_equal(claim(f, 0), 1);
	(void)answer(f, id, OUTBOX_SENT, "their-1", 1);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct delivery_report r =
			report(f, id, DELIVERY_SAYS_DELIVERED);

		r.channel = str_of(t[i].channel);
		r.ref = str_of(t[i].ref);
		r.own = str_of(t[i].own);
		r.to = str_of(t[i].to);
		mark(f);
		assert_int_equal(take(f, &r).fate, t[i].fate);
		assert_string_equal(state_of(f, id),
			t[i].fate == DELIVERY_KEPT ? "delivered" : "sent");
		back(f);
	}
}

static void test_own_ids(void **unused)
{
	static const struct {
		const char *text, *key;
		int64_t id, created_at;
		int rc;
	} t[] = {
		{"o7.1a2b", "", 7, 0x1a2b, 0},
		{"m17:reply:0.1a2b", "m17:reply:0", 0, 0x1a2b, 0},
		{"run.1.ff", "run.1", 0, 0xff, 0},
		{"o7.1a2b-1", "", 7, 0x1a2b, 0},
		{"m17:reply:0.1a2b-12", "m17:reply:0", 0, 0x1a2b, 0},
		{"o7.1a2b-", "", 0, 0, -1},
		{"o7.1a2b-0", "", 0, 0, -1},
		{"o7.-1", "", 0, 0, -1},
		{"o.ff", "o", 0, 0xff, 0},
		{"o-7.ff", "o-7", 0, 0xff, 0},
		{"", "", 0, 0, -1},
		{".", "", 0, 0, -1},
		{".ff", "", 0, 0, -1},
		{"o7", "", 0, 0, -1},
		{"o7.", "", 0, 0, -1},
		{"o7.FF", "", 0, 0, -1},
		{"o7.0123456789abcdef", "", 0, 0, -1},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct own_id own;

		assert_int_equal(own_id_read(str_of(t[i].text), &own), t[i].rc);
		if (t[i].rc != 0)
			continue;
		assert_int_equal(own.id, t[i].id);
		assert_int_equal(own.created_at, t[i].created_at);
		SAME(own.key, t[i].key);
	}
}

/* ---- early, late, too many ---- */

static struct delivery_report by_ref(
	struct fixture *f, const char *ref, enum delivery_says says)
{
	struct delivery_report r = report(f, 0, says);

	r.own = (struct str){NULL, 0};
	r.ref = str_of(ref);
	return r;
}

static void test_parked_until_the_answer(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct delivery_report r = by_ref(f, "r1", DELIVERY_SAYS_DELIVERED);
	struct delivery_result told;

	assert_int_equal(claim(f, 0), 1);
	assert_int_equal(take(f, &r).fate, DELIVERY_PARKED);
	assert_int_equal(take(f, &r).fate, DELIVERY_PARKED);
	assert_int_equal(count(f, "SELECT count(*) FROM report_parked"), 1);
	assert_string_equal(state_of(f, id), "sending");
	told = answer(f, id, OUTBOX_SENT, "r1", 1);
	assert_int_equal(told.after, OUTBOX_DELIVERED);
	assert_string_equal(state_of(f, id), "delivered");
	assert_string_equal(column(f, id, "reported[0].matched_at"),
		"2026-11-06T12:30:00.500Z");
	assert_int_equal(count(f, "SELECT count(*) FROM report_parked"), 0);
	assert_int_equal(take(f, &r).fate, DELIVERY_REPEATED);
}

static size_t reap(
	struct fixture *f, int64_t after_ms, struct delivery_reaped *ret)
{
	const struct delivery_reaping due = {
		.now_ms = NOW + after_ms, .park_ms = 600000, .max = 2};

	assert_int_equal(delivery_reap(f->s, &due, f->a, ret), 0);
	return ret->n;
}

static void test_orphans(void **unused)
{
	struct fixture *f = *unused;
	struct delivery_reaped out;
	struct delivery_report r;

	for (int i = 0; i < 3; i++) {
		r = by_ref(f, arena_printf(f->a, "r%d%c", i, '\0').p,
			DELIVERY_SAYS_FAILED);
		r.at = NOW + i;
		assert_int_equal(take(f, &r).fate, DELIVERY_PARKED);
	}
	assert_int_equal(reap(f, 599999, &out), 0);
	assert_int_equal(reap(f, 600000, &out), 1);
	assert_int_equal(out.results[0].fate, DELIVERY_ORPHAN);
	SAME(out.reports[0].ref, "r0");
	assert_int_equal(reap(f, 700000, &out), 2);
	assert_int_equal(reap(f, 700000, &out), 0);
	/* the clock was set back: not for a year, and nobody behind it */
	assert_int_equal(take(f, &r).fate, DELIVERY_PARKED);
	assert_int_equal(reap(f, -599998, &out), 0);
	assert_int_equal(reap(f, -599999, &out), 1);
}

/* The answer was lost with the process, and a person wrote the id in. */
static void test_matched_by_the_reaper(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct delivery_report r = by_ref(f, "r1", DELIVERY_SAYS_DELIVERED);
	struct delivery_reaped out;

	assert_int_equal(take(f, &r).fate, DELIVERY_PARKED);
	assert_int_equal(sqlite3_exec(f->s->db,
				 "UPDATE outbox SET state = 'unsure', "
				 "provider_ref = 'r1'",
				 NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(reap(f, 700000, &out), 1);
	assert_int_equal(out.results[0].fate, DELIVERY_KEPT);
	assert_int_equal(out.results[0].after, OUTBOX_DELIVERED);
	assert_string_equal(state_of(f, id), "delivered");
}

static void test_parked_ones_are_capped(void **unused)
{
	struct fixture *f = *unused;
	struct delivery_report r = by_ref(f, "r", DELIVERY_SAYS_SENT);

	for (int i = 0; i < DELIVERY_PARKED_MAX; i++) {
		char ref[16];

		snprintf(ref, sizeof(ref), "r%d", i);
		r.ref = str_of(ref);
		assert_int_equal(take(f, &r).dropped, 0);
	}
	r.ref = STR("one more");
	assert_int_equal(take(f, &r).dropped, 1);
	assert_int_equal(count(f, "SELECT count(*) FROM report_parked"),
		DELIVERY_PARKED_MAX);
	assert_int_equal(
		count(f, "SELECT count(*) FROM report_parked WHERE ref = 'r0'"),
		0);
}

static void test_kept_ones_are_capped(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct delivery_report r = report(f, id, DELIVERY_SAYS_UNKNOWN);

	assert_int_equal(claim(f, 0), 1);
	for (int i = 0; i < DELIVERY_REPORTS_MAX + 10; i++) {
		r.event = arena_printf(f->a, "e%d", i);
		assert_int_equal(take(f, &r).after, OUTBOX_SENDING);
	}
	assert_int_equal(count(f, "SELECT count(*) FROM outbox_report"),
		DELIVERY_REPORTS_MAX);
	assert_int_equal(
		say(f, id, DELIVERY_SAYS_DELIVERED).after, OUTBOX_DELIVERED);
	assert_string_equal(state_of(f, id), "delivered");
}

/* ---- what must not be sent again, and what may ---- */

static void recover(struct fixture *f)
{
	struct outbox_recovered moved;

	assert_int_equal(outbox_recover(f->s, NOW + 1000, NULL, 0, &moved), 0);
}

static void test_a_report_stops_the_next_try(void **unused)
{
	static const enum delivery_says says[] = {DELIVERY_SAYS_SENT,
		DELIVERY_SAYS_DELIVERED, DELIVERY_SAYS_FAILED};
	struct fixture *f = *unused;

	for (size_t i = 0; i < 3; i++) {
		int64_t id;

		mark(f); /* a time-out, and the next try is due later */
		id = add(f, "reply");
		assert_int_equal(claim(f, 0), 1);
		(void)answer(f, id, OUTBOX_QUEUED, NULL, 1);
		(void)say(f, id, says[i]);
		assert_int_equal(claim(f, 10000), 0);
		back(f);
		mark(f); /* the process died; requeued, or not looked at yet */
		id = add(f, "reply");
		assert_int_equal(claim(f, 0), 1);
		recover(f);
		(void)say(f, id, says[i]);
		recover(f);
		assert_int_equal(claim(f, 10000), 0);
		back(f);
		mark(f); /* the report came before the answer: a time-out */
		id = add(f, "reply");
		assert_int_equal(claim(f, 0), 1);
		(void)say(f, id, says[i]);
		(void)answer(f, id, OUTBOX_QUEUED, NULL, 1);
		assert_int_equal(claim(f, 10000), 0);
		back(f);
	}
}

/* A failure of the first attempt is none of the second, made by hand. */
static void test_a_failure_counts_for_its_attempt(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "bulk");

	assert_int_equal(claim(f, 0), 1);
	(void)answer(f, id, OUTBOX_SENT, "r1", 1);
	(void)say(f, id, DELIVERY_SAYS_FAILED);
	assert_string_equal(state_of(f, id), "failed");
	set_state(f, id, "queued");
	assert_int_equal(claim(f, 0), 1);
	assert_int_equal(
		answer(f, id, OUTBOX_SENT, "r2", 1).after, OUTBOX_SENT);
	assert_string_equal(state_of(f, id), "sent");
	(void)say(f, id, DELIVERY_SAYS_SENT);
	assert_string_equal(state_of(f, id), "sent");
}

/* ---- questions ---- */

static void ask(struct fixture *f, int64_t outbox)
{
	struct str sql = arena_printf(f->a,
		"INSERT INTO pending (outbox, phone, question, member_no, "
		"tries, created_at, expires_at) VALUES (%lld, '" MEMBER
		"', 'invite', 0, 0, %lld, %lld)%c",
		(long long)outbox, (long long)NOW, (long long)(NOW + 86400000),
		'\0');

	assert_int_equal(
		sqlite3_exec(f->s->db, sql.p, NULL, NULL, NULL), SQLITE_OK);
}

static size_t questions(struct fixture *f, int64_t after_ms)
{
	struct message m = text_of(f, MEMBER, "1", after_ms);

	load(f, &m, NULL);
	return f->c.pending_n;
}

static void test_questions_count_from_sent(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct delivery_report r = report(f, id, DELIVERY_SAYS_SENT);

	ask(f, id);
	assert_int_equal(claim(f, 0), 1);
	assert_int_equal(questions(f, 5000), 0);
	r.said_at = NOW + 400; /* the report came at 700 */
	(void)take(f, &r);
	assert_int_equal(questions(f, 400), 0);
	assert_int_equal(questions(f, 401), 1);
	(void)answer(f, id, OUTBOX_SENT, NULL, 1);
	assert_int_equal(questions(f, 401), 1);
	mark(f);
	(void)say(f, id, DELIVERY_SAYS_DELIVERED);
	assert_int_equal(questions(f, 5000), 1);
	back(f);
	(void)say(f, id, DELIVERY_SAYS_FAILED);
	assert_int_equal(questions(f, 5000), 0);
}

static void test_why_tells_reports(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct delivery_report r = report(f, id, DELIVERY_SAYS_FAILED);

	assert_int_equal(claim(f, 0), 1);
	(void)answer(f, id, OUTBOX_SENT, "r1", 2);
	r.said = STR("sms:failed: No service");
	r.said_at = NOW + 600;
	r.part = 2;
	r.parts = 2;
	(void)take(f, &r);
	assert_string_equal(column(f, id, "why"), "sms:failed: No service");
	assert_string_equal(
		column(f, id, "reported[0].said"), "sms:failed: No service");
	assert_string_equal(column(f, id, "reported[0].state"), "failed");
	assert_string_equal(column(f, id, "reported[0].part"), "2");
	assert_string_equal(column(f, id, "reported[0].parts"), "2");
	assert_string_equal(column(f, id, "reported[0].said_at"),
		"2026-11-06T12:30:00.600Z");
	assert_string_equal(column(f, id, "reported[0].matched_at"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names),
		cmocka_unit_test(test_own_ids),
		TEST(test_parked_until_the_answer),
		TEST(test_orphans),
		TEST(test_matched_by_the_reaper),
		TEST(test_parked_ones_are_capped),
		TEST(test_kept_ones_are_capped),
		TEST(test_a_report_stops_the_next_try),
		TEST(test_a_failure_counts_for_its_attempt),
		TEST(test_questions_count_from_sent),
		TEST(test_why_tells_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
