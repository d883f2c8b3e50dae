/*
 * charset - which text do these bytes stand for?
 *
 * What phones and SMSCs send is UTF-16BE, GSM 03.38 or an old 8-bit set;
 * everything of ours is UTF-8. Sets are known by a fixed table of names: a
 * name from outside never reaches iconv(3), which would load a module for it.
 * A text is never refused for a byte that stands for nothing. Pure; results
 * live in the caller's arena.
 */
#include "gateway/providers/charset.h"

#include "parsers/glyph.h"

#include <errno.h>
#include <iconv.h>

#define UNKNOWN_CHARACTER 0xFFFD
#define BYTE_ORDER_MARK 0xFEFF
#define GSM_ESCAPE 0x1B
/* The longest UTF-8 that one byte of an 8-bit set can become. */
#define GROWTH 4
#define NAME_MAX 24

static const uint16_t gsm_basic[128] = {
	0x0040, 0x00A3, 0x0024, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC, /* 00 */
	0x00F2, 0x00C7, 0x000A, 0x00D8, 0x00F8, 0x000D, 0x00C5, 0x00E5, /* 08 */
	0x0394, 0x005F, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8, /* 10 */
	0x03A3, 0x0398, 0x039E, 0x0020, 0x00C6, 0x00E6, 0x00DF, 0x00C9, /* 18 */
	0x0020, 0x0021, 0x0022, 0x0023, 0x00A4, 0x0025, 0x0026, 0x0027, /* 20 */
	0x0028, 0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F, /* 28 */
	0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037, /* 30 */
	0x0038, 0x0039, 0x003A, 0x003B, 0x003C, 0x003D, 0x003E, 0x003F, /* 38 */
	0x00A1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047, /* 40 */
	0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F, /* 48 */
	0x0050, 0x0051, 0x0052, 0x0053, 0x0054, 0x0055, 0x0056, 0x0057, /* 50 */
	0x0058, 0x0059, 0x005A, 0x00C4, 0x00D6, 0x00D1, 0x00DC, 0x00A7, /* 58 */
	0x00BF, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067, /* 60 */
	0x0068, 0x0069, 0x006A, 0x006B, 0x006C, 0x006D, 0x006E, 0x006F, /* 68 */
	0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077, /* 70 */
	0x0078, 0x0079, 0x007A, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0, /* 78 */
};

/* Behind GSM_ESCAPE; 0: nothing of its own, the basic character stands. */
static const uint16_t gsm_extension[128] = {
	[0x0A] = '\f',
	[0x14] = '^',
	[0x28] = '{',
	[0x29] = '}',
	[0x2F] = '\\',
	[0x3C] = '[',
	[0x3D] = '~',
	[0x3E] = ']',
	[0x40] = '|',
	[0x65] = 0x20AC,
};

/* WINDOWS-1252 from 0x80 to 0x9F; the rest is Unicode's own. 0: unused. */
static const uint16_t windows1252[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, /* 80 */
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,      /* 88 */
	0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, /* 90 */
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178, /* 98 */
};

enum kind { UTF8, UTF16, UTF16LE, WINDOWS1252, GSM, ICONV };

/* Names as key_of() gives them. */
static const struct set {
	const char *key;
	enum kind kind;
	const char *iconv; /* ICONV: the C library's name */
} sets[] = {
	{"utf8", UTF8, NULL},
	{"usascii", UTF8, NULL},
	{"ascii", UTF8, NULL},
	{"utf16be", UTF16, NULL},
	{"utf16", UTF16, NULL},
	{"ucs2", UTF16, NULL},
	{"ucs2be", UTF16, NULL},
	{"iso10646ucs2", UTF16, NULL},
	{"utf16le", UTF16LE, NULL},
	{"ucs2le", UTF16LE, NULL},
	{"iso88591", WINDOWS1252, NULL},
	{"latin1", WINDOWS1252, NULL},
	{"windows1252", WINDOWS1252, NULL},
	{"cp1252", WINDOWS1252, NULL},
	{"gsm", GSM, NULL},
	{"gsm7", GSM, NULL},
	{"gsm0338", GSM, NULL},
	{"iso885915", ICONV, "ISO-8859-15"},
	{"windows1258", ICONV, "CP1258"},
	{"cp1258", ICONV, "CP1258"},
	{"viscii", ICONV, "VISCII"},
	{"tcvn", ICONV, "TCVN"},
	{"tcvn57121", ICONV, "TCVN"},
};

static const struct set *find(struct str name)
{
	char key[NAME_MAX];
	size_t i, n = 0;

	for (i = 0; i < name.n && n < sizeof(key) - 1; i++) {
		const char c = name.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
			key[n++] = c;
		else if (c >= 'A' && c <= 'Z')
			key[n++] = (char)(c | ' ');
	}
	if (i < name.n)
		return NULL;
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (str_is((struct str){key, n}, sets[i].key))
			return &sets[i];
	return NULL;
}

/* Appends one character as UTF-8; the room is the caller's care. */
static void put(struct str *out, char *p, int32_t c)
{
	char *to = p + out->n;

	out->p = p;
	if (c < 0x80) {
		to[0] = (char)c;
		out->n += 1;
	} else if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		out->n += 2;
	} else if (c < 0x10000) {
		to[0] = (char)(0xE0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3F));
		to[2] = (char)(0x80 | (c & 0x3F));
		out->n += 3;
	} else {
		to[0] = (char)(0xF0 | c >> 18);
		to[1] = (char)(0x80 | (c >> 12 & 0x3F));
		to[2] = (char)(0x80 | (c >> 6 & 0x3F));
		to[3] = (char)(0x80 | (c & 0x3F));
		out->n += 4;
	}
}

/* The 16-bit unit at i; the last byte of an odd number is none. */
static int32_t unit_at(struct str s, size_t i, bool little)
{
	const unsigned char *p = (const unsigned char *)s.p + i;

	if (s.n - i < 2)
		return UNKNOWN_CHARACTER;
	return little ? p[1] << 8 | p[0] : p[0] << 8 | p[1];
}

static bool is_half(int32_t unit, int32_t first)
{
	return unit >= first && unit < first + 0x400;
}

static struct str from_utf16(struct str raw, bool little, struct arena *a)
{
	/* Two bytes become three at most, four become four. */
	char *p = arena_alloc(a, (raw.n + 1) / 2 * 3);
	struct str out = {p, 0};
	size_t i = 0;

	if (raw.n >= 2 && unit_at(raw, 0, !little) == BYTE_ORDER_MARK)
		little = !little;
	if (raw.n >= 2 && unit_at(raw, 0, little) == BYTE_ORDER_MARK)
		i = 2;
	for (; i < raw.n; i += 2) {
		int32_t c = unit_at(raw, i, little), low = 0;

		if (is_half(c, 0xD800) && raw.n - i >= 4)
			low = unit_at(raw, i + 2, little);
		if (is_half(low, 0xDC00)) {
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
			i += 2;
		} else if (is_half(c, 0xD800) || is_half(c, 0xDC00)) {
			c = UNKNOWN_CHARACTER;
		}
		put(&out, p, c);
	}
	return out;
}

static struct str from_windows1252(struct str raw, struct arena *a)
{
	char *p = arena_alloc(a, raw.n * 3);
	struct str out = {p, 0};

	for (size_t i = 0; i < raw.n; i++) {
		int32_t c = (unsigned char)raw.p[i];

		if (c >= 0x80 && c < 0xA0)
			c = windows1252[c - 0x80];
		put(&out, p, c != 0 ? c : UNKNOWN_CHARACTER);
	}
	return out;
}

/* 3GPP TS 23.038 §6.2.1: an escape that opens nothing shows as a space. */
static struct str from_gsm(struct str raw, struct arena *a)
{
	char *p = arena_alloc(a, raw.n * 3);
	struct str out = {p, 0};

	for (size_t i = 0; i < raw.n; i++) {
		const unsigned char b = (unsigned char)raw.p[i];
		const unsigned char next =
			i + 1 < raw.n ? (unsigned char)raw.p[i + 1] : 0xFF;

		if (b == GSM_ESCAPE && next < 128 && gsm_extension[next] != 0) {
			put(&out, p, gsm_extension[next]);
			i++;
		} else {
			put(&out, p,
				b < 128 ? gsm_basic[b] : UNKNOWN_CHARACTER);
		}
	}
	return out;
}

/* -1: this C library has no such set. */
static int from_iconv(
	const char *name, struct str raw, struct arena *a, struct str *ret)
{
	size_t left = raw.n * GROWTH + GROWTH;
	char *p = arena_alloc(a, left), *to = p;
	char *from = (char *)raw.p;
	struct str mark = {NULL, 0};
	iconv_t cd = iconv_open("UTF-8", name);

	if ((intptr_t)cd == -1)
		return -1;
	while (raw.n > 0 &&
		iconv(cd, &from, &raw.n, &to, &left) == (size_t)-1) {
		if (errno == E2BIG || left < GROWTH)
			break;
		put(&mark, to, UNKNOWN_CHARACTER);
		to += mark.n;
		left -= mark.n;
		mark.n = 0;
		from++;
		raw.n--;
	}
	/* Sets with combining marks hold the last letter back. */
	(void)iconv(cd, NULL, NULL, &to, &left);
	(void)iconv_close(cd);
	*ret = (struct str){p, (size_t)(to - p)};
	return 0;
}

int charset_decode(
	struct str name, struct str raw, struct arena *a, struct str *ret)
{
	const struct set *set = find(name);

	if (set == NULL)
		return -1;
	switch (set->kind) {
	case UTF8:
		*ret = raw;
		return 0;
	case UTF16:
	case UTF16LE:
		*ret = from_utf16(raw, set->kind == UTF16LE, a);
		return 0;
	case WINDOWS1252:
		*ret = from_windows1252(raw, a);
		return 0;
	case GSM:
		*ret = from_gsm(raw, a);
		return 0;
	case ICONV:
		return from_iconv(set->iconv, raw, a, ret);
	}
	return -1;
}

static bool is_plain(unsigned char c)
{
	return (c >= ' ' && c < 0x7F) || c == '\t' || c == '\n' || c == '\r';
}

struct str charset_escape(struct str raw, struct arena *a)
{
	static const char hex[] = "0123456789ABCDEF";
	bool utf8 = str_is_utf8(raw);
	size_t i, n = 0;
	char *p;

	for (i = 0; i < raw.n && utf8; i++)
		utf8 = (unsigned char)raw.p[i] >= 0x80 ||
		       is_plain((unsigned char)raw.p[i]);
	if (utf8)
		return raw;
	p = arena_alloc(a, raw.n * 4);
	for (i = 0; i < raw.n; i++) {
		const unsigned char c = (unsigned char)raw.p[i];

		if (is_plain(c)) {
			p[n++] = (char)c;
			continue;
		}
		p[n++] = '\\';
		p[n++] = 'x';
		p[n++] = hex[c >> 4];
		p[n++] = hex[c & 15];
	}
	return (struct str){p, n};
}

struct str charset_utf16be(struct str utf8, struct arena *a)
{
	/* One byte becomes two at most, four become four. */
	unsigned char *p = arena_alloc(a, utf8.n * 2);
	size_t n = 0;

	while (utf8.n > 0) {
		int32_t c = glyph_next(&utf8);

		if (c > 0xFFFF) {
			const int32_t high = 0xD800 + ((c - 0x10000) >> 10);

			p[n++] = (unsigned char)(high >> 8);
			p[n++] = (unsigned char)high;
			c = 0xDC00 + (c & 0x3FF);
		}
		p[n++] = (unsigned char)(c >> 8);
		p[n++] = (unsigned char)c;
	}
	return (struct str){(char *)p, n};
}
