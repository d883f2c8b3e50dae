#ifndef GATEWAY_UNIT_ACT_H
#define GATEWAY_UNIT_ACT_H

#include "gateway/errands.h"
#include "gateway/store/unit_change.h"

/*
 * Carries a change of units out with all that hangs on it, in the writer's
 * transaction; one of a later day is only planned. 0; 1: it cannot be done,
 * why says so, and the caller rolls back; -1.
 */
int unit_act(struct store *s, const struct errands_input *in,
	const struct unit_change *c, struct unit_changed *ret, struct err *why)
	__attribute__((warn_unused_result));
/* The same at once, whatever its day is: for a preview, to be rolled back. */
int unit_act_now(struct store *s, const struct errands_input *in,
	const struct unit_change *c, struct unit_changed *ret, struct err *why)
	__attribute__((warn_unused_result));

/* The same for a change whose row is there. */
int unit_act_row(struct store *s, const struct errands_input *in,
	const struct unit_change_run *r, struct unit_changed *ret,
	struct err *why) __attribute__((warn_unused_result));

#endif
