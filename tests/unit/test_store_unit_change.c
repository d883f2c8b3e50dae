/* Mergers in the store: maps of numbers, what an old list may not undo. */
#include "gateway/store/unit_change.h"
#include "tests/unit/store_fixture.h"

/* MG08 (member 1) joins MG07 (members 1 to 4, of whom 4 is elsewhere). */
static void merge(struct fixture *f, struct unit_changed *ret)
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
	struct err why = {""};

	assert_int_equal(unit_change_put(f->s, &c, NOW, f->a, &r.id), 0);
	assert_int_equal(unit_change_do(f->s, &r, ret, &why), 0);
	assert_int_equal(unit_change_end(f->s, r.id, NULL, NOW), 0);
}

static int try(
	struct fixture *f, const char *from, const char *to, struct err *why)
{
	const struct str unit = str_of(from);
	const struct unit_part part = {.code = str_of(to)};
	const struct unit_change c = {
		.kind = UNIT_MERGE,
		.from = &unit,
		.from_n = 1,
		.to = &part,
		.to_n = 1,
		.on = day_of(2026, 11, 6),
	};
	struct unit_change_run r = {.change = &c, .now_ms = NOW, .arena = f->a};
	struct unit_changed done;

	assert_int_equal(unit_change_put(f->s, &c, NOW, f->a, &r.id), 0);
	return unit_change_do(f->s, &r, &done, why);
}

/* A slip of the pen founds no unit, and takes no commune for a hamlet. */
static void test_no_merger(void **state)
{
	struct fixture *f = *state;
	struct err why = {""};

	assert_int_equal(try(f, "MG08", "MG99", &why), 1);
	assert_non_null(strstr(why.text, "rename"));
	assert_int_equal(try(f, "MG08", "MG", &why), 1);
	assert_non_null(strstr(why.text, "above"));
	assert_int_equal(try(f, "MG08", "MG08", &why), 1);
	assert_non_null(strstr(why.text, "itself"));
}

static void test_map(void **state)
{
	struct fixture *f = *state;
	struct unit_change_list all;
	struct unit_changed done;

	merge(f, &done);
	assert_int_equal(done.moved_n, 1);
	assert_int_equal(done.moved[0].no, 1);
	assert_int_equal(done.moved[0].to_no, 5);
	assert_int_equal(unit_change_list(f->s, f->a, &all), 0);
	assert_int_equal(all.n, 1);
	assert_true(str_is(all.v[0].state, "done"));
	assert_true(str_is(all.v[0].from, "MG08"));
	assert_true(str_is(all.v[0].to, "MG07"));
}

static void refused(struct fixture *f, const char *units, const char *members,
	const char *want)
{
	struct diags *d = diags_new();
	int rc;

	assert_int_equal(store_commit(f->s), 0);
	rc = import(f->s, units, members, NULL, d);
	assert_int_equal(store_begin(f->s), 0);

	if (want == NULL) {
		assert_int_equal(rc, 0);
	} else {
		assert_int_equal(rc, -1);
		assert_int_equal(d->n, 1);
		if (str_find(d->v[0].text, str_of(want), 0) < 0)
			fail_msg(STR_FMT, STR_ARG(d->v[0].text));
	}
	diags_free(d);
}

#define HEAD "code,name,kind,parent,aliases,valid_from,valid_to\n"
#define PEOPLE "unit,no,name,standing,status,dest,phone,language,consent\n"

/* A list from before the merger may not undo it. */
static void test_old_list(void **state)
{
	struct fixture *f = *state;
	struct unit_changed done;

	merge(f, &done);
	refused(f, HEAD "MG08,Na Pản,hamlet,MG,,2025-07-01,\n", NULL,
		"has ended with 2026-11-05");
	refused(f, HEAD "MG08,Na Pản,hamlet,MG,,2025-07-01,2026-11-05\n", NULL,
		NULL);
	refused(f, NULL, PEOPLE "MG08,1,Cà Văn Piêng,official,active,,,,\n",
		"has ended with 2026-11-05");
	refused(f, HEAD "MG09,Na Pản,hamlet,MG,,2026-11-06,\n", NULL, NULL);
}

/* A unit's new code is a rename, and not another unit. */
static void test_new_code(void **state)
{
	struct fixture *f = *state;

	refused(f, HEAD "MG17,Giôn,hamlet,MG,,2025-07-01,\n", NULL,
		"bantin unit rename MG07 MG17");
	refused(f,
		HEAD "MG17,Giôn,hamlet,MG,,2025-07-01,\n"
		     "MG07,Giôn,hamlet,MG,,2025-07-01,\n",
		NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_map, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_no_merger, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_old_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_new_code, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
