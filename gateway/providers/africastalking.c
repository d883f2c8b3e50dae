/*
 * africastalking - Africa's Talking: texts by form, both ways.
 *
 * A send is a form behind a key in a header; 200 and 201 say nothing, the
 * recipient's statusCode does. It knows no id of ours, so a send without an
 * answer is not repeated blindly. Callbacks are forms, unsigned: the token is
 * the guard; a report is told from a text by what it holds, so either path
 * serves. Facts: providers.md §3.12. USSD: africastalking_ussd.c. Pure; all
 * state is in the configuration's arena.
 */
#include "gateway/base/form.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"
#include "gateway/providers/spelling.h"
#include "gateway/providers/ussd.h"

#define SEND_PATH "/version1/messaging"
#define BODY_MAX ((size_t)1 << 20)
#define SAID_MAX 120
#define WORD_MAX 40

struct africastalking {
	struct str url, username, api_key, sender;
	struct str send_url; /* made by open(); absent: no api_key */
	const struct provider_header *headers;
	size_t headers_n;
};

#define AT(field) offsetof(struct africastalking, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.fallback = "https://api.africastalking.com",
		.help = "What precedes /version1/messaging; "
			"https://api.sandbox.africastalking.com to try.",
		.offset = AT(url),
	},
	{
		.name = "username",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 64,
		.help = "The application's username; \"sandbox\" to try.",
		.offset = AT(username),
	},
	{
		.name = "api_key",
		.type = OPTION_TEXT,
		.min = 8,
		.max = 256,
		.help = "The application's API key. Without it the channel "
			"only receives.",
		.offset = AT(api_key),
	},
	{
		.name = "sender",
		.type = OPTION_TEXT,
		.min = 1,
		.max = 20,
		.help = "Short code or name that texts leave from; unset: the "
			"channel's first own number.",
		.offset = AT(sender),
	},
};

/* It goes into a header as it is. */
static bool is_visible(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return true;
}

static int open_africastalking(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct africastalking *s = state;
	struct provider_header *headers;
	struct str base = s->url;

	if (c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token: Africa's Talking "
			"signs nothing, so anybody could post here",
			STR_ARG(c->name));
	if ((s->username.n > 0) != (s->api_key.n > 0))
		return node_error(provider_key(c, "username", "api_key"), d,
			"channel " STR_FMT " needs both username and api_key, "
			"or neither to only receive",
			STR_ARG(c->name));
	if (!is_visible(s->api_key))
		return node_error(provider_key(c, "api_key", NULL), d,
			"channel " STR_FMT ": api_key is of letters, digits "
			"and signs, without blanks",
			STR_ARG(c->name));
	if (s->api_key.n == 0)
		return 0;
	if (str_is(s->username, "sandbox") !=
			(str_find(s->url, STR("sandbox"), 0) >= 0) &&
		str_ends(base, STR("africastalking.com")))
		node_warn(provider_key(c, "username", NULL), d,
			"username sandbox and url "
			"https://api.sandbox.africastalking.com go together, "
			"or every send is answered 401");
	while (str_ends(base, STR("/")))
		base.n--;
	s->send_url = arena_printf(a, STR_FMT SEND_PATH, STR_ARG(base));
	headers = ARENA_ARRAY(a, struct provider_header, 2);
	headers[0] = (struct provider_header){STR("apiKey"), s->api_key};
	/* Else it answers in XML. */
	headers[1] = (struct provider_header){
		STR("Accept"), STR("application/json")};
	s->headers = headers;
	s->headers_n = 2;
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

/* RFC 3339, or "2017-05-03 06:04:45", which is UTC like the other. */
static int64_t time_of(struct str raw, int64_t now_ms)
{
	static const struct spelling_time plain = {
		.kind = SPELLING_TIME_PATTERN,
		.pattern = "%Y-%m-%d %H:%M:%S",
	};
	int64_t ms;

	if (mo_time(raw, &ms) == 0 ||
		spelling_time(&plain, str_trim(raw), &ms) == 0)
		return ms;
	return now_ms;
}

static void read_text(const struct form *f, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct str from = form_get(f, STR("from"));
	const struct str time = form_get(f, STR("date"));
	const struct str id = form_get(f, STR("id"));
	struct message *m;

	mo_messages(out, 1, a);
	m = out->v;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->to = mo_number(form_get(f, STR("to")), a);
	m->text = mo_text(form_get(f, STR("text")), a);
	m->sent_at = time_of(time, r->now_ms);
	m->provider_id = id.n > 0 ? mo_id(id, a) : mo_hash_id(m, time, a);
}

static enum provider_report_state state_of(struct str said)
{
	static const struct {
		const char *said;
		enum provider_report_state state;
	} t[] = {
		{"Buffered", PROVIDER_REPORT_QUEUED},
		{"Submitted", PROVIDER_REPORT_QUEUED},
		{"Sent", PROVIDER_REPORT_SENT},
		{"Success", PROVIDER_REPORT_DELIVERED},
		{"Failed", PROVIDER_REPORT_FAILED},
		{"Rejected", PROVIDER_REPORT_FAILED},
		{"AbsentSubscriber", PROVIDER_REPORT_FAILED},
		{"Expired", PROVIDER_REPORT_EXPIRED},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_ieq(said, str_of(t[i].said)))
			return t[i].state;
	return PROVIDER_REPORT_UNKNOWN;
}

/* "Failed: UserInBlackList" */
static struct str said_of(
	struct str status, const struct form *f, struct arena *a)
{
	const struct str why = str_trim(form_get(f, STR("failureReason")));
	const struct str said = mo_clean(str_part(status, 0, WORD_MAX), a);

	if (why.n == 0)
		return said.n > 0 ? said : STR("no status");
	return arena_printf(a, STR_FMT ": " STR_FMT, STR_ARG(said),
		STR_ARG(mo_clean(str_part(why, 0, SAID_MAX), a)));
}

static void read_report(
	const struct form *f, struct arena *a, struct provider_inbound *out)
{
	const struct str status = str_trim(form_get(f, STR("status")));
	const struct str id = form_get(f, STR("id"));
	struct provider_report *r;

	if (id.n == 0) {
		(void)err_set(mo_unreadable(out), "a report without an id");
		return;
	}
	r = ARENA_NEW(a, struct provider_report);
	r->ref = mo_id(id, a);
	r->to = mo_number(form_get(f, STR("phoneNumber")), a);
	r->state = state_of(status);
	if (r->state == PROVIDER_REPORT_FAILED &&
		str_ieq(str_trim(form_get(f, STR("failureReason"))),
			STR("UserInBlackList")))
		r->state = PROVIDER_REPORT_OPTED_OUT;
	r->said = said_of(status, f, a);
	out->event = PROVIDER_REPORTS;
	out->reports = r;
	out->reports_n = 1;
}

/* JSON or multipart, which this account was never said to send. */
static bool is_other_type(const struct provider_request *r)
{
	const struct str type = provider_request_header(r, "Content-Type");
	const struct str form = STR("application/x-www-form-urlencoded");

	return type.n > 0 && !str_ieq(str_part(type, 0, form.n), form);
}

/* Opt-outs, subscriptions and what is to come have neither text nor status;
 * one with a `from` had a text that was lost on the way. */
static void parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct form f;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (form_parse(a, r->body, &f) != 0)
		(void)err_set(mo_unreadable(out),
			"the form has a broken %%XX escape, or more than %d "
			"fields",
			FORM_MAX_PAIRS);
	else if (form_get(&f, STR("text")).p != NULL)
		read_text(&f, r, a, out);
	else if (form_get(&f, STR("status")).p != NULL)
		read_report(&f, a, out);
	else if (f.n == 0 || form_get(&f, STR("from")).p != NULL)
		(void)err_set(mo_unreadable(out),
			"a form with neither text nor status");
	else if (is_other_type(r))
		(void)err_set(mo_unreadable(out), "no form: " STR_FMT,
			STR_ARG(mo_clean(str_part(provider_request_header(
							  r, "Content-Type"),
						 0, WORD_MAX),
				a)));
	else
		out->event = PROVIDER_IGNORED;
}

/* ---- sending ---- */

static bool can_send_now(const void *state)
{
	const struct africastalking *s = state;

	return s->send_url.n > 0;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct africastalking *s = state;
	const struct str from = s->sender.n > 0 ? s->sender : o->from;
	struct buf b;
	int rc = 0;

	if (s->send_url.n == 0)
		return err_set(err,
			"this channel has no username and api_key to send "
			"with");
	buf_init(&b, BODY_MAX);
	form_put(&b, "username", s->username);
	form_put(&b, "to", o->to);
	form_put(&b, "message", o->text);
	if (from.n > 0)
		form_put(&b, "from", from);
	if (b.over)
		rc = err_set(err, "the form would be over %zu bytes", BODY_MAX);
	*ret = (struct provider_call){
		.method = "POST",
		.url = s->send_url,
		.content_type = STR("application/x-www-form-urlencoded"),
		.body = arena_str(a, buf_str(&b)),
		.headers = s->headers,
		.headers_n = s->headers_n,
	};
	buf_release(&b);
	return rc;
}

/*
 * What one recipient came to, by code or, where no recipient is listed, by
 * name. 10x is taken, 4xx a refusal and 5xx a failure of theirs; sender and
 * balance are ours to mend, and must not cost a text. Who had himself taken
 * off their list is off ours, too.
 */
static const struct code {
	int64_t code;
	const char *name;
	enum provider_verdict_kind kind;
	bool opted_out;
} codes[] = {
	{100, "Processed", PROVIDER_OK, false},
	{101, "Sent", PROVIDER_OK, false},
	{102, "Queued", PROVIDER_OK, false},
	{402, "InvalidSenderId", PROVIDER_TEMPORARY, false},
	{405, "InsufficientBalance", PROVIDER_TEMPORARY, false},
	{406, "UserInBlacklist", PROVIDER_PERMANENT, true},
	{0, "Success", PROVIDER_OK, false},
};

static struct code judged(int64_t code, struct str name)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (code != 0 ? codes[i].code == code
			      : str_ieq(name, str_of(codes[i].name)))
			return codes[i];
	return (struct code){.kind = code >= 500 && code < 600
					     ? PROVIDER_TEMPORARY
					     : PROVIDER_PERMANENT};
}

static struct str text_at(
	const struct jdoc *doc, const char *path, struct arena *a)
{
	return jdoc_text(jdoc_at(doc, path), a);
}

static void read_recipient(
	const struct jdoc *to, struct arena *a, struct provider_verdict *v)
{
	const struct str name = text_at(to, "status", a);
	const struct str id = text_at(to, "messageId", a);
	struct code code;
	int64_t number;

	if (str_to_i64(str_trim(text_at(to, "statusCode", a)), &number) != 0)
		number = 0;
	code = judged(number, name);
	v->kind = number != 0 || name.n > 0 ? code.kind : PROVIDER_UNKNOWN;
	v->opted_out = code.opted_out;
	v->why = arena_printf(a, "answered %lld: " STR_FMT, (long long)number,
		STR_ARG(mo_clean(str_part(name, 0, WORD_MAX), a)));
	if (v->kind == PROVIDER_OK && id.n > 0 && !str_is(id, "None"))
		v->ref = mo_id(id, a);
}

/* Nobody listed: the whole call was refused, and Message says why. */
static void read_refusal(
	const struct jdoc *data, struct arena *a, struct provider_verdict *v)
{
	const struct str said = text_at(data, "Message", a);

	v->kind = judged(0, said).kind;
	if (v->kind == PROVIDER_OK)
		v->kind = PROVIDER_PERMANENT;
	v->why = arena_printf(a, "answered that it went to nobody: " STR_FMT,
		STR_ARG(mo_clean(str_part(said, 0, SAID_MAX), a)));
}

/* A body without recipients is somebody else's: a log-in page, a router. */
static void read_taken(const struct provider_response *r, struct arena *a,
	struct provider_verdict *v)
{
	struct jdoc *doc = mo_json(r->body, a, NULL);
	const struct jdoc *data = jdoc_at(doc, "SMSMessageData");
	const struct jdoc *to = jdoc_at(data, "Recipients");

	if (jdoc_is_object(jdoc_item(to, 0))) {
		read_recipient(jdoc_item(to, 0), a, v);
	} else if (jdoc_is_array(to) && jdoc_len(to) == 0) {
		read_refusal(data, a, v);
	} else {
		v->kind = PROVIDER_UNKNOWN;
		v->why = arena_printf(a,
			"answered %d without SMSMessageData in it: wrong url "
			"in our configuration, or a log-in page?",
			r->status);
	}
	jdoc_free(doc);
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct africastalking *s = state;
	struct provider_verdict v = provider_verdict_http(r, a);

	if (v.kind == PROVIDER_OK)
		read_taken(r, a, &v);
	if (s->api_key.n > 0 && str_find(r->body, s->api_key, 0) >= 0)
		v.why = arena_printf(a,
			"answered %d; its words repeat our api_key", r->status);
	return v;
}

const struct provider provider_africastalking = {
	.name = "africastalking",
	.help = "Africa's Talking: short codes and names in Africa",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct africastalking),
	.can_receive = true,
	.can_send = true,
	.send_path = "/version1",
	.open = open_africastalking,
	.verify = verify,
	.parse_inbound = parse_inbound,
	.parse_dlr = parse_inbound,
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
	.ussd = &ussd_africastalking,
};
