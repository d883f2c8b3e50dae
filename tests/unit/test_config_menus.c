/*
 * The file of menus and forms: the shipped one is whole, and every fault has
 * its place and says what is wrong.
 */
#include "config/config.h"
#include "config/menus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct menus *load(struct str text, struct diags *d)
{
	return menus_load(STR("menus.yaml"), text, d);
}

static void test_shipped(void **state)
{
	struct diags *d = diags_new();
	struct menus *m = load(config_shipped_menus(), d);
	const struct menus_form *f;

	(void)state;
	assert_non_null(m);
	assert_int_equal(d->n, 0);
	f = menus_form(m, STR("report"));
	assert_non_null(f);
	assert_int_equal(menus_field(f, STR("total"))->type, MENUS_COUNT);
	assert_null(menus_field(f, STR("nothing")));
	assert_null(menus_form(m, STR("nothing")));
	assert_ptr_equal(
		menus_menu(m, ROLE_SECRETARY), menus_menu(m, ROLE_DEPUTY));
	assert_ptr_not_equal(
		menus_menu(m, ROLE_MEMBER), menus_menu(m, ROLE_STAFF));
	assert_int_equal(menus_language(STR("en")), MENUS_EN);
	assert_int_equal(menus_language(STR("")), MENUS_VI);
	menus_free(m);
	menus_free(NULL);
	diags_free(d);
}

/* The shipped file with one piece exchanged, and what is said of it. */
static const struct fault {
	const char *from, *to, *says;
} faults[] = {
	{"version: 1", "version: 2", "version"},
	{"call: [menu]", "calls: [menu]", "did you mean 'call'"},
	{"  back: {", "  bakc: {", "unknown text 'bakc'; did you mean 'back'"},
	{"  back: {vi: \"0 lui\", en: \"0 back\"}\n", "",
		"text 'back' is missing"},
	{"back: {vi: \"0 lui\", en: \"0 back\"}", "back: 0 lui",
		"a text in both languages"},
	{"back: {vi: \"0 lui\", en: \"0 back\"}", "back: {vi: \"0 lui\"}",
		"en"},
	{"back: {vi: \"0 lui\"", "back: {vi: \" \"", "takes a text"},
	{"back: {vi: \"0 lui\"", "back: {vi: [0]", "takes a text"},
	{"{vi: \"It nhat la {limit}.\"", "{vi: \"It nhat la {limt}.\"",
		"unknown placeholder '{limt}'; known here: limit"},
	{"{vi: \"It nhat la {limit}.\"", "{vi: \"It nhat la {limit.\"",
		"a '{' without its '}'"},
	{"- for: [staff]", "- for: [stuff]", "no such role"},
	{"- for: [staff]", "- for: staff", "takes a list of roles"},
	{"- for: [staff]", "- for: [overseer]", "no menu is for 'staff'"},
	{"{key: 2, form: roll_call", "{key: 1, form: roll_call",
		"key 1 is given twice"},
	{"{key: 2, form: roll_call", "{key: 9, form: roll_call", "key"},
	{"{key: 2, form: roll_call", "{key: 2, form: rollcall",
		"there is no form 'rollcall'"},
	{"        when: invited\n", "", "'absent' goes with 'when'"},
	{"type: unit", "type: unti", "type"},
	{"- name: total\n", "- name: day\n", "there is a field 'day' already"},
	{"- name: total\n", "- name: Total\n", "the letters a to z"},
	{"within: total", "within: unexcused", "no field that comes before"},
	{"beside: [present]", "beside: [presence]",
		"no field that comes before"},
	{"instead: date", "instead: unit", "no field that comes behind"},
	{"        is: [other]\n", "", "'if' goes with 'is'"},
	{"label: CM\n", "hint: {vi: a, en: a}\n", "'within' needs a 'label'"},
	{"TS{total}", "TS{totals}", "{totals}, which is no field"},
	{"half: what", "half: waht", "'half' is no field"},
	{"does: shows", "does: says", "has 'pages'"},
	{"    does: speaks\n", "", "'say' goes with a form that says"},
	{"    say: \"YK {text}\"\n", "", "'say' goes with a form that says"},
	{"type: count\n        label: TS",
		"type: count\n        choices: [{value: a, label: {vi: a, en: "
		"a}}]\n        label: TS",
		"'choices' go with"},
	{"beside: [present]", "beside: {a: b}", "beside"},
};

static struct str changed(struct arena *a, const struct fault *f)
{
	struct str file = config_shipped_menus();
	ptrdiff_t at = str_find(file, str_of(f->from), 0);

	if (at < 0)
		fail_msg("not in the file: %s", f->from);
	return arena_printf(a, STR_FMT "%s" STR_FMT,
		STR_ARG(str_part(file, 0, (size_t)at)), f->to,
		STR_ARG(str_from(file, (size_t)at + strlen(f->from))));
}

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct arena *a = arena_new(65536);
		struct diags *d = diags_new();
		struct buf b;

		assert_null(load(changed(a, &faults[i]), d));
		buf_init(&b, 1 << 20);
		diags_print(d, &b);
		if (str_find(buf_str(&b), str_of(faults[i].says), 0) < 0 ||
			!str_starts(buf_str(&b), STR("menus.yaml:")))
			fail_msg("%s -> %s: said\n%snot: %s", faults[i].from,
				faults[i].to, buf_z(&b), faults[i].says);
		buf_release(&b);
		diags_free(d);
		arena_free(a);
	}
}

static void test_no_file_at_all(void **state)
{
	static const char *const texts[] = {
		"", "menus", "[]", "version: 1", "a: [", "\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct diags *d = diags_new();

		assert_null(load(str_of(texts[i]), d));
		assert_true(d->n > 0);
		diags_free(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_no_file_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
