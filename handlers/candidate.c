/*
 * candidate - UT 2 XONGLOP: a step of somebody on the unit's list.
 *
 * Steps are codes. Why one is blocked is often a family matter and must not be
 * told by SMS: what goes beyond the code is dropped, and the bare step is
 * taken only after `1`. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"

static enum problem check(const struct handler_input *in, struct fields *f)
{
	bool blocked = str_is(field_text(f, FIELD_STEP), "blocked");

	if (!field_has(f, FIELD_CANDIDATE) || field_text(f, FIELD_STEP).n == 0)
		return PROBLEM_BAD_SYNTAX;
	/* An answer is whole. */
	if (blocked && !in->reading->whole &&
		!str_is(in->reading->rule, DIALOG_ANSWER))
		return PROBLEM_AMBIGUOUS;
	return record_members(in, f);
}

void candidate_handle(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = &out->fields;
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	bool step = field_has(f, FIELD_CANDIDATE) && field_has(f, FIELD_STEP);

	if (p == PROBLEM_NONE)
		p = record_unit(in, f, &u);
	if (p == PROBLEM_NONE)
		p = check(in, f);
	field_drop(f, FIELD_REASON);
	if (p == PROBLEM_NONE)
		(void)record_store(in, out,
			&(struct record){.kind = RECORD_CANDIDATE,
				.unit_id = u != NULL ? u->id : 0,
				.key = "record_saved"});
	else if (p == PROBLEM_AMBIGUOUS && step)
		(void)ask_with(in, out,
			&(struct ask){
				.problem = p, .key = "ask_candidate_code"});
	else
		ask_problem(in, out, p);
}
