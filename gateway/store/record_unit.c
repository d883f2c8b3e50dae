/*
 * record_unit - what is said of a unit: its facts, candidates and tasks.
 *
 * Facts and steps of candidates are dated rows, the last one counts. A task
 * has a number of its own in the unit; done may be said of one that was never
 * texted, and is kept all the same. Writer thread.
 */
#include "gateway/store/record.h"

#include <assert.h>

int record_candidate(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_CANDIDATE_PUT);
	int64_t id;

	sql_int(&q, e->unit_id);
	sql_int(&q, field_int(e->fields, FIELD_CANDIDATE, 0));
	sql_str(&q, field_text(e->fields, FIELD_STEP));
	sql_int_or_null(&q, field_int(e->fields, FIELD_MEMBER, 0));
	record_bind_origin(w, &q);
	if (sql_insert(&q, &id) < 0)
		return -1;
	record_touched(w, e, id);
	return 0;
}

static struct str members_text(struct applying *w, const struct fields *f)
{
	struct arena *a = w->in->outcome->arena;
	size_t n;
	const int *v = record_ints(f, FIELD_MEMBERS, &n);
	struct str list;

	if (n == 0 && !field_has(f, FIELD_MEMBER))
		return (struct str){NULL, 0};
	if (n == 0)
		return arena_printf(
			a, "[%d]", (int)field_int(f, FIELD_MEMBER, 0));
	list = arena_printf(a, "[%d", v[0]);
	for (size_t i = 1; i < n; i++)
		list = arena_printf(a, STR_FMT ",%d", STR_ARG(list), v[i]);
	return arena_printf(a, STR_FMT "]", STR_ARG(list));
}

static int task_done(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_TASK_DONE);

	sql_int(&q, e->unit_id);
	sql_int(&q, field_int(e->fields, FIELD_TASK, 0));
	record_bind_origin(w, &q);
	return sql_done(&q);
}

int record_task(struct applying *w, const struct effect *e)
{
	const struct fields *f = e->fields;
	struct sql_run q;
	int64_t id;

	assert(field_has(f, FIELD_TASK));
	if (str_is(field_text(f, FIELD_STATE), "done"))
		return task_done(w, e);
	q = sql_start(w->s, SQL_TASK_PUT);
	sql_int(&q, e->unit_id);
	sql_int(&q, f->v[FIELD_TASK].i);
	sql_str(&q, members_text(w, f));
	sql_str(&q, field_text(f, FIELD_TEXT));
	sql_str(&q, record_day(w, f, FIELD_DUE));
	record_bind_origin(w, &q);
	if (sql_insert(&q, &id) < 0)
		return -1;
	record_touched(w, e, id);
	return 0;
}

static struct str value_text(
	struct applying *w, const struct fields *f, enum field id)
{
	if (field_type(id) == FIELD_T_TEXT)
		return f->v[id].s;
	if (field_type(id) == FIELD_T_BOOL)
		return f->v[id].i != 0 ? STR("true") : STR("false");
	return arena_printf(
		w->in->outcome->arena, "%lld", (long long)f->v[id].i);
}

static int put_fact(struct applying *w, const struct effect *e, enum field id,
	int64_t proposal)
{
	struct sql_run q = sql_start(w->s, SQL_UNIT_FACT_PUT);

	sql_int(&q, e->unit_id);
	sql_z(&q, field_str(id));
	sql_str(&q, value_text(w, e->fields, id));
	sql_str(&q, record_day(w, e->fields, FIELD_SINCE));
	sql_z(&q, record_state_str(e->state));
	record_bind_origin(w, &q);
	sql_int_or_null(&q, proposal);
	return sql_done(&q);
}

int record_unit_fact(struct applying *w, const struct effect *e)
{
	static const enum field facts[] = {FIELD_HEAD_IS_MEMBER,
		FIELD_SECRETARY_IS_HEAD, FIELD_HAS_COMMITTEE,
		FIELD_COMMITTEE_SIZE, FIELD_ROLE_CHANGE, FIELD_PHONE};
	int64_t proposal;

	if (record_proposal(w, e, &proposal) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (field_has(e->fields, facts[i]) &&
			put_fact(w, e, facts[i], proposal) < 0)
			return -1;
	return 0;
}
