/*
 * infobip - the SMS API of Infobip, whose customers have an address each.
 *
 * A text is a POST of /sms/3/messages under our own messageId: Infobip
 * refuses one that it has, so no answer may be tried again. What an answer
 * says of the text is the group of its status. Callbacks are not signed; a
 * log-in of the account's profile may guard them beside the token. Callbacks:
 * infobip_in.c, infobip_ussd.c. Facts: providers.md §3.11; names of statuses
 * and the validity from Infobip's public documentation. Pure; all state is in
 * the configuration's arena.
 */
#include "gateway/providers/infobip.h"

#include "gateway/base/digest.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"
#include "gateway/providers/ussd.h"

#define VALIDITY_MAX_MIN 2880

#define INFOBIP(field) offsetof(struct infobip, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.help = "The account's own address, which precedes "
			"/sms/3/messages, as in https://xyz.api.infobip.com. "
			"Without it the channel only receives.",
		.offset = INFOBIP(url),
	},
	{
		.name = "api_key",
		.type = OPTION_TEXT,
		.help = "The API key to send with.",
		.offset = INFOBIP(api_key),
	},
	{
		.name = "username",
		.type = OPTION_TEXT,
		.help = "User name to send with, instead of an api_key.",
		.offset = INFOBIP(username),
	},
	{
		.name = "password",
		.type = OPTION_TEXT,
		.help = "Password to send with, instead of an api_key.",
		.offset = INFOBIP(password),
	},
	{
		.name = "sender",
		.type = OPTION_TEXT,
		.max = 20,
		.help = "What texts show as their sender: a number or a "
			"registered name; unset: the channel's first number.",
		.offset = INFOBIP(sender),
	},
	{
		.name = "report_by",
		.type = OPTION_ENUM,
		.fallback = "text",
		.choices = INFOBIP_REPORT_BY,
		.help = "Where reports are asked for: text names our address "
			"with each text, profile leaves it to the address set "
			"in the account.",
		.offset = INFOBIP(report_by),
	},
	{
		.name = "callback_username",
		.type = OPTION_TEXT,
		.help = "User name that callbacks must carry (HTTP Basic).",
		.offset = INFOBIP(callback_username),
	},
	{
		.name = "callback_password",
		.type = OPTION_TEXT,
		.min = 16,
		.max = 256,
		.help = "Password that callbacks must carry (HTTP Basic).",
		.offset = INFOBIP(callback_password),
	},
	{
		.name = "callback_bearer",
		.type = OPTION_TEXT,
		.min = 16,
		.max = 1024,
		.help = "Bearer token that callbacks must carry, instead of a "
			"user name and password.",
		.offset = INFOBIP(callback_bearer),
	},
};

static int check_callbacks(const struct infobip *s,
	const struct config_channel *c, struct diags *d)
{
	const bool name = s->callback_username.n > 0;

	if (name != (s->callback_password.n > 0))
		return node_error(provider_key(c, "callback_username",
					  "callback_password"),
			d,
			"channel " STR_FMT " needs both callback_username and "
			"callback_password, or neither",
			STR_ARG(c->name));
	if (name && s->callback_bearer.n > 0)
		return node_error(provider_key(c, "callback_bearer", NULL), d,
			"channel " STR_FMT " has a callback_bearer and a "
			"callback_username; a callback carries one of them",
			STR_ARG(c->name));
	if (!name && s->callback_bearer.n == 0 && c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token, or the log-in "
			"that callbacks carry, or anybody could post here",
			STR_ARG(c->name));
	return 0;
}

static int check_sending(const struct infobip *s,
	const struct config_channel *c, struct diags *d)
{
	const bool login = s->username.n > 0 && s->password.n > 0;

	if ((s->username.n > 0) != (s->password.n > 0) ||
		(login && s->api_key.n > 0))
		return node_error(provider_key(c, "username", "password"), d,
			"channel " STR_FMT " sends with an api_key, or with "
			"username and password",
			STR_ARG(c->name));
	if ((s->url.n > 0) != (login || s->api_key.n > 0))
		return node_error(provider_key(c, "url", "api_key"), d,
			"channel " STR_FMT " needs to send both a url and an "
			"api_key (or username and password), or neither",
			STR_ARG(c->name));
	if (s->url.n > 0 && s->sender.n == 0 && c->numbers.n == 0)
		return node_error(provider_key(c, "url", NULL), d,
			"channel " STR_FMT " needs a sender, or a number of "
			"its own, to send",
			STR_ARG(c->name));
	return 0;
}

static struct str basic(struct str name, struct str password, struct arena *a)
{
	const struct str both = arena_printf(
		a, STR_FMT ":" STR_FMT, STR_ARG(name), STR_ARG(password));

	return arena_printf(
		a, "Basic " STR_FMT, STR_ARG(digest_base64(both, a)));
}

static int open_infobip(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct infobip *s = state;

	if (check_callbacks(s, c, d) != 0 || check_sending(s, c, d) != 0)
		return -1;
	s->ussd_code = c->ussd_code;
	if (s->url.n > 0)
		s->send_url = arena_printf(
			a, STR_FMT "/sms/3/messages", STR_ARG(mt_base(s->url)));
	if (s->api_key.n > 0)
		s->app_key = (struct provider_header){STR("Authorization"),
			arena_printf(a, "App " STR_FMT, STR_ARG(s->api_key))};
	if (s->callback_bearer.n > 0)
		s->login = arena_printf(
			a, "Bearer " STR_FMT, STR_ARG(s->callback_bearer));
	else if (s->callback_username.n > 0)
		s->login = basic(s->callback_username, s->callback_password, a);
	s->secrets = (struct mt_secrets){{s->api_key, s->password,
		s->callback_password, s->callback_bearer}};
	return 0;
}

/* ---- callbacks ---- */

/* The token is checked by whoever calls; this is the log-in, its scheme in
 * any case (RFC 7235 §2.1). */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	const struct infobip *s = state;
	struct str given;
	size_t scheme;

	if (s->login.n == 0)
		return PROVIDER_VERIFY_OK;
	given = str_trim(provider_request_header(r, "Authorization"));
	scheme = (size_t)str_find_byte(s->login, ' ', 0) + 1;
	if (!str_ieq(str_part(given, 0, scheme), str_part(s->login, 0, scheme)))
		return PROVIDER_VERIFY_REFUSED;
	return digest_same(str_trim(str_from(given, scheme)),
		       str_from(s->login, scheme))
		       ? PROVIDER_VERIFY_OK
		       : PROVIDER_VERIFY_REFUSED;
}

static bool is_proven(const void *state, bool dlr)
{
	const struct infobip *s = state;

	(void)dlr;
	return s->login.n > 0;
}

/* ---- sending ---- */

static bool can_send_now(const void *state)
{
	const struct infobip *s = state;

	return s->send_url.n > 0;
}

/* One object that is the only member of a list, which is what Infobip has
 * most things in. */
static void set_only(struct jdoc *object, const char *key, struct jdoc *only)
{
	struct jdoc *list = jdoc_array();

	jdoc_push(list, only);
	jdoc_set(object, key, list);
}

/* Whole minutes that are left, at least one. */
static struct jdoc *options_of(int64_t valid_s)
{
	const int64_t min = valid_s < 60 ? 1 : valid_s / 60;
	struct jdoc *ret = jdoc_object(), *validity = jdoc_object();

	jdoc_set_int(validity, "amount",
		min < VALIDITY_MAX_MIN ? min : VALIDITY_MAX_MIN);
	jdoc_set_str(validity, "timeUnit", STR("MINUTES"));
	jdoc_set(ret, "validityPeriod", validity);
	return ret;
}

/* Reports carry our id, so one address does for all, and they can come many
 * at a time. */
static struct jdoc *webhooks_of(struct str report_url)
{
	struct jdoc *webhooks = jdoc_object(), *delivery = jdoc_object();

	jdoc_set_str(delivery, "url", mt_plain_url(report_url));
	jdoc_set(webhooks, "delivery", delivery);
	jdoc_set_str(webhooks, "contentType", STR("application/json"));
	return webhooks;
}

static struct jdoc *message_body(
	const struct infobip *s, const struct provider_outgoing *o)
{
	struct jdoc *doc = jdoc_object(), *message = jdoc_object();
	struct jdoc *to = jdoc_object(), *content = jdoc_object();

	jdoc_set_str(message, "sender",
		mt_bare(s->sender.n > 0 ? s->sender : o->from));
	jdoc_set_str(to, "to", mt_bare(o->to));
	jdoc_set_str(to, "messageId", o->id_text);
	set_only(message, "destinations", to);
	jdoc_set_str(content, "text", o->text);
	jdoc_set(message, "content", content);
	if (o->valid_s > 0)
		jdoc_set(message, "options", options_of(o->valid_s));
	if (o->report_url.n > 0 && s->report_by == INFOBIP_BY_TEXT)
		jdoc_set(message, "webhooks", webhooks_of(o->report_url));
	set_only(doc, "messages", message);
	return doc;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct infobip *s = state;
	struct jdoc *doc;

	if (s->send_url.n == 0)
		return err_set(err, "this channel has no url to send to");
	doc = message_body(s, o);
	*ret = (struct provider_call){
		.method = "POST",
		.url = s->send_url,
		.content_type = STR("application/json"),
		.body = jdoc_print(doc, a),
		.username = s->username,
		.password = s->password,
		.headers = &s->app_key,
		.headers_n = s->api_key.n > 0,
	};
	jdoc_free(doc);
	return 0;
}

/* ---- the answer ---- */

/* Rejections that are not the text's own fault, or no rejection at all. */
static enum provider_verdict_kind kind_of_rejection(struct str name)
{
	static const struct {
		const char *name;
		enum provider_verdict_kind kind;
	} t[] = {
		/* It has the text: this was a second try. */
		{"REJECTED_DUPLICATE_MESSAGE_ID", PROVIDER_OK},
		{"REJECTED_SOURCE", PROVIDER_TEMPORARY},
		{"REJECTED_SENDER", PROVIDER_TEMPORARY},
		{"REJECTED_NOT_ENOUGH_CREDITS", PROVIDER_TEMPORARY},
		{"REJECTED_PREPAID_PACKAGE_EXPIRED", PROVIDER_TEMPORARY},
		{"REJECTED_ROUTE_NOT_AVAILABLE", PROVIDER_TEMPORARY},
		{"REJECTED_FLOODING_FILTER", PROVIDER_TEMPORARY},
		{"REJECTED_SYSTEM_ERROR", PROVIDER_TEMPORARY},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_is(name, t[i].name))
			return t[i].kind;
	return PROVIDER_PERMANENT;
}

static enum provider_verdict_kind kind_of(int group, struct str name)
{
	switch (group) {
	case INFOBIP_ACCEPTED:
	case INFOBIP_PENDING:
	case INFOBIP_DELIVERED:
		return PROVIDER_OK;
	case INFOBIP_REJECTED:
		return kind_of_rejection(name);
	case INFOBIP_UNDELIVERABLE:
	case INFOBIP_EXPIRED:
		return PROVIDER_PERMANENT;
	default:
		return PROVIDER_UNKNOWN;
	}
}

static void judge(const struct infobip *s, const struct jdoc *message, int http,
	struct arena *a, struct provider_verdict *v)
{
	const struct jdoc *status = jdoc_at(message, "status");
	const struct str id = infobip_text(message, "messageId", a);
	const struct str name = infobip_text(status, "name", a);
	struct str words = infobip_text(status, "description", a);

	if (id.n > 0)
		v->ref = mo_id(id, a);
	v->kind = kind_of(infobip_group(status), name);
	if (words.n > 0)
		words = arena_printf(a, " (" STR_FMT ")",
			STR_ARG(mt_shown(words, &s->secrets, a)));
	v->why = arena_printf(a, "%s %d: " STR_FMT STR_FMT,
		v->kind == PROVIDER_OK ? "accepted," : "answered", http,
		STR_ARG(name.n > 0 ? mt_shown(name, &s->secrets, a)
				   : STR("no status that we know")),
		STR_ARG(words));
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct infobip *s = state;
	const struct provider_response quiet = mt_quiet(r, &s->secrets);
	struct provider_verdict v = provider_verdict_http(&quiet, a);
	const struct jdoc *message = NULL;
	struct jdoc *doc = NULL;

	if (v.kind != PROVIDER_OK)
		return v;
	doc = mo_json(r->body, a, NULL);
	if (doc != NULL)
		message = jdoc_at(doc, "messages[0]");
	if (message != NULL) {
		judge(s, message, r->status, a, &v);
	} else {
		v.kind = PROVIDER_UNKNOWN;
		v.why = arena_printf(a,
			"answered %d without a message in it: wrong url in "
			"our configuration, or a log-in page?",
			r->status);
	}
	jdoc_free(doc);
	return v;
}

const struct provider provider_infobip = {
	.name = "infobip",
	.help = "Infobip, SMS API",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct infobip),
	.takes_our_id = true,
	.can_receive = true,
	.can_send = true,
	.send_path = "/sms/3",
	.tells_address = true,
	.open = open_infobip,
	.verify = verify,
	.is_proven = is_proven,
	.parse_inbound = infobip_parse,
	.parse_dlr = infobip_parse, /* either address takes both */
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
	.ussd = &ussd_infobip,
};
