#ifndef GATEWAY_STORE_STORE_H
#define GATEWAY_STORE_STORE_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/model/context.h"
#include "gateway/model/effect.h"
#include "gateway/model/message.h"

/*
 * The only room with SQL. One `struct store` is one SQLite connection with its
 * prepared statements, used by one thread. Functions return 0 or -1; after -1
 * store_error() tells why, and store_in_tx() whether the batch is still there
 * (disk full and interrupt roll back everything).
 */
struct store;

enum store_mode {
	STORE_WRITE, /* makes the file and migrates; WAL, synchronous=FULL */
	STORE_READ,  /* read-only; a query is interrupted after two seconds */
	STORE_COPY,  /* a private copy of a file, for whoever reads long: the
		      * file's log is held for as long as copying takes */
	STORE_MEMORY /* private in-memory database, migrated */
};

struct store *store_open(
	const char *path, enum store_mode mode, struct err *err);
void store_close(struct store *s);
const char *store_error(const struct store *s);
/* Was the last failure for want of time? */
bool store_was_interrupted(const struct store *s);
/* The number of the newest migration this program knows. */
int store_schema_version(void);

/* A copy of it as a new file, whole; not inside a transaction. */
int store_save(struct store *s, const char *path, struct err *err)
	__attribute__((warn_unused_result));

/* Transactions. */
int store_begin(struct store *s) __attribute__((warn_unused_result));
/* What is read until store_rollback is of one moment. */
int store_begin_read(struct store *s) __attribute__((warn_unused_result));
int store_commit(struct store *s) __attribute__((warn_unused_result));
void store_rollback(struct store *s);
/* What was erased leaves the file's log, too, right after the commit; if a
 * reader holds the log, after the next one. */
void store_scrub(struct store *s);
bool store_in_tx(const struct store *s);

/*
 * The lock on a database file (flock on PATH.lock), so that there is one
 * writer at a time. Returns a descriptor to keep open, or -1: somebody holds
 * it (*ret_held) or err.
 */
int store_lock(const char *path, bool *ret_held, struct err *err);

#endif
