/*
 * rehearsal_talk - what does a phone that dials see?
 *
 * Plays a provider whose requests say the latest input alone, with a count of
 * hops: each one transaction, and then whatever is due. Keeps the last screen
 * of each phone; a session that a screen ends takes no more keys.
 */
#include "gateway/rehearsal.h"

#include "gateway/talk.h"

#include <assert.h>
#include <stdlib.h>

struct call {
	struct str phone;
	int sessions;
	int64_t sequence;
	bool on; /* a session of it is open */
	struct ussd_screen screen;
};

struct rehearsal_calls {
	struct arena *arena;
	struct call *v;
	size_t n;
};

void rehearsal_calls_free(struct rehearsal_calls *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c->v);
	free(c);
}

static struct call *find(const struct rehearsal_calls *all, struct str phone)
{
	for (size_t i = 0; all != NULL && i < all->n; i++)
		if (str_eq(all->v[i].phone, phone))
			return &all->v[i];
	return NULL;
}

static struct call *call_of(struct rehearsal *r, struct str phone)
{
	struct rehearsal_calls **all = rehearsal_calls(r);
	struct call *found = find(*all, phone);

	if (found != NULL)
		return found;
	if (*all == NULL) {
		*all = calloc(1, sizeof(**all));
		assert(*all != NULL);
		(*all)->arena = arena_new(8192);
	}
	(*all)->v = realloc((*all)->v, ((*all)->n + 1) * sizeof(struct call));
	assert((*all)->v != NULL);
	found = &(*all)->v[(*all)->n++];
	*found = (struct call){.phone = arena_str((*all)->arena, phone)};
	return found;
}

const struct ussd_screen *rehearsal_screen(
	const struct rehearsal *r, struct str phone)
{
	const struct call *c =
		find(*rehearsal_calls((struct rehearsal *)r), phone);

	return c != NULL && c->screen.text.p != NULL ? &c->screen : NULL;
}

static int hop(struct rehearsal *r, struct call *c, struct ussd_hop *h,
	struct err *err)
{
	struct store *s = rehearsal_store(r);
	struct arena *a = arena_new(32768);
	struct talk_input in = {
		.settings = rehearsal_settings(r),
		.hop = h,
		.channel = STR("sim"),
		.arena = a,
		.budget = rehearsal_budget(r),
		.now_ms = rehearsal_now_ms(r),
	};
	struct talk_result done = {.queued = 0};
	int rc = 0;

	h->session = arena_printf(a, "%.*s-%d", STR_ARG(c->phone), c->sessions);
	if (store_begin(s) != 0 || talk_hop(s, &in, &done) != 0 ||
		store_commit(s) != 0)
		rc = err_set(err, "the store failed: %s", store_error(s));
	else if (h->event == USSD_HOP)
		c->screen = (struct ussd_screen){
			arena_str(
				(*rehearsal_calls(r))->arena, done.screen.text),
			done.screen.more};
	c->on = rc == 0 && h->event == USSD_HOP && done.screen.more;
	arena_free(a);
	/* A millisecond on, and then whatever is due. */
	return rc == 0 ? rehearsal_clock(r, 0, err) : -1;
}

int rehearsal_talk(struct rehearsal *r, enum rehearsal_call call,
	struct str phone, struct str input, struct err *err)
{
	struct call *c = call_of(r, phone);
	struct ussd_hop h = {
		.event = call == REHEARSAL_HANGUP ? USSD_ENDED : USSD_HOP,
		.phone = c->phone,
		.fresh = call == REHEARSAL_DIAL,
		.input = input,
	};

	if (call != REHEARSAL_DIAL && !c->on)
		return err_set(err, "that phone has no open session");
	if (call == REHEARSAL_DIAL) {
		c->sessions++;
		c->sequence = 0;
	}
	h.sequence = ++c->sequence;
	return hop(r, c, &h, err);
}
