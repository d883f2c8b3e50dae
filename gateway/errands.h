#ifndef GATEWAY_ERRANDS_H
#define GATEWAY_ERRANDS_H

#include "gateway/settings.h"
#include "gateway/store/agenda.h"
#include "gateway/store/errand.h"
#include "gateway/store/inbound.h"

/*
 * What the gateway does by itself, as the part that runs in a transaction: the
 * same under `serve` (a writer job) and `rehearse`. An errand and all of its
 * texts are one transaction with its end, so it happens once or not at all.
 */
struct errands_input {
	const struct settings *settings;
	struct arena *arena;
	int64_t now_ms;
};

/* At most so many in one transaction: webhooks wait for no more. */
#define ERRANDS_AT_ONCE 40

struct errands_result {
	size_t run;      /* errands that ended; ERRANDS_AT_ONCE: look again */
	size_t queued;   /* texts */
	size_t missed;   /* of them too late to be of use */
	int64_t next_at; /* when the next one is due; INT64_MAX: none */
};
int errands_run(struct store *s, const struct errands_input *in,
	struct errands_result *ret) __attribute__((warn_unused_result));

/* Plans what hangs on the records that a text has just stored, in the same
 * transaction. *ret_planned: errands were planned. */
int errands_after(struct store *s, const struct errands_input *in,
	const struct apply_touched *touched, bool *ret_planned)
	__attribute__((warn_unused_result));
/* Plans what comes with the calendar, for this month and the next: at start,
 * and then by itself. */
int errands_start(struct store *s, const struct errands_input *in)
	__attribute__((warn_unused_result));

/* A unit's roll has grown by more than a text says: who has come is invited to
 * what is planned there. why: names the cause, once in the database. */
int errands_invite_newcomers(struct store *s, const struct errands_input *in,
	int64_t unit_id, struct str why) __attribute__((warn_unused_result));

/* Plans when the items of a meeting are closed. */
int errands_plan_votes(struct store *s, const struct errands_input *in,
	int64_t meeting_id) __attribute__((warn_unused_result));

/* ---- for the kinds, gateway/errands/NAME.c ---- */

struct errand_run {
	struct store *s;
	const struct errands_input *in;
	const struct config *config;
	day_t today; /* local */
	int minute;
	struct errands_result *result;
	bool more; /* set by the kind: the errand is not done, and comes back */
};

/* One errand. Sets *why (for people) when nothing was to be done. 0 / -1. */
typedef int errand_fn(
	struct errand_run *r, const struct errand *e, const char **why);

/* A text of an errand. Under one errand a phone gets one for a member. */
struct errand_text {
	struct str to, language;
	struct reply reply;
	struct str text; /* instead of the reply, as it is; absent: the reply */
	const char *lane; /* "urgent", "bulk" */
	bool duty;        /* it goes with the holder's role */
	int64_t valid_until;
	const char *needs; /* as outbox_row; NULL: nothing */
	int64_t needs_id;
	int member_no; /* for whom; 0: the phone's holder */
	/* QUESTION_NONE: it asks nothing. Else it waits for an answer until
	 * valid_until. */
	enum question question;
	int64_t subject;
	int64_t *ret_id; /* out, its row; 0: it was there. NULL: not asked */
};
int errand_send(struct errand_run *r, const struct errand *e,
	const struct errand_text *t) __attribute__((warn_unused_result));
/*
 * May this phone be invited for a member? False: it has not agreed to, and if
 * it was never asked (consent.ask) it is now, by a text of this errand. Ask for
 * each invitation, not for overseers, whose texts go with their role.
 */
struct errand_who {
	struct str phone, language;
	int member_no;
};
int errand_may_invite(struct errand_run *r, const struct errand *e,
	const struct errand_who *w, bool *ret)
	__attribute__((warn_unused_result));
/* "MG07 8/11" */
struct str errand_meeting_name(
	const struct errand_run *r, const struct agenda_meeting *m);
/* "MG07 8/11 19h30" */
struct str errand_meeting_when(
	const struct errand_run *r, const struct agenda_meeting *m);
/* When a planned meeting begins; its day's end when no hour is known. */
int64_t errand_meeting_start(
	const struct errand_run *r, const struct agenda_meeting *m);

#endif
