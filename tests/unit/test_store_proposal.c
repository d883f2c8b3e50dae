/* test_store_proposal - what approving changes, event by event. */
#include "gateway/store/proposal.h"
#include "tests/unit/store_fixture.h"

/* A proposal as a text of the secretary's would store it; its number. */
static int64_t propose(struct fixture *f, enum intent intent,
	enum record_kind kind, const struct fields *fields)
{
	struct message m = {.from = STR(SECRETARY)};
	struct outcome o = {.arena = f->a, .intent = intent};
	struct apply_input in = {
		.message = &m, .context = &f->c, .outcome = &o, .now_ms = NOW};
	struct effect *e = outcome_add(&o, EFFECT_RECORD);
	size_t queued;
	int64_t next;

	e->record = kind;
	e->state = RECORD_PROPOSED;
	e->fields = fields;
	e->unit_id = 1;
	assert_int_equal(proposal_next(f->s, &next), 0);
	e->proposal = next;
	assert_int_equal(apply_outcome(f->s, &in, &queued), 0);
	return next;
}

static int64_t propose_member(
	struct fixture *f, const char *status, int no, int count)
{
	struct fields *fields = ARENA_NEW(f->a, struct fields);

	field_set_text(fields, FIELD_STATUS, str_of(status));
	if (no > 0)
		field_set_int(fields, FIELD_MEMBER, no);
	if (count > 0)
		field_set_int(fields, FIELD_COUNT, count);
	return propose(f, INTENT_MEMBER_STATUS, RECORD_MEMBER, fields);
}

static bool decide(struct fixture *f, int64_t id, enum proposal_end end)
{
	struct proposal_decision d = {
		.id = id,
		.end = end,
		.by = STR("command"),
		.now_ms = NOW,
		.today = day_of(2026, 11, 6),
	};
	bool done;

	assert_int_equal(proposal_decide(f->s, &d, f->a, &done), 0);
	return done;
}

/* The first column of a row of the tables as they are now. */
static const char *value(struct fixture *f, const char *sql)
{
	sqlite3_stmt *st;
	const char *z = "no row";

	assert_int_equal(
		sqlite3_prepare_v2(f->s->db, sql, -1, &st, NULL), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW) {
		const char *v = (const char *)sqlite3_column_text(st, 0);

		z = v == NULL ? "null" : arena_z(f->a, str_of(v));
	}
	sqlite3_finalize(st);
	return z;
}

#define MEMBER_1                                                               \
	"SELECT status || ' ' || standing || ' ' || on_roll FROM member "      \
	"WHERE unit = 1 AND no = 1"

static void test_each_event_changes_its_line(void **state)
{
	static const struct {
		const char *event, *line;
	} cases[] = {
		{"temp_exempt", "temp_exempt official 1"},
		{"exempt", "exempt official 1"},
		{"temp_transfer_out", "temp_transfer_out official 0"},
		{"transfer_out", "transferred_out official 0"},
		{"removal_proposed", "removed official 0"},
		{"deceased", "deceased official 0"},
		{"official", "active official 1"},
		{"lapse_reported", "active official 1"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t id = propose_member(f, cases[i].event, 1, 0);

		assert_string_equal(value(f, MEMBER_1), "active official 1");
		assert_true(decide(f, id, PROPOSAL_APPROVED));
		assert_string_equal(value(f, MEMBER_1), cases[i].line);
		store_rollback(f->s);
		assert_int_equal(store_begin(f->s), 0);
	}
}

static void test_a_refusal_changes_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t id = propose_member(f, "deceased", 1, 0);

	assert_true(decide(f, id, PROPOSAL_REJECTED));
	assert_string_equal(value(f, MEMBER_1), "active official 1");
	assert_string_equal(
		value(f, "SELECT state FROM member_event"), "rejected");
	assert_false(decide(f, id, PROPOSAL_APPROVED));
	assert_string_equal(value(f, MEMBER_1), "active official 1");
}

static void test_who_leaves_speaks_no_more(void **state)
{
	struct fixture *f = *state;

	assert_true(decide(
		f, propose_member(f, "transfer_out", 1, 0), PROPOSAL_APPROVED));
	assert_string_equal(value(f, "SELECT phone FROM member WHERE unit = 1 "
				     "AND no = 1"),
		"null");
	assert_string_equal(
		value(f, "SELECT valid_to FROM contact_role WHERE phone = "
			 "'" SECRETARY "' AND role = 'secretary'"),
		"2026-11-05");
}

static void test_probationary_becomes_official(void **state)
{
	struct fixture *f = *state;

	assert_true(decide(
		f, propose_member(f, "official", 3, 0), PROPOSAL_APPROVED));
	assert_string_equal(value(f, "SELECT standing FROM member WHERE "
				     "unit = 1 AND no = 3"),
		"official");
}

static void test_who_comes_gets_a_number(void **state)
{
	struct fixture *f = *state;

	assert_true(decide(
		f, propose_member(f, "admitted", 0, 2), PROPOSAL_APPROVED));
	assert_string_equal(
		value(f, "SELECT group_concat(no || standing) FROM member "
			 "WHERE unit = 1 AND no > 4"),
		"5probationary,6probationary");
	assert_true(decide(
		f, propose_member(f, "transfer_in", 9, 0), PROPOSAL_APPROVED));
	assert_string_equal(value(f, "SELECT standing || on_roll FROM member "
				     "WHERE unit = 1 AND no = 9"),
		"official1");
	/* One that had left for a time comes back to the same line. */
	assert_true(decide(
		f, propose_member(f, "transfer_in", 4, 0), PROPOSAL_APPROVED));
	assert_string_equal(value(f, "SELECT status FROM member WHERE "
				     "unit = 1 AND no = 4"),
		"active");
}

static enum proposal_bar bar(struct fixture *f, int64_t id)
{
	struct proposal_ref p;

	assert_int_equal(proposal_find(f->s, id, f->a, &p), 1);
	return p.bar;
}

static void test_what_stands_against_it(void **state)
{
	struct fixture *f = *state;
	int64_t leaves = propose_member(f, "transfer_out", 1, 0);
	int64_t comes = propose_member(f, "transfer_in", 7, 0);

	assert_int_equal(bar(f, propose_member(f, "transfer_out", 0, 2)),
		PROPOSAL_VAGUE);
	assert_int_equal(
		bar(f, propose_member(f, "transfer_in", 1, 0)), PROPOSAL_TAKEN);
	assert_int_equal(bar(f, leaves), PROPOSAL_FREE);
	assert_int_equal(bar(f, comes), PROPOSAL_FREE);
	assert_true(decide(
		f, propose_member(f, "exempt", 1, 0), PROPOSAL_APPROVED));
	assert_int_equal(bar(f, leaves), PROPOSAL_CHANGED);
	assert_true(decide(
		f, propose_member(f, "transfer_in", 7, 0), PROPOSAL_APPROVED));
	assert_int_equal(bar(f, comes), PROPOSAL_TAKEN);
}

static void test_a_new_phone(void **state)
{
	struct fixture *f = *state;
	struct fields *fields = ARENA_NEW(f->a, struct fields);

	field_set_int(fields, FIELD_MEMBER, 2);
	field_set_text(fields, FIELD_PHONE, STR("+84911111111"));
	assert_true(
		decide(f, propose(f, INTENT_REGISTER, RECORD_MEMBER, fields),
			PROPOSAL_APPROVED));
	assert_string_equal(value(f, "SELECT phone FROM member WHERE unit = 1 "
				     "AND no = 2"),
		"+84911111111");
	/* It has agreed to nothing yet, and is written to as before. */
	assert_string_equal(value(f, "SELECT language || consent FROM contact "
				     "WHERE phone = '+84911111111'"),
		"en0");
}

static void test_a_new_secretary(void **state)
{
	struct fixture *f = *state;
	struct fields *fields = ARENA_NEW(f->a, struct fields);
	int64_t id;

	field_set_text(fields, FIELD_ROLE_CHANGE, STR("secretary"));
	field_set_int(fields, FIELD_MEMBER, 3);
	id = propose(f, INTENT_UNIT_UPDATE, RECORD_UNIT_FACT, fields);
	assert_int_equal(bar(f, id), PROPOSAL_NO_PHONE);
	field_set_int(fields, FIELD_MEMBER, 1);
	id = propose(f, INTENT_UNIT_UPDATE, RECORD_UNIT_FACT, fields);
	assert_int_equal(bar(f, id), PROPOSAL_FREE);
	assert_true(decide(f, id, PROPOSAL_APPROVED));
	assert_string_equal(
		value(f, "SELECT group_concat(phone) FROM contact_role "
			 "WHERE unit = 1 AND role = 'secretary' "
			 "AND valid_to IS NULL"),
		"+84900000101");
	assert_string_equal(
		value(f, "SELECT valid_to FROM contact_role WHERE unit = 1 "
			 "AND role = 'secretary' AND phone = '" SECRETARY "'"),
		"2026-11-05");
	assert_string_equal(
		value(f, "SELECT state FROM unit_fact ORDER BY id DESC"),
		"applied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
		TEST(test_each_event_changes_its_line),
		TEST(test_a_refusal_changes_nothing),
		TEST(test_who_leaves_speaks_no_more),
		TEST(test_probationary_becomes_official),
		TEST(test_who_comes_gets_a_number),
		TEST(test_what_stands_against_it),
		TEST(test_a_new_phone),
		TEST(test_a_new_secretary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
