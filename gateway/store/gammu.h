#ifndef GATEWAY_STORE_GAMMU_H
#define GATEWAY_STORE_GAMMU_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/model/modem.h"

/*
 * gammu-smsd's own SQLite database (libdbi, schema 17 or 18): another file
 * than the store's, which gammu-smsd writes to at the same time. A call waits
 * for it a second at most and fails then; nothing is half done. One thread at
 * a time.
 */
struct gammu_db;

/* What gammu-smsd waits with is CreatorID: ours begin so. */
#define GAMMU_CREATOR "bantin:"

/* The file must be there, with gammu's tables in a version that we know. */
struct gammu_db *gammu_db_open(const struct modem_source *s, struct err *err);
void gammu_db_close(struct gammu_db *db); /* NULL is fine */

/*
 * A row as JSON, an object within {"inbox": …} or {"sentitems": …}:
 *   inbox      id received at sender text hex coding udh class
 *              message part parts (schema 18, else 0)
 *   sentitems  id part creator to status error udh at
 * at: epoch seconds, 0 where the column is no time; creator: without
 * GAMMU_CREATOR.
 */
struct gammu_row {
	int64_t id;
	bool sent; /* of sentitems */
	uint64_t key;
	struct str body;
};

#define GAMMU_ROWS_MAX 100

struct gammu_look {
	struct gammu_row v[GAMMU_ROWS_MAX]; /* bodies in the arena */
	size_t n;
	bool more;
	int64_t age_s; /* since gammu-smsd refreshed `phones`; -1: no row */
	int64_t signal, battery; /* per cent; -1: not known */
};

/*
 * Texts that nobody has processed, and reports of our own texts that were not
 * marked since the database was opened. thorough: also texts behind the last
 * few thousand rows.
 */
int gammu_db_look(struct gammu_db *db, bool thorough, struct arena *a,
	struct gammu_look *ret, struct err *err)
	__attribute__((warn_unused_result));
/* Never again, please: Processed is 'true', or the report known. */
int gammu_db_mark(struct gammu_db *db, const struct gammu_row *v, size_t n,
	struct err *err) __attribute__((warn_unused_result));
/* Into outbox, unless a text of this creator waits there or was sent: 0. */
int gammu_db_send(struct gammu_db *db, const struct modem_out *o,
	struct err *err) __attribute__((warn_unused_result));

#endif
