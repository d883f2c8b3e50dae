#ifndef GATEWAY_HANDOVER_H
#define GATEWAY_HANDOVER_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/providers/provider.h"

/* A text as a file for the program that shares the folders. */
struct handover {
	struct provider_folders folders;
	struct str name, bytes;
};

/*
 * Once and for all: whole, durable, and a second time under the same name
 * nothing, even when the process died in between or the file was taken away
 * meanwhile. *ret_had: it was handed over before. Waits for the disk; any
 * thread, one at a time for a name. -1 with err: it was not handed over.
 */
int handover(const struct handover *h, struct arena *a, bool *ret_had,
	struct err *err) __attribute__((warn_unused_result));

#endif
