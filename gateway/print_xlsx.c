/*
 * print_xlsx - the table as a workbook of one sheet.
 *
 * libxlsxwriter writes to a path alone, so the workbook is made in a private
 * temporary file and copied from there. Texts are strings, never formulas; the
 * time of making is the day of counting, so that the same figures are the
 * same bytes.
 */
#include "gateway/print.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define TEXT_MAX 32767 /* characters that a cell can hold */
#define WIDTH_TEXT 16
#define WIDTH_NUMBER 11

struct sheet {
	const struct table *t;
	struct arena *a; /* of the row */
	lxw_worksheet *sheet;
	lxw_format *bold, *percent;
	lxw_row_t row;
	lxw_col_t col;
	lxw_error failed;
};

static void note(struct sheet *s, lxw_error e)
{
	if (e != LXW_NO_ERROR)
		s->failed = e;
	s->col++;
}

static void put_text(struct sheet *s, struct str text, lxw_format *format)
{
	struct str safe = print_safe(s->a, str_part(text, 0, TEXT_MAX));

	note(s, safe.n == 0 ? LXW_NO_ERROR
			    : worksheet_write_string(s->sheet, s->row, s->col,
				      arena_z(s->a, safe), format));
}

static void put_number(
	struct sheet *s, bool known, double n, lxw_format *format)
{
	note(s, !known ? LXW_NO_ERROR
		       : worksheet_write_number(
				 s->sheet, s->row, s->col, n, format));
}

static void end_row(struct sheet *s)
{
	s->row++;
	s->col = 0;
	arena_reset(s->a);
}

static void put_title(struct sheet *s, const char *name, bool is_text)
{
	(void)worksheet_set_column(s->sheet, s->col, s->col,
		is_text ? WIDTH_TEXT : WIDTH_NUMBER, NULL);
	put_text(s, str_of(name), s->bold);
}

static void put_header(struct sheet *s)
{
	static const char *const ends[] = {"n", "d", "percent"};

	if (!s->t->dated) {
		put_title(s, "period", false);
		put_title(s, "as_of", false);
	}
	for (size_t i = 0; i < s->t->columns_n; i++) {
		const struct table_column *c = &s->t->columns[i];

		if (c->type != TABLE_RATE)
			put_title(s, c->name, c->type == TABLE_TEXT);
		for (int k = 0; c->type == TABLE_RATE && k < 3; k++)
			put_title(s,
				arena_printf(s->a, "%s_%s", c->name, ends[k]).p,
				false);
	}
	end_row(s);
}

static void put_percent(struct sheet *s, const struct table_cell *v)
{
	int64_t percent = table_percent(v);

	put_number(s, percent >= 0, (double)percent / 100, s->percent);
}

static void put_rate(struct sheet *s, const struct table_cell *v)
{
	put_number(s, v->known, (double)v->n, NULL);
	put_number(s, v->known, (double)v->d, NULL);
	put_percent(s, v);
}

static void put_row(struct sheet *s, const struct table_row *row)
{
	struct day_text as_of = day_iso(s->t->as_of);

	if (!s->t->dated) {
		put_text(s, s->t->period, NULL);
		put_text(s, str_of(as_of.z), NULL);
	}
	for (size_t i = 0; i < s->t->columns_n; i++) {
		const struct table_cell *v = &row->cells[i];

		if (s->t->columns[i].type == TABLE_TEXT)
			put_text(s, v->text, NULL);
		else if (s->t->columns[i].type == TABLE_COUNT)
			put_number(s, v->known, (double)v->n, NULL);
		else if (s->t->columns[i].type == TABLE_PERCENT)
			put_percent(s, v);
		else
			put_rate(s, v);
	}
	end_row(s);
}

static void fill(struct sheet *s, lxw_workbook *book)
{
	lxw_doc_properties of = {
		.title = arena_z(s->a, str_of(s->t->title)),
		.created = (time_t)(day_to_ms(s->t->as_of, 0, 0) / 1000),
	};

	(void)workbook_set_properties(book, &of);
	s->sheet = workbook_add_worksheet(book, s->t->kind);
	s->bold = workbook_add_format(book);
	format_set_bold(s->bold);
	s->percent = workbook_add_format(book);
	format_set_num_format(s->percent, "0.00");
	put_header(s);
	worksheet_freeze_panes(s->sheet, 1, 0);
	for (size_t i = 0; i < s->t->n; i++)
		put_row(s, &s->t->rows[i]);
}

static int make(const struct table *t, const char *path, struct err *err)
{
	lxw_workbook *book = workbook_new(path);
	struct sheet s = {.t = t, .a = arena_new(4096)};
	lxw_error e;

	if (book == NULL)
		abort();
	fill(&s, book);
	e = workbook_close(book);
	arena_free(s.a);
	if (e == LXW_NO_ERROR)
		e = s.failed;
	if (e == LXW_NO_ERROR)
		return 0;
	return err_set(err, "the workbook cannot be made: %s", lxw_strerror(e));
}

static int copy(const char *path, FILE *to, struct err *err)
{
	FILE *from = fopen(path, "rbe");
	char piece[16384];
	size_t n;

	if (from == NULL)
		return err_set(err, "%s: %s", path, strerror(errno));
	while ((n = fread(piece, 1, sizeof(piece), from)) > 0)
		(void)fwrite(piece, 1, n, to);
	n = (size_t)ferror(from);
	(void)fclose(from);
	return n == 0 ? 0 : err_set(err, "%s: cannot be read", path);
}

int print_xlsx(const struct table *t, FILE *to, struct err *err)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int rc, fd;

	(void)snprintf(path, sizeof(path), "%s/bantin-XXXXXX",
		dir != NULL && dir[0] != '\0' ? dir : P_tmpdir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	(void)close(fd);
	rc = make(t, path, err);
	if (rc == 0)
		rc = copy(path, to, err);
	(void)unlink(path);
	return rc;
}
