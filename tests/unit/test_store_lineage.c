/* Whose number a text means after MG08 (member 1) has joined MG07 (1 to 4): as
 * MG07's member 5. */
#include "gateway/store/lineage.h"
#include "gateway/store/unit_change.h"
#include "tests/unit/store_fixture.h"

static void merge(struct fixture *f)
{
	static const struct str from[] = {{"MG08", 4}};
	static const struct unit_part to[] = {{.code = {"MG07", 4}}};
	struct unit_change c = {
		.kind = UNIT_MERGE,
		.from = from,
		.from_n = 1,
		.to = to,
		.to_n = 1,
		.on = day_of(2026, 11, 6),
	};
	struct unit_change_run r = {.change = &c, .now_ms = NOW, .arena = f->a};
	struct unit_changed done;
	struct err why = {""};

	assert_int_equal(unit_change_put(f->s, &c, NOW, f->a, &r.id), 0);
	assert_int_equal(unit_change_do(f->s, &r, &done, &why), 0);
	assert_int_equal(unit_change_end(f->s, r.id, NULL, NOW), 0);
}

static const struct a_case {
	const char *from;
	const char *key;  /* of the word that names a unit; NULL: none does */
	const char *code; /* what was read */
	enum intent intent;
	int no;
	day_t days_ago; /* of the day that is named; -1: none is */
	const char *want;
	int want_no;
	enum problem problem;
	const char *lists;
} cases[] = {
	/* The old code: by the old list. */
	{STAFF, "mg08", "MG07", INTENT_MEMBER_STATUS, 1, -1, "MG07", 5,
		PROBLEM_NONE, NULL},
	/* Of today's roll, whatever the day on which it happened. */
	{STAFF, "mg08", "MG07", INTENT_MEMBER_STATUS, 1, 3, "MG07", 5,
		PROBLEM_NONE, NULL},
	{STAFF, "mg08", "MG07", INTENT_MEMBER_STATUS, 5, -1, "MG07", 5,
		PROBLEM_NONE, NULL},
	{STAFF, "mg08", "MG07", INTENT_MEMBER_STATUS, 2, -1, "MG07", 2,
		PROBLEM_MEMBER_UNKNOWN, NULL},
	/* Its own code: by today's. */
	{STAFF, "mg07", "MG07", INTENT_MEMBER_STATUS, 1, -1, "MG07", 1,
		PROBLEM_NONE, NULL},
	/* A roll call of before the merger. */
	{STAFF, "mg08", "MG07", INTENT_ATTENDANCE, 1, 3, "MG08", 1,
		PROBLEM_NONE, NULL},
	{STAFF, "mg08", "MG07", INTENT_ATTENDANCE, 1, 0, "MG07", 5,
		PROBLEM_NONE, NULL},
	/* A record that was begun before. */
	{STAFF, NULL, "MG08", INTENT_MEMBER_STATUS, 1, 3, "MG07", 5,
		PROBLEM_NONE, NULL},
	{STAFF, NULL, "MG08", INTENT_ATTENDANCE, 1, 3, "MG08", 1, PROBLEM_NONE,
		NULL},
	/* No code, from the old unit's secretary. */
	{TWO_UNITS, NULL, "MG07", INTENT_MEMBER_STATUS, 1, -1, "MG07", 1,
		PROBLEM_ALIAS_MULTI, "MG07, MG08"},
	{TWO_UNITS, NULL, "MG07", INTENT_MEMBER_STATUS, 3, -1, "MG07", 3,
		PROBLEM_NONE, NULL},
	{SECRETARY, NULL, "MG07", INTENT_MEMBER_STATUS, 1, -1, "MG07", 1,
		PROBLEM_NONE, NULL},
};

static void run(struct fixture *f, const struct a_case *c)
{
	struct message m = text_of(f, c->from, "DV 1", 0);
	struct str key = c->key != NULL ? str_of(c->key) : STR("");
	struct context_query q = {
		.message = &m,
		.unit_keys = &key,
		.unit_keys_n = c->key != NULL,
		.now_ms = NOW,
		.utc_offset_min = 420,
	};
	struct reading r = {.intent = c->intent, .unit_index = -1};

	assert_int_equal(context_load(f->s, &q, f->a, &f->c), 0);
	field_set_text(&r.fields, FIELD_UNIT, str_of(c->code));
	field_set_int(&r.fields, FIELD_MEMBER, c->no);
	if (c->days_ago >= 0)
		field_set_int(&r.fields, FIELD_DATE, f->c.today - c->days_ago);
	assert_int_equal(lineage_settle(f->s, &q, &f->c, f->a, &r), 0);
	if (!str_is(field_text(&r.fields, FIELD_UNIT), c->want) ||
		field_int(&r.fields, FIELD_MEMBER, 0) != c->want_no ||
		r.problem != c->problem ||
		!str_eq(f->c.lists, str_of(c->lists)))
		fail_msg("case %td: " STR_FMT " %d %s '" STR_FMT "'", c - cases,
			STR_ARG(field_text(&r.fields, FIELD_UNIT)),
			(int)field_int(&r.fields, FIELD_MEMBER, 0),
			problem_str(r.problem), STR_ARG(f->c.lists));
}

static void test_numbers(void **state)
{
	struct fixture *f = *state;

	merge(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run(f, &cases[i]);
}

/* Before there is a change nothing is touched. */
static void test_never_changed(void **state)
{
	static const struct a_case c = {TWO_UNITS, "mg08", "MG08",
		INTENT_MEMBER_STATUS, 1, -1, "MG08", 1, PROBLEM_NONE, NULL};
	struct fixture *f = *state;

	run(f, &c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_never_changed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
