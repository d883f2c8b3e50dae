#ifndef HANDLERS_ATTENDANCE_H
#define HANDLERS_ATTENDANCE_H

#include "handlers/handler.h"

/*
 * Who was there, said beside the figures of a report: `HOP … DD VP 4 VK 7`.
 * *ret gets the lists and what names the meeting, `report` loses the lists.
 * False: nobody was named. *ret_problem: what is wrong with the lists by
 * themselves, or beside the figures.
 */
bool attendance_beside(const struct handler_input *in, struct fields *report,
	struct fields *ret, enum problem *ret_problem);
/* The effect that stores them. */
void attendance_put(struct outcome *out, const struct unit_ref *u,
	const struct fields *lists);

#endif
