/*
 * kannel - a Kannel of one's own in front of an operator's SMPP link.
 *
 * smsbox calls us for each text (kannel_in.c) and takes ours as a GET of
 * /cgi-bin/sendsms. 1.4.5 gives a text no id: reports find it by our own,
 * which travels inside the dlr-url, and a send without an answer is not
 * repeated blindly. The log-in stands in the query, as Kannel wants it: the
 * URL is a secret, and what an answer says is not quoted where it repeats
 * the password. Facts: providers.md §3.13, gw/smsbox.c of 1.4.5. Pure; all
 * state is in the configuration's arena.
 */
#include "gateway/providers/kannel.h"

#include "gateway/base/digest.h"
#include "gateway/base/form.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/providers.h"

#include <inttypes.h>
#include <stdio.h>

/* Longer than any text and any URL of ours; what curl is given at most. */
#define URL_MAX ((size_t)60000)
/* Kannel adds each to "now" as seconds in a long. */
#define VALIDITY_MAX_MIN 10080

#define KANNEL(field) offsetof(struct kannel, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.help = "Where smsbox takes texts: what precedes "
			"/cgi-bin/sendsms, as in http://127.0.0.1:13013. "
			"Without it the channel only receives.",
		.offset = KANNEL(url),
	},
	{
		.name = "username",
		.type = OPTION_TEXT,
		.help = "The username of kannel.conf's sendsms-user.",
		.offset = KANNEL(username),
	},
	{
		.name = "password",
		.type = OPTION_TEXT,
		.help = "The password of kannel.conf's sendsms-user.",
		.offset = KANNEL(password),
	},
	{
		.name = "smsc",
		.type = OPTION_TEXT,
		.help = "The smsc-id to send through; unset: Kannel chooses.",
		.offset = KANNEL(smsc),
	},
	{
		.name = "account",
		.type = OPTION_TEXT,
		.max = 64,
		.help = "An account name for Kannel's access log.",
		.offset = KANNEL(account),
	},
	{
		.name = "charset",
		.type = OPTION_ENUM,
		.fallback = "utf-8",
		.choices = "utf-8|utf-16be",
		.help = "How a text with diacritics is handed to Kannel; "
			"utf-16be for a Kannel built without iconv.",
		.offset = KANNEL(charset),
	},
	{
		.name = "dlr_mask",
		.type = OPTION_INT,
		.fallback = "31",
		.min = 0,
		.max = 63,
		.help = "The reports to ask for, added up: 1 delivered, 2 "
			"failed, 4 buffered, 8 taken by the SMSC, 16 refused "
			"by it, 32 intermediate; 0: none.",
		.offset = KANNEL(dlr_mask),
	},
	{
		.name = "callback_username",
		.type = OPTION_TEXT,
		.help = "User name that callbacks must carry, as in get-url = "
			"\"http://USER:PASSWORD@HOST/...\".",
		.offset = KANNEL(callback_username),
	},
	{
		.name = "callback_password",
		.type = OPTION_TEXT,
		.min = 16,
		.max = 256,
		.help = "Password that callbacks must carry; like the name "
			"of letters, digits and -._~.",
		.offset = KANNEL(callback_password),
	},
};

/* What every send begins with. */
static struct str send_url(const struct kannel *k, struct arena *a)
{
	struct str base = k->url, ret;
	struct buf b;

	while (str_ends(base, STR("/")))
		base.n--;
	buf_init(&b, URL_MAX);
	buf_put(&b, base);
	buf_putz(&b, "/cgi-bin/sendsms?");
	form_put(&b, "username", k->username);
	form_put(&b, "password", k->password);
	ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

static struct str escaped(struct str s, struct arena *a)
{
	struct str ret;
	struct buf b;

	buf_init(&b, URL_MAX);
	form_escape(&b, s);
	ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

/* It stands in URLs as it is: Kannel decodes no user name or password. */
static bool is_word(struct str s, struct arena *a)
{
	return str_eq(escaped(s, a), s);
}

/* The log-in that callbacks carry. */
static int check_callback(const struct kannel *k,
	const struct config_channel *c, struct arena *a, struct diags *d)
{
	const struct str name = k->callback_username;
	const struct str password = k->callback_password;

	if ((name.n > 0) != (password.n > 0))
		return node_error(provider_key(c, "callback_username",
					  "callback_password"),
			d,
			"channel " STR_FMT " needs both callback_username and "
			"callback_password, or neither",
			STR_ARG(c->name));
	if (!is_word(name, a) || !is_word(password, a))
		return node_error(provider_key(c, "callback_username", NULL), d,
			"channel " STR_FMT ": callback_username and "
			"callback_password stand in URLs, so they are of "
			"letters, digits and -._~",
			STR_ARG(c->name));
	if (name.n == 0 && c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token, or a "
			"callback_username and callback_password, or anybody "
			"could post here",
			STR_ARG(c->name));
	return 0;
}

static int open_kannel(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct kannel *k = state;

	if (check_callback(k, c, a, d) != 0)
		return -1;
	if (k->url.n > 0 && (k->username.n == 0 || k->password.n == 0))
		return node_error(provider_key(c, "url", NULL), d,
			"channel " STR_FMT " has a url, so it needs the "
			"username and password of a sendsms-user",
			STR_ARG(c->name));
	if (k->url.n > 0)
		k->send_url = send_url(k, a);
	k->secret = escaped(k->password, a);
	if (k->callback_username.n > 0)
		k->basic = digest_base64(arena_printf(a, STR_FMT ":" STR_FMT,
						 STR_ARG(k->callback_username),
						 STR_ARG(k->callback_password)),
			a);
	return 0;
}

/* The token is checked by whoever calls; this is the Basic log-in. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	const struct str scheme = STR("Basic ");
	const struct kannel *k = state;
	struct str given;

	if (k->basic.n == 0)
		return PROVIDER_VERIFY_OK;
	given = provider_request_header(r, "Authorization");
	if (given.n <= scheme.n ||
		!str_ieq(str_part(given, 0, scheme.n), scheme))
		return PROVIDER_VERIFY_REFUSED;
	given = str_trim(str_from(given, scheme.n));
	return digest_same(given, k->basic) ? PROVIDER_VERIFY_OK
					    : PROVIDER_VERIFY_REFUSED;
}

static bool is_proven(const void *state, bool dlr)
{
	const struct kannel *k = state;

	(void)dlr;
	return k->basic.n > 0;
}

/* get-url and dlr-url, or post-url */
static bool takes_method(const void *state, const struct provider_request *r)
{
	(void)state;
	return str_is(r->method, "GET") || str_is(r->method, "POST");
}

static bool can_send_now(const void *state)
{
	const struct kannel *k = state;

	return k->send_url.n > 0;
}

static void put_number(struct buf *b, const char *key, int64_t v)
{
	char z[24];

	snprintf(z, sizeof(z), "%" PRId64, v);
	form_put(b, key, str_of(z));
}

/*
 * Kannel replaces its own %d, %A … in the dlr-url once it has something to
 * report, after it has decoded the query once: so our address has each % of
 * its own doubled, and all of it is escaped once more to stand in the query.
 * The log-in that callbacks need goes before the host.
 */
static void put_dlr_url(struct buf *b, const struct kannel *k,
	struct str report_url, struct arena *a)
{
	const ptrdiff_t scheme = str_find(report_url, STR("://"), 0);
	const size_t host = scheme < 0 ? 0 : (size_t)scheme + 3;
	struct buf url;
	size_t i;

	buf_init(&url, URL_MAX);
	for (i = 0; i < report_url.n; i++) {
		if (i == host && k->basic.n > 0)
			buf_putf(&url, STR_FMT ":" STR_FMT "@",
				STR_ARG(k->callback_username),
				STR_ARG(k->callback_password));
		if (report_url.p[i] == '%')
			buf_putc(&url, '%');
		buf_putc(&url, report_url.p[i]);
	}
	buf_putz(&url, "&d=%d&a=%A&f=%F&p=%p&t=%T");
	form_put(b, "dlr-url", arena_str(a, buf_str(&url)));
	buf_release(&url);
}

static void put_text(struct buf *b, const struct kannel *k,
	const struct provider_outgoing *o, struct arena *a)
{
	put_number(b, "coding", o->ucs2 ? 2 : 0);
	if (k->charset == KANNEL_UTF8)
		form_put(b, "charset", STR("UTF-8"));
	if (k->charset == KANNEL_UTF16BE && o->ucs2)
		form_put(b, "text", charset_utf16be(o->text, a));
	else
		form_put(b, "text", o->text);
}

/* Whole minutes that are left, at least one. */
static int64_t validity_min(int64_t valid_s)
{
	const int64_t min = valid_s < 60 ? 1 : valid_s / 60;

	return min < VALIDITY_MAX_MIN ? min : VALIDITY_MAX_MIN;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct kannel *k = state;
	struct buf b;
	int rc = 0;

	if (k->send_url.n == 0)
		return err_set(err, "this channel has no url to send to");
	buf_init(&b, URL_MAX);
	buf_put(&b, k->send_url);
	if (o->from.n > 0)
		form_put(&b, "from", o->from);
	form_put(&b, "to", o->to);
	put_text(&b, k, o, a);
	if (o->valid_s > 0)
		put_number(&b, "validity", validity_min(o->valid_s));
	if (k->smsc.n > 0)
		form_put(&b, "smsc", k->smsc);
	if (k->account.n > 0)
		form_put(&b, "account", k->account);
	if (o->report_url.n > 0 && k->dlr_mask > 0) {
		put_number(&b, "dlr-mask", k->dlr_mask);
		put_dlr_url(&b, k, o->report_url, a);
	}
	if (b.over)
		rc = err_set(err, "the url would be over %zu bytes", URL_MAX);
	*ret = (struct provider_call){
		.method = "GET",
		.url = arena_str(a, buf_str(&b)),
	};
	buf_release(&b);
	return rc;
}

/* An error page may quote the request, log-in and all. */
static bool repeats(struct str body, struct str secret)
{
	return secret.n > 0 && str_find(body, secret, 0) >= 0;
}

/*
 * What is taken is answered 202, with "0: Accepted for delivery", "3: Queued
 * for later delivery" or "Sent.". 403 is both a wrong log-in, which is ours to
 * mend, and a number that no try will reach: "Not routable. Do not try again.",
 * "Number(s) has/have been denied by white- and/or black-lists."
 */
static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct kannel *k = state;
	struct provider_response quiet = *r;
	struct provider_verdict v;

	if (repeats(r->body, k->password) || repeats(r->body, k->secret) ||
		repeats(r->body, k->callback_password))
		quiet.body = STR("its words repeat our password");
	v = provider_verdict_http(&quiet, a);
	if (r->status == 202) {
		v.why = str_starts(r->body, STR("3:"))
				? STR("accepted, 202: queued by Kannel")
				: STR("accepted, 202");
	} else if (v.kind == PROVIDER_OK) {
		v.kind = PROVIDER_UNKNOWN;
		v.why = arena_printf(a,
			"answered %d where Kannel says 202: wrong url in our "
			"configuration?",
			r->status);
	} else if (r->status == 403 &&
		   str_find(r->body, STR("Not routable"), 0) >= 0) {
		v.kind = PROVIDER_PERMANENT;
		v.why = STR("answered 403: Kannel has no route to this number");
	} else if (v.kind == PROVIDER_TEMPORARY &&
		   str_find(r->body, STR("black-lists"), 0) >= 0) {
		v.kind = PROVIDER_PERMANENT;
		v.why = arena_printf(a,
			"answered %d: a white or black list of Kannel's "
			"forbids this number",
			r->status);
	} else if (r->status == 503) {
		v.kind = PROVIDER_TEMPORARY;
	}
	return v;
}

const struct provider provider_kannel = {
	.name = "kannel",
	.help = "a Kannel of your own, in front of an operator's SMPP link",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct kannel),
	.can_receive = true,
	.can_send = true,
	.send_path = "/cgi-bin/sendsms",
	.tells_address = true,
	.open = open_kannel,
	.verify = verify,
	.is_proven = is_proven,
	.parse_inbound = kannel_parse_inbound,
	.parse_dlr = kannel_parse_dlr,
	.takes_method = takes_method,
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
