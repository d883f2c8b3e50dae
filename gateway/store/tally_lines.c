/*
 * tally_lines - how do the lines of units add up to those above them?
 *
 * A unit with others below it gets a row `subtree` before them, a unit with
 * several lines a row `unit` after them, and the last row is of `all`. Sums
 * are of numerators and of denominators, never of percentages. Lines with a
 * key add up key by key: unit_dest, subtree_dest, all_dest.
 */
#include "gateway/store/tally_parts.h"

#include <assert.h>
#include <stdlib.h>

/* Lines [first, last) of one unit or more, added up. */
struct span {
	size_t first, last;
	size_t unit; /* whose; TALLY_NO_UNIT: all */
	const char *level;
	bool plain; /* without what is told key by key */
};

struct output {
	struct tally_work *w;
	struct table_row *rows;
	size_t n;
	size_t *first; /* of units: where its lines begin; one more at the end
			*/
};

struct table_cell *tally_add(struct tally_work *w, size_t unit, struct str key)
{
	struct tally_line *l;

	assert(unit < w->units_n);
	w->lines = rows_more(w->arena, w->lines, w->lines_n, sizeof(*w->lines));
	l = &w->lines[w->lines_n++];
	*l = (struct tally_line){
		.unit = unit,
		.key = key,
		.cells = ARENA_ARRAY(
			w->arena, struct table_cell, w->shape->columns_n),
	};
	return l->cells;
}

static void put_row(
	struct output *o, struct table_cell *cells, size_t unit, struct str row)
{
	struct table_row *v =
		rows_more(o->w->arena, o->rows, o->n, sizeof(*o->rows));

	cells[TALLY_ROW] = table_text(row);
	if (unit != TALLY_NO_UNIT) {
		cells[TALLY_UNIT] = table_text(o->w->units[unit].code);
		cells[TALLY_NAME] = table_text(o->w->units[unit].name);
	}
	v[o->n++] = (struct table_row){cells};
	o->rows = v;
}

static struct str row_name(
	const struct output *o, const char *level, bool keyed)
{
	if (!keyed)
		return str_of(level);
	return arena_printf(o->w->arena, "%s_%s", level, o->w->shape->keyed);
}

/* ---- sums ---- */

struct group {
	struct str key;
	struct table_cell *cells;
};

static void add_to(const struct tally_shape *shape, struct table_cell *sum,
	const struct tally_line *l)
{
	for (size_t i = TALLY_FIRST; i < shape->columns_n; i++) {
		const struct table_column *c = &shape->columns[i];

		/* What names the key names the group, as it is written with
		 * the most of its diacritics. */
		if (c->type == TABLE_TEXT && l->key.p != NULL &&
			l->cells[i].text.n > sum[i].text.n)
			sum[i] = l->cells[i];
		if (!c->sums || !l->cells[i].known)
			continue;
		sum[i].known = true;
		sum[i].n += l->cells[i].n;
		sum[i].d += l->cells[i].d;
	}
}

/* Of no lines: nothing of nothing, where it counts. */
static struct table_cell *new_sum(const struct output *o)
{
	const struct tally_shape *shape = o->w->shape;
	struct table_cell *v =
		ARENA_ARRAY(o->w->arena, struct table_cell, shape->columns_n);

	for (size_t i = TALLY_FIRST; i < shape->columns_n; i++)
		v[i].known = shape->columns[i].sums && i != o->w->unknown;
	return v;
}

static struct group *group_of(
	const struct output *o, struct group **v, size_t *n, struct str key)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq((*v)[i].key, key) &&
			((*v)[i].key.p == NULL) == (key.p == NULL))
			return &(*v)[i];
	*v = rows_more(o->w->arena, *v, *n, sizeof(**v));
	(*v)[*n] = (struct group){.key = key,
		.cells = key.p == NULL
				 ? new_sum(o)
				 : ARENA_ARRAY(o->w->arena, struct table_cell,
					   o->w->shape->columns_n)};
	return &(*v)[(*n)++];
}

static void share(const struct tally_shape *shape, const struct group *all,
	struct group *g)
{
	for (size_t i = TALLY_FIRST;
		shape->keyed_of_all && i < shape->columns_n; i++)
		if (shape->columns[i].type == TABLE_RATE && g->cells[i].known)
			g->cells[i].d = all->cells[i].d;
}

static int by_key(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return str_cmp(x->key, y->key);
}

static void put_sum(struct output *o, const struct span *s)
{
	const struct str none = {NULL, 0};
	struct group *v = NULL;
	size_t n = 0;

	(void)group_of(o, &v, &n, none);
	for (size_t i = s->first; i < s->last; i++) {
		const struct tally_line *l = &o->w->lines[i];

		if (l->row == NULL)
			add_to(o->w->shape, group_of(o, &v, &n, l->key)->cells,
				l);
	}
	qsort(v + 1, n - 1, sizeof(*v), by_key);
	for (size_t i = 1; i < n; i++)
		share(o->w->shape, &v[0], &v[i]);
	for (size_t i = 0; i < (s->plain ? 1 : n); i++)
		put_row(o, v[i].cells, s->unit,
			row_name(o, s->level, v[i].key.p != NULL));
}

/* ---- rows ---- */

/* Of one unit, and of those that became part of it: by these, or in one. */
static void put_lines(struct output *o, size_t unit)
{
	const struct tally_shape *shape = o->w->shape;
	struct span own = {o->first[unit], o->first[unit + 1], unit, "unit",
		shape->keyed_above};
	bool of_unit = strcmp(shape->line, "unit") == 0, joined;
	size_t plain = 0;

	for (size_t i = own.first; i < own.last; i++)
		plain += o->w->lines[i].key.p == NULL &&
			 o->w->lines[i].row == NULL;
	joined = of_unit && plain > 1;
	for (size_t i = own.first; i < own.last; i++) {
		const struct tally_line *l = &o->w->lines[i];
		bool keyed = l->key.p != NULL;

		if ((keyed && shape->keyed_above) || (joined && l->row == NULL))
			continue;
		put_row(o, l->cells, of_unit ? unit : l->unit,
			l->row != NULL
				? str_of(l->row)
				: row_name(o, keyed ? "unit" : shape->line,
					  keyed));
	}
	if (plain > 1)
		put_sum(o, &own);
}

/* By unit, and for each as they came: counted, then put where they belong. */
static void put_in_order(struct output *o)
{
	struct tally_work *w = o->w;
	struct tally_line *v =
		ARENA_ARRAY(w->arena, struct tally_line, w->lines_n);
	size_t *next = ARENA_ARRAY(w->arena, size_t, w->units_n + 1);

	o->first = ARENA_ARRAY(w->arena, size_t, w->units_n + 1);
	for (size_t i = 0; i < w->lines_n; i++)
		o->first[w->units[w->lines[i].unit].home + 1]++;
	for (size_t i = 0; i < w->units_n; i++) {
		o->first[i + 1] += o->first[i];
		next[i] = o->first[i];
	}
	for (size_t i = 0; i < w->lines_n; i++)
		v[next[w->units[w->lines[i].unit].home]++] = w->lines[i];
	w->lines = v;
}

void tally_finish(struct tally_work *w, struct table *ret)
{
	struct output o = {.w = w};
	struct span all = {0, w->lines_n, TALLY_NO_UNIT, "all", false};

	put_in_order(&o);
	for (size_t i = 0; i < w->units_n; i++) {
		struct span below = {o.first[i], o.first[w->units[i].end], i,
			"subtree", false};

		if (w->units[i].home != i)
			continue;
		if (w->units[i].end > i + 1 + w->units[i].merged)
			put_sum(&o, &below);
		put_lines(&o, i);
	}
	put_sum(&o, &all);
	ret->columns = w->shape->columns;
	ret->columns_n = w->shape->columns_n;
	ret->rows = o.rows;
	ret->n = o.n;
}
