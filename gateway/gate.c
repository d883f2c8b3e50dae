/*
 * gate - may this body be read now, and in what company?
 *
 * Ordinary bodies run side by side. A suspect (see poison.c) waits until
 * nothing else is under way, runs alone, and everybody behind it waits their
 * turn, first come first served, so that suspects cannot be passed over for
 * ever. The waiting line is bounded.
 */
#include "gateway/gate.h"

#include <assert.h>
#include <stdlib.h>

struct gate {
	struct poison *poison;
	int64_t (*now_ms)(void *arg);
	void *arg;
	struct gate_ticket *first, **last;
	size_t waiting, max_waiting;
	size_t running;
	bool alone_running;
	bool pumping;
};

struct gate *gate_new(struct poison *p, size_t max_waiting,
	int64_t (*now_ms)(void *arg), void *arg)
{
	struct gate *g = calloc(1, sizeof(*g));

	assert(g != NULL);
	g->poison = p;
	g->now_ms = now_ms;
	g->arg = arg;
	g->max_waiting = max_waiting;
	g->last = &g->first;
	return g;
}

/* False: it must wait. */
static bool try_start(struct gate *g, struct gate_ticket *t)
{
	enum poison_look look = POISON_CLEAN;

	if (g->alone_running)
		return false;
	if (g->poison != NULL)
		look = poison_look(g->poison, &t->digest);
	t->alone = look != POISON_CLEAN;
	if (t->alone && g->running > 0)
		return false;
	t->slot = -1;
	if (g->poison != NULL) {
		t->slot = poison_enter(
			g->poison, &t->digest, t->alone, g->now_ms(g->arg));
		/* Full of suspects that nobody brings: one at a time. */
		if (t->slot < 0 && g->running > 0)
			return false;
	}
	g->running++;
	g->alone_running = t->alone;
	return true;
}

static void wait_in_line(struct gate *g, struct gate_ticket *t)
{
	t->next = NULL;
	*g->last = t;
	g->last = &t->next;
	g->waiting++;
}

static void step_out(struct gate *g)
{
	struct gate_ticket *t = g->first;

	g->first = t->next;
	if (g->first == NULL)
		g->last = &g->first;
	g->waiting--;
}

/* go() may end in gate_leave() at once: then the outer loop goes on. */
static void pump(struct gate *g)
{
	if (g->pumping)
		return;
	g->pumping = true;
	while (g->first != NULL && try_start(g, g->first)) {
		struct gate_ticket *t = g->first;

		step_out(g);
		t->go(t);
	}
	g->pumping = false;
}

enum gate_answer gate_enter(struct gate *g, struct gate_ticket *t)
{
	if (g->poison != NULL &&
		poison_look(g->poison, &t->digest) == POISON_CONDEMNED)
		return GATE_CONDEMNED;
	if (g->waiting >= g->max_waiting)
		return GATE_FULL;
	wait_in_line(g, t);
	pump(g);
	return GATE_GOES;
}

void gate_leave(struct gate *g, struct gate_ticket *t)
{
	assert(g->running > 0);
	g->running--;
	if (t->alone)
		g->alone_running = false;
	if (t->slot >= 0)
		poison_leave(g->poison, t->slot);
	pump(g);
}

void gate_close(struct gate *g)
{
	g->max_waiting = 0;
	while (g->first != NULL) {
		struct gate_ticket *t = g->first;

		step_out(g);
		t->refuse(t);
	}
}

void gate_free(struct gate *g)
{
	assert(g->running == 0 && g->first == NULL);
	free(g);
}
