#ifndef GATEWAY_TALK_H
#define GATEWAY_TALK_H

#include "gateway/intake.h"
#include "gateway/model/guide.h"

/*
 * Led conversations on their way through the store: session → context → step
 * → (a full form: read → handle → apply, as an SMS would be) → screen. Inside
 * the caller's transaction; the same code under `serve` (writer thread),
 * `rehearse` and tests.
 */
struct talk_input {
	const struct settings *settings;
	const struct ussd_hop *hop;
	struct str channel;
	struct arena *arena;
	struct budget *budget; /* NULL: replies are not counted */
	int64_t now_ms;
	/* Nobody waits for the screen any more: what it would say goes by SMS.
	 * Asked when the step is done. NULL: somebody does. */
	bool (*too_late)(void *arg);
	void *arg;
};

struct talk_result {
	struct ussd_screen screen; /* empty: none is due (ENDED) */
	int64_t message_id;        /* of what was handled; 0: nothing yet */
	size_t queued;             /* outbox rows added */
	bool planned;              /* something is to happen by itself */
};

/* One request of a USSD session. The same request again gives the same screen
 * and has no second effect. 0 / -1. */
int talk_hop(struct store *s, const struct talk_input *in,
	struct talk_result *ret) __attribute__((warn_unused_result));

/* *ret is of a hop whose screen could not be shown any more when it was
 * stored: it goes by SMS, and a form that waits for an answer goes on by SMS.
 * Sets queued and planned. 0 / -1. */
int talk_follow(struct store *s, const struct talk_input *in,
	struct talk_result *ret) __attribute__((warn_unused_result));

#endif
