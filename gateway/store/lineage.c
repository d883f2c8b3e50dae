/*
 * lineage - which unit is meant, when units have changed?
 *
 * Words that name an ended unit are looked up as its heir (unit.c), or as all
 * of its parts, of which the sender is asked for one. What remains is time: a
 * report of a meeting before the merger is of the unit that met, and a record
 * that was begun before it and finished after it is of the heir. Writer
 * thread.
 */
#include "gateway/store/lineage.h"

#include "gateway/store/unit.h"
#include "gateway/store/unit_keys.h"

static const struct unit_ref *seen(
	const struct context *c, struct str code, bool *ret_named)
{
	*ret_named = true;
	for (size_t i = 0; i < c->matches_n; i++)
		for (size_t k = 0; k < c->matches[i].n; k++)
			if (str_eq(c->matches[i].units[k].code, code))
				return &c->matches[i].units[k];
	*ret_named = false;
	for (size_t i = 0; i < c->units_n; i++)
		if (str_eq(c->units[i].code, code))
			return &c->units[i];
	return NULL;
}

/* Nobody named a unit: it is the one where the sender held the office then. */
static int of_then(struct store *s, struct str phone, const struct unit_ref *u,
	struct arena *a, struct fields *f)
{
	struct day_text on = day_iso((day_t)field_int(f, FIELD_DATE, DAY_NONE));
	struct sql_run q = sql_start(s, SQL_LINEAGE_THEN);
	int rc;

	sql_str(&q, phone);
	sql_int(&q, u->id);
	sql_z(&q, on.z);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	if (sql_get_int(&q, 1) == 1)
		field_set_text(f, FIELD_UNIT, sql_get(&q, 0, a));
	sql_stop(&q);
	return 0;
}

/* A code that is no longer anybody's own, from a record begun before. */
static int by_old_code(
	struct store *s, struct str code, struct arena *a, struct str *ret)
{
	struct sql_run q = sql_start(s, SQL_LINEAGE_CODE);
	int rc;

	*ret = code;
	sql_str(&q, unit_key(code, true, a));
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = sql_get(&q, 0, a);
	sql_stop(&q);
	return 0;
}

static int heir_code(
	struct store *s, int64_t heir, struct arena *a, struct str *ret)
{
	struct sql_run q = sql_start(s, SQL_LINEAGE_UNIT);
	int rc;

	sql_int(&q, heir);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = sql_get(&q, 1, a);
	sql_stop(&q);
	return 0;
}

static int of_record(
	struct store *s, day_t day, struct arena *a, struct fields *f)
{
	struct str code = field_text(f, FIELD_UNIT), now;
	struct sql_run q;
	struct unit_ref u;
	int64_t heir;
	int rc;

	if (by_old_code(s, code, a, &now) < 0)
		return -1;
	q = sql_start(s, SQL_UNIT_BY_CODE);
	sql_str(&q, now);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	u = unit_read_changed(&q, 0, a, &heir);
	sql_stop(&q);
	if (heir != 0 && day >= u.changed && heir_code(s, heir, a, &now) < 0)
		return -1;
	field_set_text(f, FIELD_UNIT, now);
	return 0;
}

int lineage_settle(struct store *s, const struct context_query *query,
	const struct context *c, struct arena *a, struct fields *f)
{
	struct str code = field_text(f, FIELD_UNIT);
	day_t day = (day_t)field_int(
		f, FIELD_DATE, field_int(f, FIELD_OLD_DATE, c->today));
	const struct unit_ref *u;
	bool named;

	if (code.n == 0 || !c->sender_known)
		return 0;
	u = seen(c, code, &named);
	if (u == NULL)
		return of_record(s, day, a, f);
	if (u->changed == DAY_NONE || day >= u->changed ||
		!field_has(f, FIELD_DATE))
		return 0;
	if (u->was.n > 0)
		field_set_text(f, FIELD_UNIT, u->was);
	return named ? 0 : of_then(s, query->message->from, u, a, f);
}

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
