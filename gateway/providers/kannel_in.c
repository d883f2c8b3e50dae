/*
 * kannel_in - what does Kannel's smsbox hand over: a text, or a report?
 *
 * A text comes as the GET of a `get-url` with the parameters that
 * docs/providers.md gives it, or as the POST of a `post-url`: the text as
 * body, the rest in the query or in X-Kannel headers. Kannel hands on the
 * bytes of the air: the character set is decoded here, and whatever nobody
 * can name is kept readable. A report comes as the GET of the dlr-url that
 * kannel.c wrote into the send. Facts: providers.md §3.13, gw/urltrans.c of
 * 1.4.5. Pure.
 */
#include "gateway/providers/kannel.h"

#include "gateway/base/form.h"
#include "gateway/model/day.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/udh.h"

#include <stdio.h>

#define SAID_MAX 160
#define WORD_MAX 8

/* The query; -1: broken, and out says so. */
static int read_query(const struct provider_request *r, struct arena *a,
	struct form *ret, struct provider_inbound *out)
{
	if (form_parse(a, r->query, ret) == 0)
		return 0;
	(void)err_set(mo_unreadable(out),
		"the query has a broken %%XX escape, or more than %d fields",
		FORM_MAX_PAIRS);
	return -1;
}

/* A parameter of the query, else a header; empty counts as none. */
static struct str value_of(const struct provider_request *r,
	const struct form *f, const char *key, const char *header)
{
	struct str v = form_get(f, str_of(key));

	return v.n > 0 ? v : provider_request_header(r, header);
}

/* The charset of a Content-Type; absent: none. Kannel puts it in quotes. */
static struct str content_charset(const struct provider_request *r)
{
	const struct str label = STR("charset=");
	struct str rest = provider_request_header(r, "Content-Type"), part, v;

	while (str_next(&rest, ';', &part)) {
		part = str_trim(part);
		if (!str_ieq(str_part(part, 0, label.n), label))
			continue;
		v = str_from(part, label.n);
		if (v.n >= 2 && v.p[0] == '"' && str_ends(v, STR("\"")))
			v = str_part(v, 1, v.n - 2);
		return v;
	}
	return (struct str){NULL, 0};
}

/*
 * %C names the character set always: UTF-8 for 7-bit texts, UTF-16BE, or
 * "8-BIT" where the SMSC said that it is no text. A url without it leaves the
 * coding: 0 (7-bit), 1 (8-bit), 2 (UCS-2).
 */
static struct str decode(
	struct str charset, struct str coding, struct str raw, struct arena *a)
{
	const bool wide = str_is(coding, "2");
	struct str text;

	if (charset.n == 0 && !str_is(coding, "1"))
		charset = wide ? STR("UTF-16BE") : STR("UTF-8");
	if (charset_decode(charset, raw, a, &text) == 0)
		return mo_text(text, a);
	if (wide && charset_decode(STR("UTF-16BE"), raw, a, &text) == 0)
		return mo_text(text, a);
	return mo_text(charset_escape(raw, a), a);
}

/* %T, or what %t and X-Kannel-Time say: "2026-11-05 12:30:00" in UTC. */
static int64_t time_of(struct str raw, const struct provider_request *r)
{
	const struct str s = str_trim(raw);
	char z[24];
	int64_t ms;

	if (mo_time(s, &ms) == 0)
		return ms;
	if (s.n == 19 && s.p[10] == ' ') {
		snprintf(z, sizeof(z), "%.10sT%.8sZ", s.p, s.p + 11);
		if (instant_parse(str_of(z), &ms) == 0)
			return ms;
	}
	return r->now_ms;
}

/* X-Kannel-UDH is URL-encoded, the parameter was and is decoded by now. */
static struct str udh_of(
	const struct provider_request *r, const struct form *f, struct arena *a)
{
	struct str v = form_get(f, STR("udh"));
	struct form one;

	if (v.n > 0)
		return v;
	v = provider_request_header(r, "X-Kannel-UDH");
	if (v.n == 0 || form_parse(a, arena_printf(a, "u=" STR_FMT, STR_ARG(v)),
				&one) != 0)
		return (struct str){NULL, 0};
	return form_get(&one, STR("u"));
}

/* One without %I: parts of one text may be alike, so the part tells too. */
static struct str made_up_id(
	const struct message *m, struct str time, struct arena *a)
{
	if (m->part_total > 1)
		time = arena_printf(a, STR_FMT " " STR_FMT "/%d", STR_ARG(time),
			STR_ARG(m->part_ref), m->part_no);
	return mo_hash_id(m, time, a);
}

static void read_text(const struct provider_request *r, const struct form *f,
	struct arena *a, struct provider_inbound *out)
{
	const bool post = str_is(r->method, "POST");
	const struct str raw = post ? r->body : form_get(f, STR("b"));
	const struct str from = value_of(r, f, "from", "X-Kannel-From");
	const struct str time = value_of(r, f, "ts", "X-Kannel-Time");
	const struct str id = form_get(f, STR("id"));
	struct str charset = form_get(f, STR("cs"));
	struct message *m;

	if (from.n == 0 || raw.p == NULL) {
		(void)err_set(mo_unreadable(out), "no %s: the url needs %s",
			from.n == 0 ? "sender" : "text",
			from.n == 0 ? "from=%q" : "b=%b");
		return;
	}
	if (charset.n == 0 && post)
		charset = content_charset(r);
	mo_messages(out, 1, a);
	m = out->v;
	m->from = mo_number(from, a);
	m->to = mo_number(value_of(r, f, "to", "X-Kannel-To"), a);
	m->text =
		decode(charset, value_of(r, f, "c", "X-Kannel-Coding"), raw, a);
	m->sent_at = time_of(time, r);
	udh_read(udh_of(r, f, a), a, m);
	m->provider_id = id.n > 0 ? mo_id(id, a) : made_up_id(m, time, a);
}

void kannel_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct form f;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (read_query(r, a, &f, out) == 0)
		read_text(r, &f, a, out);
}

/* dlr-mask's bits; %d is always one of them. */
static enum provider_report_state state_of(struct str said)
{
	static const struct {
		const char *said;
		enum provider_report_state state;
	} t[] = {
		{"1", PROVIDER_REPORT_DELIVERED},
		{"2", PROVIDER_REPORT_FAILED},
		{"4", PROVIDER_REPORT_QUEUED},  /* the SMSC keeps it */
		{"8", PROVIDER_REPORT_SENT},    /* the SMSC took it */
		{"16", PROVIDER_REPORT_FAILED}, /* the SMSC refused it */
		{"32", PROVIDER_REPORT_TEMPORARY},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (str_is(said, t[i].said))
			return t[i].state;
	return PROVIDER_REPORT_UNKNOWN;
}

/* "1 id:4711 stat:DELIVRD err:000 (SMSC id 4711)" */
static struct str said_of(const struct form *f, struct arena *a)
{
	const struct str words = form_get(f, STR("a"));
	const struct str id = form_get(f, STR("f"));
	struct str s = form_get(f, STR("d"));

	s = s.n > 0 ? mo_clean(str_part(s, 0, WORD_MAX), a) : STR("nothing");
	if (words.n > 0)
		s = arena_printf(a, STR_FMT " " STR_FMT, STR_ARG(s),
			STR_ARG(mo_clean(str_part(words, 0, SAID_MAX), a)));
	if (id.n > 0)
		s = arena_printf(a, STR_FMT " (SMSC id " STR_FMT ")",
			STR_ARG(s),
			STR_ARG(mo_clean(str_part(id, 0, SAID_MAX), a)));
	return s;
}

void kannel_parse_dlr(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct provider_report *report;
	struct form f;
	struct str own;

	(void)state;
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (read_query(r, a, &f, out) != 0)
		return;
	own = form_get(&f, STR("o"));
	if (own.n == 0) {
		(void)err_set(&out->err, "a report without our own id in o=");
		return;
	}
	report = ARENA_NEW(a, struct provider_report);
	report->own = mo_id(own, a);
	report->to = mo_number(form_get(&f, STR("p")), a);
	report->state = state_of(form_get(&f, STR("d")));
	report->said = said_of(&f, a);
	if (mo_time(form_get(&f, STR("t")), &report->at_ms) != 0)
		report->at_ms = 0;
	out->event = PROVIDER_REPORTS;
	out->reports = report;
	out->reports_n = 1;
}
