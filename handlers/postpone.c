/*
 * postpone - HOAN: the announced meeting is on another day, or on none yet.
 *
 * Speaks of the meeting that is announced for the unit; where none is, the
 * text cannot move anything and asks for an announcement instead. Pure; writer
 * thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/plan.h"
#include "handlers/record.h"

/* NULL: none is announced, or for another unit. */
static const struct meeting_ref *meeting_of(
	const struct context *c, const struct fields *f)
{
	const struct meeting_ref *m = c->pending_meeting;
	struct str unit = field_text(f, FIELD_UNIT);

	return m != NULL && (unit.n == 0 || str_eq(unit, m->unit)) ? m : NULL;
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct meeting_ref *m, const struct unit_ref *u)
{
	bool day = field_has(&out->fields, FIELD_DATE);
	struct reply *reply = record_store(in, out,
		&(struct record){.kind = RECORD_POSTPONED,
			.unit_id = u != NULL ? u->id : 0,
			.subject = m->id,
			.key = day ? "postpone_saved" : "postpone_open"});

	reply_arg(reply, "meeting", record_meeting(m, out->arena));
}

void postpone_handle(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = &out->fields;
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	const struct meeting_ref *m;

	if (p == PROBLEM_NONE)
		p = record_unit(in, f, &u);
	if (p == PROBLEM_NONE)
		p = plan_day(in->context, f);
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	m = meeting_of(in->context, f);
	if (m != NULL)
		take(in, out, m, u);
	else
		(void)ask_with(in, out,
			&(struct ask){.problem = PROBLEM_BAD_SYNTAX,
				.key = "ask_postpone_what"});
}
