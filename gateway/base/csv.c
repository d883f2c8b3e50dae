/*
 * csv - how does a field stand in a CSV file?
 *
 * libcsv, which reads them, can only write with every field in quotes; a file
 * that people diff and grep wants few. Pure.
 */
#include "gateway/base/csv.h"

static bool needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\r' ||
			s.p[i] == '\n')
			return true;
	return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

void csv_put(struct buf *out, bool first, struct str s)
{
	struct str piece, rest = s;

	if (!first)
		buf_putc(out, ',');
	if (!needs_quotes(s)) {
		buf_put(out, s);
		return;
	}
	buf_putc(out, '"');
	while (str_next(&rest, '"', &piece)) {
		buf_put(out, piece);
		if (rest.p != NULL)
			buf_putz(out, "\"\"");
	}
	buf_putc(out, '"');
}

void csv_end_row(struct buf *out)
{
	buf_putz(out, "\r\n");
}

bool csv_is_formula(struct str s)
{
	return s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL && s.p[0] != '\0';
}
