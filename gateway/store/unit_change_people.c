/*
 * unit_change_people - who goes where, under which number, in which role?
 *
 * A member who moves gets a row in the new unit; the old row stays with its
 * history, off the roll and without its phone. The map of numbers is kept.
 * Roles end with the day before and begin anew. Writer thread.
 */
#include "gateway/store/renumber.h"
#include "gateway/store/unit_change_parts.h"

/* Which roles of nobody's number a part gets. */
enum unbound { UNBOUND_NONE, UNBOUND_WATCHERS, UNBOUND_ALL };

static bool takes(const struct changing *w, size_t part, size_t from, int no)
{
	if (is_same_unit(&w->to[part], &w->from[from]))
		return false;
	return w->c->kind == UNIT_MERGE || unit_change_part_of(w, no) == part;
}

static int load_taken(
	struct changing *w, int64_t unit, const int **ret, size_t *ret_n)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_TAKEN);
	int *v = NULL;
	int rc;

	*ret_n = 0;
	sql_int(&q, unit);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(w->a, v, *ret_n, sizeof(*v));
		v[(*ret_n)++] = (int)sql_get_int(&q, 0);
	}
	*ret = v;
	return rc;
}

static int put_moved(struct changing *w, const struct unit_moved *m)
{
	struct unit_moved *v =
		rows_more(w->a, w->ret->moved, w->ret->moved_n, sizeof(*v));

	v[w->ret->moved_n++] = *m;
	w->ret->moved = v;
	return ACT(
		w, SQL_MOVED_PUT, w->id, m->unit_id, m->no, m->to_id, m->to_no);
}

/* Everybody whom one part takes. */
static int number_part(struct changing *w, size_t part)
{
	struct renumber *v;
	const int *taken;
	size_t n = 0, taken_n, max = 0;

	for (size_t f = 0; f < w->c->from_n; f++)
		max += w->from[f].nos_n;
	v = ARENA_ARRAY(w->a, struct renumber, max);
	for (size_t f = 0; f < w->c->from_n; f++)
		for (size_t i = 0; i < w->from[f].nos_n; i++)
			if (takes(w, part, f, w->from[f].nos[i]))
				v[n++].no = w->from[f].nos[i];
	if (load_taken(w, w->to[part].id, &taken, &taken_n) < 0)
		return -1;
	renumber(taken, taken_n, v, n, w->a);
	n = 0;
	for (size_t f = 0; f < w->c->from_n; f++) {
		for (size_t i = 0; i < w->from[f].nos_n; i++) {
			struct unit_moved m = {
				.unit = w->from[f].code,
				.to_unit = w->to[part].code,
				.unit_id = w->from[f].id,
				.to_id = w->to[part].id,
			};

			if (!takes(w, part, f, w->from[f].nos[i]))
				continue;
			m.no = v[n].no;
			m.to_no = v[n++].to_no;
			if (put_moved(w, &m) < 0)
				return -1;
		}
	}
	return 0;
}

/* ---- roles ---- */

static int copy_roles(
	struct changing *w, size_t from, size_t part, enum unbound unbound)
{
	struct sql_run q = sql_start(w->s, SQL_ROLES_COPY);

	sql_int(&q, w->id);
	sql_int(&q, w->to[part].id);
	sql_int(&q, w->from[from].id);
	sql_z(&q, w->on.z);
	sql_int(&q, unbound);
	if (sql_done(&q) < 0)
		return -1;
	w->ret->roles += sqlite3_changes(w->s->db);
	return 0;
}

static int end_roles(struct changing *w, size_t from, bool all)
{
	struct sql_run q = sql_start(w->s, SQL_ROLES_END);

	sql_int(&q, w->id);
	sql_int(&q, w->from[from].id);
	sql_z(&q, w->before.z);
	sql_int(&q, all);
	return sql_done(&q);
}

static int move_roles(struct changing *w, size_t from)
{
	bool goes_on = w->c->kind == UNIT_SPLIT && changing_goes_on(w);

	for (size_t p = 0; p < w->c->to_n; p++) {
		enum unbound unbound = goes_on  ? UNBOUND_NONE
				       : p == 0 ? UNBOUND_ALL
						: UNBOUND_WATCHERS;

		if (!is_same_unit(&w->to[p], &w->from[from]) &&
			copy_roles(w, from, p, unbound) < 0)
			return -1;
	}
	return end_roles(w, from, !goes_on);
}

int unit_change_people(struct changing *w)
{
	for (size_t p = 0; p < w->c->to_n; p++)
		if (number_part(w, p) < 0)
			return -1;
	for (size_t f = 0; f < w->c->from_n; f++) {
		if (w->c->kind == UNIT_MERGE &&
			is_same_unit(&w->to[0], &w->from[f]))
			continue;
		if (move_roles(w, f) < 0)
			return -1;
	}
	if (ACT(w, SQL_MOVED_COPY, w->id) < 0)
		return -1;
	return ACT(w, SQL_MOVED_LEAVE, w->id);
}
