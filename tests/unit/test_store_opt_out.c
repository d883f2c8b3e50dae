/*
 * A provider refuses a text because its recipient wants no more: the contact
 * is opted out as if by TC, once, and both the store and the story say by
 * which text.
 */
#include "gateway/store/consent.h"
#include "gateway/store/delivery.h"
#include "tests/unit/outbox_rig.h"

#include <stdio.h>

struct contact {
	bool known, opted_out;
	int64_t at, outbox;
};

static struct contact contact_of(struct fixture *f, const char *phone)
{
	struct contact c = {0};
	sqlite3_stmt *st;

	assert_int_equal(
		sqlite3_prepare_v2(f->s->db,
			"SELECT opted_out, opted_out_at, opted_out_outbox "
			"FROM contact WHERE phone = ?",
			-1, &st, NULL),
		SQLITE_OK);
	assert_int_equal(
		sqlite3_bind_text(st, 1, phone, -1, SQLITE_STATIC), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		c = (struct contact){
			.known = true,
			.opted_out = sqlite3_column_int(st, 0) != 0,
			.at = sqlite3_column_int64(st, 1),
			.outbox = sqlite3_column_int64(st, 2),
		};
	sqlite3_finalize(st);
	return c;
}

static int count_of(struct fixture *f, const char *table)
{
	char sql[64];
	sqlite3_stmt *st;
	int n;

	(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	assert_int_equal(
		sqlite3_prepare_v2(f->s->db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* A text to the phone leaves after_ms from now and is refused for ever. */
static int64_t refused(struct fixture *f, const char *phone, int64_t after_ms)
{
	struct outbox_result r = {
		.id = add_to(f, phone, "reply"),
		.state = OUTBOX_FAILED,
		.channel = STR("demo"),
		.why = STR("answered 400: 21610"),
		.at_ms = NOW + after_ms,
		.opted_out = true,
	};

	(void)claim(f, after_ms);
	assert_int_equal(outbox_result(f->s, &r), 0);
	assert_state(f, r.id, "failed");
	return r.id;
}

/* The person says so, or takes it back, in a text. */
static void says(struct fixture *f, const char *phone, bool out, int64_t at_ms)
{
	struct sql_run q = sql_start(f->s, SQL_CONTACT_CONSENT);

	sql_z(&q, phone);
	sql_z(&q, "vi");
	sql_int(&q, out);
	sql_int_or_null(&q, out ? at_ms : 0);
	sql_int(&q, at_ms);
	assert_int_equal(sql_done(&q), 0);
}

static void assert_out(
	struct fixture *f, const char *phone, int64_t at_ms, int64_t outbox)
{
	const struct contact c = contact_of(f, phone);

	assert_true(c.known && c.opted_out);
	assert_true(c.at == at_ms);
	assert_true(c.outbox == outbox);
}

static void test_member_and_stranger(void **state)
{
	static const char *const phone[] = {MEMBER, STRANGER};
	struct fixture *f = *state;
	const int contacts = count_of(f, "contact");
	const int members = count_of(f, "member");
	const int roles = count_of(f, "contact_role");

	assert_false(contact_of(f, MEMBER).opted_out);
	assert_false(contact_of(f, STRANGER).known);
	for (int i = 0; i < 2; i++)
		assert_out(f, phone[i], NOW + i, refused(f, phone[i], i));
	assert_int_equal(count_of(f, "contact"), contacts + 1);
	assert_int_equal(count_of(f, "member"), members);
	assert_int_equal(count_of(f, "contact_role"), roles);
}

static void test_once(void **state)
{
	struct fixture *f = *state;
	const int64_t first = refused(f, MEMBER, 0);

	(void)refused(f, MEMBER, 5000);
	assert_out(f, MEMBER, NOW, first);
	/* The same result again: a batch of the writer may be run again. */
	assert_int_equal(outbox_result(f->s,
				 &(struct outbox_result){
					 .id = first,
					 .state = OUTBOX_FAILED,
					 .channel = STR("demo"),
					 .at_ms = NOW + 9000,
					 .opted_out = true,
				 }),
		0);
	assert_out(f, MEMBER, NOW, first);
}

static void test_own_words_count_first(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	says(f, MEMBER, true, NOW);
	(void)refused(f, MEMBER, 1000);
	assert_out(f, MEMBER, NOW, 0);
	says(f, MEMBER, false, NOW + 2000);
	assert_false(contact_of(f, MEMBER).opted_out);
	/* Texts us, and is still blocked there. */
	id = refused(f, MEMBER, 3000);
	assert_out(f, MEMBER, NOW + 3000, id);
	says(f, MEMBER, false, NOW + 4000);
	assert_int_equal(contact_of(f, MEMBER).outbox, 0);
}

/* By the provider's name of the text. */
static struct delivery_result reported(struct fixture *f, const char *ref)
{
	const struct delivery_report r = {
		.channel = STR("demo"),
		.ref = str_of(ref),
		.said = STR("undelivered, error 21610"),
		.says = DELIVERY_SAYS_OPTED_OUT,
		.at = NOW + 7000,
	};
	struct delivery_result ret;

	assert_int_equal(delivery_take(f->s, &r, &ret), 0);
	return ret;
}

static struct delivery_result sent_as(
	struct fixture *f, int64_t id, const char *ref)
{
	const struct outbox_result r = {
		.id = id,
		.state = OUTBOX_SENT,
		.channel = STR("demo"),
		.ref = str_of(ref),
		.at_ms = NOW,
	};
	struct delivery_result ret;

	assert_int_equal(delivery_outbox_result(f->s, &r, &ret), 0);
	return ret;
}

/* What its provider learns only later counts as much as its answer. */
static void test_by_a_report(void **state)
{
	struct fixture *f = *state;
	const int64_t id = add_to(f, MEMBER, "reply");

	(void)claim(f, 0);
	(void)sent_as(f, id, "SM1");
	assert_int_equal(reported(f, "SM1").after, OUTBOX_FAILED);
	assert_out(f, MEMBER, NOW + 7000, id);
	/* Said twice, after the person has come back: heard once. */
	says(f, MEMBER, false, NOW + 8000);
	assert_int_equal(reported(f, "SM1").fate, DELIVERY_REPEATED);
	assert_false(contact_of(f, MEMBER).opted_out);
}

/* A report is late: its person has asked for texts since that one left. */
static void test_by_a_late_report(void **state)
{
	struct fixture *f = *state;
	const int64_t id = add_to(f, MEMBER, "reply");
	const struct consent_row back = {
		.phone = STR(MEMBER),
		.given = true,
		.at_ms = NOW + 5000,
		.basis = STR("its own text"),
	};

	(void)claim(f, 0);
	(void)sent_as(f, id, "SM1");
	assert_int_equal(consent_put(f->s, CONSENT_OPTED_IN, &back), 0);
	assert_int_equal(reported(f, "SM1").after, OUTBOX_FAILED);
	assert_false(contact_of(f, MEMBER).opted_out);
}

/* The report comes before the answer that tells the text's name. */
static void test_by_an_early_report(void **state)
{
	struct fixture *f = *state;
	const int64_t id = add_to(f, MEMBER, "reply");

	(void)claim(f, 0);
	assert_int_equal(reported(f, "SM1").fate, DELIVERY_PARKED);
	assert_false(contact_of(f, MEMBER).opted_out);
	assert_int_equal(sent_as(f, id, "SM1").after, OUTBOX_FAILED);
	assert_out(f, MEMBER, NOW + 7000, id);
}

/* What waits for the phone is not sent by any channel; replies still are. */
static void test_no_more_texts(void **state)
{
	struct fixture *f = *state;
	int64_t urgent, bulk, reply;

	(void)refused(f, MEMBER, 0);
	urgent = add_to(f, MEMBER, "urgent");
	bulk = add_to(f, MEMBER, "bulk");
	assert_string_equal(claim(f, 0), "");
	assert_state(f, urgent, "expired");
	assert_state(f, bulk, "expired");
	reply = add_to(f, MEMBER, "reply");
	assert_string_equal(
		claim(f, 0), arena_printf(f->a, "%d", (int)reply).p);
}

/* A plain refusal is nobody's wish. */
static void test_plain_refusal(void **state)
{
	struct fixture *f = *state;
	const int64_t id = add_to(f, MEMBER, "reply");

	(void)claim(f, 0);
	finish(f, id, OUTBOX_FAILED, 0);
	assert_false(contact_of(f, MEMBER).opted_out);
	assert_state(f, id, "failed");
}

static void assert_told(struct fixture *f, int64_t id, const char *at)
{
	struct jdoc *story = story_of_outbox(f->s, id);
	const struct jdoc *told = jdoc_at(story, "opted_out");

	assert_non_null(story);
	if (at == NULL) {
		assert_null(told);
	} else {
		SAME(jdoc_str(jdoc_at(told, "at")), at);
		SAME(jdoc_str(jdoc_at(told, "why")),
			"by what its provider said");
	}
	jdoc_free(story);
}

static void test_story(void **state)
{
	struct fixture *f = *state;
	const int64_t before = add_to(f, MEMBER, "reply");
	int64_t id, after;

	(void)claim(f, 0);
	finish(f, before, OUTBOX_SENT, 0);
	id = refused(f, MEMBER, 0);
	after = refused(f, MEMBER, 0);
	assert_told(f, id, "2026-11-06T12:30:00.000Z");
	assert_told(f, before, NULL);
	assert_told(f, after, NULL); /* it changed nothing any more */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_member_and_stranger, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_own_words_count_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_by_a_report, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_by_a_late_report, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_by_an_early_report, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_no_more_texts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_plain_refusal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_story, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
