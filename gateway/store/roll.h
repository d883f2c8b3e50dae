#ifndef GATEWAY_STORE_ROLL_H
#define GATEWAY_STORE_ROLL_H

#include "gateway/store/store.h"

/*
 * c->members and c->next_task of c->unit, where the fields speak of members
 * or of a task; else nothing is asked. In the arena.
 */
int roll_load(struct store *s, const struct fields *fields, struct arena *a,
	struct context *c) __attribute__((warn_unused_result));

/* What a meeting knows of a member now. */
struct roll_line {
	int member_no;
	struct str state; /* of attendance, or the answer to the invitation */
};
enum roll_what { ROLL_ATTENDANCE, ROLL_ANSWERS };
/* One line a member, of all meetings of the unit on that day. In the arena. */
struct roll_lines {
	const struct roll_line *v;
	size_t n;
};
struct roll_of {
	enum roll_what what;
	int64_t unit_id;
	day_t day; /* held on; for answers, planned on while not held */
};
int roll_lines(struct store *s, const struct roll_of *of, struct arena *a,
	struct roll_lines *ret) __attribute__((warn_unused_result));

#endif
