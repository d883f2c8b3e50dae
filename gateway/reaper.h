#ifndef GATEWAY_REAPER_H
#define GATEWAY_REAPER_H

#include "gateway/settings.h"
#include "gateway/writer.h"

struct event_base;

/* Ends the waiting of what nobody claimed in time: parked delivery reports.
 * Loop thread. */
struct reaper;

struct reaper_options {
	struct event_base *base;
	const struct clock *clock;
	struct writer *writer;
	struct metrics *metrics;
	/* A report found its text after all: another may be due. */
	void (*moved)(void *arg);
	void *arg;
};

struct reaper *reaper_new(
	const struct reaper_options *o, const struct settings *settings);
/* A reload: times of now on. */
void reaper_use(struct reaper *r, const struct settings *settings);
/* Starts no more work; what the writer has may finish. */
void reaper_stop(struct reaper *r);
/* Its job, if any, has been collected. */
void reaper_free(struct reaper *r);

#endif
