/*
 * Texts to Jasmin: the form of a send in either alphabet, and the verdict of
 * each answer.
 */
#include "gateway/base/form.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define LOGIN "url: http://127.0.0.1:1401/\nusername: u&1\npassword: 'p+ %q'\n"
#define START "username=u%261&password=p%2B%20%25q&to=84900000007"
#define REPORT "https://sms.example.vn/dlr/smsc/" TOKEN "?o=o7.1a"

static struct rig open_with(const char *more)
{
	struct buf yaml;
	struct rig r;

	buf_init(&yaml, 4096);
	buf_putf(&yaml, "%s%s", LOGIN, more);
	r = rig_open("jasmin", TOKEN, buf_z(&yaml));
	assert_int_equal(r.rc, 0);
	buf_release(&yaml);
	return r;
}

static struct provider_outgoing outgoing(const char *text, bool ucs2)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("o7.1a"),
		.to = STR("+84900000007"),
		.text = str_of(text),
		.ucs2 = ucs2,
		.segments = 1,
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
			"&coding=0&content=Da%20nhan%3A%20MG07%20%26%205%2F11"
			"&dlr=no"},
		/* Jasmin maps UTF-8 to GSM 03.38 itself */
		{"", "\xC3\xA0 @", false,
			"&coding=0&content=%C3%A0%20%40&dlr=no"},
		{"", "H\xE1\xBB\x8Dp", true,
			"&coding=8&hex-content=00481ecd0070&dlr=no"},
		{"", "Hi \xE2\x98\xBA", true,
			"&coding=8&hex-content=004800690020263a&dlr=no"},
		{"", "\xF0\x9F\x98\x80", true,
			"&coding=8&hex-content=d83dde00&dlr=no"},
		{"", "", false, "&coding=0&content=&dlr=no"},
		{"priority: 2\ntags: 'a,b'\n", "x", false,
			"&coding=0&content=x&priority=2&tags=a%2Cb&dlr=no"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = open_with(t[i].yaml);
		struct provider_call call =
			rig_build(&r, outgoing(t[i].text, t[i].ucs2));

		assert_true(provider_can_send(r.p, r.state));
		assert_string_equal(call.method, "POST");
		rig_same(r.a, call.url, "http://127.0.0.1:1401/send");
		rig_same(r.a, call.content_type,
			"application/x-www-form-urlencoded");
		assert_null(call.username.p);
		assert_true(str_starts(call.body, STR(START)));
		rig_same(
			r.a, str_from(call.body, sizeof(START) - 1), t[i].want);
		rig_close(&r);
	}
}

static void test_sender_and_validity(void **unused)
{
	static const struct {
		int64_t valid_s;
		const char *from, *sent_from, *minutes;
	} t[] = {
		{1, "8088", "8088", "1"},
		{59, "+84901234567", "84901234567", "1"},
		{3600, "QLDV", "QLDV", "60"},
		{INT64_C(1) << 40, "8088", "8088", "10080"},
		{0, NULL, NULL, NULL},
	};
	struct rig r = open_with("");
	struct form f;

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_outgoing o = outgoing("x", false);

		o.from = str_of(t[i].from);
		o.valid_s = t[i].valid_s;
		assert_int_equal(form_parse(r.a, rig_build(&r, o).body, &f), 0);
		if (t[i].from == NULL) {
			assert_null(form_get(&f, STR("from")).p);
			assert_null(form_get(&f, STR("validity-period")).p);
			continue;
		}
		rig_same(r.a, form_get(&f, STR("from")), t[i].sent_from);
		rig_same(r.a, form_get(&f, STR("validity-period")),
			t[i].minutes);
	}
	rig_close(&r);
}

static void test_report_url(void **unused)
{
	static const struct {
		const char *yaml, *url, *level;
	} t[] = {
		{"", REPORT, "3"},
		{"dlr_level: 2\n", REPORT, "2"},
		{"dlr_level: 0\n", REPORT, NULL},
		{"", NULL, NULL},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_outgoing o = outgoing("x", false);
		struct rig r = open_with(t[i].yaml);
		struct form f;

		o.report_url = str_of(t[i].url);
		assert_int_equal(form_parse(r.a, rig_build(&r, o).body, &f), 0);
		if (t[i].level != NULL) {
			rig_same(r.a, form_get(&f, STR("dlr")), "yes");
			rig_same(r.a, form_get(&f, STR("dlr-url")), REPORT);
			rig_same(r.a, form_get(&f, STR("dlr-method")), "POST");
			rig_same(r.a, form_get(&f, STR("dlr-level")),
				t[i].level);
		} else {
			rig_same(r.a, form_get(&f, STR("dlr")), "no");
			assert_null(form_get(&f, STR("dlr-url")).p);
			assert_null(form_get(&f, STR("dlr-level")).p);
		}
		rig_close(&r);
	}
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
	struct rig mute = rig_open("jasmin", TOKEN, "dlr_level: 1\n");
	struct rig r = open_with("max_parts: 3\n");
	struct provider_outgoing o = outgoing("x", false);
	struct buf text;

	(void)unused;
	assert_false(provider_can_send(mute.p, mute.state));
	assert_refused(&mute, o, "no url");
	o.segments = 3;
	(void)rig_build(&r, o);
	o.segments = 4; /* Jasmin would cut it off, and say nothing */
	assert_refused(&r, o, "max_parts");
	o.segments = 1;
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 30000; i++)
		buf_putz(&text, "%%%");
	o.text = buf_str(&text);
	assert_refused(&r, o, "60000 bytes");
	buf_release(&text);
	rig_close(&mute);
	rig_close(&r);
}

static const struct {
	int status;
	enum provider_verdict_kind want;
	const char *body, *says, *ref;
} answers[] = {
	{200, PROVIDER_OK, "Success \"07033084-5cfd-4812\"", "accepted",
		"07033084-5cfd-4812"},
	{200, PROVIDER_OK, " Success \"x\"\n", "accepted", "x"},
	{200, PROVIDER_UNKNOWN, "Success \"\"", "wrong url", NULL},
	{200, PROVIDER_UNKNOWN, "Success", "wrong url", NULL},
	{200, PROVIDER_UNKNOWN, "Success \"07033", "wrong url", NULL},
	{200, PROVIDER_UNKNOWN, "<html>It works!</html>", "wrong url", NULL},
	{200, PROVIDER_UNKNOWN, "", "wrong url", NULL},
	{200, PROVIDER_TEMPORARY, "Error \"None\"", "an error in it", NULL},
	{400, PROVIDER_PERMANENT,
		"Error \"Argument [to] has an invalid value: [abc].\"",
		"Argument [to]", NULL},
	{403, PROVIDER_TEMPORARY,
		"Error \"Authentication failure for username:u\"",
		"wrong user name", NULL},
	{403, PROVIDER_TEMPORARY,
		"Error \"Cannot charge submit_sm, check RouterPB log "
		"file for details\"",
		"no credit", NULL},
	{403, PROVIDER_THROTTLED, "Error \"User throughput exceeded\"",
		"faster than", NULL},
	{404, PROVIDER_TEMPORARY, "No Such Resource", "wrong url", NULL},
	{412, PROVIDER_PERMANENT, "Error \"No route found\"", "No route found",
		NULL},
	{412, PROVIDER_TEMPORARY,
		"Error \"Failover route has no bound connectors\"",
		"no bound connectors", NULL},
	{429, PROVIDER_THROTTLED, "", "429", NULL},
	{500, PROVIDER_TEMPORARY,
		"Error \"Cannot send submit_sm, check "
		"SMPPClientManagerPB log file for details\"",
		"Cannot send", NULL},
	{503, PROVIDER_TEMPORARY, "Error \"InterceptorPB not set !\"",
		"InterceptorPB", NULL},
	{504, PROVIDER_UNKNOWN, "", "504", NULL},
	{302, PROVIDER_TEMPORARY, "", "redirect", NULL},
	{0, PROVIDER_UNKNOWN, "", "no answer", NULL},
};

static void test_verdicts(void **unused)
{
	struct rig r = open_with("");

	(void)unused;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct provider_verdict v = rig_answer(
			&r, answers[i].status, answers[i].body, NULL);

		assert_int_equal(v.kind, answers[i].want);
		assert_non_null(strstr(
			arena_z(r.a, arena_str(r.a, v.why)), answers[i].says));
		if (answers[i].ref != NULL)
			rig_same(r.a, v.ref, answers[i].ref);
		else
			assert_int_equal(v.ref.n, 0);
		assert_false(v.opted_out);
	}
	assert_int_equal(
		rig_answer(&r, 403, "Error \"User throughput exceeded\"", "7")
			.retry_after_s,
		7);
	rig_close(&r);
}

static void test_password_is_not_quoted(void **unused)
{
	static const char *const body[] = {
		"Error \"password=p%2B%20%25q\"",
		"wrong password: p+ %q",
	};
	struct rig r = open_with("");

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_sender_and_validity),
		cmocka_unit_test(test_report_url),
		cmocka_unit_test(test_cannot_send),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_password_is_not_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
