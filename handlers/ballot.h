#ifndef HANDLERS_BALLOT_H
#define HANDLERS_BALLOT_H

#include "handlers/invited.h"

/*
 * A vote that is clear, of one member: stored, with a receipt; or told why
 * not. Only where the store has said what the member may do
 * (context.votes).
 */
void ballot_cast_or_tell(const struct handler_input *in, struct outcome *out,
	const struct invited *who);

/* Is the voting over on something that the text names? */
bool ballot_is_over(const struct context *c, const struct fields *f);
void ballot_tell_over(const struct handler_input *in, struct outcome *out);

#endif
