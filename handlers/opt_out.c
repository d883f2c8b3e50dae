/*
 * opt_out - TC, STOP: no more texts to this phone, at once and for anybody.
 *
 * Honoured for unregistered numbers too (decree 91/2020, domain notes §5),
 * confirmed once, and silent when it was done before. "This is not his number"
 * ends all that the phone stood for as well, and the staff of each unit are
 * told which roll number to check; the text to the phone says nothing about
 * whose it was thought to be. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"

#define TOLD_MAX 8 /* one phone for more people is a fault of the registry */

static void tell_staff(const struct role_ref *role, struct outcome *out)
{
	struct effect *e = outcome_add(out, EFFECT_NOTIFY);

	e->unit_id = role->unit_id;
	e->reply.key = "notify_wrong_person";
	reply_arg(&e->reply, "who",
		role->member_no > 0
			? arena_printf(out->arena, STR_FMT " DV %d",
				  STR_ARG(role->unit_code), role->member_no)
			: role->unit_code);
}

void opt_out_handle(const struct handler_input *in, struct outcome *out)
{
	const struct context *c = in->context;
	struct effect *e;
	bool wrong = field_int(&out->fields, FIELD_WRONG_PERSON, 0) != 0;

	if (in->reading->problem != PROBLEM_NONE) {
		ask_problem(in, out, in->reading->problem);
		return;
	}
	wrong = wrong && (c->roles_n > 0 || !c->opted_out);
	if (c->opted_out && !wrong)
		return;
	e = outcome_add(out, EFFECT_CONTACT);
	e->opted_out = true;
	e->detached = wrong;
	dialog_reply(out, wrong ? "opt_out_wrong_person" : "opt_out");
	for (size_t i = 0; wrong && i < c->roles_n && i < TOLD_MAX; i++)
		tell_staff(&c->roles[i], out);
}
