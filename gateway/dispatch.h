#ifndef GATEWAY_DISPATCH_H
#define GATEWAY_DISPATCH_H

#include "gateway/settings.h"
#include "gateway/store/outbox.h"

/*
 * What one attempt to send is, and what its outcome means for the row. Pure;
 * the same under `serve` and `rehearse`.
 */

/* The row's own channel, or the first that can send; NULL: none can. */
const struct channel *dispatch_channel(
	const struct settings *set, const struct outbox_row *row);
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

#endif
