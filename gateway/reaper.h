#ifndef GATEWAY_REAPER_H
#define GATEWAY_REAPER_H

#include "gateway/settings.h"
#include "gateway/writer.h"

struct event_base;

/* Ends the waiting of what nobody claimed in time: parked delivery reports,
 * texts of which parts are missing. Loop thread. */
struct reaper;

struct reaper_options {
	struct event_base *base;
	const struct clock *clock;
	struct writer *writer;
	struct metrics *metrics;
	struct budget *budget;
	/* A report found its text after all, or one was queued: one is due. */
	void (*moved)(void *arg);
	void *arg;
};

struct reaper *reaper_new(
	const struct reaper_options *o, struct settings *settings);
/* A reload: times of now on. */
void reaper_use(struct reaper *r, struct settings *settings);
/* Starts no more work; what the writer has may finish. */
void reaper_stop(struct reaper *r);
/* Its job, if any, has been collected. */
void reaper_free(struct reaper *r);

#endif
