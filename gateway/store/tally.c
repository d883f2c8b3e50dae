/*
 * tally - what do the records of a period come to?
 *
 * One line a kind: its shape, and the function that turns rows into lines.
 * Units are loaded once, lines added up by tally_lines.c. All of a report is
 * read in one transaction, so that it is of one moment. Reads only; the
 * connection's thread.
 */
#include "gateway/store/tally_parts.h"

#include <assert.h>
#include <stdio.h>

#define NAME(id, name, help) [TALLY_##id] = {name, help},

static const struct {
	const char *name, *help;
} names[TALLY_N] = {TALLIES(NAME)};

static const struct {
	const struct tally_shape *shape;
	tally_fn *count;
} table[TALLY_N] = {
	[TALLY_MEETINGS] = {&tally_meetings_shape, tally_meetings},
	[TALLY_ATTENDANCE] = {&tally_attendance_shape, tally_attendance},
	[TALLY_AWAY] = {&tally_away_shape, tally_away},
	[TALLY_VOTES] = {&tally_votes_shape, tally_votes},
	[TALLY_OPINIONS] = {&tally_opinions_shape, tally_opinions},
	[TALLY_TRAFFIC] = {&tally_traffic_shape, tally_traffic},
	[TALLY_INDICATORS] = {&tally_indicators_shape, tally_indicators},
	[TALLY_AUDIT] = {&tally_audit_shape, tally_audit},
};

const char *tally_str(enum tally t)
{
	assert(t < TALLY_N);
	return names[t].name;
}

const char *tally_help(enum tally t)
{
	assert(t < TALLY_N);
	return names[t].help;
}

enum tally tally_parse(struct str name)
{
	for (int t = 0; t < TALLY_N; t++)
		if (str_is(name, names[t].name))
			return (enum tally)t;
	return TALLY_N;
}

/* ---- for the kinds ---- */

static struct str month_of(const struct tally_work *w, day_t day)
{
	struct ymd d = day_ymd(day);

	return arena_printf(w->arena, "%04d-%02d", d.y, d.m);
}

void tally_bind_period(const struct tally_work *w, struct sql_run *q)
{
	sql_str(q, month_of(w, w->ask->from));
	sql_str(q, month_of(w, w->ask->to));
	sql_int(q, w->cut_ms);
}

void tally_bind_instants(const struct tally_work *w, struct sql_run *q)
{
	int64_t to = day_to_ms(w->ask->to + 1, 0, w->offset_min);

	sql_int(q, day_to_ms(w->ask->from, 0, w->offset_min));
	sql_int(q, to < w->cut_ms ? to : w->cut_ms);
}

day_t tally_day(const struct sql_run *q, int col)
{
	return sql_is_null(q, col) ? DAY_NONE : day_parse(sql_peek(q, col));
}

struct table_cell tally_day_cell(const struct tally_work *w, day_t day)
{
	struct day_text t;

	if (day == DAY_NONE)
		return (struct table_cell){0};
	t = day_iso(day);
	return table_text(arena_str(w->arena, str_of(t.z)));
}

struct table_cell tally_count_cell(const struct sql_run *q, int col)
{
	if (sql_is_null(q, col))
		return (struct table_cell){0};
	return table_count(sql_get_int(q, col));
}

/* ---- one report ---- */

static int count(struct tally_work *w, struct table *ret)
{
	int rc = tally_units_load(w);

	if (rc <= 0)
		return rc;
	if (table[w->ask->kind].count(w) != 0)
		return -1;
	*ret = (struct table){
		.kind = tally_str(w->ask->kind),
		.title = w->shape->title,
		.unit = w->ask->unit,
		.period = w->ask->period,
		.from = w->ask->from,
		.to = w->ask->to,
		.as_of = w->as_of,
	};
	ret->dated = w->shape->dated;
	if (!ret->dated) {
		tally_finish(w, ret);
	} else {
		ret->columns = w->shape->columns;
		ret->columns_n = w->shape->columns_n;
		ret->rows = w->rows;
		ret->n = w->rows_n;
	}
	ret->faults = w->faults;
	ret->faults_n = w->faults_n;
	return 1;
}

int tally_count(struct store *s, const struct tally_ask *ask, struct arena *a,
	struct table *ret)
{
	int offset_min = (int)ask->config->utc_offset * 60;
	struct tally_work w = {
		.s = s,
		.ask = ask,
		.arena = a,
		.shape = table[ask->kind].shape,
		.as_of = ask->as_of != 0 ? ask->as_of
					 : day_of_ms(ask->now_ms, offset_min),
		.offset_min = offset_min,
	};
	int rc;

	w.cut_ms = ask->as_of != 0 ? day_to_ms(w.as_of + 1, 0, offset_min)
				   : INT64_MAX;
	if (store_begin_read(s) != 0)
		return -1;
	rc = count(&w, ret);
	store_rollback(s);
	return rc;
}

int tally_codes(
	struct store *s, void (*on)(void *arg, struct str code), void *arg)
{
	struct sql_run q = sql_start(s, SQL_TALLY_UNITS);
	int rc;

	while ((rc = sql_next(&q)) > 0)
		on(arg, sql_peek(&q, 1));
	return rc;
}
