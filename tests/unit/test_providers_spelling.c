/*
 * spelling - texts in hex and base64, times by name and by pattern, and what
 * is broken in them.
 */
#include "gateway/providers/spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_texts(void **unused)
{
	static const struct {
		enum spelling_text as;
		const char *given, *want;
	} t[] = {
		{SPELLING_UTF8, " họp ", " họp "},
		{SPELLING_UTF16BE_HEX, "00681ecd0070", "họp"},
		{SPELLING_UTF16BE_HEX, " 00681ECD0070\n", "họp"},
		{SPELLING_UTF16BE_HEX, "D83DDE00", "😀"},
		{SPELLING_UTF16BE_HEX, "D83D", "\xEF\xBF\xBD"},
		{SPELLING_UTF16BE_HEX, "", ""},
		{SPELLING_UTF16BE_HEX, "0068 1ECD", "0068 1ECD"},
		{SPELLING_UTF16BE_HEX, "006", "006"},
		{SPELLING_UTF16BE_HEX, "006800", "006800"},
		{SPELLING_UTF16BE_HEX, "00g8", "00g8"},
		{SPELLING_UTF16BE_HEX, "HOP", "HOP"},
		/* providers.md §8, Jasmin's vector */
		{SPELLING_GSM7_HEX, "0576056e656d656e74", "événement"},
		{SPELLING_GSM7_HEX, "057605 6e", "057605 6e"},
		{SPELLING_GSM7_HEX, "1B65", "€"},
		{SPELLING_GSM7_HEX, "0x41", "0x41"},
		{SPELLING_BASE64, "aOG7jXA=", "họp"},
		{SPELLING_BASE64, "aOG7jXA", "họp"},
		{SPELLING_BASE64, " YQ== ", "a"},
		{SPELLING_BASE64, "YQ", "a"},
		{SPELLING_BASE64, "4bqh4bqh", "ạạ"},
		{SPELLING_BASE64, "Pz8_Pj4-", "??\?>>>"},
		{SPELLING_BASE64, "YQ===", "YQ==="},
		{SPELLING_BASE64, "Y", "Y"},
		{SPELLING_BASE64, "Y=Q=", "Y=Q="},
		{SPELLING_BASE64, "a b=", "a b="},
		{SPELLING_BASE64, "họp!", "họp!"},
	};
	struct arena *a = arena_new(1024);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str s = spelling_text(t[i].as, str_of(t[i].given), a);

		assert_string_equal(arena_z(a, s), t[i].want);
	}
	arena_free(a);
}

static void test_times(void **unused)
{
	static const struct {
		const char *format, *given;
		int64_t want; /* -1: none */
	} t[] = {
		{"auto", "1719045971", 1719045971000},
		{"auto", "1719045971000", 1719045971000},
		{"auto", "2024-06-22T15:46:11+07:00", 1719045971000},
		{"rfc3339", "2024-06-22T08:46:11Z", 1719045971000},
		{"rfc3339", "1719045971", -1},
		{"epoch-s", "1719045971.9", 1719045971000},
		{"epoch-s", "100000000000", 100000000000000},
		{"epoch-s", "253402300799", 253402300799000},
		{"epoch-s", "253402300800", -1},
		{"epoch-s", "0", -1},
		{"epoch-s", "-1", -1},
		{"epoch-s", "9223372036854775807", -1},
		{"epoch-s", "92233720368547758079", -1},
		{"epoch-s", "1e9", -1},
		{"epoch-ms", "1719045971000", 1719045971000},
		{"epoch-ms", "5", 5},
		{"epoch-ms", "2024-06-22T08:46:11Z", -1},
		{"%Y-%m-%d %H:%M:%S", "2024-06-22 15:46:11", 1719045971000},
		{"%Y-%m-%d %H:%M:%S", " 2024-06-22 15:46:11 ", 1719045971000},
		{"%Y-%m-%d %H:%M:%S", "2024-06-22 15:46", -1},
		{"%Y-%m-%d %H:%M:%S", "2024-06-22 15:46:11Z", -1},
		{"%Y-%m-%d %H:%M:%S", "2024-13-22 15:46:11", -1},
		{"%Y-%m-%d %H:%M:%S", "1970-01-01 07:00:00", 0},
		{"%Y-%m-%d %H:%M:%S", "1970-01-01 06:59:59", -1},
		{"%Y-%m-%d %H:%M:%S", "9999-12-31 23:59:59", 253402275599000},
		{"%y%m%d%H%M", "2406221546", 1719045960000},
		{"%d/%m/%Y", "22/06/2024", 1718989200000},
		{"%Y-%m-%dT%H:%M:%S%z", "2024-06-22T10:46:11+0200",
			1719045971000},
		{"%Y-%m-%dT%H:%M:%S%z", "2024-06-22T08:46:11Z", 1719045971000},
		{"%Y",
			"2024-06-22 15:46:11 and much more than any time is "
			"long, far more than sixty-four bytes",
			-1},
		{"auto", "", -1},
		{"%Y", "", -1},
	};
	struct arena *a = arena_new(1024);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct spelling_time how = {.utc_offset_h = 7};
		int64_t got = -1;

		assert_int_equal(
			spelling_time_parse(str_of(t[i].format), a, &how), 0);
		assert_int_equal(spelling_time(&how, str_of(t[i].given), &got),
			t[i].want < 0 ? -1 : 0);
		assert_int_equal(got, t[i].want);
	}
	arena_free(a);
}

static void test_formats(void **unused)
{
	static const char *const wrong[] = {"", "iso", "Epoch-s",
		"%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y%Y"
		"%Y%Y%Y"};
	struct arena *a = arena_new(1024);
	struct spelling_time how = {.kind = SPELLING_TIME_AUTO};

	(void)unused;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			spelling_time_parse(str_of(wrong[i]), a, &how), -1);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
