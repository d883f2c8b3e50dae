/*
 * opinion - which opinions wait for an answer, and which has got one?
 *
 * The answer is given in a meeting or on paper, not by SMS: here stands only
 * that it was. Writer thread; the list on either connection.
 */
#include "gateway/store/opinion.h"

#include "gateway/store/sql.h"

int opinion_open(struct store *s, struct str unit, struct arena *a,
	struct opinion_rows *ret)
{
	struct sql_run q = sql_start(s, SQL_OPINION_OPEN);
	struct opinion_row *v = NULL;
	int rc;

	*ret = (struct opinion_rows){0};
	sql_str(&q, unit);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, ret->n, sizeof(*v));
		v[ret->n++] = (struct opinion_row){
			.id = sql_get_int(&q, 0),
			.unit = sql_get(&q, 1, a),
			.topic = sql_get(&q, 2, a),
			.came_at = sql_get_int(&q, 3),
		};
	}
	ret->v = v;
	return rc;
}

int opinion_answer(struct store *s, int64_t id)
{
	struct sql_run q = sql_start(s, SQL_OPINION_ANSWER);

	sql_int(&q, id);
	if (sql_done(&q) < 0)
		return -1;
	return sqlite3_changes(s->db) > 0;
}
