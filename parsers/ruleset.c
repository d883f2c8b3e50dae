/*
 * ruleset - may this file of rules be used?
 *
 * Compiles rules.yaml into symbols, slots and rules; every fault is named with
 * its place, and a file with any fault gives no rule set at all. Immutable
 * from then on, so that threads share it freely; counted references let a
 * reload leave the jobs that still hold the old one alone.
 */
#include "parsers/rules.h"

#include "gateway/base/digest.h"

#include <stdlib.h>

static const char *const role_names[] = {
	[GROUP_LABEL] = "label",
	[GROUP_N] = "n",
	[GROUP_P] = "p",
	[GROUP_DAY] = "day",
	[GROUP_MONTH] = "month",
	[GROUP_YEAR] = "year",
	[GROUP_COMPACT] = "compact",
	[GROUP_WEEKDAY] = "weekday",
	[GROUP_T] = "t",
	[GROUP_AGO] = "ago",
	[GROUP_WEEK] = "week",
	[GROUP_MONTHS] = "months_on",
	[GROUP_OLD_DAY] = "old_day",
	[GROUP_OLD_MONTH] = "old_month",
	[GROUP_LIST] = "list",
	[GROUP_HOUR] = "hour",
	[GROUP_MINUTE] = "minute",
	[GROUP_ITEM_COUNT] = "item_count",
};

int rules_problem(struct str name, const struct node *at, enum problem *ret,
	struct diags *d)
{
	if (name.p == NULL)
		return 0;
	*ret = problem_parse(name);
	if (*ret == PROBLEM_N)
		return node_error(
			at, d, "no such problem: '" STR_FMT "'", STR_ARG(name));
	return 0;
}

static int constant(const struct node_pair *pair, struct arena *a,
	struct constant *ret, struct diags *d)
{
	struct str text = pair->value->text;

	ret->field = field_parse(pair->key->text);
	for (int i = GROUP_AGO; i <= GROUP_MONTHS; i++) {
		ret->role = (enum group_role)i;
		if (str_is(pair->key->text, role_names[i]) &&
			str_to_i64(text, &ret->value.i) == 0)
			return 0;
	}
	if (ret->field == FIELD_N)
		return node_error(pair->key, d, "no such field");
	switch (field_type(ret->field)) {
	case FIELD_T_BOOL:
		ret->value.i = str_is(text, "true");
		return 0;
	case FIELD_T_INT:
		if (str_to_i64(text, &ret->value.i) == 0)
			return 0;
		break;
	case FIELD_T_TEXT:
		ret->value.s = arena_str(a, text);
		return 0;
	default:
		break;
	}
	return node_error(pair->value, d, "this value does not fit the field");
}

int rules_constants(const struct node *map, struct arena *a,
	struct constants *ret, struct diags *d)
{
	struct constant *v;
	int rc = 0;

	if (map == NULL)
		return 0;
	if (map->kind != NODE_MAP)
		return node_error(map, d, "here stands a map of fields");
	v = ARENA_ARRAY(a, struct constant, map->n);
	for (size_t i = 0; i < map->n; i++)
		rc |= constant(&map->pairs[i], a, &v[i], d);
	*ret = (struct constants){v, map->n};
	return rc;
}

static int group_role(struct str name, struct group *ret)
{
	for (int i = 0; i < GROUP_ROLE_N; i++)
		if (role_names[i] != NULL && str_is(name, role_names[i])) {
			ret->role = (uint8_t)i;
			return 0;
		}
	ret->role = GROUP_FIELD;
	ret->field = (uint8_t)field_parse(name);
	return ret->field == FIELD_N ? -1 : 0;
}

/* The named groups of a slot, as PCRE2's own table lists them. */
static int read_groups(
	struct slot *s, const struct node *pattern, struct diags *d)
{
	uint32_t n = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(s->pattern.code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(s->pattern.code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(s->pattern.code, PCRE2_INFO_NAMETABLE, &table);
	if (n > PATTERN_GROUPS_MAX)
		return node_error(pattern, d, "more than %d named groups",
			PATTERN_GROUPS_MAX);
	for (uint32_t i = 0; i < n; i++, table += size) {
		struct group *g = &s->groups[s->groups_n++];
		const char *name = (const char *)table + 2;

		g->number = (uint8_t)(table[0] << 8 | table[1]);
		if (group_role(str_of(name), g) != 0)
			return node_error(pattern, d,
				"group '%s' is neither a field nor one of the "
				"readers' own names",
				name);
	}
	return 0;
}

static int compile_slot(struct ruleset *rs, const struct rules_slot *from,
	struct slot *s, const struct pattern_names *names, struct diags *d)
{
	s->name = from->name;
	s->positional = from->positional;
	s->labels_lead = from->labels_lead;
	if (rules_problem(from->problem, from->node, &s->problem, d) != 0 ||
		rules_problem(from->conflict, from->node, &s->conflict, d) !=
			0 ||
		rules_problem(from->proof, from->node, &s->proof, d) != 0 ||
		rules_constants(from->set, rs->arena, &s->set, d) != 0 ||
		pattern_compile(
			&s->pattern, from->pattern, from->need, names, d) != 0)
		return -1;
	return read_groups(s, from->pattern, d);
}

static bool has_labels(const struct slots *set)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t k = 0; k < set->v[i].groups_n; k++)
			if (set->v[i].groups[k].role == GROUP_LABEL)
				return true;
	return false;
}

static int compile_slots(
	struct ruleset *rs, const struct pattern_names *names, struct diags *d)
{
	const struct rules_file *f = rs->file;
	int rc = 0;

	rs->slots = ARENA_ARRAY(rs->arena, struct slots, f->slots_n);
	rs->slots_n = f->slots_n;
	for (size_t i = 0; i < f->slots_n; i++) {
		struct slots *set = &rs->slots[i];

		set->name = f->slots[i].name;
		set->n = f->slots[i].n;
		set->v = ARENA_ARRAY(rs->arena, struct slot, set->n);
		for (size_t k = 0; k < set->n; k++)
			rc |= compile_slot(
				rs, &f->slots[i].v[k], &set->v[k], names, d);
		set->labels = has_labels(set);
	}
	return rc;
}

static int rule_questions(
	const struct node *list, struct rule *r, struct diags *d)
{
	int rc = 0;

	for (size_t i = 0; list != NULL && i < list->n; i++) {
		enum question q = question_parse(list->items[i]->text);

		if (q == QUESTION_N || q == QUESTION_NONE)
			rc = node_error(list->items[i], d, "no such question");
		else
			r->questions |= UINT32_C(1) << q;
	}
	return rc;
}

static int rule_slots(struct ruleset *rs, const struct rules_rule *from,
	struct rule *r, struct diags *d)
{
	if (from->slots.p == NULL)
		return 0;
	for (size_t i = 0; i < rs->slots_n; i++)
		if (str_eq(rs->slots[i].name, from->slots))
			r->slots = &rs->slots[i];
	if (r->slots == NULL)
		return node_error(from->node, d,
			"no such set of slots: '" STR_FMT "'",
			STR_ARG(from->slots));
	return 0;
}

static int compile_rule(struct ruleset *rs, const struct rules_rule *from,
	struct rule *r, const struct pattern_names *names, struct diags *d)
{
	int rc = 0;

	r->name = from->name;
	r->unit = from->unit;
	r->dates = from->dates;
	r->answer = from->answer;
	r->items = from->items;
	r->late = from->late;
	r->repeatable = from->repeatable;
	r->strict = from->strict;
	r->intent = intent_parse(from->intent);
	if (r->intent == INTENT_N)
		rc = node_error(from->node, d, "no such intent: '" STR_FMT "'",
			STR_ARG(from->intent));
	rc |= rules_problem(from->problem, from->node, &r->problem, d);
	rc |= rules_constants(from->set, rs->arena, &r->set, d);
	rc |= rule_questions(from->question, r, d);
	rc |= rule_slots(rs, from, r, d);
	rc |= pattern_symbols(from->ignore, &rs->vocabulary, &r->ignore, d);
	rc |= pattern_compile(&r->when, from->when, from->need, names, d);
	return rc;
}

static int compile_rules(
	struct ruleset *rs, const struct pattern_names *names, struct diags *d)
{
	const struct rules_file *f = rs->file;
	int rc = 0;

	rs->rules = ARENA_ARRAY(rs->arena, struct rule, f->rules_n);
	rs->rules_n = f->rules_n;
	for (size_t i = 0; i < f->rules_n; i++)
		rc |= compile_rule(rs, &f->rules[i], &rs->rules[i], names, d);
	return rc;
}

/* {label}: any of the labels, as a whole word; most places have no capital. */
static struct str label_text(const struct ruleset *rs)
{
	struct str s = STR("");

	for (int i = 0; i < rs->vocabulary.n; i++)
		if (rs->label_field[i] != FIELD_N)
			s = arena_printf(rs->arena, STR_FMT "%s" STR_FMT,
				STR_ARG(s), s.n > 0 ? "|" : "",
				STR_ARG(rs->vocabulary.name[i]));
	return arena_printf(
		rs->arena, "(?:(?=[A-Z])\\b(?:" STR_FMT ")\\b)", STR_ARG(s));
}

static int compile(struct ruleset *rs, struct diags *d)
{
	struct pattern_names names = {
		.vocabulary = &rs->vocabulary, .macros = rs->file->macros};
	int rc = rules_vocabulary(rs, d);

	names.label = label_text(rs);
	rs->today = day_parse(rs->file->today->text);
	if (rs->today == DAY_NONE)
		rc = node_error(rs->file->today, d, "here stands YYYY-MM-DD");
	rc |= compile_slots(rs, &names, d);
	return rc | compile_rules(rs, &names, d);
}

static struct str version_of(struct str yaml, struct arena *a)
{
	struct digest g = digest_of(DIGEST_SHA256, &yaml, 1);

	return digest_hex(&g, a);
}

struct ruleset *ruleset_load(struct str file, struct str yaml, struct diags *d)
{
	struct arena *a = arena_new((size_t)1 << 18);
	struct ruleset *rs = ARENA_NEW(a, struct ruleset);

	rs->refs = 1;
	rs->arena = a;
	rs->version = version_of(yaml, a);
	rs->limits = pcre2_match_context_create(NULL);
	if (rs->limits == NULL)
		abort();
	pcre2_set_match_limit(rs->limits, PATTERN_MATCH_LIMIT);
	rs->file =
		rules_file_read(arena_str(a, file), arena_str(a, yaml), a, d);
	if (rs->file == NULL || compile(rs, d) != 0) {
		ruleset_unref(rs);
		return NULL;
	}
	return rs;
}

struct ruleset *ruleset_ref(struct ruleset *rs)
{
	rs->refs++;
	return rs;
}

void ruleset_unref(struct ruleset *rs)
{
	if (rs == NULL || --rs->refs > 0)
		return;
	for (size_t i = 0; i < rs->slots_n; i++)
		for (size_t k = 0; k < rs->slots[i].n; k++)
			pattern_release(&rs->slots[i].v[k].pattern);
	for (size_t i = 0; i < rs->rules_n; i++)
		pattern_release(&rs->rules[i].when);
	pcre2_match_context_free(rs->limits);
	arena_free(rs->arena);
}

struct str ruleset_version(const struct ruleset *rs)
{
	return rs->version;
}
