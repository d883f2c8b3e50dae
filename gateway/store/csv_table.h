#ifndef GATEWAY_STORE_CSV_TABLE_H
#define GATEWAY_STORE_CSV_TABLE_H

#include "config/diag.h"

#define CSV_TABLE_COLUMNS_MAX 16
#define CSV_TABLE_BYTES_MAX ((size_t)64 << 20)

/* One line of a file, its cells in the order of the wanted columns. */
struct csv_row {
	int line; /* on which it begins, from 1 */
	const struct str *cells;
};

/* A CSV file with a header (RFC 4180, strict; a byte order mark is let be). */
struct csv_table {
	struct str file;
	const char *const *columns; /* wanted */
	size_t columns_n;
	size_t optional_n; /* the last ones, which a file may leave out */
	int place[CSV_TABLE_COLUMNS_MAX]; /* wanted column → nth of the file */
	const struct csv_row *rows;
	size_t n;
};

/*
 * Reads text into the table, whose file and columns are set. Columns may
 * stand in any order; a missing, unknown or doubled one and a row of another
 * width are named. 0, or -1 with diags. All of it in the arena.
 */
int csv_table_read(struct csv_table *t, struct str text, struct arena *a,
	struct diags *d) __attribute__((warn_unused_result));

/* Names the place of one cell in d; returns -1. */
int csv_table_wrong(const struct csv_table *t, const struct csv_row *row,
	int column, struct diags *d, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif
