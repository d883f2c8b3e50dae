/*
 * tally_ind_units - how do the units stand on a day, by roll, role and fact?
 *
 * A cell is a unit with members on its roll or a secretary in office; which
 * units are hamlets, schools and so on says their kind. A fact is the last one
 * that holds on the day; what nobody has said is not known, and no "no". A
 * count that is told for a unit covers all below it; of units that were merged
 * it adds up, unless it was told anew for the one that they became.
 */
#include "gateway/store/tally_indicators.h"

/* ---- what there is ---- */

static int load_roles(struct counting *c)
{
	struct day_text on = day_iso(c->on);
	struct sql_run q = sql_start(c->w->s, SQL_IND_ROLES);
	int rc;

	sql_z(&q, on.z);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(c->w, sql_get_int(&q, 0));

		if (at == TALLY_NO_UNIT)
			continue;
		if (str_is(sql_peek(&q, 1), "secretary"))
			c->units[at].secretary = true;
		else
			c->units[at].overseer = true;
	}
	return rc;
}

/* By id, so that of two for the same day the later one counts. */
static void keep_fact(struct counting *c, struct indicator_fact *to,
	enum fact f, const struct sql_run *q)
{
	struct str since = sql_peek(q, 3);
	day_t said = day_of_ms(sql_get_int(q, 4), c->w->offset_min);
	day_t on = since.n == 0 ? said : day_parse(since);
	int64_t year;

	if (fact_span(f) == FACT_YEARLY &&
		(str_to_i64(since, &year) != 0 || year != c->year))
		return;
	if (fact_span(f) == FACT_DATED &&
		(on == DAY_NONE || on > c->on ||
			(to->value.p != NULL && on < to->since)))
		return;
	*to = (struct indicator_fact){
		.value = sql_get(q, 2, c->w->arena),
		.since = on,
		.said = said,
	};
}

static int load_facts(struct counting *c)
{
	struct sql_run q = sql_start(c->w->s, SQL_IND_FACTS);
	int rc;

	c->facts = ARENA_ARRAY(
		c->w->arena, struct indicator_fact, c->w->units_n * FACT_N);
	sql_int(&q, c->w->cut_ms);
	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(c->w, sql_get_int(&q, 0));
		enum fact f = fact_parse(sql_peek(&q, 1));

		if (at != TALLY_NO_UNIT && f != FACT_N)
			keep_fact(c, &c->facts[at * FACT_N + f], f, &q);
	}
	return rc;
}

int indicators_load_units(struct counting *c)
{
	struct tally_work *w = c->w;
	const struct tally_roll *roll = tally_roll_load(w, c->on);

	c->units = ARENA_ARRAY(w->arena, struct indicator_unit, w->units_n);
	if (roll == NULL || load_roles(c) < 0)
		return -1;
	for (size_t i = 0; i < w->units_n; i++) {
		struct indicator_unit *u = &c->units[i];

		u->there = w->units[i].id != 0 &&
			   tally_unit_is_there(&w->units[i], c->on);
		u->is = unit_class_of(w->units[i].kind);
		if (!u->there)
			continue;
		tally_roll_at(roll, i, c->on, &u->roll);
		u->members = u->roll.n[TALLY_ACTIVE] + u->roll.n[TALLY_GONE] +
			     u->roll.n[TALLY_EXEMPT];
		u->cell = u->members > 0 || u->secretary;
	}
	return load_facts(c);
}

/* ---- one unit ---- */

static bool number(const struct counting *c, size_t unit, enum fact f,
	int64_t *ret_n, int64_t *ret_d)
{
	struct str value = indicator_fact(c, unit, f)->value;

	return value.p != NULL && fact_number(f, value, ret_n, ret_d) == 0;
}

/* It has, it has not, or nobody has said. */
static void tell(struct counting *c, enum indicator i, bool known, int64_t n)
{
	c->v[i].of++;
	c->v[i].unknown += !known;
	if (known)
		indicator_add(c, i, n != 0, 1);
}

static bool is_one(const struct indicator_unit *u, enum fact_of of)
{
	static const enum unit_class classes[] = {
		[FACT_HAMLETS] = CLASS_HAMLET, [FACT_COMMUNES] = CLASS_COMMUNE};

	if (of == FACT_CELLS)
		return u->cell;
	return of != FACT_ANY && u->is == classes[of];
}

/* A secretary who is head is a member; who counts its members has one. */
static bool follows(const struct counting *c, size_t unit, enum fact f)
{
	int64_t n = 0, d;

	if (f == FACT_HEAD_IS_MEMBER)
		return number(c, unit, FACT_SECRETARY_IS_HEAD, &n, &d) && n > 0;
	if (f == FACT_HAS_COMMITTEE)
		return number(c, unit, FACT_COMMITTEE_SIZE, &n, &d) && n > 0;
	return false;
}

static void tell_facts(struct counting *c, size_t unit)
{
	static const struct {
		enum fact fact;
		enum indicator indicator;
	} of[] = {
		{FACT_HAS_COMMITTEE, IND_WITH_COMMITTEE},
		{FACT_HEAD_IS_MEMBER, IND_HEAD_IS_MEMBER},
		{FACT_SECRETARY_IS_HEAD, IND_SECRETARY_IS_HEAD},
		{FACT_SECRETARY_NON_LOCAL, IND_SECRETARY_NON_LOCAL},
		{FACT_CHAIRMAN_NON_LOCAL, IND_CHAIRMAN_NON_LOCAL},
		{FACT_SECRETARY_IS_CHAIR, IND_SECRETARY_IS_CHAIR},
		{FACT_BORDER_GUARD_OFFICE, IND_BORDER_GUARD_OFFICE},
		{FACT_DIFFICULTY, IND_DIFFICULT_CELLS},
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		enum fact f = of[i].fact;
		int64_t n = 0, d;
		bool known;

		if (!is_one(&c->units[unit], fact_of(f)))
			continue;
		known = number(c, unit, f, &n, &d);
		if (!known && follows(c, unit, f)) {
			known = true;
			n = 1;
		}
		tell(c, of[i].indicator, known, n);
	}
}

/* With a cell of its own, or with a share in one, as staff say. */
static bool has_cell(const struct counting *c, size_t unit)
{
	int64_t n = 0, d;

	if (number(c, unit, FACT_HAS_CELL, &n, &d))
		return n != 0;
	return c->units[unit].cell;
}

static void tell_coverage(struct counting *c, size_t unit)
{
	static const struct {
		enum unit_class is;
		enum indicator indicator;
	} of[] = {
		{CLASS_HAMLET, IND_HAMLETS_WITH_CELL},
		{CLASS_SCHOOL, IND_SCHOOLS_WITH_CELL},
		{CLASS_HEALTH, IND_HEALTH_WITH_CELL},
	};
	struct indicator_value *white = &c->v[IND_WHITE_HAMLETS];
	bool has = has_cell(c, unit);

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (c->units[unit].is == of[i].is)
			indicator_add(c, of[i].indicator, has, 1);
	if (c->units[unit].is != CLASS_HAMLET)
		return;
	indicator_add(c, IND_WHITE_HAMLETS, !has, 1);
	if (!has && white->n <= 5)
		white->note = arena_printf(c->w->arena, STR_FMT "%s" STR_FMT,
			STR_ARG(white->note), white->n > 1 ? ", " : "",
			STR_ARG(c->w->units[unit].code));
	else if (!has && white->n == 6)
		white->note = arena_printf(
			c->w->arena, STR_FMT ", ...", STR_ARG(white->note));
}

static void tell_cell(struct counting *c, size_t unit)
{
	const struct indicator_unit *u = &c->units[unit];
	int64_t min;

	indicator_add(c, IND_AWAY, u->roll.n[TALLY_GONE], u->members);
	indicator_add(c, IND_EXEMPT, u->roll.n[TALLY_EXEMPT], u->members);
	if (!u->cell)
		return;
	indicator_add(c, IND_WITH_OVERSEER, u->overseer, 1);
	indicator_add(c, IND_ENTERPRISE_CELLS, u->is == CLASS_ENTERPRISE, 1);
	indicator_add(c, IND_SEGMENTS, 0, 1);
	indicator_add(c, IND_COST, 0, 1);
	if (figure_get(c->w->ask->config, FIGURE_MIN_OFFICIAL,
		    &c->w->units[unit].chain, c->on, &min))
		tell(c, IND_SMALL_CELLS, u->members > 0,
			u->roll.official < min);
}

/* ---- the year ---- */

static void tell_rating(struct counting *c, size_t unit)
{
	bool commune = c->units[unit].is == CLASS_COMMUNE;
	enum indicator first = commune ? IND_COMMUNES_1 : IND_CELLS_1;
	bool counts = commune ? c->units[unit].there : c->units[unit].cell;
	int64_t level = 0, d;
	bool known = number(c, unit, FACT_RATING, &level, &d);

	for (int i = 0; i < 4 && (known || counts); i++)
		tell(c, first + (enum indicator)i, known, level == i + 1);
}

/* ---- what is told for a unit and all below it ---- */

static void sum_fact(
	struct counting *c, enum fact f, enum indicator i, size_t unit)
{
	int64_t n, d;

	if (number(c, unit, f, &n, &d))
		indicator_add(c, i, n, d);
}

/* Those that became part of it stand right behind it. */
static void sum_merged(
	struct counting *c, enum fact f, enum indicator i, size_t unit)
{
	const struct tally_unit *u = &c->w->units[unit];

	for (size_t k = 1; k <= u->merged; k++) {
		const struct tally_unit *m = &c->w->units[unit + k];
		day_t said = indicator_fact(c, unit, f)->said;

		if (m->to == DAY_NONE || said <= m->to)
			sum_fact(c, f, i, unit + k);
	}
}

static void sum_topmost(struct counting *c, enum fact f, enum indicator i)
{
	const struct tally_unit *v = c->w->units;
	bool dated = fact_span(f) == FACT_DATED;
	size_t next;

	for (size_t at = 0; at < c->w->units_n; at = next) {
		bool told = indicator_fact(c, at, f)->value.p != NULL &&
			    (!dated || c->units[at].there);

		next = told ? v[at].end : at + 1;
		if (!told)
			continue;
		sum_fact(c, f, i, at);
		if (!dated)
			sum_merged(c, f, i, at);
	}
}

static void tell_sums(struct counting *c)
{
	static const struct {
		enum fact fact;
		enum indicator indicator;
	} of[] = {
		{FACT_CADRES_QUALIFIED, IND_CADRES_QUALIFIED},
		{FACT_BORDER_GUARDS, IND_BORDER_GUARDS},
		{FACT_ATTACHED_OFFICIALS, IND_ATTACHED_OFFICIALS},
		{FACT_HOUSEHOLD_MEMBERS, IND_HOUSEHOLD_MEMBERS},
		{FACT_ROTATED_CADRES, IND_ROTATED_CADRES},
		{FACT_CANDIDATES_AWAY, IND_CANDIDATES_AWAY},
		{FACT_TRAINED, IND_TRAINED},
		{FACT_CLASSES, IND_CLASSES},
		{FACT_CLASS_ADMITTED, IND_CLASS_ADMITTED},
		{FACT_MEMBERS_1, IND_MEMBERS_1},
		{FACT_MEMBERS_2, IND_MEMBERS_2},
		{FACT_MEMBERS_3, IND_MEMBERS_3},
		{FACT_MEMBERS_4, IND_MEMBERS_4},
	};
	int64_t members = 0;

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		sum_topmost(c, of[i].fact, of[i].indicator);
	for (int i = 0; i < 4; i++)
		members += c->v[IND_MEMBERS_1 + i].n;
	for (int i = 0; i < 4; i++)
		c->v[IND_MEMBERS_1 + i].d = members;
}

/* Its denominator is how many the year's programme asks for. */
static void tell_target(struct counting *c)
{
	struct indicator_value *v = &c->v[IND_ADMISSIONS];

	sum_topmost(c, FACT_TARGET_ADMISSIONS, IND_ADMISSIONS);
	*v = v->d > 0 ? (struct indicator_value){.d = v->n,
				.note = arena_printf(
					c->w->arena, "target of %d", c->year)}
		      : (struct indicator_value){
				.note = arena_printf(c->w->arena,
					"no target of %d", c->year)};
}

/* ---- all ---- */

static int mark_old(struct counting *c, bool *old)
{
	struct sql_run q = sql_start(c->w->s, SQL_IND_OLD_UNITS);
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		size_t at = tally_unit_at(c->w, sql_get_int(&q, 0));

		if (at != TALLY_NO_UNIT)
			old[at] = true;
	}
	return rc;
}

int indicators_of_units(struct counting *c)
{
	const struct tally_work *w = c->w;
	bool *old = ARENA_ARRAY(w->arena, bool, w->units_n);

	if (mark_old(c, old) < 0)
		return -1;
	for (size_t i = 0; i < w->units_n; i++) {
		tell_rating(c, i);
		if (!c->units[i].there)
			continue;
		tell_facts(c, i);
		tell_coverage(c, i);
		tell_cell(c, i);
		if (c->units[i].cell)
			indicator_add(c, IND_CELLS_CREATED,
				!old[i] && w->units[i].from >= w->ask->from, 1);
	}
	tell_sums(c);
	tell_target(c);
	return 0;
}
