/*
 * The option table says what is read, what is refused, and what the man page
 * and the sample tell; the sample itself can be read.
 */
#include "config/option.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct all {
	int64_t number, any, least;
	bool flag;
	struct str text, word, url, phone;
	int way, time;
	struct option_list texts, ints;
	const struct node *node;
	int64_t inner;
	struct str name;
};

#define AT(f) offsetof(struct all, f)

static const struct option option[] = {
	{"number", OPTION_INT, false, "5", 1, 9, NULL, "ms", "A number.",
		AT(number)},
	{"any", OPTION_INT, false, NULL, 0, 0, NULL, NULL, "Any.", AT(any)},
	{"least", OPTION_INT, false, "2", 2, INT64_MAX, NULL, NULL, "Least.",
		AT(least)},
	{"flag", OPTION_BOOL, false, "true", 0, 0, NULL, NULL, "A flag.",
		AT(flag)},
	{"text", OPTION_TEXT, false, NULL, 0, 0, NULL, NULL, "A text.",
		AT(text)},
	{"word", OPTION_TEXT, false, "a \"b\" \\ c: #", 3, 12, NULL, NULL,
		"A word.", AT(word)},
	{"url", OPTION_URL, false, NULL, 0, 0, NULL, NULL, "A URL.", AT(url)},
	{"phone", OPTION_PHONE, false, NULL, 0, 0, NULL, NULL, "A phone.",
		AT(phone)},
	{"way", OPTION_ENUM, false, "left", 0, 0, "right|left|up", NULL,
		"A way.", AT(way)},
	{"time", OPTION_TIME, false, "07:30", 0, 0, NULL, NULL, "A time.",
		AT(time)},
	{"texts", OPTION_TEXTS, false, "a, b", 0, 0, NULL, NULL, "Texts.",
		AT(texts)},
	{"ints", OPTION_INTS, false, "", 1, 9, NULL, NULL, "Numbers.",
		AT(ints)},
	{"map.inner", OPTION_INT, false, "7", 0, 9, NULL, NULL, "Inner.",
		AT(inner)},
	{"node", OPTION_NODE, false, NULL, 0, 0, NULL, NULL, "A tree.",
		AT(node)},
};

static const struct option more[] = {
	{"name", OPTION_TEXT, true, NULL, 0, 0, NULL, NULL, "A name.",
		AT(name)},
};

struct fixture {
	struct arena *arena;
	struct diags *diags;
	struct all all;
};

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->arena = arena_new(1024);
	f->diags = diags_new();
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_free(f->arena);
	diags_free(f->diags);
	test_free(f);
	return 0;
}

static int read(struct fixture *f, struct str yaml)
{
	const struct node *map = node_parse(STR("f"), yaml, f->arena, f->diags);
	struct option_table t = OPTION_TABLE(option, &f->all);

	assert_non_null(map);
	return option_read(map, &t, 1, f->arena, f->diags);
}

static void assert_defaults(const struct all *a)
{
	const struct str *texts = a->texts.v;

	assert_int_equal(a->number, 5);
	assert_int_equal(a->any, 0);
	assert_int_equal(a->least, 2);
	assert_true(a->flag);
	assert_null(a->text.p);
	assert_true(str_is(a->word, "a \"b\" \\ c: #"));
	assert_null(a->url.p);
	assert_int_equal(a->way, 1);
	assert_int_equal(a->time, 7 * 60 + 30);
	assert_int_equal(a->texts.n, 2);
	assert_true(str_is(texts[1], "b"));
	assert_int_equal(a->ints.n, 0);
	assert_int_equal(a->inner, 7);
	assert_null(a->node);
}

static void test_defaults(void **state)
{
	struct fixture *f = *state;
	struct option_table t = OPTION_TABLE(option, &f->all);

	assert_int_equal(option_read(NULL, &t, 1, f->arena, f->diags), 0);
	assert_defaults(&f->all);
}

static void test_values(void **state)
{
	struct fixture *f = *state;
	const struct all *a = &f->all;
	const int64_t *ints;

	assert_int_equal(read(f, STR("number: 9\n"
				     "any: -12345678901\n"
				     "least: '3'\n"
				     "flag: false\n"
				     "text: ''\n"
				     "word: đường\n"
				     "url: https://a.vn:1/b?c\n"
				     "phone: +84900000001\n"
				     "way: up\n"
				     "time: \"23:59\"\n"
				     "texts: one\n"
				     "ints: [1, 9]\n"
				     "map: {inner: 0}\n"
				     "node: {any: {thing: 1}}\n")),
		0);
	assert_int_equal(f->diags->n, 0);
	assert_int_equal(a->number, 9);
	assert_int_equal(a->any, -12345678901);
	assert_int_equal(a->least, 3);
	assert_false(a->flag);
	assert_non_null(a->text.p);
	assert_int_equal(a->text.n, 0);
	assert_true(str_is(a->word, "đường"));
	assert_true(str_is(a->url, "https://a.vn:1/b?c"));
	assert_true(str_is(a->phone, "+84900000001"));
	assert_int_equal(a->way, 2);
	assert_int_equal(a->time, 1439);
	assert_int_equal(a->texts.n, 1);
	ints = a->ints.v;
	assert_int_equal(ints[1], 9);
	assert_int_equal(a->inner, 0);
	assert_non_null(node_get(a->node, "any"));
}

static const struct wrong_case {
	const char *yaml, *says;
} wrong_cases[] = {
	{"number: 0", "'number' takes a whole number from 1 to 9 ms, not '0'"},
	{"number: 10",
		"'number' takes a whole number from 1 to 9 ms, not '10'"},
	{"number: 1.5",
		"'number' takes a whole number from 1 to 9 ms, not '1.5'"},
	{"number: [1]",
		"'number' takes a whole number from 1 to 9 ms, not a list"},
	{"any: 99999999999999999999",
		"'any' takes a whole number, not '99999999999999999999'"},
	{"least: 1", "'least' takes a whole number of at least 2, not '1'"},
	{"flag: on", "'flag' takes true or false, not 'on'"},
	{"flag: True", "'flag' takes true or false, not 'True'"},
	{"text: {a: b}", "'text' takes a text, not a map"},
	{"text:",
		"'text' takes a text, not nothing; give a value or remove the "
		"key"},
	{"word: ab", "'word' takes a text of 3 to 12 characters, not one of 2"},
	{"word: abcdefghijklm",
		"'word' takes a text of 3 to 12 characters, not one of 13"},
	{"url: ftp://a",
		"'url' takes an address as http://HOST or https://HOST, not "
		"'ftp://a'"},
	{"url: http://",
		"'url' takes an address as http://HOST or https://HOST, not "
		"'http://'"},
	{"url: http:///a",
		"'url' takes an address as http://HOST or https://HOST, not "
		"'http:///a'"},
	{"url: http://a b",
		"'url' takes an address as http://HOST or https://HOST, not "
		"'http://a b'"},
	{"phone: 0912345678",
		"'phone' takes a phone number as +84912345678, not "
		"'0912345678'"},
	{"phone: +84-90",
		"'phone' takes a phone number as +84912345678, not '+84-90'"},
	{"way: down", "'way' takes right, left or up, not 'down'"},
	{"time: 24:00", "'time' takes a time of day as HH:MM, not '24:00'"},
	{"time: 7:30", "'time' takes a time of day as HH:MM, not '7:30'"},
	{"time: 07:3a", "'time' takes a time of day as HH:MM, not '07:3a'"},
	{"texts: [a, [b]]", "'texts' takes a list of texts, not a list"},
	{"ints: [1, 10]",
		"'ints' takes a list of whole numbers from 1 to 9, not '10'"},
	{"map: 3", "'map' takes a map of options"},
	{"map: [inner]", "'map' takes a map of options"},
	{"phnoe: 3", "unknown key 'phnoe'; did you mean 'phone'?"},
	{"map: {iner: 3}", "unknown key 'iner'; did you mean 'inner'?"},
	{"inner: 3", "unknown key 'inner'; write 'map: {inner: …}'"},
	{"map.inner: 3", "unknown key 'map.inner'; write 'map: {inner: …}'"},
	{"map: {zzz: 3}", "unknown key 'zzz'; known here: inner"},
	{"any: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"'any' takes a whole number, not these 49 characters"},
};

static void test_wrong(void **state)
{
	struct fixture *f = *state;
	size_t n = sizeof(wrong_cases) / sizeof(wrong_cases[0]);

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(read(f, str_of(wrong_cases[i].yaml)), -1);
		assert_int_equal(f->diags->n, i + 1);
		if (!str_is(f->diags->v[i].text, wrong_cases[i].says))
			fail_msg("%s: " STR_FMT, wrong_cases[i].yaml,
				STR_ARG(f->diags->v[i].text));
	}
}

/* Tables of one map are read together; each alone leaves the other's keys. */
static void test_two_tables(void **state)
{
	struct fixture *f = *state;
	const struct node *map = node_parse(STR("f"),
		STR("name: x\nnumber: 3\nway: up\nother: 1\n"), f->arena,
		f->diags);
	struct option_table t[] = {
		OPTION_TABLE(option, &f->all), OPTION_TABLE(more, &f->all)};

	assert_int_equal(option_read_some(map, &t[1], f->arena, f->diags), 0);
	assert_int_equal(f->diags->n, 0);
	assert_true(str_is(f->all.name, "x"));
	assert_int_equal(option_read(map, t, 2, f->arena, f->diags), -1);
	assert_int_equal(f->diags->n, 1);
	assert_int_equal(f->all.number, 3);
	assert_int_equal(option_read(node_get(map, "name"), &t[1], 1, f->arena,
				 f->diags),
		-1);
	map = node_parse(STR("f"), STR("number: 1"), f->arena, f->diags);
	assert_int_equal(option_read_some(map, &t[1], f->arena, f->diags), -1);
	assert_true(
		str_is(f->diags->v[2].text, "'name' is missing; give a text"));
}

static void test_set(void **state)
{
	struct fixture *f = *state;
	struct option_table t = OPTION_TABLE(option, &f->all);
	const int64_t *ints;
	struct err err;

	assert_int_equal(
		option_set(&t, STR("map.inner"), STR("3"), f->arena, &err), 0);
	assert_int_equal(f->all.inner, 3);
	assert_int_equal(
		option_set(&t, STR("ints"), STR("3, 4,5"), f->arena, &err), 0);
	ints = f->all.ints.v;
	assert_int_equal(f->all.ints.n, 3);
	assert_int_equal(ints[2], 5);
	assert_int_equal(
		option_set(&t, STR("way"), STR("down"), f->arena, &err), -1);
	assert_string_equal(
		err.text, "'way' takes right, left or up, not 'down'");
	assert_int_equal(
		option_set(&t, STR("map.iner"), STR("3"), f->arena, &err), -1);
	assert_string_equal(err.text,
		"unknown option 'map.iner'; did you mean 'map.inner'?");
	assert_int_equal(
		option_set(&t, STR("node"), STR("3"), f->arena, &err), -1);
	assert_string_equal(err.text, "'node' is set in the file alone");
}

static void test_sample(void **state)
{
	static const struct option deep[] = {
		{.name = "a.x",
			.type = OPTION_TEXT,
			.fallback = "1",
			.help = "X."},
		{.name = "a.b.y",
			.type = OPTION_TEXT,
			.fallback = "2",
			.help = "Y."},
		{.name = "a.b.z",
			.type = OPTION_TEXT,
			.fallback = "3",
			.help = "Z."},
		{.name = "c.b.y",
			.type = OPTION_TEXT,
			.fallback = "4",
			.help = "Y."},
	};
	struct fixture *f = *state;
	struct buf b;

	buf_init(&b, 10000);
	option_sample(option, sizeof(option) / sizeof(option[0]), 0, &b);
	assert_int_equal(read(f, buf_str(&b)), 0);
	assert_int_equal(f->diags->n, 0);
	assert_defaults(&f->all);
	buf_clear(&b);
	option_sample(&option[12], 1, 2, &b);
	assert_string_equal(buf_z(&b),
		"  map:\n"
		"    # Inner.\n"
		"    # Takes a whole number from 0 to 9.\n"
		"    inner: 7\n");
	buf_clear(&b);
	option_sample(deep, 4, 2, &b);
	assert_string_equal(buf_z(&b), "  a:\n"
				       "    # X.\n"
				       "    x: 1\n"
				       "    b:\n"
				       "      # Y.\n"
				       "      y: 2\n"
				       "      # Z.\n"
				       "      z: 3\n"
				       "  c:\n"
				       "    b:\n"
				       "      # Y.\n"
				       "      y: 4\n");
	buf_clear(&b);
	option_sample(more, 1, 0, &b);
	assert_string_equal(buf_z(&b), "# A name. Required.\n"
				       "#name:\n");
	buf_release(&b);
}

static void test_man(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10000);
	option_man(&option[5], 1, &b);
	assert_string_equal(buf_z(&b), ".Bl -tag -width Ds\n"
				       ".It Ic word\n"
				       "A word.\n"
				       "Takes a text of 3 to 12 characters.\n"
				       "Default:\n"
				       ".Ql a \"b\" \\e c: # .\n"
				       ".El\n");
	buf_release(&b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),
		TEST(test_values),
		TEST(test_wrong),
		TEST(test_two_tables),
		TEST(test_set),
		TEST(test_sample),
		TEST(test_man),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
