/*
 * errand - what does the gateway do by itself, and what if it is late?
 *
 * The names and the policy of each kind, from the list in the header.
 */
#include "gateway/model/errand.h"

#include <assert.h>

#define POLICY(id, name, late, hours) {name, ERRAND_##late, hours},

static const struct {
	const char *name;
	enum errand_late late;
	int hours;
} policy[] = {ERRANDS(POLICY)};

const char *errand_kind_str(enum errand_kind k)
{
	assert(k < ERRAND_KINDS);
	return policy[k].name;
}

enum errand_kind errand_kind_parse(struct str name)
{
	for (int k = 0; k < ERRAND_KINDS; k++)
		if (str_is(name, policy[k].name))
			return (enum errand_kind)k;
	return ERRAND_KINDS;
}

enum errand_late errand_late(enum errand_kind k)
{
	assert(k < ERRAND_KINDS);
	return policy[k].late;
}

int errand_hours(enum errand_kind k)
{
	assert(k < ERRAND_KINDS);
	return policy[k].hours;
}
