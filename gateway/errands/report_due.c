/*
 * report_due - whose report is missing?
 *
 * On the day on which it is due all secretaries and deputies of the unit are
 * told (language.md §5 "Clock"); whom later, is in overdue.c. What is reported
 * meanwhile stops it: here, and when the text's turn comes in the queue.
 * Writer thread.
 */
#include "gateway/errands/kinds.h"

#define HOUR_MS INT64_C(3600000)

int errand_report_missing(struct errand_run *r, const struct errand *e,
	struct agenda_meeting *m, const char **why)
{
	int rc = agenda_meeting(r->s, e->meeting_id, r->in->arena, m);

	if (rc < 0)
		return -1;
	if (rc == 0 || m->has_report || str_is(m->state, "none")) {
		*why = "the report is there, or none is to come";
		return 0;
	}
	return 1;
}

static int tell(struct errand_run *r, const struct errand *e,
	const struct agenda_meeting *m, const struct agenda_holders *all)
{
	struct errand_text t = {
		.reply = {.key = "remind_report"},
		.lane = "urgent",
		.duty = true,
		.valid_until = r->in->now_ms + errand_hours(e->kind) * HOUR_MS,
		.needs = "report",
		.needs_id = m->id,
	};

	reply_arg(&t.reply, "report", errand_meeting_name(r, m));
	for (size_t i = 0; i < all->n; i++) {
		t.to = all->v[i].phone;
		t.language = all->v[i].language;
		if (errand_send(r, e, &t) != 0)
			return -1;
	}
	return 0;
}

int errand_report_remind(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_DEPUTY,
		.on = r->today,
	};
	struct agenda_holders all;
	struct agenda_meeting m;
	int rc = errand_report_missing(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (agenda_holders_or_staff(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	return tell(r, e, &m, &all);
}
