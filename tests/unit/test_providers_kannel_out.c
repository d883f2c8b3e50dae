/*
 * Texts to Kannel: the request of a send, the verdict of its answer, and the
 * reports that come back by the dlr-url.
 */
#include "gateway/base/form.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define LOGIN "url: http://127.0.0.1:13013/\nusername: u&1\npassword: 'p+ %q'\n"
#define START                                                                  \
	"http://127.0.0.1:13013/cgi-bin/sendsms?username=u%261"                \
	"&password=p%2B%20%25q"
#define REPORT "https://sms.example.vn/dlr/smsc/" TOKEN "?o=o7.1a"

static struct provider_outgoing outgoing(const char *text, bool ucs2)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("o7.1a"),
		.to = STR("+84900000007"),
		.text = str_of(text),
		.ucs2 = ucs2,
	};
}

static void test_build(void **unused)
{
	static const struct {
		const char *yaml, *text;
		bool ucs2;
		const char *want;
	} t[] = {
		{"", "Da nhan: MG07 & 5/11", false,
			"&to=%2B84900000007&coding=0&charset=UTF-8"
			"&text=Da%20nhan%3A%20MG07%20%26%205%2F11"},
		{"", "H\xE1\xBB\x8Dp", true,
			"&to=%2B84900000007&coding=2&charset=UTF-8"
			"&text=H%E1%BB%8Dp"},
		{"charset: utf-16be\n", "Hi \xE2\x98\xBA", true,
			"&to=%2B84900000007&coding=2"
			"&text=%00H%00i%00%20%26%3A"},
		{"charset: utf-16be\n", "Hi", false,
			"&to=%2B84900000007&coding=0&text=Hi"},
		{"smsc: 'vt 1'\naccount: xa\n", "", false,
			"&to=%2B84900000007&coding=0&charset=UTF-8&text="
			"&smsc=vt%201&account=xa"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct buf yaml;
		struct provider_call call;
		struct rig r;

		buf_init(&yaml, 4096);
		buf_putf(&yaml, "%s%s", LOGIN, t[i].yaml);
		r = rig_open("kannel", TOKEN, buf_z(&yaml));
		assert_int_equal(r.rc, 0);
		assert_true(provider_can_send(r.p, r.state));
		call = rig_build(&r, outgoing(t[i].text, t[i].ucs2));
		assert_string_equal(call.method, "GET");
		assert_null(call.content_type.p);
		assert_null(call.username.p);
		assert_true(str_starts(call.url, STR(START)));
		rig_same(r.a, str_from(call.url, sizeof(START) - 1), t[i].want);
		rig_close(&r);
		buf_release(&yaml);
	}
}

static void test_sender_and_validity(void **unused)
{
	static const struct {
		int64_t valid_s;
		const char *want;
	} t[] = {{1, "1"}, {59, "1"}, {60, "1"}, {3600, "60"}, {86400, "1440"},
		{INT64_C(1) << 40, "10080"}};
	struct rig r = rig_open("kannel", TOKEN, LOGIN);
	struct provider_outgoing o = outgoing("x", false);
	struct form f;

	(void)unused;
	o.from = STR("8088");
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str url;

		o.valid_s = t[i].valid_s;
		url = rig_build(&r, o).url;
		assert_int_equal(form_parse(r.a, url, &f), 0);
		rig_same(r.a, form_get(&f, STR("validity")), t[i].want);
		rig_same(r.a, form_get(&f, STR("from")), "8088");
	}
	o.valid_s = 0;
	assert_int_equal(form_parse(r.a, rig_build(&r, o).url, &f), 0);
	assert_null(form_get(&f, STR("validity")).p);
	rig_close(&r);
}

/* Kannel decodes the query once and then fills in its escapes. */
static void test_report_url(void **unused)
{
	static const struct {
		const char *yaml, *url, *mask, *want;
	} t[] = {
		{"", REPORT, "31", REPORT "&d=%d&a=%A&f=%F&p=%p&t=%T"},
		{"dlr_mask: 27\n", REPORT, "27",
			REPORT "&d=%d&a=%A&f=%F&p=%p&t=%T"},
		/* its own escapes come back as they were: %% is % */
		{"", "http://h/dlr/c/x?o=o%2B7", "31",
			"http://h/dlr/c/x?o=o%%2B7&d=%d&a=%A&f=%F&p=%p&t=%T"},
		{"callback_username: k\n"
		 "callback_password: 0123456789abcdef\n",
			"http://h/dlr/c?o=o7", "31",
			"http://k:0123456789abcdef@h/dlr/c?o=o7"
			"&d=%d&a=%A&f=%F&p=%p&t=%T"},
		{"dlr_mask: 0\n", REPORT, NULL, NULL},
		{"", NULL, NULL, NULL},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_outgoing o = outgoing("x", false);
		struct buf yaml;
		struct form f;
		struct rig r;

		buf_init(&yaml, 4096);
		buf_putf(&yaml, "%s%s", LOGIN, t[i].yaml);
		r = rig_open("kannel", TOKEN, buf_z(&yaml));
		o.report_url = str_of(t[i].url);
		assert_int_equal(form_parse(r.a, rig_build(&r, o).url, &f), 0);
		if (t[i].want != NULL) {
			rig_same(r.a, form_get(&f, STR("dlr-mask")), t[i].mask);
			rig_same(r.a, form_get(&f, STR("dlr-url")), t[i].want);
		} else {
			assert_null(form_get(&f, STR("dlr-mask")).p);
			assert_null(form_get(&f, STR("dlr-url")).p);
		}
		rig_close(&r);
		buf_release(&yaml);
	}
}

static void test_cannot_send(void **unused)
{
	struct rig mute = rig_open("kannel", TOKEN, "smsc: x\n");
	struct rig r = rig_open("kannel", TOKEN, LOGIN);
	struct provider_outgoing o = outgoing("x", false);
	struct provider_call call;
	struct err err = {""};
	struct buf text;

	(void)unused;
	assert_false(provider_can_send(mute.p, mute.state));
	assert_int_equal(
		mute.p->build_send(mute.state, &o, mute.a, &call, &err), -1);
	assert_true(err.text[0] != '\0');
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 30000; i++)
		buf_putz(&text, "%%%");
	o.text = buf_str(&text);
	err.text[0] = '\0';
	assert_int_equal(r.p->build_send(r.state, &o, r.a, &call, &err), -1);
	assert_true(err.text[0] != '\0');
	buf_release(&text);
	rig_close(&mute);
	rig_close(&r);
}

static void test_verdicts(void **unused)
{
	static const struct {
		int status;
		enum provider_verdict_kind want;
		const char *body, *says;
	} t[] = {
		{202, PROVIDER_OK, "0: Accepted for delivery", "accepted"},
		{202, PROVIDER_OK, "3: Queued for later delivery", "queued"},
		{202, PROVIDER_OK, "Sent.", "accepted"},
		{202, PROVIDER_OK, "", "accepted"},
		{200, PROVIDER_UNKNOWN, "<html>It works!</html>", "wrong url"},
		{204, PROVIDER_UNKNOWN, "", "wrong url"},
		{302, PROVIDER_TEMPORARY, "", "redirect"},
		{400, PROVIDER_PERMANENT,
			"Sender missing and no global set, rejected",
			"Sender missing"},
		{403, PROVIDER_TEMPORARY, "Authorization failed for sendsms",
			"wrong user name"},
		{403, PROVIDER_PERMANENT, "Not routable. Do not try again.",
			"no route"},
		{403, PROVIDER_PERMANENT,
			"Number(s) has/have been denied by white- and/or "
			"black-lists.",
			"403: a white or black list"},
		{404, PROVIDER_PERMANENT,
			"Number(s) has/have been denied by white- and/or "
			"black-lists.",
			"404: a white or black list"},
		{404, PROVIDER_TEMPORARY, "Unknown request.", "wrong url"},
		{415, PROVIDER_PERMANENT, "Unsupported content-type, rejected",
			"415"},
		{500, PROVIDER_TEMPORARY, "Sending failed.", "Sending failed"},
		{503, PROVIDER_TEMPORARY, "Temporal failure, try again later.",
			"Temporal failure"},
		{504, PROVIDER_UNKNOWN, "", "504"},
		{429, PROVIDER_THROTTLED, "", "429"},
		{0, PROVIDER_UNKNOWN, "", "no answer"},
	};
	struct rig r = rig_open("kannel", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, NULL);

		assert_int_equal(v.kind, t[i].want);
		assert_true(str_find(v.why, str_of(t[i].says), 0) >= 0);
		assert_null(v.ref.p);
	}
	rig_close(&r);
}

/* An error page that quotes the request gives our password to nobody. */
static void test_password_is_not_quoted(void **unused)
{
	static const char *const body[] = {
		"Bad request: GET /cgi-bin/sendsms?username=u%261"
		"&password=p%2B%20%25q&to=",
		"wrong password: p+ %q",
	};
	struct rig r = rig_open("kannel", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct provider_verdict v = rig_answer(&r, 400, body[i], NULL);

		assert_int_equal(v.kind, PROVIDER_PERMANENT);
		assert_true(str_find(v.why, STR("p+ %q"), 0) < 0);
		assert_true(str_find(v.why, STR("p%2B"), 0) < 0);
		assert_true(str_find(v.why, STR("400"), 0) >= 0);
	}
	rig_close(&r);
}

static struct provider_inbound report(const struct rig *r, const char *query)
{
	const struct provider_request request = {
		.method = STR("GET"),
		.query = str_of(query),
		.now_ms = RIG_NOW_MS,
	};
	struct provider_inbound in;

	r->p->parse_dlr(r->state, &request, r->a, &in);
	return in;
}

static void test_reports(void **unused)
{
	static const struct {
		const char *query;
		enum provider_report_state state;
		const char *said;
	} t[] = {
		{"d=1&a=id%3A4711+stat%3ADELIVRD&f=4711",
			PROVIDER_REPORT_DELIVERED,
			"1 id:4711 stat:DELIVRD (SMSC id 4711)"},
		{"d=2&a=NACK%2F", PROVIDER_REPORT_FAILED, "2 NACK/"},
		{"d=4&a=&f=", PROVIDER_REPORT_QUEUED, "4"},
		{"d=8&a=ACK%2F&f=", PROVIDER_REPORT_SENT, "8 ACK/"},
		{"d=16", PROVIDER_REPORT_FAILED, "16"},
		{"d=32", PROVIDER_REPORT_TEMPORARY, "32"},
		{"d=64", PROVIDER_REPORT_UNKNOWN, "64"},
		{"d=0", PROVIDER_REPORT_UNKNOWN, "0"},
		{"d=-1", PROVIDER_REPORT_UNKNOWN, "-1"},
		{"d=%25d", PROVIDER_REPORT_UNKNOWN, "%d"},
		{"d=1%00", PROVIDER_REPORT_UNKNOWN,
			"1"
			"\xEF\xBF\xBD"},
		{"d=123456789012345", PROVIDER_REPORT_UNKNOWN, "12345678"},
	};
	struct rig r = rig_open("kannel", TOKEN, LOGIN);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(r.a,
			"o=o7.1a&%s&p=%%2B84900000007&t=1795329497",
			t[i].query);
		struct provider_inbound in = report(&r, arena_z(r.a, q));

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		rig_same(r.a, in.reports->own, "o7.1a");
		assert_null(in.reports->ref.p);
		rig_same(r.a, in.reports->to, "+84900000007");
		assert_int_equal(in.reports->state, t[i].state);
		rig_same(r.a, in.reports->said, t[i].said);
		assert_int_equal(in.reports->at_ms, INT64_C(1795329497000));
		assert_int_equal(in.reports->part, 0);
		assert_int_equal(in.reports->parts, 0);
	}
	rig_close(&r);
}

static void test_bare_reports(void **unused)
{
	struct rig r = rig_open("kannel", TOKEN, LOGIN);
	struct provider_inbound in = report(&r, "o=x");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_REPORTS);
	assert_int_equal(in.reports->state, PROVIDER_REPORT_UNKNOWN);
	rig_same(r.a, in.reports->said, "nothing");
	assert_int_equal(in.reports->at_ms, 0);
	assert_int_equal(report(&r, "d=1").event, PROVIDER_UNREADABLE);
	assert_int_equal(report(&r, "o=&d=1").event, PROVIDER_UNREADABLE);
	assert_int_equal(report(&r, "").event, PROVIDER_UNREADABLE);
	assert_int_equal(report(&r, "o=x&d=%").event, PROVIDER_UNREADABLE);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_sender_and_validity),
		cmocka_unit_test(test_report_url),
		cmocka_unit_test(test_cannot_send),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_password_is_not_quoted),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_bare_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
