#ifndef GATEWAY_STORE_UNIT_CHANGE_H
#define GATEWAY_STORE_UNIT_CHANGE_H

#include "gateway/base/jdoc.h"
#include "gateway/store/store.h"

/*
 * Units that merge, split, are renamed, move under another one, or end
 * (domain notes §2.6). Inside the writer's transaction; all in the arena.
 *
 * A merge moves members, roles and whatever is still open to the successor; a
 * split to those that take the members. What was reported stays with the old
 * unit, and old codes and names go on being understood (lineage.h).
 */
#define UNIT_CHANGES(X)                                                        \
	X(MERGE, "merge")                                                      \
	X(SPLIT, "split")                                                      \
	X(RENAME, "rename")                                                    \
	X(MOVE, "move")                                                        \
	X(END, "end")

#define UNIT_CHANGE_ENUM(id, name) UNIT_##id,
enum unit_change_kind { UNIT_CHANGES(UNIT_CHANGE_ENUM) UNIT_CHANGE_KINDS };
const char *unit_change_str(enum unit_change_kind k);
enum unit_change_kind unit_change_parse(struct str name);

/* A unit as it is afterwards; for MOVE, the unit above. */
struct unit_part {
	struct str code;
	struct str name; /* absent: as it is, or its predecessor's */
	const int *nos;  /* SPLIT: whom it takes; none: all others */
	size_t nos_n;
};

struct unit_change {
	enum unit_change_kind kind;
	const struct str *from; /* codes; one, but for MERGE */
	size_t from_n;
	const struct unit_part *to;
	size_t to_n;
	day_t on;            /* the first day of the new state */
	struct str document; /* absent: none was named */
};

struct unit_moved {
	struct str unit, to_unit; /* codes */
	int64_t unit_id, to_id;
	int no, to_no;
};

/* What it came to. */
struct unit_changed {
	int64_t change_id;
	const struct unit_moved *moved;
	size_t moved_n;
	int64_t roles, tasks, candidates, proposals;
	int64_t meetings_moved, meetings_off;
	const int64_t *meetings; /* those touched: plan them again */
	size_t meetings_n;
	const int64_t *units; /* those that go on */
	size_t units_n;
};

/* As JSON, and back: -1 when it is none. */
struct jdoc *unit_change_json(const struct unit_change *c);
int unit_change_read(const struct jdoc *plan, struct arena *a,
	struct unit_change *ret) __attribute__((warn_unused_result));

/*
 * Does it on its day: 0; 1: it cannot be done, *why says so and the caller
 * rolls back what may have been begun; -1.
 */
struct unit_change_run {
	const struct unit_change *change;
	int64_t id; /* its row of unit_change */
	int64_t now_ms;
	struct arena *arena;
};
int unit_change_do(struct store *s, const struct unit_change_run *r,
	struct unit_changed *ret, struct err *why)
	__attribute__((warn_unused_result));

/* The row: planned; or done or failed at a time. *ret_id: the new row. */
int unit_change_put(struct store *s, const struct unit_change *c,
	int64_t now_ms, struct arena *a, int64_t *ret_id)
	__attribute__((warn_unused_result));
int unit_change_end(struct store *s, int64_t id, const char *failed,
	int64_t now_ms) __attribute__((warn_unused_result));
/* 1; 0: no such row, or it is not planned any more; -1. */
int unit_change_planned(struct store *s, int64_t id, struct arena *a,
	struct unit_change *ret) __attribute__((warn_unused_result));

struct unit_change_row {
	int64_t id;
	struct str kind, on, state, why, document, from, to;
};
struct unit_change_list {
	const struct unit_change_row *v;
	size_t n;
};
int unit_change_list(struct store *s, struct arena *a,
	struct unit_change_list *ret) __attribute__((warn_unused_result));

#endif
