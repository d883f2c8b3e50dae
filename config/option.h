#ifndef CONFIG_OPTION_H
#define CONFIG_OPTION_H

#include "config/node.h"

/*
 * One table per kind of map (the file itself, a channel, a provider's own
 * channel keys). A table line gives name, type, range, default and help, and
 * drives reading, `bantin check`, the man page and the sample file.
 */
enum option_type {
	OPTION_INT,   /* int64_t */
	OPTION_BOOL,  /* bool */
	OPTION_TEXT,  /* struct str; {NULL,0} when unset without a default */
	OPTION_ENUM,  /* int: index into choices, which are "a|b|c" */
	OPTION_TIME,  /* int: HH:MM as minutes since midnight */
	OPTION_URL,   /* struct str: http:// or https:// */
	OPTION_PHONE, /* struct str */
	OPTION_TEXTS, /* struct option_list of struct str */
	OPTION_INTS,  /* struct option_list of int64_t */
	OPTION_NODE   /* const struct node *: read by whoever owns it */
};

struct option_list {
	const void *v;
	size_t n;
};

struct option {
	const char *name; /* dotted: "limits.per_second" stands in a map */
	enum option_type type;
	bool required;
	const char *fallback; /* default, as it would be typed; NULL: unset */
	int64_t min, max;     /* INT: range; TEXT: length. 0,0: any */
	const char *choices;
	const char *unit; /* "ms", "s", "bytes", … for the man page */
	const char *help; /* one sentence */
	size_t offset;    /* in the struct that is filled */
};

struct option_table {
	const struct option *v;
	size_t n;
	void *into; /* the struct that is filled; zeroed by the caller */
};

#define OPTION_TABLE(table, target)                                            \
	((struct option_table){                                                \
		(table), sizeof(table) / sizeof((table)[0]), (target)})

/*
 * Fills the structs of all tables from one map: sets defaults, checks type
 * and range, names unknown keys with the nearest known one. map may be NULL
 * (all defaults). Every error is added to d; 0, or -1 if there was any.
 */
int option_read(const struct node *map, const struct option_table *tables,
	size_t n_tables, struct arena *a, struct diags *d)
	__attribute__((warn_unused_result));
/* The same for one table of a map that others read too: their keys are left. */
int option_read_some(const struct node *map, const struct option_table *table,
	struct arena *a, struct diags *d) __attribute__((warn_unused_result));
/* Sets one option by its dotted name, for `rehearse`'s `set`; 0 / -1. */
int option_set(const struct option_table *table, struct str name,
	struct str value, struct arena *a, struct err *err)
	__attribute__((warn_unused_result));
/* The tables as the OPTIONS part of a man page, and as a commented sample. */
void option_man(const struct option *v, size_t n, struct buf *out);
void option_sample(
	const struct option *v, size_t n, int indent, struct buf *out);

#endif
