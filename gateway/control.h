#ifndef GATEWAY_CONTROL_H
#define GATEWAY_CONTROL_H

#include "gateway/base/jdoc.h"
#include "gateway/settings.h"
#include "gateway/writer.h"

struct event_base;

/*
 * The Unix socket DATABASE.sock (0600): commands that write go through it to
 * the one writer. A frame is the length in decimal, a newline, and that many
 * bytes of JSON; one request and one answer a connection. The request
 * {"command":"channels"} writes nothing: it asks how the channels stand.
 */
struct control;

#define CONTROL_FRAME_MAX ((size_t)128 << 20)

struct control_env {
	struct event_base *base;
	struct writer *writer;
	struct settings *settings; /* exchanged by a reload */
	const struct clock *clock;
	void (*written)(void *arg); /* something was committed */
	/* How the channels stand: waiting.h. */
	void (*channels)(void *arg, struct jdoc *answer);
	void *arg;
};

/* NULL with err. env is borrowed. */
struct control *control_new(
	const char *path, struct control_env *env, struct err *err);
void control_free(struct control *c); /* removes the socket */

/* The client's side: blocks, at most so long between two bytes of the answer
 * (0: as long as it takes). NULL with err. */
struct jdoc *control_ask(const char *path, const struct jdoc *request,
	int patience_s, struct err *err);

#endif
