/*
 * budget - how often did this happen to this number lately?
 *
 * A fixed table, one entry a hash of number, matter and span; where two meet
 * the newer takes the place, which lets a reply too many through rather than
 * one too few. Which ones meet is of a number drawn at the start: whoever
 * forges senders cannot choose some that push each other, or the count of all
 * strangers, out. A span begins with the first that it counts.
 */
#include "gateway/budget.h"

#include "gateway/base/digest.h"

#include <assert.h>
#include <stdlib.h>

#define ENTRIES 32768 /* a power of two */

struct entry {
	uint64_t key;
	int64_t since_ms;
	int64_t taken;
	uint64_t last; /* the occasion that took the last one */
};

struct budget {
	uint64_t salt;
	struct entry entry[ENTRIES];
};

struct budget *budget_new_of(uint64_t salt)
{
	struct budget *b = calloc(1, sizeof(*b));

	assert(b != NULL);
	b->salt = salt;
	return b;
}

struct budget *budget_new(void)
{
	uint64_t salt;

	digest_random(&salt, sizeof(salt));
	return budget_new_of(salt);
}

void budget_free(struct budget *b)
{
	free(b);
}

static uint64_t key_of(const struct budget *b, const struct budget_ask *ask)
{
	uint64_t key = (str_hash(ask->who) * 31 + str_hash(ask->what)) ^
		       (uint64_t)ask->span_ms;

	/* Tables mask low bits: the high ones must be in them. */
	key = (key ^ b->salt) * UINT64_C(0x9e3779b97f4a7c15);
	return key ^ (key >> 32);
}

/* A clock that was set back must not silence a number for years. */
static bool counts(
	const struct entry *e, uint64_t key, const struct budget_ask *ask)
{
	return e->key == key && ask->now_ms >= e->since_ms &&
	       ask->now_ms - e->since_ms < ask->span_ms;
}

bool budget_has(const struct budget *b, const struct budget_ask *ask)
{
	uint64_t key = key_of(b, ask);
	const struct entry *e = &b->entry[key & (ENTRIES - 1)];

	if (!counts(e, key, ask))
		return ask->limit > 0;
	return e->taken < ask->limit || e->last == str_hash(ask->occasion);
}

void budget_take(struct budget *b, const struct budget_ask *ask)
{
	uint64_t key = key_of(b, ask), occasion = str_hash(ask->occasion);
	struct entry *e = &b->entry[key & (ENTRIES - 1)];

	if (!counts(e, key, ask))
		*e = (struct entry){.key = key, .since_ms = ask->now_ms};
	else if (e->last == occasion)
		return;
	e->last = occasion;
	e->taken++;
}
