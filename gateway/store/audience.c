/*
 * audience - whom is a text to many for?
 *
 * Secretaries of a subtree by their roles, or members by their line on the
 * roll; a phone counts once, whatever it stands for. Says of each what may
 * keep a text from it; whoever sends decides. Either connection.
 */
#include "gateway/store/audience.h"

#include "gateway/store/sql.h"

static bool is_of_members(const struct audience_query *q)
{
	return !str_is(q->to, "secretaries");
}

int audience_phones(struct store *s, const struct audience_query *q,
	struct arena *a, struct audience_phones *ret)
{
	struct day_text day = day_iso(q->on);
	struct sql_run run =
		sql_start(s, is_of_members(q) ? SQL_AUDIENCE_MEMBERS
					      : SQL_AUDIENCE_SECRETARIES);
	int rc;

	*ret = (struct audience_phones){0};
	sql_int(&run, q->unit_id);
	sql_z(&run, day.z);
	sql_int(&run, q->since_ms);
	sql_str(&run, q->after);
	sql_int(&run, (int64_t)q->max);
	if (is_of_members(q))
		sql_str(&run, q->to);
	while ((rc = sql_next(&run)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct audience_phone){
			.phone = sql_get(&run, 0, a),
			.language = sql_get(&run, 1, a),
			.opted_out = sql_get_int(&run, 2) != 0,
			.consents = sql_get_int(&run, 3) != 0,
			.unasked = (int)sql_get_int(&run, 4),
		};
	}
	return rc;
}

int audience_without(
	struct store *s, const struct audience_query *q, int64_t *ret)
{
	struct day_text day = day_iso(q->on);
	struct sql_run run =
		sql_start(s, is_of_members(q) ? SQL_AUDIENCE_NO_PHONE
					      : SQL_AUDIENCE_NO_SECRETARY);

	*ret = 0;
	sql_int(&run, q->unit_id);
	sql_z(&run, day.z);
	if (is_of_members(q))
		sql_str(&run, q->to);
	return sql_one(&run, ret) < 0 ? -1 : 0;
}
