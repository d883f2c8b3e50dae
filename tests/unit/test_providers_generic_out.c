/*
 * generic, the way out: templates and their escapes, verdicts, and faults of
 * a configuration shown at their place.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

#define CONTRACT                                                               \
	"inbound: {source: json, list: \"\", id: id, from: from, to: to, "     \
	"text: text, time: time}\n"                                            \
	"outbound: {method: POST, url: \"http://127.0.0.1:9100/send\", "       \
	"type: application/json,\n"                                            \
	"  body: '{\"id\":\"{id}\",\"to\":\"{to}\",\"text\":\"{text}\"}', "    \
	"accept: [200, 202], ref: id}\n"

static struct provider_outgoing outgoing(const char *to, const char *text)
{
	return (struct provider_outgoing){
		.id = 7,
		.id_text = STR("b1-7"),
		.to = str_of(to),
		.from = STR("8041"),
		.text = str_of(text),
	};
}

static void test_build(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct provider_call call =
		rig_build(&r, outgoing("+84912345678", "\"35\"\\ {to}\nọ"));

	(void)unused;
	assert_string_equal(call.method, "POST");
	rig_same(r.a, call.url, "http://127.0.0.1:9100/send");
	rig_same(r.a, call.content_type, "application/json");
	rig_same(r.a, call.body,
		"{\"id\":\"b1-7\",\"to\":\"+84912345678\","
		"\"text\":\"\\\"35\\\"\\\\ {to}\\nọ\"}");
	assert_null(call.username.p);
	assert_true(provider_can_send(r.p, r.state));
	rig_close(&r);
}

static void test_build_contexts(void **unused)
{
	static const struct {
		const char *yaml, *to, *url, *body;
	} t[] = {
		{"outbound: {method: GET, url: 'http://h/?t={to}&x={text}&"
		 "u={unicode}'}\n",
			"+84912345678",
			"http://h/?t=%2B84912345678&x=a%26b%3D%3C%22%2B&u=0",
			NULL},
		{"outbound: {url: 'http://h?n={to_national}',"
		 " type: application/x-www-form-urlencoded,"
		 " body: 'a={to_no_plus}&f={from}&t={text}'}\n",
			"+84912345678", "http://h?n=0912345678",
			"a=84912345678&f=8041&t=a%26b%3D%3C%22%2B"},
		{"outbound: {url: 'http://h/s', type: 'text/xml; "
		 "charset=utf-8',"
		 " body: '<m to=\"{to_national}\">{text}</m>'}\n",
			"+14155550100", "http://h/s",
			"<m to=\"14155550100\">a&amp;b=&lt;&quot;+</m>"},
		{"outbound: {url: 'http://h/s', type: text/plain,"
		 " body: '{id} {x} {} {text'}\n",
			"+84912345678", NULL, NULL},
		{"outbound: {url: 'http://h/s', type: text/plain,"
		 " body: '{id} {X} {} {text} {text'}\n",
			"+84912345678", "http://h/s",
			"b1-7 {X} {} a&b=<\"+ {text"},
		{"outbound: {url: 'http://h/s', body: '{\"u\":{unicode}}'}\n",
			"+84912345678", "http://h/s", "{\"u\":false}"},
	};
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("generic", NULL, t[i].yaml);
		struct provider_call call;

		assert_int_equal(r.rc, t[i].url != NULL ? 0 : -1);
		if (t[i].url != NULL) {
			call = rig_build(&r, outgoing(t[i].to, "a&b=<\"+"));
			rig_same(r.a, call.url, t[i].url);
			if (t[i].body != NULL)
				rig_same(r.a, call.body, t[i].body);
			else
				assert_null(call.content_type.p);
		}
		rig_close(&r);
	}
}

/* What is wrong, and where: line, column and a piece of the sentence. */
static void test_faults(void **unused)
{
	static const struct {
		const char *yaml;
		int line, col;
		const char *says;
	} t[] = {
		{"outbound:\n  url: http://h/?a={id}&b={wrong}\n", 2, 27,
			"{wrong}"},
		{"outbound:\n  url: http://h/\n  body: '{\"a\":\"{txt}\"}'\n",
			3, 16, "{txt}"},
		{"outbound:\n  method: GET\n  url: http://h/\n  body: x\n", 4,
			9, "GET"},
		{"outbound: {body: x}\n", 1, 11, "url"},
		{"outbound:\n  url: ftp://h/\n", 2, 8, "http://"},
		{"outbound:\n  url: 'http://{to}/'\n", 2, 8, "host"},
		{"outbound:\n  url: http://h/\n  ref: 'a[x]'\n", 3, 8,
			"no path"},
		{"inbound: {source: json, from: 'a['}\n", 1, 31, "no path"},
		{"inbound: {source: form, from: ''}\n", 1, 10, "from"},
		{"inbound: {source: yaml}\n", 1, 19, "json"},
	};
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("generic", TOKEN, t[i].yaml);

		assert_int_equal(r.rc, -1);
		assert_int_equal(r.d->n, 1);
		assert_true(
			str_find(r.d->v[0].text, str_of(t[i].says), 0) >= 0);
		assert_int_equal(r.d->v[0].line, t[i].line);
		assert_int_equal(r.d->v[0].col, t[i].col);
		rig_close(&r);
	}
}

static void test_verdicts(void **unused)
{
	static const struct {
		int status;
		enum provider_verdict_kind want;
		const char *body, *ref;
	} t[] = {
		{200, PROVIDER_OK, "{\"id\":\"p9\"}", "p9"},
		{202, PROVIDER_OK, "{\"id\":99}", "99"},
		{200, PROVIDER_OK, "<html>", NULL},
		{201, PROVIDER_UNKNOWN, "{\"id\":\"p9\"}", NULL},
		{400, PROVIDER_PERMANENT, "no", NULL},
		{401, PROVIDER_TEMPORARY, "", NULL},
		{404, PROVIDER_TEMPORARY, "", NULL},
		{429, PROVIDER_THROTTLED, "", NULL},
		{500, PROVIDER_TEMPORARY, "", NULL},
		{503, PROVIDER_THROTTLED, "", NULL},
		{504, PROVIDER_UNKNOWN, "", NULL},
		{0, PROVIDER_UNKNOWN, "", NULL},
	};
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, NULL);

		assert_int_equal(v.kind, t[i].want);
		assert_true(v.why.n > 0 && v.why.n < 300);
		if (t[i].ref != NULL)
			rig_same(r.a, v.ref, t[i].ref);
		else
			assert_null(v.ref.p);
	}
	rig_close(&r);
}

static void test_unsent(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	const struct provider_response refused = {
		.unsent = true,
		.why = STR("connection refused"),
	};
	struct provider_verdict v =
		r.p->parse_send_response(r.state, &refused, r.a);

	(void)unused;
	assert_int_equal(v.kind, PROVIDER_TEMPORARY);
	rig_same(r.a, v.why, "not reached: connection refused");
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_contexts),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_unsent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
