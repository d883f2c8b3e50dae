/*
 * segment - how many SMS does a text cost, and can it cost fewer?
 *
 * GSM 03.38: 160 septets in one message, 153 in each part of several; UCS-2:
 * 70 and 67 UTF-16 units. An extension character (two septets) and a surrogate
 * pair never straddle two parts, which can cost a part more than division
 * says. Vietnamese shares only à è é ì ò ù with GSM-7, so that one accent more
 * doubles the bill: folding is a policy of the channel. Pure; any thread.
 */
#include "parsers/segment.h"

#include "parsers/glyph.h"

#define GSM_ONE 160
#define GSM_PART 153
#define UCS2_ONE 70
#define UCS2_PART 67

/* Outside ASCII; in order. */
static const uint16_t gsm_basic[] = {
	0x00a1,
	0x00a3,
	0x00a4,
	0x00a5,
	0x00a7,
	0x00bf,
	0x00c4,
	0x00c5,
	0x00c6,
	0x00c7,
	0x00c9,
	0x00d1,
	0x00d6,
	0x00d8,
	0x00dc,
	0x00df,
	0x00e0,
	0x00e4,
	0x00e5,
	0x00e6,
	0x00e8,
	0x00e9,
	0x00ec,
	0x00f1,
	0x00f2,
	0x00f6,
	0x00f8,
	0x00f9,
	0x00fc,
	0x0393,
	0x0394,
	0x0398,
	0x039b,
	0x039e,
	0x03a0,
	0x03a3,
	0x03a6,
	0x03a8,
	0x03a9,
};

static bool is_gsm_basic(int32_t cp)
{
	for (size_t i = 0; i < sizeof(gsm_basic) / sizeof(gsm_basic[0]); i++)
		if (gsm_basic[i] == cp)
			return true;
	return false;
}

/* Septets of one character; 0: not in GSM-7. The backtick is not. */
static int gsm_width(int32_t cp)
{
	if (cp == 0x20ac || cp == '\f')
		return 2;
	if (cp == '\n' || cp == '\r')
		return 1;
	if (cp < ' ' || cp == '`' || cp == 0x7f)
		return 0;
	if (cp < 0x7f)
		return strchr("^{}\\[~]|", cp) != NULL ? 2 : 1;
	return is_gsm_basic(cp) ? 1 : 0;
}

static int ucs2_width(int32_t cp)
{
	return cp > 0xffff ? 2 : 1;
}

static bool fits_gsm(struct str s)
{
	while (s.n > 0)
		if (gsm_width(glyph_next(&s)) == 0)
			return false;
	return true;
}

/* Parts of `room` units when no character may be cut in two. */
static int parts(struct str s, int (*width)(int32_t cp), int room)
{
	int n = 1, used = 0;

	while (s.n > 0) {
		int w = width(glyph_next(&s));

		if (used + w > room) {
			n++;
			used = 0;
		}
		used += w;
	}
	return n;
}

struct segments segment_count(struct str utf8)
{
	struct segments seg = {.ucs2 = !fits_gsm(utf8)};
	int (*width)(int32_t cp) = seg.ucs2 ? ucs2_width : gsm_width;
	struct str s = utf8;

	while (s.n > 0)
		seg.units += width(glyph_next(&s));
	if (seg.units == 0)
		return seg;
	if (seg.units <= (seg.ucs2 ? UCS2_ONE : GSM_ONE))
		seg.n = 1;
	else
		seg.n = parts(utf8, width, seg.ucs2 ? UCS2_PART : GSM_PART);
	return seg;
}

struct str segment_fold(
	struct str utf8, enum fold_policy policy, struct arena *a)
{
	struct str ascii;

	if (policy == FOLD_KEEP)
		return utf8;
	ascii = segment_ascii(utf8, a);
	if (policy == FOLD_IF_IT_SAVES &&
		segment_count(ascii).n >= segment_count(utf8).n)
		return utf8;
	return ascii;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == '`')
			return false;
	return true;
}

/* What one character becomes: 0..3 bytes of ASCII, or -1: it stays. */
static int ascii_of(int32_t cp, char out[static 3])
{
	int32_t base = glyph_base(cp);

	if (cp == 0x2026) { /* … */
		out[0] = out[1] = out[2] = '.';
		return 3;
	}
	if (base == GLYPH_DROP)
		return 0;
	if (base == '`')
		base = '\'';
	out[0] = (char)base;
	return base < 0x80 ? 1 : -1;
}

struct str segment_ascii(struct str utf8, struct arena *a)
{
	char *p, *q;

	if (is_ascii(utf8))
		return utf8;
	p = q = arena_alloc(a, utf8.n + 3);
	while (utf8.n > 0) {
		struct str before = utf8;
		char c[3];
		int n = ascii_of(glyph_next(&utf8), c);
		size_t len = n < 0 ? before.n - utf8.n : (size_t)n;

		memcpy(q, n < 0 ? before.p : c, len);
		q += len;
	}
	return (struct str){p, (size_t)(q - p)};
}
