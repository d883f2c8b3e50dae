/*
 * opt_in - DK: this registered phone takes texts (again).
 *
 * Another phone only if it was opted out before, for our answer to that says
 * how to come back.
 * Consent is stored each time with the text that gave it, because it must be
 * provable; the answer says how to withdraw it. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"

void opt_in_handle(const struct handler_input *in, struct outcome *out)
{
	if (in->reading->problem != PROBLEM_NONE) {
		ask_problem(in, out, in->reading->problem);
		return;
	}
	outcome_add(out, EFFECT_CONTACT)->opted_out = false;
	dialog_reply(out, "opt_in");
}
