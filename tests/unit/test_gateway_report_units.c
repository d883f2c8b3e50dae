/*
 * Reports when units have changed, counted by hand: a merger, a move, a merger
 * of communes and a split; by today's tree, and by that of an earlier day.
 */
#include "gateway/model/fact.h"
#include "gateway/store/fact.h"
#include "gateway/store/registry.h"
#include "gateway/store/sql.h"
#include "gateway/store/tally.h"
#include "gateway/store/unit_change.h"
#include "gateway/unit_words.h"
#include "tests/unit/report_month.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#define NOW INT64_C(1795320000000) /* 2026-11-22 11:00 in Vietnam */

static const char units[] =
	"code,name,kind,parent,aliases,valid_from,valid_to\n"
	"T,Tỉnh,province,,,2025-07-01,\n"
	"X,Xã Một,commune,T,,2025-07-01,\n"
	"X1,Giôn,hamlet,X,,2025-07-01,\n"
	"X2,Na Pản,hamlet,X,,2025-07-01,\n"
	"X3,Bo,hamlet,X,,2025-07-01,\n"
	"Y,Xã Hai,commune,T,,2025-07-01,\n"
	"Y1,Xanh,hamlet,Y,,2025-07-01,\n"
	"Z,Xã Ba,commune,T,,2025-07-01,\n"
	"Z1,Mới,hamlet,Z,,2025-07-01,\n";
static const char members[] =
	"unit,no,name,standing,status,dest,phone,language,consent\n"
	"X1,1,A,official,active,,,vi,yes\n"
	"X1,2,B,official,away,Bắc Ninh,,vi,yes\n"
	"X1,3,C,official,exempt,,,vi,yes\n"
	"X2,1,D,official,active,,,vi,yes\n"
	"X2,2,E,probationary,away,BAC NINH,,vi,yes\n"
	"X2,3,F,official,active,,,vi,yes\n"
	"X2,4,G,official,exempt,,,vi,yes\n"
	"X3,1,H,official,active,,,vi,yes\n"
	"X3,2,I,official,away,Hà Nội,,vi,yes\n"
	"Y1,1,J,official,active,,,vi,yes\n"
	"Z1,1,K,official,active,,,vi,yes\n";

static const char roles[] = "phone,role,unit,member,valid_from,valid_to\n"
			    "+84900000001,secretary,X1,1,2025-07-01,\n"
			    "+84900000002,secretary,X2,1,2025-07-01,\n";

#define ITEM(meeting, code)                                                    \
	"INSERT INTO ballot_item (meeting, unit, item, threshold, opened_at, " \
	"own_time, source, digest) VALUES (" #meeting                          \
	", " UNIT(code) ", 1, "                                                \
			"'1/2', 0, 0, 'staff', '');"

/* F of X2 came back on the 3rd of November. */
static const char rows[] = MEETING(1, "X1", "2026-10", "regular", "NULL",
	"'2026-10-05'",
	"held") REPORT(1, 1, "3, 2, 1, 0, NULL, NULL", "2026-10-06") MEETING(2,
	"X2", "2026-10", "regular", "NULL", "'2026-10-08'",
	"held") REPORT(2, 1, "4, 2, 1, 1, NULL, NULL", "2026-10-09") MEETING(3,
	"X2", "2026-11", "regular", "NULL", "'2026-11-05'",
	"held") REPORT(3, 1, "4, 3, 1, 0, NULL, NULL", "2026-11-06") MEETING(4,
	"X1", "2026-11", "regular", "NULL", "'2026-11-12'",
	"held") REPORT(4, 1, "7, 5, 2, 0, NULL, NULL", "2026-11-13") MEETING(5,
	"Y1", "2026-10", "regular", "NULL", "'2026-10-05'",
	"held") REPORT(5, 1, "1, 1, 0, 0, NULL, NULL", "2026-10-20") MEETING(6,
	"X3", "2026-10", "regular", "NULL", "'2026-10-05'",
	"held") REPORT(6, 1, "2, 1, 1, 0, NULL, NULL",
	"2026-10-05") OPINION("X2", "'03'", "answered",
	"2026-10-10") OPINION("X1", "'03'", "open", "2026-10-11") CHANGE("X2",
	3, "away", "'{\"dest\":\"Bac-Ninh\"}'", "2026-09-01") CHANGE("X2", 3,
	"returned", "NULL", "2026-11-03") ITEM(1, "X1") ITEM(2, "X2") TEXT_IN(1,
	"+84900000001", "'meeting_report'", "done", "2026-10-06")
	TEXT_IN(2, "+84900000002", "'meeting_report'", "asked", "2026-10-09")
		TEXT_OUT("+84900000002", "reply", "sent", "2", "2026-10-09");

struct fixture {
	struct store *s;
	struct arena *a;
	struct config *config;
	struct table table;
};

static void change(struct fixture *f, const char *line, day_t on)
{
	struct unit_changed done;
	struct unit_change c;
	struct unit_change_run r = {.change = &c, .now_ms = NOW, .arena = f->a};
	struct str words[8], rest = str_of(line);
	struct err why = {""};
	size_t n = 0;

	while (n < 8 && str_next(&rest, ' ', &words[n]))
		n++;
	assert_int_equal(unit_words_read(words, n, f->a, &c, &why), 0);
	c.on = on;
	assert_int_equal(unit_change_put(f->s, &c, NOW, f->a, &r.id), 0);
	if (unit_change_do(f->s, &r, &done, &why) != 0)
		fail_msg("%s: %s", line, why.text);
	assert_int_equal(unit_change_end(f->s, r.id, NULL, NOW), 0);
}

static int set_up(void **state)
{
	struct registry_files files = {.units = str_of(units),
		.members = str_of(members),
		.roles = str_of(roles)};
	struct fixture *f = test_calloc(1, sizeof(*f));
	struct registry_counts counts;
	struct diags *d = diags_new();
	struct err err = {""};
	char *error = NULL;

	f->a = arena_new(1 << 16);
	f->s = store_open(NULL, STORE_MEMORY, &err);
	f->config = config_load(STR("t.yaml"), STR("{}"), d);
	assert_non_null(f->s);
	assert_non_null(f->config);
	assert_int_equal(store_begin(f->s), 0);
	assert_int_equal(registry_import(f->s, &files, NOW, &counts, d), 0);
	if (sqlite3_exec(f->s->db, rows, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
	diags_free(d);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(f->s);
	config_free(f->config);
	arena_free(f->a);
	test_free(f);
	return 0;
}

/* What is asked of a report: "kind period [unit]". */
struct wanted {
	const char *kind, *period, *unit, *as_of;
	const char *row, *of, *detail, *column, *want;
};

static void count(struct fixture *f, const struct wanted *w)
{
	struct tally_ask ask = {
		.kind = tally_parse(str_of(w->kind)),
		.unit = str_of(w->unit),
		.period = str_of(w->period),
		.now_ms = NOW,
		.as_of = w->as_of != NULL ? day_parse(str_of(w->as_of)) : 0,
		.config = f->config,
	};

	assert_int_equal(table_period(ask.period, &ask.from, &ask.to), 0);
	assert_int_equal(store_commit(f->s), 0);
	if (tally_count(f->s, &ask, f->a, &f->table) != 1)
		fail_msg("%s: %s", w->kind, store_error(f->s));
	assert_int_equal(store_begin(f->s), 0);
}

static const char *shown(struct fixture *f, const struct wanted *w)
{
	const struct table *t = &f->table;
	size_t col = 0;

	while (strcmp(t->columns[col].name, w->column) != 0)
		assert_true(++col < t->columns_n);
	for (size_t i = 0; i < t->n; i++) {
		const struct table_cell *v = t->rows[i].cells;

		if (!str_is(v[0].text, w->row) || !str_is(v[1].text, w->of) ||
			(w->detail != NULL && !str_is(v[3].text, w->detail)))
			continue;
		if (t->columns[col].type == TABLE_TEXT)
			return arena_z(f->a, v[col].text);
		return arena_z(f->a,
			arena_printf(f->a, "%lld/%lld", (long long)v[col].n,
				(long long)v[col].d));
	}
	return "no row";
}

static void check(struct fixture *f, const struct wanted *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *got;

		count(f, &v[i]);
		got = shown(f, &v[i]);
		if (strcmp(got, v[i].want) != 0)
			fail_msg("line %zu (%s %s %s): %s, not %s", i,
				v[i].kind, v[i].of, v[i].column, got,
				v[i].want);
	}
}

#define CHECK(f, v) check(f, v, sizeof(v) / sizeof((v)[0]))

/* X2 joins X1 on the 10th; X1 has 7 members from then on. */
static const struct wanted merge_before[] = {
	{"attendance", "2026-10", NULL, NULL, "meeting", "X2", "2026-10-08",
		"net", "2/3"},
	{"attendance", "2026-10", NULL, NULL, "subtree", "X", NULL, "gross",
		"5/9"},
	{"away", "2026-10", NULL, NULL, "unit", "X2", NULL, "away", "2/4"},
	{"away", "2026-10", NULL, NULL, "unit_dest", "X2", "BAC NINH", "away",
		"2/4"},
};
static const struct wanted merge_after[] = {
	/* A report keeps its unit, and counts in the heir's. */
	{"attendance", "2026-10", NULL, NULL, "meeting", "X2", "2026-10-08",
		"gross", "2/4"},
	{"attendance", "2026-10", NULL, NULL, "meeting", "X2", "2026-10-08",
		"net", "2/3"},
	{"attendance", "2026-10", NULL, NULL, "meeting", "X1", "2026-10-05",
		"net", "2/2"},
	{"attendance", "2026-10", NULL, NULL, "unit", "X1", NULL, "gross",
		"4/7"},
	{"attendance", "2026-10", NULL, NULL, "unit", "X1", NULL, "net", "4/5"},
	{"attendance", "2026-10", NULL, NULL, "unit", "X1", NULL,
		"units_unexcused", "1/2"},
	{"attendance", "2026-10", NULL, NULL, "subtree", "X", NULL, "gross",
		"5/9"},
	{"attendance", "2026-10", "X1", NULL, "all", "", NULL, "gross", "4/7"},
	{"attendance", "2026-10", "X2", NULL, "all", "", NULL, "gross", "2/4"},
	/* Two exempt ones of seven, who did not come. */
	{"attendance", "2026-11", NULL, NULL, "meeting", "X1", "2026-11-12",
		"net", "5/5"},
	{"attendance", "2026-11", NULL, NULL, "meeting", "X2", "2026-11-05",
		"net", "3/3"},
	/* Both should have met in October, one in November. */
	{"meetings", "2026-10", NULL, NULL, "unit", "X1", NULL, "met", "2/2"},
	{"meetings", "2026-11", NULL, NULL, "unit", "X1", NULL, "met", "2/2"},
	{"meetings", "2026-12", "X1", NULL, "all", "", NULL, "met", "0/0"},
	/* B, E and F of seven; F is back in November. */
	{"away", "2026-10", NULL, NULL, "unit", "X1", NULL, "away", "3/7"},
	{"away", "2026-11", NULL, NULL, "unit", "X1", NULL, "away", "2/7"},
	{"away", "2026-10", NULL, NULL, "unit_dest", "X1", "Bắc Ninh", "away",
		"3/7"},
	{"away", "2026-10", NULL, NULL, "unit", "X2", NULL, "away", "no row"},
	{"opinions", "2026-10", NULL, NULL, "unit", "X1", NULL, "answered",
		"1/2"},
	{"opinions", "2026-10", NULL, NULL, "unit_topic", "X1", "03",
		"answered", "1/2"},
	{"traffic", "2026-10", NULL, NULL, "unit", "X1", NULL, "parsed", "2/2"},
	{"traffic", "2026-10", NULL, NULL, "unit", "X1", NULL, "segments",
		"2/0"},
	{"traffic", "2026-10", NULL, NULL, "unit", "X2", NULL, "parsed",
		"no row"},
	{"votes", "2026-10", NULL, NULL, "item", "X2", NULL, "ballots", "0/0"},
	{"votes", "2026-10", NULL, NULL, "unit", "X1", NULL, "ballots", "0/0"},
	/* As it stood on the day before. */
	{"away", "2026-10", NULL, "2026-11-09", "unit", "X2", NULL, "away",
		"2/4"},
	{"away", "2026-10", NULL, "2026-11-09", "unit", "X1", NULL, "away",
		"1/3"},
	{"attendance", "2026-10", NULL, "2026-11-09", "unit", "X1", NULL,
		"gross", "no row"},
	/* The report of the 12th came on the 13th. */
	{"attendance", "2026-11", NULL, "2026-11-12", "all", "", NULL, "gross",
		"3/4"},
	{"indicators", "2026-10", NULL, NULL, "attendance_gross", "", NULL, "n",
		"6/0"},
	{"indicators", "2026-10", NULL, NULL, "small_cells", "", NULL, "n",
		"3/0"},
	{"indicators", "2026-11", NULL, NULL, "small_cells", "", NULL, "n",
		"3/0"},
	{"indicators", "2026-11", NULL, NULL, "small_cells", "", NULL, "d",
		"4/0"},
	{"indicators", "2026-10", NULL, NULL, "small_cells", "", NULL, "d",
		"5/0"},
};

static void test_merge(void **state)
{
	struct fixture *f = *state;

	CHECK(f, merge_before);
	change(f, "merge X2 X1", day_of(2026, 11, 10));
	CHECK(f, merge_after);
}

static void test_new_unit(void **state)
{
	static const struct wanted after[] = {
		{"attendance", "2026-10", NULL, NULL, "unit", "N1", NULL,
			"gross", "4/7"},
		{"away", "2026-10", NULL, NULL, "unit", "N1", NULL, "away",
			"3/7"},
		{"away", "2026-11", NULL, NULL, "unit", "N1", NULL, "away",
			"2/7"},
		{"meetings", "2026-10", "N1", NULL, "all", "", NULL, "met",
			"2/2"},
		{"attendance", "2026-10", NULL, "2026-11-14", "unit", "M1",
			NULL, "gross", "4/7"},
		{"away", "2026-10", NULL, "2026-11-09", "unit", "X2", NULL,
			"away", "2/4"},
	};
	struct fixture *f = *state;

	/* Twice merged: M1 was there for five days. */
	change(f, "merge X1 X2 M1=Giôn", day_of(2026, 11, 10));
	change(f, "merge M1 N1=Giôn", day_of(2026, 11, 15));
	CHECK(f, after);
}

static void test_move(void **state)
{
	static const struct wanted after[] = {
		{"attendance", "2026-10", NULL, NULL, "subtree", "X", NULL,
			"gross", "6/10"},
		{"attendance", "2026-10", NULL, NULL, "subtree", "Y", NULL,
			"gross", "no row"},
		{"attendance", "2026-10", NULL, "2026-11-14", "subtree", "X",
			NULL, "gross", "5/9"},
		{"attendance", "2026-10", NULL, "2026-11-14", "subtree", "Y",
			NULL, "gross", "1/1"},
		{"attendance", "2026-10", "X", "2026-11-14", "all", "", NULL,
			"gross", "5/9"},
	};
	struct fixture *f = *state;

	change(f, "move Y1 X", day_of(2026, 11, 15));
	CHECK(f, after);
}

/* Communes merge: what was below one is below the other, and was not. */
static void test_communes(void **state)
{
	static const struct wanted after[] = {
		{"attendance", "2026-10", NULL, NULL, "subtree", "X", NULL,
			"gross", "6/10"},
		{"attendance", "2026-10", NULL, "2026-11-09", "subtree", "X",
			NULL, "gross", "5/9"},
		{"attendance", "2026-10", NULL, "2026-11-09", "subtree", "Y",
			NULL, "gross", "1/1"},
		{"attendance", "2026-10", NULL, NULL, "subtree", "T", NULL,
			"gross", "6/10"},
		{"indicators", "2026-11", NULL, NULL, "secretary_non_local", "",
			NULL, "note", "not known: 2 of 2"},
		{"indicators", "2026-10", NULL, NULL, "secretary_non_local", "",
			NULL, "note", "not known: 3 of 3"},
	};
	struct fixture *f = *state;

	change(f, "merge Y X", day_of(2026, 11, 10));
	CHECK(f, after);
}

/* What was reported before stays with the old unit; people are parted. */
static void test_split(void **state)
{
	static const struct wanted after[] = {
		{"attendance", "2026-10", NULL, NULL, "subtree", "X", NULL,
			"gross", "5/9"},
		{"attendance", "2026-10", NULL, NULL, "meeting", "X3", NULL,
			"gross", "1/2"},
		{"away", "2026-10", NULL, NULL, "unit", "X3", NULL, "away",
			"1/2"},
		{"away", "2026-11", NULL, NULL, "unit", "X3", NULL, "away",
			"no row"},
		{"away", "2026-11", NULL, NULL, "unit", "X5", NULL, "away",
			"1/1"},
		{"away", "2026-11", NULL, NULL, "unit", "X4", NULL, "away",
			"0/1"},
		{"meetings", "2026-10", NULL, NULL, "subtree", "X", NULL, "met",
			"3/3"},
	};
	struct fixture *f = *state;

	change(f, "split X3 X4=Bo:1 X5=Bo2", day_of(2026, 11, 10));
	CHECK(f, after);
}

/* ---- facts ---- */

static void say(struct fixture *f, const char *unit, const char *name,
	const char *value, const char *since)
{
	struct fact_entry e = {str_of(unit), fact_parse(str_of(name)),
		{NULL, 0}, str_of(since)};
	struct fact_typed typed = {e.fact, str_of(value), 2};
	struct err err = {""};

	if (fact_value(&typed, f->a, &e.value, &err) != 0 ||
		fact_put(f->s, &e, NOW, f->a, &err) != 1)
		fail_msg("%s %s: %s", name, value, err.text);
}

static const struct wanted facts_told[] = {
	{"indicators", "2026-10", NULL, NULL, "cells_with_committee", "", NULL,
		"n", "1/0"},
	{"indicators", "2026-10", NULL, NULL, "cells_with_committee", "", NULL,
		"d", "2/0"},
	{"indicators", "2026-10", NULL, NULL, "cells_with_committee", "", NULL,
		"note", "not known: 3 of 5"},
	{"indicators", "2026-11", NULL, NULL, "cells_with_committee", "", NULL,
		"n", "2/0"},
	{"indicators", "2026-11", NULL, "2026-11-02", "cells_with_committee",
		"", NULL, "n", "0/0"},
	/* A secretary who is head is a member. */
	{"indicators", "2026-11", NULL, NULL, "head_is_member", "", NULL, "n",
		"1/0"},
	{"indicators", "2026-11", NULL, NULL, "head_is_member", "", NULL, "d",
		"1/0"},
	/* The commune's own figure covers its hamlets'. */
	{"indicators", "2026-11", NULL, NULL, "cadres_qualified", "", NULL, "n",
		"50/0"},
	{"indicators", "2026-11", NULL, NULL, "cadres_qualified", "", NULL, "d",
		"60/0"},
	{"indicators", "2026-11", "X1", NULL, "cadres_qualified", "", NULL, "d",
		"3/0"},
	{"indicators", "2026-10", NULL, NULL, "admissions_of_target", "", NULL,
		"d", "15/0"},
	{"indicators", "2026-10", NULL, NULL, "admissions_of_target", "", NULL,
		"note", "target of 2026"},
	{"indicators", "2025", NULL, NULL, "admissions_of_target", "", NULL,
		"note", "no target of 2025"},
	{"indicators", "2026", NULL, NULL, "cells_good", "", NULL, "note",
		"not known: 4 of 5"},
	{"indicators", "2026", NULL, NULL, "white_hamlets", "", NULL, "n",
		"1/0"},
	{"indicators", "2026", NULL, NULL, "white_hamlets", "", NULL, "note",
		"Y1"},
};
static const struct wanted facts_merged[] = {
	{"indicators", "2026-10", "X1", NULL, "admissions_of_target", "", NULL,
		"d", "15/0"},
	{"indicators", "2026-10", "X1", NULL, "cells_with_committee", "", NULL,
		"d", "2/0"},
	{"indicators", "2026-11", "X1", NULL, "cells_with_committee", "", NULL,
		"d", "1/0"},
};

static void test_facts(void **state)
{
	struct fixture *f = *state;

	say(f, "X1", "has_committee", "co", "2026-10-01");
	say(f, "X2", "has_committee", "no", "2026-01-01");
	say(f, "X3", "committee_size", "3", "2026-11-02");
	say(f, "X1", "secretary_is_head", "yes", "2026-11-01");
	say(f, "X", "cadres_qualified", "50/60", "2026-11-01");
	say(f, "X1", "cadres_qualified", "1/3", "2026-11-01");
	say(f, "X1", "target_admissions", "10", "2026");
	say(f, "X2", "target_admissions", "5", "2026");
	say(f, "X3", "rating", "httnv", "2026");
	say(f, "Y1", "has_cell", "no", "2026-01-01");
	CHECK(f, facts_told);
	assert_int_equal(
		sqlite3_exec(f->s->db, "UPDATE unit_fact SET created_at = 0",
			NULL, NULL, NULL),
		SQLITE_OK);
	change(f, "merge X2 X1", day_of(2026, 11, 10));
	CHECK(f, facts_merged);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_merge),
		TEST(test_new_unit),
		TEST(test_move),
		TEST(test_communes),
		TEST(test_split),
		TEST(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
