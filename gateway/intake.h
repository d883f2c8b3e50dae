#ifndef GATEWAY_INTAKE_H
#define GATEWAY_INTAKE_H

#include "gateway/guard.h"
#include "gateway/model/reading.h"
#include "gateway/settings.h"
#include "gateway/store/replay.h"
#include "handlers/handler.h"
#include "parsers/scan.h"

/*
 * One MO text on its whole way through the store: dedupe → context → read →
 * handle → effects. Inside the caller's transaction; the same code under
 * `serve` (writer thread), `rehearse` and tests.
 */
struct intake_result {
	enum inbound_put put;
	int64_t id; /* message row */
	enum intent intent;
	enum problem problem;
	enum message_state state;
	size_t queued;       /* outbox rows added */
	struct str reply;    /* what goes back to the sender; absent: nothing */
	struct str withheld; /* what was not sent, and why; empty: nothing */
	size_t incomplete;   /* texts in parts that ended unread, with it */
	bool planned;        /* something is to happen by itself: look when */
	bool shown;          /* the reply, on the screen */
	bool asks;           /* the reply is a question about what was read */
};

struct intake_input {
	const struct settings *settings;
	const struct message *message;
	const struct scan *scan;
	struct arena *arena;   /* the message's */
	struct budget *budget; /* NULL: replies are not counted */
	int64_t now_ms;
	/* A stored message, read again as of its own time; NULL: a new one. */
	const struct replay_message *again;
	bool quiet;     /* nobody is texted, so no question is opened either */
	bool late;      /* it came long ago: its sender is not woken for it */
	bool on_screen; /* the answer is shown where it fits, and not queued */
	bool of_form;   /* a form says it: no conversation takes it */
	bool scripted;  /* its clock goes by lines, and not by seconds */
	bool asks_only; /* what it would store is asked about instead */
};

int intake_message(struct store *s, const struct intake_input *in,
	struct intake_result *ret) __attribute__((warn_unused_result));

/* A text of which parts are missing: stored unread, its sender asked to send
 * it again as far as they may be answered. why: for message.error. */
int intake_incomplete(struct store *s, const struct intake_input *in,
	struct str why, struct intake_result *ret)
	__attribute__((warn_unused_result));

/* The two halves of it, for a message that has its row. */
struct intake_view {
	struct context context;
	struct reading reading;
	struct outcome outcome;
};
/* The view's effects, of a message that was not read: its row gets no intent.
 */
int intake_unread(struct store *s, const struct intake_input *in,
	const struct intake_view *v, struct intake_result *ret)
	__attribute__((warn_unused_result));
/* What the text would do; only reads. */
int intake_look(struct store *s, const struct intake_input *in, int64_t id,
	struct intake_view *ret) __attribute__((warn_unused_result));
/* Does it; ret->put is left as it is. */
int intake_do(struct store *s, const struct intake_input *in,
	const struct intake_view *v, struct intake_result *ret)
	__attribute__((warn_unused_result));

#endif
