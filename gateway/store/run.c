/*
 * run - how does one statement run?
 *
 * Statements are prepared at first use and kept for the life of the
 * connection; a run binds from left to right, steps and resets. Bytes are
 * bound without a copy: they stay with the caller until the run has ended.
 * The thread of the connection only. Binding past a statement's parameters
 * and starting one that still runs are our own bugs (assert).
 */
#include "gateway/store/run.h"
#include "gateway/base/clock.h"

#include <assert.h>

/* A page or a report may not hold the reader for longer. */
#define READ_LIMIT_US INT64_C(2000000)

int sql_fail(struct store *s)
{
	s->interrupted = sqlite3_errcode(s->db) == SQLITE_INTERRUPT;
	return err_set(&s->err, "database: %s", sqlite3_errmsg(s->db));
}

static sqlite3_stmt *statement(struct store *s, enum sql id)
{
	if (s->stmt[id] != NULL) {
		assert(!sqlite3_stmt_busy(s->stmt[id]));
		return s->stmt[id];
	}
	if (sqlite3_prepare_v3(s->db, sql_text(id), -1,
		    SQLITE_PREPARE_PERSISTENT, &s->stmt[id], NULL) != SQLITE_OK)
		(void)sql_fail(s);
	return s->stmt[id];
}

struct sql_run sql_start(struct store *s, enum sql id)
{
	if (s->mode == STORE_READ)
		s->deadline_us = clock_mono_us(&clock_system) + READ_LIMIT_US;
	return (struct sql_run){.s = s, .st = statement(s, id)};
}

/* A failed bind is out of memory: the run fails at its first step. */
static void bound(struct sql_run *q, int rc)
{
	assert(rc != SQLITE_RANGE && rc != SQLITE_MISUSE);
	if (rc == SQLITE_OK)
		return;
	(void)sql_fail(q->s);
	q->st = NULL;
}

void sql_int(struct sql_run *q, int64_t v)
{
	if (q->st != NULL)
		bound(q, sqlite3_bind_int64(q->st, ++q->bound, v));
}

static void bind_null(struct sql_run *q)
{
	if (q->st != NULL)
		bound(q, sqlite3_bind_null(q->st, ++q->bound));
}

void sql_int_or_null(struct sql_run *q, int64_t v)
{
	if (v == 0)
		bind_null(q);
	else
		sql_int(q, v);
}

void sql_str(struct sql_run *q, struct str v)
{
	if (v.p == NULL)
		bind_null(q);
	else if (q->st != NULL)
		bound(q, sqlite3_bind_text64(q->st, ++q->bound, v.p, v.n,
				 SQLITE_STATIC, SQLITE_UTF8));
}

void sql_z(struct sql_run *q, const char *z)
{
	sql_str(q, str_of(z));
}

void sql_blob(struct sql_run *q, struct str v)
{
	if (q->st != NULL)
		bound(q, sqlite3_bind_blob64(q->st, ++q->bound,
				 v.p != NULL ? v.p : "", v.n, SQLITE_STATIC));
}

int sql_next(struct sql_run *q)
{
	int rc;

	if (q->st == NULL)
		return -1;
	rc = sqlite3_step(q->st);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(q->st);
		return 0;
	}
	(void)sql_fail(q->s);
	sqlite3_reset(q->st);
	return -1;
}

int sql_done(struct sql_run *q)
{
	int rc;

	do
		rc = sql_next(q);
	while (rc > 0);
	return rc;
}

int sql_one(struct sql_run *q, int64_t *ret)
{
	int rc = sql_next(q);

	if (rc <= 0)
		return rc;
	*ret = sql_get_int(q, 0);
	/* Once more, so that RETURNING's statement runs to its end. */
	return sql_done(q) < 0 ? -1 : 1;
}

int sql_insert(struct sql_run *q, int64_t *ret_id)
{
	if (sql_done(q) < 0)
		return -1;
	if (sqlite3_changes64(q->s->db) == 0)
		return 0;
	*ret_id = sqlite3_last_insert_rowid(q->s->db);
	return 1;
}

void sql_stop(struct sql_run *q)
{
	if (q->st != NULL)
		sqlite3_reset(q->st);
}

int64_t sql_get_int(const struct sql_run *q, int col)
{
	return sqlite3_column_int64(q->st, col);
}

bool sql_is_null(const struct sql_run *q, int col)
{
	return sqlite3_column_type(q->st, col) == SQLITE_NULL;
}

struct str sql_peek(const struct sql_run *q, int col)
{
	const char *p = (const char *)sqlite3_column_text(q->st, col);

	if (p == NULL)
		return (struct str){NULL, 0};
	return (struct str){p, (size_t)sqlite3_column_bytes(q->st, col)};
}

struct str sql_get(const struct sql_run *q, int col, struct arena *a)
{
	struct str s = sql_peek(q, col);

	return s.p != NULL ? arena_str(a, s) : s;
}
