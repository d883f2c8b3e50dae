/*
 * heard - DV 12 OK from a secretary: an answer that was heard on the phone.
 *
 * It is stored as that member's, from that source, for the announced meeting
 * of the secretary's own unit. Pure; writer thread.
 */
#include "handlers/heard.h"

#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/record.h"

bool heard_is(const struct fields *f)
{
	return field_has(f, FIELD_MEMBER) && field_has(f, FIELD_ANSWER);
}

/* The announced meeting of a unit that the sender speaks for. */
static const struct unit_ref *unit_of(const struct handler_input *in)
{
	const struct meeting_ref *m = in->context->pending_meeting;

	return m != NULL ? dialog_unit(in->context, m->unit) : NULL;
}

void heard_take(const struct handler_input *in, struct outcome *out)
{
	const struct meeting_ref *m = in->context->pending_meeting;
	const struct unit_ref *u = unit_of(in);
	enum problem p = record_members(in, &out->fields);
	struct reply *reply;

	if (m == NULL || (in->context->has_registry && m->date == DAY_NONE)) {
		dialog_refuse(out, PROBLEM_BAD_SYNTAX, "no_question");
	} else if (dialog_checks_sender(in) && (u == NULL || !u->own)) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
	} else if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
	} else {
		reply = record_store(in, out,
			&(struct record){.kind = RECORD_ANSWER,
				.state = RECORD_NOTED,
				.unit_id = m->unit_id,
				.subject = m->id,
				.key = "heard_saved"});
		reply_arg(reply, "meeting", record_meeting(m, out->arena));
	}
}
