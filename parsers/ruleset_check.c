/*
 * ruleset_check - does every rule do what its own examples say?
 *
 * Reads each example as if it had come in on the day that the file names, with
 * no registry and at most the example's question open, and compares intent,
 * problem and all fields. Texts under `not` must be read by another rule. Run
 * by `bantin check` and at start-up; one arena, thrown away.
 */
#include "parsers/read.h"
#include "parsers/rules.h"

#define ARENA_FIRST ((size_t)1 << 16)

struct check {
	const struct ruleset *rs;
	struct diags *diags;
	struct arena *arena; /* reset after each text */
};

static void read_text(const struct check *c, struct str text,
	enum question question, struct reading *ret)
{
	const struct pending pending = {
		.question = question, .intent = INTENT_MEETING_REPORT};
	const struct context context = {.today = c->rs->today,
		.now_ms = day_to_ms(c->rs->today, 0, 7 * 60),
		.utc_offset_min = 7 * 60,
		.language = STR("vi"),
		.pending = &pending,
		.pending_n = question != QUESTION_NONE ? 1 : 0};

	read_message(scan_text(c->rs, text, c->arena), &context, c->arena, ret);
}

static struct str expected_map(const struct check *c, const struct node *n)
{
	struct str s = STR("{");

	for (size_t i = 0; i < n->n; i++)
		s = arena_printf(c->arena,
			STR_FMT "%s\"" STR_FMT "\":\"" STR_FMT "\"", STR_ARG(s),
			i > 0 ? "," : "", STR_ARG(n->pairs[i].key->text),
			STR_ARG(n->pairs[i].value->text));
	return arena_printf(c->arena, STR_FMT "}", STR_ARG(s));
}

/* A YAML value in the form in which jdoc_print has it. */
static struct str expected(const struct check *c, const struct node *n)
{
	struct str s = STR("[");

	if (n->kind == NODE_SCALAR)
		return n->text;
	if (n->kind == NODE_MAP)
		return expected_map(c, n);
	for (size_t i = 0; i < n->n; i++)
		s = arena_printf(c->arena, STR_FMT "%s" STR_FMT, STR_ARG(s),
			i > 0 ? "," : "", STR_ARG(n->items[i]->text));
	return arena_printf(c->arena, STR_FMT "]", STR_ARG(s));
}

static struct str found(const struct check *c, const struct jdoc *v)
{
	struct str s = STR("[");

	if (jdoc_is_object(v))
		return jdoc_print(v, c->arena);
	if (!jdoc_is_array(v))
		return jdoc_text(v, c->arena);
	for (size_t i = 0; i < jdoc_len(v); i++)
		s = arena_printf(c->arena, STR_FMT "%s" STR_FMT, STR_ARG(s),
			i > 0 ? "," : "",
			STR_ARG(jdoc_text(jdoc_item(v, i), c->arena)));
	return arena_printf(c->arena, STR_FMT "]", STR_ARG(s));
}

struct unwanted {
	const struct check *check;
	const struct node *at, *fields;
	int rc;
};

static void on_field(void *arg, struct str key, const struct jdoc *value)
{
	struct unwanted *u = arg;
	char *name = arena_z(u->check->arena, key);

	if (node_get(u->fields, name) != NULL)
		return;
	u->rc = node_error(u->at, u->check->diags, "also reads %s: " STR_FMT,
		name, STR_ARG(found(u->check, value)));
}

static int compare_fields(const struct check *c, const struct node *at,
	const struct node *fields, const struct fields *f)
{
	struct jdoc *json = fields_to_json(f);
	struct unwanted u = {c, at, fields, 0};

	jdoc_each(json, on_field, &u);
	for (size_t i = 0; fields != NULL && i < fields->n; i++) {
		const struct node_pair *pair = &fields->pairs[i];
		const struct jdoc *v =
			jdoc_at(json, arena_z(c->arena, pair->key->text));

		if (v == NULL)
			u.rc = node_error(
				pair->key, c->diags, "this field is not read");
		else if (!str_eq(found(c, v), expected(c, pair->value)))
			u.rc = node_error(pair->value, c->diags,
				"reads " STR_FMT, STR_ARG(found(c, v)));
	}
	jdoc_free(json);
	return u.rc;
}

static int check_example(const struct check *c, const struct rules_rule *rule,
	const struct rules_example *e)
{
	enum question q = question_parse(e->question);
	enum problem want = PROBLEM_NONE;
	struct str intent = e->intent.p != NULL ? e->intent : rule->intent;
	struct reading r;

	if (e->question.p == NULL)
		q = QUESTION_NONE;
	if (q == QUESTION_N)
		return node_error(e->node, c->diags, "no such question");
	if (rules_problem(e->problem, e->node, &want, c->diags) != 0)
		return -1;
	read_text(c, e->text, q, &r);
	if (!str_is(intent, intent_str(r.intent)) ||
		!str_eq(r.rule, rule->name))
		return node_error(e->node, c->diags,
			"'" STR_FMT "' is read by rule '" STR_FMT "' as %s",
			STR_ARG(e->text), STR_ARG(r.rule),
			intent_str(r.intent));
	if (r.problem != want)
		return node_error(e->node, c->diags,
			"'" STR_FMT "' has problem '%s', not '%s'",
			STR_ARG(e->text), problem_str(r.problem),
			problem_str(want));
	return compare_fields(c, e->node, e->fields, &r.fields);
}

static int check_not(const struct check *c, const struct rules_rule *rule,
	const struct node *text)
{
	struct reading r;

	read_text(c, text->text, QUESTION_NONE, &r);
	if (!str_eq(r.rule, rule->name))
		return 0;
	return node_error(text, c->diags,
		"this must not be read by rule '" STR_FMT "', but is",
		STR_ARG(rule->name));
}

int ruleset_check(const struct ruleset *rs, struct diags *d)
{
	struct check c = {rs, d, arena_new(ARENA_FIRST)};
	int rc = 0;

	for (size_t i = 0; i < rs->file->rules_n; i++) {
		const struct rules_rule *rule = &rs->file->rules[i];

		for (size_t k = 0; k < rule->examples_n; k++) {
			rc |= check_example(&c, rule, &rule->examples[k]);
			arena_reset(c.arena);
		}
		for (size_t k = 0; rule->except != NULL && k < rule->except->n;
			k++) {
			rc |= check_not(&c, rule, rule->except->items[k]);
			arena_reset(c.arena);
		}
	}
	arena_free(c.arena);
	return rc;
}
