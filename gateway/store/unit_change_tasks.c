/*
 * unit_change_tasks - whose are open tasks when members go different ways?
 *
 * A task goes with its members, under their new numbers and with its
 * reminders; one of members of several parts is one task in each. Who has left
 * the roll is dropped, and a task of nobody goes to the first part, unless its
 * unit goes on. Writer thread.
 */
#include "gateway/store/unit_change_parts.h"

struct task {
	int64_t id;
	struct str members; /* JSON; absent: none */
};

/* One unit's share of a task. */
struct share {
	int64_t unit;
	struct jdoc *nos;
};

static int load(
	struct changing *w, int64_t unit, struct task **ret, size_t *ret_n)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_TASKS);
	struct task *v = NULL;
	int rc;

	*ret_n = 0;
	sql_int(&q, unit);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(w->a, v, *ret_n, sizeof(*v));
		v[(*ret_n)++] =
			(struct task){sql_get_int(&q, 0), sql_get(&q, 2, w->a)};
	}
	*ret = v;
	return rc;
}

static void give(struct share *v, size_t n, int64_t unit, int64_t no)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].unit == unit)
			jdoc_push(v[i].nos, jdoc_new_int(no));
}

static void share_out(const struct changing *w, struct str members,
	int64_t from, struct share *v, size_t n)
{
	struct err err;
	struct jdoc *old = members.n > 0 ? jdoc_parse(members, &err) : NULL;

	for (size_t i = 0; i < jdoc_len(old); i++) {
		const struct unit_moved *m;
		int64_t no;

		if (!jdoc_int(jdoc_item(old, i), &no))
			continue;
		m = changing_moved(w, from, no);
		if (m != NULL)
			give(v, n, m->to_id, m->to_no);
		else
			give(v, n, from, no);
	}
	jdoc_free(old);
}

static int move(struct changing *w, int64_t task, int64_t to, struct str nos)
{
	struct sql_run q = sql_start(w->s, SQL_TASK_MOVE);

	sql_int(&q, task);
	sql_int(&q, to);
	sql_str(&q, nos);
	w->ret->tasks++;
	if (sql_done(&q) < 0)
		return -1;
	return ACT(w, SQL_TASK_ERRANDS_MOVE, task, to);
}

static int stay(struct changing *w, int64_t task, struct str nos)
{
	struct sql_run q = sql_start(w->s, SQL_TASK_STAY);

	sql_int(&q, task);
	sql_str(&q, nos);
	return sql_done(&q);
}

static int copy(struct changing *w, int64_t task, int64_t to, struct str nos)
{
	struct sql_run q = sql_start(w->s, SQL_TASK_COPY);
	int64_t id;

	sql_int(&q, task);
	sql_int(&q, to);
	sql_str(&q, nos);
	w->ret->tasks++;
	if (sql_insert(&q, &id) < 0)
		return -1;
	return ACT(w, SQL_TASK_ERRANDS_COPY, task, to, id);
}

/* The first that has a share gets the task itself, the others one like it. */
static int carry_out(struct changing *w, int64_t task, int64_t from,
	const struct share *v, size_t n)
{
	bool taken = false;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct str nos = jdoc_print(v[i].nos, w->a);

		if (jdoc_len(v[i].nos) == 0)
			continue;
		if (taken)
			rc = copy(w, task, v[i].unit, nos);
		else if (v[i].unit == from)
			rc = stay(w, task, nos);
		else
			rc = move(w, task, v[i].unit, nos);
		taken = true;
	}
	if (taken || rc != 0 || v[0].unit == from)
		return rc;
	return move(w, task, v[0].unit, (struct str){NULL, 0});
}

static int move_one(
	struct changing *w, const struct task *t, int64_t from, bool lives)
{
	struct share *v = ARENA_ARRAY(w->a, struct share, w->c->to_n + 1);
	size_t n = 0;
	int rc;

	if (lives)
		v[n++].unit = from;
	for (size_t i = 0; i < w->c->to_n; i++)
		if (!lives || w->to[i].id != from)
			v[n++].unit = w->to[i].id;
	for (size_t i = 0; i < n; i++)
		v[i].nos = jdoc_array();
	share_out(w, t->members, from, v, n);
	rc = carry_out(w, t->id, from, v, n);
	for (size_t i = 0; i < n; i++)
		jdoc_free(v[i].nos);
	return rc;
}

int unit_change_tasks(struct changing *w, int64_t from, bool lives)
{
	struct task *v;
	size_t n;

	if (load(w, from, &v, &n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (move_one(w, &v[i], from, lives) < 0)
			return -1;
	return 0;
}
