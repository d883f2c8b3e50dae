/*
 * SMSGate: a signed webhook in, an idempotent send out (providers.md §3.1,
 * with its vector of §8).
 */
#include "gateway/base/digest.h"
#include "tests/unit/provider_rig.h"

#define KEY "TESTKEY1"
#define STAMP "1719045971"
#define SIGNATURE                                                              \
	"eb106f0679c136559be47918dbe363f5baef09eb04110908b0004ef0fbeff9e7"
#define BODY                                                                   \
	"{\"deviceId\":\"ffffffffceb0b1db0000018e937c815b\","                  \
	"\"event\":\"sms:received\",\"id\":\"Ey6ECgOkVVFjz3CL48B8C\","         \
	"\"payload\":{\"messageId\":\"abc123\",\"message\":\"GIA LUA\","       \
	"\"sender\":\"+84912345678\",\"simNumber\":1,"                         \
	"\"receivedAt\":\"2024-06-22T15:46:11.000+07:00\"},"                   \
	"\"webhookId\":\"LreFUt-Z3sSq0JufY9uWB\"}"

#define RECEIVED "{\"event\":\"sms:received\",\"id\":\"e\","

static struct rig open_signed(void)
{
	return rig_open("smsgate", NULL,
		"signing_key: " KEY "\n"
		"url: http://127.0.0.1:9101/\nusername: u\npassword: p\n");
}

static enum provider_verify verify_at(const struct rig *r, int64_t now_ms,
	struct str body, const char *stamp, const char *signature)
{
	const struct provider_header headers[] = {
		{STR("x-timestamp"), str_of(stamp)},
		{STR("X-SIGNATURE"), str_of(signature)},
	};
	const struct provider_request request = {
		.body = body,
		.headers = headers,
		.headers_n = stamp == NULL       ? 0
			     : signature == NULL ? 1
						 : 2,
		.now_ms = now_ms,
	};

	return r->p->verify(r->state, &request);
}

static void test_verify(void **unused)
{
	static const struct {
		int64_t off_s;
		const char *stamp, *signature;
		enum provider_verify want;
	} t[] = {
		{0, STAMP, SIGNATURE, PROVIDER_VERIFY_OK},
		{300, STAMP, SIGNATURE, PROVIDER_VERIFY_OK},
		{-300, STAMP, SIGNATURE, PROVIDER_VERIFY_OK},
		{301, STAMP, SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{-301, STAMP, SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, NULL, NULL, PROVIDER_VERIFY_REFUSED},
		{0, STAMP, NULL, PROVIDER_VERIFY_REFUSED},
		{0, STAMP, "", PROVIDER_VERIFY_REFUSED},
		{0, "", SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, "soon", SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, "1719045972", SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, "+1719045971", SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, "-9223372036854775808", SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, "9223372036854775807", SIGNATURE, PROVIDER_VERIFY_REFUSED},
		{0, STAMP, SIGNATURE "0", PROVIDER_VERIFY_REFUSED},
		{0, STAMP,
			"fb106f0679c136559be47918dbe363f5"
			"baef09eb04110908b0004ef0fbeff9e7",
			PROVIDER_VERIFY_REFUSED},
	};
	struct rig r = open_signed();
	size_t i;

	(void)unused;
	assert_int_equal(r.rc, 0);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(verify_at(&r, RIG_NOW_MS + t[i].off_s * 1000,
					 STR(BODY), t[i].stamp, t[i].signature),
			t[i].want);
	rig_close(&r);
}

static void test_verify_changed_byte(void **unused)
{
	struct rig r = open_signed();
	char body[] = BODY;

	(void)unused;
	body[sizeof(body) / 2] ^= 1;
	assert_int_equal(
		verify_at(&r, RIG_NOW_MS, str_of(body), STAMP, SIGNATURE),
		PROVIDER_VERIFY_REFUSED);
	rig_close(&r);
}

static void test_tolerance_is_configured(void **unused)
{
	struct rig r = rig_open(
		"smsgate", NULL, "signing_key: " KEY "\ntolerance_s: 10\n");

	(void)unused;
	assert_int_equal(
		verify_at(&r, RIG_NOW_MS + 10000, STR(BODY), STAMP, SIGNATURE),
		PROVIDER_VERIFY_OK);
	assert_int_equal(
		verify_at(&r, RIG_NOW_MS + 11000, STR(BODY), STAMP, SIGNATURE),
		PROVIDER_VERIFY_REFUSED);
	rig_close(&r);
}

static void test_needs_a_guard(void **unused)
{
	struct rig open =
		rig_open("smsgate", NULL, "url: http://127.0.0.1:1\n");
	struct rig token =
		rig_open("smsgate", "0123456789abcdef0123456789abcdef",
			"url: http://127.0.0.1:1\n");
	struct rig shorter = rig_open("smsgate", NULL, "signing_key: abc\n");

	(void)unused;
	assert_int_equal(open.rc, -1);
	assert_int_equal(token.rc, 0);
	assert_int_equal(shorter.rc, -1);
	rig_close(&open);
	rig_close(&token);
	rig_close(&shorter);
}

static void test_received(void **unused)
{
	struct rig r = open_signed();
	struct provider_inbound in = rig_parse(&r, rig_post(STR(BODY)));

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 1);
	rig_same(r.a, in.v->provider_id, "Ey6ECgOkVVFjz3CL48B8C");
	rig_same(r.a, in.v->event_id, "abc123");
	rig_same(r.a, in.v->from, "+84912345678");
	rig_same(r.a, in.v->text, "GIA LUA");
	assert_null(in.v->to.p);
	assert_int_equal(in.v->sent_at, RIG_NOW_MS);
	rig_close(&r);
}

static void test_received_variants(void **unused)
{
	static const struct {
		const char *payload, *from, *to, *text;
		int64_t sent_at;
	} t[] = {
		{"\"phoneNumber\":\"0912345678\",\"message\":\"a\"",
			"+84912345678", NULL, "a", RIG_NOW_MS},
		{"\"sender\":null,\"phoneNumber\":\"195\",\"message\":\"a\"",
			"195", NULL, "a", RIG_NOW_MS},
		{"\"sender\":\"Viettel\",\"recipient\":\"0987654321\","
		 "\"message\":\"\"",
			"Viettel", "+84987654321", "", RIG_NOW_MS},
		{"\"message\":\"no sender at all\"", "", NULL,
			"no sender at all", RIG_NOW_MS},
		{"\"sender\":\"+84912345678\",\"recipient\":null,"
		 "\"message\":\"a\",\"receivedAt\":\"2024-06-22T08:46:10Z\"",
			"+84912345678", NULL, "a", RIG_NOW_MS - 1000},
		{"\"sender\":\"+84912345678\",\"message\":\"a\","
		 "\"receivedAt\":\"yesterday\"",
			"+84912345678", NULL, "a", RIG_NOW_MS},
	};
	struct rig r = open_signed();
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str body = arena_printf(r.a,
			"{\"event\":\"sms:received\",\"id\":\"e\","
			"\"payload\":{%s}}",
			t[i].payload);
		struct provider_inbound in = rig_parse(&r, rig_post(body));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->from, t[i].from);
		rig_same(r.a, in.v->text, t[i].text);
		if (t[i].to != NULL)
			rig_same(r.a, in.v->to, t[i].to);
		else
			assert_null(in.v->to.p);
		assert_int_equal(in.v->sent_at, t[i].sent_at);
	}
	rig_close(&r);
}

static void test_other_events_are_ignored(void **unused)
{
	static const char *const events[] = {"sms:data-received",
		"mms:received", "mms:downloaded", "system:ping", "app:started",
		"to:come"};
	struct rig r = open_signed();
	struct provider_inbound in;
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct str body = arena_printf(r.a,
			"{\"event\":\"%s\",\"id\":\"e\",\"payload\":{}}",
			events[i]);

		in = rig_parse(&r, rig_post(body));
		assert_int_equal(in.event, PROVIDER_IGNORED);
		/* What a person may have written is told. */
		assert_int_equal(in.err.text[0] != '\0', i < 3);
	}
	rig_close(&r);
}

static void test_unreadable(void **unused)
{
	static const char *const bodies[] = {
		"",
		"{",
		"null",
		"[]",
		"{}",
		"hello",
		"{\"event\":1}",
		"{\"event\":\"sms:received\"}",
		RECEIVED "\"payload\":[]}",
		RECEIVED "\"payload\":{}}",
		RECEIVED "\"payload\":{\"message\":{}}}",
		"{\"event\":\"a\",\"event\":\"sms:received\"}",
	};
	struct rig r = open_signed();
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, bodies[i]);

		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_string_not_equal(in.err.text, "");
	}
	rig_close(&r);
}

/* Every prefix of a good body is refused, none of them crashes. */
static void test_truncated(void **unused)
{
	struct rig r = open_signed();
	size_t n;

	(void)unused;
	for (n = 0; n < sizeof(BODY) - 1; n++)
		assert_int_equal(
			rig_parse(&r, rig_post(str_part(STR(BODY), 0, n)))
				.event,
			PROVIDER_UNREADABLE);
	rig_close(&r);
}

/* Whatever one byte becomes: a message as it should be, or a clear refusal. */
static void test_damaged(void **unused)
{
	static const char damage[] = {
		'\0', '"', '\\', '{', '}', ',', '9', '\xff'};
	struct rig r = open_signed();
	char body[] = BODY;
	size_t i, k;

	(void)unused;
	for (i = 0; i < sizeof(body) - 1; i++) {
		const char was = body[i];

		for (k = 0; k < sizeof(damage); k++) {
			struct provider_inbound in;

			body[i] = damage[k];
			in = rig_parse(&r,
				rig_post((struct str){body, sizeof(body) - 1}));
			if (in.event == PROVIDER_UNREADABLE)
				assert_string_not_equal(in.err.text, "");
			else if (in.event == PROVIDER_MESSAGES)
				assert_true(in.v->provider_id.n > 0 &&
					    str_is_utf8(in.v->text));
		}
		body[i] = was;
	}
	rig_close(&r);
}

/* What is no character, raw or escaped, costs itself and not the text. */
static void test_bad_text_is_kept(void **unused)
{
#define MARK "\xEF\xBF\xBD"
	static const struct {
		const char *json, *text;
	} cases[] = {
		{"HOP \xff 35", "HOP " MARK " 35"},
		{"HOP \\u0000 35", "HOP " MARK " 35"},
		{"HOP \\uD83d", "HOP " MARK},
		{"\\ude00 35", MARK " 35"},
		{"\\ud83d\\ud83d\\ude00", MARK "\xF0\x9F\x98\x80"},
		{"\\ude00\\\\u0000\xff\\n", MARK "\\u0000" MARK "\n"},
	};
	struct rig r = open_signed();

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char body[160];
		struct provider_inbound in;

		snprintf(body, sizeof(body),
			RECEIVED "\"payload\":{\"sender\":\"0912345678\","
				 "\"message\":\"%s\"}}",
			cases[i].json);
		in = rig_parse_z(&r, body);
		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->text, cases[i].text);
	}
	rig_close(&r);
#undef MARK
}

static void test_without_id(void **unused)
{
	static const char body[] =
		"{\"event\":\"sms:received\",\"payload\":{\"sender\":"
		"\"0912345678\",\"message\":\"a\",\"receivedAt\":"
		"\"2024-06-22T08:46:10Z\"}}";
	struct rig r = open_signed();
	struct provider_inbound one = rig_parse_z(&r, body);
	struct provider_inbound two = rig_parse_z(&r, body);

	(void)unused;
	assert_int_equal(one.v->provider_id.n, 64);
	assert_true(str_eq(one.v->provider_id, two.v->provider_id));
	rig_close(&r);
}

static const struct provider_outgoing outgoing = {
	.id = 7,
	.id_text = {"b1-7", 4},
	.to = {"+84912345678", 12},
	.text = {"MG07 5/11: \"TS47\"", 17},
	.valid_s = 3600,
};

static void test_build(void **unused)
{
	struct rig r = open_signed();
	struct provider_call call = rig_build(&r, outgoing);

	(void)unused;
	assert_string_equal(call.method, "POST");
	rig_same(r.a, call.url, "http://127.0.0.1:9101/messages");
	rig_same(r.a, call.content_type, "application/json");
	rig_same(r.a, call.username, "u");
	rig_same(r.a, call.password, "p");
	rig_same(r.a, call.body,
		"{\"id\":\"b1-7\",\"textMessage\":"
		"{\"text\":\"MG07 5/11: \\\"TS47\\\"\"},"
		"\"phoneNumbers\":[\"+84912345678\"],\"ttl\":3600,"
		"\"withDeliveryReport\":true}");
	rig_close(&r);
}

static void test_build_variants(void **unused)
{
	struct rig r = rig_open("smsgate", NULL,
		"signing_key: " KEY "\nurl: https://h/3rdparty/v1\n"
		"sim_number: 2\n");
	struct rig deaf = rig_open("smsgate", NULL, "signing_key: " KEY "\n");
	struct provider_outgoing o = outgoing;
	struct provider_call call;
	struct err err;

	(void)unused;
	o.to = STR("195");
	o.valid_s = 0;
	call = rig_build(&r, o);
	rig_same(r.a, call.url,
		"https://h/3rdparty/v1/messages?skipPhoneValidation=true");
	assert_true(str_find(call.body, STR("\"simNumber\":2"), 0) > 0);
	assert_true(str_find(call.body, STR("ttl"), 0) < 0);
	assert_true(provider_can_send(r.p, r.state));
	assert_false(provider_can_send(deaf.p, deaf.state));
	assert_int_equal(
		deaf.p->build_send(deaf.state, &o, deaf.a, &call, &err), -1);
	rig_close(&r);
	rig_close(&deaf);
}

static void test_verdicts(void **unused)
{
	static const struct {
		int status;
		enum provider_verdict_kind want;
		int64_t retry_s;
		const char *body, *retry, *ref;
	} t[] = {
		{202, PROVIDER_OK, -1,
			"{\"id\":\"b1-7\",\"state\":\"Pending\"}", NULL,
			"b1-7"},
		/* who says that is not the phone */
		{202, PROVIDER_UNKNOWN, -1, "not json", NULL, NULL},
		{202, PROVIDER_UNKNOWN, -1, "{\"state\":\"Failed\"}", NULL,
			NULL},
		{200, PROVIDER_UNKNOWN, -1, "", NULL, NULL},
		{409, PROVIDER_OK, -1, "{\"message\":\"exists\"}", NULL, NULL},
		{400, PROVIDER_PERMANENT, -1, "{\"message\":\"bad number\"}",
			NULL, NULL},
		{401, PROVIDER_TEMPORARY, -1, "", NULL, NULL},
		{403, PROVIDER_TEMPORARY, -1, "", NULL, NULL},
		{429, PROVIDER_THROTTLED, 17, "", "17", NULL},
		{503, PROVIDER_THROTTLED, 60, "",
			"Sat, 22 Jun 2024 08:47:11 GMT", NULL},
		{503, PROVIDER_THROTTLED, 0, "",
			"Sat, 22 Jun 2024 08:00:00 GMT", NULL},
		{503, PROVIDER_THROTTLED, -1, "", "in a while", NULL},
		{503, PROVIDER_THROTTLED, 86400, "", "99999999999", NULL},
		{500, PROVIDER_TEMPORARY, -1, "", NULL, NULL},
		{504, PROVIDER_UNKNOWN, -1, "", NULL, NULL},
		{302, PROVIDER_TEMPORARY, -1, "", NULL, NULL},
		{0, PROVIDER_UNKNOWN, -1, "", NULL, NULL},
	};
	struct rig r = open_signed();
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, t[i].retry);

		assert_int_equal(v.kind, t[i].want);
		assert_int_equal(v.retry_after_s, t[i].retry_s);
		assert_true(v.why.n > 0 && v.why.n < 300);
		if (t[i].ref != NULL)
			rig_same(r.a, v.ref, t[i].ref);
		else
			assert_null(v.ref.p);
	}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_verify_changed_byte),
		cmocka_unit_test(test_tolerance_is_configured),
		cmocka_unit_test(test_needs_a_guard),
		cmocka_unit_test(test_received),
		cmocka_unit_test(test_received_variants),
		cmocka_unit_test(test_other_events_are_ignored),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_bad_text_is_kept),
		cmocka_unit_test(test_without_id),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_variants),
		cmocka_unit_test(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
