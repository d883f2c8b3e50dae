/*
 * broadcast - GUI MG text: staff want a text sent to many.
 *
 * Kept to be looked at and released where recipients, segments and cost are
 * shown; nothing goes out from here. The answer says so, and how long the text
 * is, without repeating it. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "parsers/segment.h"

static enum problem check(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u)
{
	enum problem p = record_unit(in, f, ret_u);

	if (p != PROBLEM_NONE)
		return p;
	return str_trim(field_text(f, FIELD_TEXT)).n == 0 ? PROBLEM_BAD_SYNTAX
							  : PROBLEM_NONE;
}

void broadcast_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	struct segments size;
	struct reply *reply;

	if (p == PROBLEM_NONE)
		p = check(in, &out->fields, &u);
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	reply = record_store(in, out,
		&(struct record){.kind = RECORD_BROADCAST,
			.unit_id = u != NULL ? u->id : 0,
			.key = "broadcast_saved"});
	size = segment_count(field_text(&out->fields, FIELD_TEXT));
	reply_arg_int(out, reply, "segments", size.n);
}
