/*
 * unsaid - which unit, member or report does a text mean that names none?
 *
 * What goes without saying for its sender: the only unit, the member that the
 * phone is, the report that was sent last. Two that could be meant leave it
 * unsaid, and then it is asked. Pure; writer thread.
 */
#include "handlers/unsaid.h"

#include "handlers/dialog.h"
#include "handlers/target.h"

/* Several reports each name theirs; several members' changes are of one. */
static bool speaks_of_a_unit(const struct reading *r)
{
	const struct fields *f = &r->fields;

	return field_has(f, FIELD_UNIT) || field_has(f, FIELD_UNIT_RAW) ||
	       field_has(f, FIELD_UNITS) ||
	       (field_has(f, FIELD_ITEMS) && r->intent != INTENT_MEMBER_STATUS);
}

/* Of these a sender with one unit need not name it. */
static const bool is_of_a_unit[INTENT_N] = {
	[INTENT_MEETING_REPORT] = true,
	[INTENT_MEETING_ANNOUNCE] = true,
	[INTENT_MEETING_POSTPONE] = true,
	[INTENT_NO_MEETING] = true,
	[INTENT_ATTENDANCE] = true,
	[INTENT_MEMBER_STATUS] = true,
	[INTENT_CANDIDATE] = true,
	[INTENT_TASK] = true,
	[INTENT_UNIT_UPDATE] = true,
	[INTENT_REGISTER] = true,
};

/* `DI …` and `VE` from a member speak of that member. */
static void default_member(const struct context *c, struct reading *r)
{
	int self = dialog_member(c, field_text(&r->fields, FIELD_UNIT));

	if (r->intent == INTENT_MEMBER_STATUS && self > 0 &&
		dialog_role(c) == ROLE_MEMBER &&
		!field_has(&r->fields, FIELD_MEMBER) &&
		!field_has(&r->fields, FIELD_MEMBERS) &&
		!field_has(&r->fields, FIELD_NAME) &&
		!field_has(&r->fields, FIELD_COUNT))
		field_set_int(&r->fields, FIELD_MEMBER, self);
}

/*
 * What has neither unit nor day speaks of the last report, which may be of a
 * unit that is not the sender's: staff send for any, a secretary for what the
 * unit was before it was merged or split. Its day goes along, so that it stays
 * with the unit of that day.
 */
static void default_report(const struct context *c, struct reading *r)
{
	const struct report_ref *last = c->last_report;
	struct fields *f = &r->fields;

	if (last == NULL || field_has(f, FIELD_DATE) || target_is_several(c))
		return;
	if (dialog_unit(c, last->unit) != NULL) {
		/* A roll call without a day belongs to it, as its unit. */
		if (r->intent == INTENT_ATTENDANCE &&
			dialog_only_unit(c) == NULL)
			field_set_text(f, FIELD_UNIT, last->unit);
		return;
	}
	if (r->intent != INTENT_ATTENDANCE && r->intent != INTENT_CANCEL &&
		r->intent != INTENT_CORRECTION)
		return;
	field_set_text(f, FIELD_UNIT, last->unit);
	/* A correction's own day would be the right one of the report. */
	if (r->intent != INTENT_CORRECTION)
		field_set_int(f, FIELD_DATE, last->date);
	else if (!field_has(f, FIELD_OLD_DATE))
		field_set_int(f, FIELD_OLD_DATE, last->date);
}

static void default_unit(const struct context *c, struct reading *r)
{
	const struct str own =
		dialog_unit_of(c, field_int(&r->fields, FIELD_MEMBER, 0));

	if (speaks_of_a_unit(r))
		return;
	if (is_of_a_unit[r->intent] && own.n > 0)
		field_set_text(&r->fields, FIELD_UNIT, own);
	default_report(c, r);
}

void unsaid_fill(const struct context *c, struct reading *r)
{
	default_unit(c, r);
	default_member(c, r);
}
