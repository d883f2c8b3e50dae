#ifndef GATEWAY_BASE_STR_H
#define GATEWAY_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A run of bytes with its length; never owns them, need not end in NUL.
 * {NULL, 0} means "absent", {"", 0} means "empty".
 */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){"" literal "", sizeof(literal) - 1})
/* For printf: printf(STR_FMT, STR_ARG(s)). */
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p != NULL ? (s).p : ""

static inline struct str str_of(const char *z)
{
	return (struct str){z, z != NULL ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
	return str_eq(a, str_of(z));
}

static inline struct str str_from(struct str s, size_t at)
{
	return at < s.n ? (struct str){s.p + at, s.n - at}
			: (struct str){s.n > 0 ? s.p + s.n : s.p, 0};
}

static inline struct str str_part(struct str s, size_t at, size_t n)
{
	struct str t = str_from(s, at);

	return (struct str){t.p, n < t.n ? n : t.n};
}

/* Compares ASCII letters without case; other bytes exactly. */
bool str_ieq(struct str a, struct str b);
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first needle at or after `from`, or -1. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
ptrdiff_t str_find_byte(struct str s, char c, size_t from);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/*
 * Takes what precedes the next `sep` off the front of *rest into *head.
 * False when *rest was absent; after the last piece *rest becomes absent.
 */
bool str_next(struct str *rest, char sep, struct str *head);
/* Whole string as a decimal integer, optional sign; 0, or -1 (not one). */
int str_to_i64(struct str s, int64_t *ret) __attribute__((warn_unused_result));
/* 64-bit hash, stable across runs and machines (FNV-1a with a final mix). */
uint64_t str_hash(struct str s);
/* Strict UTF-8 (no surrogates, no overlong forms, no NUL). */
bool str_is_utf8(struct str s);
/* Bytes of the well-formed character at `at` (NUL is one); 0: none there. */
size_t str_utf8_len(struct str s, size_t at);

#endif
