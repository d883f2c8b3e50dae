/*
 * registry_changes - does a file undo what has become of units?
 *
 * A list that was kept elsewhere may be older than a merger or a new code. By
 * its keys it would bring ended units back to life, with members who moved, or
 * start a unit anew beside its history; each such row is named, with what to
 * do. Writer thread.
 */
#include "gateway/store/registry_rows.h"
#include "gateway/store/unit_keys.h"

#define WRONG(r, csv, row, column, ...)                                        \
	csv_table_wrong(&(r)->csv, (row), (column), (r)->d, __VA_ARGS__)

/* The code was a unit's before; 0 / -1 by the database. */
static int check_old_code(struct registry *r, const struct registry_unit *u)
{
	struct sql_run q = sql_start(r->s, SQL_LINEAGE_CODE);
	int rc;

	sql_str(&q, unit_key(u->code, true, r->a));
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	(void)WRONG(r, units_csv, u->row, UNIT_CODE,
		"unit " STR_FMT " is " STR_FMT " now; write that code",
		STR_ARG(u->code), STR_ARG(sql_peek(&q, 0)));
	sql_stop(&q);
	return 0;
}

/* Another code for a unit that is in no row of the file? */
static void check_same_name(struct registry *r, const struct registry_unit *u)
{
	for (size_t i = 0; i < r->units_n; i++) {
		const struct registry_unit *old = &r->units[i];

		if (old->id == 0 || old->row != NULL || old->ended.p != NULL ||
			!str_eq(old->name, u->name) ||
			!str_eq(old->parent_code, u->parent_code))
			continue;
		(void)WRONG(r, units_csv, u->row, UNIT_CODE,
			"unit " STR_FMT " has that name and no row here; if "
			"its code has changed, `bantin unit rename " STR_FMT
			" " STR_FMT "` keeps its history, else give both a "
			"row",
			STR_ARG(old->code), STR_ARG(old->code),
			STR_ARG(u->code));
		return;
	}
}

static void check_ended(struct registry *r, const struct registry_unit *u)
{
	if (u->to.n > 0 && str_cmp(u->to, u->ended) <= 0)
		return;
	(void)WRONG(r, units_csv, u->row, UNIT_TO,
		"unit " STR_FMT " has ended with " STR_FMT
		"; write that day here, or leave the row out",
		STR_ARG(u->code), STR_ARG(u->ended));
}

int registry_changes_check(struct registry *r)
{
	for (size_t i = 0; i < r->units_n; i++) {
		const struct registry_unit *u = &r->units[i];

		if (u->row == NULL)
			continue;
		if (u->id != 0 && u->ended.p != NULL)
			check_ended(r, u);
		if (u->id != 0)
			continue;
		if (check_old_code(r, u) < 0)
			return -1;
		check_same_name(r, u);
	}
	return 0;
}

int registry_changes_member(
	struct registry *r, const struct csv_row *row, size_t unit)
{
	const struct registry_unit *u = &r->units[unit];

	if (u->ended.p == NULL)
		return 0;
	return WRONG(r, members_csv, row, MEMBER_UNIT,
		"unit " STR_FMT " has ended with " STR_FMT
		"; its members are in another one now, or in none",
		STR_ARG(u->code), STR_ARG(u->ended));
}
