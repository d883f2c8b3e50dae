/*
 * Infobip's callbacks: how a channel may be configured, who may call, texts
 * and reports in batches (providers.md §3.11).
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define SEND "url: http://h\nsender: A\n"

static struct rig open_plain(void)
{
	return rig_open("infobip", TOKEN, "report_by: text\n");
}

static const struct {
	const char *token, *yaml, *says;
} configured[] = {
	{TOKEN, "report_by: text\n", NULL},
	{NULL, "report_by: text\n", "token"},
	{NULL, "callback_bearer: 0123456789abcdef\n", NULL},
	{NULL, "callback_username: u\ncallback_password: 0123456789abcdef\n",
		NULL},
	{TOKEN, "callback_username: u\n", "callback_password"},
	{TOKEN, "callback_password: 0123456789abcdef\n", "callback_username"},
	{TOKEN, "callback_username: u\ncallback_password: short\n", "16"},
	{TOKEN, "callback_bearer: short\n", "16"},
	{TOKEN,
		"callback_bearer: 0123456789abcdef\ncallback_username: u\n"
		"callback_password: 0123456789abcdef\n",
		"one of them"},
	{TOKEN, SEND "api_key: k\n", NULL},
	{TOKEN, SEND "username: u\npassword: p\n", NULL},
	{TOKEN, SEND "username: u\n", "api_key, or with"},
	{TOKEN, SEND "password: p\n", "api_key, or with"},
	{TOKEN, SEND "api_key: k\nusername: u\npassword: p\n",
		"api_key, or with"},
	{TOKEN, SEND, "both a url and an"},
	{TOKEN, "api_key: k\nsender: A\n", "both a url and an"},
	{TOKEN, "url: http://h\napi_key: k\n", "sender"},
	{TOKEN, "url: h\napi_key: k\n", "url"},
	{TOKEN, "report_by: phone\n", "profile"},
};

static void test_guards(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(configured) / sizeof(configured[0]);
		i++) {
		const char *says = configured[i].says;
		struct rig r = rig_open(
			"infobip", configured[i].token, configured[i].yaml);
		struct buf said;

		buf_init(&said, 4096);
		diags_print(r.d, &said);
		assert_int_equal(r.rc, says != NULL ? -1 : 0);
		if (says != NULL)
			assert_true(
				str_find(buf_str(&said), str_of(says), 0) >= 0);
		buf_release(&said);
		rig_close(&r);
	}
}

static enum provider_verify verify(const struct rig *r, const char *header)
{
	const struct provider_header h = {STR("authorization"), str_of(header)};
	const struct provider_request request = {
		.headers = &h,
		.headers_n = header != NULL,
		.now_ms = RIG_NOW_MS,
	};

	return r->p->verify(r->state, &request);
}

static void test_verify(void **unused)
{
	/* base64 of "u:0123456789abcdef" */
	static const struct {
		const char *header;
		bool basic, bearer;
	} t[] = {
		{"Basic dTowMTIzNDU2Nzg5YWJjZGVm", true, false},
		{"basic  dTowMTIzNDU2Nzg5YWJjZGVm ", true, false},
		{"Basic dTowMTIzNDU2Nzg5YWJjZGVn", false, false},
		{"Bearer fedcba9876543210", false, true},
		{"BEARER fedcba9876543210", false, true},
		{"Bearer fedcba987654321", false, false},
		{"Bearer FEDCBA9876543210", false, false},
		{"Basic fedcba9876543210", false, false},
		{"fedcba9876543210", false, false},
		{"Bearer", false, false},
		{"", false, false},
		{NULL, false, false},
	};
	struct rig basic = rig_open("infobip", NULL,
		"callback_username: u\ncallback_password: 0123456789abcdef\n");
	struct rig bearer = rig_open(
		"infobip", NULL, "callback_bearer: fedcba9876543210\n");
	struct rig plain = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(
			verify(&basic, t[i].header) == PROVIDER_VERIFY_OK,
			t[i].basic);
		assert_int_equal(
			verify(&bearer, t[i].header) == PROVIDER_VERIFY_OK,
			t[i].bearer);
		/* the token is the guard, and whoever calls checks it */
		assert_int_equal(
			verify(&plain, t[i].header), PROVIDER_VERIFY_OK);
	}
	assert_true(basic.p->is_proven(basic.state, false));
	assert_true(bearer.p->is_proven(bearer.state, true));
	assert_false(plain.p->is_proven(plain.state, false));
	rig_close(&basic);
	rig_close(&bearer);
	rig_close(&plain);
}

static void test_batch(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in = rig_parse_z(&r,
		"{\"results\":[{\"messageId\":\"817790313235066447\","
		"\"from\":\"84900000007\",\"to\":\"84900000001\","
		"\"text\":\"HOP MG07 5/11\",\"cleanText\":\"MG07 5/11\","
		"\"keyword\":\"HOP\",\"receivedAt\":"
		"\"2026-11-22T06:38:11.123+0000\",\"smsCount\":1,"
		"\"price\":{\"pricePerMessage\":0,\"currency\":\"EUR\"},"
		"\"callbackData\":null},"
		"{\"messageId\":\"2\",\"from\":\"84900000115\",\"to\":"
		"\"8088\",\"text\":\"H\xE1\xBB\x8Dp\"}],"
		"\"messageCount\":2,\"pendingMessageCount\":0}");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 2);
	rig_same(r.a, in.v[0].provider_id, "817790313235066447");
	rig_same(r.a, in.v[0].from, "+84900000007");
	rig_same(r.a, in.v[0].to, "+84900000001");
	rig_same(r.a, in.v[0].text, "HOP MG07 5/11");
	assert_int_equal(in.v[0].sent_at, INT64_C(1795329491123));
	assert_int_equal(in.v[0].part_total, 0);
	rig_same(r.a, in.v[1].provider_id, "2");
	rig_same(r.a, in.v[1].to, "8088");
	rig_same(r.a, in.v[1].text, "H\xE1\xBB\x8Dp");
	assert_int_equal(in.v[1].sent_at, RIG_NOW_MS);
	rig_close(&r);
}

static struct provider_inbound one(const struct rig *r, const char *members)
{
	struct str body = arena_printf(r->a, "{\"results\":[{%s}]}", members);

	return rig_parse(r, rig_post(body));
}

static void test_texts(void **unused)
{
	static const struct {
		const char *members, *from, *text;
	} t[] = {
		{"\"text\":\"ca ph\xC3\xA8\"", "+84900000007",
			"ca ph\xC3\xA8"}, /* GSM-7 */
		{"\"text\":\"H\\u1ecdp\"", "+84900000007", "H\xE1\xBB\x8Dp"},
		{"\"text\":\"caf\xE9\"", "+84900000007", "caf\xEF\xBF\xBD"},
		{"\"text\":\"\"", "+84900000007", ""},
		{"\"text\":null", "+84900000007", ""},
		{"\"text\":\"\",\"cleanText\":\"5/11\"", "+84900000007",
			"5/11"},
		{"\"text\":\"x\",\"from\":\"VIETTEL\"", "VIETTEL", "x"},
		{"\"text\":\"x\",\"from\":\"8088\"", "8088", "x"},
		{"\"text\":\"x\",\"from\":null", "", "x"},
		{"\"text\":35", "+84900000007", "35"},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		bool own = strstr(t[i].members, "\"from\"") != NULL;
		struct str members = arena_printf(r.a, "\"messageId\":%zu%s,%s",
			i, own ? "" : ",\"from\":\"84900000007\"",
			t[i].members);
		struct provider_inbound in = one(&r, arena_z(r.a, members));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->from, t[i].from);
		rig_same(r.a, in.v->text, t[i].text);
	}
	rig_close(&r);
}

/* Infobip joins: five parts are one text, and none of them is waited for. */
static void test_long_text_is_whole(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 16);
	buf_putz(&b, "\"messageId\":\"m\",\"from\":\"84900000007\","
		     "\"smsCount\":5,\"text\":\"");
	for (int i = 0; i < 70; i++)
		buf_putz(&b, "ghi chu   ");
	buf_putz(&b, "\"");
	in = one(&r, buf_z(&b));
	assert_int_equal(in.n, 1);
	assert_int_equal(in.v->text.n, 700);
	assert_int_equal(in.v->part_total, 0);
	assert_null(in.v->part_ref.p);
	buf_release(&b);
	rig_close(&r);
}

static void test_times(void **unused)
{
	static const struct {
		const char *at;
		int64_t want_ms;
	} t[] = {
		{"2026-11-22T06:38:11.000+0000", INT64_C(1795329491000)},
		{"2026-11-22T13:38:11.000+0700", INT64_C(1795329491000)},
		{"2026-11-22T01:38:11.000-0500", INT64_C(1795329491000)},
		{"2026-11-22T13:38:11.000+07:00", INT64_C(1795329491000)},
		{"2026-11-22T06:38:11Z", INT64_C(1795329491000)},
		{"2026-11-22T06:38:11", RIG_NOW_MS},
		{"+0000", RIG_NOW_MS},
		{"x+0000", RIG_NOW_MS},
		{"", RIG_NOW_MS},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str members = arena_printf(r.a,
			"\"messageId\":\"m\",\"receivedAt\":\"%s\"", t[i].at);

		assert_int_equal(one(&r, arena_z(r.a, members)).v->sent_at,
			t[i].want_ms);
	}
	rig_close(&r);
}

/* The same bytes give the same id, with or without one of theirs. */
static void test_duplicates(void **unused)
{
	static const char *const members[] = {
		"\"messageId\":\"m\",\"from\":\"1\",\"text\":\"x\"",
		"\"from\":\"1\",\"text\":\"x\",\"receivedAt\":\"a\"",
		"\"from\":\"1\",\"text\":\"y\",\"receivedAt\":\"a\"",
		"\"from\":\"1\",\"text\":\"x\",\"receivedAt\":\"b\"",
	};
	struct rig r = open_plain();
	struct str id[4];

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		id[i] = one(&r, members[i]).v->provider_id;
		assert_true(str_eq(id[i], one(&r, members[i]).v->provider_id));
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(id[i], id[k]));
	}
	rig_close(&r);
}

static void test_other_events(void **unused)
{
	static const struct {
		const char *body;
		enum provider_event want;
	} t[] = {
		{"{}", PROVIDER_IGNORED},
		{"{\"results\":[]}", PROVIDER_IGNORED},
		{"{\"results\":{\"a\":1}}", PROVIDER_IGNORED},
		{"{\"event\":\"to-come\"}", PROVIDER_IGNORED},
		{"", PROVIDER_UNREADABLE},
		{"[]", PROVIDER_UNREADABLE},
		{"a=b", PROVIDER_UNREADABLE},
		{"{\"results\":[{\"messageId\":\"m\",\"te",
			PROVIDER_UNREADABLE},
		/* another format of the portal */
		{"{\"from\":\"1\",\"text\":\"x\",\"id\":1}",
			PROVIDER_UNREADABLE},
		{"{\"messages\":[{\"text\":\"x\"}]}", PROVIDER_UNREADABLE},
		{"{\"results\":[{},7,[]]}", PROVIDER_UNREADABLE},
		{"{\"results\":[{\"from\":\"1\"}]}", PROVIDER_UNREADABLE},
		{"{\"results\":[7]}", PROVIDER_UNREADABLE},
		{"{\"results\":[{\"status\":{}},{}]}", PROVIDER_UNREADABLE},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, t[i].want);
		assert_int_equal(in.err.text[0] != '\0',
			t[i].want == PROVIDER_UNREADABLE);
	}
	rig_close(&r);
}

/* What makes no sense does not keep the others out, wherever it stands. */
static void test_batch_with_a_bad_one(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in = rig_parse_z(&r,
		"{\"results\":[{},{\"messageId\":\"a\",\"text\":\"x\"},7,"
		"{\"messageId\":\"b\",\"text\":\"y\"}],"
		"\"pendingMessageCount\":18446744073709551615}");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 2);
	rig_same(r.a, in.v[0].provider_id, "a");
	rig_same(r.a, in.v[1].text, "y");
	assert_int_equal(in.left_out, 2);
	assert_non_null(strstr(in.err.text, "results[0]"));
	in = rig_parse_z(&r, "{\"results\":[{},{\"messageId\":\"a\","
			     "\"status\":{\"groupId\":3}}]}");
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports_n, 1);
	rig_same(r.a, in.reports->own, "a");
	assert_int_equal(in.left_out, 1);
	rig_close(&r);
}

static void test_huge(void **unused)
{
	static const int many[] = {PROVIDER_BATCH_MAX, PROVIDER_BATCH_MAX + 1};
	struct rig r = open_plain();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	for (size_t k = 0; k < 2; k++) {
		buf_init(&b, 1 << 20);
		for (int i = 0; i < many[k]; i++)
			buf_putf(&b, "%s\"messageId\":%d", i > 0 ? "},{" : "",
				i);
		in = one(&r, buf_z(&b));
		assert_int_equal(in.event,
			k == 0 ? PROVIDER_MESSAGES : PROVIDER_UNREADABLE);
		buf_release(&b);
	}
	buf_init(&b, 1 << 20);
	buf_putz(&b, "\"messageId\":\"m\",\"text\":\"");
	for (int i = 0; i < 90000; i++)
		buf_putz(&b, "\xE1\xBB\x8D");
	buf_putz(&b, "\"");
	in = one(&r, buf_z(&b));
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(in.v->text.n > PROVIDER_RAW_TEXT_MAX - 3);
	assert_true(str_is_utf8(in.v->text));
	buf_release(&b);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_text_is_whole),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_other_events),
		cmocka_unit_test(test_batch_with_a_bad_one),
		cmocka_unit_test(test_huge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
