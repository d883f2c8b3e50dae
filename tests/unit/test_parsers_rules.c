/*
 * The shipped rules read their own examples and the golden readings, under a
 * small fixed registry, and a faulty file of rules is named by place.
 */
#include "config/config.h"
#include "parsers/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/parsers/readings.txt"
#define FILE_MAX ((size_t)1 << 20)

/* The sender is secretary of MG07; Na Pan is the name of two hamlets. */
static const struct unit_ref units[] = {
	{.id = 1,
		.code = {"MG07", 4},
		.roll = 47,
		.own = true,
		.in_scope = true},
	{.id = 2, .code = {"MG08", 4}, .roll = 20},
	{.id = 3, .code = {"MG11", 4}, .roll = 30},
	{.id = 4, .code = {"CS03", 4}, .roll = 30},
};

static const struct unit_match matches[] = {
	{{"mg07", 4}, &units[0], 1},
	{{"gion", 4}, &units[0], 1},
	{{"qn-mg-07", 8}, &units[0], 1},
	{{"mg08", 4}, &units[1], 1},
	{{"na pan", 6}, &units[2], 2},
};

struct rig {
	struct diags *diags;
	struct arena *arena;
	struct ruleset *rs;
};

static const char *printed(struct diags *d, struct buf *b)
{
	buf_init(b, FILE_MAX);
	diags_print(d, b);
	return buf_z(b);
}

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct buf b;

	if (rig == NULL)
		return -1;
	rig->diags = diags_new();
	rig->arena = arena_new(FILE_MAX);
	rig->rs = ruleset_load(
		STR("config/rules.yaml"), config_shipped_rules(), rig->diags);
	*state = rig;
	if (rig->rs == NULL)
		print_error("%s", printed(rig->diags, &b));
	return rig->rs == NULL;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	ruleset_unref(rig->rs);
	diags_free(rig->diags);
	arena_free(rig->arena);
	free(rig);
	return 0;
}

static void test_examples(void **state)
{
	struct rig *rig = *state;
	struct buf b;

	if (ruleset_check(rig->rs, rig->diags) != 0)
		fail_msg("%s", printed(rig->diags, &b));
}

static struct str read_one(
	struct rig *rig, struct str text, enum question question)
{
	struct fields partial = {.has = {0}};
	struct pending pending = {.question = question,
		.intent = INTENT_MEETING_REPORT,
		.problem = PROBLEM_MISSING_ABSENCE_SPLIT,
		.partial = question == QUESTION_MISSING ? &partial : NULL};
	struct context c = {.today = day_parse(STR("2026-11-06")),
		.utc_offset_min = 420,
		.has_registry = true,
		.sender_known = true,
		.units = units,
		.units_n = 1,
		.matches = matches,
		.matches_n = sizeof(matches) / sizeof(matches[0]),
		.pending = &pending,
		.pending_n = question != QUESTION_NONE};
	struct reading r;
	struct jdoc *json;
	struct str s;

	field_set_int(&partial, FIELD_TOTAL, 47);
	field_set_int(&partial, FIELD_PRESENT, 35);
	read_message(scan_text(rig->rs, text, rig->arena), &c, rig->arena, &r);
	json = fields_to_json(&r.fields);
	s = arena_printf(rig->arena, "%s%s%s " STR_FMT, intent_str(r.intent),
		r.problem != PROBLEM_NONE ? " " : "", problem_str(r.problem),
		STR_ARG(jdoc_print(json, rig->arena)));
	jdoc_free(json);
	return s;
}

static void test_golden(void **state)
{
	struct rig *rig = *state;
	enum question question = QUESTION_NONE;
	struct str file, line, text = STR("");
	struct err err;
	int wrong = 0, seen = 0;

	assert_int_equal(
		config_read_file(GOLDEN, FILE_MAX, rig->arena, &file, &err), 0);
	while (str_next(&file, '\n', &line)) {
		struct str rest = str_from(line, 2), got;

		if (str_starts(line, STR("? ")))
			question = question_parse(rest);
		else if (str_starts(line, STR("> ")))
			text = rest;
		if (!str_starts(line, STR("= ")))
			continue;
		got = read_one(rig, text, question);
		question = QUESTION_NONE;
		seen++;
		if (str_eq(got, rest))
			continue;
		wrong++;
		print_error("> " STR_FMT "\n= " STR_FMT "\n  want: " STR_FMT
			    "\n",
			STR_ARG(text), STR_ARG(got), STR_ARG(rest));
	}
	assert_int_equal(wrong, 0);
	assert_true(seen > 30);
}

#define HEAD                                                                   \
	"today: 2026-11-06\nlexicon: {CM: [co mat], TS: [ts]}\n"               \
	"labels: {CM: present}\nmacros: {n: '\\d+'}\n"
#define RULE "rules: [{name: r, intent: help, when: '^CM$', examples: []}]\n"

static const struct fault {
	const char *yaml, *says;
} faults[] = {
	{HEAD "slots: {s: [{name: a, pattern: 'CM ({n}'}]}\n" RULE,
		"r.yaml:5:40: in this pattern: missing closing parenthesis\n"},
	{HEAD "slots: {s: [{name: a, pattern: 'CM {m}'}]}\n" RULE,
		"r.yaml:5:36: no such macro: 'm'\n"},
	{HEAD "slots: {s: [{name: a, pattern: 'TS CN'}]}\n" RULE,
		"r.yaml:5:36: 'CN' is no symbol of the lexicon\n"},
	{HEAD "slots: {s: [{name: a, pattern: '(?<who>{n})'}]}\n" RULE,
		"r.yaml:5:32: group 'who' is neither a field nor one of the "
		"readers' own names\n"},
	{HEAD "slots: {s: [{name: a, need: [XX], pattern: 'CM'}]}\n" RULE,
		"r.yaml:5:30: 'XX' is no symbol of the lexicon\n"},
	{HEAD "slots: {s: []}\n"
	      "rules: [{name: r, intent: hop, when: 'CM', examples: []}]\n",
		"r.yaml:6:9: no such intent: 'hop'\n"},
	{HEAD "slots: {s: []}\n"
	      "rules: [{name: r, intent: help, examples: []}]\n",
		"r.yaml:6:9: 'when' is missing"},
	{"today: 2026-11-06\nlexicon: {A: [mot hai], B: [Mot  HAI]}\n"
	 "slots: {}\n" RULE,
		"r.yaml:2:29: 'Mot  HAI' stands for another symbol too\n"},
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct diags *d = diags_new();
		struct buf b;
		const char *got;

		assert_null(
			ruleset_load(STR("r.yaml"), str_of(faults[i].yaml), d));
		got = printed(d, &b);
		if (strncmp(got, faults[i].says, strlen(faults[i].says)) != 0)
			fail_msg("%s: got %s", faults[i].yaml, got);
		buf_release(&b);
		diags_free(d);
	}
}

static void test_wrong_examples(void **state)
{
	static const char yaml[] =
		HEAD "slots: {s: [{name: a, pattern: 'CM (?<present>{n})'}]}\n"
		     "rules: [{name: r, intent: help, when: 'CM', slots: s,\n"
		     "  examples: [{text: co mat 3, fields: {present: 4}},\n"
		     "             {text: xyz}],\n"
		     "  not: [co mat]}]\n";
	struct diags *d = diags_new();
	struct ruleset *rs = ruleset_load(STR("r.yaml"), str_of(yaml), d);
	struct buf b;

	(void)state;
	assert_non_null(rs);
	assert_int_equal(ruleset_check(rs, d), -1);
	assert_string_equal(printed(d, &b),
		"r.yaml:7:49: reads 3\n"
		"r.yaml:8:14: 'xyz' is read by rule '' as other\n"
		"r.yaml:9:9: this must not be read by rule 'r', but is\n");
	buf_release(&b);
	ruleset_unref(rs);
	diags_free(d);
}

/* What the store is asked to look up. */
static void test_unit_keys(void **state)
{
	struct rig *rig = *state;
	const struct str *keys;

	assert_int_equal(
		scan_unit_keys(scan_text(rig->rs, STR("HOP MG-07 5/11 TS47"),
				       rig->arena),
			&keys),
		1);
	assert_true(str_is(keys[0], "mg07"));
	assert_int_equal(
		scan_unit_keys(scan_text(rig->rs, STR("HOP QN-MG-07 5/11"),
				       rig->arena),
			&keys),
		1);
	assert_true(str_is(keys[0], "qn-mg-07"));
	assert_true(scan_unit_keys(scan_text(rig->rs, STR("hop Nà Pán 5/11"),
					   rig->arena),
			    &keys) >= 1);
	assert_true(str_is(keys[0], "na pan"));
	assert_int_equal(
		scan_unit_keys(scan_text(rig->rs, STR("chuc mung nam moi"),
				       rig->arena),
			&keys),
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_wrong_examples),
		cmocka_unit_test(test_unit_keys),
	};

	return cmocka_run_group_tests_name(
		"parsers_rules", tests, setup, teardown);
}
