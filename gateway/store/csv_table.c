/*
 * csv_table - what does a CSV file say, and where does each cell stand?
 *
 * libcsv finds the fields; it is fed one physical line at a time, because it
 * counts none. Cells are put into the order that the caller wants, so that
 * nobody else deals with headers. Everything found wrong is named with file,
 * line and number of the field. Any thread.
 */
#include "gateway/store/csv_table.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
	struct csv_table *t;
	struct arena *a;
	struct diags *d;
	int line, row_line; /* being fed; on which the row began */
	struct str cells[CSV_TABLE_COLUMNS_MAX];
	size_t cells_n; /* may pass the maximum: then the row is wrong */
	size_t width;   /* of the header; 0: not read yet */
	int from[CSV_TABLE_COLUMNS_MAX]; /* nth of the file → wanted, or -1 */
	struct csv_row *rows;
	size_t rows_cap;
	bool failed;
};

int csv_table_wrong(const struct csv_table *t, const struct csv_row *row,
	int column, struct diags *d, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return diags_add(d, t->file, row->line, t->place[column], "%s", text);
}

static int wanted(const struct csv_table *t, struct str name)
{
	for (size_t i = 0; i < t->columns_n; i++)
		if (str_is(name, t->columns[i]))
			return (int)i;
	return -1;
}

static struct str all_columns(const struct csv_table *t, struct arena *a)
{
	struct str s = STR("");

	for (size_t i = 0; i < t->columns_n; i++)
		s = arena_printf(a, STR_FMT "%s%s", STR_ARG(s),
			i > 0 ? "," : "", t->columns[i]);
	return s;
}

/* The nth column of the file has this name. */
static void read_name(struct reading *r, size_t i, struct str name)
{
	struct csv_table *t = r->t;
	int at = wanted(t, name);

	if (at >= 0 && t->place[at] == 0) {
		t->place[at] = (int)i + 1;
		r->from[i] = at;
		return;
	}
	r->failed = true;
	(void)diags_add(r->d, t->file, r->row_line, (int)i + 1,
		"%s column \"" STR_FMT "\"; the header is " STR_FMT,
		at >= 0 ? "a second" : "unknown", STR_ARG(name),
		STR_ARG(all_columns(t, r->a)));
}

static void read_header(struct reading *r)
{
	struct csv_table *t = r->t;

	r->width = r->cells_n;
	for (size_t i = 0; i < r->cells_n; i++)
		read_name(r, i,
			i < CSV_TABLE_COLUMNS_MAX ? r->cells[i] : STR("…"));
	for (size_t i = 0; i < t->columns_n - t->optional_n; i++) {
		if (t->place[i] != 0)
			continue;
		r->failed = true;
		(void)diags_add(r->d, t->file, r->row_line, 1,
			"column \"%s\" is missing; the header is " STR_FMT,
			t->columns[i], STR_ARG(all_columns(t, r->a)));
	}
}

static void add_row(struct reading *r)
{
	struct str *cells = ARENA_ARRAY(r->a, struct str, r->t->columns_n);

	for (size_t i = 0; i < r->width; i++)
		cells[r->from[i]] = r->cells[i];
	if (r->t->n == r->rows_cap) {
		r->rows_cap = r->rows_cap > 0 ? 2 * r->rows_cap : 256;
		r->rows = reallocarray(r->rows, r->rows_cap, sizeof(*r->rows));
		if (r->rows == NULL)
			abort();
	}
	r->rows[r->t->n++] =
		(struct csv_row){.line = r->row_line, .cells = cells};
}

static void on_field(void *field, size_t n, void *arg)
{
	struct reading *r = arg;

	if (r->cells_n == 0)
		r->row_line = r->line;
	if (r->cells_n < CSV_TABLE_COLUMNS_MAX && !r->failed)
		r->cells[r->cells_n] = arena_str(r->a, (struct str){field, n});
	r->cells_n++;
}

static void on_row(int terminator, void *arg)
{
	struct reading *r = arg;

	(void)terminator;
	if (r->failed) {
		/* The header is wrong: what the rows mean is not known. */
	} else if (r->width == 0) {
		read_header(r);
	} else if (r->cells_n != r->width) {
		(void)diags_add(r->d, r->t->file, r->row_line, 1,
			"%zu fields, the header has %zu; is a comma missing, "
			"or one too many?",
			r->cells_n, r->width);
	} else {
		add_row(r);
	}
	r->cells_n = 0;
}

/* Where the next physical line begins. */
static size_t line_end(struct str text, size_t at)
{
	ptrdiff_t nl = str_find_byte(text, '\n', at);

	return nl < 0 ? text.n : (size_t)nl + 1;
}

static int feed(struct reading *r, struct csv_parser *p, struct str text)
{
	size_t end, done;

	for (size_t at = 0; at < text.n; at = end) {
		end = line_end(text, at);
		r->line++;
		if (!str_is_utf8(str_part(text, at, end - at)))
			return diags_add(r->d, r->t->file, r->line, 1,
				"not UTF-8; save the file as \"CSV UTF-8\"");
		done = csv_parse(p, text.p + at, end - at, on_field, on_row, r);
		if (done != end - at)
			return diags_add(r->d, r->t->file, r->line,
				(int)r->cells_n + 1,
				"a quote in the wrong place; put the field in "
				"quotes and double those inside: \"a "
				"\"\"b\"\"\"");
	}
	if (csv_fini(p, on_field, on_row, r) != 0)
		return diags_add(r->d, r->t->file, r->line, 1,
			"the file ends inside a quoted field");
	return 0;
}

/* Gives the rows to the arena. */
static void hand_over(struct reading *r)
{
	struct csv_row *rows = ARENA_ARRAY(r->a, struct csv_row, r->t->n);

	if (r->rows != NULL)
		memcpy(rows, r->rows, r->t->n * sizeof(*rows));
	r->t->rows = rows;
	free(r->rows);
}

int csv_table_read(
	struct csv_table *t, struct str text, struct arena *a, struct diags *d)
{
	struct reading r = {.t = t, .a = a, .d = d};
	size_t before = d->n + d->dropped;
	struct csv_parser p;

	if (text.n > CSV_TABLE_BYTES_MAX)
		return diags_add(d, t->file, 1, 1,
			"%zu bytes; at most 64 MiB are read", text.n);
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0)
		abort();
	(void)feed(&r, &p, text);
	csv_free(&p);
	hand_over(&r);
	if (r.width == 0 && d->n + d->dropped == before)
		(void)diags_add(d, t->file, 1, 1,
			"empty; the first line is " STR_FMT,
			STR_ARG(all_columns(t, a)));
	return d->n + d->dropped == before ? 0 : -1;
}
