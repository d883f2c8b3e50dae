/*
 * What files of smsd say as texts: every alphabet, parts, odd senders, and
 * what nobody can read. Sending and reports: test_providers_smstools_out.c.
 */
#include "tests/unit/smstools_rig.h"

#define FROM                                                                   \
	"From: 84900000007\nFrom_TOA: 91 international, ISDN/telephone\n"      \
	"Sent: 26-11-22 16:54:15\nReceived: 26-11-22 09:54:16\n"               \
	"Subject: GSM1\nModem: GSM1\nIMSI: 452040000000001\nReport: no\n"
#define SENT_AT INT64_C(1795341255000) /* 09:54:15 UTC */

struct text_case {
	const char *headers;
	struct str body;
	const char *from, *text;
};

static const struct text_case texts[] = {
	{FROM "Alphabet: ISO\nLength: 24", {"HOP MG07 5/11 47 35 10 2", 24},
		"+84900000007", "HOP MG07 5/11 47 35 10 2"},
	/* ISO-8859-15, the default: à is one byte, and € is A4. */
	{FROM "Alphabet: ISO\nLength: 5", {"v\xE0 1\xA4", 5}, "+84900000007",
		"và 1€"},
	{FROM "Length: 5", {"v\xE0 1\xA4", 5}, "+84900000007", "và 1€"},
	{FROM "Alphabet: UTF-8\nLength: 3", {"h\xE1\xBB\x8Dp", 5},
		"+84900000007", "họp"},
	{FROM "Alphabet: UCS2\nLength: 4", {"\0H\x1E\xCD\0p\x26\x3A", 8},
		"+84900000007", "Họp☺"},
	{FROM "Alphabet: Unicode\nLength: 1", {"\x1E\xCD", 2}, "+84900000007",
		"ọ"},
	/* UTF-16BE may hold what looks like the end of the headers. */
	{FROM "Alphabet: UCS2\nLength: 3", {"\0a\x0A\x0A\0b", 6},
		"+84900000007",
		"a\xE0\xA8\x8A"
		"b"},
	{FROM "Alphabet: GSM\nLength: 3", {"\0 \x7F", 3}, "+84900000007",
		"@ à"},
	{FROM "Alphabet: ISO\nLength: 0", {"", 0}, "+84900000007", ""},
	{FROM "Alphabet: ISO\nLength: 3", {"a\n\nb", 4}, "+84900000007",
		"a\n\nb"},
	/* Headers that nobody knows, and one in other letters. */
	{FROM "X-New: 1\nalphabet: UCS2\nFlash: yes\nAlphabet: ISO", {"co", 2},
		"+84900000007", "co"},
	/* No letters, and stored all the same: bytes as escapes. */
	{FROM "Alphabet: binary\nLength: 5", {"\1a\xC3\0b", 5}, "+84900000007",
		"\\x01a\\xC3\\x00b"},
	{FROM "Alphabet: binary\nLength: 0", {"", 0}, "+84900000007", ""},
	{"From: Viettel\nFrom_TOA: D0 alphanumeric, unknown\nAlphabet: ISO",
		{"khuyen mai", 10}, "Viettel", "khuyen mai"},
	{"From: 195\nFrom_TOA: 81 unknown, ISDN/telephone", {"so du", 5}, "195",
		"so du"},
	{"From: 4915112345678\nFrom_TOA: 91 international", {"hallo", 5},
		"+4915112345678", "hallo"},
	{"From: 0912345678", {"x", 1}, "+84912345678", "x"},
	{"From: ", {"x", 1}, "", "x"},
	/* Somebody writes like smsd. */
	{FROM "Alphabet: ISO", {"SMS STATUS REPORT nhe", 21}, "+84900000007",
		"SMS STATUS REPORT nhe"},
};

static const struct {
	const char *headers;
	struct str body;
	enum provider_event event;
} no_texts[] = {
	{"Alphabet: ISO", {"no sender", 9}, PROVIDER_UNREADABLE},
	{"Error: Cannot decode PDU\n" FROM "Alphabet: ISO", {"why", 3},
		PROVIDER_UNREADABLE},
	{FROM "Alphabet: ISO\nLength: 24", {"HOP MG07 5/11 47 35 10", 22},
		PROVIDER_UNREADABLE},
	{FROM "Alphabet: UCS2\nLength: 4", {"\0H\x1E\xCD\0p", 6},
		PROVIDER_UNREADABLE},
};

static void test_texts(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);

	(void)unused;
	assert_int_equal(r.rc, 0);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct text_case *c = &texts[i];
		struct provider_inbound in =
			smstools_text(&r, c->headers, c->body);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.n, 1);
		rig_same(r.a, in.v[0].from, c->from);
		rig_same(r.a, in.v[0].text, c->text);
		assert_true(in.v[0].provider_id.n == 64);
	}
	rig_close(&r);
}

static void test_no_texts(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);

	(void)unused;
	for (size_t i = 0; i < sizeof(no_texts) / sizeof(no_texts[0]); i++)
		assert_int_equal(
			smstools_text(&r, no_texts[i].headers, no_texts[i].body)
				.event,
			no_texts[i].event);
	rig_close(&r);
}

static void test_times(void **unused)
{
	static const struct {
		const char *line;
		int64_t at_ms;
	} v[] = {
		{"Sent: 26-11-22 16:54:15", SENT_AT},
		{"Sent: 2026-11-22 16:54:15", SENT_AT},
		{"Sent: yesterday", RIG_NOW_MS},
		{"Sent: 26-11-22 16:54:15 and more and more", RIG_NOW_MS},
		{"Sent:", RIG_NOW_MS},
		{"Number: 84912345678", RIG_NOW_MS},
	};
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);

	(void)unused;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct str head =
			arena_printf(r.a, "From: 84900000007\n%s", v[i].line);
		struct provider_inbound in =
			smstools_text(&r, head.p, STR("x"));

		assert_true(in.v[0].sent_at == v[i].at_ms);
	}
	rig_same(r.a,
		smstools_text(&r, "From: 1\nNumber: 84912345678", STR("x"))
			.v[0]
			.to,
		"+84912345678");
	rig_close(&r);
}

/* smsd joins parts by itself; these are of one that may not or could not. */
static void test_parts(void **unused)
{
	static const struct {
		const char *udh, *ref;
		int no, total;
	} v[] = {
		{"UDH: yes\nUDH-DATA: 05 00 03 2A 02 01", "2a", 1, 2},
		{"UDH-DATA: 06 08 04 01 2A 03 03", "012a", 3, 3},
		{"Incomplete: yes\nUDH-DATA: 050003FF0902", "ff", 2, 9},
		{"UDH-DATA: 06 05 04 0B 84 23 F0", NULL, 0, 0},
		{"UDH-DATA: 05 00 03", NULL, 0, 0},
		{"UDH-DATA: zz", NULL, 0, 0},
		{"UDH: no", NULL, 0, 0},
	};
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);

	(void)unused;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct str head = arena_printf(r.a, FROM "%s", v[i].udh);
		struct provider_inbound in =
			smstools_text(&r, head.p, STR("x"));

		assert_int_equal(in.v[0].part_no, v[i].no);
		assert_int_equal(in.v[0].part_total, v[i].total);
		if (v[i].ref != NULL)
			rig_same(r.a, in.v[0].part_ref, v[i].ref);
	}
	rig_close(&r);
}

/* The same file is the same text; another name or byte makes another. */
static void test_ids(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct smstools_paper p = {
		.name = "GSM1.aaaaaa",
		.bytes = STR(FROM "\n\nxin chao"),
	};
	struct str first = smstools_read(&r, &p).v[0].provider_id;

	(void)unused;
	assert_true(str_eq(smstools_read(&r, &p).v[0].provider_id, first));
	p.name = "GSM1.bbbbbb";
	assert_false(str_eq(smstools_read(&r, &p).v[0].provider_id, first));
	p.name = "GSM1.aaaaaa";
	p.bytes = STR(FROM "\n\nxin chao!");
	assert_false(str_eq(smstools_read(&r, &p).v[0].provider_id, first));
	rig_close(&r);
}

/* Cut anywhere it is later, then unreadable, or a shorter header's text;
 * never a shorter text. */
static void test_truncated(void **unused)
{
	const struct str whole =
		STR(FROM "Alphabet: ISO\nLength: 8\n\nxin chao");
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);

	(void)unused;
	for (size_t n = 0; n < whole.n; n++) {
		struct smstools_paper p = {
			.name = "a", .bytes = str_part(whole, 0, n)};

		p.fresh = true;
		assert_int_equal(smstools_read(&r, &p).event, PROVIDER_LATER);
		p.fresh = false;
		assert_int_equal(
			smstools_read(&r, &p).event, PROVIDER_UNREADABLE);
	}
	rig_close(&r);
}

static void test_huge(void **unused)
{
	const size_t n = 200000;
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	char *body = arena_alloc(r.a, n);
	struct provider_inbound in;

	(void)unused;
	memset(body, 'a', n);
	in = smstools_text(&r, FROM "Alphabet: ISO", (struct str){body, n});
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.v[0].text.n, PROVIDER_RAW_TEXT_MAX);
	memset(body, '\n', n);
	in = smstools_text(&r, FROM "Length: 9", (struct str){body, n});
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_close(&r);
}

static void test_which_files(void **unused)
{
	static const struct {
		const char *name;
		enum provider_file_kind kind;
		bool wanted;
	} v[] = {
		{"GSM1.fNdO2y", PROVIDER_FILE_IN, true},
		{"2026-11-22.GSM1.fNdO2y", PROVIDER_FILE_IN, true},
		{"GSM1-concatenated", PROVIDER_FILE_IN, false},
		{"GSM1.fNdO2y.LOCK", PROVIDER_FILE_IN, false},
		{"GSM1.fNdO2y", PROVIDER_FILE_REPORT, true},
		{"bantin.m17", PROVIDER_FILE_SENT, true},
		{"bantin.m17.LOCK", PROVIDER_FILE_SENT, false},
		{"send_4711", PROVIDER_FILE_SENT, false},
		{"bantin.m17", PROVIDER_FILE_FAILED, true},
		{"send_4711", PROVIDER_FILE_FAILED, false},
	};
	const struct provider *p = provider_find(STR("smstools"));

	(void)unused;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_true(p->spool->is_wanted(v[i].kind, str_of(v[i].name)) ==
			    v[i].wanted);
}

/* There are no callbacks: whoever calls is refused. */
static void test_no_callbacks(void **unused)
{
	struct rig r = rig_open("smstools", "", SMSTOOLS_YAML);
	struct provider_request q = rig_post(STR(FROM "\n\nx"));

	(void)unused;
	assert_false(r.p->can_receive);
	assert_int_equal(r.p->verify(r.state, &q), PROVIDER_VERIFY_REFUSED);
	assert_int_equal(rig_parse(&r, q).event, PROVIDER_UNREADABLE);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_no_texts),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_which_files),
		cmocka_unit_test(test_no_callbacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
