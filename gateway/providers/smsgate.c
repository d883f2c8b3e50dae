/*
 * smsgate - SMS Gateway for Android: a phone and a SIM as the modem.
 *
 * Speaks the webhooks and the message API of capcom6/android-sms-gateway
 * (docs-web af975373, app 0cdc5d86). A webhook is signed: HMAC-SHA256 over
 * the raw body and the timestamp, with a new pair for each retry, so a narrow
 * window is safe. A send carries our id and is idempotent: a repeated one is
 * answered 409, which is as good as 202, and no answer may be tried again.
 * Pure; all state is in the configuration's arena.
 */
#include "gateway/base/digest.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/mt.h"
#include "gateway/providers/providers.h"
#include "parsers/phone.h"

/* The API's own limit on an id. */
#define ID_MAX 36
#define EVENT_MAX 40
#define PARTS_MAX 255 /* an SMS counts its parts in one byte */

struct smsgate {
	struct str url, username, password, signing_key;
	int64_t tolerance_s, sim_number; /* 0: the phone chooses the SIM */
	struct str messages_url;         /* made by open(); absent: no url */
};

#define SMSGATE(field) offsetof(struct smsgate, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.help = "What precedes /messages: https://HOST/3rdparty/v1 of "
			"a server, or http://PHONE:8080. Without it the "
			"channel only receives.",
		.offset = SMSGATE(url),
	},
	{
		.name = "username",
		.type = OPTION_TEXT,
		.help = "User name for HTTP Basic on a send.",
		.offset = SMSGATE(username),
	},
	{
		.name = "password",
		.type = OPTION_TEXT,
		.help = "Password for HTTP Basic on a send.",
		.offset = SMSGATE(password),
	},
	{
		.name = "signing_key",
		.type = OPTION_TEXT,
		.min = 8,
		.max = 256,
		.help = "The app's webhook signing key; callbacks must carry a "
			"valid signature.",
		.offset = SMSGATE(signing_key),
	},
	{
		.name = "tolerance_s",
		.type = OPTION_INT,
		.fallback = "300",
		.min = 1,
		.max = 86400,
		.unit = "s",
		.help = "How far a callback's timestamp may be from our clock, "
			"either way.",
		.offset = SMSGATE(tolerance_s),
	},
	{
		.name = "sim_number",
		.type = OPTION_INT,
		.fallback = "0",
		.min = 0,
		.max = 3,
		.help = "SIM slot to send from; 0: the phone's default.",
		.offset = SMSGATE(sim_number),
	},
};

static int open_smsgate(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct smsgate *s = state;
	struct str base = s->url;

	if (s->signing_key.n == 0 && c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a signing_key or a token, "
			"or anybody could post here",
			STR_ARG(c->name));
	if (s->url.n > 0 && (s->username.n == 0 || s->password.n == 0))
		node_warn(provider_key(c, "url", NULL), d,
			"channel " STR_FMT " sends without a log-in, which "
			"the app answers 401; set the username and password "
			"that it shows",
			STR_ARG(c->name));
	while (str_ends(base, STR("/")))
		base.n--;
	if (base.n > 0)
		s->messages_url =
			arena_printf(a, STR_FMT "/messages", STR_ARG(base));
	return 0;
}

static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	const struct smsgate *s = state;
	const struct str stamp = provider_request_header(r, "X-Timestamp");
	const struct str sign = provider_request_header(r, "X-Signature");
	struct digest d;
	int64_t at_s, off_s;

	if (s->signing_key.n == 0)
		return PROVIDER_VERIFY_OK; /* the token is the guard */
	if (str_to_i64(stamp, &at_s) != 0 || at_s < 0 ||
		at_s > r->now_ms / 1000 + s->tolerance_s)
		return PROVIDER_VERIFY_REFUSED;
	off_s = r->now_ms / 1000 - at_s;
	if (off_s > s->tolerance_s)
		return PROVIDER_VERIFY_REFUSED;
	d = digest_hmac(DIGEST_SHA256, s->signing_key,
		(const struct str[]){r->body, stamp}, 2);
	return digest_is_hex(&d, sign) ? PROVIDER_VERIFY_OK
				       : PROVIDER_VERIFY_REFUSED;
}

static bool is_proven(const void *state, bool dlr)
{
	const struct smsgate *s = state;

	(void)dlr;
	return s->signing_key.n > 0;
}

/* The value under a path as text, whatever scalar it is; absent: none. */
static struct str text_at(
	const struct jdoc *doc, const char *path, struct arena *a)
{
	const struct jdoc *v = jdoc_at(doc, path);

	return v != NULL ? jdoc_text(v, a) : (struct str){NULL, 0};
}

/*
 * `sender` is new, `phoneNumber` its deprecated twin (§3.1). A text without
 * either is stored all the same: refusing it would make the phone repeat it
 * for two days. The webhook's own id stays the same over retries and is what
 * deduplicates; messageId is only a 32-bit hash and goes along as event_id.
 */
static void read_received(const struct jdoc *doc,
	const struct provider_request *r, struct arena *a,
	struct provider_inbound *out)
{
	const struct str text = text_at(doc, "payload.message", a);
	const struct str time = text_at(doc, "payload.receivedAt", a);
	const struct str id = text_at(doc, "id", a);
	struct str from = text_at(doc, "payload.sender", a);
	struct message *m;

	if (text.p == NULL) {
		(void)err_set(mo_unreadable(out),
			"sms:received without a payload.message");
		return;
	}
	if (from.n == 0)
		from = text_at(doc, "payload.phoneNumber", a);
	mo_messages(out, 1, a);
	m = out->v;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->to = mo_number(text_at(doc, "payload.recipient", a), a);
	m->text = mo_text(text, a);
	m->event_id = mo_id(text_at(doc, "payload.messageId", a), a);
	if (mo_time(time, &m->sent_at) != 0)
		m->sent_at = r->now_ms;
	m->provider_id = id.n > 0 ? mo_id(id, a) : mo_hash_id(m, time, a);
}

/*
 * What the phone reports of a text of ours (§3.1). Sent, failed and cancelled
 * speak of the whole text. Delivered comes once for each part and does not
 * say for which; the event's id, the same over retries, tells two parts from
 * one that is repeated. Of several texts without an id the time of the event
 * does, to the millisecond.
 */
static const struct report_event {
	const char *event;
	enum provider_report_state state;
	int part;
	const char *time;
} report_events[] = {
	{"sms:sent", PROVIDER_REPORT_SENT, 0, "payload.sentAt"},
	{"sms:delivered", PROVIDER_REPORT_DELIVERED, PROVIDER_PART_UNSAID,
		"payload.deliveredAt"},
	{"sms:failed", PROVIDER_REPORT_FAILED, 0, "payload.failedAt"},
	{"sms:cancelled", PROVIDER_REPORT_FAILED, 0, "payload.cancelledAt"},
};

static const struct report_event *report_event(struct str event)
{
	size_t n = sizeof(report_events) / sizeof(report_events[0]);

	for (size_t i = 0; i < n; i++)
		if (str_is(event, report_events[i].event))
			return &report_events[i];
	return NULL;
}

/* "sms:failed: No service" */
static struct str words_of(
	const struct jdoc *doc, const struct report_event *e, struct arena *a)
{
	struct str reason = mo_text(text_at(doc, "payload.reason", a), a);

	if (reason.n == 0)
		return str_of(e->event);
	return arena_printf(a, "%s: " STR_FMT, e->event, STR_ARG(reason));
}

/* messageId is the id that we gave it. */
static void read_report(const struct jdoc *doc, const struct report_event *e,
	struct arena *a, struct provider_inbound *out)
{
	const struct str id = text_at(doc, "payload.messageId", a);
	const struct str event = text_at(doc, "id", a);
	struct str to = text_at(doc, "payload.recipient", a);
	struct provider_report *r = ARENA_NEW(a, struct provider_report);
	int64_t parts = 0;

	if (id.n == 0) {
		(void)err_set(mo_unreadable(out),
			"%s without a payload.messageId", e->event);
		return;
	}
	if (to.n == 0)
		to = text_at(doc, "payload.phoneNumber", a);
	if (jdoc_int(jdoc_at(doc, "payload.partsCount"), &parts) && parts > 0 &&
		parts <= PARTS_MAX)
		r->parts = (int)parts;
	r->own = r->ref = mo_id(id, a);
	r->to = mo_number(to, a);
	r->event = event.n > 0 ? mo_id(event, a) : event;
	r->state = e->state;
	r->said = words_of(doc, e, a);
	r->part = e->part;
	if (mo_time(text_at(doc, e->time, a), &r->at_ms) != 0)
		r->at_ms = 0;
	out->event = PROVIDER_REPORTS;
	out->reports = r;
	out->reports_n = 1;
}

/* An MMS, into which some phones turn a long text, or bytes. */
static bool may_hold_text(struct str event)
{
	return str_starts(event, STR("mms:")) ||
	       str_is(event, "sms:data-received");
}

/* The other events (system:ping, app:started, and those to come) are taken
 * and not used; what a person may have written is told in the log. */
static void parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct report_event *report;
	struct jdoc *doc;
	struct str event;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	doc = mo_json(r->body, a, &out->err);
	if (doc == NULL)
		return;
	event = jdoc_str(jdoc_at(doc, "event"));
	report = report_event(event);
	if (event.p == NULL)
		(void)err_set(mo_unreadable(out),
			"a webhook has an \"event\"; this has none");
	else if (str_is(event, "sms:received"))
		read_received(doc, r, a, out);
	else if (report != NULL)
		read_report(doc, report, a, out);
	else {
		out->event = PROVIDER_IGNORED;
		if (may_hold_text(event))
			(void)err_set(&out->err,
				STR_FMT " is not read; only texts are",
				STR_ARG(mo_clean(
					str_part(event, 0, EVENT_MAX), a)));
	}
	jdoc_free(doc);
}

static bool can_send_now(const void *state)
{
	const struct smsgate *s = state;

	return s->messages_url.n > 0;
}

static struct jdoc *message_body(
	const struct smsgate *s, const struct provider_outgoing *o)
{
	struct jdoc *doc = jdoc_object();
	struct jdoc *text = jdoc_object();
	struct jdoc *phones = jdoc_array();

	jdoc_set_str(doc, "id", o->id_text);
	jdoc_set_str(text, "text", o->text);
	jdoc_set(doc, "textMessage", text);
	jdoc_push(phones, jdoc_new_str(o->to));
	jdoc_set(doc, "phoneNumbers", phones);
	if (s->sim_number > 0)
		jdoc_set_int(doc, "simNumber", s->sim_number);
	if (o->valid_s > 0)
		jdoc_set_int(doc, "ttl", o->valid_s);
	jdoc_set(doc, "withDeliveryReport", jdoc_new_bool(true));
	return doc;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct smsgate *s = state;
	struct phone phone;
	struct jdoc *doc;

	if (s->messages_url.n == 0)
		return err_set(err, "this channel has no url to send to");
	if (o->id_text.n > ID_MAX)
		return err_set(err, "an id of over %d characters", ID_MAX);
	doc = message_body(s, o);
	*ret = (struct provider_call){
		.method = "POST",
		.url = s->messages_url,
		.content_type = STR("application/json"),
		.body = jdoc_print(doc, a),
		.username = s->username,
		.password = s->password,
	};
	jdoc_free(doc);
	/* Short codes and whatever else is no E.164 number. */
	if (phone_parse(o->to, &phone) != 0)
		ret->url = arena_printf(a, STR_FMT "?skipPhoneValidation=true",
			STR_ARG(s->messages_url));
	return 0;
}

/* The error of the only recipient, or the state, as the phone says it. */
static struct str refusal(const struct jdoc *doc, struct str state,
	const struct mt_secrets *secrets, struct arena *a)
{
	struct str error = text_at(doc, "recipients[0].error", a);

	return arena_printf(a, "taken and given up: " STR_FMT,
		STR_ARG(mt_shown(error.n > 0 ? error : state, secrets, a)));
}

/*
 * A 202 tells id and state. A text that was given up at once, say to a number
 * that the phone refuses, is not worth a second try. Where no message is in
 * it, somebody else answered: the log-in page of a network, a router.
 */
static void read_taken(const struct provider_response *r,
	const struct mt_secrets *secrets, struct arena *a,
	struct provider_verdict *v)
{
	struct jdoc *doc = mo_json(r->body, a, NULL);
	struct str id = {NULL, 0}, state;

	if (doc != NULL)
		id = text_at(doc, "id", a);
	if (id.n == 0) {
		v->kind = PROVIDER_UNKNOWN;
		v->why = arena_printf(a,
			"answered %d without a message in it: wrong url in "
			"our configuration, or a log-in page?",
			r->status);
		jdoc_free(doc);
		return;
	}
	v->ref = mo_id(id, a);
	state = text_at(doc, "state", a);
	if (state.n == 0)
		state = text_at(doc, "recipients[0].state", a);
	if (str_is(state, "Failed") || str_is(state, "Cancelled")) {
		v->kind = PROVIDER_PERMANENT;
		v->why = refusal(doc, state, secrets, a);
	}
	jdoc_free(doc);
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct smsgate *s = state;
	const struct mt_secrets secrets = {{s->password}};
	const struct provider_response quiet = mt_quiet(r, &secrets);
	struct provider_verdict v = provider_verdict_http(&quiet, a);

	if (v.kind == PROVIDER_OK) {
		read_taken(r, &secrets, a, &v);
	} else if (r->status == 409) {
		v.kind = PROVIDER_OK;
		v.why = STR("answered 409: it has this text already");
	}
	return v;
}

const struct provider provider_smsgate = {
	.name = "smsgate",
	.help = "SMS Gateway for Android (a phone and its SIM)",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct smsgate),
	.takes_our_id = true,
	.can_receive = true,
	.can_send = true,
	.send_path = "/messages",
	.open = open_smsgate,
	.verify = verify,
	.is_proven = is_proven,
	.parse_inbound = parse_inbound,
	.parse_dlr = parse_inbound, /* a webhook for each event: any path */
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
