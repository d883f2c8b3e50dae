/*
 * approve - DUYET 12 from staff; DV 12 OK from a secretary.
 *
 * The second is an answer that the secretary heard on the phone: it is stored
 * as that member's, from that source. Proposals are decided where staff see
 * what they decide; the text is told so, and changes nothing. Pure; writer
 * thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"

static bool is_heard(const struct fields *f)
{
	return field_has(f, FIELD_MEMBER) && field_has(f, FIELD_ANSWER);
}

/* The announced meeting of a unit that the sender speaks for. */
static const struct unit_ref *unit_of(const struct handler_input *in)
{
	const struct meeting_ref *m = in->context->pending_meeting;

	return m != NULL ? dialog_unit(in->context, m->unit) : NULL;
}

static void take_heard(const struct handler_input *in, struct outcome *out)
{
	const struct meeting_ref *m = in->context->pending_meeting;
	const struct unit_ref *u = unit_of(in);
	enum problem p = record_members(in, &out->fields);
	struct reply *reply;

	if (m == NULL) {
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

void approve_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	bool staff = !dialog_checks_sender(in) ||
		     context_has_role(in->context, ROLE_STAFF);

	if (p == PROBLEM_NONE && is_heard(&out->fields)) {
		take_heard(in, out);
		return;
	}
	if (!staff) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
		return;
	}
	if (p == PROBLEM_NONE &&
		(!field_has(&out->fields, FIELD_PROPOSAL) ||
			!field_has(&out->fields, FIELD_DECISION)))
		p = PROBLEM_BAD_SYNTAX;
	if (p == PROBLEM_NONE)
		reply_arg_int(out, dialog_reply(out, "approve_on_page"),
			"proposal", field_int(&out->fields, FIELD_PROPOSAL, 0));
	else
		ask_problem(in, out, p);
}
