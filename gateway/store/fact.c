/*
 * fact - what do staff say of a unit, and what was said so far?
 *
 * The same table as for texts (record_unit.c), without a message. A unit that
 * has ended takes no fact of a later day. Writer thread; the list on either
 * connection.
 */
#include "gateway/store/fact.h"

#include "gateway/store/lineage.h"
#include "gateway/store/sql.h"

/* The last day that it speaks of: of a year, its first will do. */
static day_t day_of_since(struct str since, struct arena *a)
{
	if (since.n == 4)
		since = arena_printf(a, STR_FMT "-01-01", STR_ARG(since));
	return day_parse(since);
}

static int check(struct store *s, const struct fact_entry *e, struct arena *a,
	struct str *ret_code, struct err *why)
{
	struct lineage_unit u;
	int rc = lineage_named(s, e->unit, a, ret_code);
	day_t on = day_of_since(e->since, a);

	if (rc > 0)
		rc = lineage_unit(s, *ret_code, a, &u);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		(void)err_set(why, "there is no unit '" STR_FMT "'",
			STR_ARG(e->unit));
		return 0;
	}
	if (u.valid_to.n > 0 && on > day_parse(u.valid_to)) {
		(void)err_set(why, STR_FMT " has ended with " STR_FMT,
			STR_ARG(e->unit), STR_ARG(u.valid_to));
		return 0;
	}
	return 1;
}

int fact_put(struct store *s, const struct fact_entry *e, int64_t now_ms,
	struct arena *a, struct err *why)
{
	struct str code;
	int rc = check(s, e, a, &code, why);
	struct sql_run q;
	int64_t unit_id;

	if (rc <= 0)
		return rc;
	q = sql_start(s, SQL_UNIT_BY_CODE);
	sql_str(&q, code);
	if (sql_one(&q, &unit_id) <= 0)
		return -1;
	q = sql_start(s, SQL_UNIT_FACT_PUT);
	sql_int(&q, unit_id);
	sql_z(&q, fact_str(e->fact));
	sql_str(&q, e->value);
	sql_str(&q, e->since);
	sql_z(&q, "applied");
	sql_z(&q, NULL);
	sql_int(&q, now_ms);
	sql_z(&q, NULL);
	return sql_done(&q) < 0 ? -1 : 1;
}

int fact_list(struct store *s, struct str unit, struct arena *a,
	struct fact_rows *ret)
{
	struct sql_run q = sql_start(s, SQL_FACT_LIST);
	struct fact_row *v = NULL;
	int rc;

	*ret = (struct fact_rows){0};
	sql_str(&q, unit);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, ret->n, sizeof(*v));
		v[ret->n++] = (struct fact_row){
			.unit = sql_get(&q, 0, a),
			.fact = sql_get(&q, 1, a),
			.value = sql_get(&q, 2, a),
			.since = sql_get(&q, 3, a),
			.said_at = sql_get_int(&q, 4),
			.message = sql_get_int(&q, 5),
		};
	}
	ret->v = v;
	return rc;
}
