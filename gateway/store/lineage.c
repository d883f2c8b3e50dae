/*
 * lineage - what was a unit called, and when was it there?
 *
 * Looks up former codes and names for commands and reminders. What texts mean
 * by them is lineage_settle.c. The connection's thread.
 */
#include "gateway/store/lineage.h"

#include "gateway/store/sql.h"

int lineage_is_valid(struct store *s, int64_t unit_id, day_t on, bool *ret)
{
	struct day_text day = day_iso(on);
	struct sql_run q = sql_start(s, SQL_LINEAGE_VALID);
	int64_t one;
	int rc;

	sql_int(&q, unit_id);
	sql_z(&q, day.z);
	rc = sql_one(&q, &one);
	*ret = rc > 0;
	return rc < 0 ? -1 : 0;
}

int lineage_names(struct store *s, int64_t change_id, int64_t unit_id,
	struct arena *a, struct lineage_names *ret)
{
	struct sql_run q = sql_start(s, SQL_LINEAGE_NAMES);
	int rc;

	*ret = (struct lineage_names){.on = DAY_NONE};
	sql_int(&q, change_id);
	sql_int(&q, unit_id);
	while ((rc = sql_next(&q)) > 0) {
		ret->code = sql_get(&q, 0, a);
		ret->before = arena_printf(a, STR_FMT "%s" STR_FMT,
			STR_ARG(ret->before), ret->before.n > 0 ? ", " : "",
			STR_ARG(sql_peek(&q, 1)));
		ret->on = day_parse(sql_peek(&q, 2));
	}
	return rc;
}

int lineage_unit(struct store *s, struct str code, struct arena *a,
	struct lineage_unit *ret)
{
	struct sql_run q = sql_start(s, SQL_LINEAGE_LOOK);
	int rc;

	sql_str(&q, code);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct lineage_unit){
		.name = sql_get(&q, 0, a),
		.parent = sql_get(&q, 1, a),
		.heir = sql_get(&q, 2, a),
		.valid_from = sql_get(&q, 3, a),
		.valid_to = sql_get(&q, 4, a),
	};
	sql_stop(&q);
	return 1;
}

int lineage_named(
	struct store *s, struct str word, struct arena *a, struct str *ret)
{
	struct sql_run q = sql_start(s, SQL_LINEAGE_NAMED);
	int rc;

	*ret = word;
	sql_str(&q, word);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = sql_get(&q, 0, a);
	sql_stop(&q);
	return 1;
}
