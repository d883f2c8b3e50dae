#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include "config/diag.h"

/*
 * A YAML document as a tree that remembers where each node stands (libyaml's
 * marks). Aliases, tags and duplicate keys are refused; depth ≤ 32, file ≤
 * 4 MiB.
 */
enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node_pair;

struct node {
	enum node_kind kind;
	struct str file;
	int line, col;   /* from 1 */
	struct str text; /* SCALAR */
	struct str raw;  /* SCALAR as written, with its quotes */
	bool plain;      /* SCALAR without quotes: true, 12, ~ keep a meaning */
	const struct node *const *items; /* LIST */
	const struct node_pair *pairs;   /* MAP */
	size_t n;                        /* of items or pairs */
};

struct node_pair {
	const struct node *key, *value;
};

/*
 * NULL when there is no tree at all; then diags say why. A tree may come back
 * with faults in d too (a key given twice, an alias …): look at d before it is
 * used. In the arena, with copies of file and text.
 */
const struct node *node_parse(
	struct str file, struct str text, struct arena *a, struct diags *d);
/* The value under a key of a map; NULL: none, or not a map. n may be NULL. */
const struct node *node_get(const struct node *n, const char *key);
bool node_is_null(const struct node *n); /* NULL, ~, null or empty plain */
/* Characters in UTF-8 text: what columns count. */
int node_columns(struct str s);
/* Adds a diag at the node's place; returns -1. */
int node_error(const struct node *n, struct diags *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same for what is allowed and unwise. */
void node_warn(const struct node *n, struct diags *d, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * A place inside a scalar that stands on one line, for errors in patterns:
 * `at` bytes into the text (the opening quote is counted).
 */
int node_error_at(const struct node *n, size_t at, struct diags *d,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
