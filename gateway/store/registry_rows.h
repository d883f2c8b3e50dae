#ifndef GATEWAY_STORE_REGISTRY_ROWS_H
#define GATEWAY_STORE_REGISTRY_ROWS_H

#include "gateway/store/csv_table.h"
#include "gateway/store/keymap.h"
#include "gateway/store/registry.h"
#include "gateway/store/sql.h"

/* Private to the room: rows of the registry files, checked. */
#define REGISTRY_NO_UNIT SIZE_MAX

struct registry_unit {
	const struct csv_row *row; /* NULL: only in the database */
	int64_t id;                /* 0: not there yet */
	struct str code, name, kind, parent_code, aliases, from, to;
	size_t parent;    /* index; REGISTRY_NO_UNIT at the top */
	struct str ended; /* its last day, in the database, by a change */
};

struct registry_member {
	size_t unit;
	int64_t no;
	struct str name, standing, status, dest, phone, language;
	bool consent;
};

struct registry_role {
	struct str phone, role;
	size_t unit;
	int64_t member_no; /* 0: none */
	struct str from, to;
	struct str duty; /* "yes", "no"; "": not said */
};

struct registry {
	struct store *s;
	struct arena *a;
	struct diags *d;
	struct csv_table units_csv, members_csv, roles_csv;
	struct registry_unit *units;
	struct registry_member *members;
	struct registry_role *roles;
	size_t units_n, members_n, roles_n;
	struct keymap unit_at, member_at, role_at;
};

/*
 * The tables (already read) into the arrays. Every wrong cell is named; 0, or
 * -1 with diags, or with none when the database failed.
 */
int registry_rows_check(struct registry *r) __attribute__((warn_unused_result));

/* Names the rows that would undo a change of units (unit_change.h). 0, also
 * when there are any; -1: the database failed. */
int registry_changes_check(struct registry *r)
	__attribute__((warn_unused_result));
/* 0; -1: a member's row is named, its unit has ended. */
int registry_changes_member(struct registry *r, const struct csv_row *row,
	size_t unit) __attribute__((warn_unused_result));

/* The order of the columns in the tables. */
enum {
	UNIT_CODE,
	UNIT_NAME,
	UNIT_KIND,
	UNIT_PARENT,
	UNIT_ALIASES,
	UNIT_FROM,
	UNIT_TO
};
enum {
	MEMBER_UNIT,
	MEMBER_NO,
	MEMBER_NAME,
	MEMBER_STANDING,
	MEMBER_STATUS,
	MEMBER_DEST,
	MEMBER_PHONE,
	MEMBER_LANGUAGE,
	MEMBER_CONSENT
};
enum {
	ROLE_COL_PHONE,
	ROLE_COL_ROLE,
	ROLE_COL_UNIT,
	ROLE_COL_MEMBER,
	ROLE_COL_FROM,
	ROLE_COL_TO,
	ROLE_COL_DUTY
};

#endif
