/*
 * mo - what does a provider's raw value mean as part of a message?
 *
 * Text, numbers, times and ids arrive in many spellings and sometimes broken.
 * Each function here takes one as it came and gives what may be stored; none
 * of them refuses a text for how it is encoded. Everything lives in the
 * message's arena. Pure; any thread.
 */
#include "gateway/providers/mo.h"

#include "gateway/base/digest.h"
#include "gateway/model/day.h"
#include "parsers/phone.h"

#include <stdio.h>

#define NUMBER_MAX 64
#define MS_FROM INT64_C(100000000000)
#define MINUTE_MS 60000
#define ESCAPE_LEN ((size_t)6)
#define REPLACEMENT "\xEF\xBF\xBD"

/* A character that a text may hold begins at i; its bytes, or 0. */
static size_t good_len(struct str s, size_t i)
{
	return s.p[i] != '\0' ? str_utf8_len(s, i) : 0;
}

static size_t bad_bytes(struct str s)
{
	size_t i = 0, bad = 0, len;

	while (i < s.n) {
		len = good_len(s, i);
		bad += len == 0;
		i += len > 0 ? len : 1;
	}
	return bad;
}

struct str mo_clean(struct str raw, struct arena *a)
{
	const size_t mark = sizeof(REPLACEMENT) - 1;
	size_t i = 0, n = 0, len;
	char *p;

	if (raw.n == 0)
		return raw.p != NULL ? STR("") : raw;
	if (str_is_utf8(raw))
		return arena_str(a, raw);
	p = arena_alloc(a, raw.n + (mark - 1) * bad_bytes(raw));
	while (i < raw.n) {
		len = good_len(raw, i);
		if (len == 0) {
			memcpy(p + n, REPLACEMENT, mark);
			n += mark;
			i++;
			continue;
		}
		memcpy(p + n, raw.p + i, len);
		n += len;
		i += len;
	}
	return (struct str){p, n};
}

/* Clean text of at most max bytes, cut between two characters. */
static struct str clean_part(struct str raw, size_t max, struct arena *a)
{
	struct str s;
	size_t n;

	if (raw.p == NULL)
		return raw;
	/* Three bytes more, so that the cut splits no character. */
	s = mo_clean(str_part(raw, 0, max + 3), a);
	n = s.n < max ? s.n : max;
	while (n < s.n && n > 0 && (s.p[n] & 0xC0) == 0x80)
		n--;
	return str_part(s, 0, n);
}

struct str mo_text(struct str raw, struct arena *a)
{
	return clean_part(raw, PROVIDER_RAW_TEXT_MAX, a);
}

/*
 * In a form or query a + that was not escaped arrives as a space
 * (providers.md §9.1): " 4912345" was "+4912345".
 */
static struct str with_plus(struct str raw, struct arena *a)
{
	if (raw.n < 2 || raw.p[0] != ' ' || raw.p[1] < '1' || raw.p[1] > '9')
		return raw;
	return arena_printf(a, "+" STR_FMT, STR_ARG(str_from(raw, 1)));
}

struct str mo_number(struct str raw, struct arena *a)
{
	struct str s = clean_part(raw, NUMBER_MAX, a);
	struct phone phone;

	if (s.n == 0)
		return s;
	s = with_plus(s, a);
	if (phone_parse(s, &phone) == 0)
		return arena_str(a, str_of(phone.z));
	return str_trim(s);
}

int mo_time(struct str raw, int64_t *ret_ms)
{
	struct str s = str_trim(raw);
	ptrdiff_t dot;
	int64_t v;

	if (s.n == 0)
		return -1;
	if (instant_parse(s, ret_ms) == 0)
		return 0;
	dot = str_find_byte(s, '.', 0);
	if (dot > 0)
		s.n = (size_t)dot;
	if (str_to_i64(s, &v) != 0 || v <= 0 || v > MS_FROM * 1000)
		return -1;
	*ret_ms = v >= MS_FROM ? v : v * 1000;
	return 0;
}

struct str mo_id(struct str raw, struct arena *a)
{
	struct str id = mo_clean(raw, a);
	struct digest d;

	if (id.n <= PROVIDER_ID_MAX)
		return id;
	d = digest_of(DIGEST_SHA256, &raw, 1);
	return digest_hex(&d, a);
}

struct str mo_hash_id(const struct message *m, struct str time, struct arena *a)
{
	const struct str gap = STR("\x1F");
	char minute[24];
	struct digest d;

	if (time.n == 0) {
		snprintf(minute, sizeof(minute), "%lld",
			(long long)(m->sent_at / MINUTE_MS));
		time = str_of(minute);
	}
	d = digest_of(DIGEST_SHA256,
		(const struct str[]){
			m->from, gap, m->to, gap, m->text, gap, time},
		7);
	return digest_hex(&d, a);
}

/* The UTF-16 unit that "\uXXXX" at i stands for, or -1. */
static int escaped_unit(struct str s, size_t i)
{
	int unit = 0;

	if (s.n - i < ESCAPE_LEN || s.p[i] != '\\' || s.p[i + 1] != 'u')
		return -1;
	for (size_t k = i + 2; k < i + ESCAPE_LEN; k++) {
		char c = (char)(s.p[k] | ' ');

		if (c >= '0' && c <= '9')
			unit = unit * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			unit = unit * 16 + (c - 'a' + 10);
		else
			return -1;
	}
	return unit;
}

static bool is_within(int unit, int first, int last)
{
	return unit >= first && unit <= last;
}

/*
 * A phone that cuts a long text between the halves of an emoji, or one whose
 * "@" came through as code 0, makes valid escapes of no character. The text
 * around them is worth more than they are.
 */
static struct str mend_escapes(struct str raw, struct arena *a)
{
	struct str s = mo_clean(raw, a);
	char *p = arena_alloc(a, s.n);
	size_t step;

	memcpy(p, s.p, s.n);
	for (size_t i = 0; i < s.n; i += step) {
		int unit = escaped_unit(s, i);

		step = unit >= 0 ? ESCAPE_LEN : s.p[i] == '\\' ? 2 : 1;
		if (is_within(unit, 0xD800, 0xDBFF) && i + step < s.n &&
			is_within(escaped_unit(s, i + step), 0xDC00, 0xDFFF))
			step += ESCAPE_LEN;
		else if (unit == 0 || is_within(unit, 0xD800, 0xDFFF))
			memcpy(p + i, "\\ufffd", ESCAPE_LEN);
	}
	return (struct str){p, s.n};
}

struct jdoc *mo_json(struct str body, struct arena *a, struct err *err)
{
	struct jdoc *doc = jdoc_parse_foreign(body, err);

	if (doc != NULL || body.n == 0)
		return doc;
	return jdoc_parse_foreign(mend_escapes(body, a), err);
}

const struct xdoc *mo_xml(struct str body, struct arena *a, struct err *err)
{
	const struct xdoc *doc = xdoc_parse(body, a, err);

	if (doc != NULL || bad_bytes(body) == 0)
		return doc;
	return xdoc_parse(mo_clean(body, a), a, err);
}

void mo_messages(struct provider_inbound *out, size_t n, struct arena *a)
{
	out->event = PROVIDER_MESSAGES;
	out->v = ARENA_ARRAY(a, struct message, n);
	out->n = n;
}

struct err *mo_leave_out(struct provider_inbound *out)
{
	return out->left_out++ == 0 ? &out->err : NULL;
}

void mo_batch(
	struct provider_inbound *out, enum provider_event event, size_t kept)
{
	if (kept == 0) {
		out->event = PROVIDER_UNREADABLE;
		out->n = out->reports_n = out->left_out = 0;
		return;
	}
	out->event = event;
	out->n = event == PROVIDER_MESSAGES ? kept : 0;
	out->reports_n = event == PROVIDER_REPORTS ? kept : 0;
}

struct err *mo_unreadable(struct provider_inbound *out)
{
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	return &out->err;
}
