/*
 * What a text costs: the borders of one and several segments, characters that
 * may not be cut in two, and what folding makes of a text.
 */
#include "parsers/segment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A text is `n` times `unit`, then `tail`. */
static const struct segment_case {
	const char *unit, *tail;
	int n, units, segments;
	bool ucs2;
} segment_cases[] = {
	{"", "", 0, 0, 0, false},
	{"a", "", 1, 1, 1, false},
	{"a", "", 160, 160, 1, false},
	{"a", "", 161, 161, 2, false},
	{"a", "", 306, 306, 2, false},
	{"a", "", 307, 307, 3, false},
	{"€", "", 80, 160, 1, false},
	{"€", "", 81, 162, 2, false},
	{"{", "", 1, 2, 1, false},
	/* 76 pairs fill 152 of 153 septets: the 77th goes to the next part */
	{"[", "", 152, 304, 2, false},
	{"[", "", 153, 306, 3, false},
	{"a", "|", 159, 161, 2, false},
	{"à", "", 160, 160, 1, false},
	{"à", "ạ", 159, 160, 3, true},
	{"`", "", 1, 1, 1, true},
	{"đ", "", 70, 70, 1, true},
	{"đ", "", 71, 71, 2, true},
	{"đ", "", 134, 134, 2, true},
	{"đ", "", 135, 135, 3, true},
	{"😀", "", 35, 70, 1, true},
	/* 33 pairs fill 66 of 67 units */
	{"😀", "", 66, 132, 2, true},
	{"😀", "", 67, 134, 3, true},
	{"đ", "😀", 69, 71, 2, true},
	{"\n", "\r", 2, 3, 1, false},
};

static void test_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(segment_cases) / sizeof(segment_cases[0]);
		i++) {
		const struct segment_case *c = &segment_cases[i];
		char text[2000];
		size_t n = 0, len = strlen(c->unit);
		struct segments s;

		for (int k = 0; k < c->n; k++, n += len)
			memcpy(text + n, c->unit, len);
		memcpy(text + n, c->tail, strlen(c->tail));
		n += strlen(c->tail);
		s = segment_count((struct str){text, n});
		if (s.ucs2 != c->ucs2 || s.units != c->units ||
			s.n != c->segments)
			fail_msg("case %zu: %d %d %d", i, s.ucs2, s.units, s.n);
	}
}

/* Characters of one and two units in either alphabet, and of none. */
static const char *const letters[] = {"a", "Z", "@", "é", "€", "[", "\\", "~",
	"\n", "ạ", "đ", "中", "😀", "`"};

/* A part as a phone would fill it: the first that still has room. */
static int filled(struct str s, bool ucs2)
{
	int room = ucs2 ? 67 : 153, n = 1, used = 0;

	for (size_t i = 0, len; i < s.n; i += len) {
		struct segments one;
		int w;

		len = str_utf8_len(s, i);
		one = segment_count(str_part(s, i, len));
		w = !ucs2 ? one.units : len == 4 ? 2 : 1;
		n += used + w > room;
		used = used + w > room ? w : used + w;
	}
	return n;
}

/* Random texts around the borders: no character is ever cut in two. */
static void test_parts_hold_whole_characters(void **state)
{
	uint32_t seed = 20261105;
	char text[4 * 400];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t n = 0, kinds = round % 2 == 0 ? 9 : 14;
		int want = round % 400;
		struct segments s;

		for (int i = 0; i < want; i++) {
			const char *c;
			size_t len;

			seed = seed * 1664525 + 1013904223;
			c = letters[(seed >> 16) % kinds];
			len = strlen(c);
			memcpy(text + n, c, len);
			n += len;
		}
		s = segment_count((struct str){text, n});
		if (s.units <= (s.ucs2 ? 70 : 160))
			assert_int_equal(s.n, want > 0);
		else
			assert_int_equal(
				s.n, filled((struct str){text, n}, s.ucs2));
	}
}

static const struct ascii_case {
	const char *from, *to;
} ascii_cases[] = {
	{"plain {text}", "plain {text}"},
	{"Họp chi bộ Đồng Ý", "Hop chi bo Dong Y"},
	{"Ho\xcc\xa3p", "Hop"},
	{"“a” – b… c\xc2\xa0"
	 "d",
		"\"a\" - b... c d"},
	{"ＡＢ１２", "AB12"},
	{"5\xef\xb8\x8f\xe2\x83\xa3", "5"},
	{"a\xe2\x80\x8b"
	 "b`c",
		"ab'c"},
	{"ơƯ ăÂ ỹ", "oU aA y"},
	{"中😀", "中😀"},
	{"\xff", "\xff"},
};

static void test_ascii(void **state)
{
	struct arena *a = arena_new(4096);

	(void)state;
	for (size_t i = 0; i < sizeof(ascii_cases) / sizeof(ascii_cases[0]);
		i++) {
		struct str s = segment_ascii(str_of(ascii_cases[i].from), a);

		if (!str_is(s, ascii_cases[i].to))
			fail_msg("%s: " STR_FMT, ascii_cases[i].from,
				STR_ARG(s));
	}
	arena_free(a);
}

static void test_fold(void **state)
{
	struct arena *a = arena_new(4096);
	struct str marked = STR("Họp"), long_marked;
	char text[300];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "ạ"[i % 3];
	long_marked = (struct str){text, sizeof(text)};
	assert_true(str_is(segment_fold(marked, FOLD_KEEP, a), "Họp"));
	assert_true(str_is(segment_fold(marked, FOLD_ALWAYS, a), "Hop"));
	/* one segment either way: nothing saved */
	assert_true(str_is(segment_fold(marked, FOLD_IF_IT_SAVES, a), "Họp"));
	assert_int_equal(segment_fold(long_marked, FOLD_IF_IT_SAVES, a).n, 100);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_parts_hold_whole_characters),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_fold),
	};

	return cmocka_run_group_tests_name(
		"parsers_segment", tests, NULL, NULL);
}
