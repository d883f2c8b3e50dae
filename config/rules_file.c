/*
 * rules_file - what does rules.yaml say, before any of it is compiled?
 *
 * Turns the YAML tree into the structs of the header with the option tables
 * below, so that an unknown or missing key is named with its place like in
 * every other file. What a pattern or a symbol means is not looked at here.
 * Used once per load; owns nothing.
 */
#include "config/rules_file.h"

#define ARRAY_N(v) (sizeof(v) / sizeof((v)[0]))

#define FILE_NODE(key, member, need, text)                                     \
	{                                                                      \
		.name = (key), .type = OPTION_NODE, .required = (need),        \
		.offset = offsetof(struct rules_file, member), .help = (text)  \
	}

struct parts {
	const struct node *slots, *rules;
};

static const struct option file_options[] = {
	FILE_NODE("today", today, true, "the day on which examples are read"),
	FILE_NODE("lexicon", lexicon, true, "symbol: phrases that mean it"),
	FILE_NODE("polite", polite, false, "phrases that mean nothing"),
	FILE_NODE("aliases", aliases, false, "word: other spellings of it"),
	FILE_NODE("numbers", numbers, false, "value: words for it"),
	FILE_NODE("numbers_after", numbers_after, false,
		"symbols behind which number words are read; labels always "
		"are"),
	FILE_NODE("numbers_weak", numbers_weak, false,
		"number words that, bare, are more often other words"),
	FILE_NODE("labels_proof", labels_proof, false,
		"label: the problem of its figures unless the sum proves them"),
	FILE_NODE("numbers_before", numbers_before, false,
		"symbols before which number words are read; labels always "
		"are"),
	FILE_NODE("codes_after", codes_after, false,
		"symbols behind which `MG 10` with a blank is a unit code"),
	FILE_NODE("fillers", fillers, false,
		"words that mean nothing between a label and its figure"),
	FILE_NODE("real_words", real_words, false,
		"words that are never taken for a misspelt label"),
	FILE_NODE("small_words", small_words, false,
		"words that a strict rule may leave over"),
	FILE_NODE("keywords", keywords, false,
		"symbol: its words that may be mended when they come first"),
	FILE_NODE("names", names, false,
		"first: family names, middle: the words behind them"),
	FILE_NODE("quiet", quiet, false,
		"symbols that may be left over like any other word"),
	FILE_NODE("macros", macros, false, "name: text for {name} in patterns"),
	FILE_NODE("labels", labels, false,
		"symbol: the field that a number beside it is; all are "
		"{label}"),
};

static const struct option part_options[] = {
	{.name = "slots",
		.type = OPTION_NODE,
		.required = true,
		.offset = offsetof(struct parts, slots),
		.help = "set: list of slots, tried in this order"},
	{.name = "rules",
		.type = OPTION_NODE,
		.required = true,
		.offset = offsetof(struct parts, rules),
		.help = "list of rules, the first that applies is taken"},
};

#define SLOT(key, kind, member, need, text)                                    \
	{                                                                      \
		.name = (key), .type = (kind), .required = (need),             \
		.offset = offsetof(struct rules_slot, member), .help = (text)  \
	}

static const struct option slot_options[] = {
	SLOT("name", OPTION_TEXT, name, true, "said by `bantin parse`"),
	SLOT("pattern", OPTION_NODE, pattern, true, "PCRE2; named groups"),
	SLOT("need", OPTION_NODE, need, false,
		"symbols, words; one must be there"),
	SLOT("set", OPTION_NODE, set, false, "fields with a fixed value"),
	SLOT("problem", OPTION_TEXT, problem, false, "asked when it matches"),
	SLOT("conflict", OPTION_TEXT, conflict, false,
		"asked when a field had another value before"),
	SLOT("positional", OPTION_BOOL, positional, false,
		"figures without labels: taken only if they add up"),
	SLOT("proof", OPTION_TEXT, proof, false,
		"a guess: asked so unless the sum proves its figures"),
	SLOT("labels_lead", OPTION_BOOL, labels_lead, false,
		"only where labels stand before their figures"),
};

#define RULE(key, kind, member, need, text)                                    \
	{                                                                      \
		.name = (key), .type = (kind), .required = (need),             \
		.offset = offsetof(struct rules_rule, member), .help = (text)  \
	}

struct rule_lists {
	const struct node *examples;
};

static const struct option rule_options[] = {
	RULE("name", OPTION_TEXT, name, true, "said by `bantin parse`"),
	RULE("intent", OPTION_TEXT, intent, true, "what such a text wants"),
	RULE("when", OPTION_NODE, when, true, "PCRE2 on the lexed text"),
	RULE("need", OPTION_NODE, need, false,
		"symbols, words; one must be there"),
	RULE("question", OPTION_NODE, question, false,
		"only while one of these was asked"),
	RULE("slots", OPTION_TEXT, slots, false, "set of slots"),
	RULE("set", OPTION_NODE, set, false, "fields with a fixed value"),
	RULE("problem", OPTION_TEXT, problem, false, "always asked, and why"),
	RULE("ignore", OPTION_NODE, ignore, false,
		"symbols that may be left over"),
	RULE("not", OPTION_NODE, except, false, "texts it must not take"),
	RULE("answer", OPTION_BOOL, answer, false,
		"completes the partial record of the question"),
	RULE("late", OPTION_BOOL, late, false,
		"also while another question was asked since"),
	RULE("items", OPTION_BOOL, items, false,
		"may speak of several units, each with its code"),
	RULE("repeatable", OPTION_BOOL, repeatable, false,
		"the same text again within ten seconds counts again"),
	RULE("strict", OPTION_BOOL, strict, false,
		"asks what is left but small words and what it ignores"),
	{.name = "unit",
		.type = OPTION_ENUM,
		.choices = "none|typed|default|named",
		.fallback = "none",
		.offset = offsetof(struct rules_rule, unit),
		.help = "default: the sender's only unit when none is "
			"typed; named: only if one is"},
	{.name = "dates",
		.type = OPTION_ENUM,
		.choices = "past|future",
		.fallback = "past",
		.offset = offsetof(struct rules_rule, dates),
		.help = "where a day without a year is looked for"},
};

static const struct option rule_list_options[] = {
	{.name = "examples",
		.type = OPTION_NODE,
		.required = true,
		.offset = offsetof(struct rule_lists, examples),
		.help = "texts with their reading"},
};

#define EXAMPLE(key, kind, member, need, text_)                                \
	{                                                                      \
		.name = (key), .type = (kind), .required = (need),             \
		.offset = offsetof(struct rules_example, member),              \
		.help = (text_)                                                \
	}

static const struct option example_options[] = {
	EXAMPLE("text", OPTION_TEXT, text, true, "what is typed"),
	EXAMPLE("intent", OPTION_TEXT, intent, false, "default: the rule's"),
	EXAMPLE("fields", OPTION_NODE, fields, false, "all fields as read"),
	EXAMPLE("problem", OPTION_TEXT, problem, false, "as read"),
	EXAMPLE("question", OPTION_TEXT, question, false, "what was asked"),
};

struct reader {
	struct arena *arena;
	struct diags *diags;
};

static int want(const struct node *n, enum node_kind kind, struct reader *r)
{
	static const char *const name[] = {"a text", "a list", "a map"};

	if (n == NULL || n->kind == kind)
		return 0;
	return node_error(n, r->diags, "here stands %s", name[kind]);
}

static int read_slots(
	const struct node *list, struct rules_slots *ret, struct reader *r)
{
	struct rules_slot *v;
	int rc = 0;

	if (want(list, NODE_LIST, r) != 0)
		return -1;
	ret->node = list;
	ret->v = v = ARENA_ARRAY(r->arena, struct rules_slot, list->n);
	ret->n = list->n;
	for (size_t i = 0; i < list->n; i++) {
		struct option_table t = {
			slot_options, ARRAY_N(slot_options), &v[i]};

		v[i].node = list->items[i];
		rc |= option_read(list->items[i], &t, 1, r->arena, r->diags);
	}
	return rc;
}

static int read_slot_sets(
	const struct node *map, struct rules_file *f, struct reader *r)
{
	struct rules_slots *v;
	int rc = 0;

	if (map == NULL || want(map, NODE_MAP, r) != 0)
		return -1;
	f->slots = v = ARENA_ARRAY(r->arena, struct rules_slots, map->n);
	f->slots_n = map->n;
	for (size_t i = 0; i < map->n; i++) {
		v[i].name = map->pairs[i].key->text;
		rc |= read_slots(map->pairs[i].value, &v[i], r);
	}
	return rc;
}

static int read_examples(
	const struct node *list, struct rules_rule *rule, struct reader *r)
{
	struct rules_example *v;
	int rc = 0;

	if (list == NULL || want(list, NODE_LIST, r) != 0)
		return -1;
	rule->examples = v =
		ARENA_ARRAY(r->arena, struct rules_example, list->n);
	rule->examples_n = list->n;
	for (size_t i = 0; i < list->n; i++) {
		struct option_table t = {
			example_options, ARRAY_N(example_options), &v[i]};

		v[i].node = list->items[i];
		rc |= option_read(list->items[i], &t, 1, r->arena, r->diags);
		rc |= want(v[i].fields, NODE_MAP, r);
	}
	return rc;
}

static int read_rules(
	const struct node *list, struct rules_file *f, struct reader *r)
{
	struct rules_rule *v;
	int rc = 0;

	if (list == NULL || want(list, NODE_LIST, r) != 0)
		return -1;
	f->rules = v = ARENA_ARRAY(r->arena, struct rules_rule, list->n);
	f->rules_n = list->n;
	for (size_t i = 0; i < list->n; i++) {
		struct rule_lists lists = {.examples = NULL};
		struct option_table t[] = {
			{rule_options, ARRAY_N(rule_options), &v[i]},
			{rule_list_options, ARRAY_N(rule_list_options), &lists},
		};

		v[i].node = list->items[i];
		if (option_read(list->items[i], t, 2, r->arena, r->diags) != 0)
			rc = -1;
		else
			rc |= read_examples(lists.examples, &v[i], r);
		rc |= want(v[i].except, NODE_LIST, r);
	}
	return rc;
}

const struct rules_file *rules_file_read(
	struct str file, struct str yaml, struct arena *a, struct diags *d)
{
	struct reader r = {a, d};
	struct rules_file *f = ARENA_NEW(a, struct rules_file);
	struct parts parts = {.slots = NULL};
	struct option_table t[] = {
		{file_options, ARRAY_N(file_options), f},
		{part_options, ARRAY_N(part_options), &parts},
	};
	int rc;

	f->root = node_parse(file, yaml, a, d);
	if (f->root == NULL || option_read(f->root, t, 2, a, d) != 0)
		return NULL;
	rc = want(f->lexicon, NODE_MAP, &r) | want(f->polite, NODE_LIST, &r) |
	     want(f->numbers, NODE_MAP, &r) | want(f->aliases, NODE_MAP, &r) |
	     want(f->macros, NODE_MAP, &r) | want(f->keywords, NODE_MAP, &r) |
	     want(f->labels, NODE_MAP, &r) | want(f->names, NODE_MAP, &r) |
	     want(f->quiet, NODE_LIST, &r) |
	     want(f->codes_after, NODE_LIST, &r) |
	     want(f->numbers_after, NODE_LIST, &r) |
	     want(f->today, NODE_SCALAR, &r);
	rc |= read_slot_sets(parts.slots, f, &r);
	rc |= read_rules(parts.rules, f, &r);
	return rc == 0 && d->n == 0 ? f : NULL;
}
