/*
 * Texts to Vonage: how a channel may be configured, the request of a send,
 * the verdict of its answer, and the reports that come back.
 */
#include "gateway/base/form.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define LOGIN                                                                  \
	"url: http://127.0.0.1:9102/\napi_key: k1\napi_secret: 'S+ecret 9'\n"  \
	"sender: BANTIN\n"
#define REPORT "https://sms.example.vn/dlr/vo/" TOKEN

static void test_guards(void **unused)
{
	static const struct {
		const char *token, *yaml, *says;
	} t[] = {
		{TOKEN, "tolerance_s: 60\n", NULL},
		{NULL, "signature_secret: 12345678\n", NULL},
		{NULL, "tolerance_s: 60\n", "token"},
		{TOKEN, "signature_secret: short\n", "signature_secret"},
		{TOKEN, "signature_method: md5\n", "signature_secret"},
		{NULL,
			"signature_secret: 12345678\n"
			"signature_method: sha3\n",
			"md5hash"},
		{TOKEN, "tolerance_s: 1\n", "tolerance_s"},
		{TOKEN, "api_key: k\nsender: BANTIN\n", "api_secret"},
		{TOKEN, "api_secret: s\nsender: BANTIN\n", "api_key"},
		{TOKEN, "api_key: k\napi_secret: s\n", "sender"},
		{TOKEN, "api_key: k\napi_secret: s\nsender: BANTIN\n", NULL},
		{TOKEN, "url: http://127.0.0.1:1\n", "api_key"},
		{TOKEN, "url: 127.0.0.1:1\n", "url"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("vonage", t[i].token, t[i].yaml);
		struct buf said;

		buf_init(&said, 4096);
		diags_print(r.d, &said);
		assert_int_equal(r.rc, t[i].says != NULL ? -1 : 0);
		if (t[i].says != NULL)
			assert_true(str_find(buf_str(&said), str_of(t[i].says),
					    0) >= 0);
		buf_release(&said);
		rig_close(&r);
	}
}

static struct provider_outgoing outgoing(const char *text, bool ucs2)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("m7:reply:0.1a"),
		.to = STR("+84900000007"),
		.from = STR("+84900000001"),
		.text = str_of(text),
		.ucs2 = ucs2,
	};
}

static void test_build(void **unused)
{
	static const struct {
		const char *sender, *text;
		bool ucs2;
		const char *want;
	} t[] = {
		{"sender: BANTIN\n", "Da nhan: MG07 & 5/11", false,
			"&from=BANTIN&to=84900000007&type=text"
			"&text=Da%20nhan%3A%20MG07%20%26%205%2F11"},
		{"sender: '+84900000002'\n", "H\xE1\xBB\x8Dp", true,
			"&from=84900000002&to=84900000007&type=unicode"
			"&text=H%E1%BB%8Dp"},
		/* è is in GSM 03.38 */
		{"sender: '8088'\n", "ph\xC3\xA8", false,
			"&from=8088&to=84900000007&type=text&text=ph%C3%A8"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct arena *a = arena_new(1024);
		struct str yaml = arena_printf(a,
			"url: http://h/a//\napi_key: k&1\napi_secret: 's 9'\n"
			"%s",
			t[i].sender);
		struct rig r = rig_open("vonage", TOKEN, arena_z(a, yaml));
		struct provider_call call;
		struct str want = arena_printf(a,
			"api_key=k%%261&api_secret=s%%209%s"
			"&client-ref=m7%%3Areply%%3A0.1a",
			t[i].want);

		assert_int_equal(r.rc, 0);
		assert_true(provider_can_send(r.p, r.state));
		call = rig_build(&r, outgoing(t[i].text, t[i].ucs2));
		assert_string_equal(call.method, "POST");
		rig_same(r.a, call.url, "http://h/a/sms/json");
		rig_same(r.a, call.content_type,
			"application/x-www-form-urlencoded");
		rig_same(r.a, call.body, arena_z(a, want));
		assert_null(call.username.p);
		rig_close(&r);
		arena_free(a);
	}
}

static void test_own_host_and_number(void **unused)
{
	struct rig r = rig_open("vonage", TOKEN, "api_key: k\napi_secret: s\n");
	struct provider_call call;
	struct form f;

	(void)unused;
	assert_int_equal(r.rc, -1); /* neither a sender nor a number */
	r.channel.numbers = (struct option_list){&STR("+84900000001"), 1};
	assert_int_equal(r.p->open(r.state, &r.channel, r.a, r.d), 0);
	call = rig_build(&r, outgoing("x", false));
	rig_same(r.a, call.url, "https://rest.nexmo.com/sms/json");
	assert_int_equal(form_parse(r.a, call.body, &f), 0);
	rig_same(r.a, form_get(&f, STR("from")), "84900000001");
	rig_close(&r);
}

static void test_ttl_and_report(void **unused)
{
	static const struct {
		int64_t valid_s;
		const char *ttl;
	} t[] = {{0, NULL}, {1, "20000"}, {20, "20000"}, {3600, "3600000"},
		{604800, "604800000"}, {INT64_C(1) << 40, "604800000"}};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);
	struct provider_outgoing o = outgoing("x", false);
	struct form f;

	(void)unused;
	assert_int_equal(form_parse(r.a, rig_build(&r, o).body, &f), 0);
	assert_null(form_get(&f, STR("callback")).p);
	assert_null(form_get(&f, STR("status-report-req")).p);
	o.report_url = STR(REPORT "?o=m7%3Areply%3A0.1a");
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		o.valid_s = t[i].valid_s;
		assert_int_equal(form_parse(r.a, rig_build(&r, o).body, &f), 0);
		if (t[i].ttl != NULL)
			rig_same(r.a, form_get(&f, STR("ttl")), t[i].ttl);
		else
			assert_null(form_get(&f, STR("ttl")).p);
		rig_same(r.a, form_get(&f, STR("callback")), REPORT);
		rig_same(r.a, form_get(&f, STR("status-report-req")), "1");
	}
	rig_close(&r);
}

static void test_cannot_send(void **unused)
{
	struct rig mute = rig_open("vonage", TOKEN, "tolerance_s: 60\n");
	struct rig r = rig_open("vonage", TOKEN, LOGIN);
	struct provider_outgoing o = outgoing("x", false);
	struct provider_call call;
	struct err err = {""};

	(void)unused;
	assert_false(provider_can_send(mute.p, mute.state));
	assert_int_equal(
		mute.p->build_send(mute.state, &o, mute.a, &call, &err), -1);
	assert_true(err.text[0] != '\0');
	o.id_text = STR("12345678901234567890123456789012345678901");
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	assert_non_null(strstr(err.text, "40"));
	rig_close(&mute);
	rig_close(&r);
}

/* 200 with an error inside: every status that Vonage documents. */
static void test_statuses(void **unused)
{
	static const struct {
		const char *status;
		enum provider_verdict_kind want;
		const char *says;
	} t[] = {
		{"0", PROVIDER_OK, "accepted, 1 part"},
		{"1", PROVIDER_THROTTLED, "too fast"},
		{"2", PROVIDER_PERMANENT, "missing"},
		{"3", PROVIDER_PERMANENT, "wrong"},
		{"4", PROVIDER_TEMPORARY, "api_key"},
		{"5", PROVIDER_TEMPORARY, "fault"},
		{"6", PROVIDER_PERMANENT, "status 6"},
		{"7", PROVIDER_PERMANENT, "barred"},
		{"8", PROVIDER_TEMPORARY, "account is barred"},
		{"9", PROVIDER_TEMPORARY, "credit"},
		{"10", PROVIDER_THROTTLED, "too many at once"},
		{"12", PROVIDER_PERMANENT, "too long"},
		{"14", PROVIDER_TEMPORARY, "signed"},
		{"15", PROVIDER_TEMPORARY, "sender"},
		{"22", PROVIDER_PERMANENT, "network"},
		{"29", PROVIDER_PERMANENT, "trial"},
		{"33", PROVIDER_PERMANENT, "not in use"},
		{"77", PROVIDER_PERMANENT, "status 77: refused (Words)"},
	};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str body = arena_printf(r.a,
			"{\"message-count\":\"1\",\"messages\":[{\"status\":"
			"\"%s\",\"message-id\":\"0A\",\"to\":\"84900000007\","
			"\"remaining-balance\":\"3.1\",\"network\":\"45204\","
			"\"error-text\":\"Words\"}]}",
			t[i].status);
		struct provider_verdict v =
			rig_answer(&r, 200, arena_z(r.a, body), NULL);

		assert_int_equal(v.kind, t[i].want);
		assert_true(str_find(v.why, str_of(t[i].says), 0) >= 0);
		assert_int_equal(v.ref.n, i == 0 ? 2 : 0);
		assert_false(v.opted_out);
	}
	rig_close(&r);
}

/* Each part has an id and a status of its own; ours knows the first. */
static void test_parts_of_an_answer(void **unused)
{
	static const struct {
		const char *parts;
		enum provider_verdict_kind want;
		const char *ref, *says;
	} t[] = {
		{"{\"status\":\"0\",\"message-id\":\"A\"},"
		 "{\"status\":\"0\",\"message-id\":\"B\"}",
			PROVIDER_OK, "A", "accepted, 2 parts"},
		{"{\"status\":0,\"message-id\":\"A\"}", PROVIDER_OK, "A",
			"accepted"},
		{"{\"status\":\"0\",\"message-id\":\"A\"},"
		 "{\"status\":\"1\",\"error-text\":\"Throttled\"}",
			PROVIDER_UNKNOWN, "A",
			"1 of 2 parts taken; status 1: too fast (Throttled)"},
		{"{\"status\":\"9\"},{\"status\":\"0\",\"message-id\":\"B\"}",
			PROVIDER_UNKNOWN, "B", "1 of 2 parts"},
		{"{\"status\":\"9\"},{\"status\":\"1\"}", PROVIDER_TEMPORARY,
			NULL, "0 of 2 parts taken; status 9: no credit left"},
		{"{}", PROVIDER_UNKNOWN, NULL, "0 of 1"},
		{"7", PROVIDER_UNKNOWN, NULL, "0 of 1"},
		{"", PROVIDER_UNKNOWN, NULL, "without messages"},
	};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str body =
			arena_printf(r.a, "{\"messages\":[%s]}", t[i].parts);
		struct provider_verdict v =
			rig_answer(&r, 200, arena_z(r.a, body), NULL);

		assert_int_equal(v.kind, t[i].want);
		assert_true(str_find(v.why, str_of(t[i].says), 0) >= 0);
		if (t[i].ref != NULL)
			rig_same(r.a, v.ref, t[i].ref);
		else
			assert_null(v.ref.p);
	}
	rig_close(&r);
}

static void test_other_answers(void **unused)
{
	static const struct {
		int status;
		const char *body, *retry;
		enum provider_verdict_kind want;
		int retry_s;
		const char *says;
	} t[] = {
		{200, "<html>log in", NULL, PROVIDER_UNKNOWN, -1, "log-in"},
		{200, "", NULL, PROVIDER_UNKNOWN, -1, "without messages"},
		{200, "{\"messages\":{}}", NULL, PROVIDER_UNKNOWN, -1,
			"without messages"},
		{200, "{\"messages\":[{\"status\":\"0", NULL, PROVIDER_UNKNOWN,
			-1, "without messages"},
		{204, "", NULL, PROVIDER_UNKNOWN, -1, "204"},
		{302, "", NULL, PROVIDER_TEMPORARY, -1, "redirect"},
		{400, "bad", NULL, PROVIDER_PERMANENT, -1, "bad"},
		{401, "", NULL, PROVIDER_TEMPORARY, -1, "wrong user name"},
		{429, "", "7", PROVIDER_THROTTLED, 7, "429"},
		{500, "", NULL, PROVIDER_TEMPORARY, -1, "500"},
		{503, "", NULL, PROVIDER_THROTTLED, -1, "503"},
		{504, "", NULL, PROVIDER_UNKNOWN, -1, "504"},
		{0, "", NULL, PROVIDER_UNKNOWN, -1, "no answer"},
	};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, t[i].retry);

		assert_int_equal(v.kind, t[i].want);
		assert_int_equal(v.retry_after_s, t[i].retry_s);
		assert_true(str_find(v.why, str_of(t[i].says), 0) >= 0);
		assert_null(v.ref.p);
	}
	rig_close(&r);
}

/* What quotes the request gives our secret to nobody. */
static void test_secret_is_not_quoted(void **unused)
{
	static const struct {
		int status;
		const char *body;
	} t[] = {
		{400, "Bad request: api_key=k1&api_secret=S%2Becret%209"},
		{400, "wrong secret S+ecret 9"},
		{200, "{\"messages\":[{\"status\":\"4\",\"error-text\":"
		      "\"Bad Credentials S+ecret 9\"}]}"},
		{200, "{\"messages\":[{\"status\":\"S+ecret 9\"}]}"},
	};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, NULL);

		assert_true(str_find(v.why, STR("ecret 9"), 0) < 0);
		assert_true(str_find(v.why, STR("ecret%209"), 0) < 0);
		assert_true(str_find(v.why, STR("secret of ours"), 0) >= 0);
	}
	rig_close(&r);
}

static struct provider_inbound report(const struct rig *r, const char *query)
{
	const struct provider_request request = {
		.method = STR("GET"),
		.query = str_of(query),
		.dlr = true,
		.now_ms = RIG_NOW_MS,
	};
	struct provider_inbound in;

	r->p->parse_dlr(r->state, &request, r->a, &in);
	return in;
}

static void test_reports(void **unused)
{
	static const struct {
		const char *status, *code;
		enum provider_report_state state;
		const char *said;
	} t[] = {
		{"accepted", "0", PROVIDER_REPORT_QUEUED, "accepted"},
		{"buffered", "0", PROVIDER_REPORT_QUEUED, "buffered"},
		{"delivered", "0", PROVIDER_REPORT_DELIVERED, "delivered"},
		{"Delivered", "", PROVIDER_REPORT_DELIVERED, "Delivered"},
		{"unknown", "0", PROVIDER_REPORT_TEMPORARY, "unknown"},
		{"expired", "2", PROVIDER_REPORT_EXPIRED,
			"expired: error 2, the phone is off or out of reach"},
		{"failed", "3", PROVIDER_REPORT_FAILED,
			"failed: error 3, no such subscriber"},
		{"failed", "5", PROVIDER_REPORT_FAILED,
			"failed: error 5, the number moved to another network"},
		{"rejected", "6", PROVIDER_REPORT_FAILED,
			"rejected: error 6, blocked as spam"},
		{"failed", "8", PROVIDER_REPORT_FAILED,
			"failed: error 8, fault of the network"},
		{"rejected", "11", PROVIDER_REPORT_FAILED,
			"rejected: error 11, no route to the number"},
		{"rejected", "14", PROVIDER_REPORT_FAILED,
			"rejected: error 14, blocked by the network"},
		{"rejected", "15", PROVIDER_REPORT_FAILED,
			"rejected: error 15, no credit"},
		{"failed", "99", PROVIDER_REPORT_FAILED,
			"failed: error 99, general error"},
		{"failed", "1234", PROVIDER_REPORT_FAILED,
			"failed: error 1234"},
		{"to-come", "0", PROVIDER_REPORT_UNKNOWN, "to-come"},
	};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(r.a,
			"messageId=0A&msisdn=84900000007&to=BANTIN&network-"
			"code=45204&price=0.02&scts=2611220638&status=%s"
			"&err-code=%s&message-timestamp=2026-11-22+06%%3A40%%"
			"3A00&client-ref=m7%%3Areply%%3A0.1a",
			t[i].status, t[i].code);
		struct provider_inbound in = report(&r, arena_z(r.a, q));

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		rig_same(r.a, in.reports->own, "m7:reply:0.1a");
		rig_same(r.a, in.reports->ref, "0A");
		rig_same(r.a, in.reports->to, "+84900000007");
		assert_int_equal(in.reports->state, t[i].state);
		rig_same(r.a, in.reports->said, t[i].said);
		assert_int_equal(in.reports->at_ms, INT64_C(1795329480000));
		assert_int_equal(in.reports->part, PROVIDER_PART_UNSAID);
		assert_int_equal(in.reports->parts, 0);
	}
	rig_close(&r);
}

/* A repeat is one, whenever it was pushed; another part is none. */
static void test_report_events(void **unused)
{
	static const char *const query[] = {
		"messageId=A&status=delivered&client-ref=x",
		"messageId=B&status=delivered&client-ref=x",
		"messageId=A&status=buffered&client-ref=x",
		"messageId=A&status=failed&err-code=2&client-ref=x",
	};
	struct rig r = rig_open("vonage", TOKEN, LOGIN);
	struct str event[4];

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		struct str again = arena_printf(
			r.a, "%s&message-timestamp=2026-11-22", query[i]);

		event[i] = report(&r, query[i]).reports->event;
		assert_true(event[i].n > 0);
		assert_true(str_eq(event[i],
			report(&r, arena_z(r.a, again)).reports->event));
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(event[i], event[k]));
	}
	rig_close(&r);
}

static void test_bare_reports(void **unused)
{
	struct rig r = rig_open("vonage", TOKEN, LOGIN);
	struct provider_inbound in = report(&r, "messageId=A&status=failed");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_null(in.reports->own.p);
	assert_null(in.reports->to.p);
	assert_int_equal(in.reports->at_ms, 0);
	in = report(&r, "client-ref=o7.1a&status=failed");
	assert_null(in.reports->ref.p);
	assert_null(in.reports->event.p);
	assert_int_equal(report(&r, "status=x").event, PROVIDER_UNREADABLE);
	assert_int_equal(report(&r, "").event, PROVIDER_IGNORED);
	assert_int_equal(
		report(&r, "msisdn=8088&text=x").event, PROVIDER_MESSAGES);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_own_host_and_number),
		cmocka_unit_test(test_ttl_and_report),
		cmocka_unit_test(test_cannot_send),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_parts_of_an_answer),
		cmocka_unit_test(test_other_answers),
		cmocka_unit_test(test_secret_is_not_quoted),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_report_events),
		cmocka_unit_test(test_bare_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
