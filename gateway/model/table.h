#ifndef GATEWAY_MODEL_TABLE_H
#define GATEWAY_MODEL_TABLE_H

#include "gateway/base/arena.h"
#include "gateway/model/day.h"

/*
 * A report as a plain value: typed columns, rows, and what they are of. Who
 * counts makes one, who prints takes one; neither knows the other. Everything
 * lives in the arena of whoever made it.
 */
enum table_type {
	TABLE_TEXT,
	TABLE_COUNT,  /* a whole number */
	TABLE_RATE,   /* numerator and denominator; per cent is computed */
	TABLE_PERCENT /* the same where both stand in columns of their own */
};

struct table_column {
	const char *name;  /* in CSV, XLSX and JSON: "net", lower case, _ */
	const char *title; /* for people */
	enum table_type type;
	bool sums; /* adds up in the rows of a unit, a subtree and all */
};

struct table_cell {
	bool known;      /* else nothing is there: not said, or not meant */
	struct str text; /* TEXT */
	int64_t n, d;    /* COUNT: n; RATE: n of d */
};

struct table_row {
	const struct table_cell *cells; /* one a column */
};

struct table {
	const char *kind, *title;
	struct str unit; /* code that was asked for; absent: all */
	struct str period;
	day_t from, to; /* the period's first and last day */
	day_t as_of;    /* day on which it was counted */
	bool dated;     /* rows say period and day of counting themselves */
	const struct table_column *columns;
	size_t columns_n;
	struct table_row *rows;
	size_t n;
	/* What was touched by hand: sentences; the report is not in order. */
	const struct str *faults;
	size_t faults_n;
};

static inline struct table_cell table_text(struct str s)
{
	return (struct table_cell){.known = s.p != NULL, .text = s};
}

static inline struct table_cell table_count(int64_t n)
{
	return (struct table_cell){.known = true, .n = n};
}

static inline struct table_cell table_rate(int64_t n, int64_t d)
{
	return (struct table_cell){.known = true, .n = n, .d = d};
}

/* Hundredths of a per cent, half up; -1: of nothing. 206/956 is 2155. */
int64_t table_percent(const struct table_cell *rate);
/* "21.55" */
struct table_percent_text {
	char z[24];
};
struct table_percent_text table_percent_text(int64_t hundredths);

/* A period as it is typed: 2026-11, 2026-Q4 or 2026. 0 / -1. */
int table_period(struct str s, day_t *ret_from, day_t *ret_to)
	__attribute__((warn_unused_result));

#endif
