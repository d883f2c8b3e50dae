/*
 * intake: one text through dedupe, context, reading, handling and effects, on
 * a store in memory with the registry of the scenarios.
 */
#include "gateway/intake.h"

#include "gateway/store/outbox.h"
#include "gateway/store/registry.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EVENING INT64_C(1793968200000) /* 2026-11-06 19:30 in Vietnam */
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define SECRETARY "+84900000007"
#define STRANGER "+84912345699"
#define REPORT "HOP 5/11 47 35 10 2"

static const char config_text[] =
	"database: x.db\n"
	"budget: {replies_per_hour: 3, unknown_per_day: 1}\n"
	"channels:\n"
	"  - {name: demo, provider: console, number: [\"+84888000111\"],\n"
	"     token: 0123456789abcdef0123456789abcdef}\n"
	"  - {name: other, provider: console, number: [\"0888000222\"],\n"
	"     token: 0123456789abcdef0123456789abcdee}\n";

struct rig {
	struct store *s;
	struct arena *a;
	struct settings *set;
	struct budget *budget;
	int64_t now_ms;
	int ids;
	struct intake_result r; /* of the last text */
	struct outbox_row *out; /* of the last take() */
	size_t out_n;
};

static struct str file(struct arena *a, const char *path)
{
	struct err err = {""};
	struct str s = {NULL, 0};

	assert_int_equal(config_read_file(path, 1 << 20, a, &s, &err), 0);
	return s;
}

static void import(struct rig *r, struct diags *d)
{
	struct registry_files f = {
		.units = file(r->a, "tests/data/registry/units.csv"),
		.members = file(r->a, "tests/data/registry/members.csv"),
		.roles = file(r->a, "tests/data/registry/roles.csv"),
		.dir = STR("tests/data/registry"),
	};
	struct registry_counts n;

	assert_int_equal(store_begin(r->s), 0);
	assert_int_equal(registry_import(r->s, &f, EVENING, &n, d), 0);
	assert_int_equal(store_commit(r->s), 0);
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct diags *d = diags_new();
	struct err err = {""};

	r->a = arena_new(1 << 16);
	r->s = store_open(NULL, STORE_MEMORY, &err);
	assert_non_null(r->s);
	import(r, d);
	r->set = settings_load_text(STR("test.yaml"), str_of(config_text), d);
	assert_non_null(r->set);
	diags_free(d);
	r->budget = budget_new();
	r->now_ms = EVENING;
	assert_int_equal(store_begin(r->s), 0);
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	store_rollback(r->s);
	store_close(r->s);
	settings_unref(r->set);
	budget_free(r->budget);
	arena_free(r->a);
	test_free(r);
	return 0;
}

static struct message message_of(
	struct rig *r, const char *from, const char *text)
{
	return (struct message){
		.channel = STR("demo"),
		.provider_id = arena_printf(r->a, "p%d", ++r->ids),
		.from = str_of(from),
		.to = STR("+84888000111"),
		.text = str_of(text),
		.sent_at = r->now_ms,
		.received_at = r->now_ms,
	};
}

static void handle(struct rig *r, const struct message *m)
{
	struct intake_input in = {
		.settings = r->set,
		.message = m,
		.scan = scan_text(r->set->rules, m->text, r->a),
		.arena = r->a,
		.budget = r->budget,
		.now_ms = r->now_ms,
	};

	assert_int_equal(intake_message(r->s, &in, &r->r), 0);
}

static void text(struct rig *r, const char *from, const char *what)
{
	struct message m = message_of(r, from, what);

	handle(r, &m);
}

/* All that is due now leaves, at once. */
static void take(struct rig *r)
{
	struct outbox_claim c = {
		.now_ms = r->now_ms, .max = 20, .window_open = true};
	struct outbox_claimed got;

	assert_int_equal(outbox_claim(r->s, &c, r->a, &got), 0);
	r->out = got.v;
	r->out_n = got.n;
	for (size_t i = 0; i < r->out_n; i++) {
		struct outbox_result done = {
			.id = r->out[i].id,
			.state = OUTBOX_SENT,
			.channel = STR("demo"),
			.at_ms = r->now_ms,
		};

		assert_int_equal(outbox_result(r->s, &done), 0);
	}
}

static const struct outbox_row *taken(const struct rig *r, const char *to)
{
	for (size_t i = 0; i < r->out_n; i++)
		if (str_is(r->out[i].to, to))
			return &r->out[i];
	return NULL;
}

static bool holds(const struct outbox_row *row, const char *what)
{
	return row != NULL && str_find(row->text, str_of(what), 0) >= 0;
}

/* The secretary's latest report has these figures. */
static void stored(struct rig *r, int version, int present, int excused)
{
	struct message m = message_of(r, SECRETARY, "x");
	struct context_query q = {
		.message = &m,
		.now_ms = r->now_ms,
		.utc_offset_min = 420,
	};
	const struct report_ref *l;
	struct context c;

	assert_int_equal(context_load(r->s, &q, r->a, &c), 0);
	l = c.last_report;
	assert_int_equal(l != NULL, version > 0);
	if (l == NULL)
		return;
	assert_int_equal(l->version, version);
	assert_true(str_is(l->unit, "MG07"));
	assert_string_equal(day_iso(l->date).z, "2026-11-05");
	assert_int_equal(l->fields.v[FIELD_TOTAL].i, 47);
	assert_int_equal(l->fields.v[FIELD_PRESENT].i, present);
	assert_int_equal(l->fields.v[FIELD_EXCUSED].i, excused);
	assert_int_equal(l->fields.v[FIELD_UNEXCUSED].i, 2);
}

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

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

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
