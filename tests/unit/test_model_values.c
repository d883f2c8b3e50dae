/*
 * fields and their JSON, names of enums, context look-ups, effects.
 */
#include "gateway/model/effect.h"
#include "gateway/model/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

static int setup(void **state)
{
	*state = arena_new(1024);
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void names_go_both_ways(void **state)
{
	(void)state;
	for (enum intent i = 0; i < INTENT_N; i++)
		assert_int_equal(intent_parse(str_of(intent_str(i))), i);
	for (enum problem p = 0; p < PROBLEM_N; p++)
		assert_int_equal(problem_parse(str_of(problem_str(p))), p);
	for (enum question q = 0; q < QUESTION_N; q++)
		assert_int_equal(question_parse(str_of(question_str(q))), q);
	for (enum role r = ROLE_SECRETARY; r <= ROLE_MEMBER; r++) {
		enum role got = ROLE_MEMBER;

		assert_int_equal(role_parse(str_of(role_str(r)), &got), 0);
		assert_int_equal(got, r);
	}
	assert_int_equal(intent_parse(STR("reports")), INTENT_N);
	assert_int_equal(intent_parse(STR("Vote")), INTENT_N);
	assert_int_equal(problem_parse(STR("?")), PROBLEM_N);
	assert_int_equal(question_parse(STR("?")), QUESTION_N);
	assert_int_equal(role_parse(STR("boss"), &(enum role){0}), -1);
	assert_string_equal(
		intent_str(INTENT_MEETING_REPORT), "meeting_report");
	assert_string_equal(problem_str(PROBLEM_NONE), "");
	assert_string_equal(message_state_str(MESSAGE_DONE), "done");
	assert_string_equal(message_state_str(MESSAGE_IGNORED), "ignored");
}

static void fields_have_names(void **state)
{
	(void)state;
	for (enum field f = 0; f < FIELD_N; f++) {
		enum field first = field_parse(str_of(field_str(f)));

		if (f == FIELD_CHOICES || f == FIELD_ITEM_COUNT)
			assert_int_equal(first, FIELD_ITEMS);
		else
			assert_int_equal(first, f);
	}
	assert_int_equal(field_parse(STR("unit ")), FIELD_N);
	assert_int_equal(field_type(FIELD_CHOICES), FIELD_T_MAP);
	assert_int_equal(field_type(FIELD_ITEM_COUNT), FIELD_T_INT);
	assert_int_equal(field_type(FIELD_UNIT), FIELD_T_TEXT);
	assert_int_equal(field_type(FIELD_WRONG_PERSON), FIELD_T_BOOL);
}

static void fields_set_and_drop(void **state)
{
	struct fields f = {.has = {0}};

	(void)state;
	assert_int_equal(field_int(&f, FIELD_PRESENT, -1), -1);
	assert_null(field_text(&f, FIELD_RIGHT).p);
	field_set_int(&f, FIELD_PRESENT, 0);
	field_set_text(&f, FIELD_RIGHT, STR("an"));
	assert_true(field_has(&f, FIELD_PRESENT));
	assert_int_equal(field_int(&f, FIELD_PRESENT, -1), 0);
	assert_true(str_is(field_text(&f, FIELD_RIGHT), "an"));
	field_drop(&f, FIELD_RIGHT);
	assert_false(field_has(&f, FIELD_RIGHT));
	assert_true(field_has(&f, FIELD_PRESENT));
	field_drop(&f, FIELD_RIGHT);
}

/* What is read is written again just so, in the order of the table. */
static void json_there_and_back(void **state)
{
	static const char *const row[] = {
		"{}",
		"{\"unit\":\"MG07\",\"date\":\"2026-11-05\","
		"\"time\":\"09:05\",\"period\":\"2026-02\","
		"\"kind\":\"regular\",\"total\":47,\"present\":0,"
		"\"topics\":[\"03\",\"ý kiến\"],"
		"\"unexcused_members\":[3,12]}",
		"{\"joint\":true,\"items\":[{\"unit\":\"MG07\",\"total\":47},"
		"{\"unit\":\"MG08\",\"present_members\":[]}]}",
		"{\"items\":{\"1\":\"for\",\"3\":\"abstain\"},"
		"\"proxy\":false}",
		"{\"items\":{}}",
		"{\"items\":2}",
		"{\"items\":[]}",
	};

	for (size_t i = 0; i < N(row); i++) {
		struct jdoc *in = jdoc_parse(str_of(row[i]), NULL), *out;
		struct fields f;

		assert_int_equal(fields_from_json(in, *state, &f, NULL), 0);
		jdoc_free(in); /* nothing may point into it */
		out = fields_to_json(&f);
		assert_true(str_is(jdoc_print(out, *state), row[i]));
		jdoc_free(out);
	}
}

static void json_tells_items_apart(void **state)
{
	struct jdoc *in =
		jdoc_parse(STR("{\"items\":{\"2\":\"against\"}}"), NULL);
	const struct field_map_entry *e;
	struct fields f;

	assert_int_equal(fields_from_json(in, *state, &f, NULL), 0);
	assert_false(field_has(&f, FIELD_ITEMS));
	assert_false(field_has(&f, FIELD_ITEM_COUNT));
	assert_true(field_has(&f, FIELD_CHOICES));
	assert_int_equal(f.v[FIELD_CHOICES].list.n, 1);
	e = f.v[FIELD_CHOICES].list.p;
	assert_int_equal(e->key, 2);
	assert_true(str_is(e->value, "against"));
	jdoc_free(in);
}

static void json_names_what_is_wrong(void **state)
{
	static const char *const row[][2] = {
		{"{\"total\":\"47\"}", "total: expected a whole number"},
		{"{\"total\":4.5}", "total: expected a whole number"},
		{"{\"total\":null}", "total: expected a whole number"},
		{"{\"joint\":1}", "joint: expected true or false"},
		{"{\"date\":\"2026-02-30\"}",
			"date: expected a day as \"YYYY-MM-DD\""},
		{"{\"date\":20260230}",
			"date: expected a day as \"YYYY-MM-DD\""},
		{"{\"time\":\"24:00\"}", "time: expected a time as \"HH:MM\""},
		{"{\"period\":\"2026-13\"}",
			"period: expected a month as \"YYYY-MM\""},
		{"{\"unit\":[]}", "unit: expected a string"},
		{"{\"topics\":[1]}", "topics: expected a list of strings"},
		{"{\"topics\":\"03\"}", "topics: expected a list of strings"},
		{"{\"members\":[1,\"2\"]}",
			"members: expected a list of whole numbers"},
		{"{\"members\":[3000000000]}",
			"members: expected a list of whole numbers"},
		{"{\"items\":{\"0\":\"for\"}}",
			"items: expected a list of objects, a map of choices "
			"or a number"},
		{"{\"items\":{\"1\":2}}",
			"items: expected a list of objects, a map of choices "
			"or a number"},
		{"{\"items\":[{\"items\":[]}]}",
			"items: expected a list of objects, a map of choices "
			"or a number"},
		{"{\"items\":[1]}",
			"items: expected a list of objects, a map of choices "
			"or a number"},
		{"{\"unit\":\"A\",\"colour\":1,\"total\":\"x\"}",
			"no field is called colour"},
		{"[]", "fields: expected an object"},
	};

	for (size_t i = 0; i < N(row); i++) {
		struct jdoc *in = jdoc_parse(str_of(row[i][0]), NULL);
		struct err e = {.text = ""};
		struct fields f;

		assert_int_equal(fields_from_json(in, *state, &f, &e), -1);
		assert_string_equal(e.text, row[i][1]);
		jdoc_free(in);
	}
}

static void context_looks_up(void **state)
{
	const struct role_ref roles[] = {{.role = ROLE_DEPUTY}};
	const struct pending pending[] = {
		{.id = 3, .question = QUESTION_VOTE},
		{.id = 2, .question = QUESTION_INVITE},
		{.id = 1, .question = QUESTION_VOTE},
	};
	const struct context c = {.roles = roles,
		.roles_n = N(roles),
		.pending = pending,
		.pending_n = N(pending)};

	(void)state;
	assert_true(context_has_role(&c, ROLE_DEPUTY));
	assert_false(context_has_role(&c, ROLE_SECRETARY));
	assert_int_equal(context_question(&c, QUESTION_VOTE)->id, 3);
	assert_int_equal(context_question(&c, QUESTION_INVITE)->id, 2);
	assert_null(context_question(&c, QUESTION_FORM));
}

static void effects_pile_up(void **state)
{
	struct outcome o;
	struct effect *e;

	o = (struct outcome){.arena = *state};
	o.v[1].opted_out = true; /* left from before */
	(void)outcome_add(&o, EFFECT_REPORT);
	e = outcome_add(&o, EFFECT_REPLY);
	assert_int_equal(o.n, 2);
	assert_ptr_equal(e, &o.v[1]);
	assert_int_equal(e->kind, EFFECT_REPLY);
	assert_false(e->opted_out);
	reply_arg(&e->reply, "unit", STR("MG07"));
	reply_arg_int(&o, &e->reply, "present", -35);
	assert_int_equal(e->reply.args_n, 2);
	assert_string_equal(e->reply.args[1].name, "present");
	assert_true(str_is(e->reply.args[1].value, "-35"));
	while (o.n < EFFECTS_MAX)
		(void)outcome_add(&o, EFFECT_NOTIFY);
	assert_int_equal(o.n, EFFECTS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(fields_have_names),
		cmocka_unit_test(fields_set_and_drop),
		cmocka_unit_test(json_there_and_back),
		cmocka_unit_test(json_tells_items_apart),
		cmocka_unit_test(json_names_what_is_wrong),
		cmocka_unit_test(context_looks_up),
		cmocka_unit_test(effects_pile_up),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
