/*
 * twilio - Twilio's Programmable Messaging.
 *
 * Callbacks are signed over their public address (twilio_in.c) and answered
 * with a TwiML that does nothing. Texts leave as the form of Messages.json;
 * Twilio names them in its answer and takes no name of ours, so a send without
 * an answer is not repeated blindly; reports carry both names. Who has told
 * Twilio to stop (21610) is opted out here, too. Facts: providers.md §3.9.
 * Pure; all state is in the configuration's arena.
 */
#include "gateway/providers/twilio.h"

#include "gateway/base/form.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/mt.h"
#include "gateway/providers/providers.h"

#include <inttypes.h>
#include <stdio.h>

#define FORM_MAX ((size_t)60000)
#define BODY_MAX 1600 /* characters */
/* Twilio takes no longer ones, and means this without one. */
#define VALIDITY_MAX_S 36000
#define NAME_MAX 11 /* of an alphanumeric sender */
#define SID_LEN ((size_t)34)

#define TWILIO(field) offsetof(struct twilio, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.fallback = "https://api.twilio.com",
		.help = "What precedes /2010-04-01.",
		.offset = TWILIO(url),
	},
	{
		.name = "account_sid",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 64,
		.required = true,
		.help = "The Account SID of Twilio's console: AC and 32 hex "
			"digits.",
		.offset = TWILIO(account_sid),
	},
	{
		.name = "auth_token",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 128,
		.required = true,
		.help = "The primary Auth Token beside it: what signs "
			"callbacks, and the password of a send.",
		.offset = TWILIO(auth_token),
	},
	{
		.name = "sender",
		.type = OPTION_TEXT,
		.max = 64,
		.help = "What texts are sent from: a Twilio number as "
			"+12025550123, a short code, a name of at most 11 "
			"letters, or a messaging service (MG and 32 hex "
			"digits). Unset: the channel's first number.",
		.offset = TWILIO(sender),
	},
	{
		.name = "api_key",
		.type = OPTION_TEXT,
		.max = 64,
		.help = "An API key (SK...) to send with, in place of account "
			"and token.",
		.offset = TWILIO(api_key),
	},
	{
		.name = "api_secret",
		.type = OPTION_TEXT,
		.max = 128,
		.help = "The secret of that API key.",
		.offset = TWILIO(api_secret),
	},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool all_alnum(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !is_letter(s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_sid(struct str s, struct str prefix)
{
	return s.n > prefix.n && str_starts(s, prefix) && all_alnum(s);
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* Letters, digits, spaces and the like; a letter at least. */
static bool is_name(struct str s)
{
	bool letter = false;

	for (size_t i = 0; i < s.n; i++) {
		letter |= is_letter(s.p[i]);
		if (!is_digit(s.p[i]) && !is_letter(s.p[i]) &&
			strchr(" +-_&", s.p[i]) == NULL)
			return false;
	}
	return letter && s.n <= NAME_MAX;
}

static bool is_sender(const struct twilio *t)
{
	const struct str s = t->sender;

	return t->is_service || is_name(s) || all_digits(s) ||
	       (str_starts(s, STR("+")) && all_digits(str_from(s, 1)));
}

static int check_keys(
	const struct twilio *t, const struct config_channel *c, struct diags *d)
{
	if (!is_sid(t->account_sid, STR("AC")))
		return node_error(provider_key(c, "account_sid", NULL), d,
			"channel " STR_FMT ": account_sid is AC and 32 hex "
			"digits, as Twilio's console shows it",
			STR_ARG(c->name));
	if (t->account_sid.n != SID_LEN)
		node_warn(provider_key(c, "account_sid", NULL), d,
			"an account_sid is AC and 32 hex digits; this is of "
			"%zu characters",
			t->account_sid.n);
	if (t->sender.n > 0 && !is_sender(t))
		return node_error(provider_key(c, "sender", NULL), d,
			"channel " STR_FMT ": sender is a number as "
			"+12025550123, a short code, a name of at most %d "
			"letters, or a messaging service (MG...)",
			STR_ARG(c->name), NAME_MAX);
	if ((t->api_key.n > 0) != (t->api_secret.n > 0))
		return node_error(provider_key(c, "api_key", "api_secret"), d,
			"channel " STR_FMT " needs both api_key and "
			"api_secret, or neither",
			STR_ARG(c->name));
	return 0;
}

static int open_twilio(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct twilio *t = state;

	t->is_service = t->sender.n == SID_LEN && is_sid(t->sender, STR("MG"));
	t->has_sender = t->sender.n > 0 || c->numbers.n > 0;
	if (check_keys(t, c, d) != 0)
		return -1;
	t->messages_url = arena_printf(a,
		STR_FMT "/2010-04-01/Accounts/" STR_FMT "/Messages.json",
		STR_ARG(mt_base(t->url)), STR_ARG(t->account_sid));
	return 0;
}

static bool is_proven(const void *state, bool dlr)
{
	(void)state;
	(void)dlr;
	return true;
}

static bool signs_url(const void *state)
{
	(void)state;
	return true;
}

static bool can_send_now(const void *state)
{
	const struct twilio *t = state;

	return t->has_sender;
}

/* Anything in it would be texted to the sender. */
static struct provider_answer answer(
	const void *state, const struct provider_inbound *in, struct arena *a)
{
	(void)state;
	(void)in;
	(void)a;
	return (struct provider_answer){200, "text/xml", STR("<Response/>")};
}

static size_t characters(struct str utf8)
{
	size_t n = 0;

	for (size_t i = 0; i < utf8.n; i++)
		n += (utf8.p[i] & 0xC0) != 0x80;
	return n;
}

static void put_all(struct buf *b, const struct twilio *t,
	const struct provider_outgoing *o)
{
	char seconds[24];

	form_put(b, "To", o->to);
	if (t->is_service)
		form_put(b, "MessagingServiceSid", t->sender);
	else
		form_put(b, "From", t->sender.n > 0 ? t->sender : o->from);
	form_put(b, "Body", o->text);
	if (o->report_url.n > 0)
		form_put(b, "StatusCallback", o->report_url);
	if (o->valid_s <= 0 || o->valid_s > VALIDITY_MAX_S)
		return;
	snprintf(seconds, sizeof(seconds), "%" PRId64, o->valid_s);
	form_put(b, "ValidityPeriod", str_of(seconds));
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct twilio *t = state;
	const bool key = t->api_key.n > 0;
	struct buf b;
	int rc = 0;

	if (!t->has_sender)
		return err_set(err, "this channel has no sender, nor a number");
	if (characters(o->text) > BODY_MAX)
		return err_set(err,
			"a text of %zu characters, and Twilio takes %d",
			characters(o->text), BODY_MAX);
	buf_init(&b, FORM_MAX);
	put_all(&b, t, o);
	if (b.over)
		rc = err_set(err, "the form would be over %zu bytes", FORM_MAX);
	*ret = (struct provider_call){
		.method = "POST",
		.url = t->messages_url,
		.content_type = STR("application/x-www-form-urlencoded"),
		.body = arena_str(a, buf_str(&b)),
		.username = key ? t->api_key : t->account_sid,
		.password = key ? t->api_secret : t->auth_token,
	};
	buf_release(&b);
	return rc;
}

static struct str text_at(
	const struct jdoc *doc, const char *path, struct arena *a)
{
	const struct jdoc *v = doc != NULL ? jdoc_at(doc, path) : NULL;

	return v != NULL ? jdoc_text(v, a) : (struct str){NULL, 0};
}

/*
 * What a code changes of the verdict that HTTP gives: some are for ever, some
 * ours to mend. The others are as their status says.
 */
static void read_code(
	struct str code, struct arena *a, struct provider_verdict *v)
{
	static const struct {
		const char *code;
		enum provider_verdict_kind kind;
		bool opted_out;
		const char *hint;
	} t[] = {
		{"20429", PROVIDER_THROTTLED, false, "too many requests"},
		{"21610", PROVIDER_PERMANENT, true,
			"the number has told Twilio to stop; opted out here, "
			"too"},
		{"21614", PROVIDER_PERMANENT, false,
			"the number takes no texts"},
		{"21609", PROVIDER_TEMPORARY, false,
			"our public_url is none that Twilio can call"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (!str_is(code, t[i].code))
			continue;
		v->kind = t[i].kind;
		v->opted_out = t[i].opted_out;
		v->why = arena_printf(
			a, STR_FMT ": %s", STR_ARG(v->why), t[i].hint);
	}
}

/* One answer as it is read. */
struct reading {
	const struct provider_response *r;
	const struct jdoc *doc; /* NULL: it is no JSON */
	struct mt_secrets secrets;
	struct arena *a;
};

/* Its words under a key, fit to be shown. */
static struct str words_at(const struct reading *x, const char *key)
{
	return mt_shown(text_at(x->doc, key, x->a), &x->secrets, x->a);
}

/* {"code": 21614, "message": "…", "status": 400} */
static void read_refusal(const struct reading *x, struct provider_verdict *v)
{
	const struct str code = words_at(x, "code");
	const int status = x->r->status;

	if (code.n == 0 || status < 400)
		return;
	if (status != 401 && status != 403 && status != 404)
		v->why = arena_printf(x->a, "answered %d: " STR_FMT " " STR_FMT,
			status, STR_ARG(code), STR_ARG(words_at(x, "message")));
	read_code(code, x->a, v);
}

/* {"sid": "SM…", "status": "queued", "error_code": null, …} */
static void read_taken(const struct reading *x, struct provider_verdict *v)
{
	const struct str sid = text_at(x->doc, "sid", x->a);
	const struct str status = text_at(x->doc, "status", x->a);
	const struct str code = words_at(x, "error_code");

	if (sid.n == 0) {
		v->kind = PROVIDER_UNKNOWN;
		v->why = arena_printf(x->a,
			"answered %d without a message in it: wrong url in "
			"our configuration?",
			x->r->status);
		return;
	}
	v->ref = mo_id(sid, x->a);
	if (!str_is(status, "failed") && !str_is(status, "undelivered") &&
		!str_is(status, "canceled"))
		return;
	v->kind = PROVIDER_PERMANENT;
	v->why = arena_printf(x->a,
		"taken and " STR_FMT ": error " STR_FMT " " STR_FMT,
		STR_ARG(status), STR_ARG(code),
		STR_ARG(words_at(x, "error_message")));
	read_code(code, x->a, v);
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct twilio *t = state;
	struct jdoc *doc = mo_json(r->body, a, NULL);
	const struct reading x = {
		.r = r,
		.doc = doc,
		.secrets = {{t->auth_token, t->api_secret}},
		.a = a,
	};
	const struct provider_response quiet = mt_quiet(r, &x.secrets);
	struct provider_verdict v = provider_verdict_http(&quiet, a);

	if (v.kind == PROVIDER_OK)
		read_taken(&x, &v);
	else
		read_refusal(&x, &v);
	jdoc_free(doc);
	return v;
}

const struct provider provider_twilio = {
	.name = "twilio",
	.help = "Twilio Programmable Messaging; in Vietnam out alone",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct twilio),
	.can_receive = true,
	.can_send = true,
	.send_path = "/2010-04-01",
	.tells_address = true,
	.open = open_twilio,
	.verify = twilio_verify,
	.is_proven = is_proven,
	.signs_url = signs_url,
	.parse_inbound = twilio_parse_inbound,
	.parse_dlr = twilio_parse_inbound,
	.can_send_now = can_send_now,
	.answer = answer,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
