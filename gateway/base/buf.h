#ifndef GATEWAY_BASE_BUF_H
#define GATEWAY_BASE_BUF_H

#include "gateway/base/str.h"

/*
 * A growing byte buffer born with a ceiling. Past the ceiling nothing more is
 * written and `over` stays set: check it once, at the end.
 */
struct buf {
	char *p;
	size_t n, cap, max;
	bool over;
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
void buf_clear(struct buf *b);
void buf_put(struct buf *b, struct str s);
void buf_putz(struct buf *b, const char *z);
void buf_putc(struct buf *b, char c);
void buf_putf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Valid until the next put. */
struct str buf_str(const struct buf *b);
/* NUL-terminated, valid until the next put. */
const char *buf_z(struct buf *b);

#endif
