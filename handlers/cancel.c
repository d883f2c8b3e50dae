/*
 * cancel - HUY: a stored report is taken back.
 *
 * Bare, it means the sender's last report; with unit and day, that one. The
 * text back repeats what was cancelled, so that a slip can be mended by
 * sending it again; versions stay in the store, marked. `huy hop` may mean the
 * meeting itself and is asked. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/intents.h"
#include "handlers/target.h"

static void take_back(const struct handler_input *in, struct outcome *out,
	const struct target *t)
{
	struct fields f = t->report->fields;
	struct effect *e;
	struct reply *r;

	field_set_text(&f, FIELD_UNIT, t->report->unit);
	field_set_int(&f, FIELD_DATE, t->report->date);
	dialog_settle(in, out, QUESTION_NONE);
	e = outcome_add(out, EFFECT_VOID);
	e->subject = t->report->meeting_id;
	e->unit_id = t->unit != NULL ? t->unit->id : 0;
	r = dialog_reply(out, "cancelled");
	reply_arg(r, "report", dialog_report_name(&f, out->arena));
	reply_arg(r, "figures", figures_text(&f, out->arena));
}

/* Nothing to cancel: because it is done, not there, or not named. */
static void answer_without(const struct handler_input *in, struct outcome *out,
	enum problem p, const struct target *t)
{
	struct reply *r;

	if (p == PROBLEM_UNIT_NOT_SENDER) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
	} else if (t->cancelled) {
		r = dialog_reply(out, "cancelled_before");
		reply_arg(r, "report",
			dialog_report_name(&out->fields, out->arena));
	} else {
		(void)ask_with(in, out,
			&(struct ask){.problem = p, .key = "ask_cancel_which"});
	}
}

void cancel_handle(const struct handler_input *in, struct outcome *out)
{
	day_t day = (day_t)field_int(&out->fields, FIELD_DATE, DAY_NONE);
	enum problem doubt = in->reading->problem;
	struct target t;
	enum problem p = target_find(in, &out->fields, day, &t);

	if (doubt != PROBLEM_NONE && (p != PROBLEM_NONE || t.report == NULL))
		ask_problem(in, out,
			doubt == PROBLEM_AMBIGUOUS ? PROBLEM_BAD_SYNTAX
						   : doubt);
	else if (doubt != PROBLEM_NONE)
		(void)ask_with(in, out,
			&(struct ask){
				.problem = doubt, .about = &t.report->fields});
	else if (p == PROBLEM_NONE)
		take_back(in, out, &t);
	else
		answer_without(in, out, p, &t);
}
