/*
 * registry_rows - do the rows of a registry agree with each other?
 *
 * Turns the three tables into checked rows before anything is written: keys
 * that stand twice, units and members that are named and do not exist,
 * parents in a circle. Units of the database count as existing, so that a
 * file may say only what changes. Every wrong row is named, not the first.
 */
#include "gateway/store/registry_rows.h"

#include "gateway/store/registry_cells.h"

#define WRONG(r, csv, row, column, ...)                                        \
	csv_table_wrong(&(r)->csv, (row), (column), (r)->d, __VA_ARGS__)

static struct str member_key(struct registry *r, struct str unit, int64_t no)
{
	return arena_printf(
		r->a, STR_FMT "\n%lld", STR_ARG(unit), (long long)no);
}

static struct str role_key(struct registry *r, const struct registry_role *role)
{
	return arena_printf(r->a, STR_FMT "\n" STR_FMT "\n%zu",
		STR_ARG(role->phone), STR_ARG(role->role), role->unit);
}

/* What the database has already: file rows join these. */
static int load_known(struct registry *r)
{
	struct sql_run q = sql_start(r->s, SQL_UNIT_LIST);
	int rc;

	while ((rc = sql_next(&q)) > 0) {
		struct registry_unit *u;

		r->units = rows_more(
			r->a, r->units, r->units_n, sizeof(*r->units));
		u = &r->units[r->units_n++];
		*u = (struct registry_unit){
			.id = sql_get_int(&q, 0),
			.code = sql_get(&q, 1, r->a),
			.parent_code = sql_get(&q, 2, r->a),
			.name = sql_get(&q, 3, r->a),
			.ended = sql_get(&q, 4, r->a),
		};
	}
	keymap_init(&r->unit_at, r->a, r->units_n + r->units_csv.n);
	for (size_t i = 0; i < r->units_n; i++)
		(void)keymap_add(&r->unit_at, r->units[i].code, i);
	return rc;
}

/* False: it has no name that anything could hang on. */
static bool check_unit(
	struct registry *r, const struct csv_row *row, struct registry_unit *u)
{
	struct cell c = {&r->units_csv, row, r->d};
	int rc = 0;

	*u = (struct registry_unit){.row = row};
	rc |= cell_code(&c, UNIT_CODE, &u->code);
	rc |= cell_needed(&c, UNIT_NAME, &u->name);
	rc |= cell_needed(&c, UNIT_KIND, &u->kind);
	rc |= cell_days(&c, UNIT_FROM, UNIT_TO, &u->from, &u->to);
	u->parent_code = cell_text(&c, UNIT_PARENT);
	u->aliases = cell_text(&c, UNIT_ALIASES);
	return rc == 0 || u->code.n > 0;
}

static void add_unit(struct registry *r, const struct registry_unit *u)
{
	size_t at = keymap_get(&r->unit_at, u->code);
	struct registry_unit before;

	if (at == KEYMAP_NONE) {
		r->units = rows_more(
			r->a, r->units, r->units_n, sizeof(*r->units));
		(void)keymap_add(&r->unit_at, u->code, r->units_n);
		r->units[r->units_n++] = *u;
		return;
	}
	if (r->units[at].row != NULL) {
		(void)WRONG(r, units_csv, u->row, UNIT_CODE,
			"unit " STR_FMT " stands already on line %d",
			STR_ARG(u->code), r->units[at].row->line);
		return;
	}
	/* Known to the database: the file's row takes its place. */
	before = r->units[at];
	r->units[at] = *u;
	r->units[at].id = before.id;
	r->units[at].ended = before.ended;
}

static void resolve_parent(struct registry *r, struct registry_unit *u)
{
	u->parent = REGISTRY_NO_UNIT;
	if (u->parent_code.n == 0)
		return;
	u->parent = keymap_get(&r->unit_at, u->parent_code);
	if (u->parent == KEYMAP_NONE && u->row != NULL)
		(void)WRONG(r, units_csv, u->row, UNIT_PARENT,
			"parent \"" STR_FMT "\" is no unit; give it a row of "
			"its own, or leave the field empty",
			STR_ARG(u->parent_code));
}

/* More steps up than there are units: a circle. */
static void check_circle(struct registry *r, const struct registry_unit *u)
{
	size_t up = u->parent, steps = 0;

	while (up != REGISTRY_NO_UNIT && &r->units[up] != u &&
		steps++ < r->units_n)
		up = r->units[up].parent;
	if (up != REGISTRY_NO_UNIT && &r->units[up] == u && u->row != NULL)
		(void)WRONG(r, units_csv, u->row, UNIT_PARENT,
			"unit " STR_FMT
			" lies below itself through parent " STR_FMT
			"; a tree has no circles",
			STR_ARG(u->code), STR_ARG(u->parent_code));
}

static int check_units(struct registry *r)
{
	struct registry_unit u;

	if (load_known(r) < 0)
		return -1;
	for (size_t i = 0; i < r->units_csv.n; i++)
		if (check_unit(r, &r->units_csv.rows[i], &u))
			add_unit(r, &u);
	for (size_t i = 0; i < r->units_n; i++)
		resolve_parent(r, &r->units[i]);
	for (size_t i = 0; i < r->units_n; i++)
		check_circle(r, &r->units[i]);
	return registry_changes_check(r);
}

static int cell_unit(
	struct registry *r, const struct cell *c, int column, size_t *ret)
{
	struct str code = cell_text(c, column);

	*ret = keymap_get(&r->unit_at, code);
	if (*ret != KEYMAP_NONE)
		return 0;
	return csv_table_wrong(c->table, c->row, column, r->d,
		"unit \"" STR_FMT "\" is in no row of units.csv",
		STR_ARG(code));
}

static int check_member(struct registry *r, const struct csv_row *row,
	struct registry_member *m)
{
	struct cell c = {&r->members_csv, row, r->d};
	struct str consent;
	int rc = 0;

	rc |= cell_unit(r, &c, MEMBER_UNIT, &m->unit);
	if (rc == 0)
		rc = registry_changes_member(r, row, m->unit);
	rc |= cell_number(&c, MEMBER_NO, false, &m->no);
	rc |= cell_needed(&c, MEMBER_NAME, &m->name);
	rc |= cell_choice(&c, MEMBER_STANDING, "official|probationary", NULL,
		&m->standing);
	rc |= cell_choice(&c, MEMBER_STATUS,
		"active|away|temp_exempt|exempt|temp_transfer_out", NULL,
		&m->status);
	rc |= cell_phone(&c, MEMBER_PHONE, true, r->a, &m->phone);
	rc |= cell_choice(&c, MEMBER_LANGUAGE, "vi|en", "vi", &m->language);
	rc |= cell_choice(&c, MEMBER_CONSENT, "yes|no", "no", &consent);
	m->consent = str_is(consent, "yes");
	m->dest = cell_text(&c, MEMBER_DEST);
	if (m->dest.n == 0)
		m->dest.p = NULL;
	return rc;
}

static void check_members(struct registry *r)
{
	const struct csv_row *rows = r->members_csv.rows;
	struct str key;
	size_t at;

	r->members =
		ARENA_ARRAY(r->a, struct registry_member, r->members_csv.n);
	keymap_init(&r->member_at, r->a, r->members_csv.n);
	for (size_t i = 0; i < r->members_csv.n; i++) {
		const struct str *cells = rows[i].cells;

		if (check_member(r, &rows[i], &r->members[r->members_n]) < 0)
			continue;
		r->members_n++;
		key = member_key(
			r, cells[MEMBER_UNIT], r->members[r->members_n - 1].no);
		at = keymap_add(&r->member_at, key, i);
		if (at != KEYMAP_NONE)
			(void)WRONG(r, members_csv, &rows[i], MEMBER_NO,
				"member " STR_FMT " of " STR_FMT
				" stands already on line %d",
				STR_ARG(cells[MEMBER_NO]),
				STR_ARG(cells[MEMBER_UNIT]), rows[at].line);
	}
}

/* In the file, or in the database before. 1, 0 or -1. */
static int member_exists(
	struct registry *r, const struct csv_row *row, size_t unit, int64_t no)
{
	struct str key = member_key(r, row->cells[ROLE_COL_UNIT], no);
	struct sql_run q;
	int64_t one;

	if (keymap_get(&r->member_at, key) != KEYMAP_NONE)
		return 1;
	if (r->units[unit].id == 0)
		return 0;
	q = sql_start(r->s, SQL_MEMBER_EXISTS);
	sql_int(&q, r->units[unit].id);
	sql_int(&q, no);
	return sql_one(&q, &one);
}

static int check_role_member(struct registry *r, const struct csv_row *row,
	const struct registry_role *role)
{
	int there;

	if (role->member_no == 0)
		return 0;
	there = member_exists(r, row, role->unit, role->member_no);
	if (there != 0)
		return there < 0 ? -1 : 0;
	return WRONG(r, roles_csv, row, ROLE_COL_MEMBER,
		"unit " STR_FMT " has no member %lld",
		STR_ARG(row->cells[ROLE_COL_UNIT]), (long long)role->member_no);
}

static int check_role(struct registry *r, const struct csv_row *row,
	struct registry_role *role)
{
	struct cell c = {&r->roles_csv, row, r->d};
	int rc = 0;

	rc |= cell_phone(&c, ROLE_COL_PHONE, false, r->a, &role->phone);
	rc |= cell_choice(&c, ROLE_COL_ROLE, "secretary|deputy|staff|overseer",
		NULL, &role->role);
	rc |= cell_unit(r, &c, ROLE_COL_UNIT, &role->unit);
	rc |= cell_number(&c, ROLE_COL_MEMBER, true, &role->member_no);
	rc |= cell_days(&c, ROLE_COL_FROM, ROLE_COL_TO, &role->from, &role->to);
	rc |= cell_choice(&c, ROLE_COL_DUTY, "yes|no", "", &role->duty);
	return rc < 0 ? -1 : check_role_member(r, row, role);
}

static void check_roles(struct registry *r)
{
	const struct csv_row *rows = r->roles_csv.rows;

	r->roles = ARENA_ARRAY(r->a, struct registry_role, r->roles_csv.n);
	keymap_init(&r->role_at, r->a, r->roles_csv.n);
	for (size_t i = 0; i < r->roles_csv.n; i++) {
		struct registry_role *role = &r->roles[r->roles_n];
		struct str key;
		size_t at;

		if (check_role(r, &rows[i], role) < 0)
			continue;
		r->roles_n++;
		key = role_key(r, role);
		at = keymap_add(&r->role_at, key, i);
		if (at != KEYMAP_NONE)
			(void)WRONG(r, roles_csv, &rows[i], ROLE_COL_PHONE,
				STR_FMT " is " STR_FMT " of " STR_FMT
					" already on line %d",
				STR_ARG(role->phone), STR_ARG(role->role),
				STR_ARG(rows[i].cells[ROLE_COL_UNIT]),
				rows[at].line);
	}
}

int registry_rows_check(struct registry *r)
{
	size_t before = r->d->n + r->d->dropped;

	if (check_units(r) < 0)
		return -1;
	check_members(r);
	check_roles(r);
	return r->d->n + r->d->dropped == before ? 0 : -1;
}
