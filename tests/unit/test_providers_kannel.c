/*
 * Kannel's callbacks: texts by get-url and post-url in every character set,
 * and delivery reports. What the rows show was seen on the wire of 1.4.5.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define FFFD "\xEF\xBF\xBD"

static struct rig open_plain(void)
{
	return rig_open("kannel", TOKEN, "dlr_mask: 31\n");
}

static struct provider_inbound get(const struct rig *r, const char *query)
{
	return rig_parse(r, (struct provider_request){
				    .method = STR("GET"),
				    .query = str_of(query),
				    .now_ms = RIG_NOW_MS,
			    });
}

static void test_guards(void **unused)
{
	static const struct {
		const char *token, *yaml;
		int rc;
	} t[] = {
		{TOKEN, "smsc: fake\n", 0},
		{NULL, "smsc: fake\n", -1},
		{NULL,
			"callback_username: k\n"
			"callback_password: 0123456789abcdef\n",
			0},
		{TOKEN,
			"callback_username: k\n"
			"callback_password: '0123456789abcd/f'\n",
			-1},
		{TOKEN,
			"callback_username: 'a:b'\n"
			"callback_password: 0123456789abcdef\n",
			-1},
		{TOKEN, "callback_username: k\n", -1},
		{TOKEN, "callback_password: 0123456789abcdef\n", -1},
		{TOKEN, "callback_username: k\ncallback_password: short\n", -1},
		{TOKEN, "url: http://127.0.0.1:13013\n", -1},
		{TOKEN, "url: http://127.0.0.1:13013\nusername: u\n", -1},
		{TOKEN,
			"url: http://127.0.0.1:13013\nusername: u\n"
			"password: p\n",
			0},
		{TOKEN, "dlr_mask: 64\n", -1},
		{TOKEN, "charset: latin1\n", -1},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("kannel", t[i].token, t[i].yaml);

		assert_int_equal(r.rc, t[i].rc);
		rig_close(&r);
	}
}

static void test_verify(void **unused)
{
	/* base64 of "k:0123456789abcdef" */
	static const struct {
		const char *header;
		enum provider_verify want;
	} t[] = {
		{"Basic azowMTIzNDU2Nzg5YWJjZGVm", PROVIDER_VERIFY_OK},
		{"basic  azowMTIzNDU2Nzg5YWJjZGVm ", PROVIDER_VERIFY_OK},
		{"Basic azowMTIzNDU2Nzg5YWJjZGVn", PROVIDER_VERIFY_REFUSED},
		{"Basic azowMTIzNDU2Nzg5YWJjZGV", PROVIDER_VERIFY_REFUSED},
		{"Bearer azowMTIzNDU2Nzg5YWJjZGVm", PROVIDER_VERIFY_REFUSED},
		{"Basic", PROVIDER_VERIFY_REFUSED},
		{"", PROVIDER_VERIFY_REFUSED},
		{NULL, PROVIDER_VERIFY_REFUSED},
	};
	struct rig r = rig_open("kannel", NULL,
		"callback_username: k\ncallback_password: 0123456789abcdef\n");
	struct rig open = open_plain();
	struct provider_request none = {.method = STR("GET")};

	(void)unused;
	assert_int_equal(r.rc, 0);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_header h = {
			STR("authorization"), str_of(t[i].header)};
		const struct provider_request request = {
			.method = STR("GET"),
			.headers = &h,
			.headers_n = t[i].header != NULL,
		};

		assert_int_equal(r.p->verify(r.state, &request), t[i].want);
	}
	assert_int_equal(open.p->verify(open.state, &none), PROVIDER_VERIFY_OK);
	rig_close(&open);
	rig_close(&r);
}

static void test_methods(void **unused)
{
	static const struct {
		const char *method;
		bool takes;
	} t[] = {{"GET", true}, {"POST", true}, {"HEAD", false}, {"PUT", false},
		{"", false}};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_request q = {
			.method = str_of(t[i].method)};

		assert_int_equal(
			provider_takes_method(r.p, r.state, &q), t[i].takes);
	}
	assert_false(provider_can_send(r.p, r.state));
	rig_close(&r);
}

static void test_get(void **unused)
{
	struct rig r = open_plain();
	struct provider_inbound in = get(&r,
		"id=3daef4cf-8a58-4e7a-8e33-4cb8d5d9c0bc&from=%2B84900000007"
		"&to=8088&b=HOP+MG07+5%2F11&cs=UTF-8&c=0&ts=1795329491"
		"&smsc=fake&udh=");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 1);
	rig_same(
		r.a, in.v->provider_id, "3daef4cf-8a58-4e7a-8e33-4cb8d5d9c0bc");
	rig_same(r.a, in.v->from, "+84900000007");
	rig_same(r.a, in.v->to, "8088");
	rig_same(r.a, in.v->text, "HOP MG07 5/11");
	assert_int_equal(in.v->sent_at, INT64_C(1795329491000));
	assert_int_equal(in.v->part_total, 0);
	assert_null(in.v->part_ref.p);
	rig_close(&r);
}

/* The text as it stands in the query, and what decides how it is read. */
static void test_charsets(void **unused)
{
	static const struct {
		const char *query, *want;
	} t[] = {
		{"b=H%E1%BB%8Dp&cs=UTF-8&c=0", "H\xE1\xBB\x8Dp"},
		{"b=%00H%1E%CD%00p&cs=UTF-16BE&c=2", "H\xE1\xBB\x8Dp"},
		{"b=%00H%00i%00+%26%3A&cs=UTF-16BE", "Hi \xE2\x98\xBA"},
		{"b=%00H%1E%CD%00p&c=2", "H\xE1\xBB\x8Dp"},
		{"b=%00H%1E%CD%00p&cs=&c=2", "H\xE1\xBB\x8Dp"},
		{"b=%00H%1E%CD%00p&cs=X-OWN&c=2", "H\xE1\xBB\x8Dp"},
		{"b=%D8%3D%DE%00&c=2", "\xF0\x9F\x98\x80"},
		{"b=%00a%00b%00&c=2", "ab" FFFD},
		{"b=%D8%3D&c=2", FFFD},
		{"b=%00%00%00a&c=2", FFFD "a"},
		{"b=H%E1%BB%8Dp", "H\xE1\xBB\x8Dp"},
		{"b=H%E1%BB%8Dp&c=2&cs=UTF-8", "H\xE1\xBB\x8Dp"},
		{"b=caf%E9&cs=ISO-8859-1&c=0", "caf\xC3\xA9"},
		{"b=caf%E9+%80&cs=WINDOWS-1252", "caf\xC3\xA9 \xE2\x82\xAC"},
		{"b=%05v%05nement&cs=GSM", "\xC3\xA9v\xC3\xA9nement"},
		{"b=%00+%1Be&cs=GSM-03.38", "@ \xE2\x82\xAC"},
		/* 8 bits of no declared meaning */
		{"b=caf%C3%A9&cs=8-BIT&c=1", "caf\xC3\xA9"},
		{"b=caf%C3%A9&c=1", "caf\xC3\xA9"},
		{"b=caf%E9+%00&cs=8-BIT&c=1", "caf\\xE9 \\x00"},
		{"b=caf%E9&cs=KOI8-R&c=0", "caf\\xE9"},
		{"b=caf%E9&cs=UTF-8&c=0", "caf" FFFD},
		{"b=&cs=UTF-8&c=0", ""},
		{"b=&c=2", ""},
		{"b&c=0", ""},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(
			r.a, "id=%zu&from=84900000007&%s", i, t[i].query);
		struct provider_inbound in = get(&r, arena_z(r.a, q));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->text, t[i].want);
	}
	rig_close(&r);
}

static void test_numbers(void **unused)
{
	static const struct {
		const char *from, *want;
	} t[] = {
		{"%2B84900000007", "+84900000007"},
		{"+84900000007", "+84900000007"}, /* + as it should not be */
		{"84900000007", "+84900000007"},
		{"0900000007", "+84900000007"},
		{"0084900000007", "+84900000007"},
		{"8088", "8088"},
		{"Viettel", "Viettel"},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(
			r.a, "id=1&b=x&from=%s&to=%s", t[i].from, t[i].from);
		struct provider_inbound in = get(&r, arena_z(r.a, q));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->from, t[i].want);
		rig_same(r.a, in.v->to, t[i].want);
	}
	rig_close(&r);
}

static void test_times(void **unused)
{
	static const struct {
		const char *ts;
		int64_t want_ms;
	} t[] = {
		{"1795329491", INT64_C(1795329491000)},
		{"2026-11-22+06:38:11", INT64_C(1795329491000)},
		{"2026-11-22T06:38:11Z", INT64_C(1795329491000)},
		{"2026-11-22+06:38", RIG_NOW_MS},
		{"2026-13-22+06:38:11", RIG_NOW_MS},
		{"soon", RIG_NOW_MS},
		{"", RIG_NOW_MS},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q =
			arena_printf(r.a, "id=1&b=x&from=8088&ts=%s", t[i].ts);

		assert_int_equal(
			get(&r, arena_z(r.a, q)).v->sent_at, t[i].want_ms);
	}
	rig_close(&r);
}

static void test_parts(void **unused)
{
	static const struct {
		const char *udh, *ref;
		int no, total;
	} t[] = {
		{"%05%00%03%2B%02%01", "2b", 1, 2},
		{"%06%08%04%01%2B%02%02", "012b", 2, 2},
		{"%03%24%01%01", NULL, 0, 0},
		{"%05%00%03%2B", NULL, 0, 0},
		{"", NULL, 0, 0},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str q = arena_printf(r.a,
			"id=1&b=x&from=8088&cs=8-BIT&c=1&udh=%s", t[i].udh);
		struct provider_inbound in = get(&r, arena_z(r.a, q));

		assert_int_equal(in.v->part_no, t[i].no);
		assert_int_equal(in.v->part_total, t[i].total);
		if (t[i].ref != NULL)
			rig_same(r.a, in.v->part_ref, t[i].ref);
		else
			assert_null(in.v->part_ref.p);
	}
	rig_close(&r);
}

/* The text as body; what the query lacks stands in headers. */
static void test_post(void **unused)
{
	static const struct provider_header h[] = {
		{STR("Content-Type"), STR("text/plain; charset=\"UTF-16BE\"")},
		{STR("X-Kannel-From"), STR("+84900000007")},
		{STR("X-Kannel-To"), STR("8088")},
		{STR("X-Kannel-Time"), STR("2026-11-22 06:38:11")},
		{STR("X-Kannel-UDH"), STR("%05%00%03%2B%02%01")},
		{STR("X-Kannel-Coding"), STR("2")},
	};
	struct rig r = open_plain();
	struct provider_request post = rig_post(STR("\0H\x1E\xCD\0p"));
	struct provider_inbound in;

	(void)unused;
	post.query = STR("id=abc");
	post.headers = h;
	post.headers_n = sizeof(h) / sizeof(h[0]);
	in = rig_parse(&r, post);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(r.a, in.v->provider_id, "abc");
	rig_same(r.a, in.v->from, "+84900000007");
	rig_same(r.a, in.v->to, "8088");
	rig_same(r.a, in.v->text, "H\xE1\xBB\x8Dp");
	rig_same(r.a, in.v->part_ref, "2b");
	assert_int_equal(in.v->part_total, 2);
	assert_int_equal(in.v->sent_at, INT64_C(1795329491000));
	rig_close(&r);
}

static void test_post_types(void **unused)
{
	static const struct {
		const char *type, *coding;
		struct str body;
		const char *want;
	} t[] = {
		{"text/plain; charset=\"UTF-8\"", NULL, STR("H\xE1\xBB\x8Dp"),
			"H\xE1\xBB\x8Dp"},
		{"text/plain;CHARSET=iso-8859-1 ", "0", STR("caf\xE9"),
			"caf\xC3\xA9"},
		{"text/plain", "0", STR("H\xE1\xBB\x8Dp"), "H\xE1\xBB\x8Dp"},
		{"text/plain", "2", STR("\0a"), "a"},
		{"application/octet-stream", "1", STR("caf\xE9"), "caf\\xE9"},
		{"text/plain; charset=\"", NULL, STR("a"), "a"},
		{NULL, NULL, STR("a+b%20"), "a+b%20"},
		{NULL, NULL, STR(""), ""},
	};
	struct rig r = open_plain();

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct provider_header h[] = {
			{STR("Content-Type"), str_of(t[i].type)},
			{STR("x-kannel-coding"), str_of(t[i].coding)},
		};
		struct provider_request post = rig_post(t[i].body);
		struct provider_inbound in;

		post.query = STR("id=1&from=8088");
		post.headers = h;
		post.headers_n = 2;
		in = rig_parse(&r, post);
		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->text, t[i].want);
	}
	rig_close(&r);
}

static void test_unreadable(void **unused)
{
	static const struct {
		const char *query, *says;
	} t[] = {
		{"id=1&b=x", "from=%q"},
		{"id=1&b=x&from=", "from=%q"},
		{"id=1&from=84900000007", "b=%b"},
		{"", "from=%q"},
		{"id=1&from=8088&b=%", "%XX"},
		{"id=1&from=8088&b=%4", "%XX"},
		{"id=1&from=8088&b=%zz", "%XX"},
	};
	struct rig r = open_plain();
	struct buf many;

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = get(&r, t[i].query);

		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_true(str_find(str_of(in.err.text), str_of(t[i].says),
				    0) >= 0);
	}
	buf_init(&many, 4096);
	for (int i = 0; i < 200; i++)
		buf_putz(&many, "b=x&");
	assert_int_equal(get(&r, buf_z(&many)).event, PROVIDER_UNREADABLE);
	buf_release(&many);
	rig_close(&r);
}

/* An id of its own, the same on a retry, another for another part. */
static void test_without_id(void **unused)
{
	static const char *const other[] = {
		"from=8088&b=y&ts=1795329491",
		"from=8089&b=x&ts=1795329491",
		"from=8088&b=x&ts=1795329492",
		"from=8088&b=x&ts=1795329491&udh=%05%00%03%2B%02%01",
		"from=8088&b=x&ts=1795329491&udh=%05%00%03%2B%02%02",
	};
	const char *const same = "from=8088&b=x&ts=1795329491";
	struct rig r = open_plain();
	struct str id[6];

	(void)unused;
	id[5] = get(&r, same).v->provider_id;
	assert_int_equal(id[5].n, 64);
	assert_true(str_eq(get(&r, same).v->provider_id, id[5]));
	for (size_t i = 0; i < 5; i++) {
		id[i] = get(&r, other[i]).v->provider_id;
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(id[i], id[k]));
		assert_false(str_eq(id[i], id[5]));
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
	buf_putz(&b, "from=8088&c=2&b=");
	for (int i = 0; i < 60000; i++)
		buf_putz(&b, "%1E%CD");
	in = get(&r, buf_z(&b));
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(in.v->text.n > PROVIDER_RAW_TEXT_MAX - 3);
	assert_true(str_is_utf8(in.v->text));
	buf_release(&b);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_post),
		cmocka_unit_test(test_post_types),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_without_id),
		cmocka_unit_test(test_huge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
