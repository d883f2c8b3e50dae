#ifndef CONFIG_OPTION_VALUE_H
#define CONFIG_OPTION_VALUE_H

#include "config/option.h"

/* What one option takes, and whether a value is that. For option*.c alone. */

/* "a whole number from 1 to 100 seconds", "true or false", … */
void option_value_takes(const struct option *o, struct buf *out);
/*
 * Stores a value as it would be typed into the field; lists take their items
 * between commas. 0, or -1 with err. Not for OPTION_NODE. Text goes into a.
 */
int option_value_text(const struct option *o, struct str text, struct arena *a,
	void *field, struct err *err) __attribute__((warn_unused_result));
/* The same from a tree; faults stand at their node. 0 / -1. */
int option_value_node(const struct option *o, const struct node *n,
	struct arena *a, void *field, struct diags *d)
	__attribute__((warn_unused_result));

#endif
