/*
 * jasmin_in - what does Jasmin hand over: a text, or a report?
 *
 * A text comes as the GET or the POST of an httpccm's baseurl, joined by
 * Jasmin already, as the bytes of the air: `binary` has them in hex, `content`
 * as they are, and `coding` is SMPP's data_coding. A report comes as the POST
 * of the dlr-url that jasmin.c wrote into the send: level 1 says what the SMSC
 * answered, level 2 what became of the text. Facts: providers.md §3.14,
 * jasmin/routing/throwers.py. Pure.
 */
#include "gateway/providers/jasmin.h"

#include "gateway/base/form.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"

#define SAID_MAX 160
#define WORD_MAX 32

/* The query of any call, and the form of a POST. */
struct fields {
	struct form query, form;
};

static int read_fields(const struct provider_request *r, struct arena *a,
	struct fields *ret, struct provider_inbound *out)
{
	const struct str body = str_is(r->method, "POST") ? r->body : STR("");

	if (form_parse(a, r->query, &ret->query) == 0 &&
		form_parse(a, body, &ret->form) == 0)
		return 0;
	(void)err_set(mo_unreadable(out),
		"the form or the query has a broken %%XX escape, or more than "
		"%d fields",
		FORM_MAX_PAIRS);
	return -1;
}

static struct str value_of(const struct fields *f, const char *key)
{
	const struct str v = form_get(&f->form, str_of(key));

	return v.p != NULL ? v : form_get(&f->query, str_of(key));
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | ' ');
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 0; -1: it is no hex. */
static int from_hex(struct str hex, struct arena *a, struct str *ret)
{
	char *p = arena_alloc(a, hex.n / 2);

	if (hex.n % 2 != 0)
		return -1;
	for (size_t i = 0; i < hex.n / 2; i++) {
		const int high = nibble(hex.p[2 * i]);
		const int low = nibble(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		p[i] = (char)(high << 4 | low);
	}
	*ret = (struct str){p, hex.n / 2};
	return 0;
}

static bool is_septets(struct str raw)
{
	for (size_t i = 0; i < raw.n; i++)
		if ((unsigned char)raw.p[i] >= 0x80)
			return false;
	return true;
}

/* Where SMPP leaves it to GSM 03.38 §4: a class of display, and an alphabet in
 * bits 3 and 2 (0001xxxx) or 2 (1111xxxx). */
static const char *charset_with_class(struct str coding)
{
	static const char *const alphabet[] = {"GSM", NULL, "UTF-16BE", NULL};
	int64_t v;

	if (str_to_i64(coding, &v) != 0)
		return NULL;
	if (v >= 0x10 && v <= 0x1F)
		return alphabet[(v >> 2) & 3];
	return v >= 0xF0 && v <= 0xF3 ? "GSM" : NULL;
}

/*
 * SMPP 3.4 §5.2.19. 0 is the SMSC's own alphabet, which is GSM 03.38 with a
 * septet in each byte; an SMSC whose bytes are none means UTF-8 or Latin-1.
 * NULL: no text, or in an alphabet that Vietnam does not use.
 */
static const char *charset_of(struct str coding, struct str raw)
{
	if (coding.n == 0 || str_is(coding, "0")) {
		if (is_septets(raw))
			return "GSM";
		return str_is_utf8(raw) ? "UTF-8" : "ISO-8859-1";
	}
	if (str_is(coding, "1"))
		return "ASCII";
	if (str_is(coding, "3"))
		return "ISO-8859-1";
	if (str_is(coding, "8"))
		return "UTF-16BE";
	return charset_with_class(coding);
}

static struct str decode(struct str coding, struct str raw, struct arena *a)
{
	const char *charset = charset_of(coding, raw);
	struct str text;

	if (charset == NULL ||
		charset_decode(str_of(charset), raw, a, &text) != 0)
		text = charset_escape(raw, a);
	return mo_text(text, a);
}

/* Nothing tells when it was sent. Without an id, the minute tells repeats. */
static void read_text(const struct provider_request *r, const struct fields *f,
	struct arena *a, struct provider_inbound *out)
{
	const struct str from = value_of(f, "from"), id = value_of(f, "id");
	struct str raw = value_of(f, "content"), binary;
	struct message *m;

	if (from_hex(value_of(f, "binary"), a, &binary) == 0 &&
		(binary.n > 0 || raw.p == NULL))
		raw = binary;
	mo_messages(out, 1, a);
	m = out->v;
	m->from = from.n > 0 ? mo_number(from, a) : STR("");
	m->to = mo_number(value_of(f, "to"), a);
	m->text = decode(value_of(f, "coding"), raw, a);
	m->sent_at = r->now_ms;
	m->provider_id = id.n > 0 ? mo_id(id, a)
				  : mo_hash_id(m, (struct str){NULL, 0}, a);
}

/* Level 1 is the SMSC's answer, level 2 the states of SMPP 3.4 §5.2.28. */
static enum provider_report_state state_of(struct str said)
{
	static const struct {
		const char *said;
		enum provider_report_state state;
	} t[] = {
		{"ESME_ROK", PROVIDER_REPORT_SENT},
		{"ENROUTE", PROVIDER_REPORT_QUEUED},
		{"ACCEPTD", PROVIDER_REPORT_SENT},
		{"DELIVRD", PROVIDER_REPORT_DELIVERED},
		{"UNKNOWN", PROVIDER_REPORT_TEMPORARY},
		{"EXPIRED", PROVIDER_REPORT_EXPIRED},
		{"UNDELIV", PROVIDER_REPORT_FAILED},
		{"REJECTD", PROVIDER_REPORT_FAILED},
		{"DELETED", PROVIDER_REPORT_FAILED},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_is(said, t[i].said))
			return t[i].state;
	return str_starts(said, STR("ESME_R")) ? PROVIDER_REPORT_FAILED
					       : PROVIDER_REPORT_UNKNOWN;
}

/* "UNDELIV err 069 (SMSC id 4711)" */
static struct str said_of(const struct fields *f, struct arena *a)
{
	const struct str status = value_of(f, "message_status");
	const struct str error = value_of(f, "err");
	const struct str id = value_of(f, "id_smsc");
	struct str s = mo_clean(str_part(status, 0, WORD_MAX), a);

	if (s.n == 0)
		s = STR("nothing");
	if (error.n > 0 && !str_is(error, "000"))
		s = arena_printf(a, STR_FMT " err " STR_FMT, STR_ARG(s),
			STR_ARG(mo_clean(str_part(error, 0, WORD_MAX), a)));
	if (id.n > 0)
		s = arena_printf(a, STR_FMT " (SMSC id " STR_FMT ")",
			STR_ARG(s),
			STR_ARG(mo_clean(str_part(id, 0, SAID_MAX), a)));
	return s;
}

/* Receipts are asked for with the last part alone, so one is of the text. */
static void read_report(
	const struct fields *f, struct arena *a, struct provider_inbound *out)
{
	const struct str own = form_get(&f->query, STR("o"));
	const struct str ref = value_of(f, "id");
	struct provider_report *report;

	if (own.n == 0 && ref.n == 0) {
		(void)err_set(mo_unreadable(out),
			"a report without an id, and without our own in o=");
		return;
	}
	report = ARENA_NEW(a, struct provider_report);
	report->own = mo_id(own, a);
	report->ref = mo_id(ref, a);
	report->state = state_of(value_of(f, "message_status"));
	report->said = said_of(f, a);
	out->event = PROVIDER_REPORTS;
	out->reports = report;
	out->reports_n = 1;
}

void jasmin_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct fields f;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (read_fields(r, a, &f, out) != 0)
		return;
	if (value_of(&f, "message_status").p != NULL)
		read_report(&f, a, out);
	else if (value_of(&f, "content").p != NULL ||
		 value_of(&f, "binary").p != NULL)
		read_text(r, &f, a, out);
	else
		(void)err_set(&out->err,
			"neither a text (content, binary) nor a report "
			"(message_status)");
}
