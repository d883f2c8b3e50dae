#ifndef CONFIG_RULES_FILE_H
#define CONFIG_RULES_FILE_H

#include "config/option.h"

/*
 * rules.yaml as it stands in the file: shape and key names are checked here,
 * patterns, names of symbols, fields and intents in parsers/, which compiles
 * it. Nodes keep their places for errors found then. docs of each key: the
 * help texts in rules_file.c.
 */
struct rules_slot {
	struct str name;
	const struct node *node, *pattern;
	const struct node *need; /* list of symbols, any of them; NULL: none */
	const struct node *set;  /* map of constant fields; NULL: none */
	struct str problem, conflict, proof;
	bool positional, labels_lead;
};

struct rules_slots {
	struct str name;
	const struct node *node;
	const struct rules_slot *v;
	size_t n;
};

struct rules_example {
	const struct node *node, *fields; /* fields: map; NULL: none */
	struct str text, intent, problem, question;
};

enum rules_unit {
	RULES_UNIT_NONE,
	RULES_UNIT_TYPED,
	RULES_UNIT_DEFAULT,
	RULES_UNIT_NAMED
};
enum rules_dates { RULES_DATES_PAST, RULES_DATES_FUTURE };

struct rules_rule {
	struct str name, intent, problem, slots;
	const struct node *node, *when, *need, *ignore, *question, *set;
	const struct node *except; /* texts that are not of this rule */
	int unit, dates;
	bool answer, items, late, repeatable, strict;
	const struct rules_example *examples;
	size_t examples_n;
};

struct rules_file {
	const struct node *root, *today, *lexicon, *polite, *numbers, *aliases;
	const struct node *codes_after, *numbers_after, *numbers_before,
		*numbers_weak, *macros, *labels, *labels_proof, *keywords,
		*names, *quiet, *real_words, *fillers, *small_words;
	const struct rules_slots *slots;
	size_t slots_n;
	const struct rules_rule *rules;
	size_t rules_n;
};

/* Everything in the arena; NULL when anything is wrong, with diags. */
const struct rules_file *rules_file_read(
	struct str file, struct str yaml, struct arena *a, struct diags *d);

#endif
