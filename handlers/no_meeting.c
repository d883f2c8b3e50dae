/*
 * no_meeting - KHONG HOP: this month none is held, and why.
 *
 * The reason is needed and asked by number; until then the text waits as a
 * partial record. The month is this one unless another is named. Staff are
 * told. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"

static day_t this_month(const struct context *c)
{
	struct ymd d = day_ymd(c->today);

	return day_of(d.y, d.m, 1);
}

void no_meeting_handle(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = &out->fields;
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	enum problem unit;

	if (!field_has(f, FIELD_PERIOD))
		field_set_int(f, FIELD_PERIOD, this_month(in->context));
	unit = record_unit(in, f, &u);
	if (p == PROBLEM_NONE || p == PROBLEM_MISSING_REASON)
		p = unit != PROBLEM_NONE ? unit
		    : field_text(f, FIELD_REASON).n == 0
			    ? PROBLEM_MISSING_REASON
			    : PROBLEM_NONE;
	if (p == PROBLEM_NONE && in->context->same_report != NULL &&
		!in->context->same_report_cancelled)
		p = PROBLEM_CONTRADICTION;
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_NO_MEETING,
			.unit_id = u != NULL ? u->id : 0,
			.key = "no_meeting_saved"});
	record_tell(out, u, "notify_no_meeting", f);
}
