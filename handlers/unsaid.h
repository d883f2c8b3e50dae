#ifndef HANDLERS_UNSAID_H
#define HANDLERS_UNSAID_H

#include "gateway/model/context.h"
#include "gateway/model/reading.h"

/* Adds to a reading what its sender need not say. */
void unsaid_fill(const struct context *c, struct reading *r);

#endif
