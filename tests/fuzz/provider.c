/*
 * provider: every provider of the table takes any callback and any answer:
 * messages and hops of USSD come out whole (an id, a text in UTF-8), the same
 * each time, or the reason is said. The first byte chooses the channel, the
 * second what is done with it.
 */
#include "tests/fuzz/fuzz.h"

#include "gateway/settings.h"

#include <stdio.h>

#define NOW_MS INT64_C(1794000000000)
#define TOKEN "token: 0123456789abcdef0123456789abcdef"
#define CONFIG_MAX ((size_t)1 << 16)

static struct settings *set;

/* Other ways of the same provider. */
static const char more[] =
	"- {name: form, provider: generic, " TOKEN
	", inbound: {source: form}}\n"
	"- {name: query, provider: generic, " TOKEN
	", inbound: {source: query}}\n"
	"- {name: list, provider: generic, " TOKEN
	", inbound: {list: 'a.b[0]', id: 'x.id'}, outbound: {url: "
	"'http://127.0.0.1:1/?t={text}&u={unicode}&to={to_national}', "
	"type: 'application/xml', body: '<a>{text}</a>', ref: 'a[0].id', "
	"accept: [200, 202]}}\n"
	"- {name: signed, provider: smsgate, " TOKEN
	", signing_key: 12345678, url: 'http://127.0.0.1:1'}\n"
	"- {name: smsc, provider: kannel, " TOKEN
	", url: 'http://127.0.0.1:1', username: u, password: p}\n"
	"- {name: smpp, provider: jasmin, " TOKEN
	", url: 'http://127.0.0.1:1', username: u, password: secret, tags: a, "
	"priority: 1, dlr_level: 1}\n"
	"- {name: speed, provider: speedsms, " TOKEN
	", url: 'http://127.0.0.1:1', access_token: '12345678'}\n"
	"- {name: at, provider: africastalking, " TOKEN
	", url: 'http://127.0.0.1:1', username: u, api_key: '12345678'}\n"
	"- {name: ga, provider: gammu, database: d, phone_id: a}\n"
	"- {name: es, provider: esms, " TOKEN
	", url: 'http://127.0.0.1:1', api_key: '12345678', secret_key: "
	"'12345678', brandname: A, private_key: '12345678', cpid: '100'}\n"
	"- {name: ib, provider: infobip, " TOKEN
	", url: 'http://127.0.0.1:1', api_key: k, sender: A, "
	"callback_username: u, callback_password: 0123456789abcdef}\n"
	"- {name: bear, provider: infobip, " TOKEN
	", url: 'http://127.0.0.1:1', username: u, password: p, sender: A, "
	"report_by: profile, callback_bearer: 0123456789abcdef}\n"
	"- {name: vo, provider: vonage, " TOKEN
	", url: 'http://127.0.0.1:1', api_key: k, api_secret: s, sender: A, "
	"signature_secret: '12345678'}\n"
	"- {name: hash, provider: vonage, " TOKEN
	", signature_secret: '12345678', signature_method: md5hash}\n"
	"- {name: names, provider: twilio, " TOKEN
	", url: 'http://127.0.0.1:1', account_sid: AC1, auth_token: '12345', "
	"sender: MG0123456789abcdef0123456789abcdef, api_key: SK1, "
	"api_secret: secret}\n"
	"- {name: wide, provider: kannel, " TOKEN
	", url: 'http://127.0.0.1:1', username: u, password: p, charset: "
	"utf-16be, callback_username: u, callback_password: "
	"0123456789abcdef}\n"
	"- {name: xml, provider: generic, " TOKEN
	", inbound: {source: xml, list: a.sms, id: '@id', text: 'b[0].text', "
	"encoding: utf16be-hex, time: '@at', time_format: '%Y-%m-%d "
	"%H:%M:%S', time_offset: 7, part_ref: p.@r, part_no: p.@n, "
	"part_total: p.@t, reply: {type: text/xml, body: <ok/>}}, dlr: "
	"{source: xml, id: '@id', status: '@state', error: why, part: '@n', "
	"parts: '@t', states: {DELIVRD: delivered}}, outbound: {url: "
	"'http://127.0.0.1:1/', type: text/xml, headers: {X-T: '{text}'}, "
	"body: '<a t=\"{text_b64}\" r=\"{dlr_url}\" v=\"{valid_s}\"/>', "
	"success: {path: '@code', values: ['0'], retry: ['1']}, ref: a.@id, "
	"error: why}}\n"
	"- {name: hmac, provider: generic, " TOKEN
	", inbound: {list: results, part_ref: r, part_no: n, part_total: t, "
	"time_format: epoch-ms, signature: {key: '12345678', over: "
	"'{timestamp}.{body}{url}{query}', header: X-Signature, "
	"timestamp_header: X-Timestamp}}, dlr: {list: results, own_id: o, "
	"to: to, event: e, part: n, parts: t, states: {'1': delivered, "
	"DELIVRD: sent}}, outbound: {url: "
	"'http://127.0.0.1:1/{text_hex_utf16be}', method: PUT, body: "
	"'{\"t\":\"{text}\"}', bearer: b, success: {path: 'a[0].status', "
	"values: ['0']}, ref: 'a[0].id', error: e, idempotent: true}}\n"
	"- {name: plain, provider: generic, " TOKEN
	", inbound: {source: form, encoding: base64, username: u, password: "
	"'12345678', secret: '12345678', secret_field: s, signature: "
	"{algorithm: md5-plain, encoding: base64, key: '12345678', over: "
	"'{field:from}{header:Accept}{secret}', field: sign, prefix: a, "
	"timestamp_field: time}}, dlr: {source: form, states: {a: failed}, "
	"time_format: '%y%m%d%H%M'}, outbound: {url: 'http://127.0.0.1:1/', "
	"type: text/plain, body: '{text}', success: {contains: ok}, "
	"ref_after: 'id: ', ref_before: ';', retryable: [420]}}\n"
	"- {name: dial, provider: generic, " TOKEN
	", ussd: {source: query, session: s, phone: p, input: i, cumulative: "
	"true}}\n"
	"- {name: menu, provider: generic, " TOKEN
	", ussd: {session: a.s, phone: 'p|q', code: c, input: i, sequence: n, "
	"event: t, begins: [b], ends: [e], type: application/json, goes_on: "
	"'{\"m\":\"{text}\",\"s\":\"{id}\",\"c\":\"{from}\"}'}}\n"
	"- {name: gsm, provider: generic, " TOKEN
	", inbound: {source: query, encoding: gsm7-hex, time_format: "
	"rfc3339}, dlr: {source: query, unsigned: true, status: d, states: "
	"{'1': delivered}}, outbound: {url: 'http://127.0.0.1:1/?{text}', "
	"method: GET, ref_after: '-'}}\n";

static void put_value(struct buf *b, const struct option *o)
{
	struct str choices = str_of(o->choices), first;

	if (o->type == OPTION_URL)
		buf_putz(b, "'http://127.0.0.1:1'");
	else if (strcmp(o->name, "account_sid") == 0)
		buf_putz(b, "AC0123456789abcdef0123456789abcdef");
	else if (o->type == OPTION_PHONE)
		buf_putz(b, "'+84900000001'");
	else if (o->type == OPTION_INT)
		buf_putf(b, "%lld", (long long)(o->min > 0 ? o->min : 1));
	else if (o->type == OPTION_BOOL)
		buf_putz(b, "true");
	else if (o->type == OPTION_ENUM && str_next(&choices, '|', &first))
		buf_put(b, first);
	else
		buf_putz(b, "abcdefgh01234567abcdefgh01234567");
}

/* What a provider's table says that a channel must have. */
static void put_channel(struct buf *b, const struct provider *p)
{
	buf_putf(b, "- {name: %s, provider: %s, " TOKEN, p->name, p->name);
	for (size_t i = 0; i < p->options_n; i++) {
		const struct option *o = &p->options[i];
		const char *dot = strchr(o->name, '.');

		if (!o->required)
			continue;
		if (dot != NULL)
			buf_putf(b, ", %.*s: {%s: ", (int)(dot - o->name),
				o->name, dot + 1);
		else
			buf_putf(b, ", %s: ", o->name);
		put_value(b, o);
		buf_putz(b, dot != NULL ? "}" : "");
	}
	buf_putz(b, "}\n");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct diags *d = diags_new();
	struct buf b;

	(void)argc;
	(void)argv;
	buf_init(&b, CONFIG_MAX);
	buf_putz(&b, "database: ':memory:'\nchannels:\n");
	for (size_t i = 0; i < provider_table_n; i++)
		if (provider_table[i]->spool == NULL) /* files.c */
			put_channel(&b, provider_table[i]);
	buf_putz(&b, more);
	set = settings_load_text(STR("channels"), buf_str(&b), d);
	if (set == NULL) {
		diags_print(d, &b);
		fputs(buf_z(&b), stderr);
	}
	MUST(set != NULL);
	buf_release(&b);
	diags_free(d);
	return 0;
}

static void check_message(const struct message *m)
{
	MUST(m->provider_id.n > 0 && m->provider_id.n <= PROVIDER_ID_MAX);
	MUST(m->text.p != NULL && m->text.n <= PROVIDER_RAW_TEXT_MAX);
	MUST(m->text.n == 0 || str_is_utf8(m->text));
	MUST(m->from.n == 0 || str_is_utf8(m->from));
	MUST(m->to.n == 0 || str_is_utf8(m->to));
	MUST(m->part_no >= 0 && m->part_no <= m->part_total);
	MUST((m->part_total > 0) == (m->part_ref.n > 0));
}

static void check_report(const struct provider_report *r)
{
	MUST(r->own.n > 0 || r->ref.n > 0);
	MUST(r->own.n <= PROVIDER_ID_MAX && r->ref.n <= PROVIDER_ID_MAX);
	MUST(r->own.n == 0 || str_is_utf8(r->own));
	MUST(r->ref.n == 0 || str_is_utf8(r->ref));
	MUST(r->to.n == 0 || str_is_utf8(r->to));
	MUST(r->said.n == 0 || str_is_utf8(r->said));
	MUST(r->event.n <= PROVIDER_ID_MAX);
	MUST(r->event.n == 0 || str_is_utf8(r->event));
	MUST(r->part >= PROVIDER_PART_UNSAID && r->part <= r->parts);
	MUST((size_t)r->state <= PROVIDER_REPORT_OPTED_OUT);
}

static void check_reports(const struct provider_inbound *in)
{
	MUST(in->reports_n > 0 && in->reports_n <= PROVIDER_BATCH_MAX);
	for (size_t i = 0; i < in->reports_n; i++)
		check_report(&in->reports[i]);
}

static void check_answer(const struct channel *c,
	const struct provider_inbound *in, struct arena *a)
{
	struct provider_answer answer;

	if (c->provider->answer == NULL || in->event == PROVIDER_UNREADABLE)
		return;
	answer = c->provider->answer(c->state, in, a);
	MUST(answer.status >= 200 && answer.status < 300);
}

static void check_dlr(
	const struct channel *c, struct provider_request r, struct arena *a)
{
	struct provider_inbound in = {0};

	r.dlr = true;
	if (!provider_takes_reports(c->provider, c->state))
		return;
	(void)provider_takes_method(c->provider, c->state, &r);
	(void)c->provider->verify(c->state, &r);
	c->provider->parse_dlr(c->state, &r, a, &in);
	check_answer(c, &in, a);
	if (in.event == PROVIDER_UNREADABLE)
		MUST(in.err.text[0] != '\0');
	if (in.event == PROVIDER_REPORTS)
		check_reports(&in);
}

static void check_hop(const struct ussd_hop *hop)
{
	MUST(hop->session.n > 0 && hop->session.n <= USSD_SESSION_MAX);
	MUST(str_is_utf8(hop->session));
	MUST(hop->phone.n > 0 || hop->event == USSD_ENDED || !hop->fresh);
	MUST(hop->phone.n == 0 || hop->phone.p[0] == '+');
	MUST(hop->input.p != NULL && str_is_utf8(hop->input));
	MUST(hop->code.n == 0 || str_is_utf8(hop->code));
	MUST(hop->sequence >= 0);
}

/* A hop is the same each time; every event has an answer in the dialect. */
static void check_ussd(
	const struct channel *c, struct provider_request r, struct arena *a)
{
	const struct provider_ussd *ussd = c->provider->ussd;
	const struct ussd_screen screen = {STR("Ngay hop \"1\""), r.body.n % 2};
	struct ussd_hop one, two;
	struct provider_answer answer;
	struct err err = {""};

	r.ussd = true;
	if (!provider_serves_ussd(c->provider, c->state))
		return;
	(void)provider_takes_method(c->provider, c->state, &r);
	(void)c->provider->verify(c->state, &r);
	ussd->parse(c->state, &r, a, &one, &err);
	ussd->parse(c->state, &r, a, &two, &err);
	MUST(one.event == two.event && str_eq(one.input, two.input));
	if (one.event == USSD_UNREADABLE)
		MUST(err.text[0] != '\0');
	if (one.event == USSD_HOP || one.event == USSD_ENDED)
		check_hop(&one);
	answer = ussd->answer(c->state, &r, &one, &screen, a);
	MUST(answer.status == 200);
	MUST(one.event != USSD_HOP ||
		str_find(answer.body, STR("Ngay hop"), 0) >= 0);
}

static void check_inbound(const struct channel *c,
	const struct provider_request *r, struct arena *a)
{
	struct provider_inbound one = {0}, two = {0};

	if (!c->provider->can_receive)
		return;
	if (c->provider->verify != NULL)
		(void)c->provider->verify(c->state, r);
	c->provider->parse_inbound(c->state, r, a, &one);
	c->provider->parse_inbound(c->state, r, a, &two);
	MUST(one.event == two.event && one.n == two.n);
	check_answer(c, &one, a);
	if (one.event == PROVIDER_UNREADABLE)
		MUST(one.err.text[0] != '\0');
	if (one.event == PROVIDER_REPORTS)
		check_reports(&one);
	if (one.event != PROVIDER_MESSAGES)
		return;
	MUST(one.n > 0 && one.n <= PROVIDER_BATCH_MAX);
	for (size_t i = 0; i < one.n; i++) {
		check_message(&one.v[i]);
		MUST(str_eq(one.v[i].provider_id, two.v[i].provider_id));
	}
}

static void fuzz_inbound(
	const struct channel *c, struct str rest, struct arena *a)
{
	static const char *const name[] = {"X-Signature", "X-Timestamp",
		"Authorization", "Content-Type", "X-Twilio-Signature",
		"X-Pusher-Signature", "X-Kannel-UDH", "X-Kannel-Coding"};
	struct provider_header h[2];
	struct provider_request r = {
		.url = STR("https://sms.example.vn/in/a/b"),
		.peer = STR("127.0.0.1"),
		.headers = h,
		.headers_n = 2,
		.now_ms = NOW_MS,
	};
	struct str first;

	for (size_t i = 0; i < 2; i++) {
		h[i].name = str_of(name[fuzz_choice(&rest, 8)]);
		h[i].value = fuzz_part(&rest);
	}
	first = fuzz_part(&rest);
	r.method = str_is(first, "GET") ? STR("GET") : STR("POST");
	r.query = fuzz_part(&rest);
	r.body = rest;
	check_inbound(c, &r, a);
	check_dlr(c, r, a);
	r.rest = first;
	check_ussd(c, r, a);
}

/* Headers, method, query and body in place: most callbacks look so. */
static void fuzz_plain(
	const struct channel *c, struct str rest, struct arena *a)
{
	struct provider_request r = {
		.url = STR("https://sms.example.vn/in/a/b"),
		.peer = STR("127.0.0.1"),
		.now_ms = NOW_MS,
	};

	r.method = fuzz_part(&rest);
	r.query = fuzz_part(&rest);
	r.body = rest;
	check_inbound(c, &r, a);
	check_dlr(c, r, a);
	/* Their method, or where the path goes on. */
	r.rest = r.method;
	r.method = STR("POST");
	check_ussd(c, r, a);
}

static void fuzz_send(const struct channel *c, struct str rest, struct arena *a)
{
	struct provider_response r = {.now_ms = NOW_MS};
	struct provider_call call;
	struct provider_verdict v;
	struct err err = {""};
	struct provider_outgoing o = {
		.id = 7,
		.id_text = STR("db-7"),
		.to = STR("+84900000007"),
		.from = STR("1900"),
		.text = rest,
		.valid_s = 60,
		.report_url = STR("https://h/dlr/a/b?o=db-7"),
	};

	if (!channel_can_send(c))
		return;
	o.ucs2 = fuzz_choice(&rest, 2) != 0;
	if (str_is_utf8(o.text) &&
		c->provider->build_send(c->state, &o, a, &call, &err) != 0)
		MUST(err.text[0] != '\0');
	r.status = (int)fuzz_choice(&rest, 6) * 100;
	r.status += r.status > 0 ? (int)fuzz_choice(&rest, 32) : 0;
	r.retry_after = fuzz_part(&rest);
	r.rate_reset = r.retry_after;
	r.content_type = STR("application/json");
	r.body = rest;
	v = c->provider->parse_send_response(c->state, &r, a);
	MUST(v.retry_after_s >= -1);
	MUST(v.ref.n == 0 || str_is_utf8(v.ref));
	MUST(v.why.n == 0 || str_is_utf8(v.why));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static void (*const run[])(const struct channel *c, struct str rest,
		struct arena *a) = {fuzz_plain, fuzz_send, fuzz_inbound};
	struct arena *a = arena_new(8192);
	struct str rest = fuzz_text(data, n);
	size_t i = fuzz_choice(&rest, (unsigned)set->channels_n);

	run[fuzz_choice(&rest, 3)](&set->channels[i], rest, a);
	arena_free(a);
	return 0;
}
