/*
 * Texts to Twilio: the form of a send, the verdict of each answer, and what
 * its reports say.
 */
#include "gateway/base/form.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define SID "AC0123456789abcdef0123456789abcdef"
#define SERVICE "MG0123456789abcdef0123456789abcdef"
#define SECRET "fedcba9876543210fedcba9876543210"
#define ACCOUNT                                                                \
	"url: http://127.0.0.1:9102/\naccount_sid: " SID                       \
	"\nauth_token: " SECRET "\n"
#define REPORT "https://sms.example.vn/dlr/tw/" TOKEN "?o=o7.1a"

static struct rig open_with(const char *more)
{
	struct buf yaml;
	struct rig r;

	buf_init(&yaml, 4096);
	buf_putf(&yaml, "%s%s", ACCOUNT, more);
	r = rig_open("twilio", TOKEN, buf_z(&yaml));
	assert_int_equal(r.rc, 0);
	buf_release(&yaml);
	return r;
}

static struct provider_outgoing outgoing(const char *text)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("o7.1a"),
		.to = STR("+84900000007"),
		.text = str_of(text),
	};
}

static void test_build(void **unused)
{
	static const struct {
		const char *yaml, *text, *report;
		int64_t valid_s;
		const char *want;
	} t[] = {
		{"sender: '+12025550123'\n", "Da nhan: MG07 & 5/11", REPORT, 0,
			"To=%2B84900000007&From=%2B12025550123"
			"&Body=Da%20nhan%3A%20MG07%20%26%205%2F11"
			"&StatusCallback=https%3A%2F%2Fsms.example.vn%2Fdlr"
			"%2Ftw%2F" TOKEN "%3Fo%3Do7.1a"},
		/* Twilio chooses the alphabet itself */
		{"sender: QLDV\n", "H\xE1\xBB\x8Dp", NULL, 60,
			"To=%2B84900000007&From=QLDV&Body=H%E1%BB%8Dp"
			"&ValidityPeriod=60"},
		{"sender: " SERVICE "\n", "x", NULL, 36000,
			"To=%2B84900000007&MessagingServiceSid=" SERVICE
			"&Body=x&ValidityPeriod=36000"},
		{"sender: '8088'\n", "", NULL, 36001,
			"To=%2B84900000007&From=8088&Body="},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = open_with(t[i].yaml);
		struct provider_outgoing o = outgoing(t[i].text);
		struct provider_call call;

		assert_true(provider_can_send(r.p, r.state));
		o.report_url = str_of(t[i].report);
		o.valid_s = t[i].valid_s;
		call = rig_build(&r, o);
		assert_string_equal(call.method, "POST");
		rig_same(r.a, call.url,
			"http://127.0.0.1:9102/2010-04-01/Accounts/" SID
			"/Messages.json");
		rig_same(r.a, call.content_type,
			"application/x-www-form-urlencoded");
		rig_same(r.a, call.username, SID);
		rig_same(r.a, call.password, SECRET);
		rig_same(r.a, call.body, t[i].want);
		rig_close(&r);
	}
}

static void test_key_and_real_address(void **unused)
{
	struct rig r = rig_open("twilio", TOKEN,
		"account_sid: " SID "\nauth_token: " SECRET
		"\nsender: QLDV\napi_key: SK1\napi_secret: s3cret\n");
	struct provider_call call = rig_build(&r, outgoing("x"));

	(void)unused;
	rig_same(r.a, call.url,
		"https://api.twilio.com/2010-04-01/Accounts/" SID
		"/Messages.json");
	rig_same(r.a, call.username, "SK1");
	rig_same(r.a, call.password, "s3cret");
	rig_close(&r);
}

static void assert_refused(
	const struct rig *r, struct provider_outgoing o, const char *says)
{
	struct provider_call call;
	struct err err = {""};

	assert_int_equal(r->p->build_send(r->state, &o, r->a, &call, &err), -1);
	assert_non_null(strstr(err.text, says));
}

static void test_cannot_send(void **unused)
{
	struct rig mute = open_with("");
	struct rig r = open_with("sender: QLDV\n");
	struct provider_outgoing o = outgoing("x");
	struct buf text;

	(void)unused;
	assert_false(provider_can_send(mute.p, mute.state));
	assert_refused(&mute, o, "no sender");
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 1600; i++)
		buf_putz(&text, "\xE1\xBB\x8D");
	o.text = buf_str(&text);
	(void)rig_build(&r, o);
	buf_putz(&text, "x");
	o.text = buf_str(&text);
	assert_refused(&r, o, "1601 characters");
	buf_release(&text);
	rig_close(&mute);
	rig_close(&r);
}

static const struct {
	int status;
	enum provider_verdict_kind want;
	const char *body, *says, *ref;
	bool opted_out;
} answers[] = {
	{201, PROVIDER_OK,
		"{\"sid\":\"SM1\",\"status\":\"queued\",\"error_code\":null}",
		"accepted", "SM1", false},
	{200, PROVIDER_OK, "{\"sid\":\"SM1\",\"status\":\"accepted\"}",
		"accepted", "SM1", false},
	{201, PROVIDER_OK, "{\"sid\":\"SM1\"}", "accepted", "SM1", false},
	{201, PROVIDER_PERMANENT,
		"{\"sid\":\"SM1\",\"status\":\"failed\",\"error_code\":30006,"
		"\"error_message\":\"Landline\"}",
		"30006 Landline", "SM1", false},
	{201, PROVIDER_PERMANENT,
		"{\"sid\":\"SM1\",\"status\":\"undelivered\","
		"\"error_code\":21610}",
		"told Twilio to stop", "SM1", true},
	{201, PROVIDER_PERMANENT, "{\"sid\":\"SM1\",\"status\":\"canceled\"}",
		"canceled", "SM1", false},
	{200, PROVIDER_UNKNOWN, "<html>It works!</html>", "wrong url", NULL,
		false},
	{200, PROVIDER_UNKNOWN, "{\"sid\":\"SM1", "wrong url", NULL, false},
	{200, PROVIDER_UNKNOWN, "{}", "wrong url", NULL, false},
	{204, PROVIDER_UNKNOWN, "", "wrong url", NULL, false},
	{400, PROVIDER_PERMANENT,
		"{\"code\":21610,\"message\":\"Attempt to send to "
		"unsubscribed recipient\",\"status\":400}",
		"21610 Attempt to send", NULL, true},
	{400, PROVIDER_PERMANENT,
		"{\"code\":21614,\"message\":\"'To' number is not a valid "
		"mobile number\",\"status\":400}",
		"takes no texts", NULL, false},
	{400, PROVIDER_PERMANENT, "{\"code\":21211,\"message\":\"Invalid\"}",
		"answered 400: 21211 Invalid", NULL, false},
	{400, PROVIDER_TEMPORARY, "{\"code\":21609,\"message\":\"callback\"}",
		"public_url", NULL, false},
	{400, PROVIDER_PERMANENT, "no json", "no json", NULL, false},
	/* an answer that repeats a secret is read all the same */
	{201, PROVIDER_OK, "{\"sid\":\"SM1\",\"body\":\"" SECRET "\"}",
		"accepted", "SM1", false},
	{400, PROVIDER_PERMANENT, "{\"code\":21610,\"message\":\"" SECRET "\"}",
		"repeat a secret", NULL, true},
	{401, PROVIDER_TEMPORARY,
		"{\"code\":20003,\"message\":\"Authenticate\"}",
		"wrong user name", NULL, false},
	{403, PROVIDER_TEMPORARY, "", "wrong user name", NULL, false},
	{404, PROVIDER_TEMPORARY, "{\"code\":20404}", "wrong url", NULL, false},
	{429, PROVIDER_THROTTLED,
		"{\"code\":20429,\"message\":\"Too Many Requests\"}",
		"too many requests", NULL, false},
	{429, PROVIDER_THROTTLED, "", "429", NULL, false},
	{400, PROVIDER_THROTTLED, "{\"code\":20429}", "20429", NULL, false},
	{500, PROVIDER_TEMPORARY, "{\"code\":20500,\"message\":\"oops\"}",
		"20500 oops", NULL, false},
	{503, PROVIDER_THROTTLED, "", "503", NULL, false},
	{504, PROVIDER_UNKNOWN, "", "504", NULL, false},
	{302, PROVIDER_TEMPORARY, "{\"code\":21610}", "redirect", NULL, false},
	{0, PROVIDER_UNKNOWN, "", "no answer", NULL, false},
};

static void test_verdicts(void **unused)
{
	struct rig r = open_with("sender: QLDV\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, answers[i].status, answers[i].body, "9");

		assert_int_equal(v.kind, answers[i].want);
		assert_non_null(strstr(
			arena_z(r.a, arena_str(r.a, v.why)), answers[i].says));
		if (answers[i].ref != NULL)
			rig_same(r.a, v.ref, answers[i].ref);
		else
			assert_int_equal(v.ref.n, 0);
		assert_int_equal(v.opted_out, answers[i].opted_out);
		assert_int_equal(v.retry_after_s, 9);
	}
	rig_close(&r);
}

static void test_secrets_are_not_quoted(void **unused)
{
	struct rig r =
		open_with("sender: QLDV\napi_key: SK1\napi_secret: s3cret\n");
	static const char *const body[] = {
		"{\"code\":1,\"message\":\"" SECRET "\"}", "wrong: s3cret"};

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct provider_verdict v = rig_answer(&r, 400, body[i], NULL);

		assert_int_equal(v.kind, PROVIDER_PERMANENT);
		assert_true(str_find(v.why, STR(SECRET), 0) < 0);
		assert_true(str_find(v.why, STR("s3cret"), 0) < 0);
		assert_true(str_find(v.why, STR("400"), 0) >= 0);
	}
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

static void test_reports(void **unused)
{
	static const struct {
		const char *form, *said;
		enum provider_report_state state;
	} t[] = {
		{"MessageStatus=accepted", "accepted", PROVIDER_REPORT_QUEUED},
		{"MessageStatus=queued", "queued", PROVIDER_REPORT_QUEUED},
		{"MessageStatus=sending", "sending", PROVIDER_REPORT_QUEUED},
		{"MessageStatus=scheduled", "scheduled",
			PROVIDER_REPORT_QUEUED},
		{"MessageStatus=sent&SmsStatus=sent", "sent",
			PROVIDER_REPORT_SENT},
		{"MessageStatus=delivered&ErrorCode=", "delivered",
			PROVIDER_REPORT_DELIVERED},
		{"MessageStatus=read", "read", PROVIDER_REPORT_DELIVERED},
		{"MessageStatus=failed&ErrorCode=30008", "failed, error 30008",
			PROVIDER_REPORT_FAILED},
		{"MessageStatus=undelivered&ErrorCode=30003",
			"undelivered, error 30003", PROVIDER_REPORT_FAILED},
		{"MessageStatus=canceled", "canceled", PROVIDER_REPORT_FAILED},
		{"MessageStatus=failed&ErrorCode=30036", "failed, error 30036",
			PROVIDER_REPORT_EXPIRED},
		{"MessageStatus=failed&ErrorCode=21610", "failed, error 21610",
			PROVIDER_REPORT_OPTED_OUT},
		{"MessageStatus=sent&ErrorCode=30036", "sent, error 30036",
			PROVIDER_REPORT_SENT},
		/* an older name; and what nobody knows */
		{"SmsStatus=delivered", "delivered", PROVIDER_REPORT_DELIVERED},
		{"MessageStatus=partially_delivered", "partially_delivered",
			PROVIDER_REPORT_UNKNOWN},
		{"MessageStatus=DELIVERED", "DELIVERED",
			PROVIDER_REPORT_UNKNOWN},
	};
	struct rig r = open_with("");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str form = arena_printf(r.a,
			"MessageSid=SM1&To=%%2B84900000007&From=QLDV&%s"
			"&ApiVersion=2010-04-01",
			t[i].form);
		struct provider_inbound in =
			report(&r, "o=o7%3A1a", arena_z(r.a, form));

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		rig_same(r.a, in.reports->own, "o7:1a");
		rig_same(r.a, in.reports->ref, "SM1");
		rig_same(r.a, in.reports->to, "+84900000007");
		assert_int_equal(in.reports->state, t[i].state);
		rig_same(r.a, in.reports->said, t[i].said);
		assert_int_equal(in.reports->part, 0);
		rig_same(r.a, r.p->answer(r.state, &in, r.a).body,
			"<Response/>");
	}
	rig_close(&r);
}

/* A callback address of the console's has no `o`; a text may come anywhere. */
static void test_report_without_our_id(void **unused)
{
	struct rig r = open_with("");
	struct provider_inbound in =
		report(&r, "", "SmsSid=SM1&MessageStatus=sent");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports->own.n, 0);
	rig_same(r.a, in.reports->ref, "SM1");
	assert_int_equal(report(&r, "o=%", "MessageStatus=sent").event,
		PROVIDER_UNREADABLE);
	assert_int_equal(
		report(&r, "o=7", "MessageSid=SM1&Body=x&From=8088").event,
		PROVIDER_MESSAGES);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_key_and_real_address),
		cmocka_unit_test(test_cannot_send),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_secrets_are_not_quoted),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_report_without_our_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
