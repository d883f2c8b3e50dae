#ifndef GATEWAY_STORE_REGISTRY_CELLS_H
#define GATEWAY_STORE_REGISTRY_CELLS_H

#include "gateway/store/csv_table.h"

/*
 * Private to the room: one cell of a registry file. Each function takes the
 * cell's value if it is right; otherwise it names the cell in d, with what
 * would be right, and returns -1.
 */
struct cell {
	const struct csv_table *table;
	const struct csv_row *row;
	struct diags *d;
};

static inline struct str cell_text(const struct cell *c, int column)
{
	return c->row->cells[column];
}

/* Not empty, at most 200 bytes. */
int cell_needed(const struct cell *c, int column, struct str *ret)
	__attribute__((warn_unused_result));
/* Letters, digits and '-', at most 32. */
int cell_code(const struct cell *c, int column, struct str *ret)
	__attribute__((warn_unused_result));
/* One of "a|b|c"; an empty cell means the fallback, if there is one. */
int cell_choice(const struct cell *c, int column, const char *choices,
	const char *fallback, struct str *ret)
	__attribute__((warn_unused_result));
/* A whole number from 1 to 9999; empty: 0 where that is allowed. */
int cell_number(const struct cell *c, int column, bool may_be_empty,
	int64_t *ret) __attribute__((warn_unused_result));
/* E.164, in the arena; empty: absent where that is allowed. */
int cell_phone(const struct cell *c, int column, bool may_be_empty,
	struct arena *a, struct str *ret) __attribute__((warn_unused_result));
/* Two days, in order; an empty one is absent (open). */
int cell_days(const struct cell *c, int from_column, int to_column,
	struct str *ret_from, struct str *ret_to)
	__attribute__((warn_unused_result));

#endif
