/*
 * USSD by configuration: the fields' places, what an event means, input that
 * is all or the latest, and screens by templates (providers.md §5).
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define PHONE "+84900000007"
#define LATEST                                                                 \
	"ussd: {session: 'a.sid', phone: 'a.from|msisdn', input: text, "       \
	"code: sc, sequence: n, event: type, begins: [begin, start], "         \
	"ends: [end], type: application/json, "                                \
	"goes_on: '{\"menu\":\"{text}\",\"id\":\"{id}\",\"close\":false}', "   \
	"closes: '{\"menu\":\"{text}\",\"to\":\"{to}\",\"close\":true}'}\n"
#define ALL                                                                    \
	"ussd: {source: query, session: s, phone: p, input: i, "               \
	"cumulative: true}\n"
#define PLAIN "ussd: {source: form}\n"
#define MARKUP                                                                 \
	"ussd: {source: xml, session: '@id', phone: from, input: text, "       \
	"type: text/xml, goes_on: '<m>{text}</m>', closes: "                   \
	"'<m end=\"1\">{text}</m>'}\n"

static const struct said {
	const char *yaml, *method, *values;
	enum ussd_event event;
	const char *session, *phone, *input;
	int fresh, sequence;
} requests[] = {
	{LATEST, "POST",
		"{\"a\":{\"sid\":7,\"from\":\"0900000007\"},\"type\":\"begin\","
		"\"text\":\"*384*7*1#\",\"n\":1}",
		USSD_HOP, "7", PHONE, "1", true, 1},
	{LATEST, "POST",
		"{\"a\":{\"sid\":\"7\"},\"msisdn\":84900000007,\"type\":"
		"\"More\",\"text\":\"5*11\",\"n\":\"2\"}",
		USSD_HOP, "7", PHONE, "5*11", false, 2},
	/* no word of the list: an answer, whatever it looks like */
	{LATEST, "POST",
		"{\"a\":{\"sid\":\"7\",\"from\":\"+84900000007\"},\"text\":"
		"\"*1#\"}",
		USSD_HOP, "7", PHONE, "*1#", false, 0},
	{LATEST, "POST", "{\"a\":{\"sid\":\"7\"},\"type\":\"END\"}", USSD_ENDED,
		"7", NULL, "", false, 0},
	{LATEST, "POST", "{\"a\":{\"sid\":\"7\"},\"type\":\"x\"}",
		USSD_UNREADABLE, NULL, NULL, NULL, false, 0},
	{LATEST, "POST", "[]", USSD_UNREADABLE, NULL, NULL, NULL, false, 0},
	{ALL, "GET", "s=1&p=84900000007&i=", USSD_HOP, "1", PHONE, "", true, 0},
	{ALL, "GET", "s=1&p=84900000007&i=1*2", USSD_HOP, "1", PHONE, "1*2",
		false, 0},
	{ALL, "GET", "s=1&p=84900000007&i=*384*7%23", USSD_HOP, "1", PHONE, "",
		true, 0},
	{ALL, "GET", "s=1&p=84900000007&i=*384*7*1*2%23", USSD_HOP, "1", PHONE,
		"1*2", false, 0},
	{ALL, "GET", "s=1&p=84900000007&i=*385*7*1%23", USSD_UNREADABLE, NULL,
		NULL, NULL, false, 0},
	{PLAIN, "POST", "session=1&phone=%2B84900000007&input=*384*7%23",
		USSD_HOP, "1", PHONE, "", true, 0},
	{PLAIN, "POST", "session=1&phone=%2B84900000007&input=47", USSD_HOP,
		"1", PHONE, "47", false, 0},
	{PLAIN, "POST", "session=1&phone=me&input=47", USSD_UNREADABLE, NULL,
		NULL, NULL, false, 0},
	{MARKUP, "POST",
		"<u id='9'><from>0900000007</from><text>1 &amp; 2</text></u>",
		USSD_HOP, "9", PHONE, "1 & 2", false, 0},
};

static struct rig open_channel(const char *yaml)
{
	struct rig r = rig_open("generic", TOKEN, yaml);

	if (r.rc != 0)
		fail_msg("%s: %s", yaml, r.d->v[0].text);
	return r;
}

static struct ussd_hop parse(
	const struct rig *r, const struct provider_request *q, struct err *err)
{
	struct ussd_hop hop;

	*err = (struct err){""};
	memset(&hop, 0xFF, sizeof(hop));
	r->p->ussd->parse(r->state, q, r->a, &hop, err);
	return hop;
}

static void same(
	struct arena *a, const char *values, struct str got, const char *want)
{
	if (want == NULL ? got.p != NULL : !str_is(got, want))
		fail_msg("%s: '%s', not '%s'", values, arena_z(a, got),
			want != NULL ? want : "(absent)");
}

static void test_requests(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct said *t = &requests[i];
		struct rig r = open_channel(t->yaml);
		const struct provider_request q =
			rig_ussd(t->method, NULL, t->values);
		struct err err;
		const struct ussd_hop hop = parse(&r, &q, &err);

		if (hop.event != t->event)
			fail_msg("%s: event %d: %s", t->values, (int)hop.event,
				err.text);
		if (t->event == USSD_UNREADABLE)
			assert_string_not_equal(err.text, "");
		same(r.a, t->values, hop.session, t->session);
		same(r.a, t->values, hop.phone, t->phone);
		same(r.a, t->values, hop.input, t->input);
		assert_int_equal(hop.fresh, t->fresh);
		assert_int_equal(hop.sequence, t->sequence);
		rig_close(&r);
	}
}

static void test_screens(void **unused)
{
	static const struct {
		const char *yaml, *values;
		bool more;
		const char *text, *type, *body;
	} t[] = {
		{LATEST,
			"{\"a\":{\"sid\":\"7\",\"from\":\"+84900000007\"},"
			"\"type\":\"begin\"}",
			true, "a \"b\"\n1 c", "application/json",
			"{\"menu\":\"a \\\"b\\\"\\n1 c\",\"id\":\"7\","
			"\"close\":false}"},
		{LATEST,
			"{\"a\":{\"sid\":\"7\",\"from\":\"+84900000007\"},"
			"\"text\":\"1\"}",
			false, "het", "application/json",
			"{\"menu\":\"het\",\"to\":\"+84900000007\","
			"\"close\":true}"},
		{LATEST, "{\"a\":{\"sid\":\"7\"},\"type\":\"end\"}", false, "",
			"application/json", ""},
		{PLAIN, "session=1&phone=84900000007&input=1", true, "CM?",
			"text/plain; charset=utf-8", "CON CM?"},
		{PLAIN, "session=1&phone=84900000007&input=1", false, "het",
			"text/plain; charset=utf-8", "END het"},
		{MARKUP, "<u id='9'><from>0900000007</from><text>1</text></u>",
			false, "a<b & c", "text/xml",
			"<m end=\"1\">a&lt;b &amp; c</m>"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = open_channel(t[i].yaml);
		const struct provider_request q =
			rig_ussd("POST", NULL, t[i].values);
		const struct ussd_screen screen = {
			str_of(t[i].text), t[i].more};
		struct provider_answer answer;
		struct ussd_hop hop;
		struct err err;

		hop = parse(&r, &q, &err);
		answer = r.p->ussd->answer(r.state, &q, &hop, &screen, r.a);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.content_type, t[i].type);
		rig_same(r.a, answer.body.p != NULL ? answer.body : STR(""),
			t[i].body);
		rig_close(&r);
	}
}

static void test_who_may_call(void **unused)
{
	const struct provider_request get = rig_ussd("GET", NULL, "");
	struct rig r = open_channel(ALL);

	(void)unused;
	assert_true(provider_serves_ussd(r.p, r.state));
	assert_true(provider_takes_method(r.p, r.state, &get));
	rig_close(&r);
	r = open_channel(PLAIN);
	assert_false(provider_takes_method(r.p, r.state, &get));
	rig_close(&r);
	r = open_channel("inbound: {source: form}\n");
	assert_false(provider_serves_ussd(r.p, r.state));
	rig_close(&r);
	/* What guards texts guards sessions. */
	r = open_channel("inbound: {secret: tops3cret, secret_header: X-Key}\n"
			 "ussd: {source: query}\n");
	assert_int_equal(r.p->verify(r.state, &get), PROVIDER_VERIFY_REFUSED);
	rig_close(&r);
}

static void test_keys_are_checked(void **unused)
{
	static const struct {
		const char *yaml, *says;
	} t[] = {
		{"ussd: {session: ''}\n", "session"},
		{"ussd: {begins: [a]}\n", "event"},
		{"ussd: {input: 'a[x]'}\n", "path"},
		{"ussd: {goes_on: '{screen}'}\n", "{screen}"},
		{"ussd: {type: \"a\\nb\"}\n", "content type"},
		{"ussd: {phone: 'a|b|c|d|e'}\n", "at most"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("generic", TOKEN, t[i].yaml);

		assert_int_equal(r.rc, -1);
		if (str_find(r.d->v[0].text, str_of(t[i].says), 0) < 0)
			fail_msg("%s: '%.*s'", t[i].yaml,
				STR_ARG(r.d->v[0].text));
		rig_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_screens),
		cmocka_unit_test(test_who_may_call),
		cmocka_unit_test(test_keys_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
