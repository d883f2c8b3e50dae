/*
 * gammu - what does the database of gammu-smsd hold, and what is put there?
 *
 * Owns its connection and the few statements on gammu's tables, which are
 * nobody else's: SQLite alone, for that is what gammu writes. Transactions are
 * short, and journal mode and schema stay as they are. gammu-smsd keeps local
 * time of the machine in most columns, and UpdatedInDB of schema 17 in UTC.
 * What is said of our texts may change for days and has no index by time: the
 * newest rows are looked through whenever the file has changed, and a set of
 * hashes remembers those that were marked.
 */
#include "gateway/store/gammu.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define BUSY_MS 1000
#define RECENT_TEXTS 2000          /* rows of inbox behind the newest */
#define RECENT_SENT 500            /* texts of sentitems behind the newest */
#define SEEN_SLOTS ((size_t)32768) /* a power of two */
#define SEEN_MAX (SEEN_SLOTS / 4 * 3)

enum statement {
	CHANGES,
	INBOX,
	INBOX_18,
	SENT,
	PHONE,
	MARK,
	TAKEN,
	SEND,
	SEND_PART,
	STATEMENT_N
};

#define TEXT_COLUMNS                                                           \
	"SELECT ID, json_object('inbox', json_object('id', ID, "               \
	"'received', ReceivingDateTime, "                                      \
	"'at', coalesce(CAST(strftime('%s', ReceivingDateTime, 'utc') "        \
	"AS INTEGER), 0), 'sender', SenderNumber, 'text', TextDecoded, "       \
	"'hex', Text, 'coding', Coding, 'udh', UDH, 'class', Class, "
#define TEXT_ROWS                                                              \
	")) FROM inbox WHERE Processed = 'false' AND ID > "                    \
	"(SELECT max(ID) FROM inbox) - ?1 "                                    \
	"AND (?2 = '' OR RecipientID = ?2) ORDER BY ID LIMIT ?3"

static const char *const sql[STATEMENT_N] = {
	[CHANGES] = "PRAGMA data_version",
	[INBOX] = TEXT_COLUMNS "'message', 0, 'part', 0, 'parts', 0" TEXT_ROWS,
	[INBOX_18] = TEXT_COLUMNS "'message', MessageID, "
				  "'part', SequencePosition, "
				  "'parts', PartCount" TEXT_ROWS,
	[SENT] = "SELECT ID, json_object('sentitems', json_object('id', ID, "
		 "'part', SequencePosition, 'creator', substr(CreatorID, 8), "
		 "'to', DestinationNumber, 'status', Status, "
		 "'error', StatusError, 'udh', UDH, "
		 "'at', coalesce(CAST(strftime('%s', CASE WHEN "
		 "coalesce(DeliveryDateTime, '') <> '' THEN DeliveryDateTime "
		 "ELSE SendingDateTime END, 'utc') AS INTEGER), 0))) "
		 "FROM sentitems WHERE ID > (SELECT max(ID) FROM sentitems) "
		 "- ?1 AND substr(CreatorID, 1, 7) = '" GAMMU_CREATOR
		 "' ORDER BY ID, SequencePosition",
	/* In UTC or in local time: whichever makes it younger. */
	[PHONE] = "SELECT min(abs(strftime('%s', 'now') - "
		  "strftime('%s', UpdatedInDB)), abs(strftime('%s', 'now') - "
		  "strftime('%s', UpdatedInDB, 'utc'))), Signal, Battery "
		  "FROM phones WHERE ?1 = '' OR ID = ?1 "
		  "ORDER BY UpdatedInDB DESC LIMIT 1",
	[MARK] = "UPDATE inbox SET Processed = 'true' WHERE ID = ?1",
	[TAKEN] = "SELECT 1 FROM outbox WHERE CreatorID = ?1 UNION ALL "
		  "SELECT 1 FROM sentitems WHERE CreatorID = ?1 "
		  "AND ID > (SELECT max(ID) FROM sentitems) - 5000 LIMIT 1",
	[SEND] = "INSERT INTO outbox (CreatorID, SenderID, DeliveryReport, "
		 "MultiPart, InsertIntoDB, SendingDateTime, SendingTimeOut, "
		 "Text, DestinationNumber, RelativeValidity, Coding, UDH, "
		 "Class, TextDecoded) VALUES (?1, ?2, ?3, ?4, "
		 "datetime('now', 'localtime'), '2000-01-01 00:00:00', "
		 "'2000-01-01 00:00:00', ?5, ?6, ?7, ?8, ?9, -1, ?10)",
	[SEND_PART] = "INSERT INTO outbox_multipart (ID, SequencePosition, "
		      "Text, Coding, UDH, Class, TextDecoded) "
		      "VALUES (?1, ?2, ?3, ?4, ?5, -1, ?6)",
};

struct gammu_db {
	sqlite3 *db;
	sqlite3_stmt *stmt[STATEMENT_N];
	struct str phone_id;
	int64_t version;
	int64_t changes;   /* data_version of the last look */
	bool looked, left; /* ever; and something was left unmarked */
	size_t seen_n;
	uint64_t seen[SEEN_SLOTS]; /* open addressing; 0: free */
};

static int fail(const struct gammu_db *db, struct err *err)
{
	return err_set(err, "gammu's database: %s", sqlite3_errmsg(db->db));
}

/* NULL with err. It is reset when it has run to its end, or by stop(). */
static sqlite3_stmt *start(
	struct gammu_db *db, enum statement id, struct err *err)
{
	if (db->stmt[id] == NULL && sqlite3_prepare_v3(db->db, sql[id], -1,
					    SQLITE_PREPARE_PERSISTENT,
					    &db->stmt[id], NULL) != SQLITE_OK)
		(void)fail(db, err);
	return db->stmt[id];
}

static void bind(sqlite3_stmt *st, int at, struct str s)
{
	sqlite3_bind_text64(st, at, s.p != NULL ? s.p : "", s.n, SQLITE_STATIC,
		SQLITE_UTF8);
}

/* 1 a row, 0 the end, -1 with err. */
static int next(struct gammu_db *db, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		(void)fail(db, err);
	sqlite3_reset(st);
	return rc == SQLITE_DONE ? 0 : -1;
}

/* The first column of the first row; 0: none. */
static int one(
	struct gammu_db *db, sqlite3_stmt *st, int64_t *ret, struct err *err)
{
	int rc = next(db, st, err);

	if (rc > 0)
		*ret = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	return rc;
}

static int exec(struct gammu_db *db, const char *z, struct err *err)
{
	return sqlite3_exec(db->db, z, NULL, NULL, NULL) == SQLITE_OK
		       ? 0
		       : fail(db, err);
}

/* All of it or nothing; rc as it was, or -1. */
static int end(struct gammu_db *db, int rc, struct err *err)
{
	if (rc >= 0 && exec(db, "COMMIT", err) != 0)
		rc = -1;
	if (!sqlite3_get_autocommit(db->db))
		(void)sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/* ---- opening ---- */

static int check(struct gammu_db *db, struct err *err)
{
	static const char what[] = "SELECT Version FROM gammu WHERE "
				   "(SELECT count(*) FROM sqlite_master WHERE "
				   "type = 'table' AND name IN ('inbox', "
				   "'outbox', 'outbox_multipart', 'sentitems', "
				   "'phones')) = 5";
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db->db, what, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		db->version = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	if (rc == SQLITE_ERROR || rc == SQLITE_DONE)
		return err_set(err,
			"it has not the tables of gammu-smsd; make them with "
			"its sqlite.sql");
	if (rc != SQLITE_ROW)
		return err_set(err, "%s", sqlite3_errmsg(db->db));
	if (db->version != 17 && db->version != 18)
		return err_set(err,
			"version %lld of gammu's tables is not known; 17 and "
			"18 are",
			(long long)db->version);
	return 0;
}

struct gammu_db *gammu_db_open(const struct modem_source *s, struct err *err)
{
	struct gammu_db *db = calloc(1, sizeof(*db));
	struct err why = {""};
	char *path;

	if (db == NULL || asprintf(&path, STR_FMT, STR_ARG(s->database)) < 0)
		abort();
	db->phone_id = s->phone_id;
	if (sqlite3_open_v2(path, &db->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
		    NULL) != SQLITE_OK ||
		sqlite3_busy_timeout(db->db, BUSY_MS) != SQLITE_OK)
		(void)err_set(&why, "%s", sqlite3_errmsg(db->db));
	else if (check(db, &why) == 0)
		why.text[0] = '\0';
	if (why.text[0] != '\0') {
		(void)err_set(err, "%s: %s", path, why.text);
		gammu_db_close(db);
		db = NULL;
	}
	free(path);
	return db;
}

void gammu_db_close(struct gammu_db *db)
{
	if (db == NULL)
		return;
	for (int i = 0; i < STATEMENT_N; i++)
		sqlite3_finalize(db->stmt[i]);
	sqlite3_close(db->db);
	free(db);
}

/* ---- what was seen ---- */

static bool has_seen(const struct gammu_db *db, uint64_t key)
{
	for (uint64_t i = key;; i++) {
		uint64_t at = db->seen[i % SEEN_SLOTS];

		if (at == key || at == 0)
			return at == key;
	}
}

/* Full, it begins anew: what is told twice is told in vain, and that is all. */
static void see(struct gammu_db *db, uint64_t key)
{
	uint64_t i = key;

	if (db->seen_n >= SEEN_MAX) {
		memset(db->seen, 0, sizeof(db->seen));
		db->seen_n = 0;
	}
	while (db->seen[i % SEEN_SLOTS] != 0 && db->seen[i % SEEN_SLOTS] != key)
		i++;
	db->seen_n += db->seen[i % SEEN_SLOTS] == 0;
	db->seen[i % SEEN_SLOTS] = key;
}

/* ---- looking ---- */

static void add(struct gammu_db *db, sqlite3_stmt *st, bool sent,
	struct arena *a, struct gammu_look *ret)
{
	const struct str body = {(const char *)sqlite3_column_text(st, 1),
		(size_t)sqlite3_column_bytes(st, 1)};
	struct gammu_row row = {
		.id = sqlite3_column_int64(st, 0),
		.sent = sent,
		.key = str_hash(body) | 1,
	};

	if (sent && has_seen(db, row.key))
		return;
	if (ret->n == GAMMU_ROWS_MAX) {
		ret->more = true;
		return;
	}
	row.body = arena_str(a, body);
	ret->v[ret->n++] = row;
}

static int look_for_texts(struct gammu_db *db, bool thorough, struct arena *a,
	struct gammu_look *ret, struct err *err)
{
	sqlite3_stmt *st = start(db, db->version == 17 ? INBOX : INBOX_18, err);
	int rc;

	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, thorough ? INT64_MAX / 2 : RECENT_TEXTS);
	bind(st, 2, db->phone_id);
	sqlite3_bind_int64(st, 3, GAMMU_ROWS_MAX);
	while ((rc = next(db, st, err)) > 0)
		add(db, st, false, a, ret);
	ret->more = ret->n == GAMMU_ROWS_MAX;
	return rc;
}

static int look_for_reports(struct gammu_db *db, struct arena *a,
	struct gammu_look *ret, struct err *err)
{
	sqlite3_stmt *st = start(db, SENT, err);
	int rc;

	if (st == NULL)
		return -1;
	sqlite3_bind_int64(st, 1, RECENT_SENT);
	while ((rc = next(db, st, err)) > 0)
		add(db, st, true, a, ret);
	return rc;
}

static int look_at_phone(
	struct gammu_db *db, struct gammu_look *ret, struct err *err)
{
	sqlite3_stmt *st = start(db, PHONE, err);
	int rc;

	ret->age_s = ret->signal = ret->battery = -1;
	if (st == NULL)
		return -1;
	bind(st, 1, db->phone_id);
	rc = next(db, st, err);
	if (rc > 0) {
		ret->age_s = sqlite3_column_int64(st, 0);
		ret->signal = sqlite3_column_int64(st, 1);
		ret->battery = sqlite3_column_int64(st, 2);
	}
	sqlite3_reset(st);
	return rc < 0 ? -1 : 0;
}

/* What is written to a file without a name, gammu-smsd does not see. */
static bool has_moved(const struct gammu_db *db)
{
	int moved = 0;

	(void)sqlite3_file_control(
		db->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

int gammu_db_look(struct gammu_db *db, bool thorough, struct arena *a,
	struct gammu_look *ret, struct err *err)
{
	sqlite3_stmt *st = start(db, CHANGES, err);
	int64_t changes = 0;

	ret->n = 0;
	ret->more = false;
	if (has_moved(db))
		return err_set(err, "gammu's database was moved or removed");
	if (st == NULL || one(db, st, &changes, err) < 0 ||
		look_at_phone(db, ret, err) < 0)
		return -1;
	if (db->looked && !db->left && !thorough && changes == db->changes)
		return 0;
	if (look_for_texts(db, thorough, a, ret, err) < 0 ||
		look_for_reports(db, a, ret, err) < 0)
		return -1;
	db->looked = true;
	db->changes = changes;
	db->left = ret->n > 0;
	return 0;
}

/* ---- writing ---- */

static int mark_all(struct gammu_db *db, const struct gammu_row *v, size_t n,
	struct err *err)
{
	sqlite3_stmt *st = start(db, MARK, err);

	for (size_t i = 0; i < n; i++) {
		if (v[i].sent)
			continue;
		if (st == NULL)
			return -1;
		sqlite3_bind_int64(st, 1, v[i].id);
		if (next(db, st, err) < 0)
			return -1;
	}
	return 0;
}

int gammu_db_mark(struct gammu_db *db, const struct gammu_row *v, size_t n,
	struct err *err)
{
	bool texts = false;

	for (size_t i = 0; i < n; i++)
		texts |= !v[i].sent;
	if (texts && (exec(db, "BEGIN IMMEDIATE", err) != 0 ||
			     end(db, mark_all(db, v, n, err), err) < 0))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (v[i].sent)
			see(db, v[i].key);
	return 0;
}

static int is_taken(struct gammu_db *db, struct str creator, struct err *err)
{
	sqlite3_stmt *st = start(db, TAKEN, err);
	int64_t yes;

	if (st == NULL)
		return -1;
	bind(st, 1, creator);
	return one(db, st, &yes, err);
}

static int put_rest(
	struct gammu_db *db, const struct modem_out *o, struct err *err)
{
	const int64_t id = sqlite3_last_insert_rowid(db->db);
	sqlite3_stmt *st = o->parts_n > 1 ? start(db, SEND_PART, err) : NULL;

	for (size_t i = 1; i < o->parts_n; i++) {
		if (st == NULL)
			return -1;
		sqlite3_bind_int64(st, 1, id);
		sqlite3_bind_int64(st, 2, (int64_t)i + 1);
		bind(st, 3, o->parts[i].hex);
		bind(st, 4, str_of(o->coding));
		bind(st, 5, o->parts[i].udh);
		bind(st, 6, o->parts[i].text);
		if (next(db, st, err) < 0)
			return -1;
	}
	return 0;
}

static int put(struct gammu_db *db, struct str creator,
	const struct modem_out *o, struct err *err)
{
	sqlite3_stmt *st;
	int rc = is_taken(db, creator, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	st = start(db, SEND, err);
	if (st == NULL)
		return -1;
	bind(st, 1, creator);
	bind(st, 2, o->sender);
	bind(st, 3, o->report ? STR("yes") : STR("default"));
	bind(st, 4, o->parts_n > 1 ? STR("true") : STR("false"));
	bind(st, 5, o->parts[0].hex);
	bind(st, 6, o->to);
	sqlite3_bind_int(st, 7, o->validity);
	bind(st, 8, str_of(o->coding));
	bind(st, 9, o->parts[0].udh);
	bind(st, 10, o->parts[0].text);
	return next(db, st, err) < 0 ? -1 : put_rest(db, o, err);
}

int gammu_db_send(
	struct gammu_db *db, const struct modem_out *o, struct err *err)
{
	char *creator;
	int n = asprintf(&creator, GAMMU_CREATOR STR_FMT, STR_ARG(o->creator));
	int rc = -1;

	if (n < 0)
		abort();
	if (exec(db, "BEGIN IMMEDIATE", err) == 0)
		rc = end(db, put(db, (struct str){creator, (size_t)n}, o, err),
			err);
	free(creator);
	return rc;
}
