#ifndef GATEWAY_BASE_XDOC_H
#define GATEWAY_BASE_XDOC_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"

/*
 * XML documents (over expat), as far as a provider's call or answer goes:
 * elements, attributes, text. A `struct xdoc *` is one element; all of it
 * lives in the arena that it was parsed into. Names lose their prefix ("a:b"
 * is "b"); a document type is refused, so there are no entities but XML's own
 * five.
 */
struct xdoc;

#define XDOC_DEPTH_MAX 32
#define XDOC_PARTS_MAX 20000 /* elements and attributes together */

/* The root element; NULL with the place and reason in err. */
const struct xdoc *xdoc_parse(
	struct str text, struct arena *a, struct err *err);

/*
 * The element at a path below v: "a.b[1].c"; "" is v itself. Without an
 * index the first one of the name. NULL when there is none.
 */
const struct xdoc *xdoc_at(const struct xdoc *v, const char *path);
/* The next element of the same name and parent; NULL: none. */
const struct xdoc *xdoc_next(const struct xdoc *v);
/*
 * The text of the element at a path, its children's left out, without white
 * space at both ends; or an attribute: "a.@id", "@id". Absent when there is
 * none.
 */
struct str xdoc_text(const struct xdoc *v, const char *path);

#endif
