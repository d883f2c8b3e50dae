/*
 * eSMS calls: texts to a short code with their sign (and the vectors of
 * providers.md §8), and delivery reports with the key of their text.
 */
#include "gateway/base/xdoc.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define KEYS "api_key: apikey-1234567\nsecret_key: secretkey-1234567\n"
#define SIGNED "private_key: secret\n"
#define SIGN "0a00eb03fda3bf8f507eb8f496d6fe36"
#define QUERY                                                                  \
	"sender=84912345678&content=GIA%20LUA&serviceNumber=8041&keyword=GIA"  \
	"&cpid=100&smsid=SMS0001&receiverTime=20250301080000"
#define SENT_MS INT64_C(1740790800000)
#define REPORT_KEY "c38409b3a5264b36196d0a74be7a62f1" /* of o7.1a */
#define FFFD "\xEF\xBF\xBD"

static struct provider_request get(const char *query, bool dlr)
{
	return (struct provider_request){
		.method = STR("GET"),
		.query = str_of(query),
		.dlr = dlr,
		.now_ms = RIG_NOW_MS,
	};
}

static enum provider_verify verify(
	const struct rig *r, const char *query, bool dlr)
{
	const struct provider_request q = get(query, dlr);

	return r->p->verify(r->state, &q);
}

static void test_keys_are_checked(void **unused)
{
	static const struct {
		const char *token, *yaml, *says;
	} t[] = {
		{TOKEN, "sms_type: 2\n", NULL},
		{TOKEN, SIGNED, NULL},
		{TOKEN, KEYS "brandname: XaMuong\n", NULL},
		{TOKEN, KEYS "sms_type: 8\n", NULL},
		{NULL, SIGNED, "needs a token"},
		{TOKEN, KEYS, "needs a brandname"},
		{TOKEN, KEYS "sms_type: 1\n", "needs a brandname"},
		{TOKEN, "api_key: apikey-1234567\n", "api_key and secret_key"},
		{TOKEN, "secret_key: secretkey-1\n", "api_key and secret_key"},
		{TOKEN, "api_key: short\nsecret_key: secretkey-1\n", "api_key"},
		{TOKEN, "private_key: short\n", "private_key"},
		{TOKEN, "sms_type: 3\n", "sms_type"},
		{TOKEN, "url: rest.esms.vn\n", "url"},
		{TOKEN, "brandname: 'A name that is far too long'\n",
			"brandname"},
		{TOKEN, "cpid: ''\n", "cpid"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("esms", t[i].token, t[i].yaml);

		assert_int_equal(r.rc, t[i].says != NULL ? -1 : 0);
		if (t[i].says != NULL)
			assert_true(str_find(r.d->v[0].text, str_of(t[i].says),
					    0) >= 0);
		rig_close(&r);
	}
}

static void test_what_is_proven(void **unused)
{
	struct rig open = rig_open("esms", TOKEN, KEYS "sms_type: 8\n");
	struct rig r = rig_open("esms", TOKEN, SIGNED);
	const struct provider_request post = {.method = STR("POST")};
	const struct provider_request q = get("", false);

	(void)unused;
	assert_false(open.p->is_proven(open.state, false));
	assert_true(r.p->is_proven(r.state, false));
	assert_false(r.p->is_proven(r.state, true));
	assert_true(provider_takes_reports(r.p, r.state));
	assert_true(provider_takes_our_id(r.p, r.state));
	assert_true(provider_takes_method(r.p, r.state, &q));
	assert_false(provider_takes_method(r.p, r.state, &post));
	assert_int_equal(verify(&open, QUERY, false), PROVIDER_VERIFY_OK);
	rig_close(&open);
	rig_close(&r);
}

/* The signs were computed by md5sum. */
static void test_sign(void **unused)
{
	static const struct {
		const char *query;
		bool passes;
	} t[] = {
		{QUERY "&sign=" SIGN, true},
		{QUERY "&sign=0A00EB03FDA3BF8F507EB8F496D6FE36", true},
		{QUERY "&sign=0a00eb03fda3bf8f507eb8f496d6fe37", false},
		{QUERY "&sign=0a00eb03fda3bf8f507eb8f496d6fe3", false},
		{QUERY "&sign=", false},
		{QUERY, false},
		{"", false},
		{"%", false},
		/* over the content as it stands in the query */
		{QUERY "&sign=5b8b0ea14739c1c0234500d368913712", true},
		{"content=GIA+LUA&cpid=100&smsid=SMS0001&receiverTime="
		 "20250301080000&sign=ac9e90f6508bf1df285d336f7815d8d1",
			true},
		/* of another pair than the one that is read */
		{"%63ontent=EVIL&content=GIA%20LUA&cpid=100&smsid=SMS0001"
		 "&receiverTime=20250301080000&sign="
		 "5b8b0ea14739c1c0234500d368913712",
			false},
		/* letters beyond ASCII, as UTF-8 */
		{"content=H%E1%BB%8Dp+5%2F11+%26+35&cpid=100&smsid=SMS0002"
		 "&receiverTime=20250301080000&sign="
		 "b68e4ce7e6c414c6c0aba130c05c719a",
			true},
		{"content=&cpid=100&smsid=SMS0003&receiverTime=20250301080000"
		 "&sign=d23d0d1cf1f60d13e2c599cf96a24a04",
			true},
		/* the same bytes, cut elsewhere */
		{"content=GIA%20LUA2&cpid=100&smsid=SMS0001&receiverTime="
		 "0250301080000&sign=" SIGN,
			false},
		{"content=1GIA%20LUA&cpid=10&smsid=0SMS000&receiverTime="
		 "20250301080000&sign=" SIGN,
			false},
	};
	struct rig r = rig_open("esms", TOKEN, SIGNED "cpid: '100'\n");

	(void)unused;
	assert_int_equal(r.rc, 0);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(verify(&r, t[i].query, false),
			t[i].passes ? PROVIDER_VERIFY_OK
				    : PROVIDER_VERIFY_REFUSED);
	rig_close(&r);
}

/* eSMS's own example: four parts and no time. */
static void test_sign_of_the_documentation(void **unused)
{
	struct rig r = rig_open("esms", TOKEN,
		"private_key: 17417a0d20114d36a902e49cad0e97f3\n");

	(void)unused;
	assert_int_equal(verify(&r,
				 "cpid=abcdef&smsid=1234&content=xyz&sign="
				 "3bce677365c1c8e8539bc6bcb76ad828",
				 false),
		PROVIDER_VERIFY_OK);
	assert_int_equal(verify(&r,
				 "cpid=abcdef&smsid=1234&content=xyZ&sign="
				 "3bce677365c1c8e8539bc6bcb76ad828",
				 false),
		PROVIDER_VERIFY_REFUSED);
	rig_close(&r);
}

static void test_text(void **unused)
{
	static const struct {
		const char *query, *id, *from, *to, *text;
		int64_t sent_at;
	} t[] = {
		{QUERY, "SMS0001", "+84912345678", "8041", "GIA LUA", SENT_MS},
		/* UTF-8 in UCS-2 and in GSM-7 letters; bytes that are neither
		 */
		{"sender=84912345678&content=H%E1%BB%8Dp+5%2F11&smsid=2", "2",
			"+84912345678", NULL, "H\xE1\xBB\x8Dp 5/11",
			RIG_NOW_MS},
		{"sender=84912345678&content=v%C3%A0+%C3%A9&smsid=3", "3",
			"+84912345678", NULL, "v\xC3\xA0 \xC3\xA9", RIG_NOW_MS},
		{"sender=84912345678&content=v%E0&smsid=4", "4", "+84912345678",
			NULL, "v" FFFD, RIG_NOW_MS},
		/* empty; names and short codes; odd times; other letters */
		{"sender=0912345678&content=&smsid=5", "5", "+84912345678",
			NULL, "", RIG_NOW_MS},
		{"sender=Viettel&content=a&smsid=6&receiverTime=2025", "6",
			"Viettel", NULL, "a", RIG_NOW_MS},
		{"Sender=195&Content=a&SmsId=7&ServiceNumber=6088", "7", "195",
			"6088", "a", RIG_NOW_MS},
	};
	struct rig r = rig_open("esms", TOKEN, SIGNED);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in =
			rig_parse(&r, get(t[i].query, false));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.n, 1);
		rig_same(r.a, in.v->provider_id, t[i].id);
		rig_same(r.a, in.v->from, t[i].from);
		rig_same(r.a, in.v->text, t[i].text);
		if (t[i].to != NULL)
			rig_same(r.a, in.v->to, t[i].to);
		assert_int_equal(in.v->sent_at, t[i].sent_at);
		assert_int_equal(in.v->part_total, 0); /* joined upstream */
	}
	rig_close(&r);
}

static void test_duplicate_has_the_same_id(void **unused)
{
	struct rig r = rig_open("esms", TOKEN, SIGNED);
	const char *const no_id = "sender=84912345678&content=a"
				  "&receiverTime=20250301080000";
	struct provider_inbound one = rig_parse(&r, get(no_id, false));
	struct provider_request later = get(no_id, false);
	struct provider_inbound two;

	(void)unused;
	later.now_ms += 86400000;
	two = rig_parse(&r, later);
	assert_int_equal(one.v->provider_id.n, 64);
	assert_true(str_eq(one.v->provider_id, two.v->provider_id));
	two = rig_parse(&r, get(QUERY, false));
	rig_same(r.a, two.v->provider_id, "SMS0001");
	rig_close(&r);
}

static void test_unreadable(void **unused)
{
	static const char *const t[] = {"", "%", "content=a",
		"sender=&content=", "sender=84912345678", "hello"};
	struct rig r = rig_open("esms", TOKEN, SIGNED);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse(&r, get(t[i], false));

		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_string_not_equal(in.err.text, "");
	}
	rig_close(&r);
}

/* Whatever is cut off, its sign no longer fits. */
static void test_truncated(void **unused)
{
	static const char whole[] = QUERY "&sign=" SIGN;
	struct rig r = rig_open("esms", TOKEN, SIGNED);

	(void)unused;
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		struct provider_request q = get("", false);

		q.query = str_part(STR(QUERY "&sign=" SIGN), 0, n);
		assert_int_equal(
			r.p->verify(r.state, &q), PROVIDER_VERIFY_REFUSED);
		(void)rig_parse(&r, q);
		q.dlr = true;
		(void)r.p->verify(r.state, &q);
	}
	rig_close(&r);
}

static void test_huge(void **unused)
{
	struct rig r = rig_open("esms", TOKEN, SIGNED);
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 20);
	buf_putz(&b, "sender=84912345678&smsid=1&content=");
	for (int i = 0; i < 100000; i++)
		buf_putz(&b, "%E1%BB%8D");
	in = rig_parse(&r, get(buf_z(&b), false));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(str_is_utf8(in.v->text));
	buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		buf_putz(&b, "a=1&");
	assert_int_equal(rig_parse(&r, get(buf_z(&b), false)).event,
		PROVIDER_UNREADABLE);
	assert_int_equal(verify(&r, buf_z(&b), false), PROVIDER_VERIFY_REFUSED);
	buf_release(&b);
	rig_close(&r);
}

static void test_answer(void **unused)
{
	struct rig r = rig_open("esms", TOKEN, SIGNED);
	struct provider_inbound in = rig_parse(&r,
		get("sender=84912345678&content=a&smsid=%3CS%26%22%01", false));
	const struct provider_inbound none = {.event = PROVIDER_MESSAGES};
	struct provider_answer answer = r.p->answer(r.state, &in, r.a);
	struct err err;

	(void)unused;
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.content_type, "text/xml; charset=utf-8");
	rig_same(r.a, answer.body,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><ClientResponse>"
		"<Message></Message><Smsid>&lt;S&amp;&quot; </Smsid>"
		"<Receiver>84912345678</Receiver></ClientResponse>");
	assert_non_null(xdoc_parse(answer.body, r.a, &err));
	answer = r.p->answer(r.state, &none, r.a);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.body.n, 0);
	rig_close(&r);
}

/* ---- reports ---- */

static struct provider_inbound report(const struct rig *r, const char *query)
{
	struct provider_request q = get(query, true);
	struct provider_inbound in;

	r->p->parse_dlr(r->state, &q, r->a, &in);
	return in;
}

static void test_report_key(void **unused)
{
	static const struct {
		const char *query;
		bool passes;
	} t[] = {
		{"o=o7.1a&k=" REPORT_KEY "&SMSID=x&SendStatus=5", true},
		/* a CallbackUrl with a query, to which "?…" was added */
		{"o=o7.1a&k=" REPORT_KEY "?SMSID=x&SendStatus=5", true},
		{"o=o7.1a", false},
		{"o=o7.1a&k=", false},
		{"o=o7.1b&k=" REPORT_KEY, false},
		{"o=o7.1a&k=c38409b3a5264b36196d0a74be7a62f0", false},
		{"o=&k=" REPORT_KEY, false},
		{"o=o7.1b&o=o7.1a&k=" REPORT_KEY, false},
		{"%", false},
		/* by eSMS's id and the phone, which others may know */
		{"SMSID=x&SendStatus=5&phonenumber=84912345678", false},
		{"RequestId=o7.1a&k=" REPORT_KEY "&SendStatus=5", false},
		{"O=o7.1a&K=" REPORT_KEY, false},
	};
	struct rig r = rig_open("esms", TOKEN, KEYS "sms_type: 8\n");
	struct rig mute = rig_open("esms", TOKEN, SIGNED);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(verify(&r, t[i].query, true),
			t[i].passes ? PROVIDER_VERIFY_OK
				    : PROVIDER_VERIFY_REFUSED);
	assert_int_equal(
		verify(&mute, t[0].query, true), PROVIDER_VERIFY_REFUSED);
	rig_close(&mute);
	rig_close(&r);
}

static void test_reports(void **unused)
{
	static const struct {
		const char *query, *said;
		enum provider_report_state state;
	} t[] = {
		{"SendStatus=1", "1 waits for approval",
			PROVIDER_REPORT_QUEUED},
		{"SendStatus=2", "2 waits to be sent", PROVIDER_REPORT_QUEUED},
		{"SendStatus=4", "4 rejected", PROVIDER_REPORT_FAILED},
		{"SendStatus=5&SendSuccess=1&SendFailed=0&telcoid=1",
			"5 finished, delivered (Viettel)",
			PROVIDER_REPORT_DELIVERED},
		{"SendStatus=5&SendSuccess=0&SendFailed=1&telcoid=7",
			"5 finished, failed (Reddi)", PROVIDER_REPORT_FAILED},
		{"SendStatus=5&SendSuccess=1&SendFailed=1",
			"5 finished, failed", PROVIDER_REPORT_FAILED},
		{"SendStatus=5&SendSuccess=0&SendFailed=0&telcoid=8",
			"5 finished", PROVIDER_REPORT_UNKNOWN},
		{"SendStatus=5", "5 finished", PROVIDER_REPORT_UNKNOWN},
		{"sendstatus=7&telcoid=3", "7 at the operator (VinaPhone)",
			PROVIDER_REPORT_SENT},
		{"SendStatus=3", "3 that nobody knows",
			PROVIDER_REPORT_UNKNOWN},
		{"SendStatus=%FF%00abc", FFFD FFFD "abc that nobody knows",
			PROVIDER_REPORT_UNKNOWN},
		{"", "nothing that nobody knows", PROVIDER_REPORT_UNKNOWN},
	};
	struct rig r = rig_open("esms", TOKEN, KEYS "sms_type: 8\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = report(&r,
			arena_z(r.a,
				arena_printf(r.a,
					"o=o7.1a&k=x?SMSID=S1&RequestId=o7.1a"
					"&TypeId=2&phonenumber=0912345678&%s",
					t[i].query)));

		assert_int_equal(in.event, PROVIDER_REPORTS);
		assert_int_equal(in.reports_n, 1);
		rig_same(r.a, in.reports->own, "o7.1a");
		rig_same(r.a, in.reports->ref, "S1");
		rig_same(r.a, in.reports->to, "+84912345678");
		rig_same(r.a, in.reports->said, t[i].said);
		assert_int_equal(in.reports->state, t[i].state);
		assert_int_equal(in.reports->part, 0);
	}
	rig_close(&r);
}

static void test_a_report_names_its_text(void **unused)
{
	struct rig r = rig_open("esms", TOKEN, KEYS "sms_type: 8\n");
	struct provider_inbound in =
		report(&r, "o=o7.1a&SMSID=S1&RequestId=o7.2a&SendStatus=7"
			   "&phonenumber=84912345678");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_REPORTS);
	rig_same(r.a, in.reports->own, "o7.1a");
	rig_same(r.a, in.reports->ref, "S1");
	rig_same(r.a, in.reports->to, "+84912345678");
	assert_int_equal(
		report(&r, "SMSID=S1&SendStatus=7").event, PROVIDER_UNREADABLE);
	assert_int_equal(
		report(&r, "RequestId=o7.1a&phonenumber=84912345678").event,
		PROVIDER_UNREADABLE);
	assert_int_equal(report(&r, "%zz").event, PROVIDER_UNREADABLE);
	assert_int_equal(r.p->answer(r.state, &in, r.a).body.n, 0);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_are_checked),
		cmocka_unit_test(test_what_is_proven),
		cmocka_unit_test(test_sign),
		cmocka_unit_test(test_sign_of_the_documentation),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_duplicate_has_the_same_id),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_report_key),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_a_report_names_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
