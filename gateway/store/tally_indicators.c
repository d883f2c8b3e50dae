/*
 * tally_indicators - every figure of a unit and all below it, one a row.
 *
 * Each is a numerator, a denominator and what these come to, with the time
 * that it is of and the day on which it was counted; nothing of nothing is no
 * percentage. What is not known is said beside the row and counts for neither
 * (domain notes §7).
 */
#include "gateway/store/tally_indicators.h"

/* A meeting of a month may be held a while before it begins. */
#define JOINED_DAYS 62

enum { COL_NAME, COL_N, COL_D, COL_PERCENT, COL_PERIOD, COL_AS_OF, COL_NOTE };

static const struct table_column columns[] = {
	[COL_NAME] = {"name", "INDICATOR", TABLE_TEXT, false},
	[COL_N] = {"n", "N", TABLE_COUNT, false},
	[COL_D] = {"d", "D", TABLE_COUNT, false},
	[COL_PERCENT] = {"percent", "%", TABLE_PERCENT, false},
	[COL_PERIOD] = {"period", "PERIOD", TABLE_TEXT, false},
	[COL_AS_OF] = {"as_of", "AS OF", TABLE_TEXT, false},
	[COL_NOTE] = {"note", "NOTE", TABLE_TEXT, false},
};

#define COLUMNS_N (sizeof(columns) / sizeof(columns[0]))

const struct tally_shape tally_indicators_shape = {
	.title = "Indicators",
	.columns = columns,
	.columns_n = COLUMNS_N,
	.dated = true,
};

enum when { OVER, ON, YEAR };
enum measure { SHARE, MEAN, SUM };

#define INFO(id, name, when, measure) [IND_##id] = {name, when, measure},

static const struct {
	const char *name;
	enum when when;
	enum measure measure;
} info[IND_N] = {INDICATORS(INFO)};

static struct str time_of(const struct counting *c, enum when when)
{
	struct day_text on = day_iso(c->on);

	if (when == OVER)
		return c->w->ask->period;
	return when == ON ? arena_str(c->w->arena, str_of(on.z))
			  : arena_printf(c->w->arena, "%d", c->year);
}

/* n by d with two places, half up. */
static struct str mean(struct arena *a, const struct indicator_value *v)
{
	int64_t hundredths = (v->n * 200 + v->d) / (2 * v->d);

	return arena_printf(a, "%lld.%02lld on average",
		(long long)(hundredths / 100), (long long)(hundredths % 100));
}

static struct str note_of(const struct counting *c, int i)
{
	const struct indicator_value *v = &c->v[i];
	struct arena *a = c->w->arena;

	if (v->unknown > 0)
		return arena_printf(a, "not known: %lld of %lld",
			(long long)v->unknown, (long long)v->of);
	if (v->note.p != NULL)
		return v->note;
	if (info[i].measure == SUM && v->d > 0)
		return arena_printf(a, "told by %lld", (long long)v->d);
	if (info[i].measure == MEAN && v->d > 0 && v->n >= 0)
		return mean(a, v);
	return (struct str){NULL, 0};
}

static void put(struct counting *c, int i)
{
	struct tally_work *w = c->w;
	const struct indicator_value *v = &c->v[i];
	struct table_cell *cells =
		ARENA_ARRAY(w->arena, struct table_cell, COLUMNS_N);

	cells[COL_NAME] = table_text(str_of(info[i].name));
	cells[COL_N] = table_count(v->n);
	cells[COL_D] = table_count(v->d);
	if (info[i].measure == SHARE)
		cells[COL_PERCENT] = table_rate(v->n, v->d);
	cells[COL_PERIOD] = table_text(time_of(c, info[i].when));
	cells[COL_AS_OF] = tally_day_cell(w, w->as_of);
	cells[COL_NOTE] = table_text(note_of(c, i));
	w->rows = rows_more(w->arena, w->rows, w->rows_n, sizeof(*w->rows));
	w->rows[w->rows_n++] = (struct table_row){cells};
}

int tally_indicators(struct tally_work *w)
{
	struct counting c = {
		.w = w,
		.on = w->ask->to < w->as_of ? w->ask->to : w->as_of,
		.year = day_ymd(w->ask->from).y,
	};

	/* One reading of the roll does for all that ask for it. */
	if (tally_roll_load(w, w->ask->from - JOINED_DAYS < c.on
				       ? w->ask->from - JOINED_DAYS
				       : c.on) == NULL ||
		indicators_load_units(&c) < 0 || indicators_of_units(&c) < 0 ||
		indicators_of_records(&c) < 0)
		return -1;
	for (int i = 0; i < IND_N; i++)
		put(&c, i);
	return 0;
}
