/*
 * What normalising keeps: both forms of a text, the way back to what was
 * typed, and that doing it twice changes nothing.
 */
#include "parsers/normalise.h"

#include "config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <utf8proc.h>

static const struct normal_case {
	const char *raw, *marked, *folded;
} cases[] = {
	{"", "", ""},
	{"HOP MG07", "hop mg07", "hop mg07"},
	{"Họp Đảng", "họp đảng", "hop dang"},
	{"Ho\xcc\xa3p", "họp", "hop"},
	/* marks in the other order, and on a letter that has one already */
	{"e\xcc\xa3\xcc\x82 ê\xcc\xa3 ẹ\xcc\x82", "ệ ệ ệ", "e e e"},
	{"ƯỚC ước", "ước ước", "uoc uoc"},
	{"Ð Ɖ đ ð", "đ đ đ đ", "d d d d"},
	{"ＨＯＰ　１２", "hop 12", "hop 12"},
	{"5\xef\xb8\x8f\xe2\x83\xa3", "5", "5"},
	{"a\xe2\x80\x8b"
	 "b\xc2\xad"
	 "c\xef\xbb\xbf",
		"abc", "abc"},
	{"a\xc2\xa0\xe2\x80\x93\xc2\xa0“b”", "a - \"b\"", "a - \"b\""},
	{"НОР", "hop", "hop"},
	{"ΤΟ", "to", "to"},
	{"👍 ❌", "👍 ❌", "^ ^"},
	{"ไทย", "ไทย", "```"},
	/* a styled letter that is drawn like one of ours */
	{"x\U0001d6e2", "xa", "xa"},
	/* Greek varia is a grave accent that stands alone */
	{"\xe1\xbf\xaf", " ", " "},
	{"a\r\nb\tc", "a  b c", "a  b c"},
	{"\xff"
	 "a",
		"\xef\xbf\xbd"
		"a",
		"^a"},
};

static void test_forms(void **state)
{
	struct arena *a = arena_new(1 << 16);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct normal_case *c = &cases[i];
		struct normal t, again;

		normalise(str_of(c->raw), a, &t);
		if (!str_is(t.marked, c->marked) ||
			!str_is(t.folded, c->folded))
			fail_msg("%s: " STR_FMT " / " STR_FMT, c->raw,
				STR_ARG(t.marked), STR_ARG(t.folded));
		normalise(t.marked, a, &again);
		if (!str_eq(t.marked, again.marked) ||
			!str_eq(t.folded, again.folded))
			fail_msg("%s: not the same twice", c->raw);
	}
	arena_free(a);
}

/* Any character at all, between two letters: once is enough. */
static void test_every_character(void **state)
{
	struct arena *a = arena_new(1 << 16);

	(void)state;
	for (int32_t cp = 1; cp < 0x110000; cp++) {
		char z[8] = "x";
		struct normal once, twice;
		size_t n = 1;

		n += (size_t)utf8proc_encode_char(
			cp, (utf8proc_uint8_t *)z + 1);
		z[n++] = 'y';
		normalise((struct str){z, n}, a, &once);
		normalise(once.marked, a, &twice);
		if (!str_eq(once.marked, twice.marked) ||
			!str_eq(once.folded, twice.folded))
			fail_msg("U+%04X is not the same twice", (unsigned)cp);
		arena_reset(a);
	}
	arena_free(a);
}

/* Each folded byte comes from where it says, in order, without gaps. */
static void check_maps(const struct normal *t)
{
	assert_int_equal(t->raw_at[t->folded.n], t->raw.n);
	assert_int_equal(t->marked_at[t->folded.n], t->marked.n);
	for (size_t i = 0; i < t->folded.n; i++) {
		assert_true(t->raw_at[i] < t->raw_at[i + 1]);
		assert_true(t->marked_at[i] < t->marked_at[i + 1]);
	}
}

static void test_maps(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct str raw =
		STR("YK: đường vào ba\xcc\x89n 👍 \xe2\x80\x8b“sạt lở”…");
	struct normal t;
	ptrdiff_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		normalise(str_of(cases[i].raw), a, &t);
		check_maps(&t);
	}
	normalise(raw, a, &t);
	check_maps(&t);
	at = str_find(t.folded, STR("duong vao ban"), 0);
	assert_true(at > 0);
	assert_true(str_is(
		normal_raw(&t, (size_t)at, 13), "đường vào ba\xcc\x89n"));
	assert_true(str_is(normal_marked(&t, (size_t)at, 13), "đường vào bản"));
	arena_free(a);
}

/* Any bytes at all: nothing is read or written outside, the maps hold. */
static void test_noise(void **state)
{
	struct arena *a = arena_new(1 << 16);
	uint64_t x = 88172645463325252U;
	char noise[300];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct normal t;

		for (size_t i = 0; i < sizeof(noise); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			noise[i] = (char)(x >> 32);
		}
		normalise((struct str){noise, sizeof(noise)}, a, &t);
		check_maps(&t);
		arena_reset(a);
	}
	arena_free(a);
}

static void test_cap(void **state)
{
	struct arena *a = arena_new(1 << 16);
	char *text = malloc(9000);
	struct normal t;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 3000; i++) {
		text[3 * i] = '\xe1';
		text[3 * i + 1] = '\xba';
		text[3 * i + 2] = '\xa1';
	}
	normalise((struct str){text, 9000}, a, &t);
	assert_int_equal(t.folded.n, 2000);
	assert_int_equal(t.raw.n, 6000);
	free(text);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_cap),
	};

	return cmocka_run_group_tests_name(
		"parsers_normalise", tests, NULL, NULL);
}
