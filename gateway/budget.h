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
struct budget_ask {
	struct str phone;
	struct str occasion; /* provider's id of the text that is answered */
	int64_t limit, span_ms, now_ms;
};
/*
 * Takes one of `limit` in each span; false when they are used up. The same
 * occasion again costs nothing: its transaction was rolled back.
 */
bool budget_take(struct budget *b, const struct budget_ask *ask);

#endif
