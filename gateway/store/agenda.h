#ifndef GATEWAY_STORE_AGENDA_H
#define GATEWAY_STORE_AGENDA_H

#include "config/figures.h"
#include "gateway/store/store.h"

/* What errands have to know of meetings and of who is to be told. Inside the
 * writer's transaction; everything in the arena. */

struct agenda_meeting {
	int64_t id, unit_id;
	struct str unit; /* code */
	struct str kind, period, state;
	day_t day;         /* planned; DAY_NONE: none (yet) */
	int minute;        /* planned; -1: none */
	day_t held;        /* DAY_NONE: it was not */
	struct str topics; /* JSON, as stored; absent: none */
	struct str place;
	int items;       /* of its remote vote; 0: none was said */
	int plan;        /* counts the days and hours that it was planned for */
	bool has_report; /* or its month has none, as was said later */
	/* Why it is not held; 'unit': the unit has ended. Absent: not said. */
	struct str reason;
};
/* 1, 0 (no such meeting), -1. */
int agenda_meeting(struct store *s, int64_t id, struct arena *a,
	struct agenda_meeting *ret) __attribute__((warn_unused_result));

/* The codes of a unit and of those above it, for its figures. */
int agenda_chain(struct store *s, int64_t unit_id, struct arena *a,
	struct figure_chain *ret) __attribute__((warn_unused_result));

/*
 * Meetings to come, on a day or after it, with the plan of each: of a unit (0:
 * none), and of the units whose members a phone (absent: none) speaks for.
 */
struct agenda_ahead {
	int64_t unit_id;
	struct str phone;
	day_t from;
};
struct agenda_planned {
	struct agenda_planned_one {
		int64_t meeting_id;
		int plan;
	} * v;
	size_t n;
};
int agenda_ahead(struct store *s, const struct agenda_ahead *of,
	struct arena *a, struct agenda_planned *ret)
	__attribute__((warn_unused_result));

/* Phones with one of the roles at the unit itself on a day, whether or not
 * they opted out: what goes with a role goes to all that hold it. */
struct agenda_holder {
	struct str phone, language;
};
struct agenda_holders {
	struct agenda_holder *v;
	size_t n;
	int64_t unit_id; /* where they hold it; the last looked at for none */
};
struct agenda_office {
	int64_t unit_id;
	enum role role, or_role; /* the same twice: one role */
	day_t on;
};
int agenda_holders(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
	__attribute__((warn_unused_result));
/* Who holds a role at the unit, or was the last to, whatever the day. */
int agenda_last_holders(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
	__attribute__((warn_unused_result));
/* The same for the nearest unit above that has any such holder. */
int agenda_holders_above(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
	__attribute__((warn_unused_result));

/* Those of the unit itself; where it has none its deputies, and where it has
 * none of these either the nearest staff above. */
int agenda_holders_or_staff(struct store *s, const struct agenda_office *o,
	struct arena *a, struct agenda_holders *ret)
	__attribute__((warn_unused_result));

#endif
