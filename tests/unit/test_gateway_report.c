/*
 * Reports of one small month, counted by hand: the figures stand in the table
 * below, the printed forms in tests/golden/report (GOLDEN=write writes them).
 */
#include "gateway/print.h"
#include "gateway/store/registry.h"
#include "gateway/store/sql.h"
#include "gateway/store/tally.h"
#include "tests/unit/report_month.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#define NOW INT64_C(1795320000000) /* 2026-11-22 11:00 in Vietnam */

struct fixture {
	struct store *s;
	struct arena *a;
	struct config *config;
	struct table table;
};

static void run_sql(struct store *s, const char *sql)
{
	char *error = NULL;

	if (sqlite3_exec(s->db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
}

static struct store *new_store(bool filled)
{
	struct registry_files files = {
		.units = str_of(units_csv),
		.members = str_of(members_csv),
		.roles = str_of(roles_csv),
	};
	struct registry_counts counts;
	struct diags *d = diags_new();
	struct err err = {""};
	struct store *s = store_open(NULL, STORE_MEMORY, &err);

	assert_non_null(s);
	assert_int_equal(store_begin(s), 0);
	if (filled)
		assert_int_equal(
			registry_import(s, &files, NOW, &counts, d), 0);
	if (filled)
		run_sql(s, month);
	assert_int_equal(store_commit(s), 0);
	diags_free(d);
	return s;
}

static struct config *new_config(const char *more)
{
	struct diags *d = diags_new();
	struct config *c = config_load(STR("t.yaml"), str_of(more), d);

	assert_int_equal(d->n, 0);
	diags_free(d);
	assert_non_null(c);
	return c;
}

static int set_up(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->s = new_store(true);
	f->a = arena_new(1 << 16);
	f->config = new_config("cost: {per_segment: 350}\n");
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

static void count(struct fixture *f, const char *kind, const char *period,
	const char *unit)
{
	struct tally_ask ask = {
		.kind = tally_parse(str_of(kind)),
		.unit = str_of(unit),
		.period = str_of(period),
		.now_ms = NOW,
		.config = f->config,
	};

	assert_int_equal(table_period(ask.period, &ask.from, &ask.to), 0);
	if (tally_count(f->s, &ask, f->a, &f->table) != 1)
		fail_msg("%s: %s", kind, store_error(f->s));
}

/* "36/47", "2", "2026-11-05"; "-": nothing; NULL: no such row. */
static const char *shown(struct fixture *f, const char *row, const char *unit,
	const char *detail, const char *column)
{
	const struct table *t = &f->table;
	size_t col = 0;

	while (col < t->columns_n && strcmp(t->columns[col].name, column) != 0)
		col++;
	assert_true(col < t->columns_n);
	for (size_t i = 0; i < t->n; i++) {
		const struct table_cell *v = t->rows[i].cells;

		if (!str_is(v[0].text, row) || !str_is(v[1].text, unit) ||
			(detail[0] != '\0' && !str_is(v[3].text, detail)))
			continue;
		v += col;
		if (!v->known)
			return "-";
		if (t->columns[col].type == TABLE_TEXT)
			return arena_z(f->a, v->text);
		return arena_z(f->a,
			t->columns[col].type == TABLE_COUNT
				? arena_printf(f->a, "%lld", (long long)v->n)
				: arena_printf(f->a, "%lld/%lld",
					  (long long)v->n, (long long)v->d));
	}
	return NULL;
}

static const struct {
	const char *kind, *period, *row, *unit, *detail, *column, *want;
} by_hand[] = {
	{"meetings", "2026-11", "subtree", "X", "", "met", "2/3"},
	{"meetings", "2026-11", "subtree", "Y", "", "met", "0/1"},
	{"meetings", "2026-11", "all", "", "", "met", "2/4"},
	{"meetings", "2026-11", "subtree", "X", "", "on_time", "2/4"},
	{"meetings", "2026-11", "unit", "X1", "", "on_time", "1/2"},
	{"meetings", "2026-11", "unit", "X1", "", "versions", "3"},
	{"meetings", "2026-11", "meeting", "X1", "", "reported_on",
		"2026-11-06"},
	{"meetings", "2026-11", "meeting", "X3", "", "on_time", "0/1"},
	{"meetings", "2026-11", "meeting", "X3", "", "state", "announced"},
	{"meetings", "2026-11", "meeting", "Y1", "", "on_time", "-"},
	{"meetings", "2026-11", "meeting", "X4", "", "state", NULL},
	{"meetings", "2026-10", "meeting", "X4", "", "state", "not_met"},
	{"meetings", "2026-10", "all", "", "", "met", "1/5"},
	{"meetings", "2026-12", "all", "", "", "met", "0/0"},
	/* Oct 1/5, Nov 2/4; December has not begun. */
	{"meetings", "2026-Q4", "all", "", "", "met", "3/9"},
	{"meetings", "2026-Q4", "meeting", "X2", "2026-10", "state", "not_met"},

	/* Away on the 5th: 1 (Dong Nai), 2, 3; exempt: 4. 47 - 3 - 1. */
	{"attendance", "2026-11", "meeting", "X1", "2026-11-05", "gross",
		"36/47"},
	{"attendance", "2026-11", "meeting", "X1", "2026-11-05", "net",
		"36/46"},
	{"attendance", "2026-11", "meeting", "X1", "2026-11-05", "home",
		"36/43"},
	{"attendance", "2026-11", "meeting", "X1", "2026-11-05", "band", "1"},
	{"attendance", "2026-11", "meeting", "X1", "2026-11-05", "version",
		"2"},
	/* Away on the 12th: 2, 3. 40 - 2 - 1, but 38 came. */
	{"attendance", "2026-11", "meeting", "X1", "2026-11-12", "net",
		"38/39"},
	{"attendance", "2026-11", "meeting", "X1", "2026-11-12", "home",
		"38/38"},
	{"attendance", "2026-11", "meeting", "X1", "2026-11-12", "band", "4"},
	/* As reported: 20 - 3 - 1. */
	{"attendance", "2026-11", "meeting", "X2", "", "net", "15/19"},
	{"attendance", "2026-11", "meeting", "X2", "", "home", "15/16"},
	{"attendance", "2026-11", "meeting", "X2", "", "band", "3"},
	{"attendance", "2026-11", "unit", "X1", "", "gross", "74/87"},
	{"attendance", "2026-11", "unit", "X2", "", "gross", NULL},
	{"attendance", "2026-11", "all", "", "", "gross", "89/107"},
	{"attendance", "2026-11", "all", "", "", "net", "89/104"},
	{"attendance", "2026-11", "all", "", "", "home", "89/97"},
	{"attendance", "2026-11", "all", "", "", "excused", "17"},
	{"attendance", "2026-11", "all", "", "", "unexcused", "1"},
	{"attendance", "2026-11", "all", "", "", "units_unexcused", "1/2"},
	{"attendance", "2026-11", "subtree", "Y", "", "gross", "0/0"},

	{"away", "2026-11", "unit", "X1", "", "away", "2/4"},
	{"away", "2026-11", "subtree", "X", "", "away", "3/7"},
	{"away", "2026-11", "subtree_dest", "X", "Bình Dương", "away", "2/7"},
	{"away", "2026-11", "unit_dest", "X1", "Hà Nội", "away", "1/4"},
	{"away", "2026-11", "unit", "X1", "", "answered", "1/2"},
	{"away", "2026-11", "unit", "X1", "", "no", "1"},
	{"away", "2026-11", "unit", "X1", "", "yes", "0"},
	{"away", "2026-11", "unit", "X1", "", "others", "1"},
	{"away", "2026-11", "unit", "X2", "", "remote", "1"},
	{"away", "2026-11", "all", "", "", "answered", "2/3"},
	{"away", "2026-10", "unit", "X1", "", "away", "3/4"},
	{"away", "2026-10", "unit_dest", "X1", "Đồng Nai", "away", "1/4"},
	{"away", "2026-10", "unit", "X2", "", "away", "0/2"},
	{"away", "2026-11", "unit", "X4", "", "away", NULL},
	{"away", "2026-10", "unit", "X4", "", "away", "0/1"},
	{"away", "2026-10", "all", "", "", "answered", "0/0"},

	{"opinions", "2026-11", "all", "", "", "open", "4"},
	{"opinions", "2026-11", "all", "", "", "answered", "1/5"},
	{"opinions", "2026-11", "subtree_topic", "X", "03", "open", "3"},
	{"opinions", "2026-11", "unit_topic", "X1", "-", "answered", "1/1"},
	{"opinions", "2026-11", "unit", "-", "", "open", "1"},

	{"traffic", "2026-11", "unit", "X1", "", "texts_in", "4"},
	{"traffic", "2026-11", "unit", "X1", "", "parsed", "3/3"},
	{"traffic", "2026-11", "unit", "X1", "", "clarified", "1/3"},
	{"traffic", "2026-11", "unit", "X1", "", "corrected", "1/1"},
	{"traffic", "2026-11", "unit", "X2", "", "cost", "700"},
	{"traffic", "2026-11", "unit", "-", "", "parsed", "0/2"},
	{"traffic", "2026-11", "all", "", "", "texts_in", "7"},
	{"traffic", "2026-11", "all", "", "", "parsed", "4/6"},
	{"traffic", "2026-11", "all", "", "", "clarified", "1/6"},
	{"traffic", "2026-11", "all", "", "", "corrected", "1/2"},
	{"traffic", "2026-11", "all", "", "", "segments", "4"},
	{"traffic", "2026-11", "all", "", "", "cost", "1400"},
	{"traffic", "2026-11", "all_part", "", "out reply", "texts_out", "2"},
	{"traffic", "2026-11", "unit_part", "X1", "", "texts_in", NULL},
};

static void test_by_hand(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(by_hand) / sizeof(by_hand[0]); i++) {
		const char *want = by_hand[i].want, *got;

		count(f, by_hand[i].kind, by_hand[i].period, NULL);
		got = shown(f, by_hand[i].row, by_hand[i].unit,
			by_hand[i].detail, by_hand[i].column);
		got = got != NULL ? got : "no row";
		want = want != NULL ? want : "no row";
		if (strcmp(got, want) != 0)
			fail_msg("line %zu (%s %s %s): %s, not %s", i,
				by_hand[i].kind, by_hand[i].unit,
				by_hand[i].column, got, want);
	}
}

static void test_unit(void **state)
{
	struct fixture *f = *state;
	struct tally_ask ask = {.config = f->config, .unit = STR("Z")};

	count(f, "attendance", "2026-11", "X");
	assert_string_equal(shown(f, "all", "", "", "gross"), "89/107");
	assert_null(shown(f, "subtree", "T", "", "gross"));
	count(f, "traffic", "2026-11", "X2");
	assert_string_equal(shown(f, "all", "", "", "texts_in"), "1");
	assert_int_equal(tally_count(f->s, &ask, f->a, &f->table), 0);
}

static void test_empty(void **state)
{
	struct fixture *f = *state;

	store_close(f->s);
	f->s = new_store(false);
	for (int k = 0; k < TALLY_N; k++) {
		count(f, tally_str((enum tally)k), "2026", NULL);
		if (k == TALLY_INDICATORS)
			continue; /* each, of nothing */
		assert_int_equal(f->table.n, 1);
		assert_true(str_is(f->table.rows[0].cells[0].text, "all"));
	}
}

static struct str printed(struct fixture *f, const char *form)
{
	char *p = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&p, &n);
	struct str s;

	assert_non_null(to);
	if (strcmp(form, "csv") == 0)
		assert_int_equal(print_csv(&f->table, to, NULL), 0);
	else if (strcmp(form, "json") == 0)
		assert_int_equal(print_json(&f->table, to, NULL), 0);
	else
		print_text(&f->table, strcmp(form, "phone") == 0 ? 40 : 0, to);
	assert_int_equal(fclose(to), 0);
	s = arena_str(f->a, (struct str){p, n});
	free(p);
	return s;
}

static void compare(struct fixture *f, const char *form)
{
	const char *path = arena_printf(
		f->a, "tests/golden/report/%s.%s%c", f->table.kind, form, '\0')
				   .p;
	const char *mode = getenv("GOLDEN");
	struct str got = printed(f, form), want;
	struct err err;
	FILE *to;

	if (mode != NULL && strcmp(mode, "write") == 0) {
		to = fopen(path, "wb");
		assert_non_null(to);
		assert_int_equal(fwrite(got.p, 1, got.n, to), got.n);
		assert_int_equal(fclose(to), 0);
	}
	assert_int_equal(config_read_file(path, 1 << 20, f->a, &want, &err), 0);
	if (!str_eq(got, want))
		fail_msg("%s differs:\n" STR_FMT, path, STR_ARG(got));
}

static void test_forms(void **state)
{
	static const char *const forms[] = {"txt", "phone", "csv", "json"};
	struct fixture *f = *state;

	for (int k = 0; k < TALLY_N; k++) {
		count(f, tally_str((enum tally)k), "2026-11", "X");
		for (int i = 0; i < 4; i++)
			compare(f, forms[i]);
	}
	/* A reason that a spreadsheet would take for a formula. */
	count(f, "meetings", "2026-11", "Y1");
	assert_true(str_find(printed(f, "csv"), STR(",'=mua lũ\r\n"), 0) > 0);
	assert_true(str_find(printed(f, "json"), STR("\"=mua lũ\""), 0) > 0);
}

/* What is printed of a month, all kinds. */
static struct str all_of(struct fixture *f, const char *period)
{
	struct str s = STR("");

	for (int k = 0; k < TALLY_N; k++) {
		count(f, tally_str((enum tally)k), period, NULL);
		s = arena_printf(f->a, STR_FMT STR_FMT, STR_ARG(s),
			STR_ARG(printed(f, "json")));
	}
	return s;
}

/* A figure that changes on a day leaves what was before as it was. */
static void test_figures(void **state)
{
	static const char later[] =
		"cost: {per_segment: 350}\n"
		"figures:\n"
		"  - {name: attendance.band_4, value: 99.5, from: 2026-11-01, "
		"source: a}\n"
		"  - {name: monthly.report_due_days, value: 4, "
		"from: 2026-11-01, unit: X, source: b}\n"
		"  - {name: monthly.report_due_days, value: 0, "
		"from: 2026-11-01, unit: X2, source: b}\n";
	struct fixture *f = *state;
	struct str october = all_of(f, "2026-10");

	config_free(f->config);
	f->config = new_config(later);
	assert_true(str_eq(october, all_of(f, "2026-10")));
	count(f, "attendance", "2026-11", NULL);
	assert_string_equal(
		shown(f, "meeting", "X1", "2026-11-12", "band"), "3");
	count(f, "meetings", "2026-11", NULL);
	assert_string_equal(shown(f, "unit", "X1", "", "on_time"), "2/2");
	assert_string_equal(shown(f, "unit", "X2", "", "on_time"), "0/1");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_by_hand),
		TEST(test_unit),
		TEST(test_empty),
		TEST(test_forms),
		TEST(test_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
