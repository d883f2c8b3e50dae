#ifndef GATEWAY_STORE_UNIT_H
#define GATEWAY_STORE_UNIT_H

#include "gateway/store/inbound.h"
#include "gateway/store/sql.h"

/* Private to the room: units as a context holds them. */

/* Columns id, code, name, aliases of a row, from `col` on. */
struct unit_ref unit_read(const struct sql_run *q, int col, struct arena *a);
/* And heir (0: none), changed_on in the two columns behind. */
struct unit_ref unit_read_changed(
	const struct sql_run *q, int col, struct arena *a, int64_t *ret_heir);
/* c->matches: the units that the keys name, own units first. Needs roles. */
int unit_match_load(struct store *s, const struct context_query *query,
	struct arena *a, struct context *c) __attribute__((warn_unused_result));
/* The unit of a code as c sees it; *ret NULL: there is none. */
int unit_by_code(struct store *s, struct str code, struct arena *a,
	const struct context *c, const struct unit_ref **ret)
	__attribute__((warn_unused_result));
/*
 * Who may speak for `of` may do so for `code` in this text: it finishes what
 * was begun when that was one unit.
 */
int unit_let(struct store *s, struct str of, struct str code, struct arena *a,
	struct context *c) __attribute__((warn_unused_result));
/* Is it, or is one above it, a unit of which c's sender is staff? */
int unit_in_subtree(struct store *s, const struct context *c, int64_t unit_id,
	bool *ret) __attribute__((warn_unused_result));

#endif
