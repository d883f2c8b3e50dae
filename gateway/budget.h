#ifndef GATEWAY_BUDGET_H
#define GATEWAY_BUDGET_H

#include "gateway/base/str.h"

/*
 * How many automatic replies a number has had lately: the guard against
 * machines that answer each other. Writer thread. A restart begins anew.
 */
struct budget;

struct budget *budget_new(void);
void budget_free(struct budget *b);
/* Takes one of `limit` in each span of span_ms; false when they are used up. */
bool budget_take(struct budget *b, struct str phone, int64_t limit,
	int64_t span_ms, int64_t now_ms);

#endif
