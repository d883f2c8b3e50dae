/*
 * diag - what is wrong with the files that a person wrote?
 *
 * Collects every fault with its place, so that one run of `bantin check`
 * shows them all. Owns the texts: the tree or file that a fault is about may
 * be gone before it is printed. Past DIAGS_MAX faults are only counted. Any
 * thread, one at a time.
 */
#include "config/diag.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_FIRST 4096

struct diags *diags_new(void)
{
	struct diags *d = calloc(1, sizeof(*d));

	assert(d != NULL);
	d->arena = arena_new(ARENA_FIRST);
	return d;
}

void diags_free(struct diags *d)
{
	if (d == NULL)
		return;
	arena_free(d->arena);
	free(d);
}

__attribute__((format(printf, 2, 0))) static struct str text_of(
	struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	int n;
	char *p;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	p = arena_alloc(a, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct str){p, (size_t)n};
}

/* Faults mostly come file by file: one copy of the name serves them all. */
static struct str file_of(struct diags *d, struct str file)
{
	if (d->n > 0 && str_eq(d->v[d->n - 1].file, file))
		return d->v[d->n - 1].file;
	return arena_str(d->arena, file);
}

/* A place without its text. */
static struct diag place_at(struct diags *d, struct str file, int line, int col)
{
	return (struct diag){
		.file = file_of(d, file), .line = line, .col = col};
}

int diags_add(struct diags *d, struct str file, int line, int col,
	const char *fmt, ...)
{
	struct diag one;
	va_list ap;

	if (d->n == DIAGS_MAX) {
		d->dropped++;
		return -1;
	}
	one = place_at(d, file, line, col);
	va_start(ap, fmt);
	one.text = text_of(d->arena, fmt, ap);
	va_end(ap);
	d->v[d->n++] = one;
	return -1;
}

void diags_warn(struct diags *d, struct str file, int line, int col,
	const char *fmt, ...)
{
	struct diag one;
	va_list ap;

	if (d->warned_n == WARNINGS_MAX)
		return;
	one = place_at(d, file, line, col);
	va_start(ap, fmt);
	one.text = text_of(d->arena, fmt, ap);
	va_end(ap);
	d->warned[d->warned_n++] = one;
}

struct place {
	const struct diag *of;
};

/* By file, line and column; of one place, in the order they were found. */
static int by_place(const void *a, const void *b)
{
	const struct diag *x = ((const struct place *)a)->of;
	const struct diag *y = ((const struct place *)b)->of;
	int c = str_cmp(x->file, y->file);

	if (c != 0)
		return c;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->col != y->col)
		return x->col < y->col ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void print_one(const struct diag *one, const char *mark, struct buf *out)
{
	if (one->file.n > 0)
		buf_put(out, one->file);
	if (one->file.n > 0 && one->line > 0)
		buf_putf(out, ":%d:%d", one->line, one->col);
	if (one->file.n > 0)
		buf_putz(out, ": ");
	buf_putz(out, mark);
	buf_put(out, one->text);
	buf_putc(out, '\n');
}

static void print_all(
	const struct diag *v, size_t n, const char *mark, struct buf *out)
{
	struct place order[DIAGS_MAX];

	for (size_t i = 0; i < n; i++)
		order[i].of = &v[i];
	if (n > 0)
		qsort(order, n, sizeof(order[0]), by_place);
	for (size_t i = 0; i < n; i++)
		print_one(order[i].of, mark, out);
}

void diags_print(const struct diags *d, struct buf *out)
{
	print_all(d->v, d->n, "", out);
	if (d->dropped > 0)
		buf_putf(out, "and %zu more\n", d->dropped);
	print_all(d->warned, d->warned_n, "warning: ", out);
}
