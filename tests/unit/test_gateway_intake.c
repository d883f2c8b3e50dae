/*
 * intake: one text through dedupe, context, reading, handling and effects, on
 * a store in memory with the registry of the scenarios.
 */
#include "tests/unit/intake_rig.h"

static void a_report_is_stored_and_told_back(void **state)
{
	struct rig *r = *state;
	const struct outbox_row *row;

	text(r, SECRETARY, REPORT);
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_true(r->r.id > 0);
	assert_int_equal(r->r.intent, INTENT_MEETING_REPORT);
	assert_int_equal(r->r.problem, PROBLEM_NONE);
	assert_int_equal(r->r.state, MESSAGE_DONE);
	assert_int_equal(r->r.queued, 1);
	stored(r, 1, 35, 10);
	take(r);
	assert_int_equal(r->out_n, 1);
	row = &r->out[0];
	assert_true(str_is(row->to, SECRETARY));
	assert_true(str_is(row->lane, "reply"));
	assert_true(str_is(row->channel, "demo"));
	assert_int_equal(row->message_id, r->r.id);
	assert_int_equal(row->due_at, r->now_ms);
	assert_int_equal(row->valid_until,
		r->now_ms + r->set->config->outbox.reply_valid_h * HOUR);
	assert_true(holds(row, "5/11"));
	assert_true(holds(row, "TS47 CM35 VP10 VK2"));
	for (size_t i = 0; i < row->text.n; i++)
		assert_in_range(row->text.p[i], 10, 126); /* folded */
}

/* No commit, no answer, not a second between: the second sees the first. */
static void a_correction_sees_the_report_before_it(void **state)
{
	struct rig *r = *state;
	const struct outbox_row *staff;

	text(r, SECRETARY, REPORT);
	r->now_ms++;
	text(r, SECRETARY, "SUA CM36 VP9");
	assert_int_equal(r->r.intent, INTENT_CORRECTION);
	stored(r, 2, 36, 9);
	assert_true(r->r.queued >= 2);
	take(r);
	/* one text at a time per phone, in the order they were made */
	assert_true(holds(taken(r, SECRETARY), "CM35"));
	staff = taken(r, "+84900000901");
	assert_non_null(staff);
	assert_true(str_is(staff->lane, "urgent"));
	assert_true(holds(staff, "CM36"));
	assert_null(taken(r, "+84900000902")); /* another commune's */
	take(r);
	assert_true(holds(taken(r, SECRETARY), "CM36 VP9"));
}

static void at_night_only_the_sender_is_answered(void **state)
{
	struct rig *r = *state;

	r->now_ms = EVENING + 4 * HOUR; /* 23:30 */
	text(r, SECRETARY, REPORT);
	take(r);
	text(r, SECRETARY, "SUA CM36 VP9");
	take(r);
	assert_true(holds(taken(r, SECRETARY), "CM36"));
	assert_null(taken(r, "+84900000901"));
	r->now_ms += 7 * HOUR + 30 * MINUTE - 1;
	take(r);
	assert_int_equal(r->out_n, 0);
	r->now_ms++; /* 07:00 */
	take(r);
	assert_non_null(taken(r, "+84900000901"));
}

static void strangers_get_one_line_a_day(void **state)
{
	struct rig *r = *state;

	text(r, STRANGER, "HOP MG07 5/11 47 35 10 2");
	assert_int_equal(r->r.queued, 1);
	take(r);
	assert_false(holds(taken(r, STRANGER), "MG07"));
	assert_false(holds(taken(r, STRANGER), "47"));
	r->now_ms += HOUR;
	text(r, STRANGER, "HOP MG07 5/11 47 35 10 2 nhe");
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_int_equal(r->r.queued, 0);
	text(r, "+84912345698", "HOP MG07 5/11 47 35 10 2"); /* another one */
	assert_int_equal(r->r.queued, 1);
	r->now_ms = EVENING + 24 * HOUR - 1;
	text(r, STRANGER, "alo");
	assert_int_equal(r->r.queued, 0);
	r->now_ms++;
	text(r, STRANGER, REPORT);
	assert_int_equal(r->r.queued, 1);
	stored(r, 0, 0, 0);
}

/* Machines that answer each other: short codes, names, our own numbers. */
static void machines_are_not_answered(void **state)
{
	static const char *const from[] = {"195", "8049", "VIETTEL", "18001090",
		"+8418001090", "", "+84888000111", "+84888000222"};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
		text(r, from[i], "HOP MG07 5/11 47 35 10 2");
		assert_int_equal(r->r.put, INBOUND_NEW);
		assert_true(r->r.id > 0); /* nothing is lost */
		if (r->r.queued != 0)
			fail_msg("'%s' was answered", from[i]);
	}
}

static void a_webhook_again_has_no_second_effect(void **state)
{
	struct rig *r = *state;
	struct message m = message_of(r, SECRETARY, REPORT);
	int64_t id;

	handle(r, &m);
	id = r->r.id;
	r->now_ms += 48 * HOUR;
	handle(r, &m);
	assert_int_equal(r->r.put, INBOUND_REPEAT);
	assert_int_equal(r->r.id, id);
	assert_int_equal(r->r.queued, 0);
	stored(r, 1, 35, 10);
	m.channel = STR("other"); /* its ids are its own */
	m.text = STR("TRO GIUP");
	handle(r, &m);
	assert_int_equal(r->r.put, INBOUND_NEW);
}

static void one_sms_under_two_ids_is_one(void **state)
{
	struct rig *r = *state;
	struct message a = message_of(r, SECRETARY, REPORT);
	struct message b = message_of(r, SECRETARY, REPORT);
	struct message c = message_of(r, SECRETARY, REPORT);

	b.sent_at += 10000;
	c.sent_at += 20001;
	handle(r, &a);
	handle(r, &b);
	assert_int_equal(r->r.put, INBOUND_DUPLICATE);
	assert_int_equal(r->r.state, MESSAGE_DUPLICATE);
	assert_int_equal(r->r.queued, 0);
	handle(r, &c);
	assert_int_equal(r->r.put, INBOUND_NEW);
	stored(r, 1, 35, 10); /* the same figures: no new version */
	take(r);
	assert_int_equal(r->out_n, 1);
}

/* ±10 s, by whichever route; one that knows no receiver does not differ. */
static void one_sms_by_two_routes_is_one(void **state)
{
	struct rig *r = *state;
	struct message a = message_of(r, SECRETARY, REPORT);
	struct message b = message_of(r, SECRETARY, REPORT);
	struct message c = message_of(r, SECRETARY, REPORT);

	b.channel = STR("other");
	b.to = (struct str){NULL, 0};
	b.sent_at += 2000;
	c.channel = STR("other");
	c.to = STR("+84888000222");
	handle(r, &a);
	handle(r, &b);
	assert_int_equal(r->r.put, INBOUND_DUPLICATE);
	assert_int_equal(r->r.queued, 0);
	handle(r, &c); /* to another number of ours */
	assert_int_equal(r->r.put, INBOUND_NEW);
}

/* "1", and a second later "1" to the next question. */
static void the_same_answer_to_two_questions_counts_twice(void **state)
{
	struct rig *r = *state;
	struct message m;

	text(r, SECRETARY, REPORT);
	take(r);
	r->now_ms += 1000;
	text(r, SECRETARY, "1");
	assert_int_equal(r->r.intent, INTENT_ACK);
	r->now_ms += 1000;
	text(r, SECRETARY, "1"); /* to no question */
	assert_int_equal(r->r.put, INBOUND_DUPLICATE);
	text(r, SECRETARY, "HOP 4/11 47 35 10 2");
	take(r);
	r->now_ms += 1000;
	text(r, SECRETARY, "1");
	assert_int_equal(r->r.put, INBOUND_NEW);
	assert_int_equal(r->r.intent, INTENT_ACK);
	text(r, SECRETARY, "HOP 3/11 47 35 10 2");
	take(r);
	m = message_of(r, SECRETARY, "1"); /* the one of before, again */
	m.channel = STR("other");
	m.sent_at += 999;
	r->now_ms += 1000;
	handle(r, &m);
	assert_int_equal(r->r.put, INBOUND_DUPLICATE);
}

/* Past the budget everything is still stored. */
static void replies_are_bounded_and_texts_are_not(void **state)
{
	static const char *const say[] = {
		REPORT, "SUA CM36 VP9", "SUA CM34 VP11", "SUA CM33 VP12"};
	struct rig *r = *state;

	for (int i = 0; i < 4; i++) {
		r->now_ms += MINUTE;
		text(r, SECRETARY, say[i]);
		take(r);
		assert_int_equal(taken(r, SECRETARY) != NULL, i < 3);
	}
	stored(r, 4, 33, 12);
	r->now_ms += HOUR;
	text(r, SECRETARY, "SUA CM32 VP13");
	take(r);
	assert_true(holds(taken(r, SECRETARY), "CM32"));
}

/* design.md §2.4: what does not add up is asked about, and not stored. */
static void doubt_is_asked(void **state)
{
	struct rig *r = *state;

	text(r, SECRETARY, "HOP 5/11 47 35 10 3");
	assert_int_equal(r->r.state, MESSAGE_ASKED);
	assert_int_not_equal(r->r.problem, PROBLEM_NONE);
	assert_int_equal(r->r.queued, 1);
	stored(r, 0, 0, 0);
	take(r);
	assert_non_null(taken(r, SECRETARY));
}

/* On a database that nothing was imported into, a report is a stranger's. */
static void before_the_import_all_are_strangers(void **state)
{
	static const char *const texts[] = {REPORT, "HOP MG07 5/11 47 35 10 2",
		"SUA 5/11 47 36 9 2", "HUY MG07 5/11", "1", "DUNG", "XEM"};
	struct rig *r = *state;
	struct outbox_counts n;
	struct err err = {""};

	store_close(r->s);
	r->s = store_open(NULL, STORE_MEMORY, &err);
	assert_non_null(r->s);
	assert_int_equal(store_begin(r->s), 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text(r, SECRETARY, texts[i]);
		assert_int_equal(r->r.put, INBOUND_NEW);
		stored(r, 0, 0, 0);
		r->now_ms += MINUTE;
	}
	assert_int_equal(outbox_counts(r->s, &n), 0);
	assert_int_equal(n.by_state[OUTBOX_QUEUED], 1); /* unknown_per_day */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_report_is_stored_and_told_back),
		TEST(a_correction_sees_the_report_before_it),
		TEST(at_night_only_the_sender_is_answered),
		TEST(strangers_get_one_line_a_day),
		TEST(machines_are_not_answered),
		TEST(a_webhook_again_has_no_second_effect),
		TEST(one_sms_under_two_ids_is_one),
		TEST(one_sms_by_two_routes_is_one),
		TEST(the_same_answer_to_two_questions_counts_twice),
		TEST(replies_are_bounded_and_texts_are_not),
		TEST(doubt_is_asked),
		TEST(before_the_import_all_are_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
