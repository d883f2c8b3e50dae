#ifndef HANDLERS_HEARD_H
#define HANDLERS_HEARD_H

#include "handlers/handler.h"

/* "DV 12 OK": an answer to an invitation, that the secretary was told. */
bool heard_is(const struct fields *f);
void heard_take(const struct handler_input *in, struct outcome *out);

#endif
