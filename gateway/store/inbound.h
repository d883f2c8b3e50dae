#ifndef GATEWAY_STORE_INBOUND_H
#define GATEWAY_STORE_INBOUND_H

#include "gateway/store/store.h"

/*
 * The way of one MO text through the store, inside the caller's transaction:
 * put → context → (read) → subject → (handle) → apply → done.
 */
enum inbound_put {
	INBOUND_NEW,
	INBOUND_REPEAT, /* same channel and provider id: nothing was stored */
	INBOUND_DUPLICATE, /* another id or channel, same sender, receiver and
			    * text within ±10 s of provider time: stored,
			    * linked. A receiver that is absent is any. */
	INBOUND_PART       /* not by inbound_put(): a part, kept in parts.h */
};

/*
 * Stores the message (state done until inbound_done says otherwise) and tells
 * which of the three it is. *ret_id: the new row; REPEAT: the row of before.
 */
int inbound_put(struct store *s, const struct message *m,
	struct str rule_version, enum inbound_put *ret, int64_t *ret_id)
	__attribute__((warn_unused_result));
/*
 * A DUPLICATE whose rule lets repeats count (an answer to the next question):
 * *ret says whether it does, and its row is a text of its own. Not within a
 * second of the other: that is one SMS, whatever it says.
 */
int inbound_count(struct store *s, int64_t id, bool *ret)
	__attribute__((warn_unused_result));
/* A body that brought the process down twice: kept raw, unread. */
struct inbound_body {
	struct str channel, digest, body; /* digest: raw bytes, known once */
	int64_t received_at;
	const char *why;
};
int inbound_quarantine(struct store *s, const struct inbound_body *b)
	__attribute__((warn_unused_result));
/* intent INTENT_N: it was not read. */
int inbound_done(struct store *s, int64_t id, enum message_state state,
	enum intent intent, struct str error)
	__attribute__((warn_unused_result));

/* What a record was made of, for those that ask later: as JSON. */
int inbound_fields(struct store *s, int64_t id, const struct fields *f,
	struct arena *a) __attribute__((warn_unused_result));

/* Why its answer, or some notice, was held back: for `bantin why`. */
int inbound_withheld(struct store *s, int64_t id, struct str why)
	__attribute__((warn_unused_result));

/*
 * A text that was quarantined unread takes the place of its raw body in the
 * row `id` (state done, or linked as a repeat): *ret as inbound_put(). REPEAT:
 * another row has its provider's id; nothing is changed.
 */
int inbound_release(struct store *s, int64_t id, const struct message *m,
	enum inbound_put *ret) __attribute__((warn_unused_result));
/* What put_unread() calls a body whose digest (as stored) it is. */
struct inbound_unread_id {
	char z[sizeof("quarantine:") + 64];
};
struct inbound_unread_id inbound_unread_id(struct str digest);

/* The time that a context is loaded for, and the limits it is loaded with. */
struct context_query {
	const struct message *message;
	const struct str *unit_keys; /* scan_unit_keys() */
	size_t unit_keys_n;
	int64_t now_ms;
	int utc_offset_min;
};

/* Sender, roles, units with rolls, open questions, last report. In arena. */
int context_load(struct store *s, const struct context_query *q,
	struct arena *a, struct context *ret)
	__attribute__((warn_unused_result));
/* After reading: c->unit and c->same_report for (unit, kind, date). */
int context_load_subject(struct store *s, const struct fields *fields,
	struct arena *a, struct context *c) __attribute__((warn_unused_result));

/* One text that an effect wants sent, rendered and folded by the caller. */
struct apply_text {
	size_t effect; /* index into outcome.v */
	struct str to; /* E.164; NOTIFY fans out: one per recipient */
	struct str text;
	struct str channel; /* first choice */
	const char *lane;   /* "reply", "urgent", "bulk" */
	int64_t due_at, valid_until;
	bool shown; /* on a screen, now: it is not queued */
};

/* Records that others hang on, as they were stored: what the caller has to
 * plan by. `id`: the meeting's row of ANNOUNCED, POSTPONED and NO_MEETING,
 * the task's, the candidate's, the proposal's (DECISION: made or decided); 0
 * of MEMBER, when the roll has changed. */
#define TOUCHED_MAX 40 /* more are not told */
struct apply_touched {
	struct {
		enum record_kind kind;
		int64_t id, unit_id;
	} v[TOUCHED_MAX];
	size_t n;
	struct str opted_in; /* a phone that agreed to texts; absent: none */
	int64_t message_id;
};

struct apply_input {
	int64_t message_id;
	const struct message *message;
	const struct context *context;
	const struct outcome *outcome;
	const struct apply_text *texts;
	size_t texts_n;
	int64_t now_ms;
	int64_t question_valid_ms;
	int join_window_days;
	int64_t vote_late_ms; /* a ballot sent in time may come so late */
	bool again;           /* a message of before is carried out again */
	struct apply_touched *touched; /* NULL: not asked */
	int64_t *shown; /* out, the row of the text shown; NULL: not asked */
};

/* Effects into rows. *ret_queued: outbox rows that were added. */
int apply_outcome(struct store *s, const struct apply_input *in,
	size_t *ret_queued) __attribute__((warn_unused_result));

struct staff_phone {
	struct str phone, language;
};
struct staff_phones {
	const struct staff_phone *v;
	size_t n;
};
/* Phones of the staff whose subtree holds the unit, nearest first, not
 * opted out, whose roles hold today (a local day). In the arena. */
int staff_phones(struct store *s, int64_t unit_id, day_t today, struct arena *a,
	struct staff_phones *ret) __attribute__((warn_unused_result));

#endif
