#ifndef HANDLERS_REPORT_H
#define HANDLERS_REPORT_H

#include "handlers/handler.h"

/*
 * May the sender report for the unit that f names? On unit_not_sender the
 * code moves to unit_raw, as a code that the reader could not place. *ret_u
 * is NULL where there is nothing to check against (PROBLEM_NONE all the same).
 */
enum problem report_unit(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u);

/* Is the day of f one that can be reported now? */
enum problem report_day(const struct handler_input *in, const struct fields *f);

/*
 * Settles the figures of f, against the roll of u (NULL: none). `said`: what
 * the sender gave of them; when that is what was just asked about because the
 * roll differs, it is the sender's word and stands.
 */
enum problem report_figures(const struct handler_input *in, struct fields *f,
	const struct unit_ref *u, const struct fields *said);

/* What stands in the way of storing f, in the order in which it is asked. */
enum problem report_check(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u);

/* A version to store. */
struct report_version {
	const struct fields *fields; /* whole */
	const struct unit_ref *unit; /* NULL: nothing to check against */
	const struct report_ref
		*before;          /* the version it replaces; NULL: none */
	bool moved;               /* to another day than `before` */
	const struct fields *who; /* roll call beside it; NULL: none */
};
/* Stores it, echoes it, and tells staff when it replaces another. */
void report_store(const struct handler_input *in, struct outcome *out,
	const struct report_version *v);
/* The echo alone, of a report that is stored already. */
void report_echo(const struct handler_input *in, struct outcome *out,
	const struct report_ref *stored);

#endif
