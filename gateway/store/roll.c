/*
 * roll - who are the members of a unit, and what is known of them?
 *
 * The list of members is loaded only for texts that speak of members: a
 * report costs nothing here. Roll calls and answers are read back as their
 * last line for each member. The connection's thread.
 */
#include "gateway/store/roll.h"

#include "gateway/store/sql.h"

static bool has_any(const struct fields *f, const enum field *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (field_has(f, v[i]))
			return true;
	return false;
}

static bool speaks_of_members(const struct fields *f)
{
	static const enum field fields[] = {FIELD_ABSENT_MEMBERS,
		FIELD_EXCUSED_MEMBERS, FIELD_UNEXCUSED_MEMBERS,
		FIELD_PRESENT_MEMBERS, FIELD_LATE_MEMBERS, FIELD_ABSENT_NAMES,
		FIELD_EXCUSED_NAMES, FIELD_UNEXCUSED_NAMES, FIELD_MEMBER,
		FIELD_MEMBERS, FIELD_NAME};

	return has_any(f, fields, sizeof(fields) / sizeof(fields[0]));
}

static bool speaks_of_a_task(const struct fields *f)
{
	static const enum field fields[] = {FIELD_DUE, FIELD_TEXT};

	return has_any(f, fields, sizeof(fields) / sizeof(fields[0]));
}

static int load_members(struct store *s, struct arena *a, struct context *c)
{
	struct sql_run q = sql_start(s, SQL_MEMBER_LIST);
	struct member_ref *v = NULL;
	int rc;

	sql_int(&q, c->unit->id);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, c->members_n, sizeof(*v));
		v[c->members_n++] = (struct member_ref){
			.no = (int)sql_get_int(&q, 0),
			.name = sql_get(&q, 1, a),
			.standing = sql_get(&q, 2, a),
			.status = sql_get(&q, 3, a),
			.dest = sql_get(&q, 4, a),
			.on_roll = sql_get_int(&q, 5) != 0,
		};
	}
	c->members = v;
	return rc;
}

static int load_next_task(struct store *s, struct context *c)
{
	struct sql_run q = sql_start(s, SQL_TASK_NEXT);
	int64_t next = 0;

	sql_int(&q, c->unit->id);
	if (sql_one(&q, &next) < 0)
		return -1;
	c->next_task = (int)next;
	return 0;
}

/* Whose the task is that f names. */
static int load_task(struct store *s, const struct fields *f, struct arena *a,
	struct context *c)
{
	struct sql_run q = sql_start(s, SQL_TASK_FIND);
	struct task_ref *task;
	struct str list, one;
	int *v = NULL;
	int64_t no;
	int rc;

	c->task = NULL;
	sql_int(&q, c->unit->id);
	sql_int(&q, field_int(f, FIELD_TASK, 0));
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	task = ARENA_NEW(a, struct task_ref);
	*task = (struct task_ref){NULL, 0};
	list = sql_peek(&q, 0); /* "[3,12]" */
	list = list.n > 2 ? str_part(list, 1, list.n - 2) : STR("");
	while (list.n > 0 && str_next(&list, ',', &one)) {
		if (str_to_i64(one, &no) < 0)
			continue;
		v = rows_more(a, v, task->members_n, sizeof(*v));
		v[task->members_n++] = (int)no;
	}
	task->members = v;
	c->task = task;
	sql_stop(&q);
	return 0;
}

int roll_load(struct store *s, const struct fields *fields, struct arena *a,
	struct context *c)
{
	if (speaks_of_members(fields) && load_members(s, a, c) < 0)
		return -1;
	if (field_has(fields, FIELD_TASK) && load_task(s, fields, a, c) < 0)
		return -1;
	if (!speaks_of_a_task(fields))
		return 0;
	return load_next_task(s, c);
}

int roll_lines(struct store *s, const struct roll_of *of, struct arena *a,
	struct roll_lines *ret)
{
	struct day_text day = day_iso(of->day);
	struct sql_run q = sql_start(s,
		of->what == ROLL_ANSWERS ? SQL_ANSWER_LINES : SQL_ROLL_LINES);
	struct roll_line *v = NULL;
	int rc;

	*ret = (struct roll_lines){0};
	sql_int(&q, of->unit_id);
	sql_z(&q, day.z);
	while ((rc = sql_next(&q)) > 0) {
		int no = (int)sql_get_int(&q, 0);

		if (v != NULL && ret->n > 0 && v[ret->n - 1].member_no == no)
			ret->n--;
		v = rows_more(a, v, ret->n, sizeof(*v));
		v[ret->n++] = (struct roll_line){no, sql_get(&q, 1, a)};
	}
	ret->v = v;
	return rc;
}
