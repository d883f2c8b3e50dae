/*
 * Effects as rows: versions of a report, cancelling, moving, questions that
 * count from when they were sent, and consent.
 */
#include "tests/unit/store_fixture.h"

#include <string.h>

#define SAME(s, z) assert_true(str_is((s), (z)))

/* Applies o to the message, with one text for each effect that has one. */
static size_t apply(struct fixture *f, const struct message *m, int64_t id,
	struct outcome *o)
{
	struct apply_text texts[EFFECTS_MAX];
	struct apply_input in = {
		.message_id = id,
		.message = m,
		.context = &f->c,
		.outcome = o,
		.texts = texts,
		.now_ms = m->received_at,
		.question_valid_ms = INT64_C(24) * 3600 * 1000,
		.join_window_days = 7,
	};
	size_t queued;

	o->arena = f->a;
	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].kind == EFFECT_REPLY || o->v[i].kind == EFFECT_ASK)
			texts[in.texts_n++] = (struct apply_text){
				.effect = i,
				.to = m->from,
				.text = STR("MG07 5/11: TS47 CM35"),
				.channel = m->channel,
				.lane = "reply",
				.due_at = m->received_at,
				.valid_until = m->received_at + 3600000,
			};
	assert_int_equal(apply_outcome(f->s, &in, &queued), 0);
	return queued;
}

/* No two are alike, so that none is a near-duplicate. */
static struct message new_text(
	struct fixture *f, const char *word, int64_t after_ms)
{
	struct message m = text_of(f, SECRETARY, word, after_ms);

	m.text = arena_printf(f->a, "%s %d", word, f->messages);
	return m;
}

/* A text that stores the report; f->c is as loaded before. */
static int64_t report(struct fixture *f, const struct fields *fields,
	int64_t meeting_id, int64_t after_ms)
{
	struct message m = new_text(f, "HOP", after_ms);
	int64_t id = put(f, &m, INBOUND_NEW);
	struct outcome o = {.arena = f->a};
	struct effect *e;

	load(f, &m, NULL);
	assert_int_equal(context_load_subject(f->s, fields, f->a, &f->c), 0);
	e = outcome_add(&o, EFFECT_REPORT);
	e->unit_id = f->c.unit->id;
	e->fields = fields;
	e->meeting_id = meeting_id;
	e = outcome_add(&o, EFFECT_ASK);
	e->question = QUESTION_CONFIRM_REPORT;
	e->intent = INTENT_MEETING_REPORT;
	e->subject_is_report = true;
	assert_int_equal(apply(f, &m, id, &o), 1);
	assert_int_equal(inbound_done(f->s, id, MESSAGE_DONE,
				 INTENT_MEETING_REPORT, STR("")),
		0);
	return id;
}

/* What the secretary's next text would see. */
static void look(struct fixture *f, const struct fields *fields, int64_t after)
{
	struct message m = text_of(f, SECRETARY, "?", after);

	load(f, &m, NULL);
	assert_int_equal(context_load_subject(f->s, fields, f->a, &f->c), 0);
}

/* The oldest text leaves, at NOW + after_ms. */
static void send_one(struct fixture *f, int64_t after_ms)
{
	struct outbox_claim claim = {
		.now_ms = NOW + after_ms, .max = 1, .window_open = true};
	struct outbox_result r = {
		.state = OUTBOX_SENT,
		.channel = STR("demo"),
		.ref = STR("r1"),
		.at_ms = NOW + after_ms,
	};
	struct outbox_claimed got;

	assert_int_equal(outbox_claim(f->s, &claim, f->a, &got), 0);
	assert_int_equal(got.n, 1);
	r.id = got.v[0].id;
	assert_int_equal(outbox_result(f->s, &r), 0);
}

static void test_versions(void **state)
{
	struct fixture *f = *state;
	struct fields one = report_fields("MG07", "2026-11-05", 47, 35);
	struct fields two = report_fields("MG07", "2026-11-05", 47, 36);
	static const int absent[] = {3, 12};

	field_set_text(&two, FIELD_RESOLUTION, STR("11"));
	field_set_ints(&two, FIELD_EXCUSED_MEMBERS, absent, 2);
	(void)report(f, &one, 0, 0);
	(void)report(f, &two, 0, 1000);
	look(f, &one, 2000);
	assert_non_null(f->c.same_report);
	assert_int_equal(f->c.same_report->version, 2);
	assert_int_equal(f->c.same_report->date, day_of(2026, 11, 5));
	SAME(f->c.same_report->kind, "regular");
	SAME(f->c.same_report->unit, "MG07");
	two = f->c.same_report->fields;
	assert_int_equal(field_int(&two, FIELD_PRESENT, 0), 36);
	assert_false(field_has(&two, FIELD_EXCUSED));
	SAME(field_text(&two, FIELD_RESOLUTION), "11");
	assert_int_equal(two.v[FIELD_EXCUSED_MEMBERS].list.n, 2);
	assert_int_equal(
		f->c.last_report->report_id, f->c.same_report->report_id);
	assert_false(f->c.same_report_cancelled);
}

static void test_kinds_are_apart(void **state)
{
	struct fixture *f = *state;
	struct fields regular = report_fields("MG07", "2026-11-05", 47, 35);
	struct fields thematic = regular;

	field_set_text(&thematic, FIELD_KIND, STR("thematic"));
	(void)report(f, &regular, 0, 0);
	(void)report(f, &thematic, 0, 1000);
	look(f, &thematic, 2000);
	assert_int_equal(f->c.same_report->version, 1);
	SAME(f->c.same_report->kind, "thematic");
}

static void cancel(struct fixture *f, int64_t meeting_id, int64_t after_ms)
{
	struct message m = new_text(f, "HUY", after_ms);
	int64_t id = put(f, &m, INBOUND_NEW);
	struct outcome o = {.arena = f->a};

	outcome_add(&o, EFFECT_VOID)->subject = meeting_id;
	assert_int_equal(apply(f, &m, id, &o), 0);
}

static void test_cancel_and_report_again(void **state)
{
	struct fixture *f = *state;
	struct fields fields = report_fields("MG07", "2026-11-05", 47, 35);

	(void)report(f, &fields, 0, 0);
	look(f, &fields, 1000);
	cancel(f, f->c.same_report->meeting_id, 1000);
	look(f, &fields, 2000);
	assert_null(f->c.same_report);
	assert_null(f->c.last_report);
	assert_true(f->c.same_report_cancelled);
	(void)report(f, &fields, 0, 3000);
	look(f, &fields, 4000);
	assert_int_equal(f->c.same_report->version, 2);
	assert_false(f->c.same_report_cancelled);
}

static void test_last_report_falls_back(void **state)
{
	struct fixture *f = *state;
	struct fields first = report_fields("MG07", "2026-10-05", 47, 35);
	struct fields later = report_fields("MG07", "2026-11-05", 47, 36);

	(void)report(f, &first, 0, 0);
	(void)report(f, &later, 0, 1000);
	look(f, &later, 2000);
	cancel(f, f->c.last_report->meeting_id, 2000);
	look(f, &later, 3000);
	assert_int_equal(f->c.last_report->date, day_of(2026, 10, 5));
}

static void test_correction_moves_the_day(void **state)
{
	struct fixture *f = *state;
	struct fields wrong = report_fields("MG07", "2026-11-04", 47, 35);
	struct fields right = report_fields("MG07", "2026-11-05", 47, 35);
	int64_t meeting_id;

	(void)report(f, &wrong, 0, 0);
	look(f, &wrong, 1000);
	meeting_id = f->c.same_report->meeting_id;
	(void)report(f, &right, meeting_id, 1000);
	look(f, &right, 2000);
	assert_int_equal(f->c.same_report->meeting_id, meeting_id);
	assert_int_equal(f->c.same_report->version, 2);
	look(f, &wrong, 2000);
	assert_null(f->c.same_report);
	assert_false(f->c.same_report_cancelled);
}

static void test_move_onto_a_meeting(void **state)
{
	struct fixture *f = *state;
	struct fields wrong = report_fields("MG07", "2026-11-04", 47, 35);
	struct fields right = report_fields("MG07", "2026-11-05", 47, 36);

	(void)report(f, &wrong, 0, 0);
	(void)report(f, &right, 0, 1000);
	look(f, &wrong, 2000);
	(void)report(f, &right, f->c.same_report->meeting_id, 2000);
	look(f, &wrong, 3000);
	assert_true(f->c.same_report_cancelled);
	look(f, &right, 3000);
	assert_int_equal(f->c.same_report->version, 2);
}

/* A meeting of MG07 that stands announced for the day; its id. */
static int64_t announce(struct fixture *f, const char *day, const char *kind)
{
	char *sql = sqlite3_mprintf(
		"INSERT INTO meeting (unit, period, kind, planned_on, state) "
		"SELECT id, '2026-11', %Q, %Q, 'announced' FROM unit "
		"WHERE code = 'MG07'",
		kind, day);

	assert_int_equal(
		sqlite3_exec(f->s->db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_free(sql);
	return sqlite3_last_insert_rowid(f->s->db);
}

/* A report of 5 November, after one meeting was announced. */
static void test_report_joins_the_announced_meeting(void **state)
{
	static const struct {
		const char *day, *kind;
		bool joins;
	} cases[] = {
		{"2026-11-05", "regular", true},
		{"2026-10-29", "regular", true}, /* join_window_days: 7 */
		{"2026-11-12", "regular", true},
		{"2026-10-28", "regular", false},
		{"2026-11-13", "regular", false},
		{"2026-11-05", "thematic", false},
	};
	struct fixture *f = *state;
	struct fields fields = report_fields("MG07", "2026-11-05", 47, 35);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t id;

		mark(f);
		id = announce(f, cases[i].day, cases[i].kind);
		(void)report(f, &fields, 0, 60000 * (int64_t)i);
		look(f, &fields, 60000 * (int64_t)i + 1000);
		assert_int_equal(
			f->c.same_report->meeting_id == id, cases[i].joins);
		assert_int_equal(f->c.same_report->version, 1);
		assert_int_equal(f->c.same_report->date, day_of(2026, 11, 5));
		assert_int_equal(f->c.pending_meeting == NULL, cases[i].joins);
		back(f);
	}
}

/* The one that is nearest ahead in the window is taken, once. */
static void test_each_announced_meeting_is_joined_once(void **state)
{
	struct fixture *f = *state;
	struct fields one = report_fields("MG07", "2026-11-05", 47, 35);
	struct fields two = report_fields("MG07", "2026-11-08", 47, 36);
	int64_t later = announce(f, "2026-11-09", "regular");
	int64_t first = announce(f, "2026-11-04", "regular");

	(void)report(f, &one, 0, 0);
	(void)report(f, &one, 0, 1000);
	look(f, &one, 2000);
	assert_int_equal(f->c.same_report->meeting_id, first);
	assert_int_equal(f->c.same_report->version, 2);
	assert_int_equal(f->c.pending_meeting->id, later);
	(void)report(f, &two, 0, 3000);
	look(f, &two, 4000);
	assert_int_equal(f->c.same_report->meeting_id, later);
	assert_null(f->c.pending_meeting);
}

static void test_question_counts_from_when_it_was_sent(void **state)
{
	struct fixture *f = *state;
	struct fields fields = report_fields("MG07", "2026-11-05", 47, 35);

	(void)report(f, &fields, 0, 0);
	look(f, &fields, 60000);
	assert_int_equal(f->c.pending_n, 0);
	send_one(f, 90000);
	look(f, &fields, 90000); /* typed before it could be read */
	assert_int_equal(f->c.pending_n, 0);
	look(f, &fields, 90001);
	assert_int_equal(f->c.pending_n, 1);
	assert_int_equal(f->c.pending[0].question, QUESTION_CONFIRM_REPORT);
	assert_int_equal(f->c.pending[0].subject, f->c.last_report->report_id);
	assert_int_equal(f->c.pending[0].sent_at, NOW + 90000);
	assert_null(f->c.pending[0].partial);
	look(f, &fields, 24 * 3600 * 1000 + 5); /* expires with created_at */
	assert_int_equal(f->c.pending_n, 0);
}

static void test_next_question_of_a_kind_takes_the_place(void **state)
{
	struct fixture *f = *state;
	struct fields one = report_fields("MG07", "2026-11-05", 47, 35);
	struct fields two = report_fields("MG07", "2026-11-05", 47, 36);

	(void)report(f, &one, 0, 0);
	send_one(f, 1000);
	(void)report(f, &two, 0, 2000);
	look(f, &one, 3000);
	assert_int_equal(f->c.pending_n, 0);
	send_one(f, 4000);
	look(f, &one, 5000);
	assert_int_equal(f->c.pending_n, 1);
	assert_int_equal(f->c.pending[0].subject, f->c.last_report->report_id);
	assert_int_equal(f->c.pending[0].tries, 0);
}

/* Asks for what is missing; settles first when `settle` is not 0. */
/* origin: the message with which the conversation began; 0: this one. */
static void ask(struct fixture *f, const struct fields *partial, int64_t settle,
	int64_t origin, int64_t after_ms)
{
	struct message m = new_text(f, "HOP MG07", after_ms);
	int64_t id = put(f, &m, INBOUND_NEW);
	struct outcome o = {.arena = f->a};
	struct effect *e;

	load(f, &m, NULL);
	if (settle != 0)
		outcome_add(&o, EFFECT_SETTLE)->subject = settle;
	e = outcome_add(&o, EFFECT_ASK);
	e->question = QUESTION_MISSING;
	e->intent = INTENT_MEETING_REPORT;
	e->problem = PROBLEM_MISSING_DATE;
	e->fields = partial;
	e->origin = origin;
	e->tries = origin != 0;
	assert_int_equal(apply(f, &m, id, &o), 1);
	send_one(f, after_ms + 100);
}

static void test_partial_record_and_tries(void **state)
{
	struct fixture *f = *state;
	struct fields partial = report_fields("MG07", "2026-11-05", 47, 35);
	const struct pending *p;
	int64_t first;

	ask(f, &partial, 0, 0, 0);
	look(f, &partial, 1000);
	p = &f->c.pending[0];
	assert_int_equal(p->problem, PROBLEM_MISSING_DATE);
	assert_int_equal(p->intent, INTENT_MEETING_REPORT);
	assert_int_equal(p->tries, 0);
	assert_int_equal(field_int(p->partial, FIELD_TOTAL, 0), 47);
	SAME(field_text(p->partial, FIELD_UNIT), "MG07");
	/* The next one of its kind takes its place; what began it is kept. */
	first = p->message;
	SAME(p->said, "HOP MG07 1");
	ask(f, &partial, 0, first, 2000);
	look(f, &partial, 3000);
	assert_int_equal(f->c.pending_n, 1);
	assert_int_equal(f->c.pending[0].tries, 1);
	assert_int_equal(f->c.pending[0].message, first);
	ask(f, &partial, f->c.pending[0].id, 0, 4000);
	look(f, &partial, 5000);
	assert_int_equal(f->c.pending_n, 1);
	assert_int_equal(f->c.pending[0].tries, 0);
	assert_true(f->c.pending[0].message > first);
}

static void test_settled_is_gone(void **state)
{
	struct fixture *f = *state;
	struct fields partial = report_fields("MG07", "2026-11-05", 47, 35);
	struct message m;
	struct outcome o = {.arena = f->a};

	ask(f, &partial, 0, 0, 0);
	m = text_of(f, SECRETARY, "1", 1000);
	load(f, &m, NULL);
	outcome_add(&o, EFFECT_SETTLE)->subject = f->c.pending[0].id;
	(void)apply(f, &m, put(f, &m, INBOUND_NEW), &o);
	load(f, &m, NULL);
	assert_int_equal(f->c.pending_n, 0);
}

static void test_consent(void **state)
{
	static const char *const phones[] = {SECRETARY, STRANGER};
	struct fixture *f = *state;

	for (size_t i = 0; i < 4; i++) {
		struct message m = text_of(f, phones[i / 2], "TC", 0);
		struct outcome o = {.arena = f->a};

		m.sent_at += (int64_t)i * 60000;
		load(f, &m, NULL);
		outcome_add(&o, EFFECT_CONTACT)->opted_out = i % 2 == 0;
		(void)apply(f, &m, put(f, &m, INBOUND_NEW), &o);
		load(f, &m, NULL);
		assert_int_equal(f->c.opted_out, i % 2 == 0);
		assert_int_equal(f->c.sender_known, i < 2);
	}
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_versions),
		TEST(test_kinds_are_apart),
		TEST(test_cancel_and_report_again),
		TEST(test_last_report_falls_back),
		TEST(test_correction_moves_the_day),
		TEST(test_move_onto_a_meeting),
		TEST(test_report_joins_the_announced_meeting),
		TEST(test_each_announced_meeting_is_joined_once),
		TEST(test_question_counts_from_when_it_was_sent),
		TEST(test_next_question_of_a_kind_takes_the_place),
		TEST(test_partial_record_and_tries),
		TEST(test_settled_is_gone),
		TEST(test_consent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
