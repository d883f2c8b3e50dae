/*
 * print_csv - the table as a CSV file by RFC 4180, UTF-8 without a mark.
 */
#include "gateway/base/csv.h"
#include "gateway/print.h"

#define OUTPUT_MAX ((size_t)256 << 20)

struct csv {
	struct arena *a; /* of the row */
	struct buf out;
	bool first;
};

static void put(struct csv *c, struct str s)
{
	csv_put(&c->out, c->first, s);
	c->first = false;
}

static void put_int(struct csv *c, bool known, int64_t n)
{
	put(c, known ? arena_printf(c->a, "%lld", (long long)n) : STR(""));
}

static void end_row(struct csv *c)
{
	csv_end_row(&c->out);
	c->first = true;
	arena_reset(c->a);
}

static void put_header(struct csv *c, const struct table *t)
{
	static const char *const ends[] = {"n", "d", "percent"};

	if (!t->dated) {
		put(c, STR("period"));
		put(c, STR("as_of"));
	}
	for (size_t i = 0; i < t->columns_n; i++) {
		const struct table_column *col = &t->columns[i];

		if (col->type != TABLE_RATE)
			put(c, str_of(col->name));
		for (int k = 0; col->type == TABLE_RATE && k < 3; k++)
			put(c, arena_printf(c->a, "%s_%s", col->name, ends[k]));
	}
	end_row(c);
}

static void put_percent(struct csv *c, const struct table_cell *v)
{
	int64_t percent = table_percent(v);

	put(c, percent < 0 ? STR("")
			   : arena_printf(c->a, "%s",
				     table_percent_text(percent).z));
}

static void put_rate(struct csv *c, const struct table_cell *v)
{
	put_int(c, v->known, v->n);
	put_int(c, v->known, v->d);
	put_percent(c, v);
}

static void put_row(
	struct csv *c, const struct table *t, const struct table_row *row)
{
	struct day_text as_of = day_iso(t->as_of);

	if (!t->dated) {
		put(c, t->period);
		put(c, str_of(as_of.z));
	}
	for (size_t i = 0; i < t->columns_n; i++) {
		const struct table_cell *v = &row->cells[i];

		if (t->columns[i].type == TABLE_TEXT)
			put(c, print_safe(c->a, v->text));
		else if (t->columns[i].type == TABLE_COUNT)
			put_int(c, v->known, v->n);
		else if (t->columns[i].type == TABLE_PERCENT)
			put_percent(c, v);
		else
			put_rate(c, v);
	}
	end_row(c);
}

int print_csv(const struct table *t, FILE *to, struct err *err)
{
	struct csv c = {.a = arena_new(4096), .first = true};
	int rc = 0;

	buf_init(&c.out, OUTPUT_MAX);
	put_header(&c, t);
	for (size_t i = 0; i < t->n; i++)
		put_row(&c, t, &t->rows[i]);
	if (c.out.over)
		rc = err_set(err, "the table is too large for one file; ask "
				  "for a unit");
	else
		(void)fwrite(c.out.p, 1, c.out.n, to);
	buf_release(&c.out);
	arena_free(c.a);
	return rc;
}

struct str print_safe(struct arena *a, struct str s)
{
	if (!csv_is_formula(s))
		return s;
	return arena_printf(a, "'" STR_FMT, STR_ARG(s));
}
