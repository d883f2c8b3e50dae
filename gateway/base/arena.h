#ifndef GATEWAY_BASE_ARENA_H
#define GATEWAY_BASE_ARENA_H

#include "gateway/base/str.h"

#include <stdarg.h>

/*
 * A bump allocator: all that is read for one message lives in one arena and
 * goes with it. Allocation never fails (it aborts: sizes from outside are
 * capped before they reach an arena). One thread at a time.
 */
struct arena;

/* first_size: bytes of the first block; later blocks grow by themselves. */
struct arena *arena_new(size_t first_size);
void arena_free(struct arena *a);
/* Forgets everything, keeps the first block. */
void arena_reset(struct arena *a);
/* Zeroed, aligned to 16. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);
struct str arena_str(struct arena *a, struct str s);
/* NUL-terminated copy; s must hold no NUL. */
char *arena_z(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

#endif
