/*
 * form and jdoc: what providers send, read exactly or refused whole.
 */
#include "gateway/base/form.h"
#include "gateway/base/jdoc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ABSENT ((struct str){NULL, 0})
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

static void same(struct str got, const char *want)
{
	assert_non_null(got.p);
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void form_reads(void **state)
{
	struct form f;

	assert_int_equal(
		form_parse(*state,
			STR("from=%2B84900000007&text=HOP+5%2f11+%C4%91%E1%BB"
			    "%A7&&empty=&flag&text=second&a=b=c&%3D=%00"),
			&f),
		0);
	assert_int_equal(f.n, 7);
	same(form_get(&f, STR("from")), "+84900000007");
	same(form_get(&f, STR("text")), "HOP 5/11 đủ");
	same(form_get(&f, STR("empty")), "");
	same(form_get(&f, STR("flag")), "");
	same(form_get(&f, STR("a")), "b=c");
	assert_int_equal(form_get(&f, STR("=")).n, 1);
	assert_null(form_get(&f, STR("none")).p);
	assert_int_equal(form_parse(*state, ABSENT, &f), 0);
	assert_int_equal(f.n, 0);
	assert_int_equal(form_parse(*state, STR("&&&"), &f), 0);
	assert_int_equal(f.n, 0);
}

static void form_refuses(void **state)
{
	static const char *const bad[] = {
		"a=%", "a=%4", "a=%4g", "a=%g4", "%=1", "a=b&c=%zz", "a=%%41"};
	struct form f = {.n = 42};
	struct buf b;

	for (size_t i = 0; i < N(bad); i++)
		assert_int_equal(form_parse(*state, str_of(bad[i]), &f), -1);
	assert_int_equal(f.n, 42);
	buf_init(&b, 4096);
	for (int i = 0; i < FORM_MAX_PAIRS; i++)
		buf_putz(&b, "a=1&");
	assert_int_equal(form_parse(*state, buf_str(&b), &f), 0);
	assert_int_equal(f.n, FORM_MAX_PAIRS);
	buf_putz(&b, "a=1");
	assert_int_equal(form_parse(*state, buf_str(&b), &f), -1);
	buf_release(&b);
}

static void form_writes(void **state)
{
	struct buf b;

	buf_init(&b, 1000);
	form_put(&b, "to", STR("+84 9"));
	form_put(&b, "text", STR("a&b=c~-._ạ"));
	form_put(&b, "none", ABSENT);
	same(buf_str(&b), "to=%2B84%209&text=a%26b%3Dc~-._%E1%BA%A1&none=");
	buf_clear(&b);
	buf_putz(&b, "http://host/send?");
	form_put(&b, "a", STR("1"));
	same(buf_str(&b), "http://host/send?a=1");
	buf_release(&b);
	same(form_unescape_path(*state, STR("a%2Fb+c%20")), "a/b+c ");
	same(form_unescape_path(*state, STR("")), "");
	assert_null(form_unescape_path(*state, STR("a%2")).p);
}

static void json_finds(void **state)
{
	struct err e;
	struct jdoc *d = jdoc_parse(STR("{\"a\":{\"b\":[{\"c\":\"Gi\\u00f4n\"},"
					"2,[3.5]]},\"t\":true,"
					"\"n\":null,\"big\":9007199254740993}"),
		&e);
	int64_t i = 0;
	bool t = false;

	assert_non_null(d);
	same(jdoc_str(jdoc_at(d, "a.b[0].c")), "Giôn");
	assert_true(jdoc_at(d, "") == d);
	assert_true(jdoc_int(jdoc_at(d, "a.b[1]"), &i) && i == 2);
	assert_false(jdoc_int(jdoc_at(d, "a.b[2][0]"), &i));
	same(jdoc_text(jdoc_at(d, "a.b[2][0]"), *state), "3.5");
	same(jdoc_text(jdoc_at(d, "big"), *state), "9007199254740993");
	same(jdoc_text(jdoc_at(d, "t"), *state), "true");
	assert_true(jdoc_bool(jdoc_at(d, "t"), &t) && t);
	assert_non_null(jdoc_at(d, "n"));
	assert_null(jdoc_text(jdoc_at(d, "n"), *state).p);
	assert_null(jdoc_str(jdoc_at(d, "a")).p);
	assert_null(jdoc_str(NULL).p);
	assert_null(jdoc_at(d, "a.x.y"));
	assert_null(jdoc_at(d, "a.b[3]"));
	assert_null(jdoc_at(d, "a.b[-1]"));
	assert_null(jdoc_at(d, "t.u"));
	assert_null(jdoc_at(NULL, "a"));
	assert_int_equal(jdoc_len(jdoc_at(d, "a.b")), 3);
	assert_int_equal(jdoc_len(d), 0);
	assert_int_equal(jdoc_size(d), 4);
	assert_int_equal(jdoc_size(NULL), 0);
	jdoc_free(d);
	jdoc_free(NULL);
}

static void json_refuses(void **state)
{
	static const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}", "{} x",
		"{\"a\":\"\xff\"}", "[1,]", "\"\\ud800\"", "nul",
		"{\"a\":\"b\\"};
	struct err e;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < N(bad); i++) {
		e.text[0] = '\0';
		assert_null(jdoc_parse(str_of(bad[i]), &e));
		assert_true(strncmp(e.text, "JSON ", 5) == 0);
	}
	assert_null(jdoc_parse(ABSENT, NULL));
	buf_init(&b, 1000);
	for (int depth = 1; depth <= 65; depth++) {
		struct jdoc *d;

		buf_clear(&b);
		for (int i = 0; i < depth; i++)
			buf_putc(&b, '[');
		buf_putz(&b, "\"[[[\\\"[\"");
		for (int i = 0; i < depth; i++)
			buf_putc(&b, ']');
		d = jdoc_parse(buf_str(&b), &e);
		assert_true((d != NULL) == (depth <= 64));
		jdoc_free(d);
	}
	buf_release(&b);
}

/* What others write: legal, but beyond us, or sloppy. */
static void json_of_others(void **state)
{
	static const struct {
		const char *json, *path, *text; /* NULL: refused */
	} t[] = {
		{"{\"a\":1,\"a\":2}", "a", "2"},
		{"{\"a\":18446744073709551615,\"b\":[1,-2.5]}", "a",
			"18446744073709551615"},
		{"{\"a\":18446744073709551615,\"b\":[1,-2.5]}", "b[1]", "-2.5"},
		{"{\"a\":9223372036854775807}", "a", "9223372036854775807"},
		{"[-9223372036854775808,-9223372036854775809]", "[0]",
			"-9223372036854775808"},
		{"[-9223372036854775808,-9223372036854775809]", "[1]",
			"-9223372036854775809"},
		{"{\"a\":1e400,\"b\":\"x\"}", "a", "1e400"},
		{"{\"a\":1e400,\"b\":\"x\"}", "b", "x"},
		{"[-1.5E+999,\"1e400, \\\"2\\\" 99999999999999999999\"]", "[1]",
			"1e400, \"2\" 99999999999999999999"},
		{"99999999999999999999", "", "99999999999999999999"},
		{"[99999999999999999999.5,1e400]", "[0]", "1e+20"},
		{"[99999999999999999999,]", "", NULL},
		{"[099999999999999999999]", "", NULL},
		{"[99999999999999999999x]", "", NULL},
		{"[99999999999999999999.]", "", NULL},
		{"[99999999999999999999.1.2]", "", NULL},
		{"[1e400e1]", "", NULL},
		{"[-99999999999999999999-1]", "", NULL},
		{"[99999999999999999999,-]", "", NULL},
		{"[99999999999999999999,\"a", "", NULL},
		{"[99999999999999999999,\"a\\", "", NULL},
	};

	for (size_t i = 0; i < N(t); i++) {
		struct err e = {""};
		struct jdoc *d = jdoc_parse_foreign(str_of(t[i].json), &e);

		if (t[i].text == NULL) {
			assert_null(d);
			assert_true(strncmp(e.text, "JSON ", 5) == 0);
			continue;
		}
		assert_non_null(d);
		same(jdoc_text(jdoc_at(d, t[i].path), *state), t[i].text);
		jdoc_free(d);
	}
	assert_null(jdoc_parse(STR("[18446744073709551615]"), NULL));
}

static void on_member(void *arg, struct str key, const struct jdoc *value)
{
	struct buf *b = arg;
	int64_t i = -1;

	(void)jdoc_int(value, &i);
	buf_putf(b, STR_FMT "%d ", STR_ARG(key), (int)i);
}

static void json_keeps_order(void **state)
{
	struct jdoc *d = jdoc_object();
	struct buf b;

	(void)state;
	jdoc_set_int(d, "z", 1);
	jdoc_set_int(d, "a", 2);
	jdoc_set_int(d, "m", 3);
	jdoc_set_int(d, "z", 4); /* keeps its place */
	buf_init(&b, 100);
	jdoc_each(d, on_member, &b);
	same(buf_str(&b), "z4 a2 m3 ");
	jdoc_free(d);
	buf_release(&b);
}

static void json_writes(void **state)
{
	struct jdoc *d = jdoc_object(), *list = jdoc_array(), *copy;
	struct buf b;

	jdoc_set_str(d, "s", STR("Giôn \"\\\n\x01"));
	jdoc_push(list, jdoc_new_int(-5));
	jdoc_push(list, jdoc_new_bool(false));
	jdoc_push(list, jdoc_new_null());
	jdoc_push(list, jdoc_new_str(ABSENT));
	jdoc_push(list, jdoc_new_str(STR("a\xff\xe1\xba z")));
	jdoc_set(d, "l", list);
	copy = jdoc_copy(d);
	jdoc_set_int(d, "s", 0);
	same(jdoc_print(copy, *state),
		"{\"s\":\"Giôn \\\"\\\\\\n\\u0001\",\"l\":[-5,false,null,\"\","
		"\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd z\"]}");
	jdoc_free(copy);
	buf_init(&b, 60);
	jdoc_write(d, &b);
	same(buf_str(&b), "{\"s\":0,\"l\":[-5,false,null,\"\","
			  "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd z\"]}");
	buf_clear(&b);
	jdoc_escape(&b, STR("ạ\"\\\t\r\n\0\x1f\xff/"));
	same(buf_str(&b), "ạ\\\"\\\\\\t\\r\\n\\u0000\\u001f\xef\xbf\xbd/");
	buf_release(&b);
	for (int i = 0; i < 1000; i++)
		jdoc_push(list, jdoc_new_int(1000 + i));
	assert_int_equal(jdoc_print(d, *state).n,
		strlen("{\"s\":0,\"l\":[-5,false,null,\"\",") +
			strlen("\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd "
			       "z\"]}") +
			5000);
	jdoc_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_reads),
		cmocka_unit_test(form_refuses),
		cmocka_unit_test(form_writes),
		cmocka_unit_test(json_finds),
		cmocka_unit_test(json_refuses),
		cmocka_unit_test(json_of_others),
		cmocka_unit_test(json_keeps_order),
		cmocka_unit_test(json_writes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
