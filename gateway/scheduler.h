#ifndef GATEWAY_SCHEDULER_H
#define GATEWAY_SCHEDULER_H

#include "gateway/settings.h"
#include "gateway/writer.h"

struct event_base;

/* The one timer of what the gateway does by itself. Loop thread. */
struct scheduler;

struct scheduler_options {
	struct event_base *base;
	const struct clock *clock;
	struct writer *writer;
	struct metrics *metrics;
	void (*queued)(void *arg); /* texts were queued for sending */
	void *arg;
};

struct scheduler *scheduler_new(
	const struct scheduler_options *o, struct settings *settings);
/* Something was planned, perhaps for sooner: look. */
void scheduler_poke(struct scheduler *t);
void scheduler_use(struct scheduler *t, struct settings *settings);
/* Starts no more work; what the writer has may finish. */
void scheduler_stop(struct scheduler *t);
/* Its job, if any, has been collected. */
void scheduler_free(struct scheduler *t);

#endif
