/*
 * print_text - the table for people, on a screen as wide as they have.
 *
 * Columns in which nothing stands are left out. What fits is aligned, numbers
 * to the right; what does not is told row by row, wrapped, which a phone of
 * forty columns shows as well.
 */
#include "gateway/base/buf.h"
#include "gateway/commands/term.h"
#include "gateway/print.h"

#include <stdlib.h>

#define NAME_MAX_COLUMNS 24
#define GAP 2
#define CELL_MAX 48

struct layout {
	const struct table *t;
	struct arena *a;
	int *width; /* of each column; 0: nothing stands in it */
	int total;
};

static struct str cell_text(struct arena *a, const struct table_column *c,
	const struct table_cell *v)
{
	int64_t percent = table_percent(v);

	if (!v->known)
		return STR("");
	if (c->type == TABLE_TEXT)
		return v->text;
	if (c->type == TABLE_COUNT)
		return arena_printf(a, "%lld", (long long)v->n);
	if (c->type == TABLE_PERCENT)
		return percent < 0 ? STR("-")
				   : arena_printf(a, "%s%%",
					     table_percent_text(percent).z);
	if (percent < 0)
		return arena_printf(
			a, "%lld/%lld", (long long)v->n, (long long)v->d);
	return arena_printf(a, "%lld/%lld %s%%", (long long)v->n,
		(long long)v->d, table_percent_text(percent).z);
}

static int width_of(struct str s)
{
	int n = term_width(s);

	return n < CELL_MAX ? n : CELL_MAX;
}

static void measure(struct layout *l)
{
	const struct table *t = l->t;

	for (size_t i = 0; i < t->columns_n; i++) {
		const struct table_column *c = &t->columns[i];
		int title = width_of(str_of(c->title)), most = 0;

		for (size_t k = 0; k < t->n; k++) {
			const struct table_cell *v = &t->rows[k].cells[i];
			int w = width_of(cell_text(l->a, c, v));

			most = w > most ? w : most;
		}
		if (strcmp(c->name, "name") == 0 && most > NAME_MAX_COLUMNS)
			most = NAME_MAX_COLUMNS;
		if (most > 0)
			l->width[i] = most > title ? most : title;
		if (most > 0)
			l->total += l->width[i] + (l->total > 0 ? GAP : 0);
	}
}

static void put_cell(const struct layout *l, size_t i, struct str s, FILE *to)
{
	bool right = l->t->columns[i].type != TABLE_TEXT;
	bool last = true;

	for (size_t k = i + 1; k < l->t->columns_n; k++)
		last = last && l->width[k] == 0;
	if (right)
		fprintf(to, "%*s", l->width[i] - width_of(s), "");
	if (right || last)
		(void)term_cut(to, s, l->width[i]);
	else
		term_cell(to, s, l->width[i]);
	fprintf(to, last ? "\n" : "%*s", GAP, "");
}

static void put_all(const struct layout *l, FILE *to)
{
	const struct table *t = l->t;

	for (size_t i = 0; i < t->columns_n; i++)
		if (l->width[i] > 0)
			put_cell(l, i, str_of(t->columns[i].title), to);
	for (size_t k = 0; k < t->n; k++)
		for (size_t i = 0; i < t->columns_n; i++)
			if (l->width[i] > 0)
				put_cell(l, i,
					cell_text(l->a, &t->columns[i],
						&t->rows[k].cells[i]),
					to);
}

/* Nothing stands at the end of a line. */
static void put_trimmed(struct str s, FILE *to)
{
	struct str line;

	while (str_next(&s, '\n', &line)) {
		while (str_ends(line, STR(" ")))
			line.n--;
		fwrite(line.p, 1, line.n, to);
		if (s.p != NULL)
			fputc('\n', to);
	}
}

static void print_aligned(const struct layout *l, FILE *to)
{
	char *text = NULL;
	size_t n = 0;
	FILE *lines = open_memstream(&text, &n);

	if (lines == NULL)
		abort();
	put_all(l, lines);
	if (fclose(lines) != 0)
		abort();
	put_trimmed((struct str){text, n}, to);
	free(text);
}

/* "meeting MG07 Giôn", then what is known of it. */
static void print_paragraph(const struct layout *l, const struct table_row *row,
	int columns, FILE *to)
{
	const struct table *t = l->t;
	size_t lead = t->dated ? 1 : 3;
	struct buf b;

	buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < t->columns_n; i++) {
		struct str s = cell_text(l->a, &t->columns[i], &row->cells[i]);

		if (s.n == 0)
			continue;
		if (b.n > 0)
			buf_putz(&b, i < lead ? " " : ", ");
		if (i >= lead)
			buf_putf(&b, "%s ", t->columns[i].name);
		buf_put(&b, s);
	}
	term_wrap_within(to, buf_str(&b), 2, columns);
	buf_release(&b);
}

static void print_heading(const struct table *t, int columns, FILE *to)
{
	struct day_text from = day_iso(t->from), to_day = day_iso(t->to);
	struct day_text as_of = day_iso(t->as_of);
	struct buf b;

	buf_init(&b, 1024);
	buf_putf(&b, "%s, " STR_FMT ": %s to %s", t->title, STR_ARG(t->period),
		from.z, to_day.z);
	if (t->unit.p != NULL)
		buf_putf(&b, ", " STR_FMT " and below", STR_ARG(t->unit));
	buf_putf(&b, ", as of %s", as_of.z);
	term_wrap_within(to, buf_str(&b), 0, columns);
	buf_release(&b);
	fputc('\n', to);
}

void print_text(const struct table *t, int columns, FILE *to)
{
	struct layout l = {.t = t, .a = arena_new(65536)};

	l.width = ARENA_ARRAY(l.a, int, t->columns_n);
	measure(&l);
	print_heading(t, columns, to);
	if (columns == 0 || l.total <= columns)
		print_aligned(&l, to);
	for (size_t i = 0; columns > 0 && l.total > columns && i < t->n; i++)
		print_paragraph(&l, &t->rows[i], columns, to);
	arena_free(l.a);
}
