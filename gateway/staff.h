#ifndef GATEWAY_STAFF_H
#define GATEWAY_STAFF_H

#include "gateway/intake.h"

/*
 * What a text of staff is about, beside its unit: the proposals that it
 * decides, the number of the one that it makes, whom it would be sent to.
 * Nothing is asked for any other text. Writer's transaction. 0 / -1.
 */
int staff_look(struct store *s, const struct intake_input *in,
	struct intake_view *v) __attribute__((warn_unused_result));

#endif
