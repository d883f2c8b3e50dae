#ifndef PARSERS_PATTERN_H
#define PARSERS_PATTERN_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "config/node.h"
#include "parsers/lex.h"

#include <pcre2.h>

#define PATTERN_GROUPS_MAX 12
#define PATTERN_MATCH_LIMIT 20000 /* hostile texts end here, not in seconds */

/* A compiled pattern on the lexed text (ASCII). */
struct pattern {
	pcre2_code *code;
	/* One of these must be in the text … */
	struct symbols need, need_words;
	bool gated; /* … when this is set */
	bool jit;
};

/* What a pattern may refer to. */
struct pattern_names {
	const struct vocabulary *vocabulary;
	const struct node *macros; /* map: name → text */
	struct str label;          /* what {label} stands for */
};

/*
 * Expands {macros}, checks that every upper-case word is a symbol, compiles
 * with JIT. -1 with the column inside the pattern. need: list of symbols, lower
 * case words, {label} for any label and \d for a digit, or NULL.
 */
int pattern_compile(struct pattern *p, const struct node *text,
	const struct node *need, const struct pattern_names *names,
	struct diags *d) __attribute__((warn_unused_result));
/* Is there what it needs? Costs a test of bits. */
bool pattern_may_match(const struct pattern *p, const struct lexed *l);
/*
 * Is it in the text, at or behind from? Then the match is in m. A limit that
 * was hit is no match: the text is then asked back.
 */
bool pattern_match(const struct pattern *p, struct str text, size_t from,
	pcre2_match_data *m, pcre2_match_context *limits);
void pattern_release(struct pattern *p);
/* A symbol by its name; -1: none. */
int pattern_symbol(const struct vocabulary *v, struct str name);
/* The set of symbols that a list names; -1 with diags. NULL: none. */
int pattern_symbols(const struct node *list, const struct vocabulary *v,
	struct symbols *ret, struct diags *d)
	__attribute__((warn_unused_result));

#endif
