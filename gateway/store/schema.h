#ifndef GATEWAY_STORE_SCHEMA_H
#define GATEWAY_STORE_SCHEMA_H

#include "gateway/base/err.h"

#include <sqlite3.h>

/* "bant" in a file's header: whose database it is. */
#define SCHEMA_APPLICATION_ID 0x62616e74

/*
 * Brings an empty or older database up to this program's version, each
 * migration in a transaction of its own. -1: not ours, newer, or failed.
 */
int schema_migrate(sqlite3 *db, const char *path, struct err *err)
	__attribute__((warn_unused_result));
/* For a connection that must not write: ours, and exactly our version? */
int schema_check(sqlite3 *db, const char *path, struct err *err)
	__attribute__((warn_unused_result));

#endif
