/*
 * tally_people - what happened to whom since a day?
 *
 * Events are of a number in a unit, and a person who goes along when units
 * change gets another number in another unit: the rows are strung together
 * by member_moved and sorted by the person, from the first to the last. What
 * was before a change is what the one before it made, else what the event
 * itself says (was), else what such an event takes the place of.
 */
#include "gateway/store/tally_people.h"

#include "gateway/store/report.h"

#include <stdlib.h>

#define CHAIN_MAX 64 /* changes of units that one person goes through */

enum does { BECOMES, MADE_OFFICIAL };

/* What the roll says after an event, and before it when nothing else does. */
static const struct kind {
	const char *event;
	enum does does;
	enum tally_standing after, before;
} kinds[] = {
	{"away", BECOMES, TALLY_GONE, TALLY_ACTIVE},
	{"returned", BECOMES, TALLY_ACTIVE, TALLY_GONE},
	{"exempt", BECOMES, TALLY_EXEMPT, TALLY_ACTIVE},
	{"temp_exempt", BECOMES, TALLY_EXEMPT, TALLY_ACTIVE},
	{"temp_transfer_out", BECOMES, TALLY_OFF, TALLY_ACTIVE},
	{"transfer_out", BECOMES, TALLY_OFF, TALLY_ACTIVE},
	{"removal_proposed", BECOMES, TALLY_OFF, TALLY_ACTIVE},
	{"deceased", BECOMES, TALLY_OFF, TALLY_ACTIVE},
	{"transfer_in", BECOMES, TALLY_ACTIVE, TALLY_OFF},
	{"admitted", BECOMES, TALLY_ACTIVE, TALLY_OFF},
	{"official", MADE_OFFICIAL, TALLY_ACTIVE, TALLY_ACTIVE},
};

/* A number in a unit. */
struct place {
	int64_t unit;
	int no;
};

struct move {
	struct place from, to;
	day_t on;
};

/* Something that happened, of whom, and as the how-manieth number. */
struct item {
	struct place last; /* what the person is called today */
	struct place at;
	int left; /* changes of units still to come; sorts first */
	day_t on;
	int64_t id;              /* of the event */
	const struct kind *kind; /* NULL: units changed */
	bool was_known;
	struct standing was;
	struct str dest; /* away: where */
};

struct loading {
	struct tally_work *w;
	struct move *moves;
	size_t moves_n;
	struct item *items;
	size_t items_n;
	struct person *people;
	size_t people_n;
};

/* ---- reading ---- */

static int read_moves(struct loading *l)
{
	struct sql_run q = sql_start(l->w->s, SQL_TALLY_MOVED);
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		l->moves = rows_more(
			l->w->arena, l->moves, l->moves_n, sizeof(*l->moves));
		l->moves[l->moves_n++] = (struct move){
			.from = {sql_get_int(&q, 0), (int)sql_get_int(&q, 1)},
			.to = {sql_get_int(&q, 2), (int)sql_get_int(&q, 3)},
			.on = tally_day(&q, 4),
		};
	}
	return rc;
}

static int by_place(const struct place *x, const struct place *y)
{
	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return (x->no > y->no) - (x->no < y->no);
}

static int by_from(const void *a, const void *b)
{
	const struct move *x = a, *y = b;

	return by_place(&x->from, &y->from);
}

static void add(struct loading *l, const struct item *made)
{
	struct item *i;
	struct move key = {.from = made->at};

	l->items =
		rows_more(l->w->arena, l->items, l->items_n, sizeof(*l->items));
	i = &l->items[l->items_n++];
	*i = *made;
	while (l->moves_n > 0 && i->left < CHAIN_MAX) {
		const struct move *m = bsearch(
			&key, l->moves, l->moves_n, sizeof(*m), by_from);

		if (m == NULL)
			break;
		key.from = m->to;
		i->left++;
	}
	i->last = key.from;
}

static const struct kind *kind_of(struct str event)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(event, kinds[i].event))
			return &kinds[i];
	return NULL;
}

enum { E_UNIT, E_MEMBER, E_EVENT, E_AT, E_FIELDS, E_WAS, E_ID };

static int dest_of(struct loading *l, const struct sql_run *q, struct str *ret)
{
	struct fields f = {.has = {0}};

	if (sql_is_null(q, E_FIELDS))
		return 0;
	if (report_json(l->w->s, sql_peek(q, E_FIELDS), l->w->arena, &f) < 0)
		return -1;
	*ret = field_text(&f, FIELD_DEST);
	return 0;
}

static int read_event(struct loading *l, const struct sql_run *q)
{
	const struct kind *kind = kind_of(sql_peek(q, E_EVENT));
	struct str rest = sql_peek(q, E_WAS), status = {NULL, 0};
	struct item i = {
		.at = {sql_get_int(q, E_UNIT), (int)sql_get_int(q, E_MEMBER)},
		.on = day_of_ms(sql_get_int(q, E_AT), l->w->offset_min),
		.id = sql_get_int(q, E_ID),
		.kind = kind,
	};

	if (kind == NULL)
		return 0;
	i.was_known = str_next(&rest, ' ', &status);
	i.was.is = tally_standing_of(status);
	i.was.official = str_is(rest, "official");
	if (kind->after == TALLY_GONE && dest_of(l, q, &i.dest) < 0)
		return -1;
	add(l, &i);
	return 0;
}

static int read_events(struct loading *l, day_t since)
{
	struct sql_run q = sql_start(l->w->s, SQL_TALLY_CHANGES);
	int rc;

	sql_int(&q, day_to_ms(since + 1, 0, l->w->offset_min));
	while ((rc = sql_next(&q)) > 0) {
		if (read_event(l, &q) == 0)
			continue;
		sql_stop(&q);
		return -1;
	}
	for (size_t i = 0; i < l->moves_n; i++)
		if (l->moves[i].on > since)
			add(l, &(struct item){.at = l->moves[i].from,
				       .on = l->moves[i].on});
	return rc;
}

/* ---- from the first to the last ---- */

static int by_person(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int who = by_place(&x->last, &y->last);

	if (who != 0)
		return who;
	if (x->left != y->left)
		return x->left > y->left ? -1 : 1;
	if ((x->kind == NULL) != (y->kind == NULL))
		return x->kind == NULL ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static int read_now(
	struct loading *l, const struct place *at, struct standing *ret)
{
	struct sql_run q = sql_start(l->w->s, SQL_TALLY_MEMBER);
	int rc;

	sql_int(&q, at->unit);
	sql_int(&q, at->no);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = (struct standing){
		.is = tally_standing_of(sql_peek(&q, 0)),
		.official = str_is(sql_peek(&q, 1), "official"),
	};
	if (ret->is == TALLY_GONE)
		ret->dest = sql_get(&q, 2, l->w->arena);
	sql_stop(&q);
	return 1;
}

static struct standing before_first(
	const struct item *i, const struct standing *now)
{
	struct standing s = {.is = i->kind->before, .official = now->official};

	if (i->kind->does == MADE_OFFICIAL) {
		s.is = now->is;
		s.official = false;
	}
	return i->was_known ? i->was : s;
}

static struct standing after(
	const struct item *i, const struct standing *before)
{
	struct standing s = *before;

	if (i->kind->does == MADE_OFFICIAL) {
		s.official = true;
		return s;
	}
	if (s.is == TALLY_OFF)
		s.official = !str_is(str_of(i->kind->event), "admitted");
	/* Who is exempt may go away, and is exempt all the same. */
	if (s.is == TALLY_EXEMPT && i->kind->after == TALLY_GONE)
		return s;
	s.is = i->kind->after;
	s.dest = i->dest;
	return s;
}

/* What was before the first event; of who only went along, what is now. */
static struct standing at_first(
	const struct item *v, size_t n, const struct standing *now)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].kind != NULL)
			return before_first(&v[i], now);
	return *now;
}

static void string_up(struct loading *l, const struct item *v, size_t n,
	const struct standing *now)
{
	struct turn *turns = ARENA_ARRAY(l->w->arena, struct turn, n);
	struct standing is = at_first(v, n, now);

	for (size_t i = 0; i < n; i++) {
		turns[i] = (struct turn){
			.on = v[i].on,
			.unit = tally_unit_at(l->w, v[i].at.unit),
			.before = is,
		};
		if (v[i].kind != NULL)
			is = after(&v[i], &is);
	}
	/* What was entered late was so before the units changed. */
	for (size_t i = n - 1; i-- > 0;)
		if (turns[i].on > turns[i + 1].on)
			turns[i].on = turns[i + 1].on;
	l->people = rows_more(
		l->w->arena, l->people, l->people_n, sizeof(*l->people));
	l->people[l->people_n++] = (struct person){
		.unit = tally_unit_at(l->w, v[0].last.unit),
		.now = *now,
		.turns = turns,
		.turns_n = n,
	};
}

int people_load(struct tally_work *w, day_t since, struct people *ret)
{
	struct loading l = {.w = w};
	struct standing now;
	size_t first = 0;

	if (read_moves(&l) < 0 || read_events(&l, since) < 0)
		return -1;
	if (l.items_n > 0)
		qsort(l.items, l.items_n, sizeof(*l.items), by_person);
	for (size_t i = 1; i <= l.items_n; i++) {
		const struct place *who = &l.items[first].last;
		int rc;

		if (i < l.items_n && by_place(&l.items[i].last, who) == 0)
			continue;
		rc = read_now(&l, who, &now);
		if (rc < 0)
			return -1;
		if (rc > 0)
			string_up(&l, &l.items[first], i - first, &now);
		first = i;
	}
	*ret = (struct people){l.people, l.people_n};
	return 0;
}
