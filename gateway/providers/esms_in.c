/*
 * esms_in - what does eSMS call us with: a text, or a report?
 *
 * Both are a GET, told apart by their path. A text to the short code is
 * signed: MD5 over fields that follow each other without a mark, so that the
 * same sign fits other cuts between them. We hold what can be held: cpid is
 * as configured, the time is 14 digits, and the path token is needed besides.
 * It is answered with a ClientResponse whose Message is empty: our replies go
 * through the queue. Reports are not signed; each CallbackUrl has a key of
 * its own. Facts: providers.md §3.4. Pure.
 */
#include "gateway/base/digest.h"
#include "gateway/providers/esms.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/spelling.h"
#include "gateway/providers/template.h"

#include <ctype.h>

#define ARENA_FIRST ((size_t)1024)
#define STAMP_LEN 14
#define ANSWER_MAX ((size_t)4096)
#define WORD_MAX 12

/* Case differs between eSMS's own pages (SMSID, smsid). */
static const struct form_pair *pair_of(const struct form *f, const char *key)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_ieq(f->v[i].key, str_of(key)))
			return &f->v[i];
	return NULL;
}

static struct str value_of(const struct form *f, const char *key)
{
	const struct form_pair *pair = pair_of(f, key);

	return pair != NULL ? pair->value : (struct str){NULL, 0};
}

/* ---- is it eSMS? ---- */

/* The value of the very pair that value_of() reads, as it was sent. */
static struct str raw_value(
	struct str query, const struct form *f, const char *key)
{
	const struct form_pair *pair = pair_of(f, key);
	struct str piece;
	size_t i = 0;
	ptrdiff_t mark;

	while (pair != NULL && str_next(&query, '&', &piece)) {
		if (piece.n == 0 || &f->v[i++] != pair)
			continue;
		mark = str_find_byte(piece, '=', 0);
		return mark < 0 ? STR("") : str_from(piece, (size_t)mark + 1);
	}
	return (struct str){NULL, 0};
}

/* yyyyMMddHHmmss. eSMS's own example of a sign goes without. */
static bool is_stamp(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isdigit((unsigned char)s.p[i]))
			return false;
	return s.n == 0 || s.n == STAMP_LEN;
}

static bool fits(const struct esms *e, const struct form *f, struct str content)
{
	const struct digest d = digest_of(DIGEST_MD5,
		(const struct str[]){value_of(f, "cpid"), value_of(f, "smsid"),
			content, value_of(f, "receiverTime"), e->private_key},
		5);

	return digest_is_hex(&d, str_trim(value_of(f, "sign")));
}

/*
 * Whether the content is hashed as it was typed or as it stands in the query
 * is said nowhere (providers.md §3.4). Both are taken: either needs the key,
 * and to wait for the right guess would cost every text until then.
 */
static bool is_signed(
	const struct esms *e, const struct form *f, struct str query)
{
	if (e->cpid.n > 0 && !digest_same(value_of(f, "cpid"), e->cpid))
		return false;
	if (e->private_key.n == 0)
		return true; /* the token is the guard */
	return is_stamp(value_of(f, "receiverTime")) &&
	       (fits(e, f, value_of(f, "content")) ||
		       fits(e, f, raw_value(query, f, "content")));
}

/* The query of a report. A CallbackUrl that has a query already may get a
 * second "?" instead of an "&"; ours holds none but that. -1: broken. */
static int read_report(struct str query, struct arena *a, struct form *ret)
{
	char *p = arena_alloc(a, query.n);

	for (size_t i = 0; i < query.n; i++) {
		p[i] = query.p[i];
		if (p[i] == '?')
			p[i] = '&';
	}
	return form_parse(a, (struct str){p, query.n}, ret);
}

/* Every text of ours carried a CallbackUrl with our id and the key to it, so a
 * report without them is none of eSMS's. */
static bool has_key(const struct esms *e, const struct form *f, struct arena *a)
{
	const struct str own = form_get(f, STR("o"));

	return own.n > 0 && e->secret_key.n > 0 &&
	       digest_same(form_get(f, STR("k")), esms_report_key(e, own, a));
}

enum provider_verify esms_verify(
	const void *state, const struct provider_request *r)
{
	struct arena *a = arena_new(ARENA_FIRST);
	struct form f;
	bool passes;

	if (r->dlr)
		passes = read_report(r->query, a, &f) == 0 &&
			 has_key(state, &f, a);
	else
		passes = form_parse(a, r->query, &f) == 0 &&
			 is_signed(state, &f, r->query);
	arena_free(a);
	return passes ? PROVIDER_VERIFY_OK : PROVIDER_VERIFY_REFUSED;
}

/* ---- a text ---- */

static int64_t time_of(struct str raw, int64_t now_ms)
{
	static const struct spelling_time as = {
		.kind = SPELLING_TIME_PATTERN,
		.pattern = "%Y%m%d%H%M%S",
		.utc_offset_h = 7,
	};
	int64_t ms;

	return spelling_time(&as, raw, &ms) == 0 ? ms : now_ms;
}

static void unreadable_query(struct provider_inbound *out)
{
	(void)err_set(mo_unreadable(out),
		"the query has a broken %%XX escape, or more than %d fields",
		FORM_MAX_PAIRS);
}

void esms_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct str from, text, time, id;
	struct message *m;
	struct form f;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (form_parse(a, r->query, &f) != 0) {
		unreadable_query(out);
		return;
	}
	from = value_of(&f, "sender");
	text = value_of(&f, "content");
	time = value_of(&f, "receiverTime");
	id = value_of(&f, "smsid");
	if (from.n == 0 || text.p == NULL) {
		(void)err_set(mo_unreadable(out), "a text without %s",
			from.n == 0 ? "sender" : "content");
		return;
	}
	mo_messages(out, 1, a);
	m = out->v;
	m->from = mo_number(from, a);
	m->to = mo_number(value_of(&f, "serviceNumber"), a);
	m->text = mo_text(text, a);
	m->sent_at = time_of(time, r->now_ms);
	m->provider_id = id.n > 0 ? mo_id(id, a) : mo_hash_id(m, time, a);
}

static void put_element(struct buf *b, const char *name, struct str value)
{
	buf_putf(b, "<%s>", name);
	template_put_xml(b, value);
	buf_putf(b, "</%s>", name);
}

/* Message is what eSMS would text back; ours is queued. What is condemned
 * unread has no message. */
struct provider_answer esms_answer(
	const void *state, const struct provider_inbound *in, struct arena *a)
{
	const struct message *m = in->v;
	struct provider_answer ret = {.status = 200};
	struct buf b;

	(void)state;
	if (in->event != PROVIDER_MESSAGES || in->n == 0)
		return ret;
	buf_init(&b, ANSWER_MAX);
	buf_putz(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
		     "<ClientResponse><Message></Message>");
	put_element(&b, "Smsid", m->provider_id);
	put_element(&b, "Receiver",
		str_from(m->from, str_starts(m->from, STR("+")) ? 1 : 0));
	buf_putz(&b, "</ClientResponse>");
	ret.content_type = "text/xml; charset=utf-8";
	ret.body = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ret;
}

/* ---- a report ---- */

/* Is there one, and is it more than 0? */
static bool counts(const struct form *f, const char *key)
{
	int64_t n;

	return str_to_i64(str_trim(value_of(f, key)), &n) == 0 && n > 0;
}

static const struct status {
	const char *code, *word;
	enum provider_report_state state;
} statuses[] = {
	{"1", "waits for approval", PROVIDER_REPORT_QUEUED},
	{"2", "waits to be sent", PROVIDER_REPORT_QUEUED},
	{"4", "rejected", PROVIDER_REPORT_FAILED},
	{"5", "finished", PROVIDER_REPORT_UNKNOWN}, /* how, the counts say */
	{"7", "at the operator", PROVIDER_REPORT_SENT},
};

static struct status status_of(const struct form *f, struct arena *a)
{
	struct str code = str_trim(value_of(f, "SendStatus"));

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		struct status s = statuses[i];

		if (!str_is(code, s.code))
			continue;
		if (s.state == PROVIDER_REPORT_UNKNOWN &&
			counts(f, "SendFailed")) {
			s.word = "finished, failed";
			s.state = PROVIDER_REPORT_FAILED;
		} else if (s.state == PROVIDER_REPORT_UNKNOWN &&
			   counts(f, "SendSuccess")) {
			s.word = "finished, delivered";
			s.state = PROVIDER_REPORT_DELIVERED;
		}
		return s;
	}
	if (code.n == 0)
		code = STR("nothing");
	return (struct status){
		arena_z(a, mo_clean(str_part(code, 0, WORD_MAX), a)),
		"that nobody knows", PROVIDER_REPORT_UNKNOWN};
}

/* "5 finished, delivered (Viettel)" */
static struct str said_of(
	const struct status *s, const struct form *f, struct arena *a)
{
	static const char *const telco[] = {"Viettel", "MobiFone", "VinaPhone",
		"Vietnamobile", "Gtel", "Itel", "Reddi"};
	const size_t n = sizeof(telco) / sizeof(telco[0]);
	int64_t id;

	if (str_to_i64(str_trim(value_of(f, "telcoid")), &id) != 0 || id < 1 ||
		id > (int64_t)n)
		return arena_printf(a, "%s %s", s->code, s->word);
	return arena_printf(a, "%s %s (%s)", s->code, s->word, telco[id - 1]);
}

void esms_parse_dlr(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct provider_report *report;
	struct str own, ref, to;
	struct status status;
	struct form f;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (read_report(r->query, a, &f) != 0) {
		unreadable_query(out);
		return;
	}
	own = form_get(&f, STR("o"));
	ref = value_of(&f, "SMSID");
	to = value_of(&f, "phonenumber");
	if (own.n == 0) {
		(void)err_set(&out->err, "a report without our o=");
		return;
	}
	status = status_of(&f, a);
	report = ARENA_NEW(a, struct provider_report);
	report->own = mo_id(own, a);
	if (ref.n > 0)
		report->ref = mo_id(ref, a);
	report->to = mo_number(to, a);
	report->state = status.state;
	report->said = said_of(&status, &f, a);
	out->event = PROVIDER_REPORTS;
	out->reports = report;
	out->reports_n = 1;
}
