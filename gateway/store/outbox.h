#ifndef GATEWAY_STORE_OUTBOX_H
#define GATEWAY_STORE_OUTBOX_H

#include "gateway/store/store.h"

/*
 * The outbox table is the queue. States: queued → sending → sent (→ delivered)
 * or failed, expired, unsure, held. A row only moves forward, but for sending
 * → queued after a temporary failure.
 */
#define OUTBOX_STATES(X)                                                       \
	X(QUEUED, "queued")                                                    \
	X(SENDING, "sending")                                                  \
	X(SENT, "sent")                                                        \
	X(DELIVERED, "delivered")                                              \
	X(FAILED, "failed")                                                    \
	X(EXPIRED, "expired")                                                  \
	X(UNSURE, "unsure")                                                    \
	X(HELD, "held")

#define OUTBOX_STATE_ENUM(id, name) OUTBOX_##id,
enum outbox_state { OUTBOX_STATES(OUTBOX_STATE_ENUM) OUTBOX_STATE_N };
const char *outbox_state_str(enum outbox_state s);

struct outbox_row {
	int64_t id;
	struct str to, text, lane, channel;
	enum outbox_state state;
	int attempts; /* this one included */
	int64_t created_at, due_at, valid_until;
	int64_t message_id; /* 0: answers no text */
	struct str dedupe_key;
};

/* A text of its own: `bantin send`, a reminder. dedupe_key: absent, or a key
 * under which only one row may ever exist. *ret_id 0: it existed. */
int outbox_add(struct store *s, const struct outbox_row *row, int64_t *ret_id)
	__attribute__((warn_unused_result));

/*
 * Takes up to max due rows, marks them sending (attempts + 1) and returns
 * them in the arena: lanes reply, urgent, bulk; oldest first; one text at a
 * time per recipient; rows past valid_until become expired on the way. bulk
 * and urgent rows only when window_open. Within a lane, the channels in the
 * order in which they are named; what waits for others is not even read.
 */
struct outbox_claim {
	int64_t now_ms;
	size_t max;
	bool window_open;
	/* Rows made for these; NULL: for any. "": made for none. */
	const struct str *channels;
	size_t channels_n;
};
int outbox_claim(struct store *s, const struct outbox_claim *c, struct arena *a,
	struct outbox_row **ret, size_t *ret_n)
	__attribute__((warn_unused_result));

/* Channels that queued rows were made for, in arena, "" standing for none;
 * configured or not. A look-up for each name, however many rows wait. */
int outbox_channels(struct store *s, struct arena *a, struct str **ret,
	size_t *ret_n) __attribute__((warn_unused_result));

/* What became of one attempt. state: SENT, QUEUED (due_at = next try),
 * FAILED or UNSURE. Also written into the attempts' story. */
struct outbox_result {
	int64_t id;
	enum outbox_state state;
	struct str channel;
	struct str ref; /* provider's id; absent: none */
	struct str why;
	int64_t at_ms, due_at;
	int parts; /* segments it left in; 0: not known */
};
int outbox_result(struct store *s, const struct outbox_result *r)
	__attribute__((warn_unused_result));

/*
 * At start-up, what a crash left in `sending`: replies, and texts whose
 * channel's provider takes our id, are queued again; the others become
 * unsure. `idempotent`: names of channels that take our id.
 */
struct outbox_recovered {
	size_t requeued, unsure;
};
int outbox_recover(struct store *s, int64_t now_ms,
	const struct str *idempotent, size_t idempotent_n,
	struct outbox_recovered *ret) __attribute__((warn_unused_result));

/* When the next queued row is due that is due later than after_ms (epoch ms;
 * a claim may leave earlier ones: window, channel, recipient). INT64_MAX:
 * there is none. */
int outbox_next_due(struct store *s, int64_t after_ms, int64_t *ret)
	__attribute__((warn_unused_result));

/* sent and delivered grow without end and are not counted: they stay 0. */
struct outbox_counts {
	int64_t by_state[OUTBOX_STATE_N];
	int64_t oldest_due_at; /* of queued rows; 0: none */
};
int outbox_counts(struct store *s, struct outbox_counts *ret)
	__attribute__((warn_unused_result));

#endif
