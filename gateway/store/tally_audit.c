/*
 * tally_audit - how often did staff look at people's data, or change it?
 *
 * By unit, and what was done; what belongs to no unit stands by itself. Who it
 * was is in the table alone. The first row of the chain that does not hold is
 * a fault of the report, whatever period that is of.
 */
#include "gateway/store/audit.h"
#include "gateway/store/tally_parts.h"

enum { COL_WHAT = TALLY_FIRST, COL_TIMES };

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_WHAT] = {"what", "WHAT", TABLE_TEXT, false},
	[COL_TIMES] = {"times", "TIMES", TABLE_COUNT, true},
};

const struct tally_shape tally_audit_shape = {
	.title = "Audit",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "unit",
	.keyed = "act",
};

static int name_fault(struct tally_work *w)
{
	struct audit_check c;

	if (audit_check(w->s, &c) != 0)
		return -1;
	if (c.broken == 0)
		return 0;
	w->faults =
		rows_more(w->arena, w->faults, w->faults_n, sizeof(*w->faults));
	w->faults[w->faults_n++] = arena_printf(w->arena,
		"row %lld of the audit %s; the %lld before it hold",
		(long long)c.broken, c.why, (long long)c.rows);
	return 0;
}

/* A unit's line is made before those of its acts; rows come by unit. */
int tally_audit(struct tally_work *w)
{
	struct sql_run q = sql_start(w->s, SQL_AUDIT_COUNT);
	struct table_cell *sum = NULL;
	size_t before = TALLY_NO_UNIT;
	int rc;

	sql_int(&q, day_to_ms(w->ask->from, 0, w->offset_min));
	sql_int(&q, day_to_ms(w->ask->to + 1, 0, w->offset_min));
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(w, sql_get_int(&q, 0));
		struct str what = sql_get(&q, 1, w->arena);
		int64_t n = sql_get_int(&q, 2);
		struct table_cell *v;

		if (at == TALLY_NO_UNIT)
			continue;
		if (at != before)
			sum = tally_add(w, at, (struct str){NULL, 0});
		before = at;
		v = tally_add(w, at, what);
		v[COL_WHAT] = table_text(what);
		v[COL_TIMES] = table_count(n);
		sum[COL_TIMES] = table_count(sum[COL_TIMES].n + n);
	}
	return rc < 0 ? -1 : name_fault(w);
}
