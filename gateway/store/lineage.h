#ifndef GATEWAY_STORE_LINEAGE_H
#define GATEWAY_STORE_LINEAGE_H

#include "gateway/model/reading.h"
#include "gateway/store/inbound.h"

/*
 * Which unit is meant by an old code or name, or by a day before a change? A
 * meeting is of the unit that there was on its day (domain notes §2.6). For
 * sums by today's tree a row's unit is coalesce(unit.heir, unit.id).
 */

/*
 * Puts into r the unit of the day that it names, or today's where it is no
 * matter of a day, and roll numbers as they are in that unit. What may be
 * meant in two ways gets a problem: then c->lists may name two lists. Costs
 * no statement for units that never changed. 0 / -1.
 */
int lineage_settle(struct store *s, const struct context_query *query,
	struct context *c, struct arena *a, struct reading *r)
	__attribute__((warn_unused_result));
/* Is there such a unit on that day? */
int lineage_is_valid(struct store *s, int64_t unit_id, day_t on, bool *ret)
	__attribute__((warn_unused_result));

/* What a change made of a unit's name. */
struct lineage_names {
	struct str code;   /* of the unit now */
	struct str before; /* other codes that were, "MG07, MG08"; or empty */
	day_t on;
};
int lineage_names(struct store *s, int64_t change_id, int64_t unit_id,
	struct arena *a, struct lineage_names *ret)
	__attribute__((warn_unused_result));

/* A unit as it stands; absent: it has none. Codes of others. 1, 0, -1. */
struct lineage_unit {
	struct str name, parent, heir, valid_from, valid_to;
};
int lineage_unit(struct store *s, struct str code, struct arena *a,
	struct lineage_unit *ret) __attribute__((warn_unused_result));
/*
 * What a command calls a unit: its code, or a former one or an alias that is
 * no other's. *ret: the code of today; word itself when there is none. 1, 0,
 * -1.
 */
int lineage_named(struct store *s, struct str word, struct arena *a,
	struct str *ret) __attribute__((warn_unused_result));

#endif
