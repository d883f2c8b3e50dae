/*
 * What the store says about a sender: roles, units, rolls, matches, and that
 * repeats and duplicates of a text are known.
 */
#include "tests/unit/store_fixture.h"

#include <string.h>

#define SAME(s, z) assert_true(str_is((s), (z)))

static void test_repeat_is_not_stored(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "HOP 5/11 47 35 10 2", 0);
	int64_t first = put(f, &m, INBOUND_NEW);

	m.event_id = STR("another attempt");
	assert_int_equal(put(f, &m, INBOUND_REPEAT), first);
	m.channel = STR("other"); /* its ids are its own */
	m.text = STR("HOP 5/11 47 36 9 2");
	assert_int_not_equal(put(f, &m, INBOUND_NEW), first);
}

static void test_near_duplicate(void **state)
{
	static const struct {
		const char *from, *to, *text;
		int64_t after_ms;
		enum inbound_put want;
		const char *channel;
	} cases[] = {
		{SECRETARY, "+84888", "HOP", 10000, INBOUND_DUPLICATE, "demo"},
		{SECRETARY, "+84888", "HOP", -10000, INBOUND_DUPLICATE, "demo"},
		{SECRETARY, "+84888", "HOP", 10001, INBOUND_NEW, "demo"},
		{SECRETARY, "+84888", "HOP", -10001, INBOUND_NEW, "demo"},
		{SECRETARY, "+84889", "HOP", 0, INBOUND_NEW, "demo"},
		{STRANGER, "+84888", "HOP", 0, INBOUND_NEW, "demo"},
		{SECRETARY, "+84888", "hop", 0, INBOUND_NEW, "demo"},
		{SECRETARY, "+84888", "HOP", 3000, INBOUND_DUPLICATE, "other"},
		{SECRETARY, NULL, "HOP", 3000, INBOUND_DUPLICATE, "other"},
		{SECRETARY, "+84889", "HOP", 3000, INBOUND_NEW, "other"},
		{SECRETARY, "+84888", "HOP", 10001, INBOUND_NEW, "other"},
	};
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "HOP", 0);

	(void)put(f, &m, INBOUND_NEW);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		m = text_of(f, cases[i].from, cases[i].text, cases[i].after_ms);
		m.to = str_of(cases[i].to);
		m.channel = str_of(cases[i].channel);
		mark(f);
		(void)put(f, &m, cases[i].want);
		back(f);
	}
}

static void test_quarantine_once(void **state)
{
	struct fixture *f = *state;
	struct inbound_body body = {
		.channel = STR("demo"),
		.digest = STR("\1\2"),
		.body = STR("{\"text\":"),
		.received_at = NOW,
		.why = "crashed twice",
	};

	for (int i = 0; i < 2; i++)
		assert_int_equal(inbound_quarantine(f->s, &body), 0);
}

static void test_secretary(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "HOP", 0);

	load(f, &m, NULL);
	assert_true(f->c.has_registry && f->c.sender_known);
	assert_int_equal(f->c.roles_n, 2);
	assert_int_equal(f->c.units_n, 1);
	SAME(f->c.units[0].code, "MG07");
	SAME(f->c.units[0].name, "Giôn");
	assert_int_equal(f->c.units[0].aliases_n, 2);
	SAME(f->c.units[0].aliases[1], "Bản Cũ");
	assert_int_equal(f->c.units[0].roll, 3);
	assert_true(f->c.units[0].own && f->c.units[0].in_scope);
	SAME(f->c.language, "vi");
	assert_false(f->c.opted_out);
	assert_int_equal(f->c.minute, 19 * 60 + 30);
	assert_null(f->c.last_report);
	assert_null(f->c.pending_meeting);
}

static void test_two_units_in_order_of_codes(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, TWO_UNITS, "HOP", 0);

	load(f, &m, NULL);
	assert_int_equal(f->c.units_n, 2);
	SAME(f->c.units[0].code, "MG07");
	SAME(f->c.units[1].code, "MG08");
}

static void test_member_of_two_units(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, MEMBER, "1", 0);

	load(f, &m, NULL);
	assert_true(f->c.sender_known);
	assert_int_equal(f->c.roles_n, 2);
	assert_int_equal(f->c.units_n, 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(f->c.roles[i].role, ROLE_MEMBER);
	assert_int_equal(f->c.roles[0].member_no + f->c.roles[1].member_no, 3);
	SAME(f->c.language, "en");
}

static void test_unknown_and_ended(void **state)
{
	static const char *const phones[] = {STRANGER, "+84900000079"};
	struct fixture *f = *state;

	for (size_t i = 0; i < 2; i++) {
		struct message m = text_of(f, phones[i], "HOP", 0);

		load(f, &m, "gion");
		assert_false(f->c.sender_known);
		assert_true(f->c.has_registry);
		assert_int_equal(f->c.roles_n, 0);
		SAME(f->c.language, "vi");
	}
}

/* Nothing was imported yet: everybody is unknown, nobody acts unchecked. */
static void test_empty_registry(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "HOP MG07 5/11 47 35", 0);
	struct fields fields = report_fields("MG07", "2026-11-05", 47, 35);
	struct store *full = f->s;
	struct err err = {""};

	f->s = store_open(NULL, STORE_MEMORY, &err);
	assert_non_null(f->s);
	load(f, &m, "mg07");
	assert_true(f->c.has_registry);
	assert_false(f->c.sender_known);
	assert_int_equal(f->c.matches_n, 0);
	assert_int_equal(context_load_subject(f->s, &fields, f->a, &f->c), 0);
	assert_null(f->c.unit);
	store_close(f->s);
	f->s = full;
}

static void test_keys_find_units(void **state)
{
	static const struct {
		const char *key, *first;
		size_t n;
	} cases[] = {
		{"mg07", "MG07", 1},
		{"qn-mg-07", "MG07", 1},
		{"qn mg 07", "MG07", 1},
		{"ban cu", "MG07", 1},
		{"na pan", "MG08", 1},
		{"son la", "SL", 1},
		{"gion", "MG07", 2}, /* own first, though CS03 sorts before */
		{"nowhere", NULL, 0},
	};
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "HOP", 0);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load(f, &m, cases[i].key);
		assert_int_equal(f->c.matches_n, cases[i].n > 0);
		if (cases[i].n == 0)
			continue;
		SAME(f->c.matches[0].key, cases[i].key);
		assert_int_equal(f->c.matches[0].n, cases[i].n);
		SAME(f->c.matches[0].units[0].code, cases[i].first);
	}
}

static void test_staff_subtree(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, STAFF, "XEM gion", 0);
	const struct unit_match *match;

	load(f, &m, "gion");
	assert_int_equal(f->c.units_n, 0);
	match = &f->c.matches[0];
	assert_int_equal(match->n, 2);
	SAME(match->units[0].code, "CS03");
	assert_false(match->units[0].in_scope);
	assert_true(match->units[1].in_scope && !match->units[1].own);
	assert_int_equal(match->units[1].roll, 3);
}

static void test_subject_by_code(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, STAFF, "HOP MG08", 0);
	struct fields fields = report_fields("MG08", "2026-11-05", 1, 1);

	load(f, &m, NULL);
	assert_int_equal(context_load_subject(f->s, &fields, f->a, &f->c), 0);
	SAME(f->c.unit->code, "MG08");
	assert_true(f->c.unit->in_scope);
	assert_int_equal(f->c.unit->roll, 1);
	assert_null(f->c.same_report);
	fields = report_fields("MG99", "2026-11-05", 1, 1);
	assert_int_equal(context_load_subject(f->s, &fields, f->a, &f->c), 0);
	assert_null(f->c.unit);
}

static void test_staff_phones_nearest_first(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "HOP", 0);
	day_t today = day_of(2026, 11, 6);
	struct staff_phones v;
	int64_t unit;

	load(f, &m, NULL);
	unit = f->c.units[0].id;
	assert_int_equal(staff_phones(f->s, unit, today, f->a, &v), 0);
	assert_int_equal(v.n, 2);
	SAME(v.v[0].phone, STAFF);
	SAME(v.v[1].phone, "+84900000902");
	/* The day after, the second one's role has ended. */
	assert_int_equal(staff_phones(f->s, unit, today + 1, f->a, &v), 0);
	assert_int_equal(v.n, 1);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_repeat_is_not_stored),
		TEST(test_near_duplicate),
		TEST(test_quarantine_once),
		TEST(test_secretary),
		TEST(test_two_units_in_order_of_codes),
		TEST(test_member_of_two_units),
		TEST(test_unknown_and_ended),
		TEST(test_empty_registry),
		TEST(test_keys_find_units),
		TEST(test_staff_subtree),
		TEST(test_subject_by_code),
		TEST(test_staff_phones_nearest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
