/*
 * plan - can a meeting still be held on that day?
 *
 * Not in the past, not at an hour of today that is over, not too far ahead.
 * Pure.
 */
#include "handlers/plan.h"

enum problem plan_day(const struct context *c, const struct fields *f)
{
	int64_t day = field_int(f, FIELD_DATE, c->today + 1);

	if (day < c->today ||
		(day == c->today &&
			field_int(f, FIELD_TIME, c->minute) < c->minute))
		return PROBLEM_OLD_DATE;
	return day > c->today + PLAN_DAYS_MAX ? PROBLEM_FUTURE_DATE
					      : PROBLEM_NONE;
}
