#ifndef HANDLERS_TARGET_H
#define HANDLERS_TARGET_H

#include "handlers/handler.h"

/* The stored report that a correction or a cancellation speaks of. */
struct target {
	const struct report_ref *report; /* NULL: none, or not clear which */
	const struct unit_ref *unit;     /* NULL: nothing to check against */
	bool cancelled; /* it was there, and has been cancelled */
};

/* Did the last echo speak of several units' reports? Then none is the last. */
bool target_is_several(const struct context *c);

/*
 * f: as read; day: DAY_NONE when the text names none. PROBLEM_NONE with a
 * report; missing_unit or missing_date when the text leaves it open;
 * unit_not_sender; bad_syntax when there is no such report.
 */
enum problem target_find(const struct handler_input *in, const struct fields *f,
	day_t day, struct target *ret);

#endif
