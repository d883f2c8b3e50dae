/*
 * tally_opinions - on what did people give their opinion, and who got an
 * answer?
 *
 * By unit and topic code. What they wrote is nobody's by default: its words
 * are listed only when the technician asks for them, never who wrote them.
 */
#include "gateway/store/tally_parts.h"

enum { COL_TOPIC = TALLY_FIRST, COL_OPEN, COL_ANSWERED, COL_ON, COL_TEXT };

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_TOPIC] = {"topic", "TOPIC", TABLE_TEXT, false},
	[COL_OPEN] = {"open", "OPEN", TABLE_COUNT, true},
	[COL_ANSWERED] = {"answered", "ANSWERED", TABLE_RATE, true},
	[COL_ON] = {"received_on", "RECEIVED", TABLE_TEXT, false},
	[COL_TEXT] = {"text", "TEXT", TABLE_TEXT, false},
};

const struct tally_shape tally_opinions_shape = {
	.title = "Opinions",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "unit",
	.keyed = "topic",
};

/* A unit's line is made before those of its topics; rows come by unit. */
static int count(struct tally_work *w)
{
	enum { O_UNIT, O_TOPIC, O_N, O_OPEN };
	struct sql_run q = sql_start(w->s, SQL_TALLY_OPINIONS);
	struct table_cell *sum = NULL;
	size_t before = TALLY_NO_UNIT;
	int rc;

	tally_bind_instants(w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(w, sql_get_int(&q, O_UNIT));
		int64_t n = sql_get_int(&q, O_N),
			open = sql_get_int(&q, O_OPEN);
		struct str topic = sql_get(&q, O_TOPIC, w->arena);
		struct table_cell *v;

		if (at == TALLY_NO_UNIT)
			continue;
		if (at != before)
			sum = tally_add(w, at, (struct str){NULL, 0});
		before = at;
		v = tally_add(w, at, topic);
		v[COL_TOPIC] = table_text(topic);
		v[COL_OPEN] = table_count(open);
		v[COL_ANSWERED] = table_rate(n - open, n);
		sum[COL_OPEN] = table_count(sum[COL_OPEN].n + open);
		sum[COL_ANSWERED] = table_rate(sum[COL_ANSWERED].n + n - open,
			sum[COL_ANSWERED].d + n);
	}
	return rc;
}

static int list_texts(struct tally_work *w)
{
	enum { O_UNIT, O_TOPIC, O_OPEN, O_AT, O_TEXT };
	struct sql_run q = sql_start(w->s, SQL_TALLY_OPINION_TEXTS);
	int rc;

	tally_bind_instants(w, &q);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(w, sql_get_int(&q, O_UNIT));
		int64_t open = sql_get_int(&q, O_OPEN);
		struct table_cell *v;

		if (at == TALLY_NO_UNIT)
			continue;
		v = tally_add(w, at, (struct str){NULL, 0});
		w->lines[w->lines_n - 1].row = "opinion";
		v[COL_TOPIC] = table_text(sql_get(&q, O_TOPIC, w->arena));
		v[COL_OPEN] = table_count(open);
		v[COL_ANSWERED] = table_rate(1 - open, 1);
		v[COL_ON] = tally_day_cell(
			w, day_of_ms(sql_get_int(&q, O_AT), w->offset_min));
		v[COL_TEXT] = table_text(sql_get(&q, O_TEXT, w->arena));
	}
	return rc;
}

int tally_opinions(struct tally_work *w)
{
	if (count(w) < 0)
		return -1;
	return w->ask->texts ? list_texts(w) : 0;
}
