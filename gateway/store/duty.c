/*
 * duty - what is somebody to do until when, and may they be told?
 *
 * Tasks, steps of candidates, and phones of the members that they name, a few
 * rows each. Writer thread.
 */
#include "gateway/store/duty.h"

#include "gateway/base/jdoc.h"
#include "gateway/store/sql.h"

/* A JSON list of roll numbers, as record_unit.c writes it. */
static void read_members(
	struct str json, struct arena *a, struct duty_task *ret)
{
	struct err err;
	struct jdoc *list = json.n > 0 ? jdoc_parse(json, &err) : NULL;
	size_t n = list != NULL ? jdoc_len(list) : 0;
	int *v = ARENA_ARRAY(a, int, n + 1);

	for (size_t i = 0; i < n; i++) {
		int64_t no = 0;

		if (jdoc_int(jdoc_item(list, i), &no))
			v[ret->members_n++] = (int)no;
	}
	ret->members = v;
	jdoc_free(list);
}

int duty_task(
	struct store *s, int64_t id, struct arena *a, struct duty_task *ret)
{
	struct sql_run q = sql_start(s, SQL_DUTY_TASK);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct duty_task){
		.id = id,
		.unit_id = sql_get_int(&q, 0),
		.unit = sql_get(&q, 1, a),
		.no = (int)sql_get_int(&q, 2),
		.due = sql_is_null(&q, 4) ? DAY_NONE
					  : day_parse(sql_peek(&q, 4)),
		.open = str_is(sql_peek(&q, 5), "open"),
	};
	read_members(sql_peek(&q, 3), a, ret);
	sql_stop(&q);
	return 1;
}

int duty_member(struct store *s, int64_t unit_id, int no, struct arena *a,
	struct agenda_holders *ret)
{
	struct sql_run q = sql_start(s, SQL_DUTY_MEMBER);
	int rc;

	*ret = (struct agenda_holders){0};
	sql_int(&q, unit_id);
	sql_int(&q, no);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct agenda_holder){
			.phone = sql_get(&q, 0, a),
			.language = sql_get(&q, 1, a),
		};
	}
	return rc;
}

int duty_candidate(struct store *s, int64_t id, struct arena *a,
	struct duty_candidate *ret)
{
	struct sql_run q = sql_start(s, SQL_DUTY_CANDIDATE);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct duty_candidate){
		.id = id,
		.unit_id = sql_get_int(&q, 0),
		.unit = sql_get(&q, 1, a),
		.no = (int)sql_get_int(&q, 2),
		.class_done = str_is(sql_peek(&q, 3), "class_done"),
		.at = sql_get_int(&q, 4),
		.is_over = sql_get_int(&q, 5) != 0,
		.helper = (int)sql_get_int(&q, 6),
	};
	sql_stop(&q);
	return 1;
}
