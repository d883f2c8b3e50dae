#ifndef GATEWAY_STORE_RUN_H
#define GATEWAY_STORE_RUN_H

/* Comes with sql.h, which it needs itself. */
#include "gateway/store/sql.h"

/*
 * One run of a statement: start, bind from left to right, then next (or done,
 * or one). Bound bytes must live until the run ends. A run that is not
 * stepped to its end is ended by sql_stop.
 */
struct sql_run {
	struct store *s;
	sqlite3_stmt *st; /* NULL: could not be prepared; next says so */
	int bound;
};

struct sql_run sql_start(struct store *s, enum sql id);
void sql_int(struct sql_run *q, int64_t v);
void sql_int_or_null(struct sql_run *q, int64_t v); /* 0: NULL */
void sql_str(struct sql_run *q, struct str v);      /* absent: NULL */
void sql_z(struct sql_run *q, const char *z);       /* NULL: NULL */
void sql_blob(struct sql_run *q, struct str v);
/* 1 a row, 0 no more (the run has ended), -1 (ended; store_error() tells). */
int sql_next(struct sql_run *q) __attribute__((warn_unused_result));
/* Runs to the end; 0 / -1. */
int sql_done(struct sql_run *q) __attribute__((warn_unused_result));
/* First column of the first row, then ends: 1, 0 (no row), -1. */
int sql_one(struct sql_run *q, int64_t *ret)
	__attribute__((warn_unused_result));
/*
 * Runs an INSERT of one row to its end: 1 and the row's id, 0 (ON CONFLICT DO
 * NOTHING met one), -1. The id comes from the driver, for SQLite builds a
 * table in memory for each run of a RETURNING; the statement is the same in
 * PostgreSQL, whose driver adds RETURNING id. Not for DO UPDATE: SQLite has
 * no id of a row that was there.
 */
int sql_insert(struct sql_run *q, int64_t *ret_id)
	__attribute__((warn_unused_result));
void sql_stop(struct sql_run *q);

/* Columns of the present row, from 0; NULL reads as 0 and as absent. */
int64_t sql_get_int(const struct sql_run *q, int col);
bool sql_is_null(const struct sql_run *q, int col);
struct str sql_peek(const struct sql_run *q, int col); /* until next */
struct str sql_get(const struct sql_run *q, int col, struct arena *a);

/* Room for one more element behind n of v: doubles at powers of two. */
static inline void *rows_more(
	struct arena *a, const void *v, size_t n, size_t size)
{
	void *more;

	if (n != 0 && (n & (n - 1)) != 0)
		return (void *)v;
	more = arena_alloc(a, (n == 0 ? 1 : 2 * n) * size);
	if (v != NULL)
		memcpy(more, v, n * size);
	return more;
}

/* Keeps what SQLite says about the last call; returns -1. */
int sql_fail(struct store *s);

#endif
