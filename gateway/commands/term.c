/*
 * term - how does a text of anybody's fit a terminal?
 *
 * Pure, but for what it prints.
 */
#include "gateway/commands/term.h"

#include <limits.h>

/* U+0300..U+036F, as decomposed Vietnamese has them. */
static bool is_combining(struct str s, size_t at)
{
	unsigned char a = (unsigned char)s.p[at];
	unsigned char b = at + 1 < s.n ? (unsigned char)s.p[at + 1] : 0;

	return a == 0xcc || (a == 0xcd && b < 0xb0);
}

/* C0, DEL, and C1 as UTF-8 has them. */
static bool is_control(struct str s, size_t at, size_t n)
{
	unsigned char a = (unsigned char)s.p[at];
	unsigned char b = at + 1 < s.n ? (unsigned char)s.p[at + 1] : 0;

	return (n <= 1 && (a < 0x20 || a >= 0x7f)) || (a == 0xc2 && b < 0xa0);
}

/* Bytes of the character at `at`, at least 1. */
static size_t step(struct str s, size_t at)
{
	size_t n = str_utf8_len(s, at);

	return n > 0 ? n : 1;
}

static void put(FILE *to, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		size_t n = step(s, at);

		if (is_control(s, at, n))
			fputc(' ', to);
		else
			fwrite(s.p + at, 1, n, to);
		at += n;
	}
}

/* Bytes of as many characters as fit, and how wide they are. */
static size_t fit(struct str s, int columns, int *ret_width)
{
	size_t at = 0;

	*ret_width = 0;
	while (at < s.n) {
		int w = is_combining(s, at) ? 0 : 1;

		if (*ret_width + w > columns)
			break;
		*ret_width += w;
		at += step(s, at);
	}
	return at;
}

int term_cut(FILE *to, struct str s, int columns)
{
	int width;
	size_t n = fit(s, columns, &width);

	if (n == s.n) {
		put(to, s);
		return width;
	}
	n = fit(s, columns - 1, &width);
	put(to, str_part(s, 0, n));
	fputs("…", to);
	return width + 1;
}

void term_cell(FILE *to, struct str s, int columns)
{
	int width = term_cut(to, s, columns);

	fprintf(to, "%*s", columns - width, "");
}

int term_width(struct str s)
{
	int width;

	(void)fit(s, INT_MAX, &width);
	return width;
}

void term_wrap(FILE *to, struct str s, int at)
{
	term_wrap_within(to, s, at, TERM_COLUMNS);
}

void term_wrap_within(FILE *to, struct str s, int at, int columns)
{
	int width, room = columns - at;
	size_t n;

	if (columns == 0 || room < 1)
		room = INT_MAX;
	while ((n = fit(s, room, &width)) < s.n) {
		size_t cut = n;

		while (cut > 0 && s.p[cut] != ' ')
			cut--;
		if (cut == 0)
			cut = n;
		put(to, str_part(s, 0, cut));
		fprintf(to, "\n%*s", at, "");
		s = str_from(s, cut);
		while (s.n > 0 && s.p[0] == ' ')
			s = str_from(s, 1);
	}
	put(to, s);
	fputc('\n', to);
}
