#ifndef GATEWAY_DLR_H
#define GATEWAY_DLR_H

#include "gateway/metrics.h"
#include "gateway/providers/provider.h"
#include "gateway/store/delivery.h"

/* Delivery reports between a provider's words, the store and the log. */

/* in->reports as the store takes them, in the arena; strings are borrowed. */
struct delivery_report *dlr_reports(const struct provider_inbound *in,
	struct str channel, int64_t now_ms, struct arena *a);
/* Logs and counts one that is committed. True: it moved its text. */
bool dlr_tell(struct metrics *m, const struct delivery_report *r,
	const struct delivery_result *result);
/* The same of a text whose reports were there before its answer. */
bool dlr_tell_early(struct metrics *m, const struct delivery_result *result);

#endif
