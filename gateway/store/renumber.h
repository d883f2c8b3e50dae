#ifndef GATEWAY_STORE_RENUMBER_H
#define GATEWAY_STORE_RENUMBER_H

#include "gateway/base/arena.h"

/* Private to the room: roll numbers of members that come to a unit. */
struct renumber {
	int no;    /* as it was; 1 or more */
	int to_no; /* as it will be */
};
/*
 * Fills in to_no: a number that is free stays, first come first; the others
 * follow the highest of all, in order. Pure.
 */
void renumber(const int *taken, size_t taken_n, struct renumber *v, size_t n,
	struct arena *a);

#endif
