#ifndef GATEWAY_STORE_ANSWERS_H
#define GATEWAY_STORE_ANSWERS_H

#include "gateway/store/store.h"

/* An automatic answer that was queued, whatever became of it. */
struct answer {
	struct str to, text;
	struct str channel; /* on which the text that it answers came */
	int64_t message_id; /* that text */
	int64_t at_ms;
	bool stranger; /* its sender was not known */
};

struct answers_ask {
	int64_t since_ms; /* epoch ms */
	int64_t max;      /* of the newest outbox rows, that are looked at */
	/* What it is given lives for the call. */
	void (*on)(void *arg, const struct answer *a);
	void *arg;
};

/* Tells of them in the order in which they were made. 0 / -1. Reads only. */
int answers_since(struct store *s, const struct answers_ask *ask)
	__attribute__((warn_unused_result));

#endif
