#ifndef PARSERS_READ_H
#define PARSERS_READ_H

#include "gateway/model/context.h"
#include "gateway/model/reading.h"
#include "parsers/scan.h"

/*
 * The second half: context picks the meaning. Pure. Reads what the text says
 * and nothing more: sums, the roll, the sender's role and what is already
 * stored are the handlers' to check.
 */
void read_message(const struct scan *s, const struct context *c,
	struct arena *a, struct reading *ret);

#endif
