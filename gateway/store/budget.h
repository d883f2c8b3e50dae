#ifndef GATEWAY_STORE_BUDGET_H
#define GATEWAY_STORE_BUDGET_H

#include "gateway/store/store.h"

/*
 * How many replies to that phone were queued since then, whatever became of
 * them: the guard against machines that answer each other.
 */
int outbox_replies_since(struct store *s, struct str phone, int64_t since_ms,
	int64_t *ret) __attribute__((warn_unused_result));

#endif
