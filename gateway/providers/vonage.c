/*
 * vonage - the SMS API of Vonage (Nexmo), a provider for many countries.
 *
 * A text is a POST of /sms/json. It is answered 200 whatever becomes of it:
 * what counts stands inside, for each part on its own. Our id travels as
 * client-ref and comes back in the reports; it does not keep Vonage from
 * taking a text twice, so a send without an answer is not repeated blindly,
 * nor is one of which only some parts were taken. Callbacks: vonage_in.c.
 * Facts: providers.md §3.10. Pure; all state is in the configuration's arena.
 */
#include "gateway/providers/vonage.h"

#include "gateway/base/form.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"

#include <inttypes.h>
#include <stdio.h>

#define ID_MAX 40 /* of client-ref */
#define BODY_MAX ((size_t)1 << 20)
/* What ttl may be, in ms. */
#define TTL_MIN_S 20
#define TTL_MAX_S INT64_C(604800)

#define VONAGE(field) offsetof(struct vonage, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.fallback = "https://rest.nexmo.com",
		.help = "What precedes /sms/json.",
		.offset = VONAGE(url),
	},
	{
		.name = "api_key",
		.type = OPTION_TEXT,
		.help = "The account's API key. Without it the channel only "
			"receives.",
		.offset = VONAGE(api_key),
	},
	{
		.name = "api_secret",
		.type = OPTION_TEXT,
		.help = "The account's API secret.",
		.offset = VONAGE(api_secret),
	},
	{
		.name = "sender",
		.type = OPTION_TEXT,
		.max = 20,
		.help = "What texts show as their sender: a number of the "
			"account or a registered name; unset: the channel's "
			"first number.",
		.offset = VONAGE(sender),
	},
	{
		.name = "signature_secret",
		.type = OPTION_TEXT,
		.min = 8,
		.max = 256,
		.help = "The account's signature secret; callbacks must carry "
			"a valid sig.",
		.offset = VONAGE(signature_secret),
	},
	{
		.name = "signature_method",
		.type = OPTION_ENUM,
		.fallback = "sha256",
		.choices = VONAGE_METHODS,
		.help = "The account's signature method: md5hash (Vonage's "
			"own default, and weak), or the HMAC of the digest "
			"named.",
		.offset = VONAGE(signature_method),
	},
	{
		.name = "tolerance_s",
		.type = OPTION_INT,
		.fallback = "86400",
		.min = 60,
		.max = 604800,
		.unit = "s",
		.help = "How far a signed callback's timestamp may be from "
			"our clock, either way; Vonage tries for a day.",
		.offset = VONAGE(tolerance_s),
	},
};

static int check_callbacks(
	const struct vonage *v, const struct config_channel *c, struct diags *d)
{
	const struct node *method = node_get(c->node, "signature_method");

	if (v->signature_secret.n == 0 && c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token or a "
			"signature_secret, or anybody could post here",
			STR_ARG(c->name));
	if (v->signature_secret.n == 0 && !node_is_null(method))
		return node_error(method, d,
			"signature_method needs the signature_secret that "
			"goes with it");
	return 0;
}

static int check_sending(
	const struct vonage *v, const struct config_channel *c, struct diags *d)
{
	const struct node *url = node_get(c->node, "url");

	if ((v->api_key.n > 0) != (v->api_secret.n > 0))
		return node_error(provider_key(c, "api_key", "api_secret"), d,
			"channel " STR_FMT " needs both api_key and "
			"api_secret to send, or neither",
			STR_ARG(c->name));
	if (v->api_key.n == 0 && !node_is_null(url))
		return node_error(url, d,
			"a url to send to needs api_key and api_secret");
	if (v->api_key.n > 0 && v->sender.n == 0 && c->numbers.n == 0)
		return node_error(provider_key(c, "api_key", NULL), d,
			"channel " STR_FMT " needs a sender, or a number of "
			"its own, to send",
			STR_ARG(c->name));
	return 0;
}

static struct str escaped(struct str s, struct arena *a)
{
	struct str ret;
	struct buf b;

	buf_init(&b, BODY_MAX);
	form_escape(&b, s);
	ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

static int open_vonage(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct vonage *v = state;

	if (check_callbacks(v, c, d) != 0 || check_sending(v, c, d) != 0)
		return -1;
	if (v->api_key.n > 0)
		v->send_url = arena_printf(
			a, STR_FMT "/sms/json", STR_ARG(mt_base(v->url)));
	v->secrets = (struct mt_secrets){
		{v->api_secret, escaped(v->api_secret, a), v->signature_secret},
	};
	return 0;
}

/* The account says whether callbacks come as GET, form or JSON. */
static bool takes_method(const void *state, const struct provider_request *r)
{
	(void)state;
	return str_is(r->method, "GET") || str_is(r->method, "POST");
}

static bool is_proven(const void *state, bool dlr)
{
	const struct vonage *v = state;

	(void)dlr;
	return v->signature_secret.n > 0;
}

static bool can_send_now(const void *state)
{
	const struct vonage *v = state;

	return v->send_url.n > 0;
}

static int64_t ttl_ms(int64_t valid_s)
{
	if (valid_s < TTL_MIN_S)
		valid_s = TTL_MIN_S;
	return (valid_s < TTL_MAX_S ? valid_s : TTL_MAX_S) * 1000;
}

/* Vonage looks at no text to find its alphabet: type says it. */
static void put_text(struct buf *b, const struct vonage *v,
	const struct provider_outgoing *o)
{
	char ttl[24];

	form_put(b, "from", mt_bare(v->sender.n > 0 ? v->sender : o->from));
	form_put(b, "to", mt_bare(o->to));
	form_put(b, "type", o->ucs2 ? STR("unicode") : STR("text"));
	form_put(b, "text", o->text);
	form_put(b, "client-ref", o->id_text);
	if (o->valid_s > 0) {
		(void)snprintf(
			ttl, sizeof(ttl), "%" PRId64, ttl_ms(o->valid_s));
		form_put(b, "ttl", str_of(ttl));
	}
	if (o->report_url.n > 0) {
		form_put(b, "status-report-req", STR("1"));
		/* What stands in the query might not be in the signature. */
		form_put(b, "callback", mt_plain_url(o->report_url));
	}
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct vonage *v = state;
	struct buf b;
	int rc = 0;

	if (v->send_url.n == 0)
		return err_set(err, "this channel has no api_key to send with");
	if (o->id_text.n > ID_MAX)
		return err_set(err, "an id of over %d characters", ID_MAX);
	buf_init(&b, BODY_MAX);
	form_put(&b, "api_key", v->api_key);
	form_put(&b, "api_secret", v->api_secret);
	put_text(&b, v, o);
	if (b.over)
		rc = err_set(err, "a text of over %zu bytes", BODY_MAX);
	*ret = (struct provider_call){
		.method = "POST",
		.url = v->send_url,
		.content_type = STR("application/x-www-form-urlencoded"),
		.body = arena_str(a, buf_str(&b)),
	};
	buf_release(&b);
	return rc;
}

/* ---- the answer ---- */

/* What is ours to mend, as a wrong key, must not cost a text. */
static const struct refusal {
	const char *status;
	enum provider_verdict_kind kind;
	const char *words;
} refusals[] = {
	{"1", PROVIDER_THROTTLED, "too fast"},
	{"2", PROVIDER_PERMANENT, "a parameter is missing"},
	{"3", PROVIDER_PERMANENT, "a parameter is wrong"},
	{"4", PROVIDER_TEMPORARY, "wrong api_key or api_secret"},
	{"5", PROVIDER_TEMPORARY, "a fault at Vonage"},
	{"6", PROVIDER_PERMANENT, "not a text that Vonage can send"},
	{"7", PROVIDER_PERMANENT, "the number is barred"},
	{"8", PROVIDER_TEMPORARY, "the account is barred"},
	{"9", PROVIDER_TEMPORARY, "no credit left"},
	{"10", PROVIDER_THROTTLED, "too many at once"},
	{"12", PROVIDER_PERMANENT, "too long"},
	{"14", PROVIDER_TEMPORARY, "Vonage wants signed requests"},
	{"15", PROVIDER_TEMPORARY, "the sender is not allowed there"},
	{"22", PROVIDER_PERMANENT, "wrong network code"},
	{"29", PROVIDER_PERMANENT,
		"a trial account sends to its test numbers alone"},
	{"33", PROVIDER_PERMANENT, "the number is not in use any more"},
};

static const struct refusal *refusal_of(struct str status)
{
	static const struct refusal other = {
		NULL, PROVIDER_PERMANENT, "refused"};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (str_is(status, refusals[i].status))
			return &refusals[i];
	return &other;
}

/* The parts of a text in an answer: how many were taken, and what is said of
 * the first that was not. */
struct tally {
	size_t n, taken;
	struct str ref, status, error;
};

static struct str text_at(
	const struct jdoc *v, const char *path, struct arena *a)
{
	return jdoc_text(jdoc_at(v, path), a);
}

static struct tally count(const struct jdoc *messages, struct arena *a)
{
	struct tally t = {.n = jdoc_len(messages)};

	for (size_t i = 0; i < t.n; i++) {
		const struct jdoc *m = jdoc_item(messages, i);
		const struct str status = text_at(m, "status", a);

		if (str_is(status, "0")) {
			if (t.taken++ == 0)
				t.ref = text_at(m, "message-id", a);
		} else if (i == t.taken) {
			t.status = status;
			t.error = text_at(m, "error-text", a);
		}
	}
	return t;
}

static void judge(const struct vonage *v, const struct tally *t,
	struct arena *a, struct provider_verdict *ret)
{
	const struct refusal *r = refusal_of(t->status);
	struct str words = mt_shown(t->error, &v->secrets, a);

	if (t->ref.n > 0)
		ret->ref = mo_id(t->ref, a);
	if (t->taken == t->n) {
		ret->why = arena_printf(
			a, "accepted, %zu part%s", t->n, t->n > 1 ? "s" : "");
		return;
	}
	ret->kind =
		t->taken > 0 || t->status.n == 0 ? PROVIDER_UNKNOWN : r->kind;
	if (words.n > 0)
		words = arena_printf(a, " (" STR_FMT ")", STR_ARG(words));
	ret->why = arena_printf(a,
		"%zu of %zu part%s taken; status " STR_FMT ": %s" STR_FMT,
		t->taken, t->n, t->n > 1 ? "s" : "",
		STR_ARG(mt_shown(t->status, &v->secrets, a)), r->words,
		STR_ARG(words));
}

static void read_taken(const struct vonage *v,
	const struct provider_response *r, struct arena *a,
	struct provider_verdict *ret)
{
	struct jdoc *doc = mo_json(r->body, a, NULL);
	struct tally t = {0};

	if (doc != NULL)
		t = count(jdoc_at(doc, "messages"), a);
	jdoc_free(doc);
	if (t.n > 0) {
		judge(v, &t, a, ret);
		return;
	}
	ret->kind = PROVIDER_UNKNOWN;
	ret->why = arena_printf(a,
		"answered %d without messages in it: wrong url in our "
		"configuration, or a log-in page?",
		r->status);
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct vonage *v = state;
	const struct provider_response quiet = mt_quiet(r, &v->secrets);
	struct provider_verdict ret = provider_verdict_http(&quiet, a);

	if (ret.kind == PROVIDER_OK)
		read_taken(v, r, a, &ret);
	return ret;
}

const struct provider provider_vonage = {
	.name = "vonage",
	.help = "Vonage (Nexmo), SMS API",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct vonage),
	.can_receive = true,
	.can_send = true,
	.send_path = "/sms/json",
	.tells_address = true,
	.open = open_vonage,
	.verify = vonage_verify,
	.is_proven = is_proven,
	.parse_inbound = vonage_parse,
	.parse_dlr = vonage_parse, /* either address takes both */
	.takes_method = takes_method,
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
