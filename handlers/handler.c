/*
 * handler - which handler answers this reading, and may the sender ask for it?
 *
 * One line per intent: its function, who may, and whether its fields are a
 * record. What is common to all is decided here: an unregistered phone learns
 * nothing but a neutral line (only its opt-out is honoured), and a sender
 * without the role is told so before anything is looked at. Pure; writer
 * thread, inside the message's transaction.
 */
#include "handlers/handler.h"

#include "handlers/dialog.h"
#include "handlers/intents.h"

#include <assert.h>

enum who {
	WHO_REGISTERED, /* any role */
	WHO_REPORTERS,  /* secretary, deputy, staff: their units are checked
			 * by the handler */
	WHO_STAFF,
	WHO_ANYBODY
};

static const struct entry {
	handler_fn *run;
	enum who who;
	bool no_record; /* its fields are not printed as one */
} table[INTENT_N] = {
	[INTENT_OTHER] = {other_handle, WHO_ANYBODY, true},
	[INTENT_UNKNOWN] = {unknown_handle, WHO_REGISTERED, false},
	[INTENT_MEETING_REPORT] = {report_handle, WHO_REPORTERS, false},
	[INTENT_MEETING_ANNOUNCE] = {announce_handle, WHO_REPORTERS, false},
	[INTENT_MEETING_POSTPONE] = {postpone_handle, WHO_REPORTERS, false},
	[INTENT_NO_MEETING] = {no_meeting_handle, WHO_REPORTERS, false},
	[INTENT_ATTENDANCE] = {attendance_handle, WHO_REPORTERS, false},
	[INTENT_MEMBER_STATUS] = {member_handle, WHO_REGISTERED, false},
	[INTENT_CONFIRM] = {confirm_handle, WHO_REGISTERED, false},
	[INTENT_VOTE] = {vote_handle, WHO_REGISTERED, false},
	[INTENT_OPINION] = {opinion_handle, WHO_REGISTERED, false},
	[INTENT_CANDIDATE] = {candidate_handle, WHO_REPORTERS, false},
	[INTENT_TASK] = {task_handle, WHO_REGISTERED, false},
	[INTENT_UNIT_UPDATE] = {unit_update_handle, WHO_REPORTERS, false},
	[INTENT_REGISTER] = {register_handle, WHO_REPORTERS, false},
	[INTENT_CORRECTION] = {correction_handle, WHO_REPORTERS, false},
	[INTENT_CANCEL] = {cancel_handle, WHO_REPORTERS, false},
	[INTENT_ACK] = {ack_handle, WHO_REGISTERED, false},
	[INTENT_QUERY] = {query_handle, WHO_REGISTERED, false},
	[INTENT_HELP] = {help_handle, WHO_REGISTERED, true},
	[INTENT_APPROVE] = {approve_handle, WHO_REPORTERS, false},
	[INTENT_BROADCAST] = {broadcast_handle, WHO_STAFF, false},
	[INTENT_OPT_OUT] = {opt_out_handle, WHO_ANYBODY, false},
	[INTENT_OPT_IN] = {opt_in_handle, WHO_REGISTERED, false},
	[INTENT_DATA_REQUEST] = {data_request_handle, WHO_REGISTERED, false},
};

static bool may(const struct context *c, enum who who)
{
	return who == WHO_REGISTERED || context_has_role(c, ROLE_STAFF) ||
	       (who == WHO_REPORTERS && dialog_is_reporter(c));
}

/* True when the sender was turned away. */
static bool turned_away(
	const struct handler_input *in, struct outcome *out, enum who who)
{
	if (!dialog_checks_sender(in) || who == WHO_ANYBODY)
		return false;
	/* What anybody may end anybody may begin again. */
	if (in->reading->intent == INTENT_OPT_IN && in->context->opted_out)
		return false;
	if (!in->context->sender_known) {
		dialog_refuse(out, PROBLEM_SENDER_UNKNOWN, "sender_unknown");
		return true;
	}
	if (may(in->context, who))
		return false;
	dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
	return true;
}

void handler_run(const struct message *m, const struct reading *r,
	const struct context *c, const struct config *cfg, struct outcome *out)
{
	struct reading resolved = *r;
	const struct handler_input in = {m, &resolved, c, cfg};
	struct entry e;

	handler_resolve(m, c, cfg, &resolved);
	out->intent = resolved.intent;
	out->fields = resolved.fields;
	out->clarify = false;
	out->problem = PROBLEM_NONE;
	out->n = 0;
	e = table[resolved.intent];
	assert(e.run != NULL);
	if (!turned_away(&in, out, e.who))
		e.run(&in, out);
	if (e.no_record && !out->clarify)
		out->fields = (struct fields){.has = {0}};
}
