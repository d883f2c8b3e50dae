/*
 * Texts to Infobip: the request of a send, the verdict of its answer, and the
 * reports that come back.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define LOGIN                                                                  \
	"url: https://x.api.infobip.com/\napi_key: secret-key\n"               \
	"sender: BANTIN\n"
#define REPORT "https://sms.example.vn/dlr/ib/" TOKEN

static struct provider_outgoing outgoing(const char *text)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("m7:reply:0.1a"),
		.to = STR("+84900000007"),
		.from = STR("+84900000001"),
		.text = str_of(text),
	};
}

static void test_build(void **unused)
{
	struct rig r = rig_open("infobip", TOKEN, LOGIN);
	struct provider_outgoing o = outgoing("H\xE1\xBB\x8Dp \"5/11\"");
	struct provider_call call;

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_true(provider_can_send(r.p, r.state));
	assert_true(provider_takes_our_id(r.p, r.state));
	assert_true(provider_takes_reports(r.p, r.state));
	o.report_url = STR(REPORT "?o=m7%3Areply%3A0.1a");
	o.valid_s = 3600;
	call = rig_build(&r, o);
	assert_string_equal(call.method, "POST");
	rig_same(r.a, call.url, "https://x.api.infobip.com/sms/3/messages");
	rig_same(r.a, call.content_type, "application/json");
	assert_int_equal(call.headers_n, 1);
	rig_same(r.a, call.headers[0].name, "Authorization");
	rig_same(r.a, call.headers[0].value, "App secret-key");
	assert_null(call.username.p);
	rig_same(r.a, call.body,
		"{\"messages\":[{\"sender\":\"BANTIN\",\"destinations\":[{"
		"\"to\":\"84900000007\",\"messageId\":\"m7:reply:0.1a\"}],"
		"\"content\":{\"text\":\"H\xE1\xBB\x8Dp \\\"5/11\\\"\"},"
		"\"options\":{\"validityPeriod\":{\"amount\":60,"
		"\"timeUnit\":\"MINUTES\"}},"
		"\"webhooks\":{\"delivery\":{\"url\":\"" REPORT
		"\"},\"contentType\":\"application/json\"}}]}");
	rig_close(&r);
}

/* Basic; no report asked for; the channel's number as the sender. */
static void test_build_plain(void **unused)
{
	struct rig r = rig_open("infobip", TOKEN,
		"url: http://h\nusername: u\npassword: p\nsender: '8088'\n"
		"report_by: profile\n");
	struct provider_outgoing o = outgoing("x");
	struct provider_call call;

	(void)unused;
	o.report_url = STR(REPORT);
	call = rig_build(&r, o);
	rig_same(r.a, call.url, "http://h/sms/3/messages");
	assert_int_equal(call.headers_n, 0);
	rig_same(r.a, call.username, "u");
	rig_same(r.a, call.password, "p");
	rig_same(r.a, call.body,
		"{\"messages\":[{\"sender\":\"8088\",\"destinations\":[{"
		"\"to\":\"84900000007\",\"messageId\":\"m7:reply:0.1a\"}],"
		"\"content\":{\"text\":\"x\"}}]}");
	rig_close(&r);
	r = rig_open("infobip", TOKEN, "url: http://h\napi_key: k\n");
	assert_int_equal(r.rc, -1); /* neither a sender nor a number */
	r.channel.numbers = (struct option_list){&STR("+84900000001"), 1};
	assert_int_equal(r.p->open(r.state, &r.channel, r.a, r.d), 0);
	call = rig_build(&r, outgoing("x"));
	assert_true(
		str_find(call.body, STR("\"sender\":\"84900000001\""), 0) > 0);
	rig_close(&r);
}

static void test_validity(void **unused)
{
	static const struct {
		int64_t valid_s;
		const char *want;
	} t[] = {{1, "\"amount\":1,"}, {60, "\"amount\":1,"},
		{7200, "\"amount\":120,"}, {172800, "\"amount\":2880,"},
		{INT64_C(1) << 40, "\"amount\":2880,"}};
	struct rig r = rig_open("infobip", TOKEN, LOGIN);
	struct provider_outgoing o = outgoing("x");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		o.valid_s = t[i].valid_s;
		assert_true(str_find(rig_build(&r, o).body, str_of(t[i].want),
				    0) > 0);
	}
	rig_close(&r);
}

static void test_cannot_send(void **unused)
{
	struct rig r = rig_open("infobip", TOKEN, "report_by: text\n");
	struct provider_outgoing o = outgoing("x");
	struct provider_call call;
	struct err err = {""};

	(void)unused;
	assert_false(provider_can_send(r.p, r.state));
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	assert_true(err.text[0] != '\0');
	rig_close(&r);
}

/* 200 with a status inside, by its group; a rejection by its name. */
static const struct {
	const char *status;
	enum provider_verdict_kind want;
	const char *says;
} statuses[] = {
	{"\"groupId\":1,\"groupName\":\"PENDING\",\"id\":26,"
	 "\"name\":\"PENDING_ACCEPTED\",\"description\":\"Accepted\"",
		PROVIDER_OK, "accepted, 200: PENDING_ACCEPTED (Accepted)"},
	{"\"groupId\":1", PROVIDER_OK, "accepted"},
	{"\"groupId\":0", PROVIDER_OK, "accepted"},
	{"\"groupName\":\"ACCEPTED\"", PROVIDER_OK, "accepted"},
	{"\"groupId\":3,\"groupName\":\"DELIVERED\"", PROVIDER_OK, "accepted"},
	{"\"groupId\":2,\"groupName\":\"UNDELIVERABLE\"", PROVIDER_PERMANENT,
		"answered 200"},
	{"\"groupId\":4", PROVIDER_PERMANENT, "answered 200"},
	{"\"groupId\":5", PROVIDER_PERMANENT, "answered 200"},
	{"\"groupId\":5,\"name\":\"REJECTED_PREFIX_MISSING\"",
		PROVIDER_PERMANENT, "REJECTED_PREFIX_MISSING"},
	{"\"groupId\":5,\"name\":\"REJECTED_DUPLICATE_MESSAGE_ID\"",
		PROVIDER_OK, "accepted, 200: REJECTED_DUPLICATE_MESSAGE_ID"},
	{"\"groupId\":5,\"name\":\"REJECTED_SENDER\"", PROVIDER_TEMPORARY,
		"REJECTED_SENDER"},
	{"\"groupId\":5,\"name\":\"REJECTED_SOURCE\"", PROVIDER_TEMPORARY,
		"REJECTED_SOURCE"},
	{"\"groupId\":5,\"name\":\"REJECTED_NOT_ENOUGH_CREDITS\"",
		PROVIDER_TEMPORARY, "CREDITS"},
	{"\"groupId\":5,\"name\":\"REJECTED_PREPAID_PACKAGE_EXPIRED\"",
		PROVIDER_TEMPORARY, "EXPIRED"},
	{"\"groupId\":5,\"name\":\"REJECTED_ROUTE_NOT_AVAILABLE\"",
		PROVIDER_TEMPORARY, "ROUTE"},
	{"\"groupId\":5,\"name\":\"REJECTED_FLOODING_FILTER\"",
		PROVIDER_TEMPORARY, "FLOODING"},
	{"\"groupId\":5,\"name\":\"REJECTED_SYSTEM_ERROR\"", PROVIDER_TEMPORARY,
		"SYSTEM"},
	{"\"groupId\":9,\"groupName\":\"TO_COME\"", PROVIDER_UNKNOWN,
		"no status that we know"},
	{"\"groupId\":6", PROVIDER_UNKNOWN, "no status that we know"},
	{"", PROVIDER_UNKNOWN, "no status that we know"},
};

static void test_statuses(void **unused)
{
	struct rig r = rig_open("infobip", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct str body = arena_printf(r.a,
			"{\"messages\":[{\"to\":\"84900000007\","
			"\"messageId\":\"m7:reply:0.1a\",\"status\":{%s}}]}",
			statuses[i].status);
		struct provider_verdict v =
			rig_answer(&r, 200, arena_z(r.a, body), NULL);

		assert_int_equal(v.kind, statuses[i].want);
		assert_true(str_find(v.why, str_of(statuses[i].says), 0) >= 0);
		rig_same(r.a, v.ref, "m7:reply:0.1a");
		assert_false(v.opted_out);
	}
	rig_close(&r);
}

static void test_other_answers(void **unused)
{
	static const struct {
		int status;
		int retry_s;
		const char *body, *retry;
		enum provider_verdict_kind want;
		const char *says;
	} t[] = {
		{200, -1, "<html>log in", NULL, PROVIDER_UNKNOWN, "log-in"},
		{200, -1, "{\"messages\":[]}", NULL, PROVIDER_UNKNOWN,
			"without a message"},
		{200, -1, "{\"messages\":[{\"messageId\":\"m\"", NULL,
			PROVIDER_UNKNOWN, "without a message"},
		{200, -1, "{\"messages\":[7]}", NULL, PROVIDER_UNKNOWN,
			"no status"},
		{204, -1, "", NULL, PROVIDER_UNKNOWN, "204"},
		{302, -1, "", NULL, PROVIDER_TEMPORARY, "redirect"},
		{400, -1,
			"{\"requestError\":{\"serviceException\":{\"text\":"
			"\"Bad request\"}}}",
			NULL, PROVIDER_PERMANENT, "Bad request"},
		{401, -1, "Invalid login details", NULL, PROVIDER_TEMPORARY,
			"wrong user name, password or key"},
		{429, 7, "", "7", PROVIDER_THROTTLED, "429"},
		{500, -1, "", NULL, PROVIDER_TEMPORARY, "500"},
		{503, -1, "", NULL, PROVIDER_THROTTLED, "503"},
		{504, -1, "", NULL, PROVIDER_UNKNOWN, "504"},
		{0, -1, "", NULL, PROVIDER_UNKNOWN, "no answer"},
		{400, -1, "App secret-key is not known", NULL,
			PROVIDER_PERMANENT, "secret of ours"},
		{200, -1,
			"{\"messages\":[{\"status\":{\"groupId\":5,\"name\":"
			"\"R\",\"description\":\"no secret-key\"}}]}",
			NULL, PROVIDER_PERMANENT, "secret of ours"},
	};
	struct rig r = rig_open("infobip", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, t[i].retry);

		assert_int_equal(v.kind, t[i].want);
		assert_int_equal(v.retry_after_s, t[i].retry_s);
		assert_true(str_find(v.why, str_of(t[i].says), 0) >= 0);
		assert_true(str_find(v.why, STR("secret-key"), 0) < 0);
		assert_null(v.ref.p);
	}
	rig_close(&r);
}

static struct provider_inbound reports(const struct rig *r, const char *items)
{
	struct provider_request request =
		rig_post(arena_printf(r->a, "{\"results\":[%s]}", items));
	struct provider_inbound in;

	request.dlr = true;
	r->p->parse_dlr(r->state, &request, r->a, &in);
	return in;
}

static void test_reports(void **unused)
{
	static const struct {
		const char *status;
		enum provider_report_state state;
		const char *said;
	} t[] = {
		{"\"status\":{\"groupId\":0,\"groupName\":\"ACCEPTED\"}",
			PROVIDER_REPORT_QUEUED, "ACCEPTED"},
		{"\"status\":{\"groupName\":\"PENDING\",\"name\":"
		 "\"PENDING_ENROUTE\"},\"error\":{\"name\":\"NO_ERROR\"}",
			PROVIDER_REPORT_QUEUED, "PENDING_ENROUTE"},
		{"\"status\":{\"groupId\":3,\"groupName\":\"DELIVERED\","
		 "\"id\":5,\"name\":\"DELIVERED_TO_HANDSET\"}",
			PROVIDER_REPORT_DELIVERED, "DELIVERED_TO_HANDSET"},
		{"\"status\":{\"groupId\":3}", PROVIDER_REPORT_DELIVERED, "3"},
		{"\"status\":{\"groupName\":\"UNDELIVERABLE\",\"name\":"
		 "\"UNDELIVERABLE_NOT_DELIVERED\"},\"error\":{\"groupId\":1,"
		 "\"name\":\"EC_ABSENT_SUBSCRIBER\",\"permanent\":false}",
			PROVIDER_REPORT_FAILED,
			"UNDELIVERABLE_NOT_DELIVERED: EC_ABSENT_SUBSCRIBER"},
		{"\"status\":{\"groupId\":4,\"groupName\":\"EXPIRED\"}",
			PROVIDER_REPORT_EXPIRED, "EXPIRED"},
		{"\"status\":{\"groupId\":5,\"groupName\":\"REJECTED\"}",
			PROVIDER_REPORT_FAILED, "REJECTED"},
		{"\"status\":{\"groupId\":3,\"groupName\":\"TO_COME\"}",
			PROVIDER_REPORT_UNKNOWN, "TO_COME"},
		{"\"status\":{\"groupId\":-1}", PROVIDER_REPORT_UNKNOWN, "-1"},
		{"\"status\":{}", PROVIDER_REPORT_UNKNOWN, "no status"},
		{"\"status\":null", PROVIDER_REPORT_UNKNOWN, "no status"},
	};
	struct rig r = rig_open("infobip", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str item = arena_printf(r.a,
			"{\"bulkId\":\"b\",\"messageId\":\"m7:reply:0.1a\","
			"\"to\":\"84900000007\",\"sender\":\"BANTIN\","
			"\"sentAt\":\"2026-11-22T06:38:00.000+0000\","
			"\"doneAt\":\"2026-11-22T13:38:11.000+0700\","
			"\"messageCount\":2,\"mccMnc\":\"45204\",%s}",
			t[i].status);
		struct provider_inbound in = reports(&r, arena_z(r.a, item));

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		rig_same(r.a, in.reports->own, "m7:reply:0.1a");
		rig_same(r.a, in.reports->ref, "m7:reply:0.1a");
		rig_same(r.a, in.reports->to, "+84900000007");
		assert_int_equal(in.reports->state, t[i].state);
		rig_same(r.a, in.reports->said, t[i].said);
		assert_int_equal(in.reports->at_ms, INT64_C(1795329491000));
		assert_int_equal(in.reports->part, 0);
	}
	rig_close(&r);
}

/* A hundred is what Infobip sends at most by itself. */
static void test_batch_of_reports(void **unused)
{
	struct rig r = rig_open("infobip", TOKEN, LOGIN);
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 16);
	for (int i = 0; i < 100; i++)
		buf_putf(&b,
			"%s{\"messageId\":\"o%d.1a\",\"status\":{\"groupId"
			"\":%d},\"sentAt\":\"2026-11-22T06:38:11Z\"}",
			i > 0 ? "," : "", i, i % 2 != 0 ? 3 : 4);
	in = reports(&r, buf_z(&b));
	assert_int_equal(in.reports_n, 100);
	for (int i = 0; i < 100; i++) {
		struct str own = arena_printf(r.a, "o%d.1a", i);

		rig_same(r.a, in.reports[i].own, arena_z(r.a, own));
		assert_int_equal(in.reports[i].state,
			i % 2 != 0 ? PROVIDER_REPORT_DELIVERED
				   : PROVIDER_REPORT_EXPIRED);
		assert_int_equal(in.reports[i].at_ms, INT64_C(1795329491000));
		assert_null(in.reports[i].to.p);
	}
	buf_putz(&b, ",{\"status\":{\"groupId\":3}}");
	in = reports(&r, buf_z(&b));
	assert_int_equal(in.reports_n, 100);
	assert_int_equal(in.left_out, 1);
	buf_release(&b);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_plain),
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_cannot_send),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_other_answers),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_batch_of_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
