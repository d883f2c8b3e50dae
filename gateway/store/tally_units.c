/*
 * tally_units - of which units is a report, and which is below which?
 *
 * All units in one read, then put into the order of the tree of the day of
 * counting: each before those below it, neighbours by code. What was merged
 * by then hangs below its heir, what moved later is put back. A unit above
 * that is not in the file, or a circle, ends nothing: who cannot be reached
 * from the top is left out.
 */
#include "gateway/store/tally_parts.h"

#include <stdlib.h>

#define NONE SIZE_MAX
#define DEPTH_MAX 16 /* of the tree of units */

/* A unit as read, by code, and its place in the tree. */
struct branch {
	struct tally_unit unit;
	int64_t parent_id;
	size_t above;               /* the unit above it; NONE */
	size_t heir;                /* it was merged into that one; NONE */
	size_t parent, child, next; /* first below, next beside; NONE */
	size_t place;               /* in the report */
	bool reached;
};

struct keyed {
	int64_t id;
	size_t at;
};

struct tree {
	struct branch *v;
	size_t n;
	struct keyed *by_id;
};

static int by_id(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int read_all(struct tally_work *w, struct tree *t)
{
	struct sql_run q = sql_start(w->s, SQL_TALLY_UNITS);
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		t->v = rows_more(w->arena, t->v, t->n, sizeof(*t->v));
		t->v[t->n++] = (struct branch){
			.unit = {.id = sql_get_int(&q, 0),
				.code = sql_get(&q, 1, w->arena),
				.name = sql_get(&q, 2, w->arena),
				.from = tally_day(&q, 4),
				.to = tally_day(&q, 5),
				.meets = sql_get_int(&q, 6) != 0,
				.kind = sql_get(&q, 7, w->arena)},
			.parent_id = sql_get_int(&q, 3),
			.above = NONE,
			.heir = NONE,
			.parent = NONE,
			.child = NONE,
			.next = NONE,
		};
	}
	return rc;
}

static void sort(struct arena *a, struct tree *t)
{
	t->by_id = ARENA_ARRAY(a, struct keyed, t->n + 1);
	for (size_t i = 0; i < t->n; i++)
		t->by_id[i] = (struct keyed){t->v[i].unit.id, i};
	if (t->n > 0)
		qsort(t->by_id, t->n, sizeof(*t->by_id), by_id);
}

static size_t find_id(const struct tree *t, int64_t id)
{
	struct keyed key = {id, 0}, *found = NULL;

	if (t->n > 0 && id != 0)
		found = bsearch(&key, t->by_id, t->n, sizeof(key), by_id);
	return found != NULL ? found->at : NONE;
}

/* ---- units that changed ---- */

struct event {
	bool moved; /* else merged */
	size_t unit, into;
	int64_t old_parent;
	day_t on;
};

/* From the last to the first, so that what moved after the day of counting
 * is put back step by step, and the first merger is the one that holds. */
static void undo(const struct tally_work *w, struct tree *t,
	const struct event *v, size_t n)
{
	while (n-- > 0) {
		struct branch *b = &t->v[v[n].unit];

		if (v[n].moved && v[n].on > w->as_of)
			b->parent_id = v[n].old_parent;
		if (v[n].moved || v[n].unit == v[n].into)
			continue;
		b->unit.merges = true;
		if (v[n].on <= w->as_of)
			b->heir = v[n].into;
	}
}

static int read_events(struct tally_work *w, struct tree *t)
{
	enum { E_KIND, E_UNIT, E_INTO, E_ON, E_PARENT };
	struct sql_run q = sql_start(w->s, SQL_TALLY_LINEAGE);
	struct event *v = NULL;
	size_t n = 0;
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		struct event e = {
			.moved = str_is(sql_peek(&q, E_KIND), "move"),
			.unit = find_id(t, sql_get_int(&q, E_UNIT)),
			.into = find_id(t, sql_get_int(&q, E_INTO)),
			.on = tally_day(&q, E_ON),
			.old_parent = sql_get_int(&q, E_PARENT),
		};

		if (e.unit == NONE || e.into == NONE)
			continue;
		v = rows_more(w->arena, v, n, sizeof(*v));
		v[n++] = e;
	}
	undo(w, t, v, n);
	return rc;
}

/* The one that an heir was merged into in its turn, to the last. */
static size_t last_heir(const struct tree *t, size_t i)
{
	size_t heir = t->v[i].heir;

	for (int n = 0; heir != NONE && n < DEPTH_MAX; n++) {
		if (t->v[heir].heir == NONE)
			return heir;
		heir = t->v[heir].heir;
	}
	return NONE;
}

/* From the last to the first, so that lists of children are by code; those
 * merged come before them. */
static void link_up(struct tree *t, bool merged)
{
	for (size_t i = t->n; i-- > 0;) {
		size_t heir = last_heir(t, i), parent;

		t->v[i].above = find_id(t, t->v[i].parent_id);
		parent = heir != NONE ? heir : t->v[i].above;
		if ((heir != NONE) != merged || parent == NONE || parent == i)
			continue;
		t->v[i].parent = parent;
		t->v[i].next = t->v[parent].child;
		t->v[parent].child = i;
	}
}

static struct figure_chain chain_of(
	struct arena *a, const struct tree *t, size_t i)
{
	struct str *v = ARENA_ARRAY(a, struct str, DEPTH_MAX);
	size_t n = 0;

	for (; i != NONE && n < DEPTH_MAX; i = t->v[i].above)
		v[n++] = t->v[i].unit.code;
	return (struct figure_chain){v, n};
}

static void enter(struct tally_work *w, struct tree *t, size_t at)
{
	struct branch *b = &t->v[at];

	b->reached = true;
	b->place = w->units_n;
	b->unit.chain = chain_of(w->arena, t, at);
	b->unit.home = b->place;
	/* Asked for by its own name, one that was merged stands for itself. */
	if (b->heir != NONE && b->parent != NONE && t->v[b->parent].reached) {
		b->unit.home = t->v[b->parent].place;
		w->units[b->unit.home].merged++;
	}
	w->units[w->units_n++] = b->unit;
}

/* The one after `at`, when all below that is done; NONE: top is. */
static size_t leave(
	struct tally_work *w, const struct tree *t, size_t top, size_t at)
{
	while (true) {
		const struct branch *b = &t->v[at];

		w->units[b->place].end = w->units_n;
		if (at == top)
			return NONE;
		if (b->next != NONE)
			return b->next;
		at = b->parent;
	}
}

/* All below and including one unit, in order. */
static void walk(struct tally_work *w, struct tree *t, size_t top)
{
	size_t at = top;

	while (at != NONE) {
		size_t child = t->v[at].child;

		if (!t->v[at].reached)
			enter(w, t, at);
		if (child != NONE && !t->v[child].reached)
			at = child;
		else
			at = leave(w, t, top, at);
	}
}

static size_t find_code(const struct tree *t, struct str code)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->v[i].unit.code, code))
			return i;
	return NONE;
}

static void index_ids(struct tally_work *w)
{
	struct keyed *v = ARENA_ARRAY(w->arena, struct keyed, w->units_n);
	size_t *at = ARENA_ARRAY(w->arena, size_t, w->units_n);

	for (size_t i = 0; i < w->units_n; i++)
		v[i] = (struct keyed){w->units[i].id, i};
	qsort(v, w->units_n, sizeof(*v), by_id);
	for (size_t i = 0; i < w->units_n; i++)
		at[i] = v[i].at;
	w->by_id = at;
}

int tally_units_load(struct tally_work *w)
{
	bool all = w->ask->unit.p == NULL;
	struct tree t = {0};
	size_t top;

	if (read_all(w, &t) < 0)
		return -1;
	sort(w->arena, &t);
	if (read_events(w, &t) < 0)
		return -1;
	top = all ? NONE : find_code(&t, w->ask->unit);
	if (!all && top == NONE)
		return 0;
	link_up(&t, false);
	link_up(&t, true);
	w->units = ARENA_ARRAY(w->arena, struct tally_unit, t.n + 1);
	for (size_t i = 0; all && i < t.n; i++)
		if (t.v[i].parent == NONE)
			walk(w, &t, i);
	if (!all)
		walk(w, &t, top);
	if (all) {
		w->units[w->units_n] = (struct tally_unit){.code = STR("-"),
			.name = STR("no unit"),
			.from = DAY_NONE,
			.to = DAY_NONE,
			.home = w->units_n,
			.end = w->units_n + 1};
		w->units_n++;
	}
	index_ids(w);
	return 1;
}

size_t tally_unit_at(const struct tally_work *w, int64_t id)
{
	size_t low = 0, high = w->units_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int64_t here = w->units[w->by_id[mid]].id;

		if (here == id)
			return w->by_id[mid];
		if (here < id)
			low = mid + 1;
		else
			high = mid;
	}
	return TALLY_NO_UNIT;
}

bool tally_unit_is_there(const struct tally_unit *u, day_t day)
{
	return (u->from == DAY_NONE || u->from <= day) &&
	       (u->to == DAY_NONE || u->to >= day);
}
