/*
 * glyph - which plain character does a fancy one stand for?
 *
 * One table of punctuation, spaces and stroked letters that phones and
 * keyboards put in place of ASCII, used both for reading (normalise) and for
 * sending (segment). Everything that Unicode itself can take apart is left to
 * utf8proc. Pure; any thread.
 */
#include "parsers/glyph.h"

#include <utf8proc.h>

#define GLYPH_BAD 0xfffd

static const struct glyph_range {
	int32_t from, to;
	char to_ascii; /* GLYPH_DROP: nothing */
} ranges[] = {
	{0x0000, 0x0008, GLYPH_DROP},
	{0x0009, 0x0009, ' '},
	{0x000b, 0x000c, ' '},
	{0x000e, 0x001f, GLYPH_DROP},
	{0x007f, 0x009f, GLYPH_DROP},
	{0x00a0, 0x00a0, ' '},
	{0x00ab, 0x00ab, '"'},
	{0x00ad, 0x00ad, GLYPH_DROP},
	{0x00b4, 0x00b4, '\''},
	{0x00b7, 0x00b7, '.'},
	{0x00bb, 0x00bb, '"'},
	{0x00d7, 0x00d7, 'x'},
	{0x02b9, 0x02bf, '\''},
	{0x02c8, 0x02c8, '\''},
	{0x034f, 0x034f, GLYPH_DROP},
	{0x0374, 0x0374, '\''}, /* comes apart into 0x02b9 */
	{0x0387, 0x0387, '.'},  /* comes apart into 0x00b7 */
	{0x061c, 0x061c, GLYPH_DROP},
	{0x115f, 0x1160, GLYPH_DROP},
	{0x1680, 0x1680, ' '},
	{0x17b4, 0x17b5, GLYPH_DROP},
	{0x180b, 0x180e, GLYPH_DROP},
	{0x1ffd, 0x1ffd, '\''}, /* comes apart into 0x00b4 */
	{0x2000, 0x200a, ' '},
	{0x200b, 0x200f, GLYPH_DROP},
	{0x2010, 0x2015, '-'},
	{0x2018, 0x201b, '\''},
	{0x201c, 0x201f, '"'},
	{0x2022, 0x2023, '-'},
	{0x2024, 0x2024, '.'},
	{0x2026, 0x2026, '~'}, /* of figures: from … to */
	{0x2027, 0x2027, '.'},
	{0x2028, 0x2029, '\n'},
	{0x202a, 0x202e, GLYPH_DROP},
	{0x202f, 0x202f, ' '},
	{0x2032, 0x2032, '\''},
	{0x2033, 0x2033, '"'},
	{0x2035, 0x2035, '\''},
	{0x2036, 0x2036, '"'},
	{0x2039, 0x203a, '\''},
	{0x2043, 0x2043, '-'},
	{0x2044, 0x2044, '/'},
	{0x205f, 0x205f, ' '},
	{0x2060, 0x206f, GLYPH_DROP},
	{0x20e3, 0x20e3, GLYPH_DROP},
	{0x2192, 0x2192, '~'},
	{0x21d2, 0x21d2, '~'},
	{0x2212, 0x2212, '-'},
	{0x2215, 0x2215, '/'},
	{0x2217, 0x2217, '*'},
	{0x2219, 0x2219, '.'},
	{0x2236, 0x2236, ':'},
	{0x22c5, 0x22c5, '.'},
	{0x25cf, 0x25cf, '-'},
	{0x2500, 0x2501, '-'},
	{0x3000, 0x3000, ' '},
	{0x3001, 0x3001, ','},
	{0x3002, 0x3002, '.'},
	{0x3164, 0x3164, GLYPH_DROP},
	{0xfe00, 0xfe0f, GLYPH_DROP},
	{0xfe58, 0xfe58, '-'},
	{0xfe63, 0xfe63, '-'},
	{0xfeff, 0xfeff, GLYPH_DROP},
	{0xffa0, 0xffa0, GLYPH_DROP},
	{0xfff0, 0xfffb, GLYPH_DROP},
	{0xe0000, 0xe0fff, GLYPH_DROP},
};

int32_t glyph_next(struct str *rest)
{
	utf8proc_int32_t cp;
	utf8proc_ssize_t n;

	if ((unsigned char)rest->p[0] < 0x80) {
		cp = (unsigned char)rest->p[0];
		n = 1;
	} else {
		n = utf8proc_iterate((const utf8proc_uint8_t *)rest->p,
			(utf8proc_ssize_t)rest->n, &cp);
	}
	if (n <= 0) {
		n = 1;
		cp = GLYPH_BAD;
	}
	*rest = (struct str){rest->p + n, rest->n - (size_t)n};
	return cp;
}

static const struct glyph_range *range_of(int32_t cp)
{
	size_t lo = 0, hi = sizeof(ranges) / sizeof(ranges[0]);

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (cp > ranges[mid].to)
			lo = mid + 1;
		else if (cp < ranges[mid].from)
			hi = mid;
		else
			return &ranges[mid];
	}
	return NULL;
}

/* Bold, script and the like, as copied from chat programs: 𝐇 is H. */
static int32_t styled(int32_t cp)
{
	utf8proc_int32_t out[4];
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char(
		cp, out, 4, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);

	return n == 1 ? out[0] : cp;
}

int32_t glyph_plain(int32_t cp)
{
	const struct glyph_range *r;

	if (cp >= ' ' && cp < 0x7f)
		return cp;
	/* Eth and the African d are taken for đ by keyboards and converters. */
	if (cp == 0x0111 || cp == 0x00f0 || cp == 0x0256)
		return 'd';
	if (cp == 0x0110 || cp == 0x00d0 || cp == 0x0189)
		return 'D';
	if (cp >= 0xff01 && cp <= 0xff5e)
		return cp - 0xff01 + '!';
	if (cp >= 0x1d400 && cp <= 0x1d7ff)
		return styled(cp);
	r = range_of(cp);
	return r != NULL ? r->to_ascii : cp;
}

/* Pairs: the letter, and the Latin one that it is drawn like; in order. */
static const struct glyph_twin {
	uint16_t from;
	char to;
} twins[] = {
	{0x0391, 'A'},
	{0x0392, 'B'},
	{0x0395, 'E'},
	{0x0396, 'Z'},
	{0x0397, 'H'},
	{0x0399, 'I'},
	{0x039a, 'K'},
	{0x039c, 'M'},
	{0x039d, 'N'},
	{0x039f, 'O'},
	{0x03a1, 'P'},
	{0x03a4, 'T'},
	{0x03a5, 'Y'},
	{0x03a7, 'X'},
	{0x03bf, 'o'},
	{0x0405, 'S'},
	{0x0406, 'I'},
	{0x0408, 'J'},
	{0x0410, 'A'},
	{0x0412, 'B'},
	{0x0415, 'E'},
	{0x041a, 'K'},
	{0x041c, 'M'},
	{0x041d, 'H'},
	{0x041e, 'O'},
	{0x0420, 'P'},
	{0x0421, 'C'},
	{0x0422, 'T'},
	{0x0423, 'Y'},
	{0x0425, 'X'},
	{0x0430, 'a'},
	{0x0432, 'b'},
	{0x0435, 'e'},
	{0x043a, 'k'},
	{0x043c, 'm'},
	{0x043d, 'h'},
	{0x043e, 'o'},
	{0x0440, 'p'},
	{0x0441, 'c'},
	{0x0442, 't'},
	{0x0443, 'y'},
	{0x0445, 'x'},
	{0x0455, 's'},
	{0x0456, 'i'},
	{0x0458, 'j'},
	{0x0500, 'D'},
	{0x0501, 'd'},
};

int32_t glyph_latin(int32_t cp)
{
	size_t lo = 0, hi = sizeof(twins) / sizeof(twins[0]);

	if (cp < twins[0].from || cp > twins[hi - 1].from)
		return cp;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (cp == twins[mid].from)
			return twins[mid].to;
		if (cp > twins[mid].from)
			lo = mid + 1;
		else
			hi = mid;
	}
	return cp;
}

int32_t glyph_base(int32_t cp)
{
	utf8proc_int32_t out[32];
	utf8proc_ssize_t n;
	int boundary = 0;

	cp = glyph_plain(cp);
	if (cp < 0x80)
		return cp;
	n = utf8proc_decompose_char(cp, out, 32,
		UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK,
		&boundary);
	if (n == 0)
		return GLYPH_DROP; /* a mark by itself */
	return n == 1 ? out[0] : cp;
}
