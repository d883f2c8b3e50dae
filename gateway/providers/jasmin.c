/*
 * jasmin - a Jasmin of one's own in front of an operator's SMPP link.
 *
 * Its httpccm calls us for each text and each report (jasmin_in.c), and knows
 * them taken only by a body of exactly "ACK/Jasmin". Ours leave as the POST
 * form of /send: GSM-7 as UTF-8, which Jasmin maps itself, UCS-2 as hex.
 * Jasmin names a text in its answer and takes no name of ours, so a send
 * without an answer is not repeated blindly; reports carry both. Facts:
 * providers.md §3.14, jasmin/protocols/http/endpoints/send.py. Pure; all state
 * is in the configuration's arena.
 */
#include "gateway/providers/jasmin.h"

#include "gateway/base/form.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/mt.h"
#include "gateway/providers/providers.h"

#include <inttypes.h>
#include <stdio.h>

#define FORM_MAX ((size_t)60000)
/* Jasmin's own limit on user name and password. */
#define LOGIN_MAX 16
#define VALIDITY_MAX_MIN 10080

#define JASMIN(field) offsetof(struct jasmin, field)

static const struct option options[] = {
	{
		.name = "url",
		.type = OPTION_URL,
		.help = "Jasmin's HTTP API: what precedes /send, as in "
			"http://127.0.0.1:1401. Without it the channel only "
			"receives.",
		.offset = JASMIN(url),
	},
	{
		.name = "username",
		.type = OPTION_TEXT,
		.max = LOGIN_MAX,
		.help = "The username of a Jasmin user (jcli: user -a).",
		.offset = JASMIN(username),
	},
	{
		.name = "password",
		.type = OPTION_TEXT,
		.max = LOGIN_MAX,
		.help = "The password of that user.",
		.offset = JASMIN(password),
	},
	{
		.name = "dlr_level",
		.type = OPTION_INT,
		.fallback = "3",
		.min = 0,
		.max = 3,
		.help = "The reports to ask for: 1 taken by the SMSC, 2 what "
			"became of the text, 3 both; 0: none.",
		.offset = JASMIN(dlr_level),
	},
	{
		.name = "max_parts",
		.type = OPTION_INT,
		.fallback = "5",
		.min = 1,
		.max = 255,
		.help = "long_content_max_parts of jasmin.cfg, [http-api]: "
			"Jasmin cuts a text of more parts off, so it is "
			"refused here.",
		.offset = JASMIN(max_parts),
	},
	{
		.name = "priority",
		.type = OPTION_INT,
		.fallback = "0",
		.min = 0,
		.max = 3,
		.help = "SMPP priority of our texts, 3 being the highest.",
		.offset = JASMIN(priority),
	},
	{
		.name = "tags",
		.type = OPTION_TEXT,
		.max = 64,
		.help = "Tags for Jasmin's route filters, as in 'bantin,vn'.",
		.offset = JASMIN(tags),
	},
};

static bool is_tags(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i], low = (char)(c | ' ');

		if (c != '-' && c != ',' && !(c >= '0' && c <= '9') &&
			!(low >= 'a' && low <= 'z'))
			return false;
	}
	return true;
}

static struct str escaped(struct str s, struct arena *a)
{
	struct str ret;
	struct buf b;

	buf_init(&b, FORM_MAX);
	form_escape(&b, s);
	ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

static int open_jasmin(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct jasmin *j = state;

	if (c->token.n == 0)
		return node_error(c->node, d,
			"channel " STR_FMT " needs a token: Jasmin signs "
			"nothing, and anybody could post here",
			STR_ARG(c->name));
	if (j->url.n > 0 && (j->username.n == 0 || j->password.n == 0))
		return node_error(provider_key(c, "url", NULL), d,
			"channel " STR_FMT " has a url, so it needs the "
			"username and password of a Jasmin user",
			STR_ARG(c->name));
	if (!is_tags(j->tags))
		return node_error(provider_key(c, "tags", NULL), d,
			"channel " STR_FMT ": tags are of letters, digits, - "
			"and commas",
			STR_ARG(c->name));
	if (j->url.n > 0)
		j->send_url = arena_printf(
			a, STR_FMT "/send", STR_ARG(mt_base(j->url)));
	j->secret = escaped(j->password, a);
	return 0;
}

/* The token, checked by whoever calls, is the guard. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	(void)r;
	return PROVIDER_VERIFY_OK;
}

/* An httpccm is of either method. */
static bool takes_method(const void *state, const struct provider_request *r)
{
	(void)state;
	return str_is(r->method, "GET") || str_is(r->method, "POST");
}

/* Anything else is tried again, at most three times, and then lost. */
static struct provider_answer answer(
	const void *state, const struct provider_inbound *in, struct arena *a)
{
	(void)state;
	(void)in;
	(void)a;
	return (struct provider_answer){200, "text/plain", STR("ACK/Jasmin")};
}

static bool can_send_now(const void *state)
{
	const struct jasmin *j = state;

	return j->send_url.n > 0;
}

static void put_number(struct buf *b, const char *key, int64_t v)
{
	char z[24];

	snprintf(z, sizeof(z), "%" PRId64, v);
	form_put(b, key, str_of(z));
}

static void put_hex(struct buf *b, const char *key, struct str raw)
{
	form_put(b, key, STR(""));
	for (size_t i = 0; i < raw.n; i++)
		buf_putf(b, "%02x", (unsigned char)raw.p[i]);
}

/* Whole minutes that are left, at least one. */
static int64_t validity_min(int64_t valid_s)
{
	const int64_t min = valid_s < 60 ? 1 : valid_s / 60;

	return min < VALIDITY_MAX_MIN ? min : VALIDITY_MAX_MIN;
}

static void put_all(struct buf *b, const struct jasmin *j,
	const struct provider_outgoing *o, struct arena *a)
{
	form_put(b, "username", j->username);
	form_put(b, "password", j->password);
	/* SMPP tells by its type that a number is international. */
	form_put(b, "to", mt_bare(o->to));
	if (o->from.n > 0)
		form_put(b, "from", mt_bare(o->from));
	put_number(b, "coding", o->ucs2 ? 8 : 0);
	if (o->ucs2)
		put_hex(b, "hex-content", charset_utf16be(o->text, a));
	else
		form_put(b, "content", o->text);
	if (j->priority > 0)
		put_number(b, "priority", j->priority);
	if (o->valid_s > 0)
		put_number(b, "validity-period", validity_min(o->valid_s));
	if (j->tags.n > 0)
		form_put(b, "tags", j->tags);
	if (o->report_url.n == 0 || j->dlr_level == 0) {
		form_put(b, "dlr", STR("no"));
		return;
	}
	form_put(b, "dlr", STR("yes"));
	form_put(b, "dlr-url", o->report_url);
	put_number(b, "dlr-level", j->dlr_level);
	form_put(b, "dlr-method", STR("POST")); /* GET would add a second ? */
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct jasmin *j = state;
	struct buf b;
	int rc = 0;

	if (j->send_url.n == 0)
		return err_set(err, "this channel has no url to send to");
	if (o->segments > (size_t)j->max_parts)
		return err_set(err,
			"%zu parts are more than the %" PRId64
			" that Jasmin sends (max_parts)",
			o->segments, j->max_parts);
	buf_init(&b, FORM_MAX);
	put_all(&b, j, o, a);
	if (b.over)
		rc = err_set(err, "the form would be over %zu bytes", FORM_MAX);
	*ret = (struct provider_call){
		.method = "POST",
		.url = j->send_url,
		.content_type = STR("application/x-www-form-urlencoded"),
		.body = arena_str(a, buf_str(&b)),
	};
	buf_release(&b);
	return rc;
}

/* What stands between the quotes of `Success "ID"` or `Error "why"`. */
static struct str quoted(struct str body, struct str word)
{
	const struct str s = str_trim(body);
	struct str in;

	if (!str_starts(s, word))
		return (struct str){NULL, 0};
	in = str_trim(str_from(s, word.n));
	if (in.n < 2 || in.p[0] != '"' || !str_ends(in, STR("\"")))
		return (struct str){NULL, 0};
	return str_part(in, 1, in.n - 2);
}

static bool says(const struct provider_response *r, const char *words)
{
	return str_find(r->body, str_of(words), 0) >= 0;
}

/*
 * 403 is a wrong log-in or no credit, which are ours to mend, and a user that
 * sends too fast. 412 is no route to this number, or one whose connectors are
 * all down. 503 comes of an interceptor that is not there.
 */
static enum provider_verdict_kind kind_of(
	const struct provider_response *r, enum provider_verdict_kind by_status)
{
	switch (r->status) {
	case 403:
		return says(r, "throughput") ? PROVIDER_THROTTLED : by_status;
	case 412:
		return says(r, "connector") ? PROVIDER_TEMPORARY
					    : PROVIDER_PERMANENT;
	case 503:
		return PROVIDER_TEMPORARY;
	default:
		return by_status;
	}
}

/* 403 for these is no matter of the log-in, as the plain words would say. */
static struct str why_of(const struct provider_response *r, struct str why)
{
	if (r->status == 403 && says(r, "throughput"))
		return STR("answered 403: faster than Jasmin lets this user "
			   "send (http_throughput)");
	if (r->status == 403 && says(r, "charge"))
		return STR("answered 403: Jasmin has no credit left for this "
			   "user");
	return why;
}

/* A 200 that holds no id: Jasmin's own "Error", or somebody else's words. */
static void read_nothing(const struct provider_response *r, struct arena *a,
	struct provider_verdict *v)
{
	if (quoted(r->body, STR("Error")).p != NULL) {
		v->kind = PROVIDER_TEMPORARY;
		v->why = arena_printf(
			a, "answered %d, and an error in it", r->status);
		return;
	}
	v->kind = PROVIDER_UNKNOWN;
	v->why = arena_printf(a,
		"answered %d without Success \"ID\": wrong url in our "
		"configuration?",
		r->status);
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct jasmin *j = state;
	const struct str id = quoted(r->body, STR("Success"));
	const struct mt_secrets secrets = {{j->password, j->secret}};
	const struct provider_response quiet = mt_quiet(r, &secrets);
	struct provider_verdict v = provider_verdict_http(&quiet, a);

	if (v.kind == PROVIDER_OK && id.n > 0) {
		v.ref = mo_id(id, a);
	} else if (v.kind == PROVIDER_OK) {
		read_nothing(r, a, &v);
	} else {
		v.kind = kind_of(r, v.kind);
		v.why = why_of(r, v.why);
	}
	return v;
}

const struct provider provider_jasmin = {
	.name = "jasmin",
	.help = "a Jasmin of your own, in front of an operator's SMPP link",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct jasmin),
	.can_receive = true,
	.can_send = true,
	.send_path = "/send",
	.tells_address = true,
	.open = open_jasmin,
	.verify = verify,
	.parse_inbound = jasmin_parse_inbound,
	.parse_dlr = jasmin_parse_inbound,
	.takes_method = takes_method,
	.can_send_now = can_send_now,
	.answer = answer,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
