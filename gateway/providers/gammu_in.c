/*
 * gammu_in - what does a row of gammu-smsd's database say: a text, or a report?
 *
 * A row of `inbox` or `sentitems` comes as JSON. A text's parts stand in rows
 * of their own: by their user data header (schema 17), or numbered (schema
 * 18). Facts: providers.md §3.2, gammu-smsd-sql(7), docs/sql/sqlite.sql. Pure.
 */
#include "gateway/providers/gammu.h"

#include "gateway/base/digest.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/udh.h"

#define CLASS_USSD 127 /* an answer to a USSD code of ours */
#define PARTS_MAX 255  /* an SMS counts its parts in one byte */
#define RECEIVED_DIGITS 14

static struct str text_at(
	const struct jdoc *row, const char *key, struct arena *a)
{
	const struct jdoc *v = jdoc_at(row, key);

	return v != NULL ? jdoc_text(v, a) : (struct str){NULL, 0};
}

/* Later than any clock says; what a damaged row may hold. */
#define YEAR_9999_S INT64_C(253402300799)

static int64_t int_at(const struct jdoc *row, const char *key)
{
	const struct jdoc *v = jdoc_at(row, key);
	int64_t i;

	return v != NULL && jdoc_int(v, &i) ? i : 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to the first that is no hexadecimal byte. */
static struct str unhex(struct str hex, struct arena *a)
{
	char *p = arena_alloc(a, hex.n / 2 + 1);
	size_t n = 0;

	for (; n < hex.n / 2; n++) {
		int high = hex_digit(hex.p[2 * n]);
		int low = hex_digit(hex.p[2 * n + 1]);

		if (high < 0 || low < 0)
			break;
		p[n] = (char)(high * 16 + low);
	}
	return (struct str){p, n};
}

/*
 * Whatever the alphabet was, `Text` is the row's text as UTF-16BE; of 8-bit
 * data it has the bytes. TextDecoded is the same as UTF-8, but of a text in
 * parts the first row has all of it and the others nothing (gammu 1.42).
 */
static struct str text_of(const struct jdoc *row, struct arena *a)
{
	const struct str decoded = text_at(row, "text", a);
	const struct str raw = unhex(text_at(row, "hex", a), a);
	struct str text;

	if (raw.n == 0)
		return mo_text(decoded.p != NULL ? decoded : STR(""), a);
	if (str_is(text_at(row, "coding", a), "8bit") ||
		charset_decode(STR("UTF-16BE"), raw, a, &text) != 0)
		text = charset_escape(raw, a);
	return mo_text(text, a);
}

/* A database that was made anew counts from 1 again: the number of a row, its
 * time and what it says are the text's name together. */
static struct str id_of(const struct jdoc *row, struct arena *a)
{
	const struct str received = text_at(row, "received", a);
	const struct str said[] = {text_at(row, "sender", a), STR("\n"),
		text_at(row, "udh", a), STR("\n"), text_at(row, "hex", a),
		STR("\n"), text_at(row, "text", a)};
	const struct digest d = digest_of(DIGEST_SHA256, said, 7);
	char digits[RECEIVED_DIGITS + 1];
	size_t n = 0;

	for (size_t i = 0; i < received.n && n < RECEIVED_DIGITS; i++)
		if (received.p[i] >= '0' && received.p[i] <= '9')
			digits[n++] = received.p[i];
	digits[n] = '\0';
	return arena_printf(a, "%lld-%s-%.16s", (long long)int_at(row, "id"),
		digits, digest_hex(&d, a).p);
}

static void read_part(
	const struct jdoc *row, struct arena *a, struct message *m)
{
	const int64_t no = int_at(row, "part"), total = int_at(row, "parts");

	if (total > 1 && total <= PARTS_MAX && no >= 1 && no <= total) {
		m->part_ref = arena_printf(
			a, "m%lld", (long long)int_at(row, "message"));
		m->part_no = (int)no;
		m->part_total = (int)total;
	} else {
		udh_read(unhex(text_at(row, "udh", a), a), a, m);
	}
}

static void read_text(const struct gammu *g, const struct jdoc *row,
	const struct provider_request *r, struct arena *a,
	struct provider_inbound *out)
{
	const int64_t at_s = int_at(row, "at");
	struct message *m;

	if (int_at(row, "class") == CLASS_USSD) {
		out->event = PROVIDER_IGNORED;
		return;
	}
	mo_messages(out, 1, a);
	m = out->v;
	m->provider_id = id_of(row, a);
	m->from = mo_number(text_at(row, "sender", a), a);
	m->to = mo_number(g->number, a);
	m->text = text_of(row, a);
	/* Nobody sends after we read; another zone's clock would say so. */
	m->sent_at =
		at_s > 0 && at_s < r->now_ms / 1000 ? at_s * 1000 : r->now_ms;
	read_part(row, a, m);
}

/* providers.md §2; a row of `outbox` says nothing that we do not know. */
static enum provider_report_state state_of(struct str status)
{
	static const struct {
		const char *status;
		enum provider_report_state state;
	} t[] = {
		{"Reserved", PROVIDER_REPORT_QUEUED},
		{"SendingOK", PROVIDER_REPORT_SENT},
		{"SendingOKNoReport", PROVIDER_REPORT_SENT},
		{"DeliveryPending", PROVIDER_REPORT_SENT},
		{"DeliveryOK", PROVIDER_REPORT_DELIVERED},
		{"DeliveryUnknown", PROVIDER_REPORT_TEMPORARY},
		{"DeliveryFailed", PROVIDER_REPORT_FAILED},
		{"SendingError", PROVIDER_REPORT_FAILED},
		{"Error", PROVIDER_REPORT_FAILED},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_is(status, t[i].status))
			return t[i].state;
	return PROVIDER_REPORT_UNKNOWN;
}

/* StatusError is the network's TP-Status; -1 and 255: it said none. */
static struct str said_of(struct str status, int64_t tp_status, struct arena *a)
{
	status = mo_clean(str_part(status, 0, 64), a);
	if (tp_status < 0 || tp_status > 254)
		return status;
	return arena_printf(a, STR_FMT " (TP-Status %lld)", STR_ARG(status),
		(long long)tp_status);
}

static void read_report(
	const struct jdoc *row, struct arena *a, struct provider_inbound *out)
{
	const struct str status = text_at(row, "status", a);
	const int64_t error = int_at(row, "error");
	const int64_t at_s = int_at(row, "at");
	const struct str creator = text_at(row, "creator", a);
	struct provider_report *report = ARENA_NEW(a, struct provider_report);
	struct message part = {0};

	if (creator.n == 0) {
		(void)err_set(&out->err, "a report without our own id");
		return;
	}
	udh_read(unhex(text_at(row, "udh", a), a), a, &part);
	report->own = mo_id(creator, a);
	report->to = mo_number(text_at(row, "to", a), a);
	report->state = state_of(status);
	report->said = said_of(status, error, a);
	report->part = part.part_no;
	report->parts = part.part_total;
	report->at_ms = at_s > 0 && at_s < YEAR_9999_S ? at_s * 1000 : 0;
	report->event =
		mo_id(arena_printf(a, "%lld.%lld." STR_FMT ".%lld",
			      (long long)int_at(row, "id"),
			      (long long)int_at(row, "part"),
			      STR_ARG(mo_clean(status, a)), (long long)error),
			a);
	out->event = PROVIDER_REPORTS;
	out->reports = report;
	out->reports_n = 1;
}

void gammu_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct jdoc *row;
	struct jdoc *doc;

	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	doc = mo_json(r->body, a, &out->err);
	if (doc == NULL)
		return;
	if (jdoc_is_object(row = jdoc_at(doc, "inbox")))
		read_text(state, row, r, a, out);
	else if (jdoc_is_object(row = jdoc_at(doc, "sentitems")))
		read_report(row, a, out);
	else
		(void)err_set(&out->err,
			"neither a row of inbox nor one of sentitems");
	jdoc_free(doc);
}
