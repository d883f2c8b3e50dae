/*
 * generic, the way in, second half: XML bodies, parts of longer texts,
 * encodings and times by the map, other names of a field, huge and broken
 * bodies.
 */
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

static void test_xml(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {source: xml, id: '@id', text: body.text, "
		"time: '@at', time_format: '%Y-%m-%d %H:%M', time_offset: "
		"7}\n");
	struct provider_inbound in = rig_parse_z(&r,
		"<?xml version='1.0' encoding='UTF-8'?>\n"
		"<m:sms xmlns:m='urn:x' id='a1' at='2024-06-22 15:46'>\n"
		"  <sender>0912345678</sender>\n  <to>\n8041\n</to>\n"
		"  <body><text><![CDATA[HỌP 5/11 <47>]]> &amp; 35</text></body>"
		"\n</m:sms>");

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, 1);
	rig_same(r.a, in.v->provider_id, "a1");
	rig_same(r.a, in.v->from, "+84912345678");
	rig_same(r.a, in.v->to, "8041");
	rig_same(r.a, in.v->text, "HỌP 5/11 <47> & 35");
	assert_int_equal(in.v->sent_at, 1719045960000);
	in = rig_parse_z(&r, "<sms><from>0912345678</from><body>"
			     "<text/></body></sms>");
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.v->text.n, 0);
	assert_int_equal(in.v->provider_id.n, 64);
	assert_int_equal(in.v->sent_at, RIG_NOW_MS);
	rig_close(&r);
}

/* A byte that is no UTF-8 costs a character, not the text. */
static void test_xml_damaged(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, "inbound: {source: xml}\n");
	struct provider_inbound in =
		rig_parse_z(&r, "<m><from>0912345678</from><text>a\xFF"
				"b</text></m>");

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(r.a, in.v->text,
		"a\xEF\xBF\xBD"
		"b");
	rig_close(&r);
}

static struct provider_inbound parse_list(const struct rig *r, int n)
{
	struct provider_inbound in;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_putz(&b, "<r><l>");
	for (int i = 0; i < n; i++)
		buf_putf(&b,
			"<m id='%d'><from>0912345678</from>"
			"<text>t%d</text></m><noise/>",
			i, i);
	buf_putz(&b, "</l></r>");
	in = rig_parse(r, rig_post(buf_str(&b)));
	buf_release(&b);
	return in;
}

static void test_xml_list(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {source: xml, list: l.m, id: '@id'}\n");
	struct provider_inbound in = parse_list(&r, PROVIDER_BATCH_MAX);

	(void)unused;
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_int_equal(in.n, PROVIDER_BATCH_MAX);
	rig_same(r.a, in.v[0].text, "t0");
	rig_same(r.a, in.v[499].provider_id, "499");
	in = parse_list(&r, PROVIDER_BATCH_MAX + 1);
	assert_int_equal(in.event, PROVIDER_UNREADABLE);
	assert_non_null(strstr(in.err.text, "at most 500"));
	assert_int_equal(parse_list(&r, 0).event, PROVIDER_IGNORED);
	in = rig_parse_z(&r, "<r><l><m><from>1</from><text>a</text></m>"
			     "<m><from>1</from></m></l></r>");
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	assert_non_null(strstr(in.err.text, "message 2 has no text"));
	assert_int_equal(in.n, 1);
	assert_int_equal(in.left_out, 1);
	rig_close(&r);
}

static void test_xml_unreadable(void **unused)
{
	static const char *const t[] = {"", " ", "{}", "<m>", "<m/>",
		"<m><from>1</from></m>", "<m><from>1</from><text>a</text>",
		"<m><from>1</from><text>a</txt></m>",
		"<m><from/><text>a</text></m>",
		"<!DOCTYPE m [<!ENTITY t 'x'>]><m><text>&t;</text></m>",
		"<m><from>1</from><text>&nbsp;</text></m>"};
	struct rig r = rig_open("generic", TOKEN, "inbound: {source: xml}\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in = rig_parse_z(&r, t[i]);

		assert_int_equal(in.event, PROVIDER_UNREADABLE);
		assert_string_not_equal(in.err.text, "");
	}
	rig_close(&r);
}

/* Cut off anywhere, a body is unreadable and nothing worse. */
static void test_xml_truncated(void **unused)
{
	static const char whole[] =
		"<?xml version='1.0'?><m a='&lt;'><from>0912345678</from>"
		"<text><![CDATA[họp]]></text></m>";
	struct rig r = rig_open("generic", TOKEN, "inbound: {source: xml}\n");

	(void)unused;
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		assert_int_equal(
			rig_parse(&r, rig_post((struct str){whole, n})).event,
			PROVIDER_UNREADABLE);
	assert_int_equal(rig_parse_z(&r, whole).event, PROVIDER_MESSAGES);
	rig_close(&r);
}

static void test_parts(void **unused)
{
	static const struct {
		const char *fields, *id, *ref;
		int no, total;
	} t[] = {
		{"\"r\":\"c4\",\"n\":2,\"t\":\"3\"", "m1/2", "c4", 2, 3},
		{"\"r\":77,\"n\":\"1\",\"t\":255", "m1/1", "77", 1, 255},
		{"\"r\":\"c4\",\"n\":1,\"t\":1", "m1", NULL, 0, 0},
		{"\"r\":\"c4\",\"n\":4,\"t\":3", "m1", NULL, 0, 0},
		{"\"r\":\"c4\",\"n\":0,\"t\":3", "m1", NULL, 0, 0},
		{"\"r\":\"c4\",\"n\":-1,\"t\":3", "m1", NULL, 0, 0},
		{"\"r\":\"c4\",\"n\":1,\"t\":256", "m1", NULL, 0, 0},
		{"\"r\":\"\",\"n\":1,\"t\":2", "m1", NULL, 0, 0},
		{"\"r\":\"c4\",\"n\":1", "m1", NULL, 0, 0},
		{"\"r\":\"c4\",\"n\":\"one\",\"t\":2", "m1", NULL, 0, 0},
	};
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {part_ref: r, part_no: n, part_total: t}\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str body = arena_printf(r.a,
			"{\"id\":\"m1\",\"from\":\"0912345678\","
			"\"text\":\"a\",%s}",
			t[i].fields);
		struct provider_inbound in = rig_parse(&r, rig_post(body));

		assert_int_equal(in.event, PROVIDER_MESSAGES);
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

static void test_encodings(void **unused)
{
	static const struct {
		const char *encoding, *given, *want;
	} t[] = {
		{"utf16be-hex", "00681ECD0070", "họp"},
		{"utf16be-hex", "HOP 5/11", "HOP 5/11"},
		{"gsm7-hex", "0576056E656D656E74", "événement"},
		{"base64", "aOG7jXA%3D", "họp"},
		{"base64", "%2F%2F79", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"utf8", "h%E1%BB%8Dp", "họp"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct provider_inbound in;
		char yaml[100];
		struct rig r;

		snprintf(yaml, sizeof(yaml),
			"inbound: {source: form, encoding: %s}\n",
			t[i].encoding);
		r = rig_open("generic", TOKEN, yaml);
		in = rig_parse(
			&r, rig_post(arena_printf(r.a,
				    "from=0912345678&text=%s", t[i].given)));
		assert_int_equal(in.event, PROVIDER_MESSAGES);
		rig_same(r.a, in.v->text, t[i].want);
		rig_close(&r);
	}
}

static void test_names(void **unused)
{
	struct rig r = rig_open(
		"generic", TOKEN, "inbound: {text: 'clean | text|raw.t'}\n");
	struct provider_inbound in = rig_parse_z(&r,
		"{\"sender\":\"0912345678\",\"clean\":\"\",\"text\":\"b\"}");

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(r.a, in.v->from, "+84912345678");
	rig_same(r.a, in.v->text, "b");
	in = rig_parse_z(
		&r, "{\"from\":\"1\",\"sender\":\"2\",\"clean\":null}");
	assert_int_equal(in.event, PROVIDER_MESSAGES);
	rig_same(r.a, in.v->from, "1");
	assert_int_equal(in.v->text.n, 0);
	in = rig_parse_z(&r, "{\"from\":\"1\",\"raw\":{\"t\":\"c\"}}");
	rig_same(r.a, in.v->text, "c");
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_xml_damaged),
		cmocka_unit_test(test_xml_list),
		cmocka_unit_test(test_xml_unreadable),
		cmocka_unit_test(test_xml_truncated),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
