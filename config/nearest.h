#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include "gateway/base/buf.h"

/*
 * Which known name did a person mean? Offer all known names, then take the
 * advice. After the offers, distance 0 means that the key is known. Names are
 * borrowed until nearest_advise().
 */
struct nearest {
	struct str key;  /* as written */
	struct str name; /* the best so far; absent: none is near */
	size_t distance; /* of name; edits */
	struct str last; /* the name before: repeats are dropped */
	struct buf all;
};

void nearest_begin(struct nearest *n, struct str key);
void nearest_offer(struct nearest *n, struct str name);
/* "did you mean 'listen'?" or "known here: a, b, c"; releases n. */
void nearest_advise(struct nearest *n, struct buf *out);

#endif
