/*
 * registry - how do units, members and roles get in?
 *
 * Reads the three CSV files, checks all rows (registry_rows.c) and only then
 * writes, in the caller's transaction. A second import updates by key and
 * removes nobody: what left the file stays, because reports refer to it.
 * unit_alias is derived: the folded code, name and aliases of each unit, as
 * the parsers fold the words of a text. Writer thread.
 */
#include "gateway/store/registry.h"

#include "gateway/store/consent.h"
#include "gateway/store/registry_rows.h"
#include "gateway/store/unit_keys.h"

#include <assert.h>

#define ARENA_FIRST ((size_t)1 << 20)

static const char *const unit_columns[] = {[UNIT_CODE] = "code",
	[UNIT_NAME] = "name",
	[UNIT_KIND] = "kind",
	[UNIT_PARENT] = "parent",
	[UNIT_ALIASES] = "aliases",
	[UNIT_FROM] = "valid_from",
	[UNIT_TO] = "valid_to"};
static const char *const member_columns[] = {[MEMBER_UNIT] = "unit",
	[MEMBER_NO] = "no",
	[MEMBER_NAME] = "name",
	[MEMBER_STANDING] = "standing",
	[MEMBER_STATUS] = "status",
	[MEMBER_DEST] = "dest",
	[MEMBER_PHONE] = "phone",
	[MEMBER_LANGUAGE] = "language",
	[MEMBER_CONSENT] = "consent"};
static const char *const role_columns[] = {[ROLE_COL_PHONE] = "phone",
	[ROLE_COL_ROLE] = "role",
	[ROLE_COL_UNIT] = "unit",
	[ROLE_COL_MEMBER] = "member",
	[ROLE_COL_FROM] = "valid_from",
	[ROLE_COL_TO] = "valid_to",
	[ROLE_COL_DUTY] = "duty"};

#define TABLE(r, dir, name, names)                                             \
	((struct csv_table){.file = file_name((r), (dir), (name)),             \
		.columns = (names),                                            \
		.columns_n = sizeof(names) / sizeof((names)[0])})

static struct str file_name(
	struct registry *r, struct str dir, const char *name)
{
	if (dir.n == 0)
		return str_of(name);
	return arena_printf(r->a, STR_FMT "%s%s", STR_ARG(dir),
		str_ends(dir, STR("/")) ? "" : "/", name);
}

static int read_tables(struct registry *r, const struct registry_files *f)
{
	int rc = 0;

	r->units_csv = TABLE(r, f->dir, "units.csv", unit_columns);
	r->members_csv = TABLE(r, f->dir, "members.csv", member_columns);
	r->roles_csv = TABLE(r, f->dir, "roles.csv", role_columns);
	r->roles_csv.optional_n = 1;
	if (f->units.p != NULL)
		rc |= csv_table_read(&r->units_csv, f->units, r->a, r->d);
	if (f->members.p != NULL)
		rc |= csv_table_read(&r->members_csv, f->members, r->a, r->d);
	if (f->roles.p != NULL)
		rc |= csv_table_read(&r->roles_csv, f->roles, r->a, r->d);
	return rc;
}

static int put_aliases(struct registry *r, const struct registry_unit *u)
{
	struct sql_run q = sql_start(r->s, SQL_UNIT_ALIAS_CLEAR);
	struct str rest = u->aliases, alias;

	sql_int(&q, u->id);
	if (sql_done(&q) < 0 || unit_keys_put(r->s, u->code, u->id, r->a) < 0 ||
		unit_keys_put(r->s, u->name, u->id, r->a) < 0)
		return -1;
	while (rest.n > 0 && str_next(&rest, '|', &alias))
		if (unit_keys_put(r->s, alias, u->id, r->a) < 0)
			return -1;
	return 0;
}

static int put_unit(struct registry *r, struct registry_unit *u, int64_t now_ms)
{
	struct sql_run q = sql_start(r->s, SQL_UNIT_PUT);

	sql_str(&q, u->code);
	sql_str(&q, u->name);
	sql_str(&q, u->kind);
	sql_str(&q, u->aliases);
	sql_str(&q, u->from);
	sql_str(&q, u->to);
	sql_int(&q, now_ms);
	if (sql_one(&q, &u->id) < 0)
		return -1;
	return put_aliases(r, u);
}

static int set_parent(struct registry *r, const struct registry_unit *u)
{
	struct sql_run q = sql_start(r->s, SQL_UNIT_SET_PARENT);

	sql_int_or_null(
		&q, u->parent == REGISTRY_NO_UNIT ? 0 : r->units[u->parent].id);
	sql_int(&q, u->id);
	return sql_done(&q);
}

/* Parents may stand below their children in the file. */
static int put_units(struct registry *r, int64_t now_ms)
{
	for (size_t i = 0; i < r->units_n; i++)
		if (r->units[i].row != NULL &&
			put_unit(r, &r->units[i], now_ms) < 0)
			return -1;
	for (size_t i = 0; i < r->units_n; i++)
		if (r->units[i].row != NULL && set_parent(r, &r->units[i]) < 0)
			return -1;
	return 0;
}

static int put_member_contact(
	struct registry *r, const struct registry_member *m, int64_t now_ms)
{
	struct sql_run q;

	if (m->phone.p == NULL)
		return 0;
	q = sql_start(r->s, SQL_CONTACT_MEMBER);
	sql_str(&q, m->phone);
	sql_str(&q, m->language);
	sql_int(&q, m->consent);
	sql_int(&q, now_ms);
	return sql_done(&q);
}

static int put_member(
	struct registry *r, const struct registry_member *m, int64_t now_ms)
{
	struct sql_run q = sql_start(r->s, SQL_MEMBER_PUT);

	sql_int(&q, r->units[m->unit].id);
	sql_int(&q, m->no);
	sql_str(&q, m->name);
	sql_str(&q, m->standing);
	sql_str(&q, m->status);
	sql_str(&q, m->dest);
	sql_str(&q, m->phone);
	if (sql_done(&q) < 0)
		return -1;
	return put_member_contact(r, m, now_ms);
}

static int put_role(
	struct registry *r, const struct registry_role *role, int64_t now_ms)
{
	struct sql_run q = sql_start(r->s, SQL_CONTACT_ROLE);

	sql_str(&q, role->phone);
	sql_int(&q, now_ms);
	if (role->duty.n > 0)
		sql_int(&q, str_is(role->duty, "no"));
	else
		sql_z(&q, NULL);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(r->s, SQL_ROLE_PUT);
	sql_str(&q, role->phone);
	sql_str(&q, role->role);
	sql_int(&q, r->units[role->unit].id);
	sql_int_or_null(&q, role->member_no);
	sql_str(&q, role->from);
	sql_str(&q, role->to);
	return sql_done(&q);
}

static int put_all(struct registry *r, int64_t now_ms)
{
	if (put_units(r, now_ms) < 0)
		return -1;
	for (size_t i = 0; i < r->members_n; i++)
		if (put_member(r, &r->members[i], now_ms) < 0)
			return -1;
	for (size_t i = 0; i < r->roles_n; i++)
		if (put_role(r, &r->roles[i], now_ms) < 0)
			return -1;
	return consent_imported(r->s, now_ms);
}

static void count_rows(const struct registry *r, struct registry_counts *ret)
{
	struct keymap phones;

	keymap_init(&phones, r->a, r->members_n + r->roles_n);
	for (size_t i = 0; i < r->members_n; i++)
		if (r->members[i].phone.p != NULL)
			(void)keymap_add(&phones, r->members[i].phone, i);
	for (size_t i = 0; i < r->roles_n; i++)
		(void)keymap_add(&phones, r->roles[i].phone, i);
	*ret = (struct registry_counts){
		.units = r->units_csv.n,
		.members = r->members_n,
		.roles = r->roles_n,
		.contacts = phones.n,
	};
}

int registry_import(struct store *s, const struct registry_files *f,
	int64_t now_ms, struct registry_counts *ret, struct diags *d)
{
	struct registry r = {.s = s, .a = arena_new(ARENA_FIRST), .d = d};
	int rc;

	assert(store_in_tx(s));
	rc = read_tables(&r, f);
	if (rc == 0)
		rc = registry_rows_check(&r);
	if (rc == 0 && r.units_n == 0)
		rc = diags_add(d, file_name(&r, f->dir, "units.csv"), 1, 1,
			"there are no units yet; a first import needs this "
			"file");
	if (rc == 0)
		rc = put_all(&r, now_ms);
	if (rc == 0)
		count_rows(&r, ret);
	arena_free(r.a);
	return rc;
}
