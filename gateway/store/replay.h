#ifndef GATEWAY_STORE_REPLAY_H
#define GATEWAY_STORE_REPLAY_H

#include "gateway/store/inbound.h"

/*
 * Stored messages, in the order of their ids, with what was made of each and
 * the situation in which it came: to read them again under other rules.
 * Only reads; either connection.
 */
struct replay_message {
	int64_t id;
	struct message message;       /* event_id is left out */
	struct str state;             /* enum message_state as text */
	struct str intent;            /* absent: it was not read */
	struct str problem;           /* empty: none; quarantined: why */
	struct str body;              /* quarantined: as it came, else absent */
	struct str fields;            /* JSON of a record; absent: none */
	const struct fields *reports; /* that it stored, as they are now */
	size_t reports_n;
	const struct replay_questions *questions; /* of its time */
};

struct replay_page {
	const struct replay_message *v;
	size_t n; /* 0: no more */
};

#define REPLAY_PAGE_MAX 500

/* The messages after an id, up to max (REPLAY_PAGE_MAX). All in the arena. */
int replay_page(struct store *s, int64_t after, size_t max, struct arena *a,
	struct replay_page *ret) __attribute__((warn_unused_result));

/*
 * As context_load(), with the questions that were open when the message came
 * and the sender's last report before it. Roles, rolls and announcements are
 * as the registry has them now, roles for that day.
 */
int replay_context(struct store *s, const struct replay_message *m,
	const struct context_query *q, struct arena *a, struct context *ret)
	__attribute__((warn_unused_result));

/* As context_load_subject(): the report that was there before the message. */
int replay_subject(struct store *s, const struct replay_message *m,
	const struct fields *f, struct arena *a, struct context *c)
	__attribute__((warn_unused_result));

/*
 * Why a person should look at it before the outcome is carried out: a later
 * text has answered, repeated, confirmed, corrected or cancelled what it would
 * store, or it hangs on its own time (a vote, a plan). *ret NULL: nothing
 * stands against it.
 */
struct replay_ask {
	const struct outcome *outcome;
	int64_t now_ms;
	bool fresh; /* its sender may still be answered */
};
int replay_hold(struct store *s, const struct replay_message *m,
	const struct replay_ask *ask, const char **ret)
	__attribute__((warn_unused_result));

/* Has its sender texted since? */
int replay_newer(struct store *s, const struct replay_message *m, bool *ret)
	__attribute__((warn_unused_result));

/*
 * Before a message is carried out again: its present reading is kept among the
 * earlier ones, its questions that still wait are asked no more.
 */
int replay_turn(struct store *s, const struct replay_message *m,
	struct str rule_version, int64_t now_ms)
	__attribute__((warn_unused_result));

#endif
