#ifndef GATEWAY_MULTIPART_H
#define GATEWAY_MULTIPART_H

#include "gateway/intake.h"

/*
 * One part of a text on its way through the store (message_is_part); with the
 * last one the whole text goes its way as one message. in->scan is not used.
 * *ret: of the text if it is whole; else put is INBOUND_PART (kept, waits or
 * linked) or INBOUND_REPEAT, and id the message that its text became, or 0.
 */
int multipart_take(struct store *s, const struct intake_input *in,
	struct intake_result *ret) __attribute__((warn_unused_result));

/* Ends up to max texts whose parts did not all come in time. in->message and
 * in->scan are not used. */
struct multipart_reaped {
	size_t n;      /* texts ended */
	size_t queued; /* outbox rows added */
};
int multipart_reap(struct store *s, const struct intake_input *in, int64_t max,
	struct multipart_reaped *ret) __attribute__((warn_unused_result));

#endif
