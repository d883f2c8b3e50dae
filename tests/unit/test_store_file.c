/*
 * The database as a file: made private, brought up, refused when it is not
 * ours or newer, read beside the writer, locked.
 */
#include "gateway/base/clock.h"
#include "gateway/store/schema.h"
#include "gateway/store/sql.h"
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char dir[64], path[80];
};

static int make_place(void **state)
{
	struct place *p = test_calloc(1, sizeof(*p));

	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/bantin-store-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	(void)snprintf(p->path, sizeof(p->path), "%s/b.db", p->dir);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	struct place *p = *state;
	char name[100];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", p->path, ends[i]);
		(void)unlink(name);
	}
	assert_int_equal(rmdir(p->dir), 0);
	test_free(p);
	return 0;
}

static struct store *open_at(const struct place *p, enum store_mode mode)
{
	struct err err = {""};
	struct store *s = store_open(p->path, mode, &err);

	assert_string_equal(err.text, "");
	return s;
}

static void sql_at(const struct place *p, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void assert_refused(
	const struct place *p, enum store_mode mode, const char *want)
{
	struct err err = {""};
	char text[500];

	(void)snprintf(text, sizeof(text), "%s: %s", p->path, want);
	assert_null(store_open(p->path, mode, &err));
	assert_string_equal(err.text, text);
}

static void test_made_private_and_opened_again(void **state)
{
	struct place *p = *state;
	struct stat st;

	for (int i = 0; i < 2; i++) {
		struct store *s = open_at(p, STORE_WRITE);

		assert_int_equal(stat(p->path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		store_close(s);
	}
	sql_at(p, "UPDATE schema_version SET version = version");
}

static void test_empty_file_is_brought_up(void **state)
{
	struct place *p = *state;
	int fd = open(p->path, O_WRONLY | O_CREAT, 0600);
	char want[300];

	assert_int_equal(close(fd), 0);
	(void)snprintf(want, sizeof(want),
		"has schema version 0, this program needs %d; start `bantin "
		"serve` or import once to bring it up",
		store_schema_version());
	assert_refused(p, STORE_READ, want);
	store_close(open_at(p, STORE_WRITE));
	store_close(open_at(p, STORE_READ));
	sql_at(p, "SELECT id FROM message");
}

static void test_newer_is_refused(void **state)
{
	struct place *p = *state;
	char want[300];

	store_close(open_at(p, STORE_WRITE));
	sql_at(p, "INSERT INTO schema_version (version) VALUES (900)");
	(void)snprintf(want, sizeof(want),
		"has schema version 900, this program knows %d; use a newer "
		"bantin, or restore an older backup",
		store_schema_version());
	for (int mode = STORE_WRITE; mode <= STORE_READ; mode++)
		assert_refused(p, (enum store_mode)mode, want);
}

static void test_foreign_is_refused(void **state)
{
	struct place *p = *state;

	sql_at(p, "CREATE TABLE t (a)");
	assert_refused(p, STORE_WRITE,
		"is the database of another program; name a new file, or one "
		"that bantin made");
	sql_at(p, "INSERT INTO t VALUES (1)");
}

static void test_reader_sees_commits_only(void **state)
{
	struct place *p = *state;
	struct store *w = open_at(p, STORE_WRITE);
	struct store *r = open_at(p, STORE_READ);
	struct outbox_row row = {
		.to = STR(MEMBER),
		.text = STR("a"),
		.lane = STR("reply"),
		.due_at = 5,
		.valid_until = 9,
	};
	int64_t id, due;

	assert_int_equal(store_begin(w), 0);
	assert_int_equal(outbox_add(w, &row, &id), 0);
	assert_int_equal(outbox_next_due(r, 0, &due), 0);
	assert_true(due == INT64_MAX);
	assert_int_equal(store_commit(w), 0);
	assert_int_equal(outbox_next_due(r, 0, &due), 0);
	assert_int_equal(due, 5);
	assert_int_equal(outbox_add(r, &row, &id), -1);
	assert_string_not_equal(store_error(r), "");
	store_close(r);
	store_close(w);
}

/* Counts for ever, or nearly. */
static int count_long(struct store *s)
{
	return sqlite3_exec(s->db,
		"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
		"FROM c WHERE x < 1000000000) SELECT count(*) FROM c",
		NULL, NULL, NULL);
}

static void test_a_query_of_the_reader_ends_at_its_limit(void **state)
{
	struct place *p = *state;
	struct store *w = open_at(p, STORE_WRITE);
	struct store *r = open_at(p, STORE_READ);
	int64_t before = clock_mono_us(&clock_system), due;

	assert_int_equal(outbox_next_due(r, 0, &due), 0);
	assert_in_range(r->deadline_us - before, 2000000, 2900000);
	r->deadline_us = before;
	assert_int_equal(count_long(r), SQLITE_INTERRUPT);
	assert_int_equal(outbox_next_due(r, 0, &due), 0); /* has its own two */
	store_close(r);
	store_close(w);
}

static void test_lock(void **state)
{
	struct place *p = *state;
	struct err err;
	bool held;
	int fd = store_lock(p->path, &held, &err), again;

	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(store_lock(p->path, &held, &err), -1);
	assert_true(held);
	assert_int_equal(close(fd), 0);
	again = store_lock(p->path, &held, &err);
	assert_true(again >= 0);
	assert_false(held);
	assert_int_equal(close(again), 0);
	(void)snprintf(p->path + strlen(p->dir),
		sizeof(p->path) - strlen(p->dir), "/no/b.db");
	assert_int_equal(store_lock(p->path, &held, &err), -1);
	assert_false(held);
	(void)snprintf(p->path + strlen(p->dir),
		sizeof(p->path) - strlen(p->dir), "/b.db");
}

/* How SQLite would run a statement, joined into one text. */
static void plan_of(struct store *s, enum sql id, struct buf *plan)
{
	char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql_text(id));
	sqlite3_stmt *st;

	buf_clear(plan);
	assert_int_equal(
		sqlite3_prepare_v2(s->db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		buf_putf(
			plan, "%s\n", (const char *)sqlite3_column_text(st, 3));
	sqlite3_finalize(st);
	sqlite3_free(sql);
}

/*
 * Each of these runs for every text or every claim; with another index it
 * would be right, and walk the whole table.
 */
static void test_hot_statements_use_their_index(void **state)
{
	static const struct {
		enum sql id;
		const char *uses;
	} cases[] = {
		{SQL_MESSAGE_NEAR, "d USING INDEX message_near "
				   "(<expr>=? AND text_hash=?)"},
		{SQL_SENDER, "x USING COVERING INDEX member_roll"},
		{SQL_SENDER, "p USING INDEX member_phone"},
		{SQL_SENDER, "m USING INDEX meeting_announced"},
		{SQL_UNIT_MATCH, "a USING PRIMARY KEY (key=?)"},
		{SQL_PENDING_DROP, "pending USING INDEX pending_open "
				   "(phone=? AND question=? AND member_no=?)"},
		{SQL_PENDING_OPEN, "p USING INDEX pending_open (phone=?)"},
		{SQL_REPORT_LAST, "l USING INDEX report_sender"},
		{SQL_REPORT_SAME, "m USING INDEX sqlite_autoindex_meeting_1"},
		{SQL_OUTBOX_DUE, "o USING INDEX outbox_due (<expr>=? AND "
				 "lane=? AND due_at<?)"},
		{SQL_OUTBOX_DUE, "b USING INDEX outbox_live (to_phone=?"},
		{SQL_OUTBOX_CHANNELS,
			"outbox USING INDEX outbox_due (<expr>>?)"},
		{SQL_OUTBOX_NEXT_DUE, "o USING INDEX outbox_due "
				      "(<expr>=? AND lane=? AND due_at>?)"},
		{SQL_OUTBOX_COUNT_STUCK, "outbox_state"},
		{SQL_OUTBOX_INTERRUPTED, "USING INDEX outbox_state"},
		{SQL_OUTBOX_RECOVER_LANE, "USING INDEX outbox_state"},
		{SQL_OUTBOX_RECOVER_CHANNEL, "USING INDEX outbox_state"},
		{SQL_OUTBOX_RECOVER_REST, "USING INDEX outbox_state"},
		{SQL_MULTIPART_DUE, "multipart USING INDEX multipart_open"},
		{SQL_STORY_TEXTS, "USING COVERING INDEX sqlite_autoindex_"
				  "outbox_1 (dedupe_key>? AND dedupe_key<?)"},
		{SQL_STORY_DUPLICATES, "d USING INDEX message_near"},
		{SQL_STORY_REPORTS, "r USING INDEX report_sender"},
	};
	struct store *s = open_at(*state, STORE_WRITE);
	struct buf plan;

	buf_init(&plan, 4000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		plan_of(s, cases[i].id, &plan);
		if (str_find(buf_str(&plan), str_of(cases[i].uses), 0) < 0)
			fail_msg("no \"%s\" in the plan of %s:\n%s",
				cases[i].uses, sql_text(cases[i].id),
				buf_z(&plan));
	}
	buf_release(&plan);
	store_close(s);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		TEST(test_made_private_and_opened_again),
		TEST(test_empty_file_is_brought_up),
		TEST(test_newer_is_refused),
		TEST(test_foreign_is_refused),
		TEST(test_reader_sees_commits_only),
		TEST(test_a_query_of_the_reader_ends_at_its_limit),
		TEST(test_lock),
		TEST(test_hot_statements_use_their_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
