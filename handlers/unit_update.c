/*
 * unit_update - what is true of a unit now: its head, its committee, who leads.
 *
 * Facts are dated and kept at once. A change of the secretary is echoed first
 * and is a proposal only after `1`; other changes of office are proposals.
 * Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "parsers/phone.h"

static bool says_something(const struct fields *f)
{
	static const enum field facts[] = {FIELD_HEAD_IS_MEMBER,
		FIELD_SECRETARY_IS_HEAD, FIELD_HAS_COMMITTEE,
		FIELD_COMMITTEE_SIZE, FIELD_ROLE_CHANGE};

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (field_has(f, facts[i]))
			return true;
	return false;
}

static enum problem check_phone(struct fields *f, struct arena *a)
{
	struct phone phone;

	if (!field_has(f, FIELD_PHONE))
		return PROBLEM_NONE;
	if (phone_parse(f->v[FIELD_PHONE].s, &phone) != 0)
		return PROBLEM_BAD_SYNTAX;
	field_set_text(f, FIELD_PHONE, arena_str(a, str_of(phone.z)));
	return PROBLEM_NONE;
}

static enum problem check(const struct handler_input *in, struct outcome *out,
	const struct unit_ref **ret_u)
{
	struct fields *f = &out->fields;
	enum problem p = record_unit(in, f, ret_u);

	if (p == PROBLEM_NONE && !says_something(f))
		p = PROBLEM_BAD_SYNTAX;
	if (p == PROBLEM_NONE)
		p = check_phone(f, out->arena);
	if (p == PROBLEM_NONE && !dialog_confirmed(in) &&
		str_is(field_text(f, FIELD_ROLE_CHANGE), "secretary"))
		p = PROBLEM_TWO_STEP;
	return p;
}

void unit_update_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	bool office = field_has(&out->fields, FIELD_ROLE_CHANGE);

	if (p == PROBLEM_NONE || p == PROBLEM_TWO_STEP)
		p = check(in, out, &u);
	if (p == PROBLEM_NONE && in->reading->problem == PROBLEM_TWO_STEP)
		p = PROBLEM_TWO_STEP;
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_UNIT_FACT,
			.state = office ? RECORD_PROPOSED : RECORD_APPLIED,
			.unit_id = u != NULL ? u->id : 0,
			.key = office ? "record_proposed" : "record_saved"});
	if (office)
		record_tell(out, u, "notify_proposal", &out->fields);
}
