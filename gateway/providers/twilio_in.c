/*
 * twilio_in - did Twilio call, and with a text or a report?
 *
 * A callback is signed over its public URL and every field of its form: keys
 * in the order of their bytes, each with its values, a value that repeats
 * once. Twilio itself is of two minds about the port of the URL, so both ways
 * count. A body that is no form is signed by its SHA-256, which stands in the
 * query. No time is signed: a repeat is known by its MessageSid. Facts:
 * providers.md §3.9, twilio-python's request validator. Pure.
 */
#include "gateway/providers/twilio.h"

#include "gateway/base/digest.h"
#include "gateway/base/form.h"
#include "gateway/providers/mo.h"

#include <stdlib.h>

#define ARENA_FIRST 4096
#define WORD_MAX 32
#define URL_PARTS 3 /* up to the host, port, the rest */
#define PARTS_MAX (URL_PARTS + 2 * FORM_MAX_PAIRS)

/* ---- the signature ---- */

/* A body of another type is none of a text or a report. */
static bool is_form(const struct provider_request *r)
{
	const struct str want = STR("application/x-www-form-urlencoded");
	const struct str type = provider_request_header(r, "Content-Type");

	return type.n == 0 || str_ieq(str_part(type, 0, want.n), want);
}

struct url_parts {
	struct str head, port, rest; /* port with its colon; absent: none */
	bool secure;
};

static struct url_parts url_split(struct str url)
{
	const ptrdiff_t scheme = str_find(url, STR("://"), 0);
	const size_t host = scheme < 0 ? 0 : (size_t)scheme + 3;
	size_t end = host, colon;

	while (end < url.n && url.p[end] != '/' && url.p[end] != '?')
		end++;
	colon = end;
	while (colon > host && url.p[colon - 1] >= '0' &&
		url.p[colon - 1] <= '9')
		colon--;
	colon = colon > host && url.p[colon - 1] == ':' ? colon - 1 : end;
	return (struct url_parts){
		.head = str_part(url, 0, colon),
		.port = str_part(url, colon, end - colon),
		.rest = str_from(url, end),
		.secure = str_starts(url, STR("https:")),
	};
}

static int by_key_and_value(const void *a, const void *b)
{
	const struct form_pair *x = a, *y = b;
	const int keys = str_cmp(x->key, y->key);

	return keys != 0 ? keys : str_cmp(x->value, y->value);
}

/* Behind the URL; how many parts there are with it. */
static size_t put_fields(const struct form *f, struct arena *a, struct str *v)
{
	struct form_pair *sorted = ARENA_ARRAY(a, struct form_pair, f->n);
	size_t n = URL_PARTS;

	if (f->n > 0) {
		memcpy(sorted, f->v, f->n * sizeof(*sorted));
		qsort(sorted, f->n, sizeof(*sorted), by_key_and_value);
	}
	for (size_t i = 0; i < f->n; i++) {
		if (i > 0 && by_key_and_value(&sorted[i - 1], &sorted[i]) == 0)
			continue;
		v[n++] = sorted[i].key;
		v[n++] = sorted[i].value;
	}
	return n;
}

static bool signs(const struct twilio *t, const struct str *v, size_t n,
	struct str given, struct arena *a)
{
	const struct digest d = digest_hmac(DIGEST_SHA1, t->auth_token, v, n);
	const struct str raw = {(const char *)d.b, d.n};

	return digest_same(given, digest_base64(raw, a));
}

/* With the port, said or not, and without. */
static bool is_signed(const struct twilio *t, const struct provider_request *r,
	const struct form *f, struct arena *a)
{
	const struct str given =
		str_trim(provider_request_header(r, "X-Twilio-Signature"));
	const struct url_parts url = url_split(r->url);
	const struct str usual = url.secure ? STR(":443") : STR(":80");
	struct str v[PARTS_MAX];
	const size_t n = put_fields(f, a, v);
	bool with, without;

	v[0] = url.head;
	v[1] = url.port.n > 0 ? url.port : usual;
	v[2] = url.rest;
	with = signs(t, v, n, given, a);
	v[1] = STR("");
	without = signs(t, v, n, given, a);
	return with || without;
}

static bool is_signed_form(const struct twilio *t,
	const struct provider_request *r, struct arena *a)
{
	struct form f;

	return form_parse(a, r->body, &f) == 0 && is_signed(t, r, &f, a);
}

static bool is_signed_body(const struct twilio *t,
	const struct provider_request *r, struct arena *a)
{
	const struct form none = {NULL, 0};
	const struct digest d = digest_of(DIGEST_SHA256, &r->body, 1);
	struct form query;

	return form_parse(a, r->query, &query) == 0 &&
	       digest_is_hex(&d, form_get(&query, STR("bodySHA256"))) &&
	       is_signed(t, r, &none, a);
}

enum provider_verify twilio_verify(
	const void *state, const struct provider_request *r)
{
	const struct twilio *t = state;
	struct arena *a = arena_new(ARENA_FIRST);
	const bool ok =
		is_form(r) ? is_signed_form(t, r, a) : is_signed_body(t, r, a);

	arena_free(a);
	return ok ? PROVIDER_VERIFY_OK : PROVIDER_VERIFY_REFUSED;
}

/* ---- what it says ---- */

static struct str first_of(const struct form *f, const char *const keys[3])
{
	struct str v = {NULL, 0};

	for (size_t i = 0; i < 3 && v.n == 0; i++)
		v = form_get(f, str_of(keys[i]));
	return v;
}

/* The name of the text, whichever way it went; older fields say the same. */
static struct str sid_of(const struct form *f)
{
	static const char *const keys[3] = {
		"MessageSid", "SmsSid", "SmsMessageSid"};

	return first_of(f, keys);
}

/* Twilio joins the parts, and does not say when a text was sent. */
static void read_text(const struct provider_request *r, const struct form *f,
	struct arena *a, struct provider_inbound *out)
{
	const struct str body = form_get(f, STR("Body"));
	const struct str from = form_get(f, STR("From"));
	const struct str sid = sid_of(f);
	struct message *m;

	mo_messages(out, 1, a);
	m = out->v;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->to = mo_number(form_get(f, STR("To")), a);
	m->text = body.n > 0 ? mo_text(body, a) : STR(""); /* a picture alone */
	/* Twilio sends this person nothing more. */
	if (str_ieq(form_get(f, STR("OptOutType")), STR("STOP")))
		m->means = STR("STOP");
	m->sent_at = r->now_ms;
	m->provider_id = sid.n > 0 ? mo_id(sid, a)
				   : mo_hash_id(m, (struct str){NULL, 0}, a);
}

/* Its ValidityPeriod ran out: twilio.com/docs/api/errors/30036. Its recipient
 * has told Twilio to stop: 21610. */
static enum provider_report_state failed_by(struct str error)
{
	return str_is(error, "30036")   ? PROVIDER_REPORT_EXPIRED
	       : str_is(error, "21610") ? PROVIDER_REPORT_OPTED_OUT
					: PROVIDER_REPORT_FAILED;
}

static enum provider_report_state state_of(struct str said, struct str error)
{
	static const struct {
		const char *said;
		enum provider_report_state state;
	} t[] = {
		{"accepted", PROVIDER_REPORT_QUEUED},
		{"queued", PROVIDER_REPORT_QUEUED},
		{"sending", PROVIDER_REPORT_QUEUED},
		{"scheduled", PROVIDER_REPORT_QUEUED},
		{"sent", PROVIDER_REPORT_SENT},
		{"delivered", PROVIDER_REPORT_DELIVERED},
		{"read", PROVIDER_REPORT_DELIVERED},
		{"failed", PROVIDER_REPORT_FAILED},
		{"undelivered", PROVIDER_REPORT_FAILED},
		{"canceled", PROVIDER_REPORT_FAILED},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (!str_is(said, t[i].said))
			continue;
		return t[i].state == PROVIDER_REPORT_FAILED ? failed_by(error)
							    : t[i].state;
	}
	return PROVIDER_REPORT_UNKNOWN;
}

/* "undelivered, error 30003" */
static struct str said_of(struct str status, struct str error, struct arena *a)
{
	const struct str s = mo_clean(str_part(status, 0, WORD_MAX), a);

	if (error.n == 0 || str_is(error, "0"))
		return s;
	return arena_printf(a, STR_FMT ", error " STR_FMT, STR_ARG(s),
		STR_ARG(mo_clean(str_part(error, 0, WORD_MAX), a)));
}

/* Our own id stands in the StatusCallback's query, as twilio.c wrote it. */
static void read_report(const struct provider_request *r, const struct form *f,
	struct str status, struct arena *a, struct provider_inbound *out)
{
	const struct str error = form_get(f, STR("ErrorCode"));
	struct provider_report *report = ARENA_NEW(a, struct provider_report);
	struct form query;

	if (form_parse(a, r->query, &query) == 0)
		report->own = mo_id(form_get(&query, STR("o")), a);
	report->ref = mo_id(sid_of(f), a);
	if (report->own.n == 0 && report->ref.n == 0) {
		(void)err_set(
			mo_unreadable(out), "a report without MessageSid");
		return;
	}
	report->to = mo_number(form_get(f, STR("To")), a);
	report->state = state_of(status, error);
	report->said = said_of(status, error, a);
	out->event = PROVIDER_REPORTS;
	out->reports = report;
	out->reports_n = 1;
}

/* Calls, other events, and bodies that are no form are taken and not used. */
void twilio_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	static const char *const keys[3] = {
		"MessageStatus", "SmsStatus", "MessageStatus"};
	struct str status;
	struct form f;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_IGNORED};
	if (!is_form(r))
		return;
	if (form_parse(a, r->body, &f) != 0) {
		(void)err_set(mo_unreadable(out),
			"the form has a broken %%XX escape, or more than %d "
			"fields",
			FORM_MAX_PAIRS);
		return;
	}
	status = first_of(&f, keys);
	if (str_is(status, "received") ||
		(status.n == 0 && form_get(&f, STR("Body")).p != NULL))
		read_text(r, &f, a, out);
	else if (status.n > 0)
		read_report(r, &f, status, a, out);
}
