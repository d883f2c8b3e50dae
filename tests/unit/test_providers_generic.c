/*
 * generic and console, the way in: field maps, times, ids, damaged input.
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

static void test_json(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct provider_inbound in = rig_parse_z(&r,
		"{\"id\":\"a1\",\"from\":\"0912345678\",\"to\":\"8041\","
		"\"text\":\"HOP "
		"5/11\",\"time\":\"2024-06-22T15:46:11+07:00\"}");

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 1);
	rig_same(r.a, in.v->provider_id, "a1");
	rig_same(r.a, in.v->from, "+84912345678");
	rig_same(r.a, in.v->to, "8041");
	rig_same(r.a, in.v->text, "HOP 5/11");
	assert_int_equal(in.v->sent_at, RIG_NOW_MS);
	rig_close(&r);
}

static void test_times(void **unused)
{
	static const struct {
		const char *time;
		int64_t want;
	} t[] = {
		{"1719045000", 1719045000000},
		{"1719045000123", 1719045000123},
		{"\"1719045000\"", 1719045000000},
		{"1719045000.75", 1719045000000},
		{"\"2024-06-22T08:30:00Z\"", 1719045000000},
		{"99999999999", 99999999999000},
		{"100000000000", 100000000000},
		{"\"soon\"", RIG_NOW_MS},
		{"null", RIG_NOW_MS},
		{"{}", RIG_NOW_MS},
		{"-5", RIG_NOW_MS},
		{"0", RIG_NOW_MS},
		{"9223372036854775807", RIG_NOW_MS},
	};
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str body = arena_printf(r.a,
			"{\"id\":\"1\",\"from\":\"0912345678\",\"text\":\"a\","
			"\"time\":%s}",
			t[i].time);
		struct provider_inbound in = rig_parse(&r, rig_post(body));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_int_equal(in.v->sent_at, t[i].want);
	}
	rig_close(&r);
}

static void test_batch(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {list: data.results, id: messageId, from: src.nr, "
		"text: 'body[0].t', time: ''}\n");
	struct provider_inbound in = rig_parse_z(&r,
		"{\"data\":{\"results\":["
		"{\"messageId\":1,\"src\":{\"nr\":84912345678},"
		"\"body\":[{\"t\":\"one\"}]},"
		"{\"messageId\":2,\"src\":{\"nr\":\"84912345679\"},"
		"\"body\":[{\"t\":2}]}]}}");

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 2);
	rig_same(r.a, in.v[0].provider_id, "1");
	rig_same(r.a, in.v[0].from, "+84912345678");
	rig_same(r.a, in.v[0].text, "one");
	rig_same(r.a, in.v[1].text, "2");
	in = rig_parse_z(&r, "{\"data\":{\"results\":[]}}");
	assert_int_equal(in.event, PROVIDER_IGNORED);
	in = rig_parse_z(&r, "{\"data\":{\"results\":[{\"messageId\":1}]}}");
	assert_int_equal(in.event, PROVIDER_UNREADABLE);
	assert_non_null(strstr(in.err.text, "message 1 has no from"));
	rig_close(&r);
}

static struct provider_inbound parse_batch_of(const struct rig *r, int n)
{
	struct provider_inbound in;
	struct buf b;
	int i;

	buf_init(&b, 1 << 20);
	for (i = 0; i < n; i++)
		buf_putf(&b, "%c{\"from\":\"0912345678\",\"text\":\"%d\"}",
			i == 0 ? '[' : ',', i);
	buf_putc(&b, ']');
	in = rig_parse(r, rig_post(buf_str(&b)));
	buf_release(&b);
	return in;
}

static void test_batch_limit(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct provider_inbound in = parse_batch_of(&r, PROVIDER_BATCH_MAX);

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, PROVIDER_BATCH_MAX);
	in = parse_batch_of(&r, PROVIDER_BATCH_MAX + 1);
	assert_int_equal(in.event, PROVIDER_UNREADABLE);
	assert_non_null(strstr(in.err.text, "at most 500"));
	rig_close(&r);
}

static struct str id_of(const struct rig *r, const char *body, int64_t now_ms)
{
	struct provider_request request = rig_post(str_of(body));
	struct provider_inbound in;

	request.now_ms = now_ms;
	in = rig_parse(r, request);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	return in.v->provider_id;
}

static void test_missing_id(void **unused)
{
	static const char plain[] = "{\"from\":\"0912345678\",\"text\":\"a\"}";
	static const char timed[] =
		"{\"from\":\"0912345678\",\"text\":\"a\",\"time\":1719045000}";
	static const char other[] = "{\"from\":\"0912345678\",\"text\":\"b\"}";
	const int64_t minute = RIG_NOW_MS / 60000 * 60000;
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct str id = id_of(&r, plain, minute);

	(void)unused;
	assert_int_equal(id.n, 64);
	assert_true(str_eq(id, id_of(&r, plain, minute + 59999)));
	assert_false(str_eq(id, id_of(&r, plain, minute + 60000)));
	assert_false(str_eq(id, id_of(&r, other, minute)));
	assert_true(str_eq(
		id_of(&r, timed, minute), id_of(&r, timed, minute + 600000)));
	rig_close(&r);
}

static void test_long_id_stays_unique(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	char fill[PROVIDER_ID_MAX + 1];
	struct str ids[2];
	int i;

	(void)unused;
	memset(fill, 'x', sizeof(fill));
	for (i = 0; i < 2; i++)
		ids[i] = id_of(&r,
			arena_printf(r.a,
				"{\"id\":\"%.*s%d\",\"from\":\"0912345678\","
				"\"text\":\"a\"}",
				(int)sizeof(fill), fill, i)
				.p,
			RIG_NOW_MS);
	assert_true(ids[0].n <= PROVIDER_ID_MAX);
	assert_false(str_eq(ids[0], ids[1]));
	rig_close(&r);
}

static void test_form_and_query(void **unused)
{
	struct rig form = rig_open("generic", TOKEN,
		"inbound: {source: form, id: MessageSid, from: From, to: To, "
		"text: Body, time: ''}\n");
	struct rig query = rig_open(
		"generic", TOKEN, "inbound: {source: query, from: sender}\n");
	struct provider_inbound in =
		rig_parse_z(&form, "MessageSid=SM1&From=%2B84912345678&To=8041"
				   "&Body=h%E1%BB%8Dp+35%00%ff");
	struct provider_request get = {
		.method = STR("GET"),
		.query = STR("id=9&sender=+84912345678&text=GIA%20LUA"),
		.now_ms = RIG_NOW_MS,
	};

	(void)unused;
	assert_int_equal(form.rc, 0);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(form.a, in.v->provider_id, "SM1");
	rig_same(form.a, in.v->from, "+84912345678");
	rig_same(form.a, in.v->text, "họp 35\xEF\xBF\xBD\xEF\xBF\xBD");
	in = rig_parse(&query, get);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(query.a, in.v->from, "+84912345678");
	rig_same(query.a, in.v->text, "GIA LUA");
	assert_true(provider_takes_method(query.p, query.state, &get));
	assert_false(provider_takes_method(form.p, form.state, &get));
	get.method = STR("POST");
	assert_true(provider_takes_method(form.p, form.state, &get));
	rig_close(&form);
	rig_close(&query);
}

static void test_unreadable(void **unused)
{
	static const struct {
		const char *source, *body;
	} t[] = {
		{"json", ""},
		{"json", "{\"from\":\"0912345678\",\"text\":\"a\""},
		{"json", "\"a\""},
		{"json", "{}"},
		{"json", "{\"from\":\"0912345678\"}"},
		{"json", "{\"from\":\"0912345678\",\"text\":[1]}"},
		{"json", "{\"from\":{},\"text\":\"a\"}"},
		{"json", "{\"from\":\"\",\"text\":\"a\"}"},
		{"json", "[{\"from\":\"1\"},{\"text\":\"a\"}]"},
		{"json", "[1]"},
		{"json", "[[]]"},
		{"form", ""},
		{"form", "from=1"},
		{"form", "from=1&text=%zz"},
		{"form", "from=1&text=%4"},
	};
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char yaml[64];
		struct provider_inbound in;
		struct rig r;

		(void)snprintf(yaml, sizeof(yaml), "inbound: {source: %s}\n",
			t[i].source);
		r = rig_open("generic", TOKEN, yaml);
		in = rig_parse_z(&r, t[i].body);
		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_string_not_equal(in.err.text, "");
		rig_close(&r);
	}
}

/* What is legal JSON, whatever our own numbers hold. */
static void test_numbers_of_others(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct provider_inbound in = rig_parse_z(&r,
		"{\"id\":18446744073709551615,\"from\":\"0912345678\","
		"\"seq\":1e400,\"text\":\"x\",\"text\":\"GIA 1\"}");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(r.a, in.v->provider_id, "18446744073709551615");
	rig_same(r.a, in.v->text, "GIA 1");
	rig_close(&r);
}

/* One without a text does not keep the others out. */
static void test_batch_with_a_bad_one(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct provider_inbound in = rig_parse_z(&r,
		"[{\"id\":\"a\",\"from\":\"1\",\"text\":\"x\"},"
		"{\"id\":\"b\",\"from\":\"1\"},7,"
		"{\"id\":\"c\",\"from\":\"1\",\"text\":\"y\"}]");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 2);
	rig_same(r.a, in.v[0].provider_id, "a");
	rig_same(r.a, in.v[1].provider_id, "c");
	assert_int_equal(in.left_out, 2);
	assert_non_null(strstr(in.err.text, "message 2 has no text"));
	rig_close(&r);
}

static void test_huge_text_is_cut(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, CONTRACT);
	struct provider_inbound in;
	struct buf b;
	int i;

	(void)unused;
	buf_init(&b, 1 << 20);
	buf_putz(&b, "{\"from\":\"0912345678\",\"text\":\"x");
	for (i = 0; i < PROVIDER_RAW_TEXT_MAX; i++)
		buf_putz(&b, "ạ");
	buf_putz(&b, "\"}");
	in = rig_parse(&r, rig_post(buf_str(&b)));
	buf_release(&b);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
	assert_true(in.v->text.n > PROVIDER_RAW_TEXT_MAX - 3);
	assert_true(str_is_utf8(in.v->text));
	rig_close(&r);
}

static void test_needs_a_guard(void **unused)
{
	struct rig in = rig_open("generic", NULL, "inbound: {}\n");
	struct rig out =
		rig_open("generic", NULL, "outbound: {url: 'http://h/'}\n");
	struct provider_request request = rig_post(STR("{}"));

	(void)unused;
	assert_int_equal(in.rc, -1);
	assert_int_equal(out.rc, 0);
	assert_int_equal(
		out.p->verify(out.state, &request), PROVIDER_VERIFY_REFUSED);
	rig_close(&in);
	rig_close(&out);
}

static void test_console(void **unused)
{
	struct rig r = rig_open("console", TOKEN, "{}\n");
	struct provider_inbound in = rig_parse_z(
		&r, "{\"from\":\"0900000007\",\"text\":\"HOP 5/11\"}");
	struct provider_call call =
		rig_build(&r, (struct provider_outgoing){0});

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(r.a, in.v->from, "+84900000007");
	assert_int_equal(in.v->provider_id.n, 64);
	assert_true(call.local);
	assert_int_equal(rig_answer(&r, 200, "", NULL).kind, PROVIDER_OK);
	assert_int_equal(
		rig_parse_z(&r, "{\"text\":\"a\"}").event, PROVIDER_UNREADABLE);
	rig_close(&r);
}

static void test_find(void **unused)
{
	size_t i;

	(void)unused;
	for (i = 0; i < provider_table_n; i++)
		assert_ptr_equal(provider_find(str_of(provider_table[i]->name)),
			provider_table[i]);
	assert_null(provider_find(STR("pigeon")));
	assert_null(provider_find((struct str){NULL, 0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_batch_limit),
		cmocka_unit_test(test_missing_id),
		cmocka_unit_test(test_long_id_stays_unique),
		cmocka_unit_test(test_form_and_query),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_numbers_of_others),
		cmocka_unit_test(test_batch_with_a_bad_one),
		cmocka_unit_test(test_huge_text_is_cut),
		cmocka_unit_test(test_needs_a_guard),
		cmocka_unit_test(test_console),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
