/*
 * Texts to eSMS: the request of a send, and the verdict of every CodeResult
 * that providers.md §3.4 names.
 */
#include "gateway/base/jdoc.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define API "apikey-1234567"
#define SECRET "secretkey-1234567"
#define KEYS "api_key: " API "\nsecret_key: " SECRET "\n"
#define REPORT "https://sms.example.vn/dlr/es/" TOKEN "?o=o7.1a"
#define LONG                                                                   \
	"mot hai ba bon nam sau bay tam chin muoi mot hai ba bon nam sau bay " \
	"tam chin muoi mot hai ba bon nam sau bay tam chin muoi mot hai ba "   \
	"bon nam sau bay tam chin muoi mot hai ba bon nam sau bay tam chin"

static struct rig open_channel(const char *yaml)
{
	struct buf b;
	struct rig r;

	buf_init(&b, 4096);
	buf_putf(&b, KEYS "%s", yaml);
	r = rig_open("esms", TOKEN, buf_z(&b));
	assert_int_equal(r.rc, 0);
	buf_release(&b);
	return r;
}

static struct provider_outgoing outgoing(const char *text, bool ucs2)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("o7.1a"),
		.to = STR("+84912345678"),
		.text = str_of(text),
		.ucs2 = ucs2,
		.report_url = STR(REPORT),
	};
}

static void test_build(void **unused)
{
	struct rig r = open_channel("brandname: XaMuong\n");
	struct provider_call call = rig_build(&r, outgoing("Da nhan", false));

	(void)unused;
	assert_true(provider_can_send(r.p, r.state));
	assert_string_equal(call.method, "POST");
	rig_same(r.a, call.url,
		"https://rest.esms.vn/MainService.svc/json/"
		"SendMultipleMessage_V4_post_json/");
	rig_same(r.a, call.content_type, "application/json");
	assert_null(call.username.p);
	rig_same(r.a, call.body,
		"{\"ApiKey\":\"" API "\",\"SecretKey\":\"" SECRET "\","
		"\"Phone\":\"84912345678\",\"Content\":\"Da nhan\","
		"\"SmsType\":\"2\",\"Brandname\":\"XaMuong\","
		"\"IsUnicode\":\"0\",\"Unicode\":\"0\",\"Sandbox\":\"0\","
		"\"RequestId\":\"o7.1a\",\"CallbackUrl\":\"" REPORT
		"&k=c38409b3a5264b36196d0a74be7a62f1\"}");
	rig_close(&r);
}

static void test_build_variants(void **unused)
{
	static const struct {
		const char *yaml, *text;
		bool ucs2;
		const char *path, *want;
	} t[] = {
		{"sms_type: 8\n", "a", false, "SmsType", "8"},
		{"sms_type: 1\nbrandname: A\n", "a", false, "SmsType", "1"},
		{"sms_type: 8\n", "a", false, "Brandname", "8041"},
		{"brandname: A\n", "a", false, "Brandname", "A"},
		{"brandname: A\n", "", false, "Content", ""},
		{"brandname: A\n", LONG, false, "Content", LONG},
		{"brandname: A\n", "H\xE1\xBB\x8Dp", true, "IsUnicode", "1"},
		{"brandname: A\n", "H\xE1\xBB\x8Dp", true, "Unicode", "1"},
		{"brandname: A\n", "H\xE1\xBB\x8Dp", true, "Content",
			"H\xE1\xBB\x8Dp"},
		/* in GSM-7, and with diacritics all the same */
		{"brandname: A\n", "v\xC3\xA0", false, "IsUnicode", "1"},
		{"brandname: A\nsandbox: true\n", "a", false, "Sandbox", "1"},
		{"brandname: A\ncampaign: bao cao\n", "a", false, "campaignid",
			"bao cao"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = open_channel(t[i].yaml);
		struct provider_outgoing o = outgoing(t[i].text, t[i].ucs2);
		struct jdoc *doc;

		o.from = STR("8041");
		doc = jdoc_parse(rig_build(&r, o).body, NULL);
		assert_non_null(doc);
		rig_same(r.a, jdoc_str(jdoc_at(doc, t[i].path)), t[i].want);
		jdoc_free(doc);
		rig_close(&r);
	}
}

static void test_url_and_reports(void **unused)
{
	struct rig r =
		open_channel("sms_type: 8\nurl: http://127.0.0.1:9103//\n");
	struct rig mute = rig_open("esms", TOKEN, "sms_type: 2\n");
	struct provider_outgoing o = outgoing("a", false);
	struct provider_call call;
	struct err err = {""};

	(void)unused;
	o.report_url = (struct str){NULL, 0};
	call = rig_build(&r, o);
	assert_true(str_starts(
		call.url, STR("http://127.0.0.1:9103/MainService.svc/")));
	assert_true(str_find(call.body, STR("CallbackUrl"), 0) < 0);
	assert_true(str_find(call.body, STR("Brandname"), 0) < 0);
	assert_false(provider_can_send(mute.p, mute.state));
	assert_int_equal(
		mute.p->build_send(mute.state, &o, mute.a, &call, &err), -1);
	assert_string_not_equal(err.text, "");
	rig_close(&mute);
	rig_close(&r);
}

#define CODE(code) "{\"CodeResult\":\"" code "\",\"ErrorMessage\":\"e\"}"

static void test_codes(void **unused)
{
	static const struct {
		const char *body;
		enum provider_verdict_kind want;
		const char *ref, *says;
	} t[] = {
		{"{\"CodeResult\":\"100\",\"CountRegenerate\":0,"
		 "\"SMSID\":\"S1\"}",
			PROVIDER_OK, "S1", "code 100: accepted"},
		{"{\"CodeResult\":100,\"SMSID\":17}", PROVIDER_OK, "17",
			"accepted"},
		{CODE("100"), PROVIDER_OK, NULL, "accepted"},
		{CODE("99"), PROVIDER_PERMANENT, NULL, "blocked (e)"},
		{CODE("101"), PROVIDER_TEMPORARY, NULL, "wrong api_key"},
		{CODE("103"), PROVIDER_TEMPORARY, NULL, "no balance"},
		{CODE("104"), PROVIDER_TEMPORARY, NULL, "no such brandname"},
		{CODE("108"), PROVIDER_PERMANENT, NULL, "no such number"},
		{CODE("118"), PROVIDER_TEMPORARY, NULL, "wrong sms_type"},
		{CODE("120"), PROVIDER_PERMANENT, NULL, "too many"},
		{CODE("124"), PROVIDER_OK, NULL, "has this text already"},
		{"{\"CodeResult\":\"124\",\"SMSID\":\"S1\"}", PROVIDER_OK, "S1",
			"has this text already"},
		{CODE("140"), PROVIDER_TEMPORARY, NULL, "our address"},
		{CODE("146"), PROVIDER_PERMANENT, NULL, "template"},
		{CODE("177"), PROVIDER_PERMANENT, NULL, "this network"},
		{CODE("999"), PROVIDER_PERMANENT, NULL, "code 999: refused"},
		/* not eSMS */
		{"", PROVIDER_UNKNOWN, NULL, "wrong url"},
		{"<html>log in", PROVIDER_UNKNOWN, NULL, "wrong url"},
		{"{}", PROVIDER_UNKNOWN, NULL, "wrong url"},
		{"[]", PROVIDER_UNKNOWN, NULL, "wrong url"},
		{"{\"CodeResult\":null}", PROVIDER_UNKNOWN, NULL, "wrong url"},
		{"{\"CodeResult\":\"10", PROVIDER_UNKNOWN, NULL, "wrong url"},
	};
	struct rig r = open_channel("brandname: A\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, 200, t[i].body, NULL);

		assert_int_equal(v.kind, t[i].want);
		assert_false(v.opted_out);
		assert_true(str_find(v.why, str_of(t[i].says), 0) >= 0);
		if (t[i].ref != NULL)
			rig_same(r.a, v.ref, t[i].ref);
		else
			assert_null(v.ref.p);
	}
	rig_close(&r);
}

static void test_http(void **unused)
{
	static const struct {
		int status;
		enum provider_verdict_kind want;
		const char *retry;
		int64_t retry_s;
	} t[] = {
		{0, PROVIDER_UNKNOWN, NULL, -1},
		{302, PROVIDER_TEMPORARY, NULL, -1},
		{400, PROVIDER_PERMANENT, NULL, -1},
		{401, PROVIDER_TEMPORARY, NULL, -1},
		{404, PROVIDER_TEMPORARY, NULL, -1},
		{429, PROVIDER_THROTTLED, "17", 17},
		{500, PROVIDER_TEMPORARY, NULL, -1},
		{503, PROVIDER_THROTTLED, NULL, -1},
		{504, PROVIDER_UNKNOWN, NULL, -1},
	};
	struct rig r = open_channel("brandname: A\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, "", t[i].retry);

		assert_int_equal(v.kind, t[i].want);
		assert_int_equal(v.retry_after_s, t[i].retry_s);
	}
	rig_close(&r);
}

/* An answer that quotes the request gives our keys to nobody. */
static void test_keys_are_not_quoted(void **unused)
{
	static const char *const body[] = {
		"{\"CodeResult\":\"101\",\"ErrorMessage\":\"no " SECRET "\"}",
		"{\"CodeResult\":\"101\",\"ErrorMessage\":\"no " API "\"}",
		"<p>{\"SecretKey\":\"" SECRET "\"}</p>",
		"<p>{\"ApiKey\":\"" API "\"}</p>",
	};
	struct rig r = open_channel("brandname: A\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(body) / sizeof(body[0]); i++)
		for (int status = 200; status <= 500; status += 100) {
			struct provider_verdict v =
				rig_answer(&r, status, body[i], NULL);

			assert_true(str_find(v.why, STR("key-123"), 0) < 0);
			assert_true(v.why.n > 0);
		}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_variants),
		cmocka_unit_test(test_url_and_reports),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_http),
		cmocka_unit_test(test_keys_are_not_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
