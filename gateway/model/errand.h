#ifndef GATEWAY_MODEL_ERRAND_H
#define GATEWAY_MODEL_ERRAND_H

#include "gateway/model/day.h"

/*
 * What the gateway does by itself. A name stands in the store; what is late
 * when its turn comes is
 *   SEND     done all the same, within its hours;
 *   SHORTEN  done, but only the last of several of its kind and subject;
 *   HOLD     put into the queue as late as it is, which holds it for a person
 *            (outbox.urgent_late_h).
 * Past `hours` (0: always) it is missed: nobody gets a reminder of last week.
 */
enum errand_late { ERRAND_SEND, ERRAND_SHORTEN, ERRAND_HOLD };

#define ERRANDS(X)                                                             \
	X(MONTH_PLAN, "month_plan", SEND, 0)                                   \
	X(ASK_DATE, "ask_date", SHORTEN, 72)                                   \
	X(INVITE, "invite", SEND, 0)                                           \
	X(CALLED_OFF, "called_off", SEND, 72)                                  \
	X(INVITE_REMIND, "invite_remind", SHORTEN, 36)                         \
	X(FORECAST, "forecast", SHORTEN, 24)                                   \
	X(REPORT_REMIND, "report_remind", SHORTEN, 24)                         \
	X(REPORT_STAFF, "report_staff", HOLD, 48)                              \
	X(REPORT_DEPUTY, "report_deputy", HOLD, 48)                            \
	X(MONTH_CLOSE, "month_close", SHORTEN, 72)                             \
	X(DIGEST, "digest", SEND, 216)                                         \
	X(TASK_DUE, "task_due", SHORTEN, 24)                                   \
	X(TASK_LATE, "task_late", SHORTEN, 72)                                 \
	X(CANDIDATE_DUE, "candidate_due", SHORTEN, 336)                        \
	X(PROPOSAL_DUE, "proposal_due", SHORTEN, 72)                           \
	X(PROPOSAL_UP, "proposal_up", SHORTEN, 168)                            \
	X(PROPOSAL_END, "proposal_end", SEND, 0)                               \
	X(VOTE_CLOSE, "vote_close", SEND, 0)                                   \
	X(BROADCAST, "broadcast", SEND, 0)                                     \
	X(UNIT_CHANGE, "unit_change", SEND, 0)                                 \
	X(UNIT_TOLD, "unit_told", SEND, 72)                                    \
	X(AWAY_BACK, "away_back", SHORTEN, 336)                                \
	X(EXEMPT_END, "exempt_end", SHORTEN, 336)                              \
	X(PROBATION_DUE, "probation_due", SHORTEN, 336)                        \
	X(ABSENCE_WARN, "absence_warn", SHORTEN, 336)                          \
	X(PURGE, "purge", SHORTEN, 0)                                          \
	X(TICKET_DUE, "ticket_due", SHORTEN, 72)                               \
	X(TICKET_LATE, "ticket_late", SHORTEN, 336)                            \
	X(SESSION_DROP, "session_drop", SEND, 6)

#define ERRAND_ENUM(id, name, late, hours) ERRAND_##id,
enum errand_kind { ERRANDS(ERRAND_ENUM) ERRAND_KINDS };
const char *errand_kind_str(enum errand_kind k);
enum errand_kind errand_kind_parse(struct str name); /* ERRAND_KINDS: none */
enum errand_late errand_late(enum errand_kind k);
int errand_hours(enum errand_kind k);

/* One errand, planned or due. */
struct errand {
	int64_t id; /* 0: planned only */
	enum errand_kind kind;
	struct str run_id; /* kind:subject:day, and which of several */
	int64_t due_at;    /* epoch ms */
	int64_t unit_id, meeting_id, subject; /* 0: none */
	struct str period;                    /* "2026-11"; absent: none */
};

#endif
