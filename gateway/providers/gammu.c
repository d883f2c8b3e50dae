/*
 * gammu - a 4G modem behind gammu-smsd, through the daemon's own database.
 *
 * Nothing calls and nothing is called: gateway/modem.c reads rows of `inbox`
 * and `sentitems`, which come here as JSON, and writes what build_send makes
 * into `outbox`. A text's parts stand in rows of their own: by their user data
 * header (schema 17), or numbered (schema 18). The creator of an outgoing row
 * is our id, so that a repeated send is recognised. Facts: providers.md §3.2,
 * gammu-smsd-sql(7), docs/sql/sqlite.sql. Pure.
 */
#include "gateway/base/digest.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"
#include "gateway/providers/udh.h"
#include "parsers/segment.h"

#include <stdio.h>

#define CLASS_USSD 127 /* an answer to a USSD code of ours */
#define PARTS_MAX 255  /* an SMS counts its parts in one byte */
#define RECEIVED_DIGITS 14

struct gammu {
	struct modem_source source;
	bool reports;
	struct str number; /* our own; absent: not configured */
};

#define GAMMU(field) offsetof(struct gammu, field)

static const struct option options[] = {
	{
		.name = "database",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 1000,
		.help = "The SQLite file that gammu-smsd works with: DBDir and "
			"Database of its configuration, joined.",
		.offset = GAMMU(source.database),
	},
	{
		.name = "phone_id",
		.type = OPTION_TEXT,
		.fallback = "",
		.max = 64,
		.help = "PhoneID of the gammu-smsd that is meant, when several "
			"share the database.",
		.offset = GAMMU(source.phone_id),
	},
	{
		.name = "poll_s",
		.type = OPTION_INT,
		.fallback = "2",
		.min = 1,
		.max = 3600,
		.unit = "s",
		.help = "How often the database is looked at.",
		.offset = GAMMU(source.poll_s),
	},
	{
		.name = "away_s",
		.type = OPTION_INT,
		.fallback = "300",
		.min = 0,
		.max = 86400,
		.unit = "s",
		.help = "The modem counts as gone when gammu-smsd has not "
			"refreshed its row of `phones` for so long, and takes "
			"no texts until it is back; more than StatusFrequency "
			"of its configuration. 0: never.",
		.offset = GAMMU(source.away_s),
	},
	{
		.name = "reports",
		.type = OPTION_BOOL,
		.fallback = "true",
		.help = "Ask the network for a delivery report of each text.",
		.offset = GAMMU(reports),
	},
};

static int open_gammu(void *state, const struct config_channel *c,
	struct arena *a, struct diags *d)
{
	struct gammu *g = state;

	(void)a;
	(void)d;
	if (c->numbers.n > 0)
		g->number = ((const struct str *)c->numbers.v)[0];
	return 0;
}

static const struct modem_source *modem(const void *state)
{
	return &((const struct gammu *)state)->source;
}

/* Nobody has a reason to call. */
static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	(void)state;
	(void)r;
	return PROVIDER_VERIFY_REFUSED;
}

static bool is_proven(const void *state, bool dlr)
{
	(void)state;
	(void)dlr;
	return true;
}

/* ---- rows in ---- */

static struct str text_at(
	const struct jdoc *row, const char *key, struct arena *a)
{
	const struct jdoc *v = jdoc_at(row, key);

	return v != NULL ? jdoc_text(v, a) : (struct str){NULL, 0};
}

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
	struct provider_report *report = ARENA_NEW(a, struct provider_report);
	struct message part = {0};

	udh_read(unhex(text_at(row, "udh", a), a), a, &part);
	report->own = mo_id(text_at(row, "creator", a), a);
	report->to = mo_number(text_at(row, "to", a), a);
	report->state = state_of(status);
	report->said = said_of(status, error, a);
	report->part = part.part_no;
	report->parts = part.part_total;
	report->at_ms = int_at(row, "at") > 0 ? int_at(row, "at") * 1000 : 0;
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

static void parse_inbound(const void *state, const struct provider_request *r,
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

/* ---- rows out ---- */

/* Seconds as TP-VP, rounded up: 3GPP TS 23.040 §9.2.3.12.1. */
static int validity(int64_t s)
{
	static const struct {
		int64_t until_s, base_s, step_s;
		int first;
	} t[] = {
		{43200, 300, 300, 0},            /* 12 h in 5 minutes */
		{86400, 45000, 1800, 144},       /* 24 h in half hours */
		{2592000, 172800, 86400, 168},   /* 30 days */
		{38102400, 3024000, 604800, 197} /* 63 weeks, from the 5th */
	};

	for (size_t i = 0; s > 0 && i < sizeof(t) / sizeof(t[0]); i++) {
		if (s > t[i].until_s)
			continue;
		if (s <= t[i].base_s)
			return t[i].first;
		return t[i].first +
		       (int)((s - t[i].base_s + t[i].step_s - 1) / t[i].step_s);
	}
	return 255;
}

static struct str hex_of(struct str raw, struct arena *a)
{
	static const char digits[] = "0123456789ABCDEF";
	char *p = arena_alloc(a, 2 * raw.n + 1);

	for (size_t i = 0; i < raw.n; i++) {
		p[2 * i] = digits[(unsigned char)raw.p[i] >> 4];
		p[2 * i + 1] = digits[(unsigned char)raw.p[i] & 15];
	}
	return (struct str){p, 2 * raw.n};
}

/* As much of the text from `at` as one part holds: no pair of septets, and no
 * surrogate pair, is divided. */
static struct str take_part(struct str text, size_t at, bool ucs2)
{
	const int room = ucs2 ? 67 : 153;
	size_t end = at;
	int used = 0;

	while (end < text.n) {
		size_t n = str_utf8_len(text, end);
		int units = segment_count(str_part(text, end, n)).units;

		if (ucs2)
			units = n == 4 ? 2 : 1;
		if (n == 0 || used + units > room)
			break;
		used += units;
		end += n;
	}
	return str_part(text, at, end - at);
}

static size_t divide(const struct provider_outgoing *o, struct arena *a,
	struct modem_part *v)
{
	const struct segments all = segment_count(o->text);
	size_t n = 0;

	if (all.n <= 1) {
		v[0].text = o->text;
		return 1;
	}
	for (size_t at = 0; at < o->text.n && n < MODEM_PARTS_MAX; n++) {
		v[n].text = take_part(o->text, at, all.ucs2);
		if (v[n].text.n == 0)
			return 0;
		at += v[n].text.n;
		if (n + 1 == MODEM_PARTS_MAX && at < o->text.n)
			return 0;
	}
	for (size_t i = 0; i < n; i++)
		v[i].udh = arena_printf(a, "050003%02X%02zX%02zX",
			(unsigned int)(str_hash(o->id_text) & 0xff), n, i + 1);
	return n;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct gammu *g = state;
	struct modem_out *out = ARENA_NEW(a, struct modem_out);
	struct modem_part *v =
		ARENA_ARRAY(a, struct modem_part, MODEM_PARTS_MAX);

	if (!str_is_utf8(o->text))
		return err_set(err, "the text is not UTF-8");
	out->parts = v;
	out->parts_n = divide(o, a, v);
	if (out->parts_n == 0)
		return err_set(err, "longer than the %d SMS that gammu sends",
			MODEM_PARTS_MAX);
	for (size_t i = 0; i < out->parts_n; i++)
		v[i].hex = hex_of(charset_utf16be(v[i].text, a), a);
	out->creator = o->id_text;
	out->to = o->to;
	out->sender = g->source.phone_id;
	out->coding =
		o->ucs2 ? "Unicode_No_Compression" : "Default_No_Compression";
	out->validity = validity(o->valid_s);
	out->report = g->reports;
	*ret = (struct provider_call){.rows = out};
	return 0;
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	struct provider_verdict v = provider_verdict_http(r, a);

	(void)state;
	if (v.kind == PROVIDER_OK)
		v.why = STR("in gammu-smsd's outbox");
	return v;
}

const struct provider provider_gammu = {
	.name = "gammu",
	.help = "a modem behind gammu-smsd, through its SQLite database",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct gammu),
	.takes_our_id = true,
	.can_receive = true,
	.can_send = true,
	.open = open_gammu,
	.verify = verify,
	.is_proven = is_proven,
	.parse_inbound = parse_inbound,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
	.modem = modem,
};
