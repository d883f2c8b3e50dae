/*
 * query - XEM, "da nhan chua": what is stored, told to those who may know.
 *
 * A report's figures go to its unit's secretary and deputy, its overseers and
 * the staff above it; a member is told nothing of them. Receipts speak only of
 * what the asking phone sent itself. Questions that need a person say so.
 * Stores nothing. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/intents.h"
#include "handlers/record_text.h"
#include "handlers/report.h"

static bool in_period(const struct report_ref *r, const struct fields *f)
{
	struct ymd asked;
	struct ymd held;

	if (field_has(f, FIELD_DATE))
		return r->date == f->v[FIELD_DATE].i;
	if (!field_has(f, FIELD_PERIOD))
		return true;
	asked = day_ymd((day_t)f->v[FIELD_PERIOD].i);
	held = day_ymd(r->date);
	return asked.y == held.y && asked.m == held.m;
}

static const struct report_ref *pick(
	const struct context *c, const struct fields *f)
{
	const struct report_ref *v[] = {
		c->same_report_cancelled ? NULL : c->same_report,
		c->last_report,
	};
	struct str unit = field_text(f, FIELD_UNIT);

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (v[i] != NULL && in_period(v[i], f) &&
			(unit.n == 0 || str_eq(unit, v[i]->unit)))
			return v[i];
	return NULL;
}

static void tell_report(struct outcome *out, const struct report_ref *r)
{
	struct reply *reply = dialog_reply(out, "query_report");
	struct fields f = r->fields;

	field_set_text(&f, FIELD_UNIT, r->unit);
	field_set_text(&f, FIELD_KIND, r->kind);
	field_set_int(&f, FIELD_DATE, r->date);
	reply_arg(reply, "report", dialog_report_name(&f, out->arena));
	reply_arg(reply, "figures", figures_text(&f, out->arena));
}

/*
 * Of a unit that is known the report of the day, or the latest of the month,
 * has been looked up. Else we know the asker's own last one alone, and do not
 * say that there is none.
 */
static void tell_none(const struct handler_input *in, struct outcome *out)
{
	bool known = field_has(&out->fields, FIELD_DATE) ||
		     (in->context->unit != NULL &&
			     field_has(&out->fields, FIELD_PERIOD));
	struct reply *r = dialog_reply(out, known ? "query_none" : "query_day");
	struct day_text today = day_short(in->context->today);

	reply_arg(r, "report",
		field_has(&out->fields, FIELD_DATE)
			? dialog_report_name(&out->fields, out->arena)
			: record_text(out->intent, &out->fields, out->arena));
	reply_arg(r, "code", dialog_code(in, &out->fields));
	reply_arg(r, "today", arena_str(out->arena, str_of(today.z)));
}

static void answer_report(const struct handler_input *in, struct outcome *out)
{
	const struct context *c = in->context;
	struct str code = field_text(&out->fields, FIELD_UNIT);
	const struct unit_ref *named = dialog_unit(c, code);
	const struct unit_ref *u;
	enum problem p = PROBLEM_NONE;

	if (dialog_checks_sender(in) && dialog_role(c) == ROLE_MEMBER) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
		return;
	}
	if (!dialog_oversees(c, named) &&
		(code.n > 0 || c->last_report == NULL))
		p = report_unit(in, &out->fields, &u);
	if (p != PROBLEM_NONE)
		ask_problem(in, out, p);
	else if (pick(c, &out->fields) != NULL)
		tell_report(out, pick(c, &out->fields));
	else
		tell_none(in, out);
}

static void answer_receipt(const struct handler_input *in, struct outcome *out)
{
	const struct report_ref *r = in->context->last_report;

	if (r != NULL)
		tell_report(out, r);
	else
		dialog_reply(out, "query_nothing_yet");
}

static void answer_meeting(const struct handler_input *in, struct outcome *out)
{
	const struct meeting_ref *m = in->context->pending_meeting;
	struct fields f = {.has = {0}};
	struct reply *r;

	if (m == NULL || m->time < 0) {
		dialog_reply(out, "query_person");
		return;
	}
	field_set_text(&f, FIELD_UNIT, m->unit);
	field_set_int(&f, FIELD_DATE, m->date);
	r = dialog_reply(out, "query_meeting");
	reply_arg(r, "report", dialog_report_name(&f, out->arena));
	reply_arg(r, "time",
		arena_printf(
			out->arena, "%dh%02d", m->time / 60, m->time % 60));
}

void query_handle(const struct handler_input *in, struct outcome *out)
{
	struct str about = field_text(&out->fields, FIELD_ABOUT);

	if (in->reading->problem != PROBLEM_NONE)
		ask_problem(in, out, in->reading->problem);
	else if (about.n == 0 || str_is(about, "report"))
		answer_report(in, out);
	else if (str_is(about, "receipt"))
		answer_receipt(in, out);
	else if (str_is(about, "meeting_time"))
		answer_meeting(in, out);
	else
		dialog_reply(out, "query_person");
}
