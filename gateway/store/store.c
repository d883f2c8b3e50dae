/*
 * store - how is a database opened, and what is a transaction on it?
 *
 * One connection, one thread. STORE_WRITE makes the file (0600), brings its
 * schema up and runs with WAL and synchronous=FULL: a COMMIT that returned
 * is on the disk. STORE_READ never writes and interrupts a query after two
 * seconds. Disk-full and interrupt may roll back the whole transaction: ask
 * store_in_tx after every failure.
 */
#include "gateway/store/store.h"

#include "gateway/base/clock.h"
#include "gateway/store/holds.h"
#include "gateway/store/schema.h"
#include "gateway/store/sql.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* The writer is alone by store_lock; a backup may hold it up for a moment. */
#define BUSY_MS 5000
/* Virtual machine steps between two looks at the clock: well under 1 ms. */
#define PROGRESS_STEPS 4000

/*
 * Cache in KiB (negative: so SQLite wants it). No mmap: a failing disk would
 * be a SIGBUS. A checkpoint every 2,000 pages (8 MB) takes a few ms, and the
 * log never keeps more than 64 MiB on disk.
 */
static const char *const pragmas[] = {
	[STORE_WRITE] = "PRAGMA journal_mode = WAL;"
			"PRAGMA synchronous = FULL;"
			"PRAGMA foreign_keys = ON;"
			"PRAGMA secure_delete = ON;"
			"PRAGMA temp_store = MEMORY;"
			"PRAGMA cache_size = -65536;"
			"PRAGMA wal_autocheckpoint = 2000;"
			"PRAGMA journal_size_limit = 67108864;",
	[STORE_READ] = "PRAGMA query_only = ON;"
		       "PRAGMA temp_store = MEMORY;"
		       "PRAGMA cache_size = -16384;",
	[STORE_COPY] = "PRAGMA query_only = ON;"
		       "PRAGMA cache_size = -65536;",
	[STORE_MEMORY] = ("PRAGMA foreign_keys = ON;"
			  "PRAGMA temp_store = MEMORY;"),
};

static const int open_flags[] = {
	[STORE_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	[STORE_READ] = SQLITE_OPEN_READONLY,
	[STORE_COPY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	[STORE_MEMORY] =
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY,
};

static int on_progress(void *arg)
{
	const struct store *s = arg;

	return clock_mono_us(&clock_system) > s->deadline_us;
}

/* SQLite would make the file with the umask; names and phones are in it. */
static int make_private(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	(void)close(fd);
	return 0;
}

/* Into a database without a name: in memory, and on disk when it is large. */
static int copy_from(struct store *s, const char *path, struct err *err)
{
	sqlite3_backup *b = NULL;
	sqlite3 *from = NULL;
	int rc = sqlite3_open_v2(
		path, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(from, BUSY_MS);
	if (rc == SQLITE_OK)
		b = sqlite3_backup_init(s->db, "main", from, "main");
	if (b != NULL)
		rc = sqlite3_backup_step(b, -1);
	(void)sqlite3_backup_finish(b);
	(void)sqlite3_close(from);
	if (rc == SQLITE_DONE)
		return 0;
	return err_set(
		err, "%s: cannot be copied: %s", path, sqlite3_errstr(rc));
}

static int set_up(struct store *s, const char *path, struct err *err)
{
	if (s->mode == STORE_READ)
		sqlite3_progress_handler(s->db, PROGRESS_STEPS, on_progress, s);
	s->deadline_us = INT64_MAX;
	if (s->mode == STORE_COPY && copy_from(s, path, err) < 0)
		return -1;
	if (sqlite3_busy_timeout(s->db, BUSY_MS) != SQLITE_OK ||
		sqlite3_exec(s->db, pragmas[s->mode], NULL, NULL, NULL) !=
			SQLITE_OK)
		return err_set(err, "%s: %s", path, sqlite3_errmsg(s->db));
	if (holds_register(s->db) != SQLITE_OK)
		abort();
	return s->mode == STORE_READ || s->mode == STORE_COPY
		       ? schema_check(s->db, path, err)
		       : schema_migrate(s->db, path, err);
}

struct store *store_open(
	const char *path, enum store_mode mode, struct err *err)
{
	struct store *s;
	int rc;

	if (mode == STORE_MEMORY)
		path = ":memory:";
	if (mode == STORE_WRITE && make_private(path, err) < 0)
		return NULL;
	/* Nobody reads SQLite's own memory counters; each call locks them. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		abort();
	s->mode = mode;
	rc = sqlite3_open_v2(mode == STORE_COPY ? "" : path, &s->db,
		open_flags[mode] | SQLITE_OPEN_NOMUTEX, NULL);
	if (s->db == NULL)
		abort();
	if (rc != SQLITE_OK)
		rc = err_set(err, "%s: %s", path, sqlite3_errmsg(s->db));
	else
		rc = set_up(s, path, err);
	if (rc == 0)
		return s;
	store_close(s);
	return NULL;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SQL_N; i++)
		sqlite3_finalize(s->stmt[i]);
	sqlite3_close(s->db);
	free(s);
}

const char *store_error(const struct store *s)
{
	return s->err.text;
}

bool store_was_interrupted(const struct store *s)
{
	return s->interrupted;
}

static int exec(struct store *s, const char *sql)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sql_fail(s);
	return 0;
}

/* What is written to a file without a name is gone at the next start. */
static bool has_moved(const struct store *s)
{
	int moved = 0;

	(void)sqlite3_file_control(
		s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

int store_save(struct store *s, const char *path, struct err *err)
{
	sqlite3_backup *b = NULL;
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(
		path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

	if (rc == SQLITE_OK)
		b = sqlite3_backup_init(to, "main", s->db, "main");
	if (b != NULL)
		(void)sqlite3_backup_step(b, -1);
	rc = sqlite3_backup_finish(b);
	if (b == NULL || rc != SQLITE_OK)
		rc = err_set(err, "%s: %s", path, sqlite3_errmsg(to));
	sqlite3_close(to);
	return rc;
}

int store_begin(struct store *s)
{
	if (has_moved(s))
		return err_set(&s->err,
			"the database file was moved or removed; bring it "
			"back, or restart");
	return exec(s, "BEGIN IMMEDIATE");
}

int store_begin_read(struct store *s)
{
	return exec(s, "BEGIN");
}

/* Never waits: webhooks would. A log that is read is tried again. */
static void scrub(struct store *s)
{
	int rc;

	(void)sqlite3_busy_timeout(s->db, 0);
	rc = sqlite3_wal_checkpoint_v2(
		s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(s->db, BUSY_MS);
	s->scrub = rc != SQLITE_OK;
}

int store_commit(struct store *s)
{
	if (exec(s, "COMMIT") < 0)
		return -1;
	if (s->scrub)
		scrub(s);
	return 0;
}

void store_scrub(struct store *s)
{
	s->scrub = true;
}

void store_rollback(struct store *s)
{
	if (store_in_tx(s))
		(void)exec(s, "ROLLBACK");
}

bool store_in_tx(const struct store *s)
{
	return sqlite3_get_autocommit(s->db) == 0;
}

int store_lock(const char *path, bool *ret_held, struct err *err)
{
	/* One lock however the file is called; a new one has no other name. */
	char *real = realpath(path, NULL);
	char *name = NULL;
	int fd;

	*ret_held = false;
	if (asprintf(&name, "%s.lock", real != NULL ? real : path) < 0)
		abort();
	free(real);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		(void)err_set(err, "%s: %s", name, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		*ret_held = errno == EWOULDBLOCK;
		(void)err_set(err,
			*ret_held ? "%s: another bantin holds it"
				  : "%s: cannot be locked",
			name);
		(void)close(fd);
		fd = -1;
	}
	free(name);
	return fd;
}
