/*
 * rollup - many reports of one text: what became of it?
 *
 * The answer depends on which reports there are and not on their order or
 * number: each can only raise it, queued < sending < sent < expired < failed
 * < delivered. "Delivered" stands above "failed" because it is a fact, a
 * phone's own acknowledgment, where a failure is a conclusion that networks
 * draw from silence and take back. A text is delivered when one report says
 * so of all of it, or so many parts are as the fewest that anyone counted;
 * failed, short of that, when one part is. A failure counts against the
 * attempt that it may be about, never against a later one. Pure.
 */
#include "gateway/store/rollup.h"

#include <assert.h>

static_assert(OUTBOX_STATE_N == 8, "a new state needs a rank");

static const int rank[OUTBOX_STATE_N] = {
	[OUTBOX_QUEUED] = 0,
	[OUTBOX_HELD] = 0,
	[OUTBOX_SENDING] = 1,
	[OUTBOX_UNSURE] = 1,
	[OUTBOX_SENT] = 2,
	[OUTBOX_EXPIRED] = 3,
	[OUTBOX_FAILED] = 4,
	[OUTBOX_DELIVERED] = 5,
};

/* QUEUED for UNKNOWN: it ranks below all. That a provider queues a text, or
 * still tries, proves that it has it. */
static const enum outbox_state means[DELIVERY_SAYS_N] = {
	[DELIVERY_SAYS_UNKNOWN] = OUTBOX_QUEUED,
	[DELIVERY_SAYS_QUEUED] = OUTBOX_SENT,
	[DELIVERY_SAYS_SENT] = OUTBOX_SENT,
	[DELIVERY_SAYS_TEMPORARY] = OUTBOX_SENT,
	[DELIVERY_SAYS_EXPIRED] = OUTBOX_EXPIRED,
	[DELIVERY_SAYS_FAILED] = OUTBOX_FAILED,
	[DELIVERY_SAYS_OPTED_OUT] = OUTBOX_FAILED,
	[DELIVERY_SAYS_DELIVERED] = OUTBOX_DELIVERED,
};

static enum outbox_state higher(enum outbox_state a, enum outbox_state b)
{
	return rank[b] > rank[a] ? b : a;
}

/* The fewest parts that anyone counted; 0: nobody did. */
static int parts_needed(const struct rollup *u)
{
	int least = u->parts;

	for (size_t i = 0; i < u->n; i++)
		if (u->v[i].parts > 0 && (least == 0 || u->v[i].parts < least))
			least = u->v[i].parts;
	return least;
}

static bool is_repeated_part(const struct rollup *u, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (u->v[k].says == DELIVERY_SAYS_DELIVERED &&
			u->v[k].part == u->v[i].part)
			return true;
	return false;
}

/* Parts that arrived: each number once, and each that says no number. */
static int parts_delivered(const struct rollup *u)
{
	int n = 0;

	for (size_t i = 0; i < u->n; i++)
		if (u->v[i].says == DELIVERY_SAYS_DELIVERED &&
			(u->v[i].part < 0 ||
				(u->v[i].part > 0 && !is_repeated_part(u, i))))
			n++;
	return n;
}

/* What one report alone makes of the whole text. */
static enum outbox_state meaning(
	const struct rollup *u, const struct rollup_report *r)
{
	enum outbox_state s = means[r->says];

	if (s == OUTBOX_DELIVERED && r->part != 0)
		return OUTBOX_SENT;
	if ((s == OUTBOX_FAILED || s == OUTBOX_EXPIRED) &&
		r->attempt != u->attempt)
		return OUTBOX_QUEUED;
	return s;
}

enum outbox_state rollup_state(const struct rollup *u, enum outbox_state now)
{
	int needed = parts_needed(u);
	enum outbox_state told = OUTBOX_QUEUED;

	for (size_t i = 0; i < u->n; i++)
		told = higher(told, meaning(u, &u->v[i]));
	if (needed > 0 && parts_delivered(u) >= needed)
		told = OUTBOX_DELIVERED;
	return higher(now, told);
}
