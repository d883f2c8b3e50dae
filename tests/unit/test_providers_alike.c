/*
 * What every provider owes, each in its own dialect: the same texts, senders,
 * ids and damage through all of provider_table, and the same answers of HTTP.
 * What is particular to one stands in its own file.
 */
#include "gateway/base/form.h"
#include "gateway/base/jdoc.h"
#include "gateway/providers/charset.h"
#include "tests/unit/provider_rig.h"

#include <stdlib.h>

#define TOKEN "0123456789abcdef0123456789abcdef"
#define SECRET "tops3cret-1234" /* Jasmin takes no more than 16 */
#define FFFD "\xEF\xBF\xBD"
#define GOOD STR("HOP MG07 5/11 47 35 10 2")

/* How a value stands in a callback. */
enum kind { FORM, QUERY, JSON, HEX, PAPER };

/* A text may be known by its words and the minute alone; what is no text
 * may be an error and no other event. */

/* @I, @F and @T are the text's id, sender and words. */
static const struct dialect {
	const char *provider, *yaml, *text, *other;
	enum kind kind;
	enum { PLAIN, NO_ID, NO_EVENTS } has;
} dialects[] = {
	{"africastalking", "username: u\napi_key: " SECRET "\n",
		"date=2024-06-22T08:46:10Z&id=@I&from=@F&x=1&to=8088&text=@T",
		"phoneNumber=84912345678&action=unsubscribe", FORM, PLAIN},
	{"console", "{}\n",
		"{\"x\":[1],\"id\":\"@I\",\"text\":\"@T\",\"from\":\"@F\"}",
		"{\"x\":1}", JSON, NO_EVENTS},
	{"esms", "api_key: 12345678\nsecret_key: " SECRET "\nsms_type: 8\n",
		"smsid=@I&x=&content=@T&serviceNumber=8041&sender=@F", "x=1",
		QUERY, NO_EVENTS},
	{"gammu", "database: d\n",
		"{\"inbox\":{\"id\":@I,\"text\":\"@T\",\"x\":null,"
		"\"sender\":\"@F\",\"received\":\"2024-06-22 15:46:11\"}}",
		"{\"inbox\":{\"id\":7,\"class\":127,\"text\":\"so du\"}}", JSON,
		PLAIN},
	{"generic",
		"inbound: {source: json}\noutbound: {url: 'http://h/s', body: "
		"'{text}', bearer: " SECRET ", success: {path: "
		"code, values: ['0']}}\n",
		"{\"x\":{},\"id\":\"@I\",\"text\":\"@T\",\"from\":\"@F\"}",
		"{\"x\":1}", JSON, NO_EVENTS},
	{"infobip", "url: http://h\napi_key: " SECRET "\nsender: a\n",
		"{\"messageCount\":1,\"results\":[{\"text\":\"@T\",\"price\":"
		"{\"pricePerMessage\":0.1},\"from\":\"@F\",\"messageId\":"
		"\"@I\"}]}",
		"{\"results\":[]}", JSON, PLAIN},
	{"jasmin", "url: http://h\nusername: u\npassword: " SECRET "\n",
		"coding=8&binary=@T&x=1&from=@F&to=8088&id=@I", "x=1", HEX,
		NO_EVENTS},
	{"kannel", "url: http://h\nusername: u\npassword: " SECRET "\n",
		"cs=UTF-8&b=@T&x=1&from=@F&to=8088&id=@I", "x=1", QUERY,
		NO_EVENTS},
	{"smsgate", "url: http://h\nusername: u\npassword: " SECRET "\n",
		"{\"payload\":{\"x\":1,\"message\":\"@T\",\"sender\":\"@F\"},"
		"\"id\":\"@I\",\"event\":\"sms:received\"}",
		"{\"event\":\"system:ping\",\"id\":\"1\",\"payload\":{}}", JSON,
		PLAIN},
	{"smstools", "folder: /spool\n",
		"X: @I\nFrom: @F\nAlphabet: UTF-8\n\n@T",
		"Alphabet: UTF-8\n\nx", PAPER, NO_EVENTS},
	{"speedsms", "access_token: " SECRET "\n",
		"{\"content\":\"@T\",\"x\":[],\"phone\":\"@F\",\"type\":"
		"\"sms\"}",
		"{\"type\":\"ping\"}", JSON, NO_ID},
	{"twilio", "account_sid: AC123\nauth_token: " SECRET "\nsender: name\n",
		"SmsStatus=received&Body=@T&x=&From=@F&To=8088&MessageSid=@I",
		"CallSid=CA1&CallStatus=ringing", FORM, PLAIN},
	{"vonage", "api_key: abcd1234\napi_secret: " SECRET "\nsender: a\n",
		"type=unicode&text=@T&x=1&msisdn=@F&to=8088&messageId=@I",
		"x=1", FORM, PLAIN},
};
#define DIALECTS_N (sizeof(dialects) / sizeof(dialects[0]))

static struct rig open_channel(const struct dialect *d)
{
	struct rig r = rig_open(d->provider, TOKEN, d->yaml);

	if (r.rc != 0)
		fail_msg("%s: %s", d->provider, r.d->v[0].text);
	return r;
}

/* ---- callbacks ---- */

struct said {
	struct str id, from, text;
};

static void put(struct buf *b, enum kind kind, struct str v, struct arena *a)
{
	const struct str wide = kind == HEX ? charset_utf16be(v, a) : v;

	if (kind == FORM || kind == QUERY)
		form_escape(b, v);
	else if (kind == JSON)
		jdoc_escape(b, v);
	else if (kind == PAPER)
		buf_put(b, v);
	for (size_t i = 0; kind == HEX && i < wide.n; i++)
		buf_putf(b, "%02X", (unsigned char)wide.p[i]);
}

static struct str spell(
	const struct dialect *d, const struct said *s, struct arena *a)
{
	const enum kind names = d->kind == HEX ? QUERY : d->kind;
	struct str ret;
	struct buf b;

	buf_init(&b, 4 << 20);
	for (const char *p = d->text; *p != '\0'; p++) {
		if (*p != '@') {
			buf_putc(&b, *p);
			continue;
		}
		p++;
		put(&b, *p == 'T' ? d->kind : names,
			*p == 'I'   ? s->id
			: *p == 'F' ? s->from
				    : s->text,
			a);
	}
	ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

static struct provider_inbound hand_over(
	const struct rig *r, const struct dialect *d, struct str raw)
{
	const struct provider_file file = {.name = STR("GSM1.fNdO2y")};
	struct provider_request q = rig_post(raw);

	if (d->kind == QUERY || d->kind == HEX) {
		q.method = STR("GET");
		q.query = raw;
		q.body = STR("");
	}
	q.file = d->kind == PAPER ? &file : NULL;
	return rig_parse(r, q);
}

static struct provider_inbound bring(
	const struct rig *r, const struct dialect *d, const struct said *s)
{
	return hand_over(r, d, spell(d, s, r->a));
}

static void assert_message(const struct dialect *d,
	const struct provider_inbound *in, struct str from, struct str text)
{
	if (in->event != PROVIDER_MESSAGES || in->n != 1)
		fail_msg("%s: no text but event %d: %s", d->provider,
			(int)in->event, in->err.text);
	if (!str_eq(in->v->text, text) || !str_eq(in->v->from, from))
		fail_msg("%s: '" STR_FMT "' of '" STR_FMT "', not '" STR_FMT
			 "' of '" STR_FMT "'",
			d->provider, STR_ARG(in->v->text), STR_ARG(in->v->from),
			STR_ARG(text), STR_ARG(from));
	assert_true(in->v->provider_id.n > 0);
	assert_true(in->v->sent_at > 0);
}

/* But those that have USSD alone: test_providers_ussd.c. */
static void test_nobody_is_missing(void **unused)
{
	size_t n = 0;

	(void)unused;
	for (size_t i = 0; i < provider_table_n; i++) {
		if (provider_table[i]->parse_inbound == NULL) {
			assert_non_null(provider_table[i]->ussd);
			continue;
		}
		assert_true(n < DIALECTS_N);
		assert_string_equal(
			dialects[n++].provider, provider_table[i]->name);
	}
	assert_int_equal(n, DIALECTS_N);
}

/* As UCS-2 and as GSM-7 has them, and what each dialect must escape. */
static void test_texts(void **unused)
{
	static const struct str texts[] = {
		GOOD,
		STR("H\xE1\xBB\x8Dp ph\xE1\xBB\xA5 n\xE1\xBB\xAF 35 \xC4\x90"),
		STR("\xC3\xA0 \xC3\xA8 \xC3\xA9 \xC3\xAC \xC3\xB2 \xC3\xB9"),
		STR("\xF0\x9F\x98\x80 {}[]~^|\\ \xE2\x82\xAC @$_"),
		STR("a&b=c+d%41;<x>\"'\t/\ne?#"),
		STR("%2B84 %zz % +"),
		STR(""),
	};
	const struct str from = STR("+84912345678");

	(void)unused;
	for (size_t i = 0; i < DIALECTS_N; i++) {
		struct rig r = open_channel(&dialects[i]);

		for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
			const struct said s = {STR("7"), from, texts[k]};
			struct provider_inbound in =
				bring(&r, &dialects[i], &s);

			assert_message(&dialects[i], &in, from, texts[k]);
		}
		rig_close(&r);
	}
}

static void test_senders(void **unused)
{
	static const struct {
		struct str from, want;
	} t[] = {
		{STR("84912345678"), STR("+84912345678")},
		{STR("+84912345678"), STR("+84912345678")},
		{STR("0912345678"), STR("+84912345678")},
		{STR("01687654321"), STR("+84387654321")},
		{STR("Viettel"), STR("Viettel")},
		{STR("QLDV-TB"), STR("QLDV-TB")},
		{STR("195"), STR("195")},
	};

	(void)unused;
	for (size_t i = 0; i < DIALECTS_N; i++) {
		struct rig r = open_channel(&dialects[i]);

		for (size_t k = 0; k < sizeof(t) / sizeof(t[0]); k++) {
			const struct said s = {STR("7"), t[k].from, GOOD};
			struct provider_inbound in =
				bring(&r, &dialects[i], &s);

			assert_message(&dialects[i], &in, t[k].want, GOOD);
		}
		rig_close(&r);
	}
}

static void test_duplicates(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < DIALECTS_N; i++) {
		const struct dialect *d = &dialects[i];
		struct rig r = open_channel(d);
		struct said s = {STR("7"), STR("84912345678"), GOOD};
		struct str one = bring(&r, d, &s).v->provider_id;
		struct str again = bring(&r, d, &s).v->provider_id;

		assert_true(str_eq(one, again));
		s.id = STR("8");
		if (d->has != NO_ID)
			assert_false(
				str_eq(one, bring(&r, d, &s).v->provider_id));
		rig_close(&r);
	}
}

/* A good one is had from the whole of it at most; nothing crashes. */
static void test_truncated(void **unused)
{
	const struct said s = {STR("7"), STR("84912345678"), GOOD};

	(void)unused;
	for (size_t i = 0; i < DIALECTS_N; i++) {
		const struct dialect *d = &dialects[i];
		struct rig r = open_channel(d);
		const struct str whole = spell(d, &s, r.a);

		for (size_t n = 0; n < whole.n; n++) {
			/* Of its own size, so that a look behind it is seen. */
			char *p = malloc(n + 1);
			struct provider_inbound in;

			memcpy(p, whole.p, n);
			in = hand_over(&r, d, (struct str){p, n});
			if (in.event == PROVIDER_UNREADABLE)
				assert_string_not_equal(in.err.text, "");
			else
				assert_true(d->kind != JSON);
			for (size_t k = 0; k < in.n; k++)
				assert_true(str_is_utf8(in.v[k].text));
			free(p);
		}
		rig_close(&r);
	}
}

static void test_huge(void **unused)
{
	const size_t many = 60000;
	char *p = malloc(3 * many);

	(void)unused;
	for (size_t i = 0; i < 3 * many; i++)
		p[i] = "\xE1\xBB\x8D"[i % 3];
	for (size_t i = 0; i < DIALECTS_N; i++) {
		const struct said s = {
			STR("7"), STR("84912345678"), {p, 3 * many}};
		struct rig r = open_channel(&dialects[i]);
		struct provider_inbound in = bring(&r, &dialects[i], &s);

		assert_int_equal(in.event, PROVIDER_MESSAGES);
		assert_true(in.v->text.n <= PROVIDER_RAW_TEXT_MAX);
		assert_true(in.v->text.n > PROVIDER_RAW_TEXT_MAX - 3);
		assert_true(str_is_utf8(in.v->text));
		rig_close(&r);
	}
	free(p);
}

/* Huge ids stay apart; what is no character costs itself alone. */
static void test_damaged(void **unused)
{
	const struct str bad = {"a\0b\xFF", 4};
	char id[300];

	(void)unused;
	memset(id, '7', sizeof(id));
	for (size_t i = 0; i < DIALECTS_N; i++) {
		const struct dialect *d = &dialects[i];
		struct rig r = open_channel(d);
		struct said s = {{id, sizeof(id)}, STR("84912345678"), bad};
		struct provider_inbound in;
		struct str one;

		if (d->kind == HEX || strcmp(d->provider, "gammu") == 0)
			s.id = STR("7");
		in = bring(&r, d, &s);
		if (d->kind != HEX && d->kind != JSON)
			assert_message(d, &in, STR("+84912345678"),
				STR("a" FFFD "b" FFFD));
		assert_int_equal(in.event, PROVIDER_MESSAGES);
		one = in.v->provider_id;
		assert_true(one.n <= PROVIDER_ID_MAX);
		s.id.n--;
		if (d->has != NO_ID && s.id.n > 0)
			assert_false(
				str_eq(one, bring(&r, d, &s).v->provider_id));
		rig_close(&r);
	}
}

static void test_other_events(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < DIALECTS_N; i++) {
		const struct dialect *d = &dialects[i];
		struct rig r = open_channel(d);
		struct provider_inbound in = hand_over(&r, d, str_of(d->other));

		assert_int_equal(in.event, d->has == NO_EVENTS
						   ? PROVIDER_UNREADABLE
						   : PROVIDER_IGNORED);
		rig_close(&r);
	}
}

/* ---- answers ---- */

static const struct answer {
	int status;
	bool unsent;
	enum provider_verdict_kind want, also;
} answers[] = {
	{200, false, PROVIDER_UNKNOWN, PROVIDER_UNKNOWN},
	{302, false, PROVIDER_TEMPORARY, PROVIDER_TEMPORARY},
	{400, false, PROVIDER_PERMANENT, PROVIDER_PERMANENT},
	{401, false, PROVIDER_TEMPORARY, PROVIDER_TEMPORARY},
	{404, false, PROVIDER_TEMPORARY, PROVIDER_TEMPORARY},
	{429, false, PROVIDER_THROTTLED, PROVIDER_THROTTLED},
	{500, false, PROVIDER_TEMPORARY, PROVIDER_TEMPORARY},
	{503, false, PROVIDER_THROTTLED, PROVIDER_TEMPORARY},
	{504, false, PROVIDER_UNKNOWN, PROVIDER_UNKNOWN},
	{0, false, PROVIDER_UNKNOWN, PROVIDER_UNKNOWN},
	{0, true, PROVIDER_TEMPORARY, PROVIDER_TEMPORARY},
};

static void check_answer(const struct rig *r, const struct answer *t)
{
	const struct provider_response a = {
		.status = t->status,
		.unsent = t->unsent,
		.body = t->status == 0 ? STR("") : STR("<p>no: " SECRET),
		.retry_after = t->status == 429 ? STR("17") : STR(""),
		.now_ms = RIG_NOW_MS,
	};
	const struct provider_verdict v =
		r->p->parse_send_response(r->state, &a, r->a);

	if (v.kind != t->want && v.kind != t->also)
		fail_msg("%s: %d is %d", r->p->name, t->status, (int)v.kind);
	if (v.why.n == 0 || str_find(v.why, STR(SECRET), 0) >= 0)
		fail_msg("%s: %d says '" STR_FMT "'", r->p->name, t->status,
			STR_ARG(v.why));
	if (t->status == 429)
		assert_int_equal(v.retry_after_s, 17);
}

/* HTTP is HTTP, whatever stands in the body; and secrets are not told. */
static void test_answers(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < DIALECTS_N; i++) {
		struct rig r = open_channel(&dialects[i]);
		const bool http = r.p->parse_send_response != NULL &&
				  r.p->modem == NULL &&
				  strcmp(r.p->name, "console") != 0;

		for (size_t k = 0;
			http && k < sizeof(answers) / sizeof(answers[0]); k++)
			check_answer(&r, &answers[k]);
		rig_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_is_missing),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_other_events),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
