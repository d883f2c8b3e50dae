#ifndef GATEWAY_INLET_H
#define GATEWAY_INLET_H

#include "gateway/budget.h"
#include "gateway/gate.h"
#include "gateway/intake.h"
#include "gateway/settings.h"
#include "gateway/store/delivery.h"
#include "gateway/writer.h"

/*
 * What a provider brings, on its way into the store, however it came: as a
 * callback, from a modem's database, from a folder. Loop thread.
 */
struct inlet_env {
	struct settings *settings; /* the present ones; exchanged by a reload */
	struct writer *writer;
	struct gate *gate;
	struct budget *budget; /* the writer's, through jobs */
	struct metrics *metrics;
	const struct clock *clock;
	void (*queued)(void *arg);  /* texts were queued for sending */
	void (*planned)(void *arg); /* errands were planned */
	void *arg;
};

enum inlet_fate {
	INLET_STORED,     /* committed, or nothing that we use */
	INLET_UNREADABLE, /* in.err says why; it would be so again */
	INLET_BUSY        /* the fault is ours: it must be brought again */
};

/* The caller fills in what stands above the line, zeroes the rest, and keeps
 * all of it where it is until ended() was called. */
struct inlet {
	struct job job; /* first */
	struct inlet_env *env;
	const struct channel *channel;
	struct settings *settings; /* that the channel belongs to */
	const struct provider_request *request;
	struct arena *arena;
	/* Once, and last: the inlet may be freed in it. */
	void (*ended)(struct inlet *i, enum inlet_fate fate);
	/* ---- */
	struct gate_ticket ticket;
	bool entered;
	struct provider_inbound in;
	struct scan **scans;
	struct intake_result *results; /* NULL: no texts */
	struct delivery_report *reports;
	struct delivery_result *reported;
};

/* The request is verified. ended() may be called before this returns. */
void inlet_enter(struct inlet *i);

#endif
