/*
 * announce - LICH: when and where the next meeting is.
 *
 * A day to come, at most sixty ahead, and an hour are needed; an hour that may
 * be morning or evening is asked by the reader. Said again for the same month
 * it replaces the plan. The place is kept as typed and not sent back. Pure;
 * writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/plan.h"
#include "handlers/record.h"

void announce_handle(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = &out->fields;
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;

	if (!field_has(f, FIELD_KIND))
		field_set_text(f, FIELD_KIND, STR("regular"));
	if (p == PROBLEM_NONE)
		p = record_unit(in, f, &u);
	if (p == PROBLEM_NONE && !field_has(f, FIELD_DATE))
		p = PROBLEM_MISSING_DATE;
	if (p == PROBLEM_NONE)
		p = plan_day(in->context, f);
	if (p == PROBLEM_NONE && !field_has(f, FIELD_TIME))
		p = PROBLEM_MISSING_TIME;
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_ANNOUNCED,
			.unit_id = u != NULL ? u->id : 0,
			.key = "announce_saved"});
}
