/*
 * tally_traffic - how many texts came and went, were they read, and what of it?
 *
 * By the unit of the phone: of its first role, else of the member who has it.
 * parsed: of the texts that came, repeats and steps of forms apart, those read;
 * clarified: those that were asked back; corrected: corrections and
 * cancellations, of the reports. Segments are those that providers took;
 * cost is theirs at cost.per_segment. A subtree also tells of each intent,
 * lane and state.
 */
#include "gateway/store/tally_parts.h"

enum {
	COL_WHAT = TALLY_FIRST,
	COL_STATE,
	COL_IN,
	COL_PARSED,
	COL_CLARIFIED,
	COL_CORRECTED,
	COL_OUT,
	COL_SEGMENTS,
	COL_COST
};

static const struct table_column columns[] = {
	TALLY_LEAD,
	[COL_WHAT] = {"what", "WHAT", TABLE_TEXT, false},
	[COL_STATE] = {"state", "STATE", TABLE_TEXT, false},
	[COL_IN] = {"texts_in", "IN", TABLE_COUNT, true},
	[COL_PARSED] = {"parsed", "PARSED", TABLE_RATE, true},
	[COL_CLARIFIED] = {"clarified", "ASKED", TABLE_RATE, true},
	[COL_CORRECTED] = {"corrected", "CORRECTED", TABLE_RATE, true},
	[COL_OUT] = {"texts_out", "OUT", TABLE_COUNT, true},
	[COL_SEGMENTS] = {"segments", "SEGM", TABLE_COUNT, true},
	[COL_COST] = {"cost", "COST", TABLE_COUNT, true},
};

const struct tally_shape tally_traffic_shape = {
	.title = "Texts in and out",
	.columns = columns,
	.columns_n = sizeof(columns) / sizeof(columns[0]),
	.line = "unit",
	.keyed = "part",
	.keyed_above = true,
};

/* Days by which the clock may have jumped while ids went on. */
#define JUMP_MS INT64_C(345600000)

struct traffic {
	struct tally_work *w;
	struct table_cell **units; /* their lines; NULL: not made yet */
	int64_t price;             /* of a segment; 0: not known */
};

/* Some rows of the same unit, name and state. */
struct part {
	size_t unit;
	const char *way; /* "in", "out" */
	struct str name, state;
	int64_t n, segments;
};

static struct table_cell *unit_line(struct traffic *t, size_t unit)
{
	if (t->units[unit] == NULL)
		t->units[unit] = tally_add(t->w, unit, (struct str){NULL, 0});
	return t->units[unit];
}

static struct table_cell *part_line(struct traffic *t, const struct part *p)
{
	struct str what = arena_printf(
		t->w->arena, "%s " STR_FMT, p->way, STR_ARG(p->name));
	struct table_cell *v = tally_add(t->w, p->unit,
		arena_printf(t->w->arena, STR_FMT " " STR_FMT, STR_ARG(what),
			STR_ARG(p->state)));

	v[COL_WHAT] = table_text(what);
	v[COL_STATE] = table_text(p->state);
	return v;
}

static void add_count(struct table_cell *c, int64_t n)
{
	*c = table_count(c->n + n);
}

static void add_rate(struct table_cell *c, int64_t n, int64_t d)
{
	*c = table_rate(c->n + n, c->d + d);
}

static void put_in(struct traffic *t, const struct part *p)
{
	struct table_cell *v = unit_line(t, p->unit);
	bool repeat = str_is(p->state, "duplicate") || str_is(p->name, "form");
	bool read = p->name.n > 0 && !str_is(p->name, "unknown") &&
		    !str_is(p->state, "quarantined");
	bool done = str_is(p->state, "done");
	bool corrects = done && (str_is(p->name, "correction") ||
					str_is(p->name, "cancel"));
	bool reports = done && str_is(p->name, "meeting_report");

	add_count(&v[COL_IN], p->n);
	if (!repeat) {
		add_rate(&v[COL_PARSED], read ? p->n : 0, p->n);
		add_rate(&v[COL_CLARIFIED],
			str_is(p->state, "asked") ? p->n : 0, p->n);
	}
	if (corrects || reports)
		add_rate(&v[COL_CORRECTED], corrects ? p->n : 0,
			reports ? p->n : 0);
	add_count(&part_line(t, p)[COL_IN], p->n);
}

static void put_cost(
	const struct traffic *t, struct table_cell *v, int64_t segments)
{
	add_count(&v[COL_SEGMENTS], segments);
	if (t->price > 0)
		add_count(&v[COL_COST], segments * t->price);
}

static void put_out(struct traffic *t, const struct part *p)
{
	struct table_cell *v = unit_line(t, p->unit);
	struct table_cell *part = part_line(t, p);

	add_count(&v[COL_OUT], p->n);
	put_cost(t, v, p->segments);
	add_count(&part[COL_OUT], p->n);
	put_cost(t, part, p->segments);
}

/* Rows of unit, name, state, n, segments. */
static int read(struct traffic *t, struct sql_run *q, const char *way)
{
	enum { T_UNIT, T_NAME, T_STATE, T_N, T_SEGMENTS };
	bool in = strcmp(way, "in") == 0;
	int rc;

	while ((rc = sql_next(q)) > 0) {
		struct part p = {
			.unit = tally_unit_at(t->w, sql_get_int(q, T_UNIT)),
			.way = way,
			.name = sql_get(q, T_NAME, t->w->arena),
			.state = sql_get(q, T_STATE, t->w->arena),
			.n = sql_get_int(q, T_N),
			.segments = sql_get_int(q, T_SEGMENTS),
		};

		if (p.unit == TALLY_NO_UNIT)
			continue;
		if (in)
			put_in(t, &p);
		else
			put_out(t, &p);
	}
	return rc;
}

static int count_in(struct traffic *t)
{
	struct sql_run q = sql_start(t->w->s, SQL_TALLY_IN);

	tally_bind_instants(t->w, &q);
	return read(t, &q, "in");
}

/*
 * The first text of the outbox that was made at an instant or later, nearly:
 * ids grow with time, but for jumps of the clock, and no index is paid for it.
 */
static int first_id(struct store *s, int64_t at_ms, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_TALLY_OUT_LAST);
	int64_t low = 0, high = 0;

	if (sql_one(&q, &high) < 0)
		return -1;
	for (high++; low < high;) {
		int64_t mid = low + (high - low) / 2, id = high;
		bool early = false;
		int rc;

		q = sql_start(s, SQL_TALLY_OUT_AT);
		sql_int(&q, mid);
		rc = sql_next(&q);
		if (rc < 0)
			return -1;
		if (rc > 0) {
			id = sql_get_int(&q, 0);
			early = sql_get_int(&q, 1) < at_ms;
			sql_stop(&q);
		}
		if (early)
			low = id + 1;
		else
			high = mid;
	}
	*ret = low;
	return 0;
}

static int count_out(struct traffic *t)
{
	const struct tally_work *w = t->w;
	int64_t from = day_to_ms(w->ask->from, 0, w->offset_min);
	int64_t to = day_to_ms(w->ask->to + 1, 0, w->offset_min), first, last;
	struct sql_run q;

	if (first_id(w->s, from - JUMP_MS, &first) < 0 ||
		first_id(w->s, to + JUMP_MS, &last) < 0)
		return -1;
	q = sql_start(w->s, SQL_TALLY_OUT);
	sql_int(&q, first);
	sql_int(&q, last);
	tally_bind_instants(w, &q);
	return read(t, &q, "out");
}

int tally_traffic(struct tally_work *w)
{
	struct traffic t = {
		.w = w,
		.units = ARENA_ARRAY(w->arena, struct table_cell *, w->units_n),
		.price = w->ask->config->cost_per_segment,
	};

	w->unknown = t.price > 0 ? 0 : COL_COST;
	return count_in(&t) < 0 || count_out(&t) < 0 ? -1 : 0;
}
