#ifndef PARSERS_RULESET_H
#define PARSERS_RULESET_H

#include "config/diag.h"

/*
 * rules.yaml, compiled (PCRE2 with JIT). Immutable once loaded and shared by
 * threads; a job holds a reference, so a reload never changes it midway.
 */
struct ruleset;

/* NULL when anything is wrong, with file, line and column of each fault. */
struct ruleset *ruleset_load(struct str file, struct str yaml, struct diags *d);
/* Runs each rule's own examples and counter-examples; 0, or -1 with diags. */
int ruleset_check(const struct ruleset *rs, struct diags *d)
	__attribute__((warn_unused_result));
/*
 * Looks for what no single example shows: rules whose examples hang on their
 * order alone, and patterns that backtrack beyond their limit on long texts
 * made of the examples. Slow (some tenths of a second); 0, or -1 with diags.
 */
int ruleset_audit(const struct ruleset *rs, struct diags *d)
	__attribute__((warn_unused_result));
struct ruleset *ruleset_ref(struct ruleset *rs);
void ruleset_unref(struct ruleset *rs); /* NULL is fine */
/* Hex digest of the file: stored with each message that it read. */
struct str ruleset_version(const struct ruleset *rs);

#endif
