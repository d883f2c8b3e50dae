/*
 * str - questions about runs of bytes: find, compare, cut, read as a number,
 * hash, and is it well-formed UTF-8?
 *
 * Owns nothing and allocates nothing; every answer is a view into what was
 * given. Only ASCII has case and white space here: everything that knows
 * Vietnamese lives in parsers/. Any thread.
 */
#include "gateway/base/str.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)
#define BYTES_01 UINT64_C(0x0101010101010101)
#define BYTES_80 UINT64_C(0x8080808080808080)

static unsigned char lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? u | 0x20 : u;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_ieq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (d != 0)
		return d;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_part(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
	const char *at;

	if (from > s.n || needle.n > s.n - from)
		return -1;
	if (needle.n == 0)
		return (ptrdiff_t)from;
	at = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return at != NULL ? at - s.p : -1;
}

ptrdiff_t str_find_byte(struct str s, char c, size_t from)
{
	const char *at;

	if (from >= s.n)
		return -1;
	at = memchr(s.p + from, (unsigned char)c, s.n - from);
	return at != NULL ? at - s.p : -1;
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

bool str_next(struct str *rest, char sep, struct str *head)
{
	ptrdiff_t at;

	if (rest->p == NULL)
		return false;
	at = str_find_byte(*rest, sep, 0);
	if (at < 0) {
		*head = *rest;
		*rest = (struct str){NULL, 0};
		return true;
	}
	*head = str_part(*rest, 0, (size_t)at);
	*rest = str_from(*rest, (size_t)at + 1);
	return true;
}

int str_to_i64(struct str s, int64_t *ret)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	size_t i = minus || (s.n > 0 && s.p[0] == '+') ? 1 : 0;
	int64_t v = 0;

	if (i == s.n)
		return -1;
	/* Downwards, since only that way INT64_MIN is reached. */
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		if (__builtin_mul_overflow(v, 10, &v) ||
			__builtin_sub_overflow(v, s.p[i] - '0', &v))
			return -1;
	}
	if (!minus && v == INT64_MIN)
		return -1;
	*ret = minus ? v : -v;
	return 0;
}

uint64_t str_hash(struct str s)
{
	uint64_t h = FNV_OFFSET;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * FNV_PRIME;
	/* FNV leaves the high bits of short strings poor; tables mask bits. */
	h = (h ^ (h >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	return h ^ (h >> 32);
}

/* Bytes that follow this first byte; -1 where none may stand. */
static int followers(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if ((first & 0xf0) == 0xe0)
		return 2;
	if (first >= 0xf0 && first <= 0xf4)
		return 3;
	return -1;
}

/* The second byte decides: overlong, surrogate, past U+10FFFF? */
static bool second_fits(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second < 0xa0;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second < 0x90;
	default:
		return true;
	}
}

size_t str_utf8_len(struct str s, size_t at)
{
	const unsigned char *u = (const unsigned char *)s.p;
	int more;

	if (at >= s.n)
		return 0;
	more = followers(u[at]);
	if (more < 0 || (size_t)more >= s.n - at)
		return 0;
	for (int i = 1; i <= more; i++)
		if ((u[at + (size_t)i] & 0xc0) != 0x80)
			return 0;
	if (more > 0 && !second_fits(u[at], u[at + 1]))
		return 0;
	return (size_t)more + 1;
}

/* Eight bytes that are all ASCII and none of them NUL? */
static bool plain_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return ((w | (w - BYTES_01)) & BYTES_80) == 0;
}

bool str_is_utf8(struct str s)
{
	size_t i = 0;

	while (i < s.n) {
		size_t n;

		if (s.n - i >= 8 && plain_word(s.p + i)) {
			i += 8;
			continue;
		}
		n = s.p[i] != '\0' ? str_utf8_len(s, i) : 0;
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}
