/*
 * generic, the way out, second half: what a body says of success, ids by path
 * and by cut, codes that are tried again, headers, every placeholder.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define URL "outbound: {url: 'http://h/', "

struct answer {
	int status;
	enum provider_verdict_kind want;
	const char *body;
	const char *ref, *why; /* ref NULL: none; why: a piece */
};

static void check_answers(const char *yaml, const struct answer *t, size_t n)
{
	struct rig r = rig_open("generic", TOKEN, yaml);

	assert_int_equal(r.rc, 0);
	for (size_t i = 0; i < n; i++) {
		struct provider_verdict v =
			rig_answer(&r, t[i].status, t[i].body, NULL);

		assert_int_equal(v.kind, t[i].want);
		assert_true(v.why.n > 0 && v.why.n < 400);
		if (str_find(v.why, str_of(t[i].why), 0) < 0)
			rig_same(r.a, v.why, t[i].why);
		if (t[i].ref != NULL)
			rig_same(r.a, v.ref, t[i].ref);
		else
			assert_int_equal(v.ref.n, 0);
	}
	rig_close(&r);
}

#define CHECK_ANSWERS(yaml, t)                                                 \
	check_answers(yaml, t, sizeof(t) / sizeof((t)[0]))

static void test_json_body(void **unused)
{
	static const struct answer t[] = {
		{200, PROVIDER_OK, "{\"m\":[{\"status\":\"0\",\"id\":\"a\"}]}",
			"a", "accepted, 200"},
		{200, PROVIDER_OK, "{\"m\":[{\"status\":0,\"id\":9}]}", "9",
			"accepted"},
		{200, PROVIDER_PERMANENT,
			"{\"m\":[{\"status\":\"9\",\"id\":\"a\","
			"\"error\":\"no\\nmoney\"}]}",
			NULL, "answered 200: no money"},
		{200, PROVIDER_PERMANENT, "{\"m\":[{\"status\":\"9\"}]}", NULL,
			"answered 200, with m[0].status 9"},
		{200, PROVIDER_TEMPORARY, "{\"m\":[{\"status\":\"1\"}]}", NULL,
			"m[0].status 1"},
		{200, PROVIDER_UNKNOWN, "{\"m\":[]}", NULL,
			"nothing at m[0].status"},
		{200, PROVIDER_UNKNOWN, "{\"m\":[{\"sta", NULL, "nothing at"},
		{200, PROVIDER_UNKNOWN, "", NULL, "nothing at"},
		{200, PROVIDER_UNKNOWN, "<html><m><status>0</status></m>", NULL,
			"nothing at"},
		{200, PROVIDER_OK, "<x><m><status>0</status><id>q</id></m></x>",
			"q", "accepted"},
		{500, PROVIDER_TEMPORARY,
			"{\"m\":[{\"status\":\"0\",\"id\":\"a\"}]}", NULL,
			"answered 500"},
		{400, PROVIDER_PERMANENT, "{\"m\":[{\"error\":\"bad to\"}]}",
			NULL, "answered 400: bad to"},
		{418, PROVIDER_TEMPORARY, "", NULL, "answered 418"},
		{429, PROVIDER_THROTTLED, "", NULL, "answered 429"},
		{0, PROVIDER_UNKNOWN, "", NULL, "no answer"},
	};

	(void)unused;
	CHECK_ANSWERS(URL "success: {path: 'm[0].status', values: ['0'], "
			  "retry: ['1', '5']}, ref: 'm[0].id', "
			  "error: 'm[0].error', retryable: [418, 429]}\n",
		t);
}

static void test_xml_body(void **unused)
{
	static const struct answer t[] = {
		{200, PROVIDER_OK,
			"<?xml version='1.0'?><r:result xmlns:r='u' code='0'>"
			"<r:id> m-1 </r:id></r:result>",
			"m-1", "accepted"},
		{200, PROVIDER_PERMANENT,
			"<result code='7'><id>m</id><text>blocked &amp; gone"
			"</text></result>",
			NULL, "answered 200: blocked & gone"},
		{200, PROVIDER_UNKNOWN,
			"<!DOCTYPE r [<!ENTITY a 'b'>]><result code='0'/>",
			NULL, "nothing at @code"},
		{200, PROVIDER_UNKNOWN, "<result code='0'", NULL, "nothing"},
	};

	(void)unused;
	CHECK_ANSWERS(URL "success: {path: '@code', values: ['0', queued]}, "
			  "ref: id, error: text}\n",
		t);
}

static void test_text_body(void **unused)
{
	static const struct answer t[] = {
		{200, PROVIDER_OK, "Success \"07033084-5cfd\"\n",
			"07033084-5cfd", "accepted"},
		{200, PROVIDER_OK, "Success \"07033084", NULL, "accepted"},
		{200, PROVIDER_PERMANENT, "Error \"no route\"", NULL,
			"without \"Success\""},
	};
	static const struct answer line[] = {
		{200, PROVIDER_OK, "OK: 17 \nmore", "17", "accepted"},
		{200, PROVIDER_OK, "OK: ", NULL, "accepted"},
		{200, PROVIDER_OK, "17", NULL, "accepted"},
	};

	(void)unused;
	CHECK_ANSWERS(URL "success: {contains: Success}, "
			  "ref_after: 'Success \"', ref_before: '\"'}\n",
		t);
	CHECK_ANSWERS(URL "ref_after: 'OK:'}\n", line);
}

static void test_password_is_not_told(void **unused)
{
	static const struct answer t[] = {
		{400, PROVIDER_PERMANENT, "{\"e\":\"not sesame-sesame\"}", NULL,
			"answered 400: its words repeat our password"},
		{400, PROVIDER_PERMANENT, "sesame-sesame", NULL,
			"(its words repeat our password)"},
		{200, PROVIDER_PERMANENT, "{\"s\":\"sesame-sesame\"}", NULL,
			"with s its words repeat our password"},
		/* It may be quoted in a success, which is one all the same. */
		{200, PROVIDER_OK, "{\"s\":0,\"by\":\"sesame-sesame\"}", NULL,
			"accepted, 200"},
	};

	(void)unused;
	CHECK_ANSWERS(URL "bearer: sesame-sesame, error: e, success: {path: s, "
			  "values: ['0']}}\n",
		t);
}

static void test_retry_after(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, URL "retryable: [420]}\n");

	(void)unused;
	assert_int_equal(rig_answer(&r, 420, "", "17").retry_after_s, 17);
	assert_int_equal(rig_answer(&r, 429, "", "18").retry_after_s, 18);
	assert_int_equal(rig_answer(&r, 420, "", "soon").retry_after_s, -1);
	rig_close(&r);
}

static void test_idempotent(void **unused)
{
	struct rig no = rig_open("generic", TOKEN, URL "}\n");
	struct rig yes = rig_open("generic", TOKEN, URL "idempotent: true}\n");

	(void)unused;
	assert_false(provider_takes_our_id(no.p, no.state));
	assert_true(provider_takes_our_id(yes.p, yes.state));
	rig_close(&no);
	rig_close(&yes);
}

static const struct provider_outgoing all = {
	.id = 7,
	.id_text = STR("db:7"),
	.to = STR("+84912345678"),
	.from = STR("8041"),
	.text = STR("họp\r\nX: y"),
	.valid_s = 3600,
	.ucs2 = true,
	.segments = 1,
	.report_url = STR("https://h/dlr/a/t?o=db%3A7"),
};

static void test_placeholders(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"dlr: {states: {A: sent}}\n"
		"outbound: {method: PUT, url: 'http://h/{id}?d={dlr_url}',\n"
		"  bearer: abc, headers: {X-Key: k1, X-Text: 'a {text} b'},\n"
		"  body: '{\"h\":\"{text_hex_utf16be}\",\"b\":\"{text_b64}\","
		"\"v\":{valid_s},\"d\":\"{dlr_url}\",\"u\":{unicode}}'}\n");
	struct provider_call call = rig_build(&r, all);

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_string_equal(call.method, "PUT");
	rig_same(r.a, call.url,
		"http://h/"
		"db%3A7?d=https%3A%2F%2Fh%2Fdlr%2Fa%2Ft%3Fo%3Ddb%253A7");
	rig_same(r.a, call.body,
		"{\"h\":\"00681ECD0070000D000A0058003A00200079\","
		"\"b\":\"aOG7jXANClg6IHk=\",\"v\":3600,"
		"\"d\":\"https://h/dlr/a/t?o=db%3A7\",\"u\":true}");
	assert_int_equal(call.headers_n, 3);
	rig_same(r.a, call.headers[0].name, "X-Key");
	rig_same(r.a, call.headers[0].value, "k1");
	rig_same(r.a, call.headers[1].value, "a họp  X: y b");
	rig_same(r.a, call.headers[2].name, "Authorization");
	rig_same(r.a, call.headers[2].value, "Bearer abc");
	rig_close(&r);
}

static void test_faults(void **unused)
{
	static const struct {
		const char *yaml;
		int line, col;
		const char *says;
	} t[] = {
		{URL "success: {path: a}}\n", 1, 39, "values"},
		{URL "success: {values: [a]}}\n", 1, 39, "path"},
		{URL "success: {retry: [a]}}\n", 1, 39, "path"},
		{URL "ref_before: a}\n", 1, 42, "ref_after"},
		{URL "headers: [a]}\n", 1, 39, "map"},
		{URL "headers: {'a b': c}}\n", 1, 40, "X-Api-Key"},
		{URL "headers: {a: [c]}}\n", 1, 43, "one value"},
		{URL "headers: {a: 'x{y}'}}\n", 1, 45, "{y}"},
		{URL "error: 'a[b]'}\n", 1, 37, "no path"},
		{URL "bearer: a}\nusername: u\n", 1, 38, "bearer"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("generic", TOKEN, t[i].yaml);

		assert_int_equal(r.rc, -1);
		assert_int_equal(r.d->n, 1);
		assert_non_null(
			strstr(arena_z(r.a, r.d->v[0].text), t[i].says));
		assert_int_equal(r.d->v[0].line, t[i].line);
		assert_int_equal(r.d->v[0].col, t[i].col);
		rig_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_body),
		cmocka_unit_test(test_xml_body),
		cmocka_unit_test(test_text_body),
		cmocka_unit_test(test_password_is_not_told),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_idempotent),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
