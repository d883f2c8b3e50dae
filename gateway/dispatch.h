#ifndef GATEWAY_DISPATCH_H
#define GATEWAY_DISPATCH_H

#include "gateway/settings.h"
#include "gateway/store/outbox.h"

/*
 * Which channel takes a text, what one attempt to send is, and what its
 * outcome means for the row. Pure; the same under `serve` and `rehearse`.
 */

/* How the channels stand when one of them claims. */
struct dispatch_view {
	const struct settings *settings;
	/* By channel: down for so long that others take its texts. */
	const bool *away;
	const struct channel *by; /* that claims */
	int64_t now_ms;
};

/* By which channel the row leaves now: its own, or, when that does not reach
 * the number or is away, the first that does and is not. NULL: none ever. */
const struct channel *dispatch_channel(
	const struct dispatch_view *v, const struct outbox_row *row);
/* For outbox_claim; arg is a struct dispatch_view. */
void dispatch_decide(
	void *arg, const struct outbox_row *row, struct outbox_decision *ret);

/* One text and where it goes. */
struct dispatch {
	const struct channel *channel;
	const struct outbox_row *row;
	int64_t now_ms;
	/* Where reports may come to: public_url, or the listener's own; "":
	 * nowhere. */
	struct str base_url;
};

/* What a provider needs to know of it; in the arena. */
struct provider_outgoing dispatch_outgoing(
	const struct dispatch *d, struct arena *a);
/* 0, or -1 with err: it can never be sent like this. */
int dispatch_build(const struct dispatch *d, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
	__attribute__((warn_unused_result));
/* The row's next state. The strings of the verdict are borrowed. */
void dispatch_judge(const struct channel *c, const struct config *cfg,
	const struct outbox_row *row, const struct provider_verdict *v,
	struct outbox_result *ret);
/* For a row that c refused for good: who may try it instead, into the result.
 * Nobody when it may have been sent, unless it is a reply. */
void dispatch_others(const struct settings *set, const struct channel *c,
	const struct outbox_row *row, struct arena *a,
	struct outbox_result *ret);

#endif
