/*
 * vonage_in - what does Vonage bring, and is it Vonage?
 *
 * A callback is a flat set of parameters, whichever way the account is set to
 * send it: in a query, a form or a JSON object. With signing on, `sig` covers
 * all the others, sorted; the timestamp among them bounds how long a copy of
 * the callback is of use. A text comes in the parts that it was sent in and
 * is joined by us; a report comes for each part of ours, and finds its text
 * by client-ref, our id. Texts and reports are told apart by what is in them,
 * so either address takes both. Facts: providers.md §3.10. Pure.
 */
#include "gateway/providers/vonage.h"

#include "gateway/base/digest.h"
#include "gateway/base/form.h"
#include "gateway/model/day.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/spelling.h"
#include "gateway/providers/udh.h"

#include <stdio.h>
#include <stdlib.h>

#define ARENA_FIRST 2048
#define PARTS_MAX 255 /* an SMS counts its parts in one byte */
#define SAID_MAX 80
#define DATE_TIME_LEN 19 /* "2026-11-05 12:30:00" */

/* ---- parameters ---- */

struct params {
	struct arena *a;
	struct form_pair *v;
	size_t n;
};

/* null, and what is no flat value, counts as not there. */
static void on_member(void *arg, struct str key, const struct jdoc *value)
{
	struct params *p = arg;
	const struct str text = jdoc_text(value, p->a);

	if (text.p != NULL && p->n < FORM_MAX_PAIRS)
		p->v[p->n++] = (struct form_pair){
			.key = arena_str(p->a, key),
			.value = text,
		};
}

static int read_json(
	struct str body, struct arena *a, struct form *ret, struct err *err)
{
	struct params p = {.a = a};
	struct jdoc *doc = mo_json(body, a, err);

	if (doc == NULL)
		return -1;
	if (!jdoc_is_object(doc) || jdoc_size(doc) > FORM_MAX_PAIRS) {
		jdoc_free(doc);
		return err_set(err, "no JSON object, or one of over %d members",
			FORM_MAX_PAIRS);
	}
	p.v = ARENA_ARRAY(a, struct form_pair, jdoc_size(doc));
	jdoc_each(doc, on_member, &p);
	jdoc_free(doc);
	*ret = (struct form){p.v, p.n};
	return 0;
}

static int read_params(const struct provider_request *r, struct arena *a,
	struct form *ret, struct err *err)
{
	const struct str body = str_trim(r->body);

	if (str_starts(body, STR("{")))
		return read_json(body, a, ret, err);
	if (form_parse(a, body.n > 0 ? body : r->query, ret) == 0)
		return 0;
	return err_set(err, "a broken %%XX escape, or more than %d parameters",
		FORM_MAX_PAIRS);
}

static struct str param(const struct form *f, const char *key)
{
	return form_get(f, str_of(key));
}

/* ---- signature ---- */

static int by_key(const void *one, const void *two)
{
	const struct form_pair *a = one, *b = two;
	const int d = str_cmp(a->key, b->key);

	return d != 0 ? d : str_cmp(a->value, b->value);
}

/* A name with one of these could stand for two parameters in what is signed. */
static bool is_plain(struct str key)
{
	return str_find_byte(key, '&', 0) < 0 && str_find_byte(key, '=', 0) < 0;
}

static char *put(char *to, struct str s)
{
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	return to + s.n;
}

/* "&key=value…" in the order of keys, & and = in values being _. */
static struct str signed_text(struct form_pair *v, size_t n, struct arena *a)
{
	size_t size = 0;
	char *p, *to;

	for (size_t i = 0; i < n; i++)
		size += v[i].key.n + v[i].value.n + 2;
	p = to = arena_alloc(a, size);
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0; i < n; i++) {
		char *value;

		*to++ = '&';
		to = put(to, v[i].key);
		*to++ = '=';
		value = to;
		to = put(to, v[i].value);
		for (; value < to; value++)
			if (*value == '&' || *value == '=')
				*value = '_';
	}
	return (struct str){p, size};
}

static bool is_signed(
	const struct vonage *v, const struct form *f, struct arena *a)
{
	static const enum digest_alg hmac[] = {
		[VONAGE_MD5] = DIGEST_MD5,
		[VONAGE_SHA1] = DIGEST_SHA1,
		[VONAGE_SHA256] = DIGEST_SHA256,
		[VONAGE_SHA512] = DIGEST_SHA512,
	};
	const struct str key = v->signature_secret;
	struct form_pair *all = ARENA_ARRAY(a, struct form_pair, f->n);
	struct digest due;
	struct str text;
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (!is_plain(f->v[i].key))
			return false;
		if (!str_is(f->v[i].key, "sig"))
			all[n++] = f->v[i];
	}
	text = signed_text(all, n, a);
	due = v->signature_method == VONAGE_MD5HASH
		      ? digest_of(
				DIGEST_MD5, (const struct str[]){text, key}, 2)
		      : digest_hmac(hmac[v->signature_method], key, &text, 1);
	return digest_is_hex(&due, param(f, "sig"));
}

/* UTC, and whatever may stand behind it says so too. 0, or -1. */
static int date_time(struct str s, int64_t *ret_ms)
{
	char z[DATE_TIME_LEN + 2];

	if (s.n < DATE_TIME_LEN)
		return -1;
	(void)snprintf(z, sizeof(z), "%.*sZ", DATE_TIME_LEN, s.p);
	return instant_parse(str_of(z), ret_ms);
}

/* Signed without a time it would be good for ever. */
static bool is_in_time(
	const struct vonage *v, const struct form *f, int64_t now_ms)
{
	const int64_t tolerance_ms = v->tolerance_s * 1000;
	int64_t at_ms;

	if (mo_time(param(f, "timestamp"), &at_ms) != 0 &&
		date_time(param(f, "message-timestamp"), &at_ms) != 0)
		return false;
	return at_ms <= now_ms + tolerance_ms && at_ms >= now_ms - tolerance_ms;
}

/* The token is checked by whoever calls. */
enum provider_verify vonage_verify(
	const void *state, const struct provider_request *r)
{
	const struct vonage *v = state;
	struct form f = {NULL, 0};
	struct arena *a;
	bool fine;

	if (v->signature_secret.n == 0)
		return PROVIDER_VERIFY_OK;
	a = arena_new(ARENA_FIRST);
	fine = read_params(r, a, &f, NULL) == 0 && is_signed(v, &f, a) &&
	       is_in_time(v, &f, r->now_ms);
	arena_free(a);
	return fine ? PROVIDER_VERIFY_OK : PROVIDER_VERIFY_REFUSED;
}

/* ---- texts ---- */

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | ' ');
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that hex stands for; absent: it is none. */
static struct str unhex(struct str hex, struct arena *a)
{
	char *p = arena_alloc(a, hex.n / 2);

	if (hex.n % 2 != 0)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < hex.n; i += 2) {
		const int high = nibble(hex.p[i]), low = nibble(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return (struct str){NULL, 0};
		p[i / 2] = (char)(high << 4 | low);
	}
	return (struct str){p, hex.n / 2};
}

/* Text and unicode are UTF-8; of binary nobody says what it means. */
static struct str text_of(const struct form *f, struct arena *a)
{
	const struct str text = param(f, "text");
	struct str data;

	if (text.n > 0 || !str_ieq(param(f, "type"), STR("binary")))
		return text.n > 0 ? mo_text(text, a) : STR("");
	data = unhex(param(f, "data"), a);
	return data.n > 0 ? mo_text(charset_escape(data, a), a) : STR("");
}

static int small(struct str s)
{
	int64_t n;

	return str_to_i64(s, &n) == 0 && n > 0 && n <= PARTS_MAX ? (int)n : 0;
}

/* What does not make sense leaves the text whole. */
static void fill_part(const struct form *f, struct arena *a, struct message *m)
{
	const struct str ref = param(f, "concat-ref");
	const int no = small(param(f, "concat-part"));
	const int total = small(param(f, "concat-total"));

	if (ref.n > 0 && total > 1 && no > 0 && no <= total) {
		m->part_ref = mo_id(ref, a);
		m->part_no = no;
		m->part_total = total;
	} else {
		udh_read(unhex(param(f, "udh"), a), a, m);
	}
}

/* When it was sent, else when it was handed on; 0: neither can be read. */
static int64_t time_of(const struct form *f)
{
	int64_t ms;

	if (date_time(param(f, "message-timestamp"), &ms) == 0 ||
		mo_time(param(f, "timestamp"), &ms) == 0)
		return ms;
	return 0;
}

/* One without a sender is kept all the same: Vonage would bring it again for
 * a day. Its parts may share an id. */
static void read_text(const struct provider_request *r, const struct form *f,
	struct arena *a, struct provider_inbound *out)
{
	const struct str from = param(f, "msisdn");
	const struct str id = param(f, "messageId");
	struct message *m;

	mo_messages(out, 1, a);
	m = out->v;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->to = mo_number(param(f, "to"), a);
	m->text = text_of(f, a);
	m->sent_at = time_of(f);
	if (m->sent_at == 0)
		m->sent_at = r->now_ms;
	fill_part(f, a, m);
	m->provider_id =
		id.n > 0 ? mo_id(id, a)
			 : mo_hash_id(m, param(f, "message-timestamp"), a);
	if (m->part_total > 1)
		m->provider_id =
			mo_id(arena_printf(a, STR_FMT "/%d",
				      STR_ARG(m->provider_id), m->part_no),
				a);
}

/* ---- reports ---- */

static enum provider_report_state state_of(struct str status)
{
	static const struct {
		const char *status;
		enum provider_report_state state;
	} t[] = {
		{"accepted", PROVIDER_REPORT_QUEUED},
		{"buffered", PROVIDER_REPORT_QUEUED},
		{"delivered", PROVIDER_REPORT_DELIVERED},
		{"unknown", PROVIDER_REPORT_TEMPORARY},
		{"failed", PROVIDER_REPORT_FAILED},
		{"rejected", PROVIDER_REPORT_FAILED},
		{"expired", PROVIDER_REPORT_EXPIRED},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_ieq(status, str_of(t[i].status)))
			return t[i].state;
	return PROVIDER_REPORT_UNKNOWN;
}

/* NULL: nobody says what it means. */
static const char *error_of(struct str code)
{
	static const struct {
		const char *code, *words;
	} t[] = {
		{"2", "the phone is off or out of reach"},
		{"3", "no such subscriber"},
		{"5", "the number moved to another network"},
		{"6", "blocked as spam"},
		{"8", "fault of the network"},
		{"11", "no route to the number"},
		{"14", "blocked by the network"},
		{"15", "no credit"},
		{"99", "general error"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_is(code, t[i].code))
			return t[i].words;
	return NULL;
}

/* "failed: error 2, the phone is off or out of reach" */
static struct str words_of(struct str status, struct str code, struct arena *a)
{
	const struct str says = mo_text(str_part(status, 0, SAID_MAX), a);
	const char *words = error_of(code);

	if (code.n == 0 || str_is(code, "0"))
		return says;
	return arena_printf(a, STR_FMT ": error " STR_FMT "%s%s", STR_ARG(says),
		STR_ARG(mo_text(str_part(code, 0, SAID_MAX), a)),
		words != NULL ? ", " : "", words != NULL ? words : "");
}

/* scts is to the minute, and of the network; else when it was handed on. */
static int64_t report_time(const struct form *f)
{
	static const struct spelling_time scts = {
		.kind = SPELLING_TIME_PATTERN,
		.pattern = "%y%m%d%H%M",
	};
	int64_t ms;

	if (spelling_time(&scts, param(f, "scts"), &ms) == 0)
		return ms;
	return time_of(f);
}

static struct str id_of(struct str raw, struct arena *a)
{
	return raw.n > 0 ? mo_id(raw, a) : (struct str){NULL, 0};
}

/* msisdn is whom the text was for, and `to` our sender. Each part has a
 * messageId of its own, of which ours knows the first. */
static void read_report(
	const struct form *f, struct arena *a, struct provider_inbound *out)
{
	const struct str status = str_trim(param(f, "status"));
	const struct str id = param(f, "messageId");
	const struct str code = str_trim(param(f, "err-code"));
	struct provider_report *r = ARENA_NEW(a, struct provider_report);

	r->ref = id_of(id, a);
	r->own = id_of(param(f, "client-ref"), a);
	if (r->ref.n == 0 && r->own.n == 0) {
		(void)err_set(mo_unreadable(out),
			"a report with neither messageId nor client-ref");
		return;
	}
	r->to = mo_number(param(f, "msisdn"), a);
	if (id.n > 0)
		r->event = mo_id(
			arena_printf(a, STR_FMT " " STR_FMT " " STR_FMT,
				STR_ARG(id), STR_ARG(status), STR_ARG(code)),
			a);
	r->state = state_of(status);
	r->said = words_of(status, code, a);
	r->part = PROVIDER_PART_UNSAID;
	r->at_ms = report_time(f);
	out->event = PROVIDER_REPORTS;
	out->reports = r;
	out->reports_n = 1;
}

/* A call with nothing in it asks whether the address answers. */
void vonage_parse(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct form f = {NULL, 0};

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (read_params(r, a, &f, &out->err) != 0)
		return;
	if (param(&f, "status").n > 0)
		read_report(&f, a, out);
	else if (param(&f, "text").p != NULL || param(&f, "data").n > 0 ||
		 param(&f, "type").n > 0)
		read_text(r, &f, a, out);
	else {
		out->event = PROVIDER_IGNORED;
		if (f.n > 0 || str_find(r->body, STR("\"message\""), 0) >= 0)
			(void)err_set(&out->err,
				"neither a text nor a report of the SMS API; "
				"is the account set to the Messages API?");
	}
}
