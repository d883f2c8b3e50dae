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
	/* When it was to leave first: due_at is its next try. From a claim. */
	int64_t planned_at;
	/* Its channel may have sent it: no other may. From a claim. */
	bool bound;
	/* What must be true when it leaves: absent, "question" (its own is
	 * open), "meeting" (needs_id is announced), "report" (the meeting
	 * needs_id has none), "answer" (the row needs_id of invited has none,
	 * and no later plan was told to it), "told" (that last alone), "date",
	 * "month" (the unit of the errand needs_id has no date for its month;
	 * nor a report or a reason), "task" (it is open). Else it
	 * expires. */
	struct str needs;
	int64_t needs_id;
	/* How often a person made it leave under a new name. From a claim. */
	int again;
	/* It goes with a role: also to who opted out of other texts. */
	bool duty;
	int64_t errand_id; /* what made it; 0: none. Not from a claim. */
};
bool outbox_is_reply(const struct outbox_row *row);

/* A text of its own: `bantin send`, a reminder. dedupe_key: absent, or a key
 * under which only one row may ever exist. *ret_id 0: it existed. */
int outbox_add(struct store *s, const struct outbox_row *row, int64_t *ret_id)
	__attribute__((warn_unused_result));

/* What becomes of a due row in a claim. */
enum outbox_fate {
	OUTBOX_TAKE,    /* it leaves now */
	OUTBOX_LEAVE,   /* not by this channel, or not now */
	OUTBOX_GIVE,    /* to another channel, which claims it */
	OUTBOX_PUT_OFF, /* to due_at, for a reason: then it looks again */
	OUTBOX_END      /* it moves to state, for a reason */
};

struct outbox_decision {
	enum outbox_fate fate;
	struct str channel;      /* GIVE */
	int64_t due_at;          /* PUT_OFF */
	enum outbox_state state; /* END */
	const char *why;         /* END, PUT_OFF */
};

/*
 * A claim marks due rows sending (attempts + 1, by this channel): lanes reply,
 * urgent, bulk; one text at a time per recipient; within a lane recipients
 * that were served last come last, then the oldest comes first. Rows past
 * valid_until, of a recipient who opted out (no replies), or of no use any
 * more expire on the way. bulk and urgent rows only when window_open. What
 * waits for other channels is not even read.
 *
 * Of what nobody asked for, a number gets `unasked` texts in any 24 hours by
 * when they were sent, urgent before bulk; the next is put off until the
 * first of them is a day old, which is when it is planned for from then on.
 * Replies, and the notices that a text causes for staff, neither count nor
 * wait.
 */
struct outbox_claim {
	int64_t now_ms;
	size_t max;     /* rows in all */
	size_t replies; /* of them for replies alone */
	/* Offered to urgent and bulk first, of those to bulk first. */
	size_t other_turn, bulk_turn;
	bool bulk_first; /* lanes from the last to the first */
	bool window_open;
	int unasked;        /* 0: no limit */
	struct str channel; /* that takes them; absent: the row's own */
	/* Rows made for these, in this order; NULL: for any. "": for none. */
	const struct str *channels;
	size_t channels_n;
	/* str_hash of recipients, who was served last at the end. */
	const uint64_t *served;
	size_t served_n;
	/* A pure look at a row that could leave; NULL: all may. */
	void (*decide)(void *arg, const struct outbox_row *row,
		struct outbox_decision *ret);
	void *arg;
};
struct outbox_claimed {
	struct outbox_row *v; /* in the arena */
	size_t n;
	size_t other; /* of them no replies */
	bool more;    /* it ended rows and stopped early: claim again */
};
int outbox_claim(struct store *s, const struct outbox_claim *c, struct arena *a,
	struct outbox_claimed *ret) __attribute__((warn_unused_result));

/* What a claim by this channel would make of one queued row now, but for the
 * room that it has: the same rules, in the same order. */
enum outbox_bar {
	OUTBOX_NO_BAR, /* then the decision counts */
	OUTBOX_NOT_DUE,
	OUTBOX_BEHIND, /* another text of the same recipient */
	OUTBOX_SHUT,   /* the send window is */
	OUTBOX_CAPPED  /* the number has had its unasked texts */
};
struct outbox_look {
	enum outbox_bar bar;
	int64_t behind; /* BEHIND: its id */
	int64_t until;  /* CAPPED */
	struct outbox_decision decision;
};
int outbox_look(struct store *s, const struct outbox_claim *c,
	const struct outbox_row *row, struct outbox_look *ret)
	__attribute__((warn_unused_result));
/* Is it still of use, and wanted? TAKE, or END with the reason. now_ms 0:
 * whether or not its question ran out of time. */
int outbox_relevant(struct store *s, const struct outbox_row *row,
	int64_t now_ms, struct outbox_decision *ret)
	__attribute__((warn_unused_result));

/* Channels that queued rows were made for, in arena, "" standing for none;
 * configured or not. A look-up for each name, however many rows wait. */
int outbox_channels(struct store *s, struct arena *a, struct str **ret,
	size_t *ret_n) __attribute__((warn_unused_result));

/*
 * What became of one attempt. state: SENT, QUEUED (due_at = next try),
 * FAILED or UNSURE. Also written into the attempts' story. One that FAILED
 * is queued for the first of `others` that has not refused it too.
 */
struct outbox_result {
	int64_t id;
	enum outbox_state state;
	bool bound; /* QUEUED: this channel may have sent it */
	const struct str *others;
	size_t others_n;
	enum outbox_state *became; /* out; NULL: not asked */
	struct str channel;
	struct str ref; /* provider's id; absent: none */
	struct str why;
	int64_t at_ms, due_at;
	int parts; /* segments it left in; 0: not known */
	/* FAILED: its recipient wants no more texts, as the channel's provider
	 * knows; opted out from now on, unless that was so before. None of
	 * the others tries it either. */
	bool opted_out;
};
/* As if the recipient of this text had texted TC; nobody becomes a member by
 * it. Who has opted out before stays as it was told then; who has asked for
 * texts since this one left (a report may be late) is not opted out. */
int outbox_opt_out(struct store *s, int64_t id, int64_t at_ms)
	__attribute__((warn_unused_result));
int outbox_result(struct store *s, const struct outbox_result *r)
	__attribute__((warn_unused_result));

/*
 * At start-up, what a crash left in `sending`, each an attempt `interrupted`:
 * replies, and texts whose channel's provider takes our id, are queued again;
 * the others become unsure. `idempotent`: names of channels that take our id.
 */
struct outbox_recovered {
	size_t requeued, unsure;
};
int outbox_recover(struct store *s, int64_t now_ms,
	const struct str *idempotent, size_t idempotent_n,
	struct outbox_recovered *ret) __attribute__((warn_unused_result));

/* The wall clock was set back to now_ms: what was due by the later clock is due
 * by this one, and no next try is further away than try_max_ms. */
int outbox_clock_back(struct store *s, int64_t now_ms, int64_t try_max_ms)
	__attribute__((warn_unused_result));

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
