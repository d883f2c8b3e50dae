/*
 * spelling - what does a value mean that a provider writes in its own way?
 *
 * Texts in hex or base64, times as counts or patterns. Strict: a spelling
 * that is broken anywhere is none. Pure; any thread.
 */
#include "gateway/providers/spelling.h"

#include "gateway/model/day.h"
#include "gateway/providers/charset.h"
#include "gateway/providers/mo.h"

#include <assert.h>
#include <time.h>

#define TIME_MAX ((size_t)64)
#define PATTERN_MAX ((size_t)64)
#define HOUR_S 3600
/* The end of the year 9999. */
#define LAST_S INT64_C(253402300799)

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | ' ');
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int from_hex(struct str s, struct arena *a, struct str *ret)
{
	char *p = arena_alloc(a, s.n / 2 + 1);

	if (s.n % 2 != 0)
		return -1;
	for (size_t i = 0; i < s.n; i += 2) {
		const int high = nibble(s.p[i]), low = nibble(s.p[i + 1]);

		if (high < 0 || low < 0)
			return -1;
		p[i / 2] = (char)(high << 4 | low);
	}
	*ret = (struct str){p, s.n / 2};
	return 0;
}

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-') /* the second: RFC 4648 §5 */
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* With its padding or without. */
static int from_base64(struct str s, struct arena *a, struct str *ret)
{
	unsigned int bits = 0, have = 0;
	struct str out = {NULL, 0};
	char *p = arena_alloc(a, s.n / 4 * 3 + 3);

	if (s.n % 4 == 0)
		for (int i = 0; i < 2 && str_ends(s, STR("=")); i++)
			s.n--;
	if (s.n % 4 == 1)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		const int v = sextet(s.p[i]);

		if (v < 0)
			return -1;
		bits = bits << 6 | (unsigned int)v;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		p[out.n++] = (char)(bits >> have & 0xFF);
	}
	out.p = p;
	*ret = out;
	return 0;
}

struct str spelling_text(enum spelling_text as, struct str s, struct arena *a)
{
	const struct str given = s;
	struct str raw, text = s;
	int rc = -1;

	if (as == SPELLING_UTF8 || s.n == 0)
		return s;
	s = str_trim(s);
	if (as == SPELLING_BASE64)
		return from_base64(s, a, &raw) == 0 ? raw : given;
	if (from_hex(s, a, &raw) != 0)
		return given;
	if (as == SPELLING_GSM7_HEX)
		rc = charset_decode(STR("GSM"), raw, a, &text);
	else if (raw.n % 2 == 0)
		rc = charset_decode(STR("UTF-16BE"), raw, a, &text);
	return rc == 0 ? text : given;
}

int spelling_time_parse(
	struct str name, struct arena *a, struct spelling_time *ret)
{
	static const char *const known[] = {
		[SPELLING_TIME_AUTO] = "auto",
		[SPELLING_TIME_RFC3339] = "rfc3339",
		[SPELLING_TIME_EPOCH_S] = "epoch-s",
		[SPELLING_TIME_EPOCH_MS] = "epoch-ms",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_is(name, known[i])) {
			ret->kind = (enum spelling_time_kind)i;
			return 0;
		}
	if (str_find_byte(name, '%', 0) < 0 || name.n > PATTERN_MAX ||
		memchr(name.p, '\0', name.n) != NULL)
		return -1;
	ret->kind = SPELLING_TIME_PATTERN;
	ret->pattern = arena_z(a, name);
	return 0;
}

static int by_pattern(
	const struct spelling_time *t, struct str s, int64_t *ret_ms)
{
	struct tm tm = {.tm_mday = 1, .tm_year = 70};
	char z[TIME_MAX];
	const char *end;
	int64_t at_s;

	if (s.n >= sizeof(z) || memchr(s.p, '\0', s.n) != NULL)
		return -1;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	end = strptime(z, t->pattern, &tm);
	if (end == NULL || *end != '\0')
		return -1;
	at_s = -(int64_t)tm.tm_gmtoff;
	if (strstr(t->pattern, "%z") == NULL)
		at_s = -t->utc_offset_h * HOUR_S;
	at_s += (int64_t)timegm(&tm);
	if (at_s < 0 || at_s > LAST_S)
		return -1;
	*ret_ms = at_s * 1000;
	return 0;
}

/* A count of seconds or milliseconds; a fraction is dropped. */
static int by_count(struct str s, int64_t unit_ms, int64_t *ret_ms)
{
	const ptrdiff_t dot = str_find_byte(s, '.', 0);
	int64_t v;

	if (dot > 0)
		s.n = (size_t)dot;
	if (str_to_i64(s, &v) != 0 || v <= 0 || v > LAST_S * 1000 / unit_ms)
		return -1;
	*ret_ms = v * unit_ms;
	return 0;
}

int spelling_time(const struct spelling_time *t, struct str s, int64_t *ret_ms)
{
	s = str_trim(s);
	if (s.n == 0)
		return -1;
	switch (t->kind) {
	case SPELLING_TIME_AUTO:
		return mo_time(s, ret_ms);
	case SPELLING_TIME_RFC3339:
		return instant_parse(s, ret_ms);
	case SPELLING_TIME_EPOCH_S:
		return by_count(s, 1000, ret_ms);
	case SPELLING_TIME_EPOCH_MS:
		return by_count(s, 1, ret_ms);
	case SPELLING_TIME_PATTERN:
		return by_pattern(t, s, ret_ms);
	}
	assert(!"a kind of time that does not exist");
	return -1;
}
