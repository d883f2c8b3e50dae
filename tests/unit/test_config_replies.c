/*
 * The two files of texts: cut once, complete, and every fault at its place.
 * The tests make their files from the table of keys, so that they hold
 * whatever texts there are.
 */
#include "config/config.h"
#include "config/replies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
	struct diags *diags;
	struct replies *replies;
	struct buf vi, en, said;
};

/* The first text that holds something: the one that the tests change. */
static const struct replies_key *subject(void)
{
	const struct replies_key *key;
	size_t n;

	key = replies_keys(&n);
	for (size_t i = 0; i < n; i++)
		if (key[i].placeholders[0] != '\0')
			return &key[i];
	fail_msg("no text has a placeholder");
	return NULL;
}

/* The subject's text stands in line 5 (vi) or 4 (en), column 5; NULL: none. */
static void write_file(struct buf *b, bool vi, const char *text)
{
	const struct replies_key *key;
	size_t n;

	buf_clear(b);
	key = replies_keys(&n);
	buf_putz(b, "version: 1\n");
	if (vi)
		buf_putz(b, "forbidden: [Đảng]\n");
	buf_putz(b, "texts:\n");
	if (text != NULL)
		buf_putf(b, "  %s:\n    %s\n", subject()->key, text);
	else if (n == 1)
		buf_putz(b, "  {}\n");
	for (size_t i = 0; i < n; i++)
		if (strcmp(key[i].key, subject()->key) != 0)
			buf_putf(b, "  %s: ok\n", key[i].key);
}

static int setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));

	f->diags = diags_new();
	buf_init(&f->vi, 1 << 20);
	buf_init(&f->en, 1 << 20);
	buf_init(&f->said, 1 << 20);
	write_file(&f->vi, true, "ok");
	write_file(&f->en, false, "ok");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	replies_free(f->replies);
	diags_free(f->diags);
	buf_release(&f->vi);
	buf_release(&f->en);
	buf_release(&f->said);
	test_free(f);
	return 0;
}

static void load(struct fixture *f)
{
	replies_free(f->replies);
	diags_free(f->diags);
	f->diags = diags_new();
	f->replies = replies_load(STR("vi"), buf_str(&f->vi), STR("en"),
		buf_str(&f->en), f->diags);
	assert_true((f->replies == NULL) == (f->diags->n > 0));
	buf_clear(&f->said);
	diags_print(f->diags, &f->said);
}

static void assert_piece(const struct replies_text *t, size_t i,
	bool is_placeholder, const char *text)
{
	assert_true(i < t->n);
	assert_int_equal(t->v[i].is_placeholder, is_placeholder);
	assert_true(str_is(t->v[i].text, text));
}

/* The subject's first placeholder. */
static struct str placeholder(void)
{
	struct str rest = str_of(subject()->placeholders), name;

	assert_true(str_next(&rest, ' ', &name) && name.n > 0);
	return name;
}

static void test_pieces(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new(256);
	struct str name = placeholder();
	const struct replies_text *t;
	const char *key = subject()->key;

	write_file(&f->vi, true,
		arena_z(a,
			arena_printf(a, "'{{a}} {" STR_FMT "}{" STR_FMT "}b'",
				STR_ARG(name), STR_ARG(name))));
	load(f);
	assert_string_equal(buf_z(&f->said), "");
	t = replies_get(f->replies, key, STR("vi"));
	assert_int_equal(t->n, 7);
	assert_piece(t, 0, false, "{");
	assert_piece(t, 1, false, "a");
	assert_piece(t, 2, false, "}");
	assert_piece(t, 3, false, " ");
	assert_piece(t, 4, true, arena_z(a, name));
	assert_piece(t, 5, true, arena_z(a, name));
	assert_piece(t, 6, false, "b");
	assert_int_equal(t->node->line, 5);
	t = replies_get(f->replies, key, STR("en"));
	assert_int_equal(t->n, 1);
	assert_piece(t, 0, false, "ok");
	assert_ptr_equal(replies_get(f->replies, key, STR("fr")),
		replies_get(f->replies, key, STR("vi")));
	assert_null(replies_get(f->replies, "no such key", STR("vi")));
	assert_int_equal(replies_forbidden(f->replies)->n, 1);
	arena_free(a);
}

/* The subject's text in the English file, and what is said about it. */
static const struct wrong_case {
	const char *text, *says;
} wrong_cases[] = {
	{"'đ {'", "en:4:8: a '{' without its '}'; write '{{' for the brace "
		  "itself\n"},
	{"đ } b", "en:4:7: a '}' without its '{'; write '}}' for the brace "
		  "itself\n"},
	{"a {{b}", "en:4:10: a '}' without its '{'; write '}}' for the brace "
		   "itself\n"},
	{"a {b {c}", "en:4:7: a '{' without its '}'; write '{{' for the brace "
		     "itself\n"},
	{"''", "en:4:5: 'KEY' takes a text\n"},
	{"[a]", "en:4:5: 'KEY' takes a text\n"},
};

static void test_wrong(void **state)
{
	struct fixture *f = *state;
	struct str key = str_of(subject()->key);

	for (size_t i = 0; i < sizeof(wrong_cases) / sizeof(wrong_cases[0]);
		i++) {
		struct str says = str_of(wrong_cases[i].says);
		ptrdiff_t at = str_find(says, STR("KEY"), 0);
		struct buf want;

		buf_init(&want, 1000);
		if (at >= 0) {
			buf_put(&want, str_part(says, 0, (size_t)at));
			buf_put(&want, key);
			says = str_from(says, (size_t)at + 3);
		}
		buf_put(&want, says);
		write_file(&f->en, false, wrong_cases[i].text);
		load(f);
		assert_string_equal(buf_z(&f->said), buf_z(&want));
		buf_release(&want);
	}
}

static void test_placeholder(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new(256);
	struct str name = placeholder();

	write_file(&f->en, false,
		arena_z(a, arena_printf(
				   a, "đi {" STR_FMT "x} {}", STR_ARG(name))));
	load(f);
	assert_int_equal(f->diags->n, 2);
	assert_true(str_eq(f->diags->v[0].text,
		arena_printf(a,
			"unknown placeholder '{" STR_FMT "x}'; did you mean "
			"'" STR_FMT "'?",
			STR_ARG(name), STR_ARG(name))));
	assert_int_equal(f->diags->v[0].line, 4);
	assert_int_equal(f->diags->v[0].col, 8);
	assert_true(str_starts(f->diags->v[1].text,
		STR("unknown placeholder '{}'; known here: ")));
	arena_free(a);
}

static void test_keys(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new(256);
	const struct replies_key *key = subject();

	write_file(&f->vi, true, NULL);
	buf_putf(&f->en, "  %sx: ok\n", key->key);
	load(f);
	assert_int_equal(f->diags->n, 2);
	assert_true(str_eq(
		f->diags->v[0].text, arena_printf(a, "text '%s' is missing; %s",
					     key->key, key->help)));
	assert_true(str_eq(f->diags->v[1].text,
		arena_printf(a, "unknown text '%sx'; did you mean '%s'?",
			key->key, key->key)));
	arena_free(a);
}

static void test_head(void **state)
{
	struct fixture *f = *state;

	buf_clear(&f->vi);
	buf_putz(&f->vi, "version: 2\nforbidden: [a, {b: c}, '']\ntexts: 3\n");
	buf_clear(&f->en);
	buf_putz(&f->en, "forbidden: [a]\ntext: {}\n");
	load(f);
	assert_string_equal(buf_z(&f->said),
		"en:1:1: unknown key 'forbidden'; known here: version, "
		"texts\n"
		"en:1:1: 'version' is missing; give a whole number equal to "
		"1\n"
		"en:1:1: 'texts' is missing; give a map or a list\n"
		"en:2:1: unknown key 'text'; did you mean 'texts'?\n"
		"vi:1:10: 'version' takes a whole number equal to 1, not "
		"'2'\n");
	buf_clear(&f->vi);
	buf_putz(&f->vi, "version: 1\nforbidden: [a, {b: c}, '']\ntexts: 3\n");
	write_file(&f->en, false, "ok");
	load(f);
	assert_string_equal(buf_z(&f->said),
		"vi:2:16: 'forbidden' takes words\n"
		"vi:2:24: 'forbidden' takes words\n"
		"vi:3:8: 'texts' takes 'key: text' lines\n");
}

/* What is shipped loads, and its table can be explained and tried. */
static void test_shipped(void **state)
{
	struct fixture *f = *state;
	const struct replies_key *key;
	struct str rest, name;
	struct arena *a = arena_new(256);
	size_t n;

	buf_clear(&f->vi);
	buf_put(&f->vi, config_shipped_replies("vi"));
	buf_clear(&f->en);
	buf_put(&f->en, config_shipped_replies("en"));
	load(f);
	assert_string_equal(buf_z(&f->said), "");
	key = replies_keys(&n);
	for (size_t i = 0; i < n; i++) {
		assert_true(key[i].segments > 0);
		assert_true(strlen(key[i].help) > 0);
		rest = str_of(key[i].placeholders);
		while (str_next(&rest, ' ', &name))
			if (name.n > 0 &&
				replies_sample(arena_z(a, name)).n == 0)
				fail_msg("%s: no sample for " STR_FMT,
					key[i].key, STR_ARG(name));
	}
	assert_null(replies_sample("no such").p);
	arena_free(a);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pieces),
		TEST(test_wrong),
		TEST(test_placeholder),
		TEST(test_keys),
		TEST(test_head),
		TEST(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
