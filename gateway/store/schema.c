/*
 * schema - which tables does the database have, and how does it get them?
 *
 * schema/NNN-*.sql are embedded and run in order, each in one transaction
 * with its line in schema_version: after a crash a migration has happened
 * or it has not. A database of a newer program, or of another one, is
 * refused with a sentence and is not touched. A migration that is released
 * is never edited; the next change is the next number.
 */
#include "gateway/store/schema.h"

#include "gateway/base/embed.h"
#include "gateway/store/store.h"

#include <assert.h>

EMBED(schema_001, "gateway/store/schema/001-intake.sql");
EMBED(schema_002, "gateway/store/schema/002-queue.sql");
EMBED(schema_003, "gateway/store/schema/003-records.sql");
EMBED(schema_004, "gateway/store/schema/004-replay.sql");
EMBED(schema_005, "gateway/store/schema/005-delivery.sql");
EMBED(schema_006, "gateway/store/schema/006-sending.sql");
EMBED(schema_007, "gateway/store/schema/007-parts.sql");
EMBED(schema_008, "gateway/store/schema/008-queue-acts.sql");
EMBED(schema_009, "gateway/store/schema/009-withheld.sql");
EMBED(schema_010, "gateway/store/schema/010-opt-out.sql");
EMBED(schema_011, "gateway/store/schema/011-schedule.sql");
EMBED(schema_012, "gateway/store/schema/012-proposals.sql");
EMBED(schema_013, "gateway/store/schema/013-votes.sql");
EMBED(schema_014, "gateway/store/schema/014-consent.sql");
EMBED(schema_015, "gateway/store/schema/015-broadcasts.sql");
EMBED(schema_016, "gateway/store/schema/016-invited.sql");
EMBED(schema_017, "gateway/store/schema/017-calendar.sql");
EMBED(schema_018, "gateway/store/schema/018-unit-changes.sql");
EMBED(schema_019, "gateway/store/schema/019-privacy.sql");
EMBED(schema_020, "gateway/store/schema/020-session.sql");
EMBED(schema_021, "gateway/store/schema/021-erased.sql");

#define MIGRATIONS 21

static struct str migration(int version)
{
	const struct str text[MIGRATIONS] = {
		EMBEDDED(schema_001),
		EMBEDDED(schema_002),
		EMBEDDED(schema_003),
		EMBEDDED(schema_004),
		EMBEDDED(schema_005),
		EMBEDDED(schema_006),
		EMBEDDED(schema_007),
		EMBEDDED(schema_008),
		EMBEDDED(schema_009),
		EMBEDDED(schema_010),
		EMBEDDED(schema_011),
		EMBEDDED(schema_012),
		EMBEDDED(schema_013),
		EMBEDDED(schema_014),
		EMBEDDED(schema_015),
		EMBEDDED(schema_016),
		EMBEDDED(schema_017),
		EMBEDDED(schema_018),
		EMBEDDED(schema_019),
		EMBEDDED(schema_020),
		EMBEDDED(schema_021),
	};

	assert(version >= 1 && version <= MIGRATIONS);
	return text[version - 1];
}

int store_schema_version(void)
{
	return MIGRATIONS;
}

static int failed(sqlite3 *db, const char *path, struct err *err)
{
	return err_set(err, "%s: %s", path, sqlite3_errmsg(db));
}

/* The first column of the first row; -1 with the reason in err. */
static int query_int(
	sqlite3 *db, const char *path, const char *sql, struct err *err)
{
	sqlite3_stmt *st;
	int n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return failed(db, path, err);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int(st, 0);
	else
		(void)failed(db, path, err);
	sqlite3_finalize(st);
	return n;
}

/* The version the file has, 0 for an empty one; -1: not a file of ours. */
static int version_of(sqlite3 *db, const char *path, struct err *err)
{
	int id = query_int(db, path, "PRAGMA application_id", err);
	int tables;

	if (id == SCHEMA_APPLICATION_ID)
		return query_int(db, path,
			"SELECT coalesce(max(version), 0) FROM schema_version",
			err);
	tables = query_int(db, path, "SELECT count(*) FROM sqlite_schema", err);
	if (id < 0 || tables < 0)
		return -1;
	if (id != 0 || tables != 0)
		return err_set(err,
			"%s: is the database of another program; name a new "
			"file, or one that bantin made",
			path);
	return 0;
}

static int newer(const char *path, int version, struct err *err)
{
	return err_set(err,
		"%s: has schema version %d, this program knows %d; use a "
		"newer bantin, or restore an older backup",
		path, version, MIGRATIONS);
}

static int migrate_to(
	sqlite3 *db, const char *path, int version, struct err *err)
{
	char *sql = sqlite3_mprintf(
		"BEGIN IMMEDIATE;\nPRAGMA application_id = %d;\n%.*s\n"
		"INSERT INTO schema_version (version) VALUES (%d);\nCOMMIT;",
		SCHEMA_APPLICATION_ID, STR_ARG(migration(version)), version);
	int rc = 0;

	if (sql == NULL ||
		sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		rc = failed(db, path, err);
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	sqlite3_free(sql);
	return rc;
}

int schema_migrate(sqlite3 *db, const char *path, struct err *err)
{
	int version = version_of(db, path, err);

	if (version < 0)
		return -1;
	if (version > MIGRATIONS)
		return newer(path, version, err);
	while (version < MIGRATIONS)
		if (migrate_to(db, path, ++version, err) < 0)
			return -1;
	return 0;
}

int schema_check(sqlite3 *db, const char *path, struct err *err)
{
	int version = version_of(db, path, err);

	if (version < 0)
		return -1;
	if (version > MIGRATIONS)
		return newer(path, version, err);
	if (version < MIGRATIONS)
		return err_set(err,
			"%s: has schema version %d, this program needs %d; "
			"start `bantin serve` or import once to bring it up",
			path, version, MIGRATIONS);
	return 0;
}
