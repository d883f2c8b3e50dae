/*
 * speedsms - SpeedSMS.vn: a Vietnamese aggregator with two-way numbers.
 *
 * A send is JSON behind HTTP Basic; HTTP 200 says nothing, `status` and `code`
 * do. It knows no id of ours, so a send without an answer is not repeated
 * blindly. One webhook brings texts and reports, nothing of it signed: the
 * token is the guard. A text has no id, no destination and no time: it is
 * known by phone, content and minute. Facts: providers.md §3.5. Pure; all
 * state is in the configuration's arena.
 */
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"

#define SEND_PATH "/index.php/sms/send"
#define SAID_MAX 120
#define WORD_MAX 12
#define OWN_BRANDNAME 3
#define OWN_PHONE 5
#define FIXED_NUMBER 6   /* and up: our own, a two-way one */
#define RATE_WINDOW_S 60 /* 60 requests in 60 s */
#define EPOCH_FROM INT64_C(1000000000)
#define RESET_MAX_S INT64_C(86400)

struct speedsms {
	struct str url, access_token, sender;
	int64_t sms_type;
	struct str send_url; /* made by open(); absent: no access_token */
};

#define SPEEDSMS(field) offsetof(struct speedsms, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.fallback = "https://api.speedsms.vn",
		.help = "What precedes /index.php/sms/send.",
		.offset = SPEEDSMS(url),
	},
	{
		.name = "access_token",
		.type = OPTION_TEXT,
		.min = 8,
		.max = 128,
		.help = "API access token of the account. Without it the "
			"channel only receives.",
		.offset = SPEEDSMS(access_token),
	},
	{
		.name = "sms_type",
		.type = OPTION_INT,
		.fallback = "8",
		.min = 1,
		.max = 8,
		.help = "What texts leave as: 2 a random number, 3 our own "
			"brandname, 4 a shared one, 5 a phone with the "
			"SpeedSMS app, 6 a fixed number, 7 our own number, 8 a "
			"two-way number.",
		.offset = SPEEDSMS(sms_type),
	},
	{
		.name = "sender",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 64,
		.help = "Brandname, number or id of the app's device; unset: "
			"the channel's first own number.",
		.offset = SPEEDSMS(sender),
	},
};

static int open_speedsms(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct speedsms *s = state;
	struct str base = s->url;

	if (c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token: SpeedSMS signs "
			"nothing, so anybody could post here",
			STR_ARG(c->name));
	if (s->access_token.n == 0)
		return 0;
	if ((s->sms_type == OWN_BRANDNAME || s->sms_type == OWN_PHONE) &&
		s->sender.n == 0 && c->numbers.n == 0)
		return node_error(provider_key(c, "sms_type", NULL), d,
			"channel " STR_FMT " needs a sender: the brandname "
			"for sms_type 3, the device's id for 5",
			STR_ARG(c->name));
	if (s->sms_type >= FIXED_NUMBER && s->sender.n == 0 &&
		c->numbers.n == 0)
		node_warn(provider_key(c, "sms_type", "access_token"), d,
			"channel " STR_FMT " sends from a number of ours, and "
			"none is said; set number",
			STR_ARG(c->name));
	while (str_ends(base, STR("/")))
		base.n--;
	s->send_url = arena_printf(a, STR_FMT SEND_PATH, STR_ARG(base));
	return 0;
}

/* Nothing is signed; the caller has checked the token. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	(void)r;
	return PROVIDER_VERIFY_OK;
}

/* ---- what comes in ---- */

static struct str text_at(
	const struct jdoc *doc, const char *path, struct arena *a)
{
	return jdoc_text(jdoc_at(doc, path), a);
}

static void read_text(const struct jdoc *doc, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct str from = text_at(doc, "phone", a);
	struct message *m;

	mo_messages(out, 1, a);
	m = out->v;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->text = mo_text(text_at(doc, "content", a), a);
	m->sent_at = r->now_ms;
	m->provider_id = mo_hash_id(m, (struct str){NULL, 0}, a);
}

/* 0, 1–63 and 64 up, as a GSM report has them (TP-Status). */
static struct provider_report judged(struct str status, struct arena *a)
{
	struct provider_report r = {.state = PROVIDER_REPORT_UNKNOWN};
	const char *word = "that nobody knows";
	int64_t code;

	if (str_to_i64(str_trim(status), &code) == 0 && code >= 0) {
		r.state = code == 0   ? PROVIDER_REPORT_DELIVERED
			  : code < 64 ? PROVIDER_REPORT_TEMPORARY
				      : PROVIDER_REPORT_FAILED;
		word = code == 0   ? "delivered"
		       : code < 64 ? "still trying"
				   : "failed";
	}
	if (status.n == 0)
		status = STR("nothing");
	r.said = arena_printf(a, "status " STR_FMT ", %s",
		STR_ARG(mo_clean(str_part(status, 0, WORD_MAX), a)), word);
	return r;
}

static void read_report(
	const struct jdoc *doc, struct arena *a, struct provider_inbound *out)
{
	const struct str id = text_at(doc, "tranId", a);
	const struct str to = text_at(doc, "phone", a);

	if (id.n == 0) {
		(void)err_set(mo_unreadable(out), "a report without a tranId");
		return;
	}
	out->event = PROVIDER_REPORTS;
	out->reports = ARENA_NEW(a, struct provider_report);
	*out->reports = judged(text_at(doc, "status", a), a);
	out->reports->ref = mo_id(id, a);
	out->reports->to = mo_number(to, a);
	out->reports_n = 1;
}

/* Its own page on texts that come in is not known (providers.md §10): another
 * name than `content` must not lose them unseen. */
static bool looks_like_text(const struct jdoc *doc, struct arena *a)
{
	static const char *const keys[] = {"message", "text", "body", "sms"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (text_at(doc, keys[i], a).n > 0)
			return text_at(doc, "phone", a).n > 0;
	return false;
}

/*
 * Integrators saw "incoming" and "sms" as the type of a text: whatever is no
 * report and has a content is one (providers.md §3.5).
 */
static void parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct jdoc *doc;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	doc = mo_json(r->body, a, &out->err);
	if (doc == NULL)
		return;
	if (!jdoc_is_object(doc))
		(void)err_set(mo_unreadable(out),
			"a webhook is an object {type, phone, content}");
	else if (str_ieq(jdoc_str(jdoc_at(doc, "type")), STR("report")))
		read_report(doc, a, out);
	else if (text_at(doc, "content", a).p != NULL)
		read_text(doc, r, a, out);
	else if (looks_like_text(doc, a))
		(void)err_set(mo_unreadable(out),
			"a phone and a text, but no `content`: tell us what "
			"SpeedSMS calls it");
	else
		out->event = PROVIDER_IGNORED;
	jdoc_free(doc);
}

/* ---- sending ---- */

static bool can_send_now(const void *state)
{
	const struct speedsms *s = state;

	return s->send_url.n > 0;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct speedsms *s = state;
	struct jdoc *doc, *to;

	if (s->send_url.n == 0)
		return err_set(
			err, "this channel has no access_token to send with");
	doc = jdoc_object();
	to = jdoc_array();
	jdoc_push(to, jdoc_new_str(str_from(
			      o->to, str_starts(o->to, STR("+")) ? 1 : 0)));
	jdoc_set(doc, "to", to);
	jdoc_set_str(doc, "content", o->text);
	jdoc_set_int(doc, "sms_type", s->sms_type);
	jdoc_set_str(doc, "sender",
		s->sender.n > 0 ? s->sender
		: o->from.n > 0 ? o->from
				: STR(""));
	*ret = (struct provider_call){
		.method = "POST",
		.url = s->send_url,
		.content_type = STR("application/json"),
		.body = jdoc_print(doc, a),
		.username = s->access_token,
		.password = STR("x"),
	};
	jdoc_free(doc);
	return 0;
}

/* Account, balance and addresses are ours to mend, and must not cost a text.
 * A code that nobody knows is a refusal, and a person sees it. */
static const struct code {
	int64_t code;
	enum provider_verdict_kind kind;
	const char *means;
} codes[] = {
	{7, PROVIDER_TEMPORARY, "our address is locked out"},
	{8, PROVIDER_TEMPORARY, "the account is blocked"},
	{9, PROVIDER_TEMPORARY, "the account may not use the API"},
	{101, PROVIDER_PERMANENT, "it does not take these parameters"},
	{105, PROVIDER_PERMANENT, "no such number"},
	{110, PROVIDER_PERMANENT, "it does not take these letters"},
	{113, PROVIDER_PERMANENT, "the text is too long"},
	{300, PROVIDER_TEMPORARY, "the account has no balance left"},
	{500, PROVIDER_TEMPORARY, "it is out of order"},
};

/* "007" or 7 */
static const struct code *code_of(struct str said)
{
	static const struct code unknown = {-1, PROVIDER_PERMANENT, "refused"};
	int64_t code;

	if (str_to_i64(str_trim(said), &code) != 0)
		return &unknown;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code)
			return &codes[i];
	return &unknown;
}

static void read_error(
	const struct jdoc *doc, struct arena *a, struct provider_verdict *v)
{
	const struct str said = text_at(doc, "code", a);
	const struct str words = str_trim(jdoc_str(jdoc_at(doc, "message")));
	const struct code *code = code_of(said);

	v->kind = code->kind;
	v->why = arena_printf(a, "answered code " STR_FMT ": %s",
		STR_ARG(said.n > 0 ? mo_clean(str_part(said, 0, WORD_MAX), a)
				   : STR("none")),
		code->means);
	if (words.n > 0)
		v->why = arena_printf(a, STR_FMT " (" STR_FMT ")",
			STR_ARG(v->why),
			STR_ARG(mo_clean(str_part(words, 0, SAID_MAX), a)));
}

static void read_success(
	const struct jdoc *doc, struct arena *a, struct provider_verdict *v)
{
	const struct str ref = text_at(doc, "data.tranId", a);

	if (jdoc_len(jdoc_at(doc, "data.invalidPhone")) > 0) {
		v->kind = PROVIDER_PERMANENT;
		v->why = STR("answered success, and that the number is none");
		return;
	}
	v->kind = PROVIDER_OK;
	v->why = STR("answered success: accepted");
	if (ref.n > 0)
		v->ref = mo_id(ref, a);
}

/* A refusal may come under 200 or under 4xx. A 2xx that is neither success
 * nor error is somebody else's: a log-in page, a router. */
static void read_answer(const struct provider_response *r, struct arena *a,
	struct provider_verdict *v)
{
	struct jdoc *doc = mo_json(r->body, a, NULL);
	const struct str status = jdoc_str(jdoc_at(doc, "status"));

	if (str_ieq(status, STR("error")))
		read_error(doc, a, v);
	else if (v->kind == PROVIDER_OK && str_ieq(status, STR("success")))
		read_success(doc, a, v);
	else if (v->kind == PROVIDER_OK) {
		v->kind = PROVIDER_UNKNOWN;
		v->why = arena_printf(a,
			"answered %d without a status in it: wrong url in our "
			"configuration, or a log-in page?",
			r->status);
	}
	jdoc_free(doc);
}

/* X-Rate-Limit-Reset: seconds to go, or an instant (what it counts is not
 * documented). -1: neither. */
static int64_t reset_after(const struct provider_response *r)
{
	struct str s = str_trim(r->rate_reset);
	const ptrdiff_t dot = str_find_byte(s, '.', 0);
	int64_t v, at_ms;

	if (str_to_i64(dot > 0 ? str_part(s, 0, (size_t)dot) : s, &v) != 0 ||
		v >= EPOCH_FROM) {
		if (mo_time(s, &at_ms) != 0)
			return -1;
		v = (at_ms - r->now_ms + 999) / 1000;
		v = v > 0 ? v : 0;
	}
	return v < RESET_MAX_S ? v : RESET_MAX_S;
}

static int64_t pause_of(const struct provider_response *r)
{
	int64_t s = provider_retry_after(r);

	if (s < 0)
		s = reset_after(r);
	return s >= 0 ? s : RATE_WINDOW_S;
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct speedsms *s = state;
	struct provider_verdict v = provider_verdict_http(r, a);

	if (r->status == 429)
		v.retry_after_s = pause_of(r);
	else if (v.kind == PROVIDER_OK || v.kind == PROVIDER_PERMANENT)
		read_answer(r, a, &v);
	if (s->access_token.n > 0 && str_find(r->body, s->access_token, 0) >= 0)
		v.why = arena_printf(a,
			"answered %d; its words repeat our access_token",
			r->status);
	return v;
}

const struct provider provider_speedsms = {
	.name = "speedsms",
	.help = "SpeedSMS.vn: two-way number, brandname, or its Android app",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct speedsms),
	.can_receive = true,
	.can_send = true,
	.send_path = "/index.php",
	.open = open_speedsms,
	.verify = verify,
	.parse_inbound = parse_inbound,
	.parse_dlr = parse_inbound, /* one webhook for all: either path */
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
