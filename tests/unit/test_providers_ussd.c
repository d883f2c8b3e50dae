/*
 * USSD in every dialect that has a provider of its own: requests in → hops,
 * screens → the dialect's answer (providers.md §4.1). One table of requests,
 * one of answers; a mapped dialect stands in test_providers_ussd_generic.c.
 */
#include "tests/unit/provider_rig.h"

#include <stdlib.h>

#define TOKEN "0123456789abcdef0123456789abcdef"
#define PHONE "+84900000007"

#define AT(text)                                                               \
	"sessionId=ATUid_1&serviceCode=%2A384%2A7%23&phoneNumber=%2B8490000"   \
	"0007&networkCode=63902&text=" text
#define AT_NOTICE(status)                                                      \
	"date=2026-11-06+12%3A30%3A00&sessionId=ATUid_1&serviceCode=%2A384"    \
	"%2A7%23&networkCode=63902&phoneNumber=%2B84900000007&status=" status  \
	"&cost=0&durationInMillis=9000&hopsCount=2&input=1&lastAppResponse="   \
	"CON"
#define ADVANTA(input)                                                         \
	"SESSIONID=55&USSDCODE=%2A415%2A33%23&MSISDN=84900000007&INPUT=" input
#define HUBTEL(type, n, text)                                                  \
	"{\"Type\":\"" type "\",\"Mobile\":\"84900000007\",\"SessionId\":"     \
	"\"h1\",\"ServiceCode\":\"*384*7#\",\"Message\":\"" text "\","         \
	"\"Operator\":\"mtn\",\"Sequence\":" #n ",\"ClientState\":\"\","       \
	"\"Platform\":\"USSD\"}"
#define NALO(begins, text)                                                     \
	"{\"USERID\":\"NALOTest\",\"MSISDN\":\"84900000007\",\"USERDATA\":"    \
	"\"" text "\",\"MSGTYPE\":" begins ",\"NETWORK\":\"MTN\","             \
	"\"SESSIONID\":\"165901\"}"
#define INFOBIP(text)                                                          \
	"{\"msisdn\":\"84900000007\",\"imsi\":\"452\",\"shortCode\":\"*384*7#" \
	"\",\"text\":\"" text "\",\"ussdGwId\":\"live2\"}"

static const char *yaml_of(const char *provider)
{
	return strcmp(provider, "infobip") == 0
		       ? "callback_bearer: 0123456789abcdef\n"
		       : "{}\n";
}

static struct ussd_hop parse(
	const struct rig *r, const struct provider_request *q, struct err *err)
{
	struct ussd_hop hop;

	*err = (struct err){""};
	memset(&hop, 0xFF, sizeof(hop)); /* all of it is to be set */
	r->p->ussd->parse(r->state, q, r->a, &hop, err);
	return hop;
}

static const struct said {
	const char *provider, *method, *rest, *values;
	enum ussd_event event;
	const char *session, *phone, *input;
	int fresh, cumulative, sequence, complete;
} requests[] = {
	{"africastalking", "POST", NULL, AT(""), USSD_HOP, "ATUid_1", PHONE, "",
		true, true, 0, false},
	{"africastalking", "POST", NULL, AT("1%2A5%2A11"), USSD_HOP, "ATUid_1",
		PHONE, "1*5*11", false, true, 0, false},
	{"africastalking", "POST", NULL,
		"sessionId=1&phoneNumber=+254711000007&text=H%E1%BB%8Dp+0",
		USSD_HOP, "1", "+254711000007", "H\xE1\xBB\x8Dp 0", false, true,
		0, false},
	{"africastalking", "POST", NULL, AT_NOTICE("Success"), USSD_ENDED,
		"ATUid_1", PHONE, "", false, true, 0, true},
	{"africastalking", "POST", NULL, AT_NOTICE("Incomplete"), USSD_ENDED,
		"ATUid_1", PHONE, "", false, true, 0, false},
	{"africastalking", "POST", NULL, AT_NOTICE("Failed"), USSD_ENDED,
		"ATUid_1", PHONE, "", false, true, 0, false},
	{"advanta", "GET", NULL, ADVANTA("%2A415%2A33%23"), USSD_HOP, "55",
		PHONE, "", true, true, 0, false},
	{"advanta", "GET", NULL, ADVANTA("%2A415%2A33%2A1%2A47%23"), USSD_HOP,
		"55", PHONE, "1*47", false, true, 0, false},
	{"advanta", "POST", NULL, ADVANTA("*415*33*1"), USSD_HOP, "55", PHONE,
		"1", false, true, 0, false},
	{"advanta", "GET", NULL, ADVANTA("%2A415%2A33%23%2A1%2A2"), USSD_HOP,
		"55", PHONE, "1*2", false, true, 0, false},
	/* the code of the configuration, where theirs is shorter */
	{"advanta", "GET", NULL,
		"SESSIONID=5&USSDCODE=*384%23&MSISDN=0900000007&INPUT=*384*7*1",
		USSD_HOP, "5", PHONE, "1", false, true, 0, false},
	{"advanta", "GET", NULL, ADVANTA("1*2"), USSD_HOP, "55", PHONE, "1*2",
		false, true, 0, false},
	{"hubtel", "POST", NULL, HUBTEL("Initiation", 1, "*384*7#"), USSD_HOP,
		"h1", PHONE, "", true, false, 1, false},
	{"hubtel", "POST", NULL, HUBTEL("initiation", 1, "*384*7*1*2#"),
		USSD_HOP, "h1", PHONE, "1*2", true, false, 1, false},
	{"hubtel", "POST", NULL, HUBTEL("Response", 3, "5*11"), USSD_HOP, "h1",
		PHONE, "5*11", false, false, 3, false},
	{"hubtel", "POST", NULL, HUBTEL("Release", 4, ""), USSD_ENDED, "h1",
		PHONE, "", false, false, 4, false},
	{"hubtel", "POST", NULL, HUBTEL("Timeout", 4, ""), USSD_ENDED, "h1",
		PHONE, "", false, false, 4, false},
	{"nalo", "POST", NULL, NALO("true", "*384*7#"), USSD_HOP, "165901",
		PHONE, "", true, false, 0, false},
	/* of a code that nobody told us */
	{"nalo", "POST", NULL, NALO("true", "*920*44*1#"), USSD_HOP, "165901",
		PHONE, "", true, false, 0, false},
	{"nalo", "POST", NULL, NALO("\"false\"", "47"), USSD_HOP, "165901",
		PHONE, "47", false, false, 0, false},
	{"nalo", "POST", NULL, NALO("false", ""), USSD_HOP, "165901", PHONE, "",
		false, false, 0, false},
	{"infobip", "POST", "session/a%2Fb/start", INFOBIP("*384*7*1#"),
		USSD_HOP, "a/b", PHONE, "1", true, false, 0, false},
	{"infobip", "PUT", "session/7/response", INFOBIP("*384*7#"), USSD_HOP,
		"7", PHONE, "*384*7#", false, false, 0, false},
	{"infobip", "POST", "session/7/response", "{\"text\":\"0\"}", USSD_HOP,
		"7", NULL, "0", false, false, 0, false},
	{"infobip", "POST", "session/7/end",
		"{\"reason\":\"user\",\"exitCode\":200}", USSD_ENDED, "7", NULL,
		"", false, false, 0, false},
};

static void same(
	struct arena *a, const struct said *t, struct str got, const char *want)
{
	if (want == NULL ? got.p != NULL : !str_is(got, want))
		fail_msg("%s %s: '%s', not '%s'", t->provider, t->values,
			arena_z(a, got), want != NULL ? want : "(absent)");
}

static void test_requests(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct said *t = &requests[i];
		struct rig r =
			rig_open(t->provider, TOKEN, yaml_of(t->provider));
		const struct provider_request q =
			rig_ussd(t->method, t->rest, t->values);
		struct err err;
		const struct ussd_hop hop = parse(&r, &q, &err);

		if (hop.event != t->event)
			fail_msg("%s %s: %s", t->provider, t->values, err.text);
		assert_true(provider_serves_ussd(r.p, r.state));
		assert_true(provider_takes_method(r.p, r.state, &q));
		same(r.a, t, hop.session, t->session);
		same(r.a, t, hop.phone, t->phone);
		same(r.a, t, hop.input, t->input);
		assert_int_equal(hop.fresh, t->fresh);
		assert_int_equal(hop.cumulative, t->cumulative);
		assert_int_equal(hop.sequence, t->sequence);
		assert_int_equal(hop.complete, t->complete);
		rig_close(&r);
	}
}

static void test_unreadable(void **unused)
{
	static const struct {
		const char *provider, *rest, *values;
		enum ussd_event want;
		const char *says;
	} t[] = {
		{"africastalking", NULL, "", USSD_UNREADABLE, "session"},
		{"africastalking", NULL, "%", USSD_UNREADABLE, "escape"},
		{"africastalking", NULL, "sessionId=1&text=", USSD_UNREADABLE,
			"phone"},
		{"africastalking", NULL, "phoneNumber=%2B84900000007&text=",
			USSD_UNREADABLE, "session"},
		{"africastalking", NULL, "sessionId=1&phoneNumber=1414&text=",
			USSD_UNREADABLE, "phone"},
		{"advanta", NULL, "SESSIONID=1&MSISDN=84900000007&INPUT=*999*1",
			USSD_UNREADABLE, "ussd_code"},
		{"advanta", NULL, "MSISDN=84900000007&INPUT=1", USSD_UNREADABLE,
			"session"},
		{"hubtel", NULL, HUBTEL("AddToCart", 2, ""), USSD_IGNORED, ""},
		{"hubtel", NULL, "{", USSD_UNREADABLE, ""},
		{"hubtel", NULL, "[1]", USSD_UNREADABLE, "Type"},
		{"hubtel", NULL, "{\"Type\":\"Response\",\"SessionId\":\"1\"}",
			USSD_UNREADABLE, "phone"},
		{"nalo", NULL, "{\"MSISDN\":\"84900000007\"}", USSD_UNREADABLE,
			"MSGTYPE"},
		{"nalo", NULL, "{\"MSISDN\":\"84900000007\",\"MSGTYPE\":true}",
			USSD_UNREADABLE, "session"},
		{"infobip", "session/7/status", "", USSD_IGNORED, ""},
		{"infobip", "", INFOBIP("1"), USSD_IGNORED, ""},
		{"infobip", "session//start", INFOBIP("1"), USSD_UNREADABLE,
			"session"},
		{"infobip", "session/%zz/start", INFOBIP("1"), USSD_UNREADABLE,
			"session"},
		{"infobip", "session/7/start", "{\"text\":\"1\"}",
			USSD_UNREADABLE, "phone"},
		{"infobip", "session/7/response", "{\"text\":", USSD_UNREADABLE,
			""},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r =
			rig_open(t[i].provider, TOKEN, yaml_of(t[i].provider));
		const struct provider_request q =
			rig_ussd("POST", t[i].rest, t[i].values);
		struct err err;
		const struct ussd_hop hop = parse(&r, &q, &err);

		assert_int_equal(hop.event, t[i].want);
		if (str_find(str_of(err.text), str_of(t[i].says), 0) < 0)
			fail_msg("%s: '%s'", t[i].values, err.text);
		rig_close(&r);
	}
}

/* A session's name may be of any length; what was typed may not. */
static void test_long_values(void **unused)
{
	struct rig r = rig_open("africastalking", TOKEN, "{}\n");
	char *z = test_calloc(1, 6000), *text = z + 500;
	struct provider_request q;
	struct ussd_hop one, two;
	struct err err;

	(void)unused;
	memset(z, 's', 300);
	q = rig_ussd("POST", NULL,
		arena_printf(
			r.a, "sessionId=%s&phoneNumber=84900000007&text=1", z)
			.p);
	one = parse(&r, &q, &err);
	assert_int_equal(one.event, USSD_HOP);
	assert_true(one.session.n <= USSD_SESSION_MAX);
	z[299] = 't';
	q = rig_ussd("POST", NULL,
		arena_printf(
			r.a, "sessionId=%s&phoneNumber=84900000007&text=1", z)
			.p);
	two = parse(&r, &q, &err);
	assert_false(str_eq(one.session, two.session));
	memset(text, '1', 5000);
	q = rig_ussd("POST", NULL,
		arena_printf(r.a, "sessionId=1&phoneNumber=84900000007&text=%s",
			text)
			.p);
	assert_int_equal(parse(&r, &q, &err).event, USSD_UNREADABLE);
	test_free(z);
	rig_close(&r);
}

/* ---- answers ---- */

static const struct shown {
	const char *provider, *rest, *asked;
	bool more;
	const char *text, *body;
} answers[] = {
	{"africastalking", NULL, AT(""), true, "Ngay hop: 1 hom nay",
		"CON Ngay hop: 1 hom nay"},
	{"africastalking", NULL, AT("1"), false, "MG07 5/11 TS47",
		"END MG07 5/11 TS47"},
	{"africastalking", NULL, AT_NOTICE("Success"), false, "", ""},
	{"advanta", NULL, ADVANTA("1"), true, "CM?", "CON CM?"},
	{"hubtel", NULL, HUBTEL("Response", 2, "1"), true, "a \"b\"\nc",
		"{\"SessionId\":\"h1\",\"Type\":\"Response\",\"Message\":"
		"\"a \\\"b\\\"\\nc\",\"Label\":\"USSD\",\"DataType\":\"input\","
		"\"FieldType\":\"text\"}"},
	{"hubtel", NULL, HUBTEL("Response", 2, "1"), false, "het",
		"{\"SessionId\":\"h1\",\"Type\":\"Release\",\"Message\":"
		"\"het\",\"Label\":\"USSD\",\"DataType\":\"display\","
		"\"FieldType\":\"text\"}"},
	/* true in the answer: it goes on, as false in the request */
	{"nalo", NULL, NALO("false", "1"), true, "CM?",
		"{\"USERID\":\"NALOTest\",\"MSISDN\":\"84900000007\","
		"\"USERDATA\":\"1\",\"SESSIONID\":\"165901\",\"MSG\":\"CM?\","
		"\"MSGTYPE\":true}"},
	{"nalo", NULL, NALO("true", ""), false, "het",
		"{\"USERID\":\"NALOTest\",\"MSISDN\":\"84900000007\","
		"\"USERDATA\":\"\",\"SESSIONID\":\"165901\",\"MSG\":\"het\","
		"\"MSGTYPE\":false}"},
	{"infobip", "session/7/start", INFOBIP(""), true, "CM?",
		"{\"shouldClose\":false,\"ussdMenu\":\"CM?\","
		"\"responseExitCode\":200,\"responseMessage\":\"\"}"},
	{"infobip", "session/7/response", INFOBIP("1"), false, "het",
		"{\"shouldClose\":true,\"ussdMenu\":\"het\","
		"\"responseExitCode\":200,\"responseMessage\":\"\"}"},
	{"infobip", "session/7/end", "{}", false, "",
		"{\"responseExitCode\":200,\"responseMessage\":\"\"}"},
};

static void test_answers(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct shown *t = &answers[i];
		struct rig r =
			rig_open(t->provider, TOKEN, yaml_of(t->provider));
		const struct provider_request q =
			rig_ussd("POST", t->rest, t->asked);
		const struct ussd_screen screen = {str_of(t->text), t->more};
		struct provider_answer answer;
		struct ussd_hop hop;
		struct err err;

		hop = parse(&r, &q, &err);
		answer = r.p->ussd->answer(r.state, &q, &hop, &screen, r.a);
		assert_int_equal(answer.status, 200);
		rig_same(r.a, answer.body.p != NULL ? answer.body : STR(""),
			t->body);
		rig_close(&r);
	}
}

/* ---- channels ---- */

static void test_who_may_call(void **unused)
{
	static const char *const names[] = {
		"africastalking", "advanta", "hubtel", "nalo", "infobip"};
	static const struct {
		const char *provider, *method;
		bool takes;
	} t[] = {
		{"africastalking", "GET", false},
		{"advanta", "GET", true},
		{"advanta", "PUT", false},
		{"hubtel", "GET", false},
		{"nalo", "GET", false},
		{"infobip", "GET", false},
		{"infobip", "PUT", true},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct rig r = rig_open(names[i], NULL, "{}\n");

		assert_int_equal(r.rc, -1);
		assert_true(
			str_find(r.d->v[0].text, STR("needs a token"), 0) >= 0);
		rig_close(&r);
	}
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r =
			rig_open(t[i].provider, TOKEN, yaml_of(t[i].provider));
		const struct provider_request q =
			rig_ussd(t[i].method, NULL, "");

		assert_int_equal(r.rc, 0);
		assert_int_equal(
			provider_takes_method(r.p, r.state, &q), t[i].takes);
		rig_close(&r);
	}
}

/* Their SMS is not documented to us. */
static void test_ussd_alone(void **unused)
{
	static const char *const names[] = {"advanta", "hubtel", "nalo"};

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct rig r = rig_open(names[i], TOKEN, "{}\n");

		assert_false(r.p->can_receive);
		assert_false(provider_can_send(r.p, r.state));
		assert_false(provider_takes_reports(r.p, r.state));
		rig_close(&r);
	}
}

/* Where Infobip's log-in is set, it guards sessions as it does texts. */
static void test_infobip_login(void **unused)
{
	struct rig r = rig_open("infobip", TOKEN, yaml_of("infobip"));
	struct provider_request q =
		rig_ussd("POST", "session/7/start", INFOBIP(""));
	const struct provider_header h = {
		STR("Authorization"), STR("bearer 0123456789abcdef")};

	(void)unused;
	assert_int_equal(r.p->verify(r.state, &q), PROVIDER_VERIFY_REFUSED);
	q.headers = &h;
	q.headers_n = 1;
	assert_int_equal(r.p->verify(r.state, &q), PROVIDER_VERIFY_OK);
	rig_close(&r);
}

/* Every beginning of every request: read or refused, never looked behind. */
static void test_truncated(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct said *t = &requests[i];
		struct rig r =
			rig_open(t->provider, TOKEN, yaml_of(t->provider));
		const size_t whole = strlen(t->values);

		for (size_t n = 0; n < whole; n++) {
			struct provider_request q =
				rig_ussd(t->method, t->rest, t->values);
			struct str *s = q.query.n > 0 ? &q.query : &q.body;
			char *p = malloc(n + 1);
			struct ussd_hop hop;
			struct err err;

			memcpy(p, s->p, n);
			*s = (struct str){p, n};
			hop = parse(&r, &q, &err);
			if (hop.event == USSD_UNREADABLE)
				assert_string_not_equal(err.text, "");
			else if (hop.event != USSD_IGNORED)
				assert_true(hop.session.n > 0 &&
					    str_is_utf8(hop.input));
			free(p);
		}
		rig_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_who_may_call),
		cmocka_unit_test(test_ussd_alone),
		cmocka_unit_test(test_infobip_login),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
