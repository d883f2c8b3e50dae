/*
 * print_json - the table as one JSON object.
 *
 * Written straight into a buffer: a percentage is a number with two places,
 * which no binary fraction keeps.
 */
#include "gateway/base/jdoc.h"
#include "gateway/print.h"

#define OUTPUT_MAX ((size_t)256 << 20)

static void put_text(struct buf *b, struct str s)
{
	if (s.p == NULL) {
		buf_putz(b, "null");
		return;
	}
	buf_putc(b, '"');
	jdoc_escape(b, s);
	buf_putc(b, '"');
}

static void put_member(struct buf *b, const char *name, struct str s)
{
	buf_putf(b, "\"%s\":", name);
	put_text(b, s);
	buf_putc(b, ',');
}

static void put_day(struct buf *b, const char *name, day_t day)
{
	struct day_text t = day_iso(day);

	put_member(b, name, str_of(t.z));
}

static void put_percent(struct buf *b, const struct table_cell *v)
{
	int64_t percent = table_percent(v);

	buf_putz(b, percent < 0 ? "null" : table_percent_text(percent).z);
}

static void put_rate(struct buf *b, const struct table_cell *v)
{
	buf_putf(b, "{\"n\":%lld,\"d\":%lld,\"percent\":", (long long)v->n,
		(long long)v->d);
	put_percent(b, v);
	buf_putc(b, '}');
}

static void put_row(
	struct buf *b, const struct table *t, const struct table_row *row)
{
	for (size_t i = 0; i < t->columns_n; i++) {
		const struct table_cell *v = &row->cells[i];

		buf_putf(b, "%s\"%s\":", i > 0 ? "," : "{", t->columns[i].name);
		if (!v->known)
			buf_putz(b, "null");
		else if (t->columns[i].type == TABLE_TEXT)
			put_text(b, v->text);
		else if (t->columns[i].type == TABLE_COUNT)
			buf_putf(b, "%lld", (long long)v->n);
		else if (t->columns[i].type == TABLE_PERCENT)
			put_percent(b, v);
		else
			put_rate(b, v);
	}
	buf_putc(b, '}');
}

int print_json(const struct table *t, FILE *to, struct err *err)
{
	struct buf b;
	int rc = 0;

	buf_init(&b, OUTPUT_MAX);
	buf_putc(&b, '{');
	put_member(&b, "report", str_of(t->kind));
	put_member(&b, "unit", t->unit);
	put_member(&b, "period", t->period);
	put_day(&b, "from", t->from);
	put_day(&b, "to", t->to);
	put_day(&b, "as_of", t->as_of);
	buf_putz(&b, "\"rows\":[");
	for (size_t i = 0; i < t->n; i++) {
		buf_putz(&b, i > 0 ? ",\n" : "\n");
		put_row(&b, t, &t->rows[i]);
	}
	buf_putz(&b, "\n]}\n");
	if (b.over)
		rc = err_set(err, "the table is too large for one file; ask "
				  "for a unit");
	else
		(void)fwrite(b.p, 1, b.n, to);
	buf_release(&b);
	return rc;
}
