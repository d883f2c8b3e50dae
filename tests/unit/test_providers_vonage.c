/*
 * Vonage's callbacks: texts by GET, form and JSON, their parts, and the
 * signature (providers.md §3.10, with its vectors of §8).
 */
#include "gateway/base/digest.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define SECRET "my_secret_key_for_testing"
#define SIGNED_AT_MS INT64_C(1385047698000)
#define DAY_MS INT64_C(86400000)

/* §8 "Vonage doc", as a query. */
#define REST                                                                   \
	"&message-timestamp=2013-11-21+15%3A27%3A30"                           \
	"&messageId=020000001B0FE827&msisdn=14843472194"                       \
	"&timestamp=1385047698&to=13239877404&type=text"
#define VECTOR "text=Test+again" REST
#define SHA256                                                                 \
	"DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330"

static struct rig open_plain(void)
{
	return rig_open("vonage", TOKEN, "tolerance_s: 86400\n");
}

static struct provider_request get(const char *query)
{
	return (struct provider_request){
		.method = STR("GET"),
		.query = str_of(query),
		.now_ms = RIG_NOW_MS,
	};
}

static enum provider_verify verify_at(
	const struct rig *r, struct provider_request request, int64_t now_ms)
{
	request.now_ms = now_ms;
	return r->p->verify(r->state, &request);
}

static void test_methods(void **unused)
{
	static const struct {
		const char *method;
		bool takes;
	} t[] = {
		{"GET", true}, {"POST", true}, {"HEAD", false}, {"PUT", false}};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_request q = {
			.method = str_of(t[i].method)};

		assert_int_equal(
			provider_takes_method(r.p, r.state, &q), t[i].takes);
	}
	assert_false(provider_can_send(r.p, r.state));
	assert_false(provider_takes_our_id(r.p, r.state));
	assert_false(r.p->is_proven(r.state, false));
	assert_true(provider_takes_reports(r.p, r.state));
	rig_close(&r);
}

/* §8: every method, in either case of hex. */
static void test_signature_methods(void **unused)
{
	static const struct {
		const char *method, *sig;
	} t[] = {
		{"md5hash", "d2e7b1dc968737c5998ad624e02f90b7"},
		{"md5", "DDEBD46008C2D4E93CCE578A332A52D5"},
		{"sha1", "27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A"},
		{"sha256", SHA256},
		{"sha256", "ddb8397c2b90aac7f3882d306475c9a5"
			   "058c92322eef43c92b298b6e0fc0d330"},
		{"sha512", "e0d3c650f8c9d1a5c174d10dddbfb003e561f59b265616208b0"
			   "487c5d819481c"
			   "d3c311d59cf6165ecd1139622d5ba3a256c0d763ac4a9ad9144"
			   "b5a426b94fe82"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
			struct arena *a = arena_new(1024);
			struct str yaml = arena_printf(a,
				"signature_secret: " SECRET
				"\nsignature_method: %s\n",
				t[i].method);
			struct str query =
				arena_printf(a, "%s&sig=%s", VECTOR, t[k].sig);
			struct rig r =
				rig_open("vonage", NULL, arena_z(a, yaml));
			bool same = strcmp(t[i].method, t[k].method) == 0;

			assert_int_equal(r.rc, 0);
			assert_true(r.p->is_proven(r.state, true));
			assert_int_equal(verify_at(&r, get(arena_z(a, query)),
						 SIGNED_AT_MS),
				same ? PROVIDER_VERIFY_OK
				     : PROVIDER_VERIFY_REFUSED);
			rig_close(&r);
			arena_free(a);
		}
}

static const struct {
	const char *query;
	int64_t off_ms;
	enum provider_verify want;
} signed_calls[] = {
	{VECTOR "&sig=" SHA256, 0, PROVIDER_VERIFY_OK},
	{"sig=" SHA256 "&" VECTOR, 0, PROVIDER_VERIFY_OK},
	{VECTOR "&sig=" SHA256, DAY_MS, PROVIDER_VERIFY_OK},
	{VECTOR "&sig=" SHA256, -DAY_MS, PROVIDER_VERIFY_OK},
	{VECTOR "&sig=" SHA256, DAY_MS + 1, PROVIDER_VERIFY_REFUSED},
	{VECTOR "&sig=" SHA256, -DAY_MS - 1, PROVIDER_VERIFY_REFUSED},
	{VECTOR, 0, PROVIDER_VERIFY_REFUSED},
	{VECTOR "&sig=", 0, PROVIDER_VERIFY_REFUSED},
	{VECTOR "&a=b&sig=" SHA256, 0, PROVIDER_VERIFY_REFUSED},
	{"text=test+again" REST "&sig=" SHA256, 0, PROVIDER_VERIFY_REFUSED},
	/* two parameters in the name of one */
	{"text=Test+again%26timestamp%3D1385047698" REST "&sig=" SHA256, 0,
		PROVIDER_VERIFY_REFUSED},
	{"message-timestamp=2013-11-21+15%3A27%3A30"
	 "&messageId=020000001B0FE827&msisdn=14843472194"
	 "&text=Test+again&timestamp=1385047698"
	 "&to=13239877404%26type%3Dtext&sig=" SHA256,
		0, PROVIDER_VERIFY_REFUSED},
	{"message-timestamp=2013-11-21+15%3A27%3A30"
	 "&messageId=020000001B0FE827&msisdn=14843472194"
	 "&text%3DTest+again%26timestamp=1385047698"
	 "&to=13239877404&type=text&sig=" SHA256,
		0, PROVIDER_VERIFY_REFUSED},
	{"text=%zz" REST "&sig=" SHA256, 0, PROVIDER_VERIFY_REFUSED},
	{"", 0, PROVIDER_VERIFY_REFUSED},
	/* & and = count as _ */
	{"text=a%26b%3Dc" REST "&sig="
	 "7f9aa8af206dcfd9f1727dcdc5b6c1fb861eacf64b86d66b098920e4cfce7"
	 "1f5",
		0, PROVIDER_VERIFY_OK},
	{"text=H%E1%BB%8Dp" REST "&sig="
	 "85a588100be0dccd009945496e9a0f3cbb17b407a41e7bbdb1119b415bbd3"
	 "3c9",
		0, PROVIDER_VERIFY_OK},
	/* with message-timestamp alone, and with no time at all */
	{"text=Test+again&message-timestamp=2013-11-21+15%3A27%3A30"
	 "&messageId=020000001B0FE827&msisdn=14843472194"
	 "&to=13239877404&type=text&sig="
	 "c97638ef702376af02cef41f9cf41c0c1f680c03fad6ea69279cb0c4f884f"
	 "f80",
		DAY_MS - 48000, PROVIDER_VERIFY_OK},
	{"text=Test+again&messageId=020000001B0FE827"
	 "&msisdn=14843472194&to=13239877404&type=text"
	 "&sig="
	 "9e3d3c6b6badf46d04ad2d4e3038769b079d70c4fd22a082ee02cc41f17f9"
	 "ac5",
		0, PROVIDER_VERIFY_REFUSED},
};

static void test_verify(void **unused)
{
	struct rig r = rig_open("vonage", NULL,
		"signature_secret: " SECRET "\nsignature_method: sha256\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(signed_calls) / sizeof(signed_calls[0]);
		i++)
		assert_int_equal(verify_at(&r, get(signed_calls[i].query),
					 SIGNED_AT_MS + signed_calls[i].off_ms),
			signed_calls[i].want);
	rig_close(&r);
}

/* The same parameters in a form, and in JSON; a number there is its text. */
static void test_verify_bodies(void **unused)
{
	static const struct {
		const char *body;
		enum provider_verify want;
	} t[] = {
		{VECTOR "&sig=" SHA256, PROVIDER_VERIFY_OK},
		{"{\"text\":\"Test again\",\"type\":\"text\","
		 "\"message-timestamp\":\"2013-11-21 15:27:30\","
		 "\"messageId\":\"020000001B0FE827\","
		 "\"msisdn\":\"14843472194\",\"timestamp\":1385047698,"
		 "\"to\":\"13239877404\",\"sig\":\"" SHA256 "\"}",
			PROVIDER_VERIFY_OK},
		{"{\"text\":\"Test again\",\"sig\":\"" SHA256 "\"}",
			PROVIDER_VERIFY_REFUSED},
		{"{\"text\":", PROVIDER_VERIFY_REFUSED},
		{"[]", PROVIDER_VERIFY_REFUSED},
	};
	struct rig r = rig_open("vonage", NULL,
		"signature_secret: " SECRET "\nsignature_method: sha256\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(verify_at(&r, rig_post(str_of(t[i].body)),
					 SIGNED_AT_MS),
			t[i].want);
	rig_close(&r);
}

/* Without a secret the token is the guard, and whoever calls checks it. */
static void test_token_only(void **unused)
{
	struct rig r = open_plain();

	(void)unused;
	assert_int_equal(
		verify_at(&r, get("text=x&sig=0"), 0), PROVIDER_VERIFY_OK);
	rig_close(&r);
}

static void check_good(const struct rig *r, struct provider_request request)
{
	struct provider_inbound in = rig_parse(r, request);

	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 1);
	rig_same(r->a, in.v->provider_id, "020000001B0FE827");
	rig_same(r->a, in.v->from, "+84900000007");
	rig_same(r->a, in.v->to, "+84900000001");
	rig_same(r->a, in.v->text, "HOP MG07 5/11 47 35");
	assert_int_equal(in.v->sent_at, INT64_C(1385047650000));
	assert_int_equal(in.v->part_total, 0);
	assert_null(in.v->part_ref.p);
}

static void test_three_ways(void **unused)
{
	static const char form[] =
		"msisdn=84900000007&to=84900000001"
		"&messageId=020000001B0FE827&text=HOP+MG07+5%2F11+47+35"
		"&type=text&keyword=HOP&api-key=k"
		"&message-timestamp=2013-11-21+15%3A27%3A30";
	struct rig r = open_plain();

	(void)unused;
	check_good(&r, get(form));
	check_good(&r, rig_post(str_of(form)));
	check_good(&r,
		rig_post(STR(" {\"msisdn\":\"84900000007\","
			     "\"to\":\"84900000001\","
			     "\"messageId\":\"020000001B0FE827\","
			     "\"text\":\"HOP MG07 5/11 47 35\",\"type\":"
			     "\"text\",\"keyword\":\"HOP\",\"api-key\":\"k\","
			     "\"message-timestamp\":\"2013-11-21 15:27:30 "
			     "+0000\"}")));
	rig_close(&r);
}

static void test_texts(void **unused)
{
	static const struct {
		const char *query, *want;
	} t[] = {
		{"type=unicode&text=H%E1%BB%8Dp+chi+b%E1%BB%99",
			"H\xE1\xBB\x8Dp chi b\xE1\xBB\x99"},
		{"type=text&text=ca+ph%C3%A8", "ca ph\xC3\xA8"}, /* GSM-7 */
		{"type=text&text=caf%E9", "caf\xEF\xBF\xBD"},
		{"type=text&text=", ""},
		{"type=text", ""},
		{"text=no+type", "no type"},
		{"type=binary&data=486901", "Hi\\x01"},
		{"type=binary&data=486F70", "Hop"},
		{"type=binary&data=48F", ""},
		{"type=binary&data=zz", ""},
		{"type=binary", ""},
		{"type=to-come&text=x", "x"},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(r.a,
			"messageId=%zu&msisdn=84900000007&%s", i, t[i].query);
		struct provider_inbound in =
			rig_parse(&r, get(arena_z(r.a, q)));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->text, t[i].want);
		assert_int_equal(in.v->sent_at, RIG_NOW_MS);
	}
	rig_close(&r);
}

static void test_senders(void **unused)
{
	static const struct {
		const char *from, *want;
	} t[] = {
		{"84900000007", "+84900000007"},
		{"14843472194", "+14843472194"},
		{"VIETTEL", "VIETTEL"},
		{"8088", "8088"},
		{"", ""},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(
			r.a, "messageId=1&msisdn=%s&text=x", t[i].from);
		struct provider_inbound in =
			rig_parse(&r, get(arena_z(r.a, q)));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->from, t[i].want);
	}
	rig_close(&r);
}

/* Parts may share messageId: the number of the part keeps them apart. */
static void test_parts(void **unused)
{
	static const struct {
		const char *query, *id, *ref;
		int no, total;
	} t[] = {
		{"concat=true&concat-ref=42&concat-total=3&concat-part=1",
			"M/1", "42", 1, 3},
		{"concat=true&concat-ref=42&concat-total=3&concat-part=3",
			"M/3", "42", 3, 3},
		{"concat-ref=42&concat-total=3&concat-part=4", "M", NULL, 0, 0},
		{"concat=true&concat-total=3&concat-part=1", "M", NULL, 0, 0},
		{"concat=true&concat-ref=1&concat-total=1&concat-part=1", "M",
			NULL, 0, 0},
		{"concat=true&concat-ref=1&concat-total=x&concat-part=1", "M",
			NULL, 0, 0},
		{"type=binary&data=41&udh=0500032B0201", "M/1", "2b", 1, 2},
		{"type=binary&data=41&udh=050003", "M", NULL, 0, 0},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(r.a,
			"messageId=M&msisdn=84900000007&text=x&%s", t[i].query);
		struct provider_inbound in =
			rig_parse(&r, get(arena_z(r.a, q)));

		rig_same(r.a, in.v->provider_id, t[i].id);
		assert_int_equal(in.v->part_no, t[i].no);
		assert_int_equal(in.v->part_total, t[i].total);
		if (t[i].ref != NULL)
			rig_same(r.a, in.v->part_ref, t[i].ref);
		else
			assert_null(in.v->part_ref.p);
	}
	rig_close(&r);
}

/* The same bytes give the same id, with or without one of theirs. */
static void test_duplicates(void **unused)
{
	static const char *const query[] = {
		"messageId=M&msisdn=84900000007&text=x",
		"msisdn=84900000007&text=x&message-timestamp="
		"2013-11-21+15%3A27%3A30",
		"msisdn=84900000007&text=y&message-timestamp="
		"2013-11-21+15%3A27%3A30",
		"msisdn=84900000007&text=x&concat-ref=1&concat-total=2"
		"&concat-part=1",
		"msisdn=84900000007&text=x&concat-ref=1&concat-total=2"
		"&concat-part=2",
	};
	struct rig r = open_plain();
	struct str id[5];

	(void)unused;
	for (size_t i = 0; i < 5; i++) {
		id[i] = rig_parse(&r, get(query[i])).v->provider_id;
		assert_true(str_eq(
			id[i], rig_parse(&r, get(query[i])).v->provider_id));
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(id[i], id[k]));
	}
	rig_close(&r);
}

/* What is neither text nor report is taken, and is nothing; a check of the
 * address has nothing in it. */
static void test_other_events(void **unused)
{
	static const struct {
		const char *body;
		enum provider_event want;
	} t[] = {
		{"", PROVIDER_IGNORED},
		{"{}", PROVIDER_IGNORED},
		{"event=to-come&msisdn=84900000007", PROVIDER_IGNORED},
		{"{\"from\":{\"number\":\"1\"},\"message\":{}}",
			PROVIDER_IGNORED},
		/* of the Messages API */
		{"{\"channel\":\"sms\",\"from\":\"1\",\"message\":{}}",
			PROVIDER_IGNORED},
		{"text=%", PROVIDER_UNREADABLE},
		{"{\"text\":\"tru", PROVIDER_UNREADABLE},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i].body);

		assert_int_equal(in.event, t[i].want);
		/* What may hold a text is told. */
		assert_int_equal(in.err.text[0] != '\0', strlen(t[i].body) > 2);
	}
	rig_close(&r);
}

static void test_huge(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in;
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 20);
	buf_putz(&b, "msisdn=8088&text=");
	for (int i = 0; i < 90000; i++)
		buf_putz(&b, "%E1%BB%8D");
	in = rig_parse_z(&r, buf_z(&b));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(in.v->text.n > PROVIDER_RAW_TEXT_MAX - 3);
	assert_true(str_is_utf8(in.v->text));
	buf_release(&b);
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 200; i++)
		buf_putf(&b, "%c\"%d\":1", i > 0 ? ',' : '{', i);
	buf_putz(&b, "}");
	assert_int_equal(rig_parse_z(&r, buf_z(&b)).event, PROVIDER_UNREADABLE);
	buf_release(&b);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_signature_methods),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_verify_bodies),
		cmocka_unit_test(test_token_only),
		cmocka_unit_test(test_three_ways),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_other_events),
		cmocka_unit_test(test_huge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
