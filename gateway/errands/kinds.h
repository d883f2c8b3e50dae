#ifndef GATEWAY_ERRANDS_KINDS_H
#define GATEWAY_ERRANDS_KINDS_H

#include "gateway/errands.h"

/* One function for each kind; gateway/errands.c has the table. */
errand_fn errand_invite, errand_called_off, errand_invite_remind;
errand_fn errand_forecast;
errand_fn errand_report_remind, errand_report_staff, errand_report_deputy;
/* 1: still missing, *m is the meeting; 0: *why it is not; -1. */
int errand_report_missing(struct errand_run *r, const struct errand *e,
	struct agenda_meeting *m, const char **why)
	__attribute__((warn_unused_result));
errand_fn errand_proposal_due, errand_proposal_up, errand_proposal_end;

errand_fn errand_broadcast;

/* Plans the first texts of a broadcast that was stored just now. */
int broadcast_plan(struct store *s, const struct errands_input *in, int64_t id)
	__attribute__((warn_unused_result));
/* Plans the timers of a proposal that is open; drops those of any other. */
int proposal_plan(struct store *s, const struct errands_input *in, int64_t id)
	__attribute__((warn_unused_result));
errand_fn errand_vote_close;
errand_fn errand_month_plan, errand_ask_date, errand_month_close;
errand_fn errand_digest;
errand_fn errand_task_due, errand_task_late, errand_candidate_due;

/* Plans what hangs on a row that a text has stored. 0 / -1. */
int errands_plan_task(struct store *s, const struct errands_input *in,
	int64_t id) __attribute__((warn_unused_result));
int errands_plan_candidate(struct store *s, const struct errands_input *in,
	int64_t id) __attribute__((warn_unused_result));
errand_fn errand_unit_change, errand_unit_told;
errand_fn errand_away_back, errand_exempt_end, errand_probation_due;
errand_fn errand_absence_warn;
errand_fn errand_session_drop;

/* Reminders about members after a change of the roll: the event of that id,
 * or (0) those of a proposal. */
int members_plan(struct store *s, const struct errands_input *in,
	int64_t event_id, int64_t proposal) __attribute__((warn_unused_result));
/* After a roll call of a meeting. */
int members_plan_absences(struct store *s, const struct errands_input *in,
	int64_t meeting_id, int64_t unit_id)
	__attribute__((warn_unused_result));
errand_fn errand_purge;
errand_fn errand_ticket_due, errand_ticket_late;

/* Plans the reminders of a request that waits; drops those of any other. */
int ticket_plan(struct store *s, const struct errands_input *in, int64_t id)
	__attribute__((warn_unused_result));

/* Plans the next night's purge. */
int purge_plan(struct store *s, const struct errands_input *in)
	__attribute__((warn_unused_result));

#endif
