/*
 * digest - how was a month, for a unit and all below it?
 *
 * Counted from the records each time, then kept as it was told: a report that
 * is corrected later changes the next digest and not the last one. Units
 * count as calendar.h says. Writer thread; digest_load() also on a reader.
 */
#include "gateway/store/digest.h"

#include "gateway/store/sql.h"

struct counting {
	struct store *s;
	const struct digest_query *query;
	struct day_text last; /* of the month; bound as long as a run lasts */
	struct arena *arena;
	struct digest *ret;
};

/* All statements of a digest begin with these three. */
static struct sql_run start(const struct counting *w, enum sql id)
{
	struct sql_run q = sql_start(w->s, id);

	sql_z(&q, w->last.z);
	sql_int(&q, w->query->scope.known_before);
	sql_int(&q, w->query->unit_id);
	return q;
}

static void add_code(struct digest_codes *to, struct str code, struct arena *a)
{
	to->v = rows_more(a, to->v, to->n, sizeof(*to->v));
	to->v[to->n++] = code;
}

static void count_unit(struct counting *w, const struct sql_run *q)
{
	struct digest *d = w->ret;
	bool met = sql_get_int(q, 1) != 0;
	bool none = sql_get_int(q, 2) != 0;
	bool planned = sql_get_int(q, 3) != 0;
	struct str code;

	d->met.d++;
	d->thematic.d++;
	d->thematic.n += sql_get_int(q, 4) != 0;
	d->met.n += met;
	d->none += !met && none;
	if (met || none)
		return;
	code = sql_get(q, 0, w->arena);
	add_code(&d->missing, code, w->arena);
	d->planned += planned;
	if (!planned)
		add_code(&d->unplanned, code, w->arena);
}

static int count_units(struct counting *w)
{
	struct sql_run q = start(w, SQL_DIGEST_UNITS);
	int rc;

	sql_str(&q, w->query->period);
	sql_str(&q, w->query->quarter_from);
	while ((rc = sql_next(&q)) > 0)
		count_unit(w, &q);
	return rc;
}

static int count_attendance(struct counting *w)
{
	struct sql_run q = start(w, SQL_DIGEST_ATTENDANCE);
	struct digest *d = w->ret;

	sql_str(&q, w->query->period);
	if (sql_next(&q) <= 0)
		return -1;
	d->gross = (struct rate){sql_get_int(&q, 0), sql_get_int(&q, 1)};
	d->net = (struct rate){sql_get_int(&q, 0), sql_get_int(&q, 2)};
	d->unexcused = sql_get_int(&q, 3);
	sql_stop(&q);
	return 0;
}

static int count_rate(struct sql_run *q, struct rate *ret)
{
	if (sql_next(q) <= 0)
		return -1;
	*ret = (struct rate){sql_get_int(q, 0), sql_get_int(q, 1)};
	sql_stop(q);
	return 0;
}

static int count_people(struct counting *w)
{
	struct sql_run q = start(w, SQL_DIGEST_AWAY);

	if (count_rate(&q, &w->ret->away) < 0)
		return -1;
	q = start(w, SQL_DIGEST_ANSWERS);
	sql_str(&q, w->query->period);
	if (count_rate(&q, &w->ret->answered) < 0)
		return -1;
	q = start(w, SQL_DIGEST_OPINIONS);
	return sql_one(&q, &w->ret->opinions) < 0 ? -1 : 0;
}

int digest_load(struct store *s, const struct digest_query *query,
	struct arena *a, struct digest *ret)
{
	struct counting w = {
		.s = s,
		.query = query,
		.last = day_iso(query->scope.last),
		.arena = a,
		.ret = ret,
	};

	*ret = (struct digest){0};
	if (count_units(&w) < 0 || count_attendance(&w) < 0)
		return -1;
	return count_people(&w);
}

static int keep(struct store *s, const struct digest_told *told,
	const char *name, const struct rate *r)
{
	struct sql_run q = sql_start(s, SQL_DIGEST_KEEP);

	sql_int(&q, told->unit_id);
	sql_str(&q, told->period);
	sql_z(&q, name);
	sql_int(&q, r->n);
	if (r->d < 0)
		sql_z(&q, NULL);
	else
		sql_int(&q, r->d);
	sql_int(&q, told->as_of);
	sql_int_or_null(&q, told->errand_id);
	return sql_done(&q);
}

int digest_keep(
	struct store *s, const struct digest_told *told, const struct digest *d)
{
	const struct {
		const char *name;
		struct rate r; /* d -1: a count */
	} all[] = {
		{"met", d->met},
		{"none", {d->none, -1}},
		{"planned", {d->planned, -1}},
		{"gross", d->gross},
		{"net", d->net},
		{"unexcused", {d->unexcused, -1}},
		{"away", d->away},
		{"answered", d->answered},
		{"opinions", {d->opinions, -1}},
		{"thematic", d->thematic},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (keep(s, told, all[i].name, &all[i].r) < 0)
			return -1;
	return 0;
}

int digest_kept(struct store *s, const struct digest_told *told,
	struct str name, struct rate *ret)
{
	struct sql_run q = sql_start(s, SQL_DIGEST_KEPT);
	int rc;

	sql_int(&q, told->unit_id);
	sql_str(&q, told->period);
	sql_str(&q, name);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct rate){sql_get_int(&q, 0), sql_get_int(&q, 1)};
	sql_stop(&q);
	return 1;
}
