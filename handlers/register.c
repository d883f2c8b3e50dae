/*
 * register - DV 12 DOI SO 09…: a member has another phone.
 *
 * A proposal: until staff approve, nothing goes to the new number and the old
 * one keeps its say. The number is kept as E.164. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "parsers/phone.h"

static enum problem check(const struct handler_input *in, struct outcome *out,
	const struct unit_ref **ret_u)
{
	struct fields *f = &out->fields;
	enum problem p = record_unit(in, f, ret_u);
	struct phone phone;

	if (p != PROBLEM_NONE)
		return p;
	if (!field_has(f, FIELD_MEMBER))
		return PROBLEM_MISSING_MEMBER;
	if (phone_parse(field_text(f, FIELD_PHONE), &phone) != 0)
		return PROBLEM_BAD_SYNTAX;
	field_set_text(f, FIELD_PHONE, arena_str(out->arena, str_of(phone.z)));
	return record_members(in, f);
}

void register_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;

	if (p == PROBLEM_NONE)
		p = check(in, out, &u);
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_MEMBER,
			.state = RECORD_PROPOSED,
			.unit_id = u != NULL ? u->id : 0,
			.key = "record_proposed"});
	record_tell(out, u, "notify_phone", &out->fields);
}
