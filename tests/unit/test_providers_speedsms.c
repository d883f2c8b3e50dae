/*
 * SpeedSMS: one unsigned webhook for texts and reports, the request of a
 * send, and the verdict of every code that providers.md §3.5 names.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define ACCESS "access-token-1234"
#define KEY "access_token: " ACCESS "\n"
#define FFFD "\xEF\xBF\xBD"
#define MO                                                                     \
	"{\"type\":\"incoming\",\"phone\":\"84912345678\","                    \
	"\"content\":\"GIA LUA\"}"

static struct rig open_channel(void)
{
	return rig_open("speedsms", TOKEN, KEY);
}

static void test_keys_are_checked(void **unused)
{
	static const struct {
		const char *token, *yaml, *says;
	} t[] = {
		{TOKEN, "sms_type: 2\n", NULL},
		{TOKEN, KEY, NULL},
		{TOKEN, KEY "sms_type: 3\nsender: XaMuong\n", NULL},
		{NULL, KEY, "needs a token"},
		{TOKEN, KEY "sms_type: 3\n", "needs a sender"},
		{TOKEN, KEY "sms_type: 5\n", "needs a sender"},
		{TOKEN, KEY "sms_type: 9\n", "sms_type"},
		{TOKEN, "access_token: short\n", "access_token"},
		{TOKEN, KEY "sender: ''\n", "sender"},
		{TOKEN, "url: api.speedsms.vn\n", "url"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("speedsms", t[i].token, t[i].yaml);

		assert_int_equal(r.rc, t[i].says != NULL ? -1 : 0);
		if (t[i].says != NULL)
			assert_true(str_find(r.d->v[0].text, str_of(t[i].says),
					    0) >= 0);
		rig_close(&r);
	}
}

/* The token, which is checked before, is the only guard. */
static void test_nothing_is_proven(void **unused)
{
	struct rig r = open_channel();
	const struct provider_request q = rig_post(STR(MO));
	const struct provider_request get = {.method = STR("GET")};

	(void)unused;
	assert_int_equal(r.p->verify(r.state, &q), PROVIDER_VERIFY_OK);
	assert_null(r.p->is_proven);
	assert_false(provider_takes_our_id(r.p, r.state));
	assert_true(provider_takes_reports(r.p, r.state));
	assert_false(provider_takes_method(r.p, r.state, &get));
	rig_close(&r);
}

static void test_text(void **unused)
{
	static const struct {
		const char *body, *from, *text;
	} t[] = {
		{MO, "+84912345678", "GIA LUA"},
		{"{\"type\":\"sms\",\"phone\":\"0912345678\","
		 "\"content\":\"H\xE1\xBB\x8Dp 5/11\"}",
			"+84912345678", "H\xE1\xBB\x8Dp 5/11"},
		{"{\"phone\":\"84912345678\",\"content\":\"v\\u00e0 \\u1ecd\"}",
			"+84912345678", "v\xC3\xA0 \xE1\xBB\x8D"},
		{"{\"type\":\"to come\",\"phone\":84912345678,\"content\":1}",
			"+84912345678", "1"},
		{"{\"type\":\"sms\",\"phone\":\"Viettel\",\"content\":\"\"}",
			"Viettel", ""},
		{"{\"type\":\"sms\",\"phone\":\"195\",\"content\":\"\xff\"}",
			"195", FFFD},
		{"{\"type\":\"sms\",\"content\":\"from nobody\"}", "",
			"from nobody"},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.n, 1);
		rig_same(r.a, in.v->from, t[i].from);
		rig_same(r.a, in.v->text, t[i].text);
		assert_null(in.v->to.p);
		assert_int_equal(in.v->sent_at, RIG_NOW_MS);
		assert_int_equal(in.v->provider_id.n, 64);
		assert_int_equal(in.v->part_total, 0); /* joined upstream */
	}
	rig_close(&r);
}

/* Without an id: the same of one phone and minute is the same text. */
static void test_duplicates(void **unused)
{
	static const struct {
		const char *body;
		int64_t after_ms;
		bool same;
	} t[] = {
		{MO, 0, true},
		{MO, 8000, true},
		{MO, 60000, false},
		{"{\"phone\":\"0912345678\",\"content\":\"GIA LUA\"}", 0, true},
		{"{\"phone\":\"0912345679\",\"content\":\"GIA LUA\"}", 0,
			false},
		{"{\"phone\":\"0912345678\",\"content\":\"GIA LUA.\"}", 0,
			false},
	};
	struct rig r = open_channel();
	struct provider_inbound one = rig_parse_z(&r, MO);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_request q = rig_post(str_of(t[i].body));
		struct provider_inbound two;

		q.now_ms += t[i].after_ms;
		two = rig_parse(&r, q);
		assert_int_equal(str_eq(one.v->provider_id, two.v->provider_id),
			t[i].same);
	}
	rig_close(&r);
}

static void test_other_events_and_unreadable(void **unused)
{
	static const struct {
		const char *body;
		enum provider_event want;
	} t[] = {
		{"{}", PROVIDER_IGNORED},
		{"{\"type\":\"balance\",\"phone\":\"1\"}", PROVIDER_IGNORED},
		{"{\"type\":\"sms\",\"content\":{}}", PROVIDER_IGNORED},
		/* a text under another name must not go unseen */
		{"{\"type\":\"sms\",\"phone\":\"84912345678\",\"message\":"
		 "\"x\"}",
			PROVIDER_UNREADABLE},
		{"{\"phone\":\"1\",\"text\":\"x\"}", PROVIDER_UNREADABLE},
		{"{\"type\":\"news\",\"message\":\"x\"}", PROVIDER_IGNORED},
		{"", PROVIDER_UNREADABLE},
		{"{", PROVIDER_UNREADABLE},
		{"[]", PROVIDER_UNREADABLE},
		{"null", PROVIDER_UNREADABLE},
		{"hello", PROVIDER_UNREADABLE},
		{"{\"type\":\"report\",\"phone\":\"1\",\"status\":0}",
			PROVIDER_UNREADABLE},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, t[i].want);
		if (t[i].want == PROVIDER_UNREADABLE)
			assert_string_not_equal(in.err.text, "");
	}
	rig_close(&r);
}

static void test_truncated_and_huge(void **unused)
{
	struct rig r = open_channel();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	for (size_t n = 0; n < sizeof(MO) - 1; n++)
		assert_int_equal(
			rig_parse(&r, rig_post(str_part(STR(MO), 0, n))).event,
			PROVIDER_UNREADABLE);
	buf_init(&b, 1 << 20);
	buf_putz(&b, "{\"phone\":\"84912345678\",\"content\":\"");
	for (int i = 0; i < 100000; i++)
		buf_putz(&b, "\xE1\xBB\x8D");
	buf_putz(&b, "\"}");
	in = rig_parse(&r, rig_post(buf_str(&b)));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(str_is_utf8(in.v->text));
	buf_release(&b);
	rig_close(&r);
}

static void test_reports(void **unused)
{
	static const struct {
		const char *status, *said;
		enum provider_report_state state;
	} t[] = {
		{"0", "status 0, delivered", PROVIDER_REPORT_DELIVERED},
		{"\"0\"", "status 0, delivered", PROVIDER_REPORT_DELIVERED},
		{"1", "status 1, still trying", PROVIDER_REPORT_TEMPORARY},
		{"63", "status 63, still trying", PROVIDER_REPORT_TEMPORARY},
		{"64", "status 64, failed", PROVIDER_REPORT_FAILED},
		{"\"255\"", "status 255, failed", PROVIDER_REPORT_FAILED},
		{"-1", "status -1, that nobody knows", PROVIDER_REPORT_UNKNOWN},
		{"\"DELIVRD\"", "status DELIVRD, that nobody knows",
			PROVIDER_REPORT_UNKNOWN},
		{"null", "status nothing, that nobody knows",
			PROVIDER_REPORT_UNKNOWN},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		for (int dlr = 0; dlr < 2; dlr++) {
			struct provider_request q = rig_post(arena_printf(r.a,
				"{\"type\":\"report\",\"tranId\":4711,"
				"\"phone\":\"84912345678\",\"status\":%s}",
				t[i].status));
			struct provider_inbound in;

			(dlr ? r.p->parse_dlr : r.p->parse_inbound)(
				r.state, &q, r.a, &in);
			assert_int_equal(in.event, PROVIDER_REPORTS);
			assert_int_equal(in.reports_n, 1);
			rig_same(r.a, in.reports->ref, "4711");
			rig_same(r.a, in.reports->to, "+84912345678");
			rig_same(r.a, in.reports->said, t[i].said);
			assert_null(in.reports->own.p);
			assert_int_equal(in.reports->state, t[i].state);
		}
	rig_close(&r);
}

static const struct provider_outgoing outgoing = {
	.id = 7,
	.id_text = {"o7.1a", 5},
	.to = {"+84912345678", 12},
	.text = {"Da nhan \"5/11\"", 14},
};

static void test_build(void **unused)
{
	struct rig r = open_channel();
	struct provider_call call = rig_build(&r, outgoing);

	(void)unused;
	assert_true(provider_can_send(r.p, r.state));
	assert_string_equal(call.method, "POST");
	rig_same(r.a, call.url, "https://api.speedsms.vn/index.php/sms/send");
	rig_same(r.a, call.content_type, "application/json");
	rig_same(r.a, call.username, ACCESS);
	rig_same(r.a, call.password, "x");
	rig_same(r.a, call.body,
		"{\"to\":[\"84912345678\"],\"content\":\"Da nhan \\\"5/11\\\"\""
		",\"sms_type\":8,\"sender\":\"\"}");
	rig_close(&r);
}

static void test_build_variants(void **unused)
{
	struct rig r = rig_open("speedsms", TOKEN,
		KEY "url: http://127.0.0.1:9104/\nsms_type: 5\nsender: dev1\n");
	struct rig number = open_channel();
	struct rig mute = rig_open("speedsms", TOKEN, "sms_type: 2\n");
	struct provider_outgoing o = outgoing;
	struct provider_call call;
	struct err err = {""};

	(void)unused;
	o.from = STR("0900000001");
	o.to = STR("195");
	o.text = STR("v\xC3\xA0 H\xE1\xBB\x8Dp");
	call = rig_build(&r, o);
	rig_same(r.a, call.url, "http://127.0.0.1:9104/index.php/sms/send");
	rig_same(r.a, call.body,
		"{\"to\":[\"195\"],\"content\":\"v\xC3\xA0 H\xE1\xBB\x8Dp\","
		"\"sms_type\":5,\"sender\":\"dev1\"}");
	o.text = STR("");
	rig_same(r.a, rig_build(&number, o).body,
		"{\"to\":[\"195\"],\"content\":\"\",\"sms_type\":8,"
		"\"sender\":\"0900000001\"}");
	assert_false(provider_can_send(mute.p, mute.state));
	assert_int_equal(
		mute.p->build_send(mute.state, &o, mute.a, &call, &err), -1);
	assert_string_not_equal(err.text, "");
	rig_close(&mute);
	rig_close(&number);
	rig_close(&r);
}

#define ERROR(code)                                                            \
	"{\"status\":\"error\",\"code\":\"" code "\",\"message\":\"m\"}"

static const struct {
	int64_t status;
	const char *body;
	enum provider_verdict_kind want;
	const char *ref, *says;
} answers[] = {
	{200,
		"{\"status\":\"success\",\"code\":\"00\",\"data\":{"
		"\"tranId\":4711,\"totalSMS\":1,\"totalPrice\":250,"
		"\"invalidPhone\":[]}}",
		PROVIDER_OK, "4711", "accepted"},
	{200, "{\"status\":\"success\"}", PROVIDER_OK, NULL, "accepted"},
	{200,
		"{\"status\":\"success\",\"code\":\"00\",\"data\":{"
		"\"tranId\":1,\"invalidPhone\":[\"84912345678\"]}}",
		PROVIDER_PERMANENT, NULL, "number is none"},
	{200, ERROR("007"), PROVIDER_TEMPORARY, NULL, "locked out (m)"},
	{200, ERROR("008"), PROVIDER_TEMPORARY, NULL, "blocked"},
	{200, ERROR("009"), PROVIDER_TEMPORARY, NULL, "use the API"},
	{200, ERROR("101"), PROVIDER_PERMANENT, NULL, "parameters"},
	{200, ERROR("105"), PROVIDER_PERMANENT, NULL, "no such number"},
	{200, ERROR("110"), PROVIDER_PERMANENT, NULL, "letters"},
	{200, ERROR("113"), PROVIDER_PERMANENT, NULL, "too long"},
	{200, ERROR("300"), PROVIDER_TEMPORARY, NULL, "no balance"},
	{200, ERROR("500"), PROVIDER_TEMPORARY, NULL, "out of order"},
	{200, ERROR("777"), PROVIDER_PERMANENT, NULL, "refused (m)"},
	{200, "{\"status\":\"error\",\"code\":7}", PROVIDER_TEMPORARY, NULL,
		"code 7: our address"},
	{200, "{\"status\":\"error\"}", PROVIDER_PERMANENT, NULL,
		"code none: refused"},
	{400, ERROR("300"), PROVIDER_TEMPORARY, NULL, "no balance"},
	{400, "{\"status\":\"success\"}", PROVIDER_PERMANENT, NULL,
		"answered 400"},
	/* not SpeedSMS */
	{200, "", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{200, "<html>log in", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{200, "{\"status\":1}", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{200, "{\"status\":\"succ", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{0, "", PROVIDER_UNKNOWN, NULL, "no answer"},
	{302, "", PROVIDER_TEMPORARY, NULL, "redirect"},
	{401, "", PROVIDER_TEMPORARY, NULL, "401"},
	{404, "", PROVIDER_TEMPORARY, NULL, "404"},
	{500, ERROR("500"), PROVIDER_TEMPORARY, NULL, "500"},
	{503, "", PROVIDER_THROTTLED, NULL, "503"},
	{504, "", PROVIDER_UNKNOWN, NULL, "504"},
	{401, "{\"token\":\"" ACCESS "\"}", PROVIDER_TEMPORARY, NULL,
		"repeat our access_token"},
};

static void test_answers(void **unused)
{
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct provider_verdict v = rig_answer(
			&r, (int)answers[i].status, answers[i].body, NULL);

		assert_int_equal(v.kind, answers[i].want);
		assert_true(str_find(v.why, str_of(answers[i].says), 0) >= 0);
		assert_true(str_find(v.why, STR(ACCESS), 0) < 0);
		if (answers[i].ref != NULL)
			rig_same(r.a, v.ref, answers[i].ref);
		else
			assert_null(v.ref.p);
	}
	rig_close(&r);
}

static void test_rate_limit(void **unused)
{
	static const struct {
		const char *retry, *reset;
		int64_t want_s;
	} t[] = {
		{NULL, NULL, 60},
		{NULL, "17", 17},
		{NULL, " 0 ", 0},
		{NULL, "17.9", 17},
		{NULL, "1719045988", 17},    /* RIG_NOW_MS and 17 s */
		{NULL, "1719045988000", 17}, /* the same in ms */
		{NULL, "1719045971400", 1},
		{NULL, "2024-06-22T08:46:28Z", 17},
		{NULL, "1719045000", 0}, /* has been */
		{NULL, "1899045000", 86400},
		{NULL, "999999999", 86400},
		{NULL, "-5", 60},
		{NULL, "soon", 60},
		{"5", "17", 5},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_response response = {
			.status = 429,
			.retry_after = str_of(t[i].retry),
			.rate_reset = str_of(t[i].reset),
			.now_ms = RIG_NOW_MS,
		};
		struct provider_verdict v =
			r.p->parse_send_response(r.state, &response, r.a);

		assert_int_equal(v.kind, PROVIDER_THROTTLED);
		assert_int_equal(v.retry_after_s, t[i].want_s);
	}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_are_checked),
		cmocka_unit_test(test_nothing_is_proven),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_other_events_and_unreadable),
		cmocka_unit_test(test_truncated_and_huge),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_variants),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_rate_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
