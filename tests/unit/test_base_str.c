/*
 * str, arena, buf and err: bytes in, the same bytes out, and every edge where
 * a length is off by one.
 */
#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ABSENT ((struct str){NULL, 0})
#define N(table) (sizeof(table) / sizeof((table)[0]))

static void same(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void compares(void **state)
{
	(void)state;
	assert_true(str_eq(ABSENT, STR("")));
	assert_true(str_ieq(STR("CONTENT-type"), STR("content-TYPE")));
	/* Only ASCII has case: Đ and đ differ, and so do @ and `. */
	assert_false(str_ieq(STR("Đ"), STR("đ")));
	assert_false(str_ieq(STR("@"), STR("`")));
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("b"), STR("ab")) > 0);
	assert_int_equal(str_cmp(ABSENT, STR("")), 0);
	assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
	assert_true(str_starts(STR("HOP 5/11"), STR("HOP")));
	assert_false(str_starts(STR("HO"), STR("HOP")));
	assert_true(str_ends(STR("a.csv"), STR(".csv")));
	assert_true(str_ends(STR("x"), STR("")));
	assert_false(str_ends(STR("csv"), STR(".csv")));
}

static void finds(void **state)
{
	struct str s = STR("abcabc");

	(void)state;
	assert_int_equal(str_find(s, STR("bc"), 0), 1);
	assert_int_equal(str_find(s, STR("bc"), 2), 4);
	assert_int_equal(str_find(s, STR("bc"), 5), -1);
	assert_int_equal(str_find(s, STR(""), 6), 6);
	assert_int_equal(str_find(s, STR(""), 7), -1);
	assert_int_equal(str_find(s, STR("abcabcd"), 0), -1);
	assert_int_equal(str_find(ABSENT, STR("a"), 0), -1);
	assert_int_equal(str_find_byte(s, 'c', 3), 5);
	assert_int_equal(str_find_byte(s, 'c', 6), -1);
	assert_int_equal(str_find_byte(STR("\xff"), '\xff', 0), 0);
}

static void cuts(void **state)
{
	struct str rest = STR("a,,b"), head, none = ABSENT, empty = STR("");

	(void)state;
	same(str_part(STR("abc"), 1, 9), "bc");
	same(str_from(STR("abc"), 9), "");
	same(str_trim(STR(" \t\r\n a b \v\f")), "a b");
	same(str_trim(STR("   ")), "");
	assert_true(str_next(&rest, ',', &head));
	same(head, "a");
	assert_true(str_next(&rest, ',', &head));
	same(head, "");
	assert_true(str_next(&rest, ',', &head));
	same(head, "b");
	assert_false(str_next(&rest, ',', &head));
	assert_false(str_next(&none, ',', &head));
	assert_true(str_next(&empty, ',', &head));
	assert_false(str_next(&empty, ',', &head));
}

static void reads_integers(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{"0", 0},
		{"-0", 0},
		{"+7", 7},
		{"007", 7},
		{"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN},
	};
	static const char *const bad[] = {"", "-", "+", " 1", "1 ", "1.0",
		"0x1", "--1", "9223372036854775808", "-9223372036854775809",
		"99999999999999999999", "١"};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < N(good); i++) {
		assert_int_equal(str_to_i64(str_of(good[i].text), &v), 0);
		assert_true(v == good[i].value);
	}
	for (size_t i = 0; i < N(bad); i++) {
		v = 42;
		assert_int_equal(str_to_i64(str_of(bad[i]), &v), -1);
		assert_true(v == 42);
	}
	assert_int_equal(str_to_i64(ABSENT, &v), -1);
}

static void hashes(void **state)
{
	(void)state;
	/* Stored in poison files and dedupe keys: it may never change. */
	assert_true(str_hash(STR("")) == UINT64_C(0xfdbdf6ac4fc52e7f));
	assert_true(str_hash(STR("HOP")) == UINT64_C(0xa2373d9829cb5e3b));
	assert_true(str_hash(ABSENT) == str_hash(STR("")));
}

static void knows_utf8(void **state)
{
	static const struct {
		struct str s;
		bool good;
	} row[] = {
		{STR(""), true},
		{STR("Giôn họp 5/11 đủ ạ"), true},
		{STR("\xc2\x80"), true},
		{STR("\xef\xbf\xbf"), true},
		{STR("\xf0\x90\x80\x80"), true},
		{STR("\xf4\x8f\xbf\xbf"), true},
		{STR("\xed\x9f\xbf"), true},
		{STR("a\0b"), false},
		{STR("\0"), false},
		{STR("12345678\0"), false},
		{STR("1234\0"
		     "5678"),
			false},
		{STR("\x80"), false},             /* lone follower */
		{STR("\xc0\x80"), false},         /* overlong NUL */
		{STR("\xc1\xbf"), false},         /* overlong */
		{STR("\xe0\x9f\xbf"), false},     /* overlong */
		{STR("\xf0\x8f\xbf\xbf"), false}, /* overlong */
		{STR("\xed\xa0\x80"), false},     /* surrogate */
		{STR("\xed\xbf\xbf"), false},     /* surrogate */
		{STR("\xf4\x90\x80\x80"), false}, /* past U+10FFFF */
		{STR("\xf5\x80\x80\x80"), false}, /* no such first byte */
		{STR("\xff"), false},             /* no such first byte */
		{STR("abcdefgh\xe1\xba"), false}, /* cut at the end */
		{STR("\xe1\xba"
		     "a"),
			false}, /* cut inside */
		{STR("abcdefg\xc3\xb4"
		     "abcdefg"),
			true},
	};

	(void)state;
	for (size_t i = 0; i < N(row); i++)
		if (str_is_utf8(row[i].s) != row[i].good)
			fail_msg("row %zu", i);
	assert_true(str_is_utf8(ABSENT));
	assert_int_equal(str_utf8_len(STR("aô"), 1), 2);
	assert_int_equal(str_utf8_len(STR("aô"), 2), 0);
	assert_int_equal(str_utf8_len(STR("a"), 1), 0);
}

static void arena_keeps_and_forgets(void **state)
{
	struct arena *a = arena_new(1);
	struct str longer, s = arena_str(a, STR("MG07"));
	char *z = arena_z(a, STR("x"));
	unsigned char *p;

	(void)state;
	same(s, "MG07");
	assert_string_equal(z, "x");
	assert_string_equal(arena_z(a, ABSENT), "");
	assert_null(arena_str(a, ABSENT).p);
	assert_non_null(arena_str(a, STR("")).p);
	assert_non_null(arena_alloc(a, 0));
	for (int i = 1; i < 200; i++) {
		p = arena_alloc(a, (size_t)i);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (int k = 0; k < i; k++)
			assert_int_equal(p[k], 0);
		memset(p, 0xff, (size_t)i);
	}
	longer = arena_printf(a, "%01000d|%s", 7, "end");
	assert_int_equal(longer.n, 1004);
	assert_memory_equal(longer.p + 999, "7|end", 6);
	same(s, "MG07");
	assert_true(arena_used(a) >= 200 * 199 / 2);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	p = arena_alloc(a, 64);
	for (int k = 0; k < 64; k++)
		assert_int_equal(p[k], 0);
	arena_free(a);
	arena_free(NULL);
}

static void buf_stops_at_its_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	same(buf_str(&b), "");
	assert_string_equal(buf_z(&b), "");
	buf_putz(&b, "ab");
	buf_putf(&b, "%d", 123);
	assert_false(b.over);
	assert_string_equal(buf_z(&b), "ab123");
	buf_putc(&b, 'x');
	assert_true(b.over);
	same(buf_str(&b), "ab123");
	buf_clear(&b);
	buf_putz(&b, "123456");
	assert_true(b.over);
	buf_putc(&b, 'x'); /* would fit, but a hole is before it */
	same(buf_str(&b), "");
	buf_clear(&b);
	buf_putf(&b, "%s", "123456");
	assert_true(b.over);
	assert_string_equal(buf_z(&b), "");
	buf_release(&b);
	buf_put(&b, STR("again"));
	same(buf_str(&b), "again");
	buf_release(&b);
}

static void buf_grows(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100000);
	for (int i = 0; i < 10000; i++)
		buf_putf(&b, "%04d,", i);
	buf_put(&b, ABSENT);
	assert_false(b.over);
	assert_int_equal(b.n, 50000);
	assert_memory_equal(b.p + 6170, "1234,", 5);
	assert_int_equal(strlen(buf_z(&b)), 50000);
	buf_release(&b);
}

static void err_cuts_between_characters(void **state)
{
	struct err e;
	char text[600];

	(void)state;
	assert_int_equal(err_set(NULL, "%d", 1), -1);
	assert_int_equal(err_set(&e, "no unit %s", "XX9"), -1);
	assert_string_equal(e.text, "no unit XX9");
	for (size_t before = 0; before < 4; before++) {
		memset(text, 'a', before);
		text[before] = '\0';
		for (size_t n = before; n + 4 <= sizeof(text); n += 3)
			memcpy(text + n, "ạ", sizeof("ạ"));
		(void)err_set(&e, "%s", text);
		assert_true(str_is_utf8(str_of(e.text)));
		assert_true(strlen(e.text) > sizeof(e.text) - 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(finds),
		cmocka_unit_test(cuts),
		cmocka_unit_test(reads_integers),
		cmocka_unit_test(hashes),
		cmocka_unit_test(knows_utf8),
		cmocka_unit_test(arena_keeps_and_forgets),
		cmocka_unit_test(buf_stops_at_its_ceiling),
		cmocka_unit_test(buf_grows),
		cmocka_unit_test(err_cuts_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
