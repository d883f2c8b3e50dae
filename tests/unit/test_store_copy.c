/*
 * A copy of a database file is of one moment, reads as the file does, and
 * stays as it is while the file goes on.
 */
#include "gateway/store/sql.h"
#include "gateway/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void put_unit(struct store *s, const char *code)
{
	struct sql_run q = sql_start(s, SQL_UNIT_PUT);

	assert_int_equal(store_begin(s), 0);
	sql_z(&q, code);
	sql_z(&q, "Giôn");
	sql_z(&q, "hamlet");
	sql_z(&q, "");
	sql_z(&q, NULL);
	sql_z(&q, NULL);
	assert_int_equal(sql_done(&q), 0);
	assert_int_equal(store_commit(s), 0);
}

static int units(struct store *s)
{
	struct sql_run q = sql_start(s, SQL_UNIT_LIST);
	int n = 0, rc;

	while ((rc = sql_next(&q)) > 0)
		n++;
	assert_int_equal(rc, 0);
	return n;
}

static void test_copy(void **state)
{
	char dir[] = "store-copy-XXXXXX", path[64], name[80];
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	struct store *file, *copy;
	struct err err = {""};

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/t.db", dir);
	file = store_open(path, STORE_WRITE, &err);
	assert_non_null(file);
	put_unit(file, "A");
	copy = store_open(path, STORE_COPY, &err);
	assert_string_equal(err.text, "");
	assert_non_null(copy);
	put_unit(file, "B");
	assert_int_equal(units(file), 2);
	assert_int_equal(store_begin_read(copy), 0);
	assert_int_equal(units(copy), 1);
	store_rollback(copy);
	store_close(copy);
	store_close(file);
	assert_null(store_open("none/t.db", STORE_COPY, &err));
	assert_non_null(strstr(err.text, "none/t.db"));
	for (int i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_copy)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
