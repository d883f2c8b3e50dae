/*
 * arena - where does all that one message needs live?
 *
 * A chain of blocks, newest first; an allocation is a bump of the newest.
 * The first block stays for the arena's life, so that a loop which resets its
 * arena per message asks malloc only for messages of unusual size. Out of
 * memory aborts. One thread at a time.
 */
#include "gateway/base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define ALIGN ((size_t)16)
#define FIRST_MIN ((size_t)256)

struct block {
	struct block *older;
	size_t n, cap;
	_Alignas(16) char bytes[];
};

struct arena {
	struct block *newest;
	size_t used_in_older;
};

static struct block *block_new(size_t cap, struct block *older)
{
	struct block *b;

	if (cap > SIZE_MAX / 2)
		abort();
	b = malloc(sizeof(*b) + cap);
	if (b == NULL)
		abort();
	b->older = older;
	b->n = 0;
	b->cap = cap;
	return b;
}

struct arena *arena_new(size_t first_size)
{
	struct arena *a = malloc(sizeof(*a));

	if (a == NULL)
		abort();
	if (first_size < FIRST_MIN)
		first_size = FIRST_MIN;
	a->newest = block_new((first_size + ALIGN - 1) & ~(ALIGN - 1), NULL);
	a->used_in_older = 0;
	return a;
}

void arena_reset(struct arena *a)
{
	while (a->newest->older != NULL) {
		struct block *older = a->newest->older;

		free(a->newest);
		a->newest = older;
	}
	a->newest->n = 0;
	a->used_in_older = 0;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a->newest);
	free(a);
}

/* n bytes as they are: not zeroed. */
static void *take(struct arena *a, size_t n)
{
	struct block *b = a->newest;
	size_t rounded;
	void *p;

	if (n > SIZE_MAX / 4)
		abort();
	rounded = (n + ALIGN - 1) & ~(ALIGN - 1);
	if (rounded > b->cap - b->n) {
		size_t cap = b->cap * 2;

		a->used_in_older += b->n;
		b = block_new(rounded > cap ? rounded : cap, b);
		a->newest = b;
	}
	p = b->bytes + b->n;
	b->n += rounded;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	return memset(take(a, n), 0, n);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *p;

	if (s.p == NULL)
		return s;
	p = take(a, s.n);
	return (struct str){memcpy(p, s.p, s.n), s.n};
}

char *arena_z(struct arena *a, struct str s)
{
	char *z = take(a, s.n + 1);

	if (s.n > 0) {
		assert(memchr(s.p, '\0', s.n) == NULL);
		memcpy(z, s.p, s.n);
	}
	z[s.n] = '\0';
	return z;
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	struct block *b = a->newest;
	size_t room = b->cap - b->n;
	va_list ap, again;
	int n;
	char *p;

	va_start(ap, fmt);
	va_copy(again, ap);
	/* Straight into the free end of the block; most texts fit. */
	n = vsnprintf(b->bytes + b->n, room, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	p = take(a, (size_t)n + 1);
	if ((size_t)n >= room)
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){p, (size_t)n};
}

size_t arena_used(const struct arena *a)
{
	return a->used_in_older + a->newest->n;
}
