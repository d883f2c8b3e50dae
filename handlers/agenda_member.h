#ifndef HANDLERS_AGENDA_MEMBER_H
#define HANDLERS_AGENDA_MEMBER_H

#include "config/config.h"
#include "gateway/base/arena.h"
#include "gateway/model/errand.h"
#include "gateway/model/field.h"

/*
 * When is a secretary reminded of a member? Pure: a change of the roll and the
 * configuration in, errands out (domain notes §2.3, §2.4).
 */
struct agenda_member {
	int64_t event_id, member_id, unit_id;
	struct str event;            /* as member_event: "away", … */
	const struct fields *fields; /* as read */
	day_t said_on;               /* when no day was named */
};

#define AGENDA_MEMBER_KINDS 3
/* One plan a kind, for errand_replan(): v[i] when due[i], else none of that
 * kind is left. False: the change says nothing of that kind. */
struct agenda_member_plan {
	enum errand_kind kind;
	bool touched, due;
	struct errand errand;
};
void agenda_of_member(const struct agenda_member *m, const struct config *c,
	struct arena *a, struct agenda_member_plan v[AGENDA_MEMBER_KINDS]);

#endif
