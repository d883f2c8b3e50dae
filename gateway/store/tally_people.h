#ifndef GATEWAY_STORE_TALLY_PEOPLE_H
#define GATEWAY_STORE_TALLY_PEOPLE_H

#include "gateway/store/tally_parts.h"

/* Private to tally_roll.c: those whose place or standing changed. */

struct standing {
	enum tally_standing is;
	bool official;
	struct str dest; /* away: where */
};

/* One change, as far as it must be taken back. */
struct turn {
	day_t on;    /* at whose end it had happened */
	size_t unit; /* whose roll the person was on before it */
	struct standing before;
};

/* A person is one through all units that they came to be in. */
struct person {
	size_t unit; /* today; TALLY_NO_UNIT: not asked for */
	struct standing now;
	const struct turn *turns; /* as they came */
	size_t turns_n;
};

struct people {
	const struct person *v;
	size_t n;
};

/* Of all who changed after a day, in the arena. 0 / -1. */
int people_load(struct tally_work *w, day_t since, struct people *ret)
	__attribute__((warn_unused_result));

/* What a member's status comes to. */
enum tally_standing tally_standing_of(struct str status);

#endif
