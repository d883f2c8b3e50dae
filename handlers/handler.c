/*
 * handler - which handler answers this reading, and may the sender ask for it?
 *
 * One line per intent: its function, who may, and whether its fields are a
 * record. What is common to all is decided here: an unregistered phone learns
 * nothing but a neutral line (only its opt-out is honoured), and a sender
 * without the role is told so before anything is looked at. Intents without a
 * line are read, kept, and not acted on. Pure; writer thread, inside the
 * message's transaction.
 */
#include "handlers/handler.h"

#include "handlers/dialog.h"
#include "handlers/intents.h"

enum who {
	WHO_REGISTERED, /* any role */
	WHO_REPORTERS,  /* secretary, deputy, staff: their units are checked
			 * by the handler */
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
	[INTENT_CORRECTION] = {correction_handle, WHO_REPORTERS, false},
	[INTENT_CANCEL] = {cancel_handle, WHO_REPORTERS, false},
	[INTENT_ACK] = {ack_handle, WHO_REGISTERED, false},
	[INTENT_QUERY] = {query_handle, WHO_REGISTERED, true},
	[INTENT_HELP] = {help_handle, WHO_REGISTERED, true},
	[INTENT_OPT_OUT] = {opt_out_handle, WHO_ANYBODY, false},
	[INTENT_OPT_IN] = {opt_in_handle, WHO_REGISTERED, false},
};

static bool is_reporter(const struct context *c)
{
	return context_has_role(c, ROLE_SECRETARY) ||
	       context_has_role(c, ROLE_DEPUTY) ||
	       context_has_role(c, ROLE_STAFF);
}

/* True when the sender was turned away. */
static bool turned_away(
	const struct handler_input *in, struct outcome *out, enum who who)
{
	if (!dialog_checks_sender(in) || who == WHO_ANYBODY)
		return false;
	if (!in->context->sender_known) {
		dialog_refuse(out, PROBLEM_SENDER_UNKNOWN, "sender_unknown");
		return true;
	}
	if (who == WHO_REGISTERED || is_reporter(in->context))
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
	if (e.run == NULL)
		e.run = later_handle;
	if (!turned_away(&in, out, e.who))
		e.run(&in, out);
	if (e.no_record && !out->clarify)
		out->fields = (struct fields){.has = {0}};
}
