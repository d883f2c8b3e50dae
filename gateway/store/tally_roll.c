/*
 * tally_roll - who was active, away or exempt at the end of a past day?
 *
 * The roll says how it is now, member_event what has changed: of each member,
 * the first change after the day is taken back. So a report of an earlier
 * month stays as it was when somebody goes away today. What a registry file
 * changed leaves no event, and is as if it had always been so.
 */
#include "gateway/store/tally_parts.h"

#include "gateway/store/report.h"

/* What the roll says after an event, and before it when nothing else does. */
static const struct {
	const char *event;
	enum tally_standing after, before;
} events[] = {
	{"away", TALLY_GONE, TALLY_ACTIVE},
	{"returned", TALLY_ACTIVE, TALLY_GONE},
	{"exempt", TALLY_EXEMPT, TALLY_ACTIVE},
	{"temp_exempt", TALLY_EXEMPT, TALLY_ACTIVE},
	{"temp_transfer_out", TALLY_OFF, TALLY_ACTIVE},
	{"transfer_out", TALLY_OFF, TALLY_ACTIVE},
	{"deceased", TALLY_OFF, TALLY_ACTIVE},
	{"transfer_in", TALLY_ACTIVE, TALLY_OFF},
	{"admitted", TALLY_ACTIVE, TALLY_OFF},
};

/* How it stands with one member. */
struct standing {
	enum tally_standing is;
	struct str dest; /* away: where */
};

/* A change of one member's standing, and what it took the place of. */
struct change {
	int member_no;
	day_t on;
	struct standing before, now; /* now: what the roll says today */
};

struct unit_roll {
	struct tally_roll_day today;
	struct change *changes; /* by member, then as they came */
	size_t changes_n;
};

struct tally_roll {
	struct tally_work *w;
	struct unit_roll *units;
};

static enum tally_standing standing_of(struct str status)
{
	if (str_is(status, "active"))
		return TALLY_ACTIVE;
	if (str_is(status, "away"))
		return TALLY_GONE;
	return str_is(status, "exempt") || str_is(status, "temp_exempt")
		       ? TALLY_EXEMPT
		       : TALLY_OFF;
}

static void count(struct arena *a, struct tally_roll_day *d,
	const struct standing *s, int64_t by)
{
	size_t i = 0;

	d->n[s->is] += by;
	if (s->is != TALLY_GONE)
		return;
	while (i < d->dests_n && !str_eq(d->dests[i].name, s->dest))
		i++;
	if (i == d->dests_n) {
		d->dests = rows_more(a, d->dests, i, sizeof(*d->dests));
		d->dests[i] = (struct tally_dest){.name = s->dest};
		d->dests_n++;
	}
	d->dests[i].n += by;
}

static int read_today(struct tally_roll *r)
{
	struct arena *a = r->w->arena;
	struct sql_run q = sql_start(r->w->s, SQL_TALLY_ROLL);
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(r->w, sql_get_int(&q, 0));
		struct standing s = {.is = standing_of(sql_peek(&q, 1))};

		if (at == TALLY_NO_UNIT)
			continue;
		if (s.is == TALLY_GONE)
			s.dest = sql_get(&q, 2, a);
		count(a, &r->units[at].today, &s, sql_get_int(&q, 3));
	}
	return rc;
}

/* ---- what has changed ---- */

enum { E_UNIT, E_MEMBER, E_EVENT, E_AT, E_FIELDS, E_STATUS, E_DEST };

static int index_of(struct str event)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (str_is(event, events[i].event))
			return (int)i;
	return -1;
}

static int dest_of(struct tally_roll *r, const struct sql_run *q,
	enum tally_standing is, struct str *ret)
{
	struct fields f = {.has = {0}};

	*ret = (struct str){NULL, 0};
	if (is != TALLY_GONE || sql_is_null(q, E_FIELDS))
		return 0;
	if (report_json(r->w->s, sql_peek(q, E_FIELDS), r->w->arena, &f) < 0)
		return -1;
	*ret = field_text(&f, FIELD_DEST);
	return 0;
}

/* *last: after the event before this one; its member_no 0: there is none. */
static int read_change(struct tally_roll *r, const struct sql_run *q,
	struct unit_roll *u, struct change *last)
{
	struct arena *a = r->w->arena;
	int no = (int)sql_get_int(q, E_MEMBER);
	int e = index_of(sql_peek(q, E_EVENT));
	struct change c = {.member_no = no,
		.on = day_of_ms(sql_get_int(q, E_AT), r->w->offset_min),
		.now = {.is = standing_of(sql_peek(q, E_STATUS))}};

	if (e < 0)
		return 0;
	if (c.now.is == TALLY_GONE)
		c.now.dest = sql_get(q, E_DEST, a);
	c.before = last->member_no == no
			   ? last->now
			   : (struct standing){.is = events[e].before};
	u->changes = rows_more(a, u->changes, u->changes_n, sizeof(c));
	u->changes[u->changes_n++] = c;
	last->member_no = no;
	last->now.is = events[e].after;
	return dest_of(r, q, last->now.is, &last->now.dest);
}

static int read_changes(struct tally_roll *r, day_t since)
{
	struct sql_run q = sql_start(r->w->s, SQL_TALLY_CHANGES);
	struct change last = {0};
	size_t before = TALLY_NO_UNIT;
	int rc;

	sql_int(&q, day_to_ms(since + 1, 0, r->w->offset_min));
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(r->w, sql_get_int(&q, E_UNIT));

		if (at == TALLY_NO_UNIT)
			continue;
		if (at != before)
			last = (struct change){0};
		before = at;
		if (read_change(r, &q, &r->units[at], &last) == 0)
			continue;
		sql_stop(&q);
		return -1;
	}
	return rc;
}

const struct tally_roll *tally_roll_load(struct tally_work *w, day_t since)
{
	struct tally_roll *r = ARENA_NEW(w->arena, struct tally_roll);

	r->w = w;
	r->units = ARENA_ARRAY(w->arena, struct unit_roll, w->units_n);
	if (read_today(r) < 0 || read_changes(r, since) < 0)
		return NULL;
	return r;
}

void tally_roll_at(const struct tally_roll *r, size_t unit, day_t day,
	struct tally_roll_day *ret)
{
	const struct unit_roll *u = &r->units[unit];
	struct arena *a = r->w->arena;
	int done = 0;

	*ret = u->today;
	if (u->changes_n == 0)
		return;
	ret->dests = NULL;
	ret->dests_n = 0;
	for (size_t i = 0; i < u->today.dests_n; i++) {
		struct standing s = {TALLY_GONE, u->today.dests[i].name};

		count(a, ret, &s, u->today.dests[i].n);
		ret->n[TALLY_GONE] -= u->today.dests[i].n;
	}
	for (size_t i = 0; i < u->changes_n; i++) {
		const struct change *c = &u->changes[i];

		if (c->on <= day || c->member_no == done)
			continue;
		done = c->member_no;
		count(a, ret, &c->now, -1);
		count(a, ret, &c->before, 1);
	}
}
