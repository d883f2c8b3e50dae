/*
 * opinion - YK, PA: what people want to be heard.
 *
 * Kept as typed, for the commune's inbox, and never sent back. A denunciation
 * must not go by SMS: it gets the fixed text that names the lawful channel and
 * nothing of it becomes a record. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"

static int64_t unit_id_of(const struct handler_input *in)
{
	const struct context *c = in->context;

	return c->roles_n > 0 ? c->roles[0].unit_id : 0;
}

void opinion_handle(const struct handler_input *in, struct outcome *out)
{
	const struct fields *f = &out->fields;
	enum problem p = in->reading->problem;

	if (str_is(field_text(f, FIELD_KIND), "denunciation")) {
		dialog_refuse(out, p, "opinion_refused");
		return;
	}
	if (p == PROBLEM_NONE && str_trim(field_text(f, FIELD_TEXT)).n == 0)
		p = PROBLEM_BAD_SYNTAX;
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_OPINION,
			.unit_id = unit_id_of(in),
			.key = "opinion_saved"});
}
