/*
 * A YAML file becomes a tree whose every node, and every byte of a text in
 * it, can be found again in what the person wrote.
 */
#include "config/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
	struct arena *arena;
	struct diags *diags;
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

static const struct node *parse(struct fixture *f, const char *yaml)
{
	return node_parse(STR("f.yaml"), str_of(yaml), f->arena, f->diags);
}

static void assert_node(
	const struct node *n, enum node_kind kind, int line, int col)
{
	assert_non_null(n);
	assert_int_equal(n->kind, kind);
	assert_int_equal(n->line, line);
	assert_int_equal(n->col, col);
}

static void test_tree(void **state)
{
	struct fixture *f = *state;
	const struct node *root, *list, *map;

	root = parse(f, "# bản tin\n"
			"tên: {a: 1, đ: 'x'}\n"
			"list:\n"
			"- one\n"
			"- \"two\"\n");
	assert_int_equal(f->diags->n, 0);
	assert_node(root, NODE_MAP, 2, 1);
	assert_int_equal(root->n, 2);
	map = node_get(root, "tên");
	assert_node(map, NODE_MAP, 2, 6);
	assert_node(node_get(map, "a"), NODE_SCALAR, 2, 10);
	assert_true(node_get(map, "a")->plain);
	assert_node(node_get(map, "đ"), NODE_SCALAR, 2, 16);
	assert_false(node_get(map, "đ")->plain);
	assert_true(str_is(node_get(map, "đ")->text, "x"));
	assert_true(str_is(node_get(map, "đ")->raw, "'x'"));
	assert_true(str_is(map->file, "f.yaml"));
	list = node_get(root, "list");
	assert_node(list, NODE_LIST, 4, 1);
	assert_int_equal(list->n, 2);
	assert_node(list->items[1], NODE_SCALAR, 5, 3);
	assert_null(node_get(root, "none"));
	assert_null(node_get(list, "none"));
	assert_null(node_get(NULL, "none"));
}

static void test_several_lines(void **state)
{
	struct fixture *f = *state;
	const struct node *root;

	root = parse(f, "block: |\n"
			"  one\n"
			"    two\n"
			"folded: >-\n"
			"  one\n"
			"  two\n"
			"quoted: \"one\n"
			"  two\"\n");
	assert_int_equal(f->diags->n, 0);
	assert_true(str_is(node_get(root, "block")->text, "one\n  two\n"));
	assert_true(str_is(node_get(root, "folded")->text, "one two"));
	assert_true(str_is(node_get(root, "quoted")->text, "one two"));
	assert_false(node_get(root, "block")->plain);
}

static void test_null(void **state)
{
	struct fixture *f = *state;
	const struct node *root = parse(
		f, "a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: []\ng: nul\n");

	assert_true(node_is_null(NULL));
	assert_true(node_is_null(node_get(root, "a")));
	assert_true(node_is_null(node_get(root, "b")));
	assert_true(node_is_null(node_get(root, "c")));
	assert_false(node_is_null(node_get(root, "d")));
	assert_false(node_is_null(node_get(root, "e")));
	assert_false(node_is_null(node_get(root, "f")));
	assert_false(node_is_null(node_get(root, "g")));
}

/* The first of equal keys stands. */
static void test_duplicates(void **state)
{
	struct fixture *f = *state;
	const struct node *root = parse(f, "b: 1\na: 2\nb: 3\nc: 4\nb: 5\n");

	assert_int_equal(f->diags->n, 2);
	assert_int_equal(root->n, 3);
	assert_true(str_is(node_get(root, "b")->text, "1"));
	assert_true(str_is(root->pairs[2].key->text, "c"));
}

/* The byte that holds the first % of the text stands at this column. */
static const struct place_case {
	const char *yaml;
	int line, col;
} place_cases[] = {
	{"a: x%", 1, 5},
	{"a: đường %", 1, 10},
	{"a: '%'", 1, 5},
	{"a: 'x''y%'", 1, 9},
	{"a: '''''%'", 1, 9},
	{"a: \"x%\"", 1, 6},
	{"a: \"\\\\b%\"", 1, 8},
	{"a: \"\\t\\x41%\"", 1, 11},
	{"a: \"\\u1EA3%\"", 1, 11},
	{"a: \"\\U0001F600%\"", 1, 15},
	{"a: \"\\N\\_\\L\\P%\"", 1, 13},
	{"a: \"ả\\\"%\"", 1, 8},
	{"# first\n\na:  'đ %'", 3, 8},
	{"- \"\\e[0m%\"", 1, 9},
	/* on several lines: where it begins */
	{"a: |\n  x%", 1, 4},
	{"a: 'x\n  %'", 1, 4},
};

static void test_place_inside(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(place_cases) / sizeof(place_cases[0]);
		i++) {
		const struct place_case *c = &place_cases[i];
		const struct node *root = parse(f, c->yaml), *n;
		const struct diag *d;
		ptrdiff_t at;

		assert_non_null(root);
		n = root->kind == NODE_LIST ? root->items[0]
					    : root->pairs[0].value;
		at = str_find_byte(n->text, '%', 0);
		assert_true(at >= 0);
		assert_int_equal(
			node_error_at(n, (size_t)at, f->diags, "here"), -1);
		d = &f->diags->v[f->diags->n - 1];
		if (d->line != c->line || d->col != c->col)
			fail_msg("%s: %d:%d", c->yaml, d->line, d->col);
	}
}

/* Faults are printed by place, and what is too many is counted. */
static void test_diags(void **state)
{
	struct fixture *f = *state;
	struct diags *d = f->diags;
	struct buf out;

	assert_int_equal(diags_add(d, STR("b"), 2, 1, "%s", "b2"), -1);
	diags_add(d, STR("b"), 1, 9, "b1.9");
	diags_add(d, STR("b"), 1, 9, "b1.9 again");
	diags_add(d, STR("a"), 0, 0, "whole");
	diags_add(d, (struct str){NULL, 0}, 0, 0, "nowhere");
	buf_init(&out, 65536);
	diags_print(d, &out);
	assert_string_equal(buf_z(&out),
		"nowhere\na: whole\nb:1:9: b1.9\nb:1:9: b1.9 again\n"
		"b:2:1: b2\n");
	while (d->dropped < 3)
		diags_add(d, STR("c"), 1, 1, "x");
	assert_int_equal(d->n, DIAGS_MAX);
	buf_clear(&out);
	diags_print(d, &out);
	assert_true(str_ends(buf_str(&out), STR("c:1:1: x\nand 3 more\n")));
	buf_release(&out);
}

static void test_too_long(void **state)
{
	struct fixture *f = *state;
	size_t n = (4U << 20) + 1;
	char *p = test_malloc(n);

	memset(p, ' ', n);
	assert_null(
		node_parse(STR("f"), (struct str){p, n}, f->arena, f->diags));
	assert_true(str_is(f->diags->v[0].text,
		"4194305 bytes; a file may have at most 4194304"));
	test_free(p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_tree),
		TEST(test_several_lines),
		TEST(test_null),
		TEST(test_duplicates),
		TEST(test_place_inside),
		TEST(test_diags),
		TEST(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
