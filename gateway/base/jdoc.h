#ifndef GATEWAY_BASE_JDOC_H
#define GATEWAY_BASE_JDOC_H

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"

/*
 * JSON documents (over jansson). A `struct jdoc *` is one value; what jdoc_at
 * and jdoc_item return is borrowed from its root. Objects keep key order.
 */
struct jdoc;

/* NULL with the place and reason in err. Depth ≤ 64, duplicate keys refused. */
struct jdoc *jdoc_parse(struct str text, struct err *err);
/* What somebody else wrote, all of which is legal JSON: of a key that stands
 * twice the last counts, and a number beyond 64 bits is a string of its
 * digits, for most such numbers are ids. */
struct jdoc *jdoc_parse_foreign(struct str text, struct err *err);
void jdoc_free(struct jdoc *root); /* NULL is fine */

/* "a.b[0].c"; "" is the value itself. NULL when there is none. */
const struct jdoc *jdoc_at(const struct jdoc *v, const char *path);
bool jdoc_is_object(const struct jdoc *v);
bool jdoc_is_array(const struct jdoc *v);
size_t jdoc_len(const struct jdoc *array);   /* 0 for anything else */
size_t jdoc_size(const struct jdoc *object); /* members; 0 for others */
const struct jdoc *jdoc_item(const struct jdoc *array, size_t i);
/* Calls fn for each member of an object, in order. */
void jdoc_each(const struct jdoc *object,
	void (*fn)(void *arg, struct str key, const struct jdoc *value),
	void *arg);

/* A string's bytes (borrowed); absent for anything else. */
struct str jdoc_str(const struct jdoc *v);
/* A string, number or boolean as text; absent for null, object, array. */
struct str jdoc_text(const struct jdoc *v, struct arena *a);
bool jdoc_int(const struct jdoc *v, int64_t *ret); /* integers only */
bool jdoc_bool(const struct jdoc *v, bool *ret);

/* Building. The jdoc_set_* and jdoc_push_* that take a value take it over. */
struct jdoc *jdoc_object(void);
struct jdoc *jdoc_array(void);
struct jdoc *jdoc_new_str(struct str s); /* bad UTF-8 is replaced by U+FFFD */
struct jdoc *jdoc_new_int(int64_t i);
struct jdoc *jdoc_new_bool(bool b);
struct jdoc *jdoc_new_null(void);
struct jdoc *jdoc_copy(const struct jdoc *v);
void jdoc_set(struct jdoc *object, const char *key, struct jdoc *value);
void jdoc_set_str(struct jdoc *object, const char *key, struct str s);
void jdoc_set_int(struct jdoc *object, const char *key, int64_t i);
void jdoc_push(struct jdoc *array, struct jdoc *value);

/* Compact, one line, UTF-8. */
void jdoc_write(const struct jdoc *v, struct buf *out);
struct str jdoc_print(const struct jdoc *v, struct arena *a);
/* The inside of a JSON string literal, without its quotes. */
void jdoc_escape(struct buf *out, struct str s);

#endif
