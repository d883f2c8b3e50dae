/*
 * unit - which unit does a text name, and whose is it?
 *
 * Looks up folded keys and codes, and climbs the tree of units: a staff
 * sender acts on everything below the unit of the role. Own units have
 * their roll already; another unit's roll is counted only when it is in
 * the sender's scope. Writer thread.
 */
#include "gateway/store/unit.h"

/* No tree of units is deeper; a cycle in a damaged file ends here. */
#define DEPTH_MAX 16

struct unit_ref unit_read(const struct sql_run *q, int col, struct arena *a)
{
	struct str rest = sql_get(q, col + 3, a), alias;
	const struct str *v = NULL;
	size_t n = 0;

	while (rest.n > 0 && str_next(&rest, '|', &alias)) {
		struct str *more = rows_more(a, v, n, sizeof(*more));

		more[n++] = alias;
		v = more;
	}
	return (struct unit_ref){
		.id = sql_get_int(q, col),
		.code = sql_get(q, col + 1, a),
		.name = sql_get(q, col + 2, a),
		.aliases = v,
		.aliases_n = n,
		.changed = DAY_NONE,
	};
}

static day_t day_at(const struct sql_run *q, int col)
{
	return sql_is_null(q, col) ? DAY_NONE : day_parse(sql_peek(q, col));
}

struct unit_ref unit_read_changed(
	const struct sql_run *q, int col, struct arena *a, int64_t *ret_heir)
{
	struct unit_ref u = unit_read(q, col, a);

	*ret_heir = sql_get_int(q, col + 4);
	u.changed = day_at(q, col + 5);
	return u;
}

/* *ret: the parent's id; 0 at the top. */
static int parent_of(struct store *s, int64_t unit_id, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_UNIT_PARENT);

	*ret = 0;
	sql_int(&q, unit_id);
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

static bool is_staff_of(const struct context *c, int64_t unit_id)
{
	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].role == ROLE_STAFF &&
			c->roles[i].unit_id == unit_id)
			return true;
	return false;
}

int unit_in_subtree(
	struct store *s, const struct context *c, int64_t unit_id, bool *ret)
{
	int depth = 0;

	*ret = false;
	if (!context_has_role(c, ROLE_STAFF))
		return 0;
	while (unit_id != 0 && depth++ < DEPTH_MAX) {
		*ret = is_staff_of(c, unit_id);
		if (*ret || parent_of(s, unit_id, &unit_id) < 0)
			return *ret ? 0 : -1;
	}
	return 0;
}

static const struct unit_ref *own_unit(const struct context *c, int64_t id)
{
	for (size_t i = 0; i < c->units_n; i++)
		if (c->units[i].id == id)
			return &c->units[i];
	return NULL;
}

/* What was an ended unit's is in the hands of its heir's secretary, or of any
 * of its parts'. */
static int is_of_successor(struct store *s, const struct context *c,
	const struct unit_ref *unit, int64_t heir, bool *ret)
{
	struct sql_run q;
	int rc;

	*ret = heir != 0 && own_unit(c, heir) != NULL;
	if (heir != 0 || unit->changed == DAY_NONE || c->units_n == 0)
		return 0;
	q = sql_start(s, SQL_LINEAGE_PARTS);
	sql_int(&q, unit->id);
	while ((rc = sql_next(&q)) > 0)
		*ret |= own_unit(c, sql_get_int(&q, 0)) != NULL;
	return rc;
}

/* Fills in what the sender's roles make of the unit. */
static int place(
	struct store *s, const struct context *c, struct unit_ref *unit)
{
	const struct unit_ref *own = own_unit(c, unit->id);
	int64_t roll = 0;
	struct sql_run q;

	if (own != NULL) {
		struct unit_ref named = *unit;

		*unit = *own;
		unit->was = named.was;
		unit->still = named.still;
		unit->changed = named.changed;
		return 0;
	}
	if (unit_in_subtree(s, c, unit->id, &unit->in_scope) < 0)
		return -1;
	if (!unit->in_scope)
		return 0;
	q = sql_start(s, SQL_UNIT_ROLL);
	sql_int(&q, unit->id);
	if (sql_one(&q, &roll) < 0)
		return -1;
	unit->roll = (int)roll;
	return 0;
}

/* Own units before others, then by code. */
static bool comes_before(const struct unit_ref *a, const struct unit_ref *b)
{
	if (a->own != b->own)
		return a->own;
	return str_cmp(a->code, b->code) < 0;
}

static void insert(struct unit_ref *v, size_t n, struct unit_ref unit)
{
	while (n > 0 && comes_before(&unit, &v[n - 1])) {
		v[n] = v[n - 1];
		n--;
	}
	v[n] = unit;
}

/* Units under way from words to what they mean today. */
struct finding {
	struct store *s;
	struct arena *a;
	struct unit_ref *v;
	size_t n;
};

static void found(struct finding *w, struct unit_ref unit)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->v[i].id != unit.id)
			continue;
		w->v[i].still |= unit.was.n == 0;
		return;
	}
	w->v = rows_more(w->a, w->v, w->n, sizeof(*w->v));
	w->v[w->n++] = unit;
}

/* The heir of an ended unit, or the parts that it was split into. */
static int find_today(
	struct finding *w, const struct unit_ref *ended, int64_t heir)
{
	struct sql_run q = sql_start(
		w->s, heir != 0 ? SQL_LINEAGE_UNIT : SQL_LINEAGE_PARTS);
	size_t before = w->n;
	int64_t next;
	int rc;

	sql_int(&q, heir != 0 ? heir : ended->id);
	while ((rc = sql_next(&q)) > 0) {
		struct unit_ref unit = unit_read_changed(&q, 0, w->a, &next);

		unit.was = ended->code;
		unit.changed = ended->changed;
		found(w, unit);
	}
	if (rc == 0 && w->n == before && heir == 0)
		found(w, *ended);
	return rc;
}

struct named {
	struct unit_ref unit;
	int64_t heir;
	bool ended; /* by a change */
};

static int load_named(
	struct finding *w, struct str key, struct named **ret, size_t *ret_n)
{
	struct sql_run q = sql_start(w->s, SQL_UNIT_MATCH);
	struct named *v = NULL;
	int rc;

	*ret_n = 0;
	sql_str(&q, key);
	while ((rc = sql_next(&q)) > 0) {
		struct named one;

		one.unit = unit_read_changed(&q, 0, w->a, &one.heir);
		one.ended = sql_get_int(&q, 6) != 0;
		v = rows_more(w->a, v, *ret_n, sizeof(*v));
		v[(*ret_n)++] = one;
	}
	*ret = v;
	return rc;
}

/* Rows first: what follows may not disturb them. Ended ones before others: a
 * unit of the same name then tells what it was. */
static int find(struct finding *w, struct str key)
{
	struct named *v;
	size_t n;

	if (load_named(w, key, &v, &n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (v[i].ended && find_today(w, &v[i].unit, v[i].heir) < 0)
			return -1;
	for (size_t i = 0; i < n; i++)
		if (!v[i].ended)
			found(w, v[i].unit);
	return 0;
}

static int match(struct store *s, struct arena *a, const struct context *c,
	struct unit_match *ret)
{
	struct finding w = {.s = s, .a = a};
	struct unit_ref *sorted;

	if (find(&w, ret->key) < 0)
		return -1;
	sorted = ARENA_ARRAY(a, struct unit_ref, w.n);
	for (size_t i = 0; i < w.n; i++) {
		if (place(s, c, &w.v[i]) < 0)
			return -1;
		insert(sorted, i, w.v[i]);
	}
	ret->units = sorted;
	ret->n = w.n;
	return 0;
}

int unit_match_load(struct store *s, const struct context_query *query,
	struct arena *a, struct context *c)
{
	struct unit_match *v =
		ARENA_ARRAY(a, struct unit_match, query->unit_keys_n);

	for (size_t i = 0; i < query->unit_keys_n; i++) {
		struct unit_match *m = &v[c->matches_n];

		*m = (struct unit_match){.key = query->unit_keys[i]};
		if (match(s, a, c, m) < 0)
			return -1;
		c->matches_n += m->n > 0;
	}
	c->matches = v;
	return 0;
}

static const struct unit_ref *known(const struct context *c, struct str code)
{
	for (size_t i = 0; i < c->units_n; i++)
		if (str_eq(c->units[i].code, code))
			return &c->units[i];
	for (size_t i = 0; i < c->matches_n; i++)
		for (size_t k = 0; k < c->matches[i].n; k++)
			if (str_eq(c->matches[i].units[k].code, code))
				return &c->matches[i].units[k];
	return NULL;
}

int unit_by_code(struct store *s, struct str code, struct arena *a,
	const struct context *c, const struct unit_ref **ret)
{
	struct unit_ref *unit = NULL;
	struct sql_run q;
	bool is_theirs;
	int64_t heir;
	int rc;

	*ret = known(c, code);
	if (*ret != NULL)
		return 0;
	q = sql_start(s, SQL_UNIT_BY_CODE);
	sql_str(&q, code);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	unit = ARENA_NEW(a, struct unit_ref);
	*unit = unit_read_changed(&q, 0, a, &heir);
	sql_stop(&q);
	*ret = unit;
	if (place(s, c, unit) < 0)
		return -1;
	if (is_of_successor(s, c, unit, heir, &is_theirs) < 0)
		return -1;
	unit->own |= is_theirs;
	unit->in_scope |= unit->own;
	return 0;
}

int unit_let(struct store *s, struct str of, struct str code, struct arena *a,
	struct context *c)
{
	const struct unit_ref *was, *unit;
	struct unit_match *v;
	struct unit_ref *let;

	if (unit_by_code(s, of, a, c, &was) < 0 ||
		unit_by_code(s, code, a, c, &unit) < 0)
		return -1;
	if (was == NULL || unit == NULL || !was->in_scope || unit->in_scope)
		return 0;
	let = ARENA_NEW(a, struct unit_ref);
	*let = *unit;
	let->in_scope = true;
	v = ARENA_ARRAY(a, struct unit_match, c->matches_n + 1);
	v[0] = (struct unit_match){.key = code, .units = let, .n = 1};
	for (size_t i = 0; i < c->matches_n; i++)
		v[i + 1] = c->matches[i];
	c->matches = v;
	c->matches_n++;
	return 0;
}

static bool is_listed(const struct staff_phones *all, struct str phone)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i].phone, phone))
			return true;
	return false;
}

static int add_staff(
	struct sql_run *q, struct arena *a, struct staff_phones *ret)
{
	struct staff_phone *v;
	int rc;

	while ((rc = sql_next(q)) > 0) {
		if (is_listed(ret, sql_peek(q, 0)))
			continue;
		v = rows_more(a, ret->v, ret->n, sizeof(*v));
		v[ret->n++] = (struct staff_phone){
			.phone = sql_get(q, 0, a),
			.language = sql_get(q, 1, a),
		};
		ret->v = v;
	}
	return rc;
}

int staff_phones(struct store *s, int64_t unit_id, day_t today, struct arena *a,
	struct staff_phones *ret)
{
	struct day_text day = day_iso(today);
	int depth = 0;

	*ret = (struct staff_phones){0};
	while (unit_id != 0 && depth++ < DEPTH_MAX) {
		struct sql_run q = sql_start(s, SQL_UNIT_STAFF);

		sql_int(&q, unit_id);
		sql_z(&q, day.z);
		if (add_staff(&q, a, ret) < 0 ||
			parent_of(s, unit_id, &unit_id) < 0)
			return -1;
	}
	return 0;
}
