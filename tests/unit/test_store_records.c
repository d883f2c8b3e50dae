/*
 * What records leave in the database: one case a kind, read back by SQL, and
 * the roll, the latest report and the next task that a context shows.
 */
#include "tests/unit/store_fixture.h"

#include "gateway/store/roll.h"
#include "gateway/store/sql.h"
#include "gateway/store/story.h"

#include <string.h>

/* One effect, its fields as JSON, applied as SECRETARY's text. */
static void apply(struct fixture *f, struct effect e, const char *json)
{
	struct message m =
		text_of(f, SECRETARY, "x", f->messages * INT64_C(20000));
	struct outcome *o = ARENA_NEW(f->a, struct outcome);
	struct fields *fields = ARENA_NEW(f->a, struct fields);
	struct context *c = ARENA_NEW(f->a, struct context);
	struct err err = {""};
	struct jdoc *doc = jdoc_parse(str_of(json), &err);
	struct apply_input in = {.message_id = put(f, &m, INBOUND_NEW),
		.message = &m,
		.context = c,
		.outcome = o,
		.now_ms = NOW,
		.join_window_days = 7};
	size_t queued;

	assert_non_null(doc);
	assert_int_equal(fields_from_json(doc, f->a, fields, &err), 0);
	jdoc_free(doc);
	o->arena = f->a;
	e.kind = EFFECT_RECORD;
	e.fields = fields;
	o->v[o->n++] = e;
	if (apply_outcome(f->s, &in, &queued) != 0)
		fail_msg("%s", store_error(f->s));
	assert_int_equal(queued, 0);
}

/* The first column of the first row, as text. */
static void look(struct fixture *f, const char *sql, const char *want)
{
	sqlite3_stmt *st;

	assert_int_equal(
		sqlite3_prepare_v2(f->s->db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(st, 0), want);
	sqlite3_finalize(st);
}

static int64_t number(struct fixture *f, const char *sql)
{
	sqlite3_stmt *st;
	int64_t n;

	assert_int_equal(
		sqlite3_prepare_v2(f->s->db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static int64_t mg07(struct fixture *f)
{
	return number(f, "SELECT id FROM unit WHERE code = 'MG07'");
}

static struct context subject(struct fixture *f, const char *json)
{
	struct fields fields = {.has = {0}};
	struct context c = {.now_ms = NOW, .today = day_of(2026, 11, 6)};
	struct err err = {""};
	struct jdoc *doc = jdoc_parse(str_of(json), &err);

	assert_non_null(doc);
	assert_int_equal(fields_from_json(doc, f->a, &fields, &err), 0);
	jdoc_free(doc);
	assert_int_equal(context_load_subject(f->s, &fields, f->a, &c), 0);
	return c;
}

static const char *state_of(const struct roll_lines *lines, int no)
{
	for (size_t i = 0; i < lines->n; i++)
		if (lines->v[i].member_no == no)
			return lines->v[i].state.p;
	return "none";
}

static void test_roll_call(void **state)
{
	struct fixture *f = *state;
	struct effect e = {.record = RECORD_ATTENDANCE, .unit_id = mg07(f)};
	struct roll_of of = {.what = ROLL_ATTENDANCE,
		.unit_id = e.unit_id,
		.day = day_of(2026, 11, 5)};
	struct roll_lines lines;

	apply(f, e, "{\"date\":\"2026-11-05\",\"excused_members\":[1,2]}");
	apply(f, e,
		"{\"date\":\"2026-11-05\",\"unexcused_members\":[2],"
		"\"rest_present\":true}");
	assert_int_equal(roll_lines(f->s, &of, f->a, &lines), 0);
	assert_memory_equal(state_of(&lines, 2), "unexcused", 9);
	assert_memory_equal(state_of(&lines, 1), "present", 7);
	assert_memory_equal(state_of(&lines, 3), "present", 7);
	/* Number 4 is on the list, but not on the roll. */
	assert_string_equal(state_of(&lines, 4), "none");
	assert_int_equal(number(f, "SELECT count(*) FROM meeting"), 1);
}

static void test_members_change(void **state)
{
	struct fixture *f = *state;
	struct effect e = {.record = RECORD_MEMBER, .unit_id = mg07(f)};
	struct context c;

	apply(f, e,
		"{\"members\":[1,4],\"status\":\"away\",\"dest\":\"Lao Cai\"}");
	c = subject(f, "{\"unit\":\"MG07\",\"member\":1}");
	assert_int_equal(c.members_n, 4);
	assert_true(str_is(context_member(&c, 1)->status, "away"));
	/* Who is on the list alone is brought onto the roll by no text. */
	assert_false(context_member(&c, 4)->on_roll);
	assert_false(str_is(context_member(&c, 4)->status, "away"));
	assert_null(context_member(&c, 5));
	apply(f, e, "{\"member\":1,\"status\":\"returned\"}");
	look(f,
		"SELECT status || coalesce(dest, '') FROM member "
		"WHERE no = 1 AND unit = (SELECT id FROM unit "
		"WHERE code = 'MG07')",
		"active");
	e.state = RECORD_PROPOSED;
	apply(f, e, "{\"member\":2,\"status\":\"deceased\"}");
	c = subject(f, "{\"unit\":\"MG07\",\"member\":2}");
	assert_true(str_is(context_member(&c, 2)->status, "away"));
	apply(f, e, "{\"member\":2,\"phone\":\"+84912345678\"}");
	look(f,
		"SELECT group_concat(event || ' ' || state, ', ') "
		"FROM (SELECT * FROM member_event ORDER BY id)",
		"away applied, away applied, returned applied, "
		"deceased proposed, phone proposed");
}

static void test_meeting_to_come(void **state)
{
	struct fixture *f = *state;
	struct effect e = {.record = RECORD_ANNOUNCED, .unit_id = mg07(f)};
	struct message m = text_of(f, MEMBER, "1", 0);
	struct roll_of of = {.what = ROLL_ANSWERS,
		.unit_id = e.unit_id,
		.day = day_of(2026, 11, 9)};
	struct roll_lines lines;

	apply(f, e, "{\"date\":\"2026-11-08\",\"time\":\"19:30\"}");
	apply(f, e,
		"{\"date\":\"2026-11-09\",\"time\":\"20:00\",\"items\":2,"
		"\"topics\":[\"03\"]}");
	assert_int_equal(number(f, "SELECT count(*) FROM meeting"), 1);
	/* A member sees it, with its items. */
	load(f, &m, NULL);
	assert_non_null(f->c.pending_meeting);
	assert_int_equal(f->c.pending_meeting->time, 20 * 60);
	assert_int_equal(f->c.vote_items_n, 2);
	e.subject = f->c.pending_meeting->id;
	e.record = RECORD_ANSWER;
	apply(f, e, "{\"member\":2,\"answer\":\"no\",\"reason\":\"work\"}");
	apply(f, e, "{\"member\":2,\"answer\":\"yes\"}");
	assert_int_equal(roll_lines(f->s, &of, f->a, &lines), 0);
	assert_int_equal(lines.n, 1);
	assert_memory_equal(state_of(&lines, 2), "yes", 3);
	look(f, "SELECT group_concat(item || threshold) FROM ballot_item",
		"11/2,21/2");
	e.record = RECORD_POSTPONED;
	apply(f, e, "{\"reason\":\"weather\"}");
	look(f,
		"SELECT coalesce(planned_on, 'none') || planned_minute "
		"FROM meeting",
		"none1200");
	e.record = RECORD_NO_MEETING;
	apply(f, e, "{\"period\":\"2026-10\",\"reason\":\"harvest\"}");
	look(f, "SELECT period || reason FROM meeting WHERE state = 'none'",
		"2026-10harvest");
}

static void test_of_the_unit(void **state)
{
	struct fixture *f = *state;
	struct effect e = {.record = RECORD_TASK, .unit_id = mg07(f)};
	struct context c = subject(f, "{\"unit\":\"MG07\",\"text\":\"t\"}");

	assert_int_equal(c.next_task, 1);
	apply(f, e,
		"{\"task\":1,\"members\":[1,2],\"text\":\"t\","
		"\"due\":\"2026-11-20\"}");
	c = subject(f, "{\"unit\":\"MG07\",\"text\":\"t\"}");
	assert_int_equal(c.next_task, 2);
	c = subject(f, "{\"unit\":\"MG07\",\"task\":1}");
	assert_non_null(c.task);
	assert_int_equal(c.task->members_n, 2);
	assert_int_equal(c.task->members[1], 2);
	c = subject(f, "{\"unit\":\"MG07\",\"task\":9}");
	assert_null(c.task);
	apply(f, e, "{\"task\":1,\"state\":\"done\"}");
	apply(f, e, "{\"task\":9,\"state\":\"done\"}");
	look(f,
		"SELECT group_concat(no || state || coalesce(members, ''), "
		"' ') FROM (SELECT * FROM task ORDER BY no)",
		"1done[1,2] 9done");
	e.record = RECORD_CANDIDATE;
	apply(f, e, "{\"candidate\":2,\"step\":\"class_done\"}");
	look(f, "SELECT no || step FROM candidate", "2class_done");
	e.record = RECORD_UNIT_FACT;
	apply(f, e, "{\"has_committee\":true,\"committee_size\":3}");
	look(f,
		"SELECT group_concat(fact || '=' || value, ' ') "
		"FROM (SELECT * FROM unit_fact ORDER BY id)",
		"has_committee=true committee_size=3");
}

static void test_of_people(void **state)
{
	struct fixture *f = *state;
	struct effect e = {.record = RECORD_OPINION};

	apply(f, e, "{\"text\":\"\xc4\x91\xc6\xb0\xe1\xbb\x9dng\"}");
	look(f, "SELECT text || state FROM opinion WHERE unit IS NULL",
		"\xc4\x91\xc6\xb0\xe1\xbb\x9dngopen");
	e.record = RECORD_TICKET;
	e.unit_id = mg07(f);
	apply(f, e, "{\"right\":\"access\",\"due\":\"2026-11-10\"}");
	look(f, "SELECT phone || what || due_on FROM ticket",
		SECRETARY "access2026-11-10");
	e.record = RECORD_BROADCAST;
	apply(f, e, "{\"text\":\"Mai hop\"}");
	look(f, "SELECT audience || text || state FROM broadcast",
		"secretariesMai hoprunning");
}

/* The story of a text names the rows that it left. */
static void test_story(void **state)
{
	struct fixture *f = *state;
	struct effect e = {.record = RECORD_MEMBER, .unit_id = mg07(f)};
	struct jdoc *story;
	struct str text;

	apply(f, e, "{\"members\":[1,2],\"status\":\"away\",\"dest\":\"Hue\"}");
	story = story_of_message(
		f->s, number(f, "SELECT max(id) FROM message"));
	assert_non_null(story);
	assert_int_equal(jdoc_len(jdoc_at(story, "records")), 2);
	text = jdoc_print(jdoc_at(story, "records"), f->a);
	assert_true(str_find(text, STR("away applied 2"), 0) > 0);
	jdoc_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_roll_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_members_change, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_meeting_to_come, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_of_the_unit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_of_people, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_story, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
