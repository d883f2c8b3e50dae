/*
 * Bytes of the air as text: character sets by name, and user data headers.
 */
#include "gateway/base/buf.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/udh.h"
#include "tests/unit/provider_rig.h"

/* A literal with its length, for bytes that hold NUL. */
#define B(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static void test_decode(void **unused)
{
	static const struct {
		const char *name;
		struct str raw, want;
	} t[] = {
		{"UTF-8", B("H\xE1\xBB\x8Dp"), B("H\xE1\xBB\x8Dp")},
		{"utf8", B("\xFF"), B("\xFF")},
		{"US-ASCII", B("hop"), B("hop")},
		{"UTF-16BE", B("\0H\x1E\xCD\0p"), B("H\xE1\xBB\x8Dp")},
		{"UCS-2", B("\0H\0i\0 \x26\x3A"), B("Hi \xE2\x98\xBA")},
		{"utf-16", B("\xFE\xFF\0a"), B("a")},
		{"utf-16",
			B("\xFF\xFE"
			  "a\0"),
			B("a")},
		{"UTF-16LE", B("a\0\xCD\x1E"), B("a\xE1\xBB\x8D")},
		{"UTF-16BE", B("\xD8\x3D\xDE\x00"), B("\xF0\x9F\x98\x80")},
		{"UTF-16BE", B("\xDB\xFF\xDF\xFF"), B("\xF4\x8F\xBF\xBF")},
		{"UTF-16BE", B("\xD8\x3D\0a"),
			B("\xEF\xBF\xBD"
			  "a")},
		{"UTF-16BE", B("\0a\xD8\x3D"), B("a\xEF\xBF\xBD")},
		{"UTF-16BE", B("\xDE\x00"), B("\xEF\xBF\xBD")},
		{"UTF-16BE", B("\0a\0"), B("a\xEF\xBF\xBD")},
		{"UTF-16BE", B("x"), B("\xEF\xBF\xBD")},
		{"UTF-16BE", B(""), B("")},
		{"ISO-8859-1", B("caf\xE9"), B("caf\xC3\xA9")},
		{"ISO_8859-1", B("\x93"), B("\xE2\x80\x9C")},
		{"WINDOWS-1252", B("\x80\x81\xFF"),
			B("\xE2\x82\xAC\xEF\xBF\xBD\xC3\xBF")},
		{"ISO-8859-15", B("\xA4"), B("\xE2\x82\xAC")},
		{"windows-1258", B("H\xF4p"), B("H\xC3\xB4p")},
		{"VISCII", B("H\xF7p"), B("H\xE1\xBB\x8Dp")},
		{"TCVN", B("H\xE4p"), B("H\xE1\xBB\x8Dp")},
		{"GSM", B("\x05v\x05nement"), B("\xC3\xA9v\xC3\xA9nement")},
		{"GSM-03.38", B("\0\x10 \x1B\x65\x1B(\x1B)"),
			B("@\xCE\x94 \xE2\x82\xAC{}")},
		{"GSM 03.38", B("a\x1B\x1B\x41"), B("a  A")},
		{"gsm0338", B("a\x1B"), B("a ")},
		{"gsm7", B("\xC3"), B("\xEF\xBF\xBD")},
	};
	struct arena *a = arena_new(4096);
	struct str got;

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(
			charset_decode(str_of(t[i].name), t[i].raw, a, &got),
			0);
		assert_int_equal(got.n, t[i].want.n);
		assert_memory_equal(got.p, t[i].want.p, got.n);
	}
	arena_free(a);
}

/* Every septet is a character of its own, and none is lost. */
static void test_gsm_is_whole(void **unused)
{
	struct arena *a = arena_new(4096);
	char seen[128][4] = {{0}};
	struct str got;

	(void)unused;
	for (int c = 0; c < 128; c++) {
		const char byte = (char)c;

		assert_int_equal(charset_decode(STR("gsm"),
					 (struct str){&byte, 1}, a, &got),
			0);
		assert_true(got.n >= 1 && got.n <= 2);
		memcpy(seen[c], got.p, got.n);
		for (int i = 0; i < c && c != 0x1B; i++)
			if (i != 0x1B)
				assert_string_not_equal(seen[i], seen[c]);
	}
	arena_free(a);
}

static void test_nobody_knows(void **unused)
{
	static const char *const names[] = {"", "8-BIT", "KOI8-R",
		"../../../etc/passwd", "UTF-16BE//TRANSLIT",
		"utf-8-utf-8-utf-8-utf-8-utf-8-utf-8"};
	struct arena *a = arena_new(4096);
	struct str got = STR("as before");

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
			charset_decode(str_of(names[i]), STR("x"), a, &got),
			-1);
	assert_true(str_is(got, "as before"));
	arena_free(a);
}

/* Half a character, a byte of no meaning: the rest is still there. */
static void test_legacy_damage(void **unused)
{
	struct arena *a = arena_new(4096);
	struct buf raw;
	struct str got;

	(void)unused;
	buf_init(&raw, 1 << 20);
	for (int i = 0; i < 70000; i++)
		buf_putc(&raw, (char)(0x80 + i % 128));
	for (int k = 0; k < 3; k++) {
		static const char *const name[] = {
			"viscii", "windows-1258", "tcvn"};

		assert_int_equal(
			charset_decode(str_of(name[k]), buf_str(&raw), a, &got),
			0);
		assert_true(str_is_utf8(got));
		assert_true(got.n > 70000);
	}
	buf_release(&raw);
	arena_free(a);
}

static void test_escape(void **unused)
{
	static const struct {
		struct str raw;
		const char *want;
	} t[] = {
		{B("HOP 5/11"), "HOP 5/11"},
		{B("H\xE1\xBB\x8Dp\r\n"), "H\xE1\xBB\x8Dp\r\n"},
		{B("caf\xE9 1"), "caf\\xE9 1"},
		{B("a\0b\x1B"), "a\\x00b\\x1B"},
		{B(""), ""},
	};
	struct arena *a = arena_new(4096);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		rig_same(a, charset_escape(t[i].raw, a), t[i].want);
	arena_free(a);
}

static void test_utf16be(void **unused)
{
	static const struct {
		struct str utf8, want;
	} t[] = {
		{B("Hi \xE2\x98\xBA"), B("\0H\0i\0 \x26\x3A")}, /* §8 */
		{B("\xF0\x9F\x98\x80"), B("\xD8\x3D\xDE\0")},
		{B("\xF4\x8F\xBF\xBF"), B("\xDB\xFF\xDF\xFF")},
		{B("a\xFF"), B("\0a\xFF\xFD")},
		{B(""), B("")},
	};
	struct arena *a = arena_new(4096);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str got = charset_utf16be(t[i].utf8, a);

		assert_int_equal(got.n, t[i].want.n);
		assert_memory_equal(got.p, t[i].want.p, got.n);
	}
	arena_free(a);
}

static void test_udh(void **unused)
{
	static const struct {
		struct str udh;
		const char *ref; /* NULL: the whole text */
		int no, total;
	} t[] = {
		{B("\x05\x00\x03\x2A\x03\x01"), "2a", 1, 3},
		{B("\x06\x08\x04\x01\x2A\x03\x03"), "012a", 3, 3},
		{B("\x06\x08\x04\x00\x2A\x02\x02"), "002a", 2, 2},
		/* ports and a national table before it */
		{B("\x0E\x05\x04\x0B\x84\x23\xF0\x24\x01\x01"
		   "\x00\x03\xFF\x02\x02"),
			"ff", 2, 2},
		/* both kinds: the last counts */
		{B("\x0B\x00\x03\x01\x02\x01\x08\x04\x00\x02\x02\x01"), "0002",
			1, 2},
		{B(""), NULL, 0, 0},
		{B("\x00"), NULL, 0, 0},
		{B("\x05"), NULL, 0, 0},
		{B("\xFF"), NULL, 0, 0},
		{B("\x05\x00\x03\x2A\x03"), NULL, 0, 0},     /* breaks off */
		{B("\x05\x00\x04\x2A\x03\x01"), NULL, 0, 0}, /* too long */
		{B("\x04\x00\x02\x2A\x03"), NULL, 0, 0},     /* too short */
		{B("\x05\x00\x03\x2A\x01\x01"), NULL, 0, 0}, /* one part */
		{B("\x05\x00\x03\x2A\x00\x00"), NULL, 0, 0},
		{B("\x05\x00\x03\x2A\x03\x00"), NULL, 0, 0},
		{B("\x05\x00\x03\x2A\x03\x04"), NULL, 0, 0}, /* 4 of 3 */
		{B("\x02\x00\x00"), NULL, 0, 0},
		/* its own length says that the rest is text */
		{B("\x03\x24\x01\x01\x00\x03\x2A\x03\x01"), NULL, 0, 0},
		/* longer than what came: believed as far as it goes */
		{B("\x7F\x00\x03\x2A\x03\x01"), "2a", 1, 3},
	};
	struct arena *a = arena_new(4096);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct message m = {0};

		udh_read(t[i].udh, a, &m);
		assert_int_equal(m.part_no, t[i].no);
		assert_int_equal(m.part_total, t[i].total);
		if (t[i].ref != NULL)
			rig_same(a, m.part_ref, t[i].ref);
		else
			assert_null(m.part_ref.p);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_gsm_is_whole),
		cmocka_unit_test(test_nobody_knows),
		cmocka_unit_test(test_legacy_damage),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_utf16be),
		cmocka_unit_test(test_udh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
