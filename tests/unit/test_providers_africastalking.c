/*
 * Africa's Talking: unsigned forms for texts and reports, the request of a
 * send, and the verdict of every class of statusCode (providers.md §3.12).
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define API "atsk_0123456789"
#define LOGIN "username: commune\napi_key: " API "\n"
#define FFFD "\xEF\xBF\xBD"
#define MO                                                                     \
	"id=a1b2&from=%2B254711000007&to=22334&text=HOP+5%2F11"                \
	"&date=2017-05-03T06%3A04%3A45Z&linkId=l1&networkCode=63902"
#define DATE_MS INT64_C(1493791485000)

static struct rig open_channel(void)
{
	return rig_open("africastalking", TOKEN, LOGIN);
}

static void test_keys_are_checked(void **unused)
{
	static const struct {
		const char *token, *yaml, *says;
	} t[] = {
		{TOKEN, "sender: '22334'\n", NULL},
		{TOKEN, LOGIN, NULL},
		{NULL, LOGIN, "needs a token"},
		{TOKEN, "username: commune\n", "username and api_key"},
		{TOKEN, "api_key: " API "\n", "username and api_key"},
		{TOKEN, "username: u\napi_key: short\n", "api_key"},
		{TOKEN, "username: u\napi_key: 'with a blank'\n", "blanks"},
		{TOKEN, "username: u\napi_key: \"two\\r\\nlines\"\n", "blanks"},
		{TOKEN, "sender: ''\n", "sender"},
		{TOKEN, "url: api.africastalking.com\n", "url"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r =
			rig_open("africastalking", t[i].token, t[i].yaml);

		assert_int_equal(r.rc, t[i].says != NULL ? -1 : 0);
		if (t[i].says != NULL)
			assert_true(str_find(r.d->v[0].text, str_of(t[i].says),
					    0) >= 0);
		rig_close(&r);
	}
}

/* The token, which is checked before, is the only guard. */
static void test_nothing_is_proven(void **unused)
{
	struct rig r = open_channel();
	const struct provider_request q = rig_post(STR(MO));
	const struct provider_request get = {.method = STR("GET")};

	(void)unused;
	assert_int_equal(r.p->verify(r.state, &q), PROVIDER_VERIFY_OK);
	assert_null(r.p->is_proven);
	assert_false(provider_takes_our_id(r.p, r.state));
	assert_true(provider_takes_reports(r.p, r.state));
	assert_false(provider_takes_method(r.p, r.state, &get));
	rig_close(&r);
}

static void test_text(void **unused)
{
	static const struct {
		const char *body, *id, *from, *to, *text;
		int64_t sent_at;
	} t[] = {
		{MO, "a1b2", "+254711000007", "22334", "HOP 5/11", DATE_MS},
		{"id=1&from=+254711000007&to=22334&text=a"
		 "&date=2017-05-03+06%3A04%3A45",
			"1", "+254711000007", "22334", "a", DATE_MS},
		{"id=2&from=%2B84912345678&to=1&text=H%E1%BB%8Dp+v%C3%A0", "2",
			"+84912345678", "1", "H\xE1\xBB\x8Dp v\xC3\xA0",
			RIG_NOW_MS},
		{"id=3&from=Safaricom&to=1&text=&date=soon", "3", "Safaricom",
			"1", "", RIG_NOW_MS},
		{"id=4&to=1&text=%FF", "4", "", "1", FFFD, RIG_NOW_MS},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.n, 1);
		rig_same(r.a, in.v->provider_id, t[i].id);
		rig_same(r.a, in.v->from, t[i].from);
		rig_same(r.a, in.v->to, t[i].to);
		rig_same(r.a, in.v->text, t[i].text);
		assert_int_equal(in.v->sent_at, t[i].sent_at);
		assert_int_equal(in.v->part_total, 0); /* joined upstream */
	}
	rig_close(&r);
}

static void test_duplicate_has_the_same_id(void **unused)
{
	static const char no_id[] = "from=%2B254711000007&text=a&date="
				    "2017-05-03+06%3A04%3A45";
	struct rig r = open_channel();
	struct provider_inbound one = rig_parse_z(&r, no_id);
	struct provider_request later = rig_post(str_of(no_id));
	struct provider_inbound two;

	(void)unused;
	later.now_ms += 86400000;
	two = rig_parse(&r, later);
	assert_int_equal(one.v->provider_id.n, 64);
	assert_true(str_eq(one.v->provider_id, two.v->provider_id));
	rig_close(&r);
}

static void test_other_events_and_unreadable(void **unused)
{
	static const struct {
		const char *body;
		enum provider_event want;
	} t[] = {
		/* an opt-out, and what may come */
		{"senderId=22334&phoneNumber=%2B254711000007",
			PROVIDER_IGNORED},
		{"hello", PROVIDER_IGNORED},
		{"", PROVIDER_UNREADABLE},
		{"%", PROVIDER_UNREADABLE},
		{"id=1&from=%2B254711000007&to=22334", PROVIDER_UNREADABLE},
		{"status=Success&phoneNumber=1", PROVIDER_UNREADABLE},
		{"status=Success&id=", PROVIDER_UNREADABLE},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, t[i].want);
		if (t[i].want == PROVIDER_UNREADABLE)
			assert_string_not_equal(in.err.text, "");
	}
	rig_close(&r);
}

/* The fields of a text in what is no form. */
static void test_other_types(void **unused)
{
	static const struct {
		const char *type, *body;
	} t[] = {
		{"application/json", "{\"from\":\"1\",\"text\":\"x\"}"},
		{"multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; "
			"name=\"text\"\r\n\r\nx\r\n--b--"},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_header h = {
			STR("content-type"), str_of(t[i].type)};
		struct provider_request q = rig_post(str_of(t[i].body));
		struct provider_inbound in;

		q.headers = &h;
		q.headers_n = 1;
		in = rig_parse(&r, q);
		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_non_null(strstr(in.err.text, "no form"));
	}
	rig_close(&r);
}

/* A form that is cut off before its text begins is refused, not lost. */
static void test_truncated_and_huge(void **unused)
{
	const ptrdiff_t text = str_find(STR(MO), STR("&text="), 0);
	const ptrdiff_t from = str_find(STR(MO), STR("&from="), 0);
	struct rig r = open_channel();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	for (size_t n = 0; n < sizeof(MO) - 1; n++) {
		in = rig_parse(&r, rig_post(str_part(STR(MO), 0, n)));
		if (n >= (size_t)from + 6 && n < (size_t)text + 5)
			assert_int_equal(in.event, PROVIDER_UNREADABLE);
	}
	buf_init(&b, 1 << 20);
	buf_putz(&b, "id=1&from=%2B254711000007&text=");
	for (int i = 0; i < 100000; i++)
		buf_putz(&b, "%E1%BB%8D");
	in = rig_parse(&r, rig_post(buf_str(&b)));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(str_is_utf8(in.v->text));
	for (int i = 0; i < 200; i++)
		buf_putz(&b, "&a=1");
	assert_int_equal(rig_parse(&r, rig_post(buf_str(&b))).event,
		PROVIDER_UNREADABLE);
	buf_release(&b);
	rig_close(&r);
}

static void test_reports(void **unused)
{
	static const struct {
		const char *status, *said;
		enum provider_report_state state;
	} t[] = {
		{"Buffered", "Buffered", PROVIDER_REPORT_QUEUED},
		{"Submitted", "Submitted", PROVIDER_REPORT_QUEUED},
		{"Sent", "Sent", PROVIDER_REPORT_SENT},
		{"Success&failureReason=", "Success",
			PROVIDER_REPORT_DELIVERED},
		{"success", "success", PROVIDER_REPORT_DELIVERED},
		{"Failed&failureReason=UserInBlackList",
			"Failed: UserInBlackList", PROVIDER_REPORT_OPTED_OUT},
		{"Failed&failureReason=UserInactive", "Failed: UserInactive",
			PROVIDER_REPORT_FAILED},
		{"Success&failureReason=UserInBlackList",
			"Success: UserInBlackList", PROVIDER_REPORT_DELIVERED},
		{"Rejected", "Rejected", PROVIDER_REPORT_FAILED},
		{"AbsentSubscriber", "AbsentSubscriber",
			PROVIDER_REPORT_FAILED},
		{"Expired", "Expired", PROVIDER_REPORT_EXPIRED},
		{"ToCome", "ToCome", PROVIDER_REPORT_UNKNOWN},
		{"", "no status", PROVIDER_REPORT_UNKNOWN},
		{"%FF", FFFD, PROVIDER_REPORT_UNKNOWN},
	};
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		for (int dlr = 0; dlr < 2; dlr++) {
			struct provider_request q = rig_post(arena_printf(r.a,
				"id=ATXid_1&phoneNumber=%%2B254711000007"
				"&networkCode=63902&retryCount=0&status=%s",
				t[i].status));
			struct provider_inbound in;

			(dlr ? r.p->parse_dlr : r.p->parse_inbound)(
				r.state, &q, r.a, &in);
			assert_int_equal(in.event, PROVIDER_REPORTS);
			assert_int_equal(in.reports_n, 1);
			rig_same(r.a, in.reports->ref, "ATXid_1");
			rig_same(r.a, in.reports->to, "+254711000007");
			rig_same(r.a, in.reports->said, t[i].said);
			assert_null(in.reports->own.p);
			assert_int_equal(in.reports->state, t[i].state);
		}
	rig_close(&r);
}

static const struct provider_outgoing outgoing = {
	.id = 7,
	.id_text = {"o7.1a", 5},
	.to = {"+254711000007", 13},
	.text = {"v\xC3\xA0 & 5/11", 10},
};

static void test_build(void **unused)
{
	struct rig r = open_channel();
	struct provider_call call = rig_build(&r, outgoing);

	(void)unused;
	assert_true(provider_can_send(r.p, r.state));
	assert_string_equal(call.method, "POST");
	rig_same(r.a, call.url,
		"https://api.africastalking.com/version1/messaging");
	rig_same(r.a, call.content_type, "application/x-www-form-urlencoded");
	assert_null(call.username.p);
	assert_int_equal(call.headers_n, 2);
	rig_same(r.a, call.headers[0].name, "apiKey");
	rig_same(r.a, call.headers[0].value, API);
	rig_same(r.a, call.headers[1].name, "Accept");
	rig_same(r.a, call.headers[1].value, "application/json");
	rig_same(r.a, call.body,
		"username=commune&to=%2B254711000007"
		"&message=v%C3%A0%20%26%205%2F11");
	rig_close(&r);
}

static void test_build_variants(void **unused)
{
	struct rig r = rig_open("africastalking", TOKEN,
		LOGIN "url: http://127.0.0.1:9105/\nsender: COMMUNE\n");
	struct rig number = open_channel();
	struct rig mute = rig_open("africastalking", TOKEN, "sender: a\n");
	struct provider_outgoing o = outgoing;
	struct provider_call call;
	struct err err = {""};

	(void)unused;
	o.from = STR("22334");
	o.text = STR("H\xE1\xBB\x8Dp");
	call = rig_build(&r, o);
	rig_same(r.a, call.url, "http://127.0.0.1:9105/version1/messaging");
	rig_same(r.a, call.body,
		"username=commune&to=%2B254711000007&message=H%E1%BB%8Dp"
		"&from=COMMUNE");
	o.text = STR("");
	rig_same(r.a, rig_build(&number, o).body,
		"username=commune&to=%2B254711000007&message=&from=22334");
	assert_false(provider_can_send(mute.p, mute.state));
	assert_int_equal(
		mute.p->build_send(mute.state, &o, mute.a, &call, &err), -1);
	assert_string_not_equal(err.text, "");
	rig_close(&mute);
	rig_close(&number);
	rig_close(&r);
}

#define DATA(rest) "{\"SMSMessageData\":{\"Message\":\"" rest "}}"
#define TO(rest)                                                               \
	DATA("Sent to 1/1 Total Cost: KES 0.8\",\"Recipients\":[{"             \
	     "\"number\":\"+254711000007\",\"cost\":\"KES 0.8\"," rest "}]")
#define CODE(code) TO("\"statusCode\":" code ",\"status\":\"S\"")

static const struct {
	int64_t status;
	const char *body;
	enum provider_verdict_kind want;
	const char *ref, *says;
} answers[] = {
	{201,
		TO("\"statusCode\":101,\"status\":\"Success\","
		   "\"messageId\":\"ATXid_1\""),
		PROVIDER_OK, "ATXid_1", "answered 101: Success"},
	{200, CODE("100"), PROVIDER_OK, NULL, "answered 100"},
	{201, TO("\"statusCode\":\"102\",\"messageId\":\"None\""), PROVIDER_OK,
		NULL, "answered 102"},
	{201, TO("\"status\":\"Success\",\"messageId\":\"m\""), PROVIDER_OK,
		"m", "Success"},
	{201, CODE("401"), PROVIDER_PERMANENT, NULL, "401"},
	{201, CODE("402"), PROVIDER_TEMPORARY, NULL, "402"},
	{201, CODE("403"), PROVIDER_PERMANENT, NULL, "403"},
	{201, CODE("404"), PROVIDER_PERMANENT, NULL, "404"},
	{201, CODE("405"), PROVIDER_TEMPORARY, NULL, "405"},
	{201, CODE("406"), PROVIDER_PERMANENT, NULL, "406"},
	{201, CODE("407"), PROVIDER_PERMANENT, NULL, "407"},
	{201, CODE("409"), PROVIDER_PERMANENT, NULL, "409"},
	{201, CODE("500"), PROVIDER_TEMPORARY, NULL, "500"},
	{201, CODE("501"), PROVIDER_TEMPORARY, NULL, "501"},
	{201, CODE("502"), PROVIDER_TEMPORARY, NULL, "502"},
	{201, CODE("103"), PROVIDER_PERMANENT, NULL, "103"},
	{201, TO("\"status\":\"InvalidPhoneNumber\""), PROVIDER_PERMANENT, NULL,
		"InvalidPhoneNumber"},
	{201, TO("\"a\":1"), PROVIDER_UNKNOWN, NULL, "answered 0"},
	{201, DATA("InvalidSenderId\",\"Recipients\":[]"), PROVIDER_TEMPORARY,
		NULL, "nobody: InvalidSenderId"},
	{201, DATA("Sent to 0/1\",\"Recipients\":[]"), PROVIDER_PERMANENT, NULL,
		"nobody: Sent to 0/1"},
	{201, DATA("Success\",\"Recipients\":[]"), PROVIDER_PERMANENT, NULL,
		"nobody: Success"},
	/* not Africa's Talking */
	{201, DATA("x\",\"Recipients\":[1]"), PROVIDER_UNKNOWN, NULL,
		"wrong url"},
	{201, "{}", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{200, "", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{200, "<html>log in", PROVIDER_UNKNOWN, NULL, "wrong url"},
	{0, "", PROVIDER_UNKNOWN, NULL, "no answer"},
	{302, "", PROVIDER_TEMPORARY, NULL, "redirect"},
	{400, "Must have sufficient parameters", PROVIDER_PERMANENT, NULL,
		"sufficient"},
	{401, "The supplied authentication is invalid", PROVIDER_TEMPORARY,
		NULL, "wrong user name"},
	{429, "", PROVIDER_THROTTLED, NULL, "429"},
	{500, "", PROVIDER_TEMPORARY, NULL, "500"},
	{503, "", PROVIDER_THROTTLED, NULL, "503"},
	{504, "", PROVIDER_UNKNOWN, NULL, "504"},
	{400, "no key " API, PROVIDER_PERMANENT, NULL, "repeat our api_key"},
};

static void test_answers(void **unused)
{
	struct rig r = open_channel();

	(void)unused;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct provider_verdict v = rig_answer(
			&r, (int)answers[i].status, answers[i].body, "17");

		assert_int_equal(v.kind, answers[i].want);
		assert_true(str_find(v.why, str_of(answers[i].says), 0) >= 0);
		assert_true(str_find(v.why, STR(API), 0) < 0);
		assert_int_equal(v.opted_out,
			str_find(v.why, STR("answered 406"), 0) >= 0);
		if (v.kind == PROVIDER_THROTTLED)
			assert_int_equal(v.retry_after_s, 17);
		if (answers[i].ref != NULL)
			rig_same(r.a, v.ref, answers[i].ref);
		else
			assert_null(v.ref.p);
	}
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_are_checked),
		cmocka_unit_test(test_nothing_is_proven),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_duplicate_has_the_same_id),
		cmocka_unit_test(test_other_events_and_unreadable),
		cmocka_unit_test(test_other_types),
		cmocka_unit_test(test_truncated_and_huge),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_variants),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
