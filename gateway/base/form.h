#ifndef GATEWAY_BASE_FORM_H
#define GATEWAY_BASE_FORM_H

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"

#define FORM_MAX_PAIRS 128

/* application/x-www-form-urlencoded, and query strings alike. */
struct form_pair {
	struct str key, value; /* decoded; value may hold any byte */
};

struct form {
	const struct form_pair *v;
	size_t n;
};

/* 0; -1: more than FORM_MAX_PAIRS pairs, or a broken % escape. */
int form_parse(struct arena *a, struct str text, struct form *ret)
	__attribute__((warn_unused_result));
/* The first value under key; absent when there is none. */
struct str form_get(const struct form *f, struct str key);
/* %XX for all but letters, digits and -._~ */
void form_escape(struct buf *out, struct str s);
/* key=value, after an & unless out is empty or ends in ? or &. */
void form_put(struct buf *out, const char *key, struct str value);
/* Decodes %XX only (plus stays plus), as in a URL's path; absent if broken. */
struct str form_unescape_path(struct arena *a, struct str s);

#endif
