#ifndef GATEWAY_STORE_UNIT_CHANGE_PARTS_H
#define GATEWAY_STORE_UNIT_CHANGE_PARTS_H

#include "gateway/store/sql.h"
#include "gateway/store/unit_change.h"

/* Private to the room: a change that is being carried out. */
struct unit_now {
	int64_t id; /* 0: not there (yet) */
	struct str code, name, kind;
	int64_t parent; /* 0: none */
	struct str valid_from, valid_to, changed_on;
	int64_t children;
	const int *nos; /* of members that can move */
	size_t nos_n;
};

struct changing {
	struct store *s;
	struct arena *a;
	const struct unit_change *c;
	int64_t id, now_ms;
	struct day_text on, before; /* the day before */
	struct unit_now *from, *to; /* as the change's */
	struct unit_changed *ret;
	struct err *why;
};

/* Does a part go on as the unit that is split? */
static inline bool is_same_unit(
	const struct unit_now *part, const struct unit_now *from)
{
	return part->id != 0 && part->id == from->id;
}
static inline bool changing_goes_on(const struct changing *w)
{
	for (size_t i = 0; i < w->c->to_n; i++)
		if (is_same_unit(&w->to[i], &w->from[0]))
			return true;
	return false;
}

/* Loads what the change names, and says what stands against it: as
 * unit_change_do(). */
int unit_change_check(struct changing *w) __attribute__((warn_unused_result));
/* Which part takes a member of the unit that is split. */
size_t unit_change_part_of(const struct changing *w, int no);

/* Where a member's number went; NULL: it has not moved. */
static inline const struct unit_moved *changing_moved(
	const struct changing *w, int64_t unit, int64_t no)
{
	for (size_t i = 0; i < w->ret->moved_n; i++)
		if (w->ret->moved[i].unit_id == unit &&
			w->ret->moved[i].no == no)
			return &w->ret->moved[i];
	return NULL;
}

/* One statement with whole numbers; *ret_n, if not NULL: rows changed. */
int changing_act(struct changing *w, enum sql id, const int64_t *v, size_t n,
	int64_t *ret_n) __attribute__((warn_unused_result));
#define ACT(w, id, ...)                                                        \
	changing_act((w), (id), (const int64_t[]){__VA_ARGS__},                \
		sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t),      \
		NULL)
#define ACT_N(w, id, ret_n, ...)                                               \
	changing_act((w), (id), (const int64_t[]){__VA_ARGS__},                \
		sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t),      \
		(ret_n))

/* Members with their numbers, then roles. */
int unit_change_people(struct changing *w) __attribute__((warn_unused_result));
/* Open proposals of a unit; to: where those go that name no member. */
int unit_change_proposals(struct changing *w, int64_t from, int64_t to)
	__attribute__((warn_unused_result));
/* Open tasks of a unit that ends, or goes on without some members. */
int unit_change_tasks(struct changing *w, int64_t from, bool lives)
	__attribute__((warn_unused_result));
/* Meetings to come, tasks, proposals and whatever else is not done yet. */
int unit_change_open(struct changing *w) __attribute__((warn_unused_result));

#endif
