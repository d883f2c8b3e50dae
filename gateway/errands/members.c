/*
 * members - what is a secretary reminded of about members?
 *
 * That somebody away may be back, that an exemption or a probation is over,
 * that somebody missed meetings in several months. Each is looked at again when
 * its time has come: what the secretary has said meanwhile stops it. Texts name
 * members by number, and no reasons. Writer thread.
 */
#include "gateway/errands/kinds.h"
#include "gateway/store/watch.h"
#include "handlers/agenda_member.h"
#include "handlers/workdays.h"

#define DAY_MS INT64_C(86400000)
#define NUMBERS_MAX 12 /* of one text; the roll call shows the others */

static bool is_transferred(const struct watch_member *m)
{
	return str_is(m->status, "temp_transfer_out");
}

static int tell(struct errand_run *r, const struct errand *e,
	struct errand_text *t, int64_t unit_id)
{
	struct agenda_office office = {
		.unit_id = unit_id,
		.role = ROLE_SECRETARY,
		.or_role = ROLE_DEPUTY,
		.on = r->today,
	};
	struct agenda_holders all;

	if (agenda_holders_or_staff(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	t->lane = "urgent";
	t->duty = true;
	t->valid_until = r->in->now_ms + 3 * DAY_MS;
	for (size_t i = 0; i < all.n; i++) {
		t->to = all.v[i].phone;
		t->language = all.v[i].language;
		if (errand_send(r, e, t) != 0)
			return -1;
	}
	return 0;
}

static bool is_so(enum errand_kind kind, const struct watch_member *m)
{
	if (kind == ERRAND_AWAY_BACK)
		return str_is(m->status, "away") || is_transferred(m);
	if (kind == ERRAND_EXEMPT_END)
		return str_is(m->status, "temp_exempt");
	return m->on_roll && str_is(m->standing, "probationary");
}

/* 1: the member is still so; 0: *why not; -1. */
static int still(struct errand_run *r, const struct errand *e,
	struct watch_member *m, const char **why)
{
	int rc = watch_member(r->s, e->subject, r->in->arena, m);

	if (rc < 0)
		return -1;
	if (rc > 0 && is_so(e->kind, m))
		return 1;
	*why = "the member has changed since";
	return 0;
}

static int remind(struct errand_run *r, const struct errand *e, const char *key,
	const char **why)
{
	struct errand_text t = {.reply = {.key = key}};
	struct arena *a = r->in->arena;
	struct watch_member m;
	struct day_text until;
	int rc = still(r, e, &m, why);

	if (rc <= 0)
		return rc;
	if (is_transferred(&m))
		t.reply.key = "remind_transfer";
	until = day_short(workdays_after(
		r->config, r->today, r->config->members.review_days));
	reply_arg(&t.reply, "unit", m.unit);
	reply_arg(&t.reply, "member", arena_printf(a, "%d", m.no));
	reply_arg(&t.reply, "date", arena_str(a, str_of(until.z)));
	return tell(r, e, &t, m.unit_id);
}

int errand_away_back(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return remind(r, e, "remind_away", why);
}

int errand_exempt_end(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return remind(r, e, "remind_exempt", why);
}

int errand_probation_due(
	struct errand_run *r, const struct errand *e, const char **why)
{
	return remind(r, e, "remind_probation", why);
}

int errand_absence_warn(
	struct errand_run *r, const struct errand *e, const char **why)
{
	struct errand_text t = {.reply = {.key = "warn_absence"}};
	struct arena *a = r->in->arena;
	struct str numbers = STR("");
	struct watch_absences missed = {0};
	int64_t months = r->config->members.absences;

	if (months > 0 &&
		watch_absences(r->s, e->subject, (int)months, a, &missed) != 0)
		return -1;
	if (missed.n == 0) {
		*why = "nobody missed meetings in so many months";
		return 0;
	}
	for (size_t i = 0; i < missed.n && i < NUMBERS_MAX; i++)
		numbers = arena_printf(a, STR_FMT "%s%d", STR_ARG(numbers),
			i > 0 ? "," : "", missed.v[i]);
	reply_arg(&t.reply, "unit", missed.unit);
	reply_arg(&t.reply, "members", numbers);
	reply_arg(
		&t.reply, "count", arena_printf(a, "%lld", (long long)months));
	return tell(r, e, &t, e->unit_id);
}

/* ---- planning ---- */

static int plan_event(struct store *s, const struct errands_input *in,
	const struct watch_event *v)
{
	const struct config *c = in->settings->config;
	struct agenda_member_plan plan[AGENDA_MEMBER_KINDS];
	struct agenda_member m = {
		.event_id = v->id,
		.member_id = v->member_id,
		.unit_id = v->unit_id,
		.event = v->event,
		.fields = &v->fields,
		.said_on = day_of_ms(v->created_at, (int)c->utc_offset * 60),
	};

	agenda_of_member(&m, c, in->arena, plan);
	for (size_t i = 0; i < AGENDA_MEMBER_KINDS; i++) {
		struct errand_plan p = {
			.kind = plan[i].kind,
			.subject = v->member_id,
			.v = &plan[i].errand,
			.n = plan[i].due,
		};

		if (plan[i].touched && errand_replan(s, &p) != 0)
			return -1;
	}
	return 0;
}

int members_plan(struct store *s, const struct errands_input *in,
	int64_t event_id, int64_t proposal)
{
	struct watch_events all;

	if (watch_events(s, event_id, proposal, in->arena, &all) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		if (plan_event(s, in, &all.v[i]) != 0)
			return -1;
	return 0;
}

/* The next morning: until then a roll call is often corrected. */
int members_plan_absences(struct store *s, const struct errands_input *in,
	int64_t meeting_id, int64_t unit_id)
{
	const struct config *c = in->settings->config;
	int offset = (int)c->utc_offset * 60;
	struct errand e = {
		.kind = ERRAND_ABSENCE_WARN,
		.run_id = arena_printf(
			in->arena, "absence_warn:m%lld", (long long)meeting_id),
		.due_at = day_to_ms(day_of_ms(in->now_ms, offset) + 1,
			c->members.at, offset),
		.unit_id = unit_id,
		.subject = meeting_id,
	};

	return c->members.absences > 0 ? errand_put(s, &e) : 0;
}
