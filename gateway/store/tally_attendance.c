/*
 * tally_attendance - how many came, of all and of those who could?
 *
 * A line a reported meeting, its latest version that counts. gross: present
 * of the total, as reported. net: without those who are exempt and did not
 * come (one who comes counts: HD 42-HD/BTCTW). home: without those who are
 * away, too, for 37 of 47 can be all who were in the hamlet. Exempt and away
 * as the report says, else as the roll stood on that day. The band is that of
 * the rules in force on the meeting's day (figures.yaml), by the net rate.
 */
#include "gateway/store/tally_parts.h"

/* A meeting of a month may be held a while before it begins. */
#define JOINED_DAYS 62

enum {
	COL_DATE = TALLY_FIRST,
	COL_KIND,
	COL_GROSS,
	COL_NET,
	COL_HOME,
	COL_EXCUSED,
	COL_UNEXCUSED,
	COL_AWAY,
	COL_EXEMPT,
	COL_UNITS,
	COL_BAND,
	COL_VERSION
};

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_DATE] = {"held_on", "HELD", TABLE_TEXT, false},
	[COL_KIND] = {"kind", "KIND", TABLE_TEXT, false},
	[COL_GROSS] = {"gross", "GROSS", TABLE_RATE, true},
	[COL_NET] = {"net", "NET", TABLE_RATE, true},
	[COL_HOME] = {"home", "HOME", TABLE_RATE, true},
	[COL_EXCUSED] = {"excused", "EXC", TABLE_COUNT, true},
	[COL_UNEXCUSED] = {"unexcused", "UNEXC", TABLE_COUNT, true},
	[COL_AWAY] = {"away", "AWAY", TABLE_COUNT, true},
	[COL_EXEMPT] = {"exempt", "EXEMPT", TABLE_COUNT, true},
	[COL_UNITS] = {"units_unexcused", "WITH UNEXC", TABLE_RATE, true},
	[COL_BAND] = {"band", "BAND", TABLE_COUNT, false},
	[COL_VERSION] = {"version", "VERS", TABLE_COUNT, false},
};

const struct tally_shape tally_attendance_shape = {
	.title = "Attendance",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "meeting",
};

/* The columns of the statement. */
enum {
	A_UNIT,
	A_HELD,
	A_KIND,
	A_TOTAL,
	A_PRESENT,
	A_EXCUSED,
	A_UNEXCUSED,
	A_AWAY,
	A_EXEMPT,
	A_VERSION
};

struct attending {
	struct tally_work *w;
	const struct tally_roll *roll;
	bool *any;    /* of each unit: one of its meetings had unexcused ones */
	size_t *line; /* of each unit: its first line, and 1; 0: none */
};

static struct table_cell said_or(
	const struct sql_run *q, int col, int64_t otherwise)
{
	return sql_is_null(q, col) ? table_count(otherwise)
				   : table_count(sql_get_int(q, col));
}

static struct table_cell gross(const struct sql_run *q)
{
	if (sql_is_null(q, A_TOTAL) || sql_is_null(q, A_PRESENT))
		return (struct table_cell){0};
	return table_rate(sql_get_int(q, A_PRESENT), sql_get_int(q, A_TOTAL));
}

/* Of those who could come; all who came could. */
static struct table_cell without(const struct table_cell *all, int64_t not )
{
	int64_t could = all->d - not ;

	if (!all->known)
		return *all;
	return table_rate(all->n, could > all->n ? could : all->n);
}

static bool reaches(const struct attending *t, const struct tally_unit *u,
	enum figure f, day_t on, const struct table_cell *rate)
{
	int64_t hundredths;

	return figure_get(t->w->ask->config, f, &u->chain, on, &hundredths) &&
	       rate->n * 10000 >= hundredths * rate->d;
}

static struct table_cell band(const struct attending *t,
	const struct tally_unit *u, day_t on, const struct table_cell *v)
{
	static const enum figure steps[] = {
		FIGURE_BAND_4, FIGURE_BAND_3, FIGURE_BAND_2};
	int64_t max;

	if (!v[COL_NET].known || v[COL_NET].d == 0 ||
		!figure_get(t->w->ask->config, FIGURE_UNEXCUSED_MAX, &u->chain,
			on, &max))
		return (struct table_cell){0};
	if (v[COL_UNEXCUSED].n > max)
		return table_count(1);
	for (int i = 0; i < 3; i++)
		if (reaches(t, u, steps[i], on, &v[COL_NET]))
			return table_count(4 - i);
	return table_count(1);
}

/* A unit counts once, in its first line, however often it met. */
static void count_unit(struct attending *t, size_t unit, bool unexcused)
{
	struct tally_work *w = t->w;

	if (t->line[unit] == 0)
		t->line[unit] = w->lines_n;
	t->any[unit] |= unexcused;
	w->lines[t->line[unit] - 1].cells[COL_UNITS] =
		table_rate(t->any[unit], 1);
}

static void put(struct attending *t, const struct sql_run *q, size_t unit)
{
	struct tally_work *w = t->w;
	day_t on = tally_day(q, A_HELD);
	struct table_cell *v = tally_add(w, unit, (struct str){NULL, 0});
	struct tally_roll_day roll;

	tally_roll_at(t->roll, unit, on, &roll);
	v[COL_DATE] = tally_day_cell(w, on);
	v[COL_KIND] = table_text(sql_get(q, A_KIND, w->arena));
	v[COL_EXCUSED] = tally_count_cell(q, A_EXCUSED);
	v[COL_UNEXCUSED] = tally_count_cell(q, A_UNEXCUSED);
	v[COL_AWAY] = said_or(q, A_AWAY, roll.n[TALLY_GONE]);
	v[COL_EXEMPT] = said_or(q, A_EXEMPT, roll.n[TALLY_EXEMPT]);
	v[COL_GROSS] = gross(q);
	v[COL_NET] = without(&v[COL_GROSS], v[COL_EXEMPT].n);
	v[COL_HOME] = without(&v[COL_GROSS], v[COL_EXEMPT].n + v[COL_AWAY].n);
	v[COL_BAND] = band(t, &w->units[unit], on, v);
	v[COL_VERSION] = tally_count_cell(q, A_VERSION);
	count_unit(t, unit, v[COL_UNEXCUSED].n > 0);
}

int tally_attendance(struct tally_work *w)
{
	struct attending t = {
		.w = w,
		.roll = tally_roll_load(w, w->ask->from - JOINED_DAYS),
		.any = ARENA_ARRAY(w->arena, bool, w->units_n),
		.line = ARENA_ARRAY(w->arena, size_t, w->units_n),
	};
	struct sql_run q;
	int rc;

	if (t.roll == NULL)
		return -1;
	q = sql_start(w->s, SQL_TALLY_ATTENDANCE);
	tally_bind_period(w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t unit = tally_unit_at(w, sql_get_int(&q, A_UNIT));

		if (unit != TALLY_NO_UNIT)
			put(&t, &q, unit);
	}
	return rc;
}
