/*
 * proposal - who is told of a proposal that nobody decides?
 *
 * After some days the nearest staff are reminded, later those above them: the
 * next unit's staff, else a deputy; at last it ends undecided and who made it
 * is told, so that nothing waits for ever. A decision before drops all three.
 * Writer thread.
 */
#include "gateway/store/proposal.h"
#include "gateway/errands/kinds.h"
#include "handlers/record_text.h"

#define DAY_MS INT64_C(86400000)

/* 1: still open; 0: *why it is not; -1. */
static int still_open(struct errand_run *r, const struct errand *e,
	struct proposal_ref *p, const char **why)
{
	int rc = proposal_find(r->s, e->subject, r->in->arena, p);

	if (rc < 0)
		return -1;
	if (rc == 0 || !str_is(p->state, "open")) {
		*why = "it was decided";
		return 0;
	}
	return 1;
}

static struct str local_day(const struct errand_run *r, int64_t at_ms)
{
	struct day_text d =
		day_short(day_of_ms(at_ms, (int)r->config->utc_offset * 60));

	return arena_str(r->in->arena, str_of(d.z));
}

static struct errand_text text_about(
	const struct errand_run *r, const struct proposal_ref *p)
{
	struct arena *a = r->in->arena;
	struct errand_text t = {
		.lane = "urgent",
		.duty = true,
		.valid_until = r->in->now_ms + DAY_MS,
	};
	int64_t days = r->config->approve.expire_days;

	reply_arg(&t.reply, "record", record_text(p->intent, p->fields, a));
	reply_arg(&t.reply, "proposal",
		arena_printf(a, "%lld", (long long)p->id));
	reply_arg(&t.reply, "date", local_day(r, p->created_at));
	reply_arg(
		&t.reply, "until", local_day(r, p->created_at + days * DAY_MS));
	return t;
}

static int tell(struct errand_run *r, const struct errand *e,
	struct errand_text *t, const struct agenda_holders *all)
{
	for (size_t i = 0; i < all->n; i++) {
		t->to = all->v[i].phone;
		t->language = all->v[i].language;
		if (errand_send(r, e, t) != 0)
			return -1;
	}
	return 0;
}

static int staff_above(
	struct errand_run *r, struct agenda_office *o, struct agenda_holders *v)
{
	return agenda_holders_above(r->s, o, r->in->arena, v);
}

static struct agenda_office staff_of(
	const struct errand_run *r, const struct errand *e)
{
	return (struct agenda_office){
		.unit_id = e->unit_id,
		.role = ROLE_STAFF,
		.or_role = ROLE_STAFF,
		.on = r->today,
	};
}

int errand_proposal_due(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_office o = staff_of(r, e);
	struct agenda_holders all;
	struct errand_text t;
	struct proposal_ref p;
	int rc = still_open(r, e, &p, why);

	if (rc <= 0)
		return rc;
	if (staff_above(r, &o, &all) != 0)
		return -1;
	if (all.n == 0)
		*why = "no staff above the unit";
	t = text_about(r, &p);
	t.reply.key = "remind_proposal";
	return tell(r, e, &t, &all);
}

/* The next above those that were reminded; else a deputy there. */
static int find_above(struct errand_run *r, const struct errand *e,
	struct agenda_holders *ret)
{
	struct agenda_office o = staff_of(r, e);

	if (staff_above(r, &o, ret) != 0)
		return -1;
	o.unit_id = ret->unit_id;
	if (ret->n > 0 && staff_above(r, &o, ret) != 0)
		return -1;
	if (ret->n > 0)
		return 0;
	o.unit_id = e->unit_id;
	o.role = o.or_role = ROLE_DEPUTY;
	return staff_above(r, &o, ret);
}

int errand_proposal_up(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct agenda_holders all;
	struct errand_text t;
	struct proposal_ref p;
	int rc = still_open(r, e, &p, why);

	if (rc <= 0)
		return rc;
	if (find_above(r, e, &all) != 0)
		return -1;
	if (all.n == 0)
		*why = "nobody above the staff";
	t = text_about(r, &p);
	t.reply.key = "escalate_proposal";
	return tell(r, e, &t, &all);
}

int errand_proposal_end(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct proposal_decision d = {
		.id = e->subject,
		.end = PROPOSAL_EXPIRED,
		.by = STR("time"),
		.now_ms = r->in->now_ms,
		.today = r->today,
	};
	struct errand_text t;
	struct proposal_ref p;
	bool done;
	int rc = still_open(r, e, &p, why);

	if (rc <= 0)
		return rc;
	if (proposal_decide(r->s, &d, r->in->arena, &done) != 0)
		return -1;
	t = text_about(r, &p);
	t.reply.key = "told_expired";
	t.to = p.from;
	t.language = p.language;
	return errand_send(r, e, &t);
}

/* ---- planning ---- */

static int plan_one(struct store *s, const struct errands_input *in,
	const struct proposal_ref *p, enum errand_kind kind, int64_t days)
{
	const struct config *c = in->settings->config;
	int offset = (int)c->utc_offset * 60;
	day_t made = day_of_ms(p->created_at, offset);
	struct errand one = {
		.kind = kind,
		.run_id = arena_printf(in->arena, "%s:%lld",
			errand_kind_str(kind), (long long)p->id),
		.due_at = day_to_ms(made + (day_t)days, c->approve.at, offset),
		.unit_id = p->unit_id,
		.subject = p->id,
	};
	struct errand_plan plan = {
		.kind = kind,
		.subject = p->id,
		.v = &one,
		.n = days > 0 && str_is(p->state, "open"),
	};

	return errand_replan(s, &plan);
}

int proposal_plan(struct store *s, const struct errands_input *in, int64_t id)
{
	const struct config *c = in->settings->config;
	struct proposal_ref p;
	int rc = proposal_find(s, id, in->arena, &p);

	if (rc <= 0)
		return rc;
	if (plan_one(s, in, &p, ERRAND_PROPOSAL_DUE, c->approve.remind_days) !=
			0 ||
		plan_one(s, in, &p, ERRAND_PROPOSAL_UP,
			c->approve.escalate_days) != 0)
		return -1;
	return plan_one(s, in, &p, ERRAND_PROPOSAL_END, c->approve.expire_days);
}
