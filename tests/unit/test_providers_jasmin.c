/*
 * Jasmin's callbacks: texts of an httpccm in every coding, by GET and POST,
 * and the reports of every level and status.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define FFFD "\xEF\xBF\xBD"
#define ID "3daef4cf-8a58-4e7a-8e33-4cb8d5d9c0bc"

static struct rig open_plain(void)
{
	return rig_open("jasmin", TOKEN, "dlr_level: 3\n");
}

static struct provider_inbound get(const struct rig *r, const char *query)
{
	return rig_parse(r, (struct provider_request){
				    .method = STR("GET"),
				    .query = str_of(query),
				    .now_ms = RIG_NOW_MS,
			    });
}

static void test_guards(void **unused)
{
	static const struct {
		const char *token, *yaml, *says;
	} t[] = {
		{TOKEN, "dlr_level: 3\n", NULL},
		{TOKEN,
			"url: http://127.0.0.1:1401\nusername: u\n"
			"password: p\ntags: bantin,vn-1\n",
			NULL},
		{NULL, "dlr_level: 3\n", "needs a token"},
		{TOKEN, "url: http://127.0.0.1:1401\n", "username"},
		{TOKEN, "url: http://127.0.0.1:1401\nusername: u\n",
			"password"},
		{TOKEN, "url: ftp://127.0.0.1\n", "url"},
		{TOKEN, "username: seventeen-letters\n", "username"},
		{TOKEN, "password: seventeen-letters\n", "password"},
		{TOKEN, "dlr_level: 4\n", "dlr_level"},
		{TOKEN, "max_parts: 0\n", "max_parts"},
		{TOKEN, "priority: 4\n", "priority"},
		{TOKEN, "tags: 'a b'\n", "tags"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("jasmin", t[i].token, t[i].yaml);
		struct buf b;

		buf_init(&b, 4096);
		diags_print(r.d, &b);
		assert_int_equal(r.rc, t[i].says == NULL ? 0 : -1);
		if (t[i].says != NULL)
			assert_non_null(strstr(buf_z(&b), t[i].says));
		buf_release(&b);
		rig_close(&r);
	}
}

/* Nothing is signed: the token is the guard, and `check` must know it. */
static void test_token_only(void **unused)
{
	struct rig r = open_plain();
	struct provider_request request = {.method = STR("POST")};

	(void)unused;
	assert_int_equal(r.p->verify(r.state, &request), PROVIDER_VERIFY_OK);
	assert_null(r.p->is_proven);
	assert_null(r.p->signs_url);
	assert_true(provider_takes_reports(r.p, r.state));
	assert_false(provider_takes_our_id(r.p, r.state));
	assert_false(provider_can_send(r.p, r.state));
	rig_close(&r);
}

static void test_methods(void **unused)
{
	static const struct {
		const char *method;
		bool takes;
	} t[] = {{"GET", true}, {"POST", true}, {"HEAD", false}, {"PUT", false},
		{"", false}};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_request q = {
			.method = str_of(t[i].method)};

		assert_int_equal(
			provider_takes_method(r.p, r.state, &q), t[i].takes);
	}
	rig_close(&r);
}

static void assert_good(struct rig *r, const struct provider_inbound *in)
{
	struct provider_answer answer;

	assert_int_equal(in->event, PROVIDER_MESSAGES);
	assert_int_equal(in->n, 1);
	rig_same(r->a, in->v->provider_id, ID);
	rig_same(r->a, in->v->from, "+84900000007");
	rig_same(r->a, in->v->to, "8088");
	rig_same(r->a, in->v->text, "HOP MG07 5/11");
	assert_int_equal(in->v->sent_at, RIG_NOW_MS);
	assert_int_equal(in->v->part_total, 0);
	answer = r->p->answer(r->state, in, r->a);
	assert_int_equal(answer.status, 200);
	rig_same(r->a, answer.body, "ACK/Jasmin");
}

#define GOOD                                                                   \
	"id=" ID "&from=84900000007&to=8088&content=HOP+MG07+5%2F11"           \
	"&binary=484f50204d47303720352f3131&coding=0&priority=1&validity="     \
	"&origin-connector=smsc1&tlv_params=%7B%7D&custom_tlvs=%5B%5D"

/* The same bytes are the same text: its id is what repeats are known by. */
static void test_get_and_post(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in;

	(void)unused;
	for (int i = 0; i < 2; i++) {
		in = get(&r, GOOD);
		assert_good(&r, &in);
		in = rig_parse_z(&r, GOOD);
		assert_good(&r, &in);
	}
	rig_close(&r);
}

struct coding {
	const char *fields, *want;
};

static void check_codings(const struct coding *t, size_t n)
{
	struct rig r = open_plain();

	for (size_t i = 0; i < n; i++) {
		struct str q = arena_printf(
			r.a, "id=%zu&from=84900000007&%s", i, t[i].fields);
		struct provider_inbound in = get(&r, arena_z(r.a, q));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->text, t[i].want);
	}
	rig_close(&r);
}

static void test_codings(void **unused)
{
	static const struct coding t[] = {
		/* GSM 03.38, a septet a byte: providers.md §8 */
		{"content=%05v%05nement&coding=0", "\xC3\xA9v\xC3\xA9nement"},
		{"content=%05v%05nement", "\xC3\xA9v\xC3\xA9nement"},
		{"binary=0576056e656d656e74&coding=0",
			"\xC3\xA9v\xC3\xA9nement"},
		{"binary=0576056E656D656E74&coding=0&content=x",
			"\xC3\xA9v\xC3\xA9nement"},
		/* of Vietnamese, these alone: à è é ì ò ù */
		{"binary=7f0405070806&coding=0",
			"\xC3\xA0\xC3\xA8\xC3\xA9\xC3\xAC\xC3\xB2\xC3\xB9"},
		{"binary=00201b65201b28&coding=0", "@ \xE2\x82\xAC {"},
		/* an SMSC whose own alphabet is another one */
		{"content=H%E1%BB%8Dp&coding=0", "H\xE1\xBB\x8Dp"},
		{"content=caf%E9&coding=0", "caf\xC3\xA9"},
		{"content=@hop&coding=1", "@hop"},
		{"content=caf%E9&coding=3", "caf\xC3\xA9"},
		{"binary=636166e9&coding=3", "caf\xC3\xA9"},
		{"content=%00H%1E%CD%00p&coding=8", "H\xE1\xBB\x8Dp"},
		{"binary=00481ecd0070&coding=8", "H\xE1\xBB\x8Dp"},
		{"binary=00481ecd0070&coding=8&content=H%3Fp",
			"H\xE1\xBB\x8Dp"},
		{"binary=d83dde00&coding=8", "\xF0\x9F\x98\x80"},
		{"binary=d83d&coding=8", FFFD},
		{"binary=004800&coding=8", "H" FFFD},
		/* no text, or in nobody's alphabet */
		{"binary=636166e900&coding=4", "caf\\xE9\\x00"},
		{"content=abc&coding=2", "abc"},
		{"content=abc&coding=14", "abc"},
		{"content=abc&coding=None", "abc"},
		/* empty, and hex that is none */
		{"content=&coding=0&binary=", ""},
		{"binary=&coding=8", ""},
		{"content=abc&coding=0&binary=", "abc"},
		{"content=abc&coding=0&binary=61f", "abc"},
		{"content=abc&coding=0&binary=6g", "abc"},
		{"binary=zz&coding=0", ""},
	};

	(void)unused;
	check_codings(t, sizeof(t) / sizeof(t[0]));
}

/* As a flash text has one: GSM 03.38 says the alphabet. */
static void test_codings_with_a_class(void **unused)
{
	static const struct coding t[] = {
		{"binary=7f0405&coding=16", "\xC3\xA0\xC3\xA8\xC3\xA9"},
		{"binary=7f0405&coding=241", "\xC3\xA0\xC3\xA8\xC3\xA9"},
		{"binary=00481ecd0070&coding=24", "H\xE1\xBB\x8Dp"},
		{"binary=00481ecd0070&coding=25", "H\xE1\xBB\x8Dp"},
		{"binary=00481ecd&coding=20", "\\x00H\\x1E\\xCD"},
		{"binary=636100&coding=245", "ca\\x00"},
	};

	(void)unused;
	check_codings(t, sizeof(t) / sizeof(t[0]));
}

static void test_numbers(void **unused)
{
	static const struct {
		const char *from, *want;
	} t[] = {
		{"84900000007", "+84900000007"},
		{"%2B84900000007", "+84900000007"},
		{"+84900000007", "+84900000007"}, /* + as it should not be */
		{"0900000007", "+84900000007"},
		{"01687654321", "+84387654321"}, /* as before 2018 */
		{"8088", "8088"},
		{"Viettel", "Viettel"},
		{"QLDV-TB", "QLDV-TB"},
		{"", ""},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(
			r.a, "id=1&content=x&from=%s&to=8088", t[i].from);
		struct provider_inbound in = get(&r, arena_z(r.a, q));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->from, t[i].want);
	}
	rig_close(&r);
}

/* Jasmin joins parts before it calls: one text, however long. */
static void test_long_text_is_one(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 20);
	buf_putz(&b, "id=1&from=84900000007&coding=8&binary=");
	for (int i = 0; i < 300; i++)
		buf_putz(&b, "1ecd");
	in = get(&r, buf_z(&b));
	assert_int_equal(in.n, 1);
	assert_int_equal(in.v->text.n, 900);
	assert_int_equal(in.v->part_total, 0);
	for (int i = 0; i < 60000; i++)
		buf_putz(&b, "1ecd");
	in = rig_parse_z(&r, buf_z(&b));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(in.v->text.n > PROVIDER_RAW_TEXT_MAX - 3);
	assert_true(str_is_utf8(in.v->text));
	buf_release(&b);
	rig_close(&r);
}

static void test_without_id(void **unused)
{
	static const char *const other[] = {
		"from=8088&content=y",
		"from=8089&content=x",
		"from=8088&content=x&to=1",
	};
	const char *const same = "from=8088&content=x";
	struct rig r = open_plain();
	struct str id = get(&r, same).v->provider_id;

	(void)unused;
	assert_int_equal(id.n, 64);
	assert_true(str_eq(get(&r, same).v->provider_id, id));
	for (size_t i = 0; i < 3; i++)
		assert_false(str_eq(get(&r, other[i]).v->provider_id, id));
	rig_close(&r);
}

static void test_unreadable(void **unused)
{
	static const struct {
		const char *query, *says;
	} t[] = {
		{"id=1&from=8088", "content, binary"},
		{"", "message_status"},
		{"id=1&from=8088&content=%", "%XX"},
		{"id=1&from=8088&content=%4", "%XX"},
		{"id=1&from=8088&content=%zz", "%XX"},
		{"message_status=DELIVRD", "without an id"},
		{"message_status=DELIVRD&id=&o=", "without an id"},
	};
	struct rig r = open_plain();
	struct buf many;

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = get(&r, t[i].query);

		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_non_null(strstr(in.err.text, t[i].says));
	}
	buf_init(&many, 4096);
	for (int i = 0; i < 200; i++)
		buf_putz(&many, "content=x&");
	assert_int_equal(
		rig_parse_z(&r, buf_z(&many)).event, PROVIDER_UNREADABLE);
	buf_release(&many);
	rig_close(&r);
}

static struct provider_inbound report(
	const struct rig *r, const char *query, const char *form)
{
	struct provider_request request = rig_post(str_of(form));
	struct provider_inbound in;

	request.query = str_of(query);
	request.dlr = true;
	r->p->parse_dlr(r->state, &request, r->a, &in);
	return in;
}

static const struct {
	const char *form;
	enum provider_report_state state;
	const char *said;
} reports[] = {
	/* level 1: the SMSC's answer */
	{"level=1&message_status=ESME_ROK&connector=smsc1",
		PROVIDER_REPORT_SENT, "ESME_ROK"},
	{"level=1&message_status=ESME_RINVNUMDESTS", PROVIDER_REPORT_FAILED,
		"ESME_RINVNUMDESTS"},
	{"level=1&message_status=ESME_RTHROTTLED", PROVIDER_REPORT_FAILED,
		"ESME_RTHROTTLED"},
	/* level 2: the receipt; level 3 is both */
	{"level=2&message_status=DELIVRD&id_smsc=4711&sub=001"
	 "&dlvrd=001&subdate=2611051230&donedate=2611051231&err=000"
	 "&text=xin",
		PROVIDER_REPORT_DELIVERED, "DELIVRD (SMSC id 4711)"},
	{"level=3&message_status=DELIVRD", PROVIDER_REPORT_DELIVERED,
		"DELIVRD"},
	{"level=2&message_status=UNDELIV&err=069&id_smsc=4711",
		PROVIDER_REPORT_FAILED, "UNDELIV err 069 (SMSC id 4711)"},
	{"level=2&message_status=REJECTD", PROVIDER_REPORT_FAILED, "REJECTD"},
	{"level=2&message_status=DELETED", PROVIDER_REPORT_FAILED, "DELETED"},
	{"level=2&message_status=EXPIRED", PROVIDER_REPORT_EXPIRED, "EXPIRED"},
	{"level=2&message_status=UNKNOWN", PROVIDER_REPORT_TEMPORARY,
		"UNKNOWN"},
	{"level=2&message_status=ENROUTE", PROVIDER_REPORT_QUEUED, "ENROUTE"},
	{"level=2&message_status=ACCEPTD", PROVIDER_REPORT_SENT, "ACCEPTD"},
	/* and what nobody knows */
	{"level=2&message_status=BORED", PROVIDER_REPORT_UNKNOWN, "BORED"},
	{"level=2&message_status=delivrd", PROVIDER_REPORT_UNKNOWN, "delivrd"},
	{"level=2&message_status=", PROVIDER_REPORT_UNKNOWN, "nothing"},
};

static void test_reports(void **unused)
{
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		struct str form =
			arena_printf(r.a, "id=" ID "&%s", reports[i].form);
		struct provider_inbound in =
			report(&r, "o=o7%3A1a", arena_z(r.a, form));

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		rig_same(r.a, in.reports->own, "o7:1a");
		rig_same(r.a, in.reports->ref, ID);
		assert_null(in.reports->to.p);
		assert_int_equal(in.reports->state, reports[i].state);
		rig_same(r.a, in.reports->said, reports[i].said);
		assert_int_equal(in.reports->part, 0);
		rig_same(
			r.a, r.p->answer(r.state, &in, r.a).body, "ACK/Jasmin");
	}
	rig_close(&r);
}

/* By either address, either method, either name. */
static void test_report_by_what_it_has(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in =
		report(&r, "", "id=" ID "&message_status=DELIVRD");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports->own.n, 0);
	rig_same(r.a, in.reports->ref, ID);
	in = get(&r, "o=7&message_status=DELIVRD&level=2");
	assert_int_equal(in.event, PROVIDER_REPORTS);
	rig_same(r.a, in.reports->own, "7");
	assert_int_equal(in.reports->ref.n, 0);
	assert_int_equal(report(&r, "o=7", GOOD).event, PROVIDER_MESSAGES);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_token_only),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_get_and_post),
		cmocka_unit_test(test_codings),
		cmocka_unit_test(test_codings_with_a_class),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_long_text_is_one),
		cmocka_unit_test(test_without_id),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_report_by_what_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
