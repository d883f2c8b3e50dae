/*
 * unit_change_do - what does a change of units change?
 *
 * Units end, begin, get another name or another one above; people and open
 * matters follow (unit_change_people.c, unit_change_open.c). All of it is the
 * caller's one transaction. Writer thread.
 */
#include "gateway/store/unit_change_parts.h"

#include "gateway/store/unit_keys.h"

int changing_act(struct changing *w, enum sql id, const int64_t *v, size_t n,
	int64_t *ret_n)
{
	struct sql_run q = sql_start(w->s, id);

	for (size_t i = 0; i < n; i++)
		sql_int(&q, v[i]);
	if (sql_done(&q) < 0)
		return -1;
	if (ret_n != NULL)
		*ret_n += sqlite3_changes(w->s->db);
	return 0;
}

static void goes_on(struct changing *w, int64_t unit)
{
	int64_t *v =
		rows_more(w->a, w->ret->units, w->ret->units_n, sizeof(*v));

	v[w->ret->units_n++] = unit;
	w->ret->units = v;
}

/* successor NULL: it ended. */
static int put_event(struct changing *w, const struct unit_now *from,
	const struct unit_now *successor)
{
	struct sql_run q = sql_start(w->s, SQL_UNIT_EVENT_PUT);

	sql_int(&q, w->id);
	sql_z(&q, unit_change_str(w->c->kind));
	sql_int(&q, from->id);
	sql_int_or_null(&q, successor != NULL ? successor->id : 0);
	sql_z(&q, w->on.z);
	sql_str(&q, w->c->document);
	sql_str(&q, from->code);
	sql_str(&q, from->name);
	sql_int_or_null(&q, from->parent);
	return sql_done(&q);
}

/* Units below one that ends go below its heir: each of them has moved. */
static int adopt(struct changing *w, const struct unit_now *from)
{
	struct sql_run q = sql_start(w->s, SQL_UNIT_ADOPTED);

	sql_int(&q, w->id);
	sql_z(&q, w->on.z);
	sql_str(&q, w->c->document);
	sql_int(&q, from->id);
	if (sql_done(&q) < 0)
		return -1;
	return ACT(w, SQL_UNIT_ADOPT, w->to[0].id, from->id);
}

static int set_changed(struct changing *w, int64_t unit)
{
	struct sql_run q = sql_start(w->s, SQL_UNIT_CHANGED);

	goes_on(w, unit);
	sql_z(&q, w->on.z);
	sql_int(&q, unit);
	return sql_done(&q);
}

/* heir 0: no single one. */
static int end_unit(struct changing *w, const struct unit_now *u, int64_t heir)
{
	day_t before = w->c->on - 1;
	struct sql_run q = sql_start(w->s, SQL_UNIT_END);

	sql_z(&q, w->before.z);
	sql_z(&q, w->on.z);
	sql_int_or_null(&q, heir);
	sql_int(&q, u->id);
	if (sql_done(&q) < 0 || unit_keys_close(w->s, u->id, before) < 0)
		return -1;
	return heir != 0 ? ACT(w, SQL_UNIT_HEIRS, heir, u->id) : 0;
}

/* A unit that was not there: like the first of those that it comes from. */
static int begin_unit(struct changing *w, size_t part)
{
	struct unit_now *u = &w->to[part];
	const struct unit_now *like = &w->from[0];
	struct sql_run q = sql_start(w->s, SQL_UNIT_PUT);

	u->name = w->c->to[part].name.n > 0 ? w->c->to[part].name : like->name;
	sql_str(&q, u->code);
	sql_str(&q, u->name);
	sql_str(&q, like->kind);
	sql_z(&q, "");
	sql_z(&q, w->on.z);
	sql_z(&q, NULL);
	if (sql_one(&q, &u->id) < 0)
		return -1;
	q = sql_start(w->s, SQL_UNIT_SET_PARENT);
	sql_int_or_null(&q, like->parent);
	sql_int(&q, u->id);
	if (sql_done(&q) < 0 || unit_keys_put(w->s, u->code, u->id, w->a) < 0)
		return -1;
	return unit_keys_put(w->s, u->name, u->id, w->a);
}

static int begin_units(struct changing *w)
{
	for (size_t p = 0; p < w->c->to_n; p++) {
		if (w->to[p].id == 0 && begin_unit(w, p) < 0)
			return -1;
		if (set_changed(w, w->to[p].id) < 0)
			return -1;
	}
	return 0;
}

/* ---- kinds ---- */

static int merge(struct changing *w)
{
	if (begin_units(w) < 0)
		return -1;
	for (size_t f = 0; f < w->c->from_n; f++) {
		if (put_event(w, &w->from[f], &w->to[0]) < 0)
			return -1;
		if (is_same_unit(&w->to[0], &w->from[f]))
			continue;
		if (end_unit(w, &w->from[f], w->to[0].id) < 0 ||
			adopt(w, &w->from[f]) < 0)
			return -1;
	}
	if (unit_change_people(w) < 0)
		return -1;
	return unit_change_open(w);
}

static int split(struct changing *w)
{
	bool same = changing_goes_on(w);

	if (begin_units(w) < 0)
		return -1;
	for (size_t p = 0; p < w->c->to_n; p++)
		if (put_event(w, &w->from[0], &w->to[p]) < 0)
			return -1;
	if (!same && end_unit(w, &w->from[0], 0) < 0)
		return -1;
	if (unit_change_people(w) < 0)
		return -1;
	return unit_change_open(w);
}

static int end(struct changing *w)
{
	if (put_event(w, &w->from[0], NULL) < 0 ||
		end_unit(w, &w->from[0], 0) < 0 || unit_change_people(w) < 0)
		return -1;
	return unit_change_open(w);
}

static int rename_unit(struct changing *w)
{
	const struct unit_now *u = &w->from[0];
	struct str name = w->c->to[0].name.n > 0 ? w->c->to[0].name : u->name;
	struct sql_run q;

	if (put_event(w, u, u) < 0 ||
		unit_keys_close(w->s, u->id, w->c->on - 1) < 0)
		return -1;
	q = sql_start(w->s, SQL_UNIT_RENAME);
	sql_str(&q, w->c->to[0].code);
	sql_str(&q, name);
	sql_int(&q, u->id);
	if (sql_done(&q) < 0 ||
		unit_keys_put(w->s, w->c->to[0].code, u->id, w->a) < 0)
		return -1;
	goes_on(w, u->id);
	return unit_keys_put(w->s, name, u->id, w->a);
}

static int move(struct changing *w)
{
	struct sql_run q;

	if (put_event(w, &w->from[0], &w->from[0]) < 0)
		return -1;
	goes_on(w, w->from[0].id);
	q = sql_start(w->s, SQL_UNIT_SET_PARENT);
	sql_int(&q, w->to[0].id);
	sql_int(&q, w->from[0].id);
	return sql_done(&q);
}

int unit_change_do(struct store *s, const struct unit_change_run *r,
	struct unit_changed *ret, struct err *why)
{
	static int (*const act[])(struct changing * w) = {
		[UNIT_MERGE] = merge,
		[UNIT_SPLIT] = split,
		[UNIT_RENAME] = rename_unit,
		[UNIT_MOVE] = move,
		[UNIT_END] = end,
	};
	struct changing w = {
		.s = s,
		.a = r->arena,
		.c = r->change,
		.id = r->id,
		.now_ms = r->now_ms,
		.on = day_iso(r->change->on),
		.before = day_iso(r->change->on - 1),
		.ret = ret,
		.why = why,
	};
	int rc;

	*ret = (struct unit_changed){.change_id = r->id};
	rc = unit_change_check(&w);
	return rc != 0 ? rc : act[r->change->kind](&w);
}
