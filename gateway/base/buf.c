/*
 * buf - a byte buffer that grows, up to the ceiling it was born with.
 *
 * A put that would pass the ceiling writes nothing and sets `over`; so does
 * every later one, so that nothing with a hole in it is ever taken for whole.
 * Room for a final NUL is always kept beside the ceiling. Out of memory
 * aborts. One thread at a time.
 */
#include "gateway/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CAP_MIN ((size_t)256)

void buf_init(struct buf *b, size_t max)
{
	assert(max < SIZE_MAX / 4);
	*b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->over = false;
}

static void grow(struct buf *b, size_t least)
{
	size_t cap = b->cap > 0 ? b->cap * 2 : CAP_MIN;

	if (cap < least)
		cap = least;
	if (cap > b->max + 1)
		cap = b->max + 1;
	b->p = realloc(b->p, cap);
	if (b->p == NULL)
		abort();
	b->cap = cap;
}

/* Room for n more and a NUL; false when that passes the ceiling. */
static bool reserve(struct buf *b, size_t n)
{
	if (b->over || n > b->max - b->n) {
		b->over = true;
		return false;
	}
	if (b->n + n + 1 > b->cap)
		grow(b, b->n + n + 1);
	return true;
}

void buf_put(struct buf *b, struct str s)
{
	if (!reserve(b, s.n) || s.n == 0)
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_putz(struct buf *b, const char *z)
{
	buf_put(b, str_of(z));
}

void buf_putc(struct buf *b, char c)
{
	if (reserve(b, 1))
		b->p[b->n++] = c;
}

void buf_putf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->n;
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(room > 0 ? b->p + b->n : NULL, room, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if (reserve(b, (size_t)n)) {
		if ((size_t)n >= room)
			(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p != NULL ? b->p : "", b->n};
}

const char *buf_z(struct buf *b)
{
	if (b->n + 1 > b->cap)
		grow(b, b->n + 1);
	b->p[b->n] = '\0';
	return b->p;
}
