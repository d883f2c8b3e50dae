/*
 * errands - what is due by itself, and what does it send?
 *
 * One line a kind in the table; each errand runs once, in one transaction
 * with its texts and its end. A text's key is the errand's run id and the
 * phone, so whatever is repeated adds nothing. What is late goes by the
 * policy of its kind (model/errand.h). Writer thread.
 */
#include "gateway/errands.h"

#include "gateway/errands/kinds.h"
#include "gateway/store/ask.h"
#include "gateway/store/invited.h"
#include "gateway/store/lineage.h"
#include "gateway/store/outbox.h"
#include "handlers/agenda.h"
#include "handlers/render.h"
#include "parsers/segment.h"

#include <assert.h>

#define HOUR_MS INT64_C(3600000)

static errand_fn *const table[ERRAND_KINDS] = {
	[ERRAND_INVITE] = errand_invite,
	[ERRAND_CALLED_OFF] = errand_called_off,
	[ERRAND_INVITE_REMIND] = errand_invite_remind,
	[ERRAND_FORECAST] = errand_forecast,
	[ERRAND_REPORT_REMIND] = errand_report_remind,
	[ERRAND_REPORT_STAFF] = errand_report_staff,
	[ERRAND_REPORT_DEPUTY] = errand_report_deputy,
	[ERRAND_PROPOSAL_DUE] = errand_proposal_due,
	[ERRAND_PROPOSAL_UP] = errand_proposal_up,
	[ERRAND_PROPOSAL_END] = errand_proposal_end,
	[ERRAND_VOTE_CLOSE] = errand_vote_close,
	[ERRAND_BROADCAST] = errand_broadcast,
	[ERRAND_MONTH_PLAN] = errand_month_plan,
	[ERRAND_ASK_DATE] = errand_ask_date,
	[ERRAND_MONTH_CLOSE] = errand_month_close,
	[ERRAND_DIGEST] = errand_digest,
	[ERRAND_TASK_DUE] = errand_task_due,
	[ERRAND_TASK_LATE] = errand_task_late,
	[ERRAND_CANDIDATE_DUE] = errand_candidate_due,
	[ERRAND_UNIT_CHANGE] = errand_unit_change,
	[ERRAND_UNIT_TOLD] = errand_unit_told,
	[ERRAND_AWAY_BACK] = errand_away_back,
	[ERRAND_EXEMPT_END] = errand_exempt_end,
	[ERRAND_PROBATION_DUE] = errand_probation_due,
	[ERRAND_ABSENCE_WARN] = errand_absence_warn,
	[ERRAND_PURGE] = errand_purge,
	[ERRAND_TICKET_DUE] = errand_ticket_due,
	[ERRAND_TICKET_LATE] = errand_ticket_late,
	[ERRAND_SESSION_DROP] = errand_session_drop,
};

/* ---- texts ---- */

static int64_t due_of(const struct errand_run *r, const struct errand *e)
{
	return errand_late(e->kind) == ERRAND_HOLD ? e->due_at : r->in->now_ms;
}

static int ask(
	struct errand_run *r, const struct errand_text *t, int64_t outbox)
{
	struct ask_row q = {
		.phone = t->to,
		.question = t->question,
		.member_no = t->member_no,
		.subject = t->subject,
		.outbox = outbox,
		.now_ms = r->in->now_ms,
		.expires_at = t->valid_until,
	};

	return ask_put(r->s, &q);
}

int errand_send(struct errand_run *r, const struct errand *e,
	const struct errand_text *t)
{
	const struct settings *set = r->in->settings;
	struct arena *a = r->in->arena;
	const struct channel *ch =
		settings_channel_for(set, (struct str){NULL, 0}, t->to);
	struct str text = t->text.n > 0 ? t->text
					: render_reply(set->replies, &t->reply,
						  t->language, a);
	struct outbox_row row = {
		.to = t->to,
		.text = ch != NULL ? segment_fold(text, ch->config->fold, a)
				   : text,
		.lane = str_of(t->lane),
		.channel = ch != NULL ? ch->name : (struct str){NULL, 0},
		.created_at = r->in->now_ms,
		.due_at = due_of(r, e),
		.valid_until = t->valid_until,
		.dedupe_key = arena_printf(a, STR_FMT ":" STR_FMT ":%d",
			STR_ARG(e->run_id), STR_ARG(t->to), t->member_no),
		.needs = str_of(t->needs),
		.needs_id = t->needs_id,
		.duty = t->duty,
		.errand_id = e->id,
	};
	int64_t id;

	if (outbox_add(r->s, &row, &id) != 0)
		return -1;
	if (t->ret_id != NULL)
		*t->ret_id = id;
	if (id == 0)
		return 0;
	r->result->queued++;
	return t->question != QUESTION_NONE ? ask(r, t, id) : 0;
}

struct str errand_meeting_name(
	const struct errand_run *r, const struct agenda_meeting *m)
{
	day_t on = m->held != DAY_NONE ? m->held : m->day;
	struct day_text day;

	if (on == DAY_NONE)
		return m->unit;
	day = day_short(on);
	return arena_printf(
		r->in->arena, STR_FMT " %s", STR_ARG(m->unit), day.z);
}

struct str errand_meeting_when(
	const struct errand_run *r, const struct agenda_meeting *m)
{
	struct str name = errand_meeting_name(r, m);

	if (m->day == DAY_NONE || m->minute < 0)
		return name;
	return arena_printf(r->in->arena, STR_FMT " %dh%02d", STR_ARG(name),
		m->minute / 60, m->minute % 60);
}

int64_t errand_meeting_start(
	const struct errand_run *r, const struct agenda_meeting *m)
{
	return day_to_ms(m->day, m->minute >= 0 ? m->minute : 24 * 60 - 1,
		(int)r->config->utc_offset * 60);
}

/* ---- running ---- */

static int end(struct errand_run *r, const struct errand *e,
	enum errand_end how, const char *why)
{
	r->result->run++;
	r->result->missed += how == ERRAND_MISSED;
	return errand_end(r->s, e->id, how, why, r->in->now_ms);
}

static bool is_over(const struct errand_run *r, const struct errand *e)
{
	int hours = errand_hours(e->kind);

	return hours != 0 && r->in->now_ms > e->due_at + hours * HOUR_MS;
}

/* What concerns a unit concerns it while there is one; the calendar knows
 * itself whose month it is, also before a unit begins. */
static int unit_is_there(
	struct errand_run *r, const struct errand *e, bool *ret)
{
	*ret = e->unit_id == 0 || e->kind == ERRAND_CALLED_OFF ||
	       e->kind == ERRAND_ASK_DATE || e->kind == ERRAND_MONTH_CLOSE;
	return *ret ? 0 : lineage_is_valid(r->s, e->unit_id, r->today, ret);
}

/* Another one of this run may have told of it. */
static int was_joined(struct errand_run *r, const struct errand *e, bool *ret)
{
	int rc = 1;

	if (e->kind == ERRAND_REPORT_STAFF || e->kind == ERRAND_REPORT_DEPUTY)
		rc = errand_waits(r->s, e->id);
	*ret = rc == 0;
	r->result->run += rc == 0;
	return rc < 0 ? -1 : 0;
}

static int run_one(struct errand_run *r, const struct errand *e)
{
	const char *why = NULL;
	bool outrun = false, there, joined;

	if (was_joined(r, e, &joined) != 0)
		return -1;
	if (joined)
		return 0;

	if (e->kind == ERRAND_KINDS || table[e->kind] == NULL)
		return end(r, e, ERRAND_VOID, "not known to this version");
	if (is_over(r, e))
		return end(r, e, ERRAND_MISSED, "too late to be of use");
	if (unit_is_there(r, e, &there) != 0)
		return -1;
	if (!there)
		return end(r, e, ERRAND_VOID, "there is no such unit now");
	if (errand_late(e->kind) == ERRAND_SHORTEN &&
		errand_is_outrun(r->s, e, r->in->now_ms, &outrun) != 0)
		return -1;
	if (outrun)
		return end(r, e, ERRAND_MISSED, "a later one is due as well");
	r->more = false;
	if (table[e->kind](r, e, &why) != 0)
		return -1;
	if (r->more) {
		r->result->run++;
		return 0;
	}
	return end(r, e, why == NULL ? ERRAND_DONE : ERRAND_VOID, why);
}

static struct errand_run run_of(struct store *s, const struct errands_input *in,
	struct errands_result *result)
{
	const struct config *c = in->settings->config;
	int offset = (int)c->utc_offset * 60;

	return (struct errand_run){
		.s = s,
		.in = in,
		.config = c,
		.today = day_of_ms(in->now_ms, offset),
		.minute = minute_of_ms(in->now_ms, offset),
		.result = result,
	};
}

int errands_run(struct store *s, const struct errands_input *in,
	struct errands_result *ret)
{
	struct errand_run r = run_of(s, in, ret);
	struct errand_list due;

	*ret = (struct errands_result){.next_at = INT64_MAX};
	if (errand_due(s, in->now_ms, ERRANDS_AT_ONCE, in->arena, &due) != 0)
		return -1;
	for (size_t i = 0; i < due.n; i++)
		if (run_one(&r, &due.v[i]) != 0)
			return -1;
	return errand_next(s, &ret->next_at);
}

/* ---- planning ---- */

static int plan_meeting(
	struct store *s, const struct errands_input *in, int64_t id)
{
	struct errand v[AGENDA_MAX];
	struct errand_plan plan = {.meeting_id = id, .v = v};
	struct agenda_meeting m;
	struct agenda_plan p;
	int rc = agenda_meeting(s, id, in->arena, &m);

	if (rc <= 0)
		return rc;
	p = (struct agenda_plan){
		.meeting_id = id,
		.unit_id = m.unit_id,
		.day = m.day,
		.minute = m.minute,
		.plan = m.plan,
		.off = !str_is(m.state, "announced"),
		.now_ms = in->now_ms,
	};
	if (agenda_chain(s, m.unit_id, in->arena, &p.chain) != 0 ||
		invited_any(s, id, &p.invited) != 0 ||
		invited_settle(s, id, in->now_ms) != 0)
		return -1;
	plan.n = agenda_of_meeting(&p, in->settings->config, in->arena, v);
	return errand_replan(s, &plan);
}

/* Who is away, or agrees to texts, after a meeting was announced is invited
 * then. `why` names what made it so. */
static int invite_later(struct store *s, const struct errands_input *in,
	const struct agenda_ahead *of, struct str why)
{
	struct agenda_planned ahead;

	if (agenda_ahead(s, of, in->arena, &ahead) != 0)
		return -1;
	for (size_t i = 0; i < ahead.n; i++) {
		struct errand e = {
			.kind = ERRAND_INVITE,
			.run_id = arena_printf(in->arena,
				"invite:m%lld:p%d:" STR_FMT,
				(long long)ahead.v[i].meeting_id,
				ahead.v[i].plan, STR_ARG(why)),
			.due_at = in->now_ms,
			.unit_id = of->unit_id,
			.meeting_id = ahead.v[i].meeting_id,
		};

		if (errand_put(s, &e) != 0)
			return -1;
	}
	return 0;
}

static day_t today(const struct errands_input *in)
{
	return day_of_ms(
		in->now_ms, (int)in->settings->config->utc_offset * 60);
}

int errands_invite_newcomers(struct store *s, const struct errands_input *in,
	int64_t unit_id, struct str why)
{
	const struct agenda_ahead of = {
		.unit_id = unit_id,
		.from = today(in),
	};

	return invite_later(s, in, &of, why);
}

static int plan_consent(struct store *s, const struct errands_input *in,
	const struct apply_touched *touched)
{
	struct agenda_ahead of = {
		.phone = touched->opted_in,
		.from = today(in),
	};

	if (touched->opted_in.n == 0)
		return 0;
	return invite_later(s, in, &of,
		arena_printf(
			in->arena, "c%lld", (long long)touched->message_id));
}

static int plan_member(struct store *s, const struct errands_input *in,
	const struct apply_touched *touched, size_t i)
{
	if (members_plan(s, in, touched->v[i].id, 0) != 0)
		return -1;
	return errands_invite_newcomers(s, in, touched->v[i].unit_id,
		arena_printf(in->arena, "c%lld:%zu",
			(long long)touched->message_id, i));
}

/* What hangs on one record. */
static int plan_touched(struct store *s, const struct errands_input *in,
	const struct apply_touched *touched, size_t i)
{
	int64_t id = touched->v[i].id;

	switch (touched->v[i].kind) {
	case RECORD_ANNOUNCED:
	case RECORD_POSTPONED:
	case RECORD_NO_MEETING:
		return plan_meeting(s, in, id) != 0
			       ? -1
			       : errands_plan_votes(s, in, id);
	case RECORD_BROADCAST:
		return broadcast_plan(s, in, id);
	case RECORD_DECISION:
		return proposal_plan(s, in, id) != 0
			       ? -1
			       : members_plan(s, in, 0, id);
	case RECORD_MEMBER:
		return plan_member(s, in, touched, i);
	case RECORD_ATTENDANCE:
		return members_plan_absences(s, in, id, touched->v[i].unit_id);
	case RECORD_TICKET:
		return ticket_plan(s, in, id);
	case RECORD_TASK:
		return errands_plan_task(s, in, id);
	case RECORD_CANDIDATE:
		return errands_plan_candidate(s, in, id);
	default:
		return 0;
	}
}

int errands_after(struct store *s, const struct errands_input *in,
	const struct apply_touched *touched, bool *ret_planned)
{
	*ret_planned = touched->n > 0 || touched->opted_in.n > 0;
	if (plan_consent(s, in, touched) != 0)
		return -1;
	for (size_t i = 0; i < touched->n; i++)
		if (plan_touched(s, in, touched, i) != 0)
			return -1;
	return 0;
}
