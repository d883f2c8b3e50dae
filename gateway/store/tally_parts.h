#ifndef GATEWAY_STORE_TALLY_PARTS_H
#define GATEWAY_STORE_TALLY_PARTS_H

#include "config/figures.h"
#include "gateway/store/sql.h"
#include "gateway/store/tally.h"

/* Private to the reports: units in order, lines, and how they add up. */

#define TALLY_NO_UNIT SIZE_MAX

/*
 * Those asked for, each before all that is below it, by code. A unit that was
 * merged by the day of counting stands right behind its heir: its lines keep
 * their unit, and are counted in the heir's.
 */
struct tally_unit {
	int64_t id; /* 0: what belongs to no unit; the last, without --unit */
	struct str code, name, kind;
	day_t from, to; /* it was there; DAY_NONE: no bound */
	bool meets;     /* it has members or a secretary: a meeting is due */
	bool merges;    /* its last day is that before a merger */
	size_t home;    /* where it is counted: itself, or its heir */
	size_t end;     /* those below stand before this one */
	size_t merged;  /* so many of them are merged into this one */
	struct figure_chain chain;
};

/*
 * One line of the report. A line with a key (a province, a topic) is a part
 * of its unit's line without one: keys add up by themselves.
 */
struct tally_line {
	size_t unit;
	struct str key;  /* absent: none */
	const char *row; /* NULL: as the shape says; else it adds to nothing */
	struct table_cell *cells;
};

/* How lines are shown. Every report begins with row, unit and name. */
#define TALLY_LEAD                                                             \
	{"row", "ROW", TABLE_TEXT, false},                                     \
		{"unit", "UNIT", TABLE_TEXT, false},                           \
	{                                                                      \
		"name", "NAME", TABLE_TEXT, false                              \
	}
enum { TALLY_ROW, TALLY_UNIT, TALLY_NAME, TALLY_FIRST };

struct tally_shape {
	const char *title;
	bool dated; /* rows, not lines, and each says of which time it is */
	const struct table_column *columns;
	size_t columns_n;
	const char *line;  /* what a line without a key is: "meeting", "unit" */
	const char *keyed; /* what a line with one is: "dest"; NULL: none */
	bool keyed_above;  /* keys are told of subtrees alone */
	/* A key's rates are of the whole: who is away in one province, of
	 * the roll of all units, also of those with nobody there. */
	bool keyed_of_all;
};

struct tally_work {
	struct store *s;
	const struct tally_ask *ask;
	struct arena *arena;
	const struct tally_shape *shape;
	day_t as_of;
	int64_t cut_ms; /* what was recorded before that instant counts */
	int offset_min;
	struct tally_unit *units;
	size_t units_n;
	const size_t *by_id; /* indices in the order of ids */
	size_t unknown;      /* column that nobody can fill in; 0: none */
	struct tally_line *lines;
	size_t lines_n;
	const struct tally_roll *roll; /* loaded once; NULL: not yet */
	day_t roll_since;
	struct table_row *rows; /* of a kind without lines */
	size_t rows_n;
	struct str *faults; /* as table.faults */
	size_t faults_n;
};

typedef int tally_fn(struct tally_work *w);
tally_fn tally_meetings, tally_attendance, tally_away, tally_opinions,
	tally_traffic, tally_votes, tally_audit, tally_indicators;
extern const struct tally_shape tally_meetings_shape, tally_attendance_shape,
	tally_away_shape, tally_opinions_shape, tally_traffic_shape,
	tally_votes_shape, tally_audit_shape, tally_indicators_shape;

/* tally_units.c: 1, 0 (no such unit), -1. */
int tally_units_load(struct tally_work *w) __attribute__((warn_unused_result));
/* Where a unit stands; TALLY_NO_UNIT: not asked for. */
size_t tally_unit_at(const struct tally_work *w, int64_t id);

bool tally_unit_is_there(const struct tally_unit *u, day_t day);

/* tally_lines.c: a new line, whose cells after the name are to be filled. */
struct table_cell *tally_add(struct tally_work *w, size_t unit, struct str key);
void tally_finish(struct tally_work *w, struct table *ret);

/* tally_roll.c: who was on a unit's roll at the end of a day. */
enum tally_standing { TALLY_OFF, TALLY_ACTIVE, TALLY_GONE, TALLY_EXEMPT };
#define TALLY_STANDINGS 4
struct tally_dest {
	struct str key;  /* folded: BAC NINH is Bắc Ninh */
	struct str name; /* absent: not said */
	int64_t n;
};
struct tally_roll_day {
	int64_t n[TALLY_STANDINGS];
	int64_t official;         /* of those who are not off it */
	struct tally_dest *dests; /* of those away; some may be none */
	size_t dests_n;
};
struct tally_roll;
/* Changes of the roll after `since` are known, and who went along when units
 * changed: a roll is of the unit that there was. NULL: -1. */
const struct tally_roll *tally_roll_load(struct tally_work *w, day_t since);
/* day: since, or later. */
void tally_roll_at(const struct tally_roll *r, size_t unit, day_t day,
	struct tally_roll_day *ret);

/* Helpers of the kinds. */
/* Its first and last month, and the instant from which on nothing counts. */
void tally_bind_period(const struct tally_work *w, struct sql_run *q);
/* From an instant, to before another one. */
void tally_bind_instants(const struct tally_work *w, struct sql_run *q);
day_t tally_day(const struct sql_run *q, int col); /* NULL: DAY_NONE */
struct table_cell tally_day_cell(const struct tally_work *w, day_t day);
/* A column that may be NULL. */
struct table_cell tally_count_cell(const struct sql_run *q, int col);

#endif
