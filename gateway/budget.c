/*
 * budget - has this number had its share of automatic replies?
 *
 * A fixed table, one entry a hash of number and span; where two numbers meet
 * the newer takes the place, which lets a reply too many through rather than
 * one too few. In memory only: a count in the store would cost an index on
 * every reply, to guard against what a restart makes no worse than one more
 * line.
 */
#include "gateway/budget.h"

#include <assert.h>
#include <stdlib.h>

#define ENTRIES 16384 /* a power of two */

struct entry {
	uint64_t key;
	int64_t since_ms;
	int64_t taken;
	uint64_t last; /* the occasion that took the last one */
};

struct budget {
	struct entry entry[ENTRIES];
};

struct budget *budget_new(void)
{
	struct budget *b = calloc(1, sizeof(*b));

	assert(b != NULL);
	return b;
}

void budget_free(struct budget *b)
{
	free(b);
}

bool budget_take(struct budget *b, const struct budget_ask *ask)
{
	uint64_t key = str_hash(ask->phone) ^ (uint64_t)ask->span_ms;
	uint64_t occasion = str_hash(ask->occasion);
	struct entry *e = &b->entry[key & (ENTRIES - 1)];

	/* A clock that was set back must not silence a number for years. */
	if (e->key != key || ask->now_ms < e->since_ms ||
		ask->now_ms - e->since_ms >= ask->span_ms) {
		e->key = key;
		e->since_ms = ask->now_ms;
		e->taken = 0;
	}
	if (e->taken > 0 && e->last == occasion)
		return true;
	if (e->taken >= ask->limit)
		return false;
	e->last = occasion;
	e->taken++;
	return true;
}
