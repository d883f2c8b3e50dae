/*
 * tally_meetings - who met in the period, who reported, and when?
 *
 * A line a meeting, planned, held or called off, and one for each month in
 * which a unit had none. `met`: of the months in which a unit should have met
 * (it was there on the month's last day, the month has begun, and it has
 * members or a secretary), those with a reported regular meeting. `on_time`:
 * of the reports that were due, those that came in time; the days are those
 * that held on the meeting's day (domain: within 2 days, per unit).
 */
#include "gateway/store/tally_parts.h"

enum {
	COL_PERIOD = TALLY_FIRST,
	COL_KIND,
	COL_PLANNED,
	COL_HELD,
	COL_STATE,
	COL_REPORTED,
	COL_VERSIONS,
	COL_MET,
	COL_ON_TIME,
	COL_REASON
};

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_PERIOD] = {"period", "MONTH", TABLE_TEXT, false},
	[COL_KIND] = {"kind", "KIND", TABLE_TEXT, false},
	[COL_PLANNED] = {"planned_on", "PLANNED", TABLE_TEXT, false},
	[COL_HELD] = {"held_on", "HELD", TABLE_TEXT, false},
	[COL_STATE] = {"state", "STATE", TABLE_TEXT, false},
	[COL_REPORTED] = {"reported_on", "REPORTED", TABLE_TEXT, false},
	[COL_VERSIONS] = {"versions", "VERS", TABLE_COUNT, true},
	[COL_MET] = {"met", "MET", TABLE_RATE, true},
	[COL_ON_TIME] = {"on_time", "ON TIME", TABLE_RATE, true},
	[COL_REASON] = {"reason", "REASON", TABLE_TEXT, false},
};

const struct tally_shape tally_meetings_shape = {
	.title = "Meetings and their reports",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "meeting",
};

/* The columns of the statement. */
enum {
	M_UNIT,
	M_PERIOD,
	M_KIND,
	M_PLANNED,
	M_HELD,
	M_STATE,
	M_REASON,
	M_REPORTED_AT,
	M_VERSIONS
};

struct meeting {
	size_t unit;
	day_t planned, held, reported;
	bool regular, cancelled;
};

/* Months of the period, and which of them each unit has a line for. */
struct months {
	struct tally_work *w;
	int first, n; /* months since year 0 */
	bool *done;   /* units × months: its `met` is counted */
};

static int month_number(day_t day)
{
	struct ymd d = day_ymd(day);

	return d.y * 12 + d.m - 1;
}

static day_t month_last(int month)
{
	return day_of(month / 12, month % 12 + 1,
		day_month_len(month / 12, month % 12 + 1));
}

static bool should_meet(const struct months *m, size_t unit, int month)
{
	const struct tally_unit *u = &m->w->units[unit];
	day_t last = month_last(month);
	day_t first = day_of(month / 12, month % 12 + 1, 1);

	return u->meets && first <= m->w->as_of && tally_unit_is_there(u, last);
}

/* Its cell; unknown where another line has told, or none was due. */
static struct table_cell met(
	const struct months *m, const struct meeting *t, int month)
{
	bool *done =
		&m->done[t->unit * (size_t)m->n + (size_t)(month - m->first)];

	if (!t->regular || t->cancelled || *done)
		return (struct table_cell){0};
	*done = true;
	if (t->reported == DAY_NONE && !should_meet(m, t->unit, month))
		return (struct table_cell){0};
	return table_rate(t->reported != DAY_NONE, 1);
}

static struct table_cell on_time(
	const struct tally_work *w, const struct meeting *t)
{
	day_t on = t->held != DAY_NONE ? t->held : t->planned, due;

	if (on == DAY_NONE || t->cancelled)
		return (struct table_cell){0};
	due = on + (day_t)figure_option(w->ask->config, FIGURE_REPORT_DUE_DAYS,
			   &w->units[t->unit].chain, on);
	if (t->reported == DAY_NONE && due >= w->as_of)
		return (struct table_cell){0};
	return table_rate(t->reported != DAY_NONE && t->reported <= due, 1);
}

static struct meeting read(
	const struct tally_work *w, const struct sql_run *q, size_t unit)
{
	struct str state = sql_peek(q, M_STATE);

	return (struct meeting){
		.unit = unit,
		.planned = tally_day(q, M_PLANNED),
		.held = tally_day(q, M_HELD),
		.reported = sql_is_null(q, M_REPORTED_AT)
				    ? DAY_NONE
				    : day_of_ms(sql_get_int(q, M_REPORTED_AT),
					      w->offset_min),
		.regular = str_is(sql_peek(q, M_KIND), "regular"),
		.cancelled = str_is(state, "cancelled"),
	};
}

static void put(const struct months *m, const struct sql_run *q,
	const struct meeting *t)
{
	struct tally_work *w = m->w;
	struct str period = sql_get(q, M_PERIOD, w->arena);
	struct table_cell *v = tally_add(w, t->unit, (struct str){NULL, 0});
	day_t from, to;

	v[COL_PERIOD] = table_text(period);
	v[COL_KIND] = table_text(sql_get(q, M_KIND, w->arena));
	v[COL_PLANNED] = tally_day_cell(w, t->planned);
	v[COL_HELD] = tally_day_cell(w, t->held);
	v[COL_STATE] = table_text(sql_get(q, M_STATE, w->arena));
	v[COL_REASON] = table_text(sql_get(q, M_REASON, w->arena));
	v[COL_REPORTED] = tally_day_cell(w, t->reported);
	if (t->reported != DAY_NONE)
		v[COL_VERSIONS] = tally_count_cell(q, M_VERSIONS);
	if (table_period(period, &from, &to) == 0)
		v[COL_MET] = met(m, t, month_number(from));
	v[COL_ON_TIME] = on_time(w, t);
}

/* Months in which a unit that should have met has nothing to show. */
static void put_missing(const struct months *m, size_t unit, int month)
{
	struct tally_work *w = m->w;
	bool over = month_last(month) < w->as_of;
	struct table_cell *v;

	if (m->done[unit * (size_t)m->n + (size_t)(month - m->first)] ||
		!should_meet(m, unit, month))
		return;
	v = tally_add(w, unit, (struct str){NULL, 0});
	v[COL_PERIOD] = table_text(arena_printf(
		w->arena, "%04d-%02d", month / 12, month % 12 + 1));
	v[COL_KIND] = table_text(STR("regular"));
	v[COL_STATE] = table_text(over ? STR("not_met") : STR("not_yet"));
	v[COL_MET] = table_rate(0, 1);
}

int tally_meetings(struct tally_work *w)
{
	int first = month_number(w->ask->from);
	struct months m = {.w = w,
		.first = first,
		.n = month_number(w->ask->to) - first + 1};
	struct sql_run q = sql_start(w->s, SQL_TALLY_MEETINGS);
	int rc;

	m.done = ARENA_ARRAY(w->arena, bool, w->units_n *(size_t)m.n);
	tally_bind_period(w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t unit = tally_unit_at(w, sql_get_int(&q, M_UNIT));
		struct meeting t = read(w, &q, unit);

		if (unit != TALLY_NO_UNIT)
			put(&m, &q, &t);
	}
	for (size_t i = 0; i < w->units_n; i++)
		for (int k = 0; k < m.n; k++)
			put_missing(&m, i, first + k);
	return rc;
}
