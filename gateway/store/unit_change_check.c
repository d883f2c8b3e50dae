/*
 * unit_change_check - can a change of units be done, and if not, why?
 *
 * Each reason is one sentence for the technician. Loads the units on the way.
 * Writer thread.
 */
#include "gateway/store/unit_change_parts.h"

#include "gateway/store/lineage.h"
#include "gateway/store/unit_keys.h"

#define CODE_MAX 32

static int no(struct changing *w, const char *fmt, struct str code)
{
	struct str text =
		arena_printf(w->a, "unit " STR_FMT " %s", STR_ARG(code), fmt);

	err_set(w->why, STR_FMT, STR_ARG(text));
	return 1;
}

/* 0, also when there is none: ret->id is 0 then. */
static int load(struct changing *w, struct str code, struct unit_now *ret)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_UNIT);
	int rc;

	*ret = (struct unit_now){.code = code};
	sql_str(&q, code);
	sql_z(&q, w->on.z);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct unit_now){
		.id = sql_get_int(&q, 0),
		.code = sql_get(&q, 1, w->a),
		.name = sql_get(&q, 2, w->a),
		.kind = sql_get(&q, 3, w->a),
		.parent = sql_get_int(&q, 4),
		.valid_from = sql_get(&q, 5, w->a),
		.valid_to = sql_get(&q, 6, w->a),
		.changed_on = sql_get(&q, 7, w->a),
		.children = sql_get_int(&q, 8),
	};
	sql_stop(&q);
	return 0;
}

static int load_nos(struct changing *w, struct unit_now *u)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_MEMBERS);
	int *v = NULL;
	int rc;

	sql_int(&q, u->id);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(w->a, v, u->nos_n, sizeof(*v));
		v[u->nos_n++] = (int)sql_get_int(&q, 0);
	}
	u->nos = v;
	return rc;
}

static bool is_past(const struct changing *w, struct str day)
{
	return day.p != NULL && str_cmp(day, str_of(w->on.z)) < 0;
}

static int check_alive(struct changing *w, const struct unit_now *u)
{
	if (is_past(w, u->valid_to))
		return no(w, "has ended before that day", u->code);
	if (u->valid_from.p != NULL && !is_past(w, u->valid_from) &&
		!str_is(u->valid_from, w->on.z))
		return no(w, "does not exist yet on that day", u->code);
	if (u->changed_on.p != NULL && !is_past(w, u->changed_on) &&
		!str_is(u->changed_on, w->on.z))
		return no(w, "has changed after that day", u->code);
	return 0;
}

static int check_from(struct changing *w, size_t i)
{
	struct unit_now *u = &w->from[i];
	struct str code;
	int rc;

	if (lineage_named(w->s, w->c->from[i], w->a, &code) < 0 ||
		load(w, code, u) < 0)
		return -1;
	if (u->id == 0)
		return no(w, "does not exist", u->code);
	for (size_t k = 0; k < i; k++)
		if (w->from[k].id == u->id)
			return no(w, "is named twice", u->code);
	rc = check_alive(w, u);
	return rc != 0 ? rc : load_nos(w, u);
}

static bool is_code(struct str code)
{
	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			    (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return code.n > 0 && code.n <= CODE_MAX;
}

/* A code that was another unit's would be understood as that one. */
static int check_new_code(struct changing *w, struct str code)
{
	struct sql_run q;
	int64_t unit = 0;
	int rc;

	if (!is_code(code))
		return no(w, "is no code: letters, digits and '-', at most 32",
			code);
	q = sql_start(w->s, SQL_CHANGE_OLD_NAME);
	sql_str(&q, unit_key(code, true, w->a));
	rc = sql_one(&q, &unit);
	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < w->c->from_n; i++)
		if (w->from[i].id == unit)
			return 0;
	return no(w, "was the code or name of another unit before", code);
}

static int check_to(struct changing *w, size_t i)
{
	struct unit_now *u = &w->to[i];

	if (load(w, w->c->to[i].code, u) < 0)
		return -1;
	for (size_t k = 0; k < i; k++)
		if (str_eq(w->to[k].code, u->code))
			return no(w, "is named twice", u->code);
	return u->id != 0 ? check_alive(w, u) : check_new_code(w, u->code);
}

/* ---- what each kind needs ---- */

static int check_rename(struct changing *w)
{
	if (w->to[0].id != 0 && w->to[0].id != w->from[0].id)
		return no(
			w, "exists already; to join it, merge", w->to[0].code);
	return 0;
}

/* Is a unit below another one? 1, 0, -1. */
static int is_below(struct changing *w, int64_t unit, int64_t top)
{
	for (int depth = 0; unit != 0 && depth < 16; depth++) {
		struct sql_run q = sql_start(w->s, SQL_UNIT_PARENT);

		if (unit == top)
			return 1;
		sql_int(&q, unit);
		unit = 0;
		if (sql_one(&q, &unit) < 0)
			return -1;
	}
	return 0;
}

static int check_move(struct changing *w)
{
	int rc;

	if (w->to[0].id == 0)
		return no(w, "does not exist", w->to[0].code);
	rc = is_below(w, w->to[0].id, w->from[0].id);
	return rc > 0 ? no(w, "would lie below itself", w->from[0].code) : rc;
}

static int check_childless(struct changing *w)
{
	if (w->from[0].children > 0)
		return no(w, "has units below it: move them first",
			w->from[0].code);
	return 0;
}

/* Each number stands once, and one part at most takes the others. */
static int check_split(struct changing *w)
{
	const struct unit_part *to = w->c->to;
	size_t rest = 0, listed = 0;
	bool *seen = ARENA_ARRAY(w->a, bool, 10000);

	for (size_t i = 0; i < w->from[0].nos_n; i++)
		seen[w->from[0].nos[i]] = true;
	for (size_t i = 0; i < w->c->to_n; i++) {
		rest += to[i].nos_n == 0;
		for (size_t k = 0; k < to[i].nos_n; k++) {
			if (!seen[to[i].nos[k]])
				return no(w,
					"takes a member who is not there, or "
					"was named before",
					to[i].code);
			seen[to[i].nos[k]] = false;
			listed++;
		}
	}
	if (rest > 1)
		return no(w,
			"and another one name no members: only one can "
			"take all others",
			w->to[0].code);
	if (rest == 0 && listed < w->from[0].nos_n)
		return no(w, "has members whom no part takes", w->from[0].code);
	return check_childless(w);
}

static int check_merge(struct changing *w)
{
	if (w->c->from_n == 1 && w->to[0].id == 0 && w->c->to[0].name.n == 0)
		return no(w,
			"does not exist; a new unit needs a name, for another "
			"code of the same unit rename it",
			w->to[0].code);
	for (size_t i = 0; i < w->c->from_n; i++) {
		int64_t parent = w->from[i].parent;
		int rc =
			w->to[0].id != 0 ? is_below(w, parent, w->to[0].id) : 0;

		if (rc < 0)
			return -1;
		if (rc > 0)
			return no(w, "lies above those that are to join it",
				w->to[0].code);
	}
	for (size_t i = 0; i < w->c->from_n; i++)
		if (!is_same_unit(&w->to[0], &w->from[i]))
			return 0;
	return no(w, "cannot be merged into itself", w->to[0].code);
}

size_t unit_change_part_of(const struct changing *w, int no)
{
	size_t rest = 0;

	for (size_t i = 0; i < w->c->to_n; i++) {
		if (w->c->to[i].nos_n == 0)
			rest = i;
		for (size_t k = 0; k < w->c->to[i].nos_n; k++)
			if (w->c->to[i].nos[k] == no)
				return i;
	}
	return rest;
}

int unit_change_check(struct changing *w)
{
	static int (*const check[])(struct changing * w) = {
		[UNIT_MERGE] = check_merge,
		[UNIT_SPLIT] = check_split,
		[UNIT_RENAME] = check_rename,
		[UNIT_MOVE] = check_move,
		[UNIT_END] = check_childless,
	};
	int rc = 0;

	w->from = ARENA_ARRAY(w->a, struct unit_now, w->c->from_n);
	w->to = ARENA_ARRAY(w->a, struct unit_now, w->c->to_n);
	for (size_t i = 0; rc == 0 && i < w->c->from_n; i++)
		rc = check_from(w, i);
	for (size_t i = 0; rc == 0 && i < w->c->to_n; i++)
		rc = check_to(w, i);
	return rc != 0 ? rc : check[w->c->kind](w);
}
