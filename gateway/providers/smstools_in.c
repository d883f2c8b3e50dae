/*
 * smstools_in - what does a file of smsd say?
 *
 * Four kinds: a text that came in, one of ours in sent/ or failed/, and a
 * status report, which comes among the texts unless smsd.conf says
 * otherwise. A report knows its text only by an 8-bit number, the message
 * reference, which every modem counts round: it asks for the last file that
 * this modem sent to this number under it. Header names are compared with
 * case, as smsd does; unknown ones are skipped. Facts: providers.md §2 and
 * §3.3, seen with 3.1.21. Pure; all in the arena.
 */
#include "gateway/providers/smstools.h"

#include "gateway/base/digest.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"
#include "gateway/providers/udh.h"

#include <stdio.h>
#include <time.h>

#define HOUR_MS INT64_C(3600000)
#define REPORT_TITLE "SMS STATUS REPORT"
#define KEYS_MAX 16 /* parts of one text that are told apart */
#define KEY_PIECE_MAX ((size_t)64)
#define UDH_MAX ((size_t)160)

/* A file in two halves. */
struct paper {
	struct str head; /* up to the empty line */
	struct str body; /* absent: there is no empty line */
};

static struct paper split(struct str bytes)
{
	const ptrdiff_t at = str_find(bytes, STR("\n\n"), 0);
	const ptrdiff_t dos = str_find(bytes, STR("\r\n\r\n"), 0);

	if (dos >= 0 && (at < 0 || dos < at))
		return (struct paper){str_part(bytes, 0, (size_t)dos),
			str_from(bytes, (size_t)dos + 4)};
	if (at < 0)
		return (struct paper){bytes, {NULL, 0}};
	return (struct paper){str_part(bytes, 0, (size_t)at),
		str_from(bytes, (size_t)at + 2)};
}

/* The value of the first line "NAME: VALUE"; absent: there is none. */
static struct str header(struct str head, const char *name)
{
	const struct str want = str_of(name);
	struct str line;

	while (str_next(&head, '\n', &line))
		if (line.n > want.n && line.p[want.n] == ':' &&
			str_starts(line, want))
			return str_trim(str_from(line, want.n + 1));
	return (struct str){NULL, 0};
}

/* A line of values, whatever bytes it came in. */
static struct str words(struct str raw, struct arena *a)
{
	return mo_clean(str_part(raw, 0, 200), a);
}

static void unreadable(struct provider_inbound *out,
	const struct provider_file *f, const char *why)
{
	(void)err_set(mo_unreadable(out), "%s", why);
	if (f->fresh)
		out->event = PROVIDER_LATER;
}

/* ---- what names a text's file and its reports ---- */

/* Letters, digits and -_+ of a header, to stand in a file's name. */
static struct str piece(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, KEY_PIECE_MAX);
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < KEY_PIECE_MAX; i++) {
		const char c = s.p[i];

		const bool plain =
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') || c == '-' || c == '_';

		p[n++] = (char)(plain ? c : '+');
	}
	return (struct str){p, n};
}

/* MODEM.NUMBER.REFERENCE; smsd writes numbers without +, short ones of ours
 * with an s in front. */
static struct str key_of(
	struct str modem, struct str number, int64_t mr, struct arena *a)
{
	const struct str m = piece(modem, a);
	const struct str n =
		piece(str_from(number, str_starts(number, STR("s"))), a);

	return arena_printf(a, "k" STR_FMT "." STR_FMT ".%lld", STR_ARG(m),
		STR_ARG(n), (long long)mr);
}

/* "1 2 3 ." or "3": references in the order of parts. */
static bool next_reference(struct str *list, int64_t *ret)
{
	struct str one;

	while (str_next(list, ' ', &one))
		if (str_to_i64(one, ret) == 0 && *ret >= 0 && *ret <= 255)
			return true;
	return false;
}

static struct str modem_of(struct str head)
{
	const struct str modem = header(head, "Modem");

	return modem.n > 0 ? modem : header(head, "Subject");
}

/* ---- our own texts ---- */

static struct provider_report *add_report(
	struct provider_inbound *out, struct arena *a)
{
	out->event = PROVIDER_REPORTS;
	out->reports = ARENA_NEW(a, struct provider_report);
	out->reports_n = 1;
	return out->reports;
}

static void read_keys(
	struct str head, struct arena *a, struct provider_inbound *out)
{
	struct str list = header(head, "Message_id");
	const struct str to = header(head, "To");
	int64_t mr;

	out->keys = ARENA_ARRAY(a, struct str, KEYS_MAX);
	while (out->keys_n < KEYS_MAX && next_reference(&list, &mr))
		out->keys[out->keys_n++] = key_of(modem_of(head), to, mr, a);
}

/* smsd keeps our header; without it the file is not ours, and of no use. */
static void read_ours(const struct provider_file *f, struct str bytes,
	struct arena *a, struct provider_inbound *out)
{
	const bool sent = f->kind == PROVIDER_FILE_SENT;
	const struct str head = split(bytes).head;
	const struct str own = header(head, SMSTOOLS_ID);
	const struct str why = words(header(head, "Fail_reason"), a);
	const struct str modem = words(modem_of(head), a);
	struct provider_report *r;

	if (own.n == 0 || modem.n == 0 || (!sent && why.n == 0)) {
		/* smsd moves a file before it writes its headers. */
		if (f->fresh) {
			out->event = PROVIDER_LATER;
			return;
		}
		if (own.n == 0) {
			unreadable(out, f, "no " SMSTOOLS_ID " in it");
			return;
		}
	}
	r = add_report(out, a);
	r->own = mo_id(own, a);
	r->to = mo_number(header(head, "To"), a);
	r->state = sent ? PROVIDER_REPORT_SENT : PROVIDER_REPORT_FAILED;
	if (sent)
		r->said = arena_printf(
			a, "sent by modem " STR_FMT, STR_ARG(modem));
	else
		r->said = why.n > 0 ? why : STR("smsd gave it up");
	if (sent)
		read_keys(head, a, out);
}

/* ---- status reports ---- */

/* 3GPP TS 23.040 §9.2.3.15, as providers.md §2 reads it. */
static enum provider_report_state state_of(int64_t status)
{
	if (status < 0 || status > 127)
		return PROVIDER_REPORT_UNKNOWN;
	if (status < 32)
		return PROVIDER_REPORT_DELIVERED;
	if (status < 64)
		return PROVIDER_REPORT_TEMPORARY;
	return status == 70 ? PROVIDER_REPORT_EXPIRED : PROVIDER_REPORT_FAILED;
}

static int64_t status_of(struct str said)
{
	struct str first;
	int64_t v;

	if (!str_next(&said, ',', &first) || str_to_i64(str_trim(first), &v))
		return -1;
	return v;
}

/* "26-11-22 16:54:18", and with four digits of the year; 0: neither. */
static int64_t time_of(struct str s, int64_t offset_h)
{
	const char *format = str_find_byte(s, '-', 0) == 4
				     ? "%Y-%m-%d %H:%M:%S"
				     : "%y-%m-%d %H:%M:%S";
	struct tm tm = {0};
	const char *end;
	char z[24];

	if (s.n == 0 || s.n >= sizeof(z))
		return 0;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	end = strptime(z, format, &tm);
	if (end == NULL || *end != '\0')
		return 0;
	return (int64_t)timegm(&tm) * 1000 - offset_h * HOUR_MS;
}

/* Which part of the text that was sent; one reference alone stands for all. */
static void read_part(struct str about, int64_t mr, struct provider_report *r)
{
	struct str list = header(split(about).head, "Message_id");
	int64_t one;
	int n = 0, part = 0;

	while (n < KEYS_MAX && next_reference(&list, &one)) {
		n++;
		if (one == mr && part == 0)
			part = n;
	}
	if (n > 1) {
		r->part = part;
		r->parts = part > 0 ? n : 0;
	}
}

static void read_report(const struct smstools *s,
	const struct provider_request *q, const struct paper *p,
	struct arena *a, struct provider_inbound *out)
{
	const struct provider_file *f = q->file;
	const struct str said = header(p->body, "Status");
	const struct str from = header(p->head, "From");
	struct provider_report *r;
	struct str key, about;
	int64_t mr;

	if (str_to_i64(header(p->body, "Message_id"), &mr) != 0 || mr < 0 ||
		mr > 255 || said.n == 0) {
		unreadable(out, f, "a status report that breaks off");
		return;
	}
	key = key_of(modem_of(p->head), from, mr, a);
	about = f->known != NULL ? f->known(f->arg, key, a)
				 : (struct str){NULL, 0};
	if (about.n == 0 && f->fresh) {
		out->event = PROVIDER_LATER;
		return;
	}
	r = add_report(out, a);
	r->ref = mo_id(key, a);
	r->own = mo_id(header(split(about).head, SMSTOOLS_ID), a);
	r->event = mo_hash_id(&(struct message){.from = f->name}, q->body, a);
	r->state = state_of(status_of(said));
	r->said = words(said, a);
	r->at_ms =
		time_of(header(p->body, "Discharge_timestamp"), s->time_offset);
	if (about.n > 0)
		read_part(about, mr, r);
}

/* ---- texts ---- */

static bool is_report(const struct provider_file *f, const struct paper *p)
{
	return f->kind == PROVIDER_FILE_REPORT ||
	       (str_starts(p->body, STR(REPORT_TITLE "\n")) &&
		       header(p->body, "Message_id").n > 0 &&
		       header(p->body, "Status").n > 0);
}

/* smsd looks at the first three letters only. */
static const char *charset_of(struct str alphabet)
{
	static const struct {
		const char *begins, *name;
	} known[] = {
		{"UCS", "UTF-16BE"},
		{"Chi", "UTF-16BE"},
		{"Uni", "UTF-16BE"},
		{"UTF", "UTF-8"},
		{"GSM", "GSM"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_starts(alphabet, str_of(known[i].begins)))
			return known[i].name;
	return "ISO-8859-15";
}

/* Length counts characters, and a character has at least so many bytes. */
static bool breaks_off(const struct paper *p, const char *charset)
{
	const size_t least = strcmp(charset, "UTF-16BE") == 0 ? 2 : 1;
	int64_t length;

	if (p->body.p == NULL)
		return true;
	return str_to_i64(header(p->head, "Length"), &length) == 0 &&
	       length > 0 && length < PROVIDER_RAW_TEXT_MAX &&
	       p->body.n < (size_t)length * least;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | ' ');
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "05 00 03 2A 02 01": parts that smsd did not join, or could not. */
static void read_udh(struct str hex, struct arena *a, struct message *m)
{
	char *p = arena_alloc(a, UDH_MAX);
	size_t n = 0;

	for (size_t i = 0; i + 1 < hex.n && n < UDH_MAX; i++) {
		const int high = nibble(hex.p[i]), low = nibble(hex.p[i + 1]);

		if (high < 0 || low < 0)
			continue;
		p[n++] = (char)(high * 16 + low);
		i++;
	}
	udh_read((struct str){p, n}, a, m);
}

/* 84912345678 of type "91 international, ISDN/telephone" is +84912345678. */
static struct str sender(struct str head, struct arena *a)
{
	const struct str from = header(head, "From");
	const struct str kind = header(head, "From_TOA");
	int64_t digits;

	if (from.n == 0)
		return STR("");
	if (str_starts(kind, STR("91")) && !str_starts(from, STR("+")) &&
		str_to_i64(from, &digits) == 0 && digits > 0)
		return mo_number(
			arena_printf(a, "+" STR_FMT, STR_ARG(from)), a);
	return mo_number(from, a);
}

static struct str file_id(const struct provider_request *q, struct arena *a)
{
	const struct str parts[] = {q->file->name, STR("\x1F"), q->body};
	const struct digest d = digest_of(DIGEST_SHA256, parts, 3);

	return digest_hex(&d, a);
}

static void read_text(const struct smstools *s,
	const struct provider_request *q, const struct paper *p,
	struct arena *a, struct provider_inbound *out)
{
	const struct str alphabet = header(p->head, "Alphabet");
	const char *charset = charset_of(alphabet);
	struct str text = {NULL, 0};
	struct message *m;

	/* Settings, pictures: no letters, but a person's all the same. */
	if (str_starts(alphabet, STR("bin")) ||
		charset_decode(str_of(charset), p->body, a, &text) != 0)
		text = charset_escape(p->body, a);
	mo_messages(out, 1, a);
	m = out->v;
	m->from = sender(p->head, a);
	m->to = mo_number(header(p->head, "Number"), a);
	m->text = text.n > 0 ? mo_text(text, a) : STR("");
	m->sent_at = time_of(header(p->head, "Sent"), s->time_offset);
	if (m->sent_at <= 0)
		m->sent_at = q->now_ms;
	m->provider_id = file_id(q, a);
	read_udh(header(p->head, "UDH-DATA"), a, m);
}

static void read_incoming(const struct smstools *s,
	const struct provider_request *q, struct arena *a,
	struct provider_inbound *out)
{
	const struct paper p = split(q->body);
	const char *charset = charset_of(header(p.head, "Alphabet"));

	if (header(p.head, "From").p == NULL)
		unreadable(out, q->file, "a file without a From");
	else if (header(p.head, "Error").n > 0)
		unreadable(out, q->file, "smsd could not decode it");
	else if (breaks_off(&p, charset))
		unreadable(out, q->file, "a file that breaks off");
	else if (is_report(q->file, &p))
		read_report(s, q, &p, a, out);
	else
		read_text(s, q, &p, a, out);
}

void smstools_parse(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (r->file == NULL)
		(void)err_set(&out->err, "smstools brings files only");
	else if (r->file->kind == PROVIDER_FILE_SENT ||
		 r->file->kind == PROVIDER_FILE_FAILED)
		read_ours(r->file, r->body, a, out);
	else
		read_incoming(state, r, a, out);
}

/* smsd's own files: parts that wait for others, and locks. */
bool smstools_is_wanted(enum provider_file_kind kind, struct str name)
{
	if (str_ends(name, STR("-concatenated")) ||
		str_ends(name, STR(".LOCK")))
		return false;
	return (kind != PROVIDER_FILE_SENT && kind != PROVIDER_FILE_FAILED) ||
	       str_starts(name, STR(SMSTOOLS_PREFIX));
}
