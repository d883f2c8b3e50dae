#ifndef GATEWAY_STORE_REGISTRY_H
#define GATEWAY_STORE_REGISTRY_H

#include "config/diag.h"
#include "gateway/store/store.h"

/*
 * units.csv, members.csv, roles.csv (libcsv). An absent str is a file that is
 * not there (units are required on a first import). Everything is checked
 * first; a wrong row is named with file, line and column, and then nothing is
 * imported. Importing again updates by key (unit code; unit and roll number;
 * phone, role and unit) and removes nobody.
 */
struct registry_files {
	struct str units, members, roles; /* contents */
	struct str dir;                   /* for names in messages */
};

struct registry_counts {
	size_t units, members, roles, contacts;
};

/* In the caller's transaction. 0, or -1: diags has the rows, or is empty and
 * store_error() tells. */
int registry_import(struct store *s, const struct registry_files *f,
	int64_t now_ms, struct registry_counts *ret, struct diags *d)
	__attribute__((warn_unused_result));

#endif
