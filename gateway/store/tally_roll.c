/*
 * tally_roll - who was active, away or exempt at the end of a past day?
 *
 * The roll says how it is now; what has changed since the day is taken back,
 * person by person, from the last change to the first one after it: what
 * happened to a member (member_event), and that units merged or were split
 * (member_moved), which takes a person from one unit's roll to another's. So
 * a report of an earlier month stays as it was when somebody goes away today.
 * What a registry file changed leaves no event, and is as if it had always
 * been so.
 */
#include "gateway/store/tally_people.h"
#include "gateway/store/unit_keys.h"

#include <stdlib.h>

struct unit_roll {
	struct tally_roll_day today;
	const struct person **people; /* who changed, here or on the way */
	size_t people_n;
};

struct tally_roll {
	struct tally_work *w;
	struct unit_roll *units;
};

enum tally_standing tally_standing_of(struct str status)
{
	if (str_is(status, "active"))
		return TALLY_ACTIVE;
	if (str_is(status, "away"))
		return TALLY_GONE;
	return str_is(status, "exempt") || str_is(status, "temp_exempt")
		       ? TALLY_EXEMPT
		       : TALLY_OFF;
}

/* BAC NINH, BacNinh and Bắc Ninh are one. */
static struct str dest_key(struct str name, struct arena *a)
{
	struct str key = unit_key(name, false, a);
	char *z = arena_z(a, key);
	size_t n = 0;

	for (size_t i = 0; i < key.n; i++)
		if (z[i] != ' ')
			z[n++] = z[i];
	return (struct str){z, n};
}

static void count_dest(
	struct arena *a, struct tally_roll_day *d, struct str name, int64_t by)
{
	struct str key = dest_key(name, a);
	size_t i = 0;

	while (i < d->dests_n && !str_eq(d->dests[i].key, key))
		i++;
	if (i == d->dests_n) {
		d->dests = rows_more(a, d->dests, i, sizeof(*d->dests));
		d->dests[i] = (struct tally_dest){.key = key, .name = name};
		d->dests_n++;
	}
	if (name.n > d->dests[i].name.n)
		d->dests[i].name = name;
	d->dests[i].n += by;
}

static void count(struct arena *a, struct tally_roll_day *d,
	const struct standing *s, int64_t by)
{
	d->n[s->is] += by;
	if (s->is != TALLY_OFF && s->official)
		d->official += by;
	if (s->is == TALLY_GONE)
		count_dest(a, d, s->dest, by);
}

static int read_today(struct tally_roll *r)
{
	struct arena *a = r->w->arena;
	struct sql_run q = sql_start(r->w->s, SQL_TALLY_ROLL);
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(r->w, sql_get_int(&q, 0));
		struct standing s = {.is = tally_standing_of(sql_peek(&q, 1)),
			.official = str_is(sql_peek(&q, 2), "official")};

		if (at == TALLY_NO_UNIT)
			continue;
		if (s.is == TALLY_GONE)
			s.dest = sql_get(&q, 3, a);
		count(a, &r->units[at].today, &s, sql_get_int(&q, 4));
	}
	return rc;
}

/* ---- who changed ---- */

static void enter(struct tally_roll *r, size_t unit, const struct person *p)
{
	struct unit_roll *u;

	if (unit == TALLY_NO_UNIT)
		return;
	u = &r->units[unit];
	if (u->people_n > 0 && u->people[u->people_n - 1] == p)
		return;
	u->people = rows_more(
		r->w->arena, u->people, u->people_n, sizeof(struct person *));
	u->people[u->people_n++] = p;
}

const struct tally_roll *tally_roll_load(struct tally_work *w, day_t since)
{
	struct tally_roll *r;
	struct people all;

	if (w->roll != NULL && w->roll_since <= since)
		return w->roll;
	r = ARENA_NEW(w->arena, struct tally_roll);
	r->w = w;
	r->units = ARENA_ARRAY(w->arena, struct unit_roll, w->units_n);
	if (read_today(r) < 0 || people_load(w, since, &all) < 0)
		return NULL;
	for (size_t i = 0; i < all.n; i++) {
		const struct person *p = &all.v[i];

		enter(r, p->unit, p);
		for (size_t k = 0; k < p->turns_n; k++)
			enter(r, p->turns[k].unit, p);
	}
	w->roll = r;
	w->roll_since = since;
	return r;
}

static void take_back(struct arena *a, const struct person *p, size_t unit,
	day_t day, struct tally_roll_day *ret)
{
	for (size_t k = 0; k < p->turns_n; k++) {
		const struct turn *t = &p->turns[k];

		if (t->on <= day)
			continue;
		if (p->unit == unit)
			count(a, ret, &p->now, -1);
		if (t->unit == unit)
			count(a, ret, &t->before, 1);
		return;
	}
}

void tally_roll_at(const struct tally_roll *r, size_t unit, day_t day,
	struct tally_roll_day *ret)
{
	const struct unit_roll *u = &r->units[unit];
	struct arena *a = r->w->arena;
	size_t room = 1;

	*ret = u->today;
	if (u->people_n == 0)
		return;
	while (room < ret->dests_n)
		room *= 2; /* rows_more() takes room up to there for granted */
	ret->dests = ARENA_ARRAY(a, struct tally_dest, room);
	for (size_t i = 0; i < ret->dests_n; i++)
		ret->dests[i] = u->today.dests[i];
	for (size_t i = 0; i < u->people_n; i++)
		take_back(a, u->people[i], unit, day, ret);
}
