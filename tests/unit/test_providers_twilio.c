/*
 * Twilio's callbacks: signatures over address and form, texts, reports.
 * The vectors are those that Twilio's own documents and libraries print.
 */
#include "gateway/base/digest.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define ACCOUNT                                                                \
	"account_sid: AC0123456789abcdef0123456789abcdef\n"                    \
	"auth_token: '12345'\n"
#define URL "https://mycompany.com/myapp.php?foo=1&bar=2"
#define CALL                                                                   \
	"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234"          \
	"&From=%2B14158675309&To=%2B18005551212"
#define FORM_TYPE "application/x-www-form-urlencoded"

static struct rig open_plain(void)
{
	struct rig r = rig_open("twilio", TOKEN, ACCOUNT);

	assert_int_equal(r.rc, 0);
	return r;
}

struct call {
	const char *url, *type, *body, *signature;
};

static enum provider_verify verify(const struct rig *r, const struct call *c)
{
	const struct provider_header h[] = {
		{STR("content-type"), str_of(c->type)},
		{STR("x-twilio-signature"), str_of(c->signature)},
	};
	struct provider_request q = rig_post(str_of(c->body));
	ptrdiff_t mark;

	q.url = str_of(c->url);
	mark = str_find_byte(q.url, '?', 0);
	q.query = mark < 0 ? STR("") : str_from(q.url, (size_t)mark + 1);
	q.headers = c->type != NULL ? h : h + 1;
	q.headers_n = (size_t)(c->type != NULL) + (c->signature != NULL);
	return r->p->verify(r->state, &q);
}

#define JSON "{\"property\": \"value\", \"boolean\": true}"
#define JSON_SHA                                                               \
	"0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
#define SIGNED "RSOYDt4T1cUTdK1PDd93/VVr8B8="
#define TWICE "IK+Dwps556ElfBT0I3Rgjkr1wJU="
#define BY_BODY "a9nBmqA0ju/hNViExpshrM61xv4="

static void test_vectors(void **unused)
{
	static const struct call t[] = {
		/* providers.md §8, and in any order, whatever the type says */
		{URL, FORM_TYPE, CALL, SIGNED},
		{URL, FORM_TYPE "; charset=UTF-8", CALL, " " SIGNED " "},
		{URL, NULL, CALL, SIGNED},
		{URL, FORM_TYPE,
			"To=%2b18005551212&From=%2B14158675309&Digits=1234"
			"&Caller=%2B14158675309&CallSid=CA1234567890ABCDE&",
			SIGNED},
		/* values are sorted, and each counts once */
		{URL, FORM_TYPE,
			"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234"
			"&Digits=1234",
			TWICE},
		{URL, FORM_TYPE,
			"Digits=1234&SidAccount=AC123&Digits=5678&Sid=CA123",
			TWICE},
		/* the port may be said or not */
		{"https://mycompany.com:443/myapp.php?foo=1&bar=2", FORM_TYPE,
			CALL, SIGNED},
		{"https://mycompany.com:8443/myapp.php?foo=1&bar=2", FORM_TYPE,
			CALL, SIGNED},
		/* no form: the body by its digest in the query */
		{URL "&bodySHA256=" JSON_SHA, "application/json", JSON,
			BY_BODY},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(verify(&r, &t[i]), PROVIDER_VERIFY_OK);
	rig_close(&r);
}

static void test_forgeries(void **unused)
{
	static const struct call t[] = {
		{URL, FORM_TYPE, CALL, NULL},
		{URL, FORM_TYPE, CALL, ""},
		{URL, FORM_TYPE, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B9="},
		{URL, FORM_TYPE, CALL, "rsoydt4t1cutdk1pdd93/vvr8b8="},
		{URL, FORM_TYPE, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8"},
		{URL, FORM_TYPE, CALL "&Body=x", SIGNED},
		{URL, FORM_TYPE, "CallSid=CA1234567890ABCDE", SIGNED},
		{URL, FORM_TYPE, "", SIGNED},
		{URL, FORM_TYPE, CALL "&x=%", SIGNED},
		{URL, FORM_TYPE, CALL "%4", SIGNED},
		/* another address: scheme, host, path, query */
		{"http://mycompany.com/myapp.php?foo=1&bar=2", FORM_TYPE, CALL,
			SIGNED},
		{"https://mycompany.org/myapp.php?foo=1&bar=2", FORM_TYPE, CALL,
			SIGNED},
		{"https://mycompany.com/myapp?foo=1&bar=2", FORM_TYPE, CALL,
			SIGNED},
		{"https://mycompany.com/myapp.php?bar=2&foo=1", FORM_TYPE, CALL,
			SIGNED},
		{"https://mycompany.com/myapp.php", FORM_TYPE, CALL, SIGNED},
		{"", FORM_TYPE, CALL, SIGNED},
		/* a body that is not the one */
		{URL "&bodySHA256=" JSON_SHA, "application/json",
			"{\"property\": \"value\", \"boolean\": false}",
			BY_BODY},
		{URL "&bodySHA256=" JSON_SHA, "application/json", "", BY_BODY},
		{URL, "application/json", JSON, BY_BODY},
		{URL "&bodySHA256=", "application/json", JSON, BY_BODY},
		{URL, "application/json", CALL, SIGNED},
		{URL "&bodySHA256=" JSON_SHA, FORM_TYPE, JSON, BY_BODY},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(verify(&r, &t[i]), PROVIDER_VERIFY_REFUSED);
	rig_close(&r);
}

/* The address as Twilio knows it, and as public_url writes it. */
static void test_ports(void **unused)
{
	static const struct {
		const char *signed_url, *url;
		bool ok;
	} t[] = {
		{"https://h/in/t", "https://h/in/t", true},
		{"https://h:443/in/t", "https://h/in/t", true},
		{"https://h/in/t", "https://h:443/in/t", true},
		{"https://h:443/in/t", "https://h:443/in/t", true},
		{"https://h:8443/in/t", "https://h:8443/in/t", true},
		{"https://h/in/t", "https://h:8443/in/t", true},
		{"https://h:8443/in/t", "https://h/in/t", false},
		{"http://h:80/in/t", "http://h/in/t", true},
		{"http://h:443/in/t", "http://h/in/t", false},
		{"https://[::1]:443/in/t", "https://[::1]/in/t", true},
		{"https://[::1]/in/t", "https://[::1]:443/in/t", true},
		{"https://h:443?o=o7%3A1a", "https://h?o=o7%3A1a", true},
		{"https://h?o=o7%3A1a", "https://h?o=o7:1a", false},
		{"https://h/dlr?o=1:2", "https://h/dlr?o=1:2", true},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct str parts[] = {
			str_of(t[i].signed_url), STR("Body"), STR("x")};
		const struct digest d =
			digest_hmac(DIGEST_SHA1, STR("12345"), parts, 3);
		const struct str raw = {(const char *)d.b, d.n};
		const struct call c = {t[i].url, FORM_TYPE, "Body=x",
			arena_z(r.a, digest_base64(raw, r.a))};

		assert_int_equal(verify(&r, &c) == PROVIDER_VERIFY_OK, t[i].ok);
	}
	rig_close(&r);
}

static void test_guards(void **unused)
{
	static const struct {
		const char *token, *yaml, *says;
	} t[] = {
		{NULL, ACCOUNT, NULL}, /* signed, so it needs no token */
		{TOKEN, ACCOUNT "sender: '+12025550123'\n", NULL},
		{TOKEN, ACCOUNT "sender: '8088'\n", NULL},
		{TOKEN, ACCOUNT "sender: QLDV Ban\n", NULL},
		{TOKEN, ACCOUNT "sender: MG0123456789abcdef0123456789abcdef\n",
			NULL},
		{TOKEN, ACCOUNT "api_key: SK1\napi_secret: s\n", NULL},
		{TOKEN, "auth_token: '12345'\n", "account_sid"},
		{TOKEN, "account_sid: AC1\n", "auth_token"},
		/* anybody can sign with nothing */
		{NULL, "account_sid: AC1\nauth_token: ''\n", "auth_token"},
		{TOKEN, "account_sid: SK123\nauth_token: '1'\n", "account_sid"},
		{TOKEN, "account_sid: AC\nauth_token: '1'\n", "account_sid"},
		{TOKEN, "account_sid: AC/..\nauth_token: '1'\n", "account_sid"},
		{TOKEN, ACCOUNT "sender: Chi bo Muong Gion\n", "sender"},
		{TOKEN, ACCOUNT "sender: '+84 900'\n", "sender"},
		{TOKEN, ACCOUNT "sender: '#1'\n", "sender"},
		{TOKEN, ACCOUNT "url: here\n", "url"},
		{TOKEN, ACCOUNT "api_key: SK1\n", "api_secret"},
		{TOKEN, ACCOUNT "api_secret: s\n", "api_key"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("twilio", t[i].token, t[i].yaml);
		struct buf b;

		buf_init(&b, 4096);
		diags_print(r.d, &b);
		assert_int_equal(r.rc, t[i].says == NULL ? 0 : -1);
		if (t[i].says != NULL)
			assert_non_null(strstr(buf_z(&b), t[i].says));
		buf_release(&b);
		rig_close(&r);
	}
}

static void test_what_check_is_told(void **unused)
{
	struct rig r = open_plain();

	(void)unused;
	assert_true(r.p->is_proven(r.state, false));
	assert_true(r.p->is_proven(r.state, true));
	assert_true(r.p->signs_url(r.state));
	assert_true(provider_takes_reports(r.p, r.state));
	assert_false(provider_takes_our_id(r.p, r.state));
	assert_false(provider_can_send(r.p, r.state)); /* from whom? */
	rig_close(&r);
}

#define TEXT                                                                   \
	"ToCountry=US&SmsMessageSid=SM1&NumMedia=0&SmsSid=SM1"                 \
	"&SmsStatus=received&To=%2B12025550123&NumSegments=1"                  \
	"&MessageSid=SM1&AccountSid=AC1&From=%2B84900000007"                   \
	"&ApiVersion=2010-04-01&Body="

/* The same bytes are the same text: its Sid is what repeats are known by. */
static void test_text(void **unused)
{
	struct rig r = open_plain();

	(void)unused;
	for (int i = 0; i < 2; i++) {
		struct provider_inbound in =
			rig_parse_z(&r, TEXT "HOP+MG07+5%2F11");
		struct provider_answer answer = r.p->answer(r.state, &in, r.a);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.n, 1);
		rig_same(r.a, in.v->provider_id, "SM1");
		rig_same(r.a, in.v->from, "+84900000007");
		rig_same(r.a, in.v->to, "+12025550123");
		rig_same(r.a, in.v->text, "HOP MG07 5/11");
		assert_int_equal(in.v->sent_at, RIG_NOW_MS);
		assert_int_equal(in.v->part_total, 0);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.content_type, "text/xml");
		rig_same(r.a, answer.body, "<Response/>");
	}
	rig_close(&r);
}

/* Advanced opt-out knows words that our rules do not. */
static void test_opt_out_type(void **unused)
{
	static const struct {
		const char *body, *means; /* NULL: as it reads */
	} t[] = {
		{"MessageSid=SM6&From=1&Body=REVOKE&OptOutType=STOP", "STOP"},
		{"MessageSid=SM6&From=1&Body=UNSTOP&OptOutType=START", NULL},
		{"MessageSid=SM6&From=1&Body=INFO&OptOutType=HELP", NULL},
		{"MessageSid=SM6&From=1&Body=REVOKE&OptOutType=", NULL},
		{"MessageSid=SM6&From=1&Body=REVOKE", NULL},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		if (t[i].means == NULL)
			assert_null(in.v->means.p);
		else
			rig_same(r.a, in.v->means, t[i].means);
	}
	rig_close(&r);
}

static void test_texts(void **unused)
{
	static const struct {
		const char *form, *from, *id, *text;
	} t[] = {
		/* UTF-8 always, whatever travelled: GSM-7 or UCS-2 */
		{TEXT "%C3%A0%C3%A8%C3%A9%C3%AC%C3%B2%C3%B9", "+84900000007",
			"SM1",
			"\xC3\xA0\xC3\xA8\xC3\xA9\xC3\xAC\xC3\xB2\xC3\xB9"},
		{TEXT "H%E1%BB%8Dp+%F0%9F%98%80", "+84900000007", "SM1",
			"H\xE1\xBB\x8Dp \xF0\x9F\x98\x80"},
		{TEXT "caf%E9%00", "+84900000007", "SM1",
			"caf\xEF\xBF\xBD\xEF\xBF\xBD"},
		{TEXT, "+84900000007", "SM1", ""},
		{"SmsStatus=received&MessageSid=MM1&From=8088&NumMedia=1"
		 "&MediaUrl0=x",
			"8088", "MM1", ""},
		/* older names, and fields to come */
		{"SmsSid=SM2&From=Viettel&Body=x&New=1", "Viettel", "SM2", "x"},
		{"SmsMessageSid=SM3&From=+84900000007&Body=x", "+84900000007",
			"SM3", "x"},
		{"MessageSid=SM4&Body=x", "", "SM4", "x"},
		{"MessageSid=SM4&From=&Body=x&SmsStatus=received", "", "SM4",
			"x"},
		{"MessageSid=SM5&From=QLDV-TB&Body=x", "QLDV-TB", "SM5", "x"},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].form);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->from, t[i].from);
		rig_same(r.a, in.v->provider_id, t[i].id);
		rig_same(r.a, in.v->text, t[i].text);
	}
	rig_close(&r);
}

/* Twilio joins parts before it calls: one text, however many NumSegments. */
static void test_long_and_huge(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 20);
	buf_putz(&b, "NumSegments=5&" TEXT);
	for (int i = 0; i < 300; i++)
		buf_putz(&b, "%E1%BB%8D");
	in = rig_parse_z(&r, buf_z(&b));
	assert_int_equal(in.n, 1);
	assert_int_equal(in.v->text.n, 900);
	assert_int_equal(in.v->part_total, 0);
	for (int i = 0; i < 60000; i++)
		buf_putz(&b, "%E1%BB%8D");
	in = rig_parse_z(&r, buf_z(&b));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(str_is_utf8(in.v->text));
	buf_release(&b);
	rig_close(&r);
}

static void test_other_events(void **unused)
{
	static const struct {
		const char *body;
		enum provider_event event;
	} t[] = {
		{CALL, PROVIDER_IGNORED},
		{"", PROVIDER_IGNORED},
		{"EventType=onMessageAdded", PROVIDER_IGNORED},
		{"Body=x%", PROVIDER_UNREADABLE},
		{"Body=x%4", PROVIDER_UNREADABLE},
		{"MessageStatus=sent", PROVIDER_UNREADABLE},
	};
	static const struct provider_header json = {
		STR("Content-Type"), STR("application/json")};
	struct rig r = open_plain();
	struct provider_request q = rig_post(STR("{\"Body\":\"x\"}"));
	struct provider_inbound in;

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		in = rig_parse_z(&r, t[i].body);
		assert_int_equal(in.event, t[i].event);
		if (in.event == PROVIDER_UNREADABLE)
			assert_true(in.err.text[0] != '\0');
	}
	q.headers = &json;
	q.headers_n = 1;
	assert_int_equal(rig_parse(&r, q).event, PROVIDER_IGNORED);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_forgeries),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_what_check_is_told),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_opt_out_type),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_and_huge),
		cmocka_unit_test(test_other_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
