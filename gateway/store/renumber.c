/*
 * renumber - which roll numbers do members get in the unit that they come to?
 *
 * People know their numbers by heart, so whoever can keeps theirs. Pure; any
 * thread.
 */
#include "gateway/store/renumber.h"

#include <assert.h>

static int higher(int a, int b)
{
	return a > b ? a : b;
}

static int highest(
	const int *taken, size_t taken_n, const struct renumber *v, size_t n)
{
	int top = 0;

	for (size_t i = 0; i < taken_n; i++)
		top = higher(top, taken[i]);
	for (size_t i = 0; i < n; i++)
		top = higher(top, v[i].no);
	return top;
}

void renumber(const int *taken, size_t taken_n, struct renumber *v, size_t n,
	struct arena *a)
{
	size_t room = (size_t)highest(taken, taken_n, v, n) + 1;
	bool *used = ARENA_ARRAY(a, bool, room);
	int next = highest(taken, taken_n, NULL, 0);

	for (size_t i = 0; i < taken_n; i++)
		used[taken[i]] = true;
	for (size_t i = 0; i < n; i++) {
		assert(v[i].no > 0);
		v[i].to_no = used[v[i].no] ? 0 : v[i].no;
		used[v[i].no] = true;
		next = higher(next, v[i].to_no);
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].to_no == 0)
			v[i].to_no = ++next;
}
