/*
 * help - GIUP, HD, MENU, `?`: the asker's own commands, with an example.
 *
 * Help that lists everything helps nobody: one text for each role, with the
 * sender's own code and today's date in the example. The figures of the
 * example stay the same for all, so that a copy of it does not pass as a
 * report: they fit hardly any roll. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"

static const char *const key_of_role[] = {
	[ROLE_SECRETARY] = "help_report",
	[ROLE_DEPUTY] = "help_report",
	[ROLE_STAFF] = "help_staff",
	[ROLE_OVERSEER] = "help_overseer",
	[ROLE_MEMBER] = "help_member",
};

static struct str code_of_role(const struct handler_input *in)
{
	const struct context *c = in->context;

	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].role == ROLE_OVERSEER)
			return c->roles[i].unit_code;
	return dialog_code(in, &(struct fields){.has = {0}});
}

void help_handle(const struct handler_input *in, struct outcome *out)
{
	enum role role = dialog_checks_sender(in) ? dialog_role(in->context)
						  : ROLE_SECRETARY;
	struct day_text today = day_short(in->context->today);
	struct reply *r;

	if (in->reading->problem != PROBLEM_NONE) {
		ask_problem(in, out, in->reading->problem);
		return;
	}
	r = dialog_reply(out, key_of_role[role]);
	reply_arg(r, "code",
		role == ROLE_OVERSEER ? code_of_role(in)
				      : dialog_code(in, &out->fields));
	reply_arg(r, "today", arena_str(out->arena, str_of(today.z)));
}
