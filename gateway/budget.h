#ifndef GATEWAY_BUDGET_H
#define GATEWAY_BUDGET_H

#include "gateway/base/str.h"

/*
 * How often something happened to somebody lately. In memory, a fixed number
 * of counts; guard.h says what is counted, and fills it at the start. Writer
 * thread.
 */
struct budget;

struct budget *budget_new(void);
/* Which counts share a place is of that number: the same each time. */
struct budget *budget_new_of(uint64_t salt);
void budget_free(struct budget *b);
struct budget_ask {
	struct str who;      /* a number, a channel */
	struct str what;     /* absent: anything */
	struct str occasion; /* the text that it is about, by its id */
	int64_t limit, span_ms, now_ms;
};
/* Is one of `limit` in each span left? Always, where this occasion took the
 * last one: its transaction was rolled back. */
bool budget_has(const struct budget *b, const struct budget_ask *ask);
/* Takes one, left or not; the same occasion again costs nothing. */
void budget_take(struct budget *b, const struct budget_ask *ask);

#endif
