/*
 * ticket - who is reminded of a request about somebody's data?
 *
 * The nearest staff above the asker's unit, once some working days before the
 * next step is due (the answer; then, of an erasure, the erasure) and, with
 * those above them, once on the first working day after it. Neither says who
 * asked. Writer thread.
 */
#include "gateway/store/ticket.h"
#include "gateway/errands/kinds.h"
#include "handlers/workdays.h"

#define DAY_MS INT64_C(86400000)

/* The nearest staff above the unit; *unit_id becomes where they are. 1, 0
 * (there are none), -1. */
static int tell_above(struct errand_run *r, const struct errand *e,
	struct errand_text *t, int64_t *unit_id)
{
	struct agenda_office o = {
		.unit_id = *unit_id,
		.role = ROLE_STAFF,
		.or_role = ROLE_STAFF,
		.on = r->today,
	};
	struct agenda_holders all;

	if (agenda_holders_above(r->s, &o, r->in->arena, &all) != 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		t->to = all.v[i].phone;
		t->language = all.v[i].language;
		if (errand_send(r, e, t) != 0)
			return -1;
	}
	*unit_id = all.unit_id;
	return all.n > 0;
}

static int tell(
	struct errand_run *r, const struct errand *e, struct errand_text *t)
{
	int64_t unit_id = e->unit_id;
	int rc = tell_above(r, e, t, &unit_id);

	if (rc <= 0 || e->kind != ERRAND_TICKET_LATE)
		return rc;
	return tell_above(r, e, t, &unit_id) < 0 ? -1 : 1;
}

static int remind(struct errand_run *r, const struct errand *e, const char *key,
	const char **why)
{
	struct errand_text t = {
		.reply = {.key = key},
		.lane = "urgent",
		.duty = true,
		.valid_until = r->in->now_ms + 3 * DAY_MS,
	};
	struct arena *a = r->in->arena;
	struct day_text due;
	struct ticket k;
	int rc = ticket_find(r->s, e->subject, a, &k);

	if (rc < 0)
		return -1;
	if (rc == 0 || str_is(k.state, "closed")) {
		*why = "the request is done";
		return 0;
	}
	due = day_short(k.due);
	reply_arg(&t.reply, "unit", k.unit);
	reply_arg(&t.reply, "ticket", arena_printf(a, "%lld", (long long)k.id));
	reply_arg(&t.reply, "date", arena_str(a, str_of(due.z)));
	rc = tell(r, e, &t);
	if (rc == 0)
		*why = "no staff above the unit";
	return rc < 0 ? -1 : 0;
}

int errand_ticket_due(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return remind(r, e, "remind_ticket", why);
}

int errand_ticket_late(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return remind(r, e, "escalate_ticket", why);
}

/* ---- planning ---- */

static int plan_one(struct store *s, const struct errands_input *in,
	const struct ticket *k, enum errand_kind kind, day_t on)
{
	const struct config *c = in->settings->config;
	struct day_text iso = day_iso(k->due);
	struct errand one = {
		.kind = kind,
		.run_id = arena_printf(in->arena, "%s:%lld:%s",
			errand_kind_str(kind), (long long)k->id, iso.z),
		.due_at = day_to_ms(on, c->ticket.at, (int)c->utc_offset * 60),
		.unit_id = k->unit_id,
		.subject = k->id,
	};
	struct errand_plan plan = {
		.kind = kind,
		.subject = k->id,
		.v = &one,
		.n = !str_is(k->state, "closed") && one.due_at > in->now_ms,
	};

	return errand_replan(s, &plan);
}

int ticket_plan(struct store *s, const struct errands_input *in, int64_t id)
{
	const struct config *c = in->settings->config;
	struct ticket k;
	int rc = ticket_find(s, id, in->arena, &k);

	if (rc <= 0)
		return rc;
	if (plan_one(s, in, &k, ERRAND_TICKET_DUE,
		    workdays_before(c, k.due, c->ticket.remind_days)) != 0)
		return -1;
	return plan_one(
		s, in, &k, ERRAND_TICKET_LATE, workdays_after(c, k.due, 1));
}
