/*
 * target - which report does SUA or HUY mean?
 *
 * The one that is named, by unit and day; else the sender's last. After a text
 * with several units' reports nothing is "the last": then the unit must be
 * named, or a figure would land in the wrong place. Pure; writer thread.
 */
#include "handlers/target.h"

#include "handlers/dialog.h"

static bool fits(const struct report_ref *r, const struct fields *f, day_t day)
{
	struct str unit = field_text(f, FIELD_UNIT);
	struct str kind = field_text(f, FIELD_KIND);

	if (unit.n > 0 && !str_eq(unit, r->unit))
		return false;
	/* The reader writes `regular` where nothing was said. */
	if (kind.n > 0 && !str_is(kind, "regular") && !str_eq(kind, r->kind))
		return false;
	return day == DAY_NONE || day == r->date;
}

bool target_is_several(const struct context *c)
{
	const struct pending *q = context_question(c, QUESTION_CONFIRM_REPORT);

	return q != NULL && q->partial != NULL &&
	       field_has(q->partial, FIELD_ITEMS);
}

static enum problem not_found(const struct context *c, const struct fields *f,
	day_t day, struct target *ret)
{
	ret->cancelled = c->same_report_cancelled && day != DAY_NONE;
	if (day == DAY_NONE && field_text(f, FIELD_UNIT).n > 0)
		return PROBLEM_MISSING_DATE;
	return PROBLEM_BAD_SYNTAX;
}

enum problem target_find(const struct handler_input *in, const struct fields *f,
	day_t day, struct target *ret)
{
	const struct context *c = in->context;

	*ret = (struct target){.report = NULL};
	if (target_is_several(c) && field_text(f, FIELD_UNIT).n == 0)
		return PROBLEM_MISSING_UNIT;
	if (day != DAY_NONE && c->same_report != NULL &&
		!c->same_report_cancelled && fits(c->same_report, f, day))
		ret->report = c->same_report;
	else if (c->last_report != NULL && fits(c->last_report, f, day))
		ret->report = c->last_report;
	else
		return not_found(c, f, day, ret);
	ret->unit = dialog_unit(c, ret->report->unit);
	if (dialog_checks_sender(in) &&
		(ret->unit == NULL || !ret->unit->in_scope))
		return PROBLEM_UNIT_NOT_SENDER;
	return PROBLEM_NONE;
}
