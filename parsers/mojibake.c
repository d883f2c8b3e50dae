/*
 * mojibake - was this text's encoding mistaken on its way?
 *
 * A gateway that takes UTF-8 for Windows-1252 makes two or three letters of
 * each marked one. The way back is exact: every code point names one byte, and
 * the bytes are UTF-8 again. Only sequences that give a letter of Vietnamese
 * count, so that text which merely has such letters stays as it is. Pure.
 */
#include "parsers/mojibake.h"

#include "parsers/glyph.h"

#include <utf8proc.h>

#define HOLES_MIN 2
#define HOLE 0xfffd

/* What Windows-1252 has at 0x80 to 0x9f; 0: the byte itself. */
static const uint16_t windows[32] = {0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026,
	0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0,
	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122,
	0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178};

/* The byte that was read as cp; -1: none. */
static int byte_of(int32_t cp)
{
	if (cp <= 0xff)
		return (int)cp;
	for (int i = 0; i < 32; i++)
		if (windows[i] == cp)
			return 0x80 + i;
	return -1;
}

static size_t sequence_length(int lead)
{
	if (lead >= 0xc3 && lead <= 0xc6)
		return 2;
	return lead == 0xcc ? 2 : lead == 0xe1 ? 3 : 0;
}

static bool is_vietnamese(int32_t cp)
{
	return (cp >= 0xc0 && cp <= 0x1b0) || (cp >= 0x300 && cp <= 0x323) ||
	       (cp >= 0x1ea0 && cp <= 0x1ef9);
}

/* One letter that was torn apart, from the front of *rest into bytes. */
static size_t rejoin(struct str *rest, char bytes[static 4])
{
	struct str s = *rest;
	utf8proc_int32_t cp;
	size_t n = 1, need;
	int b = byte_of(glyph_next(&s));

	need = sequence_length(b);
	if (need == 0)
		return 0;
	bytes[0] = (char)b;
	for (; n < need && s.n > 0; n++) {
		b = byte_of(glyph_next(&s));
		if (b < 0x80 || b > 0xbf)
			return 0;
		bytes[n] = (char)b;
	}
	if (n < need ||
		utf8proc_iterate((const utf8proc_uint8_t *)bytes,
			(utf8proc_ssize_t)n, &cp) < 0 ||
		!is_vietnamese(cp))
		return 0;
	*rest = s;
	return n;
}

/* Bytes that lead torn letters begin with 0xc3 or 0xc4 in UTF-8 themselves. */
static bool may_be_torn(struct str s)
{
	return memchr(s.p, 0xc3, s.n) != NULL || memchr(s.p, 0xc4, s.n) != NULL;
}

bool mojibake_mend(struct str text, struct arena *a, struct str *ret)
{
	struct str rest = text;
	size_t n = 0;
	int found = 0;
	char *out;

	if (text.n == 0 || !may_be_torn(text))
		return false;
	out = arena_alloc(a, text.n + 4);
	while (rest.n > 0) {
		struct str before = rest;
		size_t bytes = rejoin(&rest, out + n);

		if (bytes > 0) {
			found++;
			n += bytes;
			continue;
		}
		(void)glyph_next(&rest);
		memcpy(out + n, before.p, before.n - rest.n);
		n += before.n - rest.n;
	}
	*ret = (struct str){out, n};
	return found > 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool mojibake_has_holes(struct str text)
{
	int holes = 0;

	for (size_t i = 1; i + 1 < text.n; i++)
		holes += text.p[i] == '?' && is_letter(text.p[i - 1]) &&
			 is_letter(text.p[i + 1]);
	for (size_t i = 0; i + 2 < text.n; i++)
		holes += memcmp(text.p + i, "\xef\xbf\xbd", 3) == 0;
	return holes >= HOLES_MIN;
}
