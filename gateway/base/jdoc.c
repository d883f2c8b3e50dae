/*
 * jdoc - JSON documents: read, look into, build, write.
 *
 * The only file that knows jansson; a struct jdoc * is a json_t * by another
 * name. Depth is checked before jansson sees the text, whose own limit (2048)
 * is far beyond anything a provider means. Out of memory aborts. A document
 * belongs to one thread at a time.
 */
#include "gateway/base/jdoc.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 64
#define WRITE_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY)
#define REPLACEMENT STR("\xef\xbf\xbd")

/* jansson counts references through the pointer even when it only reads. */
static json_t *to_json(const struct jdoc *v)
{
	return (json_t *)v;
}

static struct jdoc *from_json(json_t *j)
{
	if (j == NULL)
		abort();
	return (struct jdoc *)j;
}

/* Skips a string that begins before `at`; the end of it, or of the text. */
static size_t string_end(struct str text, size_t at)
{
	while (at < text.n && text.p[at] != '"')
		at += text.p[at] == '\\' ? 2 : 1;
	return at;
}

static bool is_too_deep(struct str text)
{
	int depth = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '"')
			i = string_end(text, i + 1);
		else if ((c == '{' || c == '[') && ++depth > DEPTH_MAX)
			return true;
		else if (c == '}' || c == ']')
			depth--;
	}
	return false;
}

static struct jdoc *parse(
	struct str text, size_t flags, struct err *err, bool *ret_overflow)
{
	json_error_t e;
	json_t *j;

	*ret_overflow = false;
	if (is_too_deep(text)) {
		(void)err_set(err, "JSON nested more than %d deep", DEPTH_MAX);
		return NULL;
	}
	j = json_loadb(text.p != NULL ? text.p : "", text.n,
		flags | JSON_DECODE_ANY, &e);
	if (j == NULL) {
		*ret_overflow =
			json_error_code(&e) == json_error_numeric_overflow;
		(void)err_set(err, "JSON line %d column %d: %s", e.line,
			e.column, e.text);
		return NULL;
	}
	return (struct jdoc *)j;
}

struct jdoc *jdoc_parse(struct str text, struct err *err)
{
	bool overflow;

	return parse(text, JSON_REJECT_DUPLICATES, err, &overflow);
}

static size_t digits_end(struct str s, size_t at)
{
	while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
		at++;
	return at;
}

static bool is_one_of(struct str s, size_t at, const char *bytes)
{
	return at < s.n && s.p[at] != '\0' && strchr(bytes, s.p[at]) != NULL;
}

/* Is s a number as JSON writes them (RFC 8259 §6)? */
static bool is_number(struct str s, bool *ret_whole)
{
	const size_t first = is_one_of(s, 0, "-") ? 1 : 0;
	size_t end = digits_end(s, first), from;

	if (end == first || (s.p[first] == '0' && end > first + 1))
		return false;
	*ret_whole = end == s.n;
	if (is_one_of(s, end, ".")) {
		from = end + 1;
		end = digits_end(s, from);
		if (end == from)
			return false;
	}
	if (is_one_of(s, end, "eE")) {
		from = end + (is_one_of(s, end + 1, "+-") ? 2 : 1);
		end = digits_end(s, from);
		if (end == from)
			return false;
	}
	return end == s.n;
}

/* A number that jansson has no room for? */
static bool is_too_big(struct str s)
{
	char z[64];
	bool whole;
	int64_t i;

	if (!is_number(s, &whole))
		return false;
	if (whole)
		return str_to_i64(s, &i) != 0;
	if (s.n >= sizeof(z))
		return true;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	return !isfinite(strtod(z, NULL));
}

/* The text with such numbers in quotes. */
static void quote_numbers(struct str text, struct buf *out)
{
	for (size_t i = 0, end; i < text.n; i = end) {
		struct str piece;
		bool quoted = false;

		end = i + 1;
		if (text.p[i] == '"')
			end = string_end(text, end) + 1;
		else if (is_one_of(text, i, "-0123456789"))
			while (is_one_of(text, end, "+-.0123456789eE"))
				end++;
		piece = str_part(text, i, end - i);
		quoted = is_too_big(piece);
		if (quoted)
			buf_putc(out, '"');
		buf_put(out, piece);
		if (quoted)
			buf_putc(out, '"');
	}
}

struct jdoc *jdoc_parse_foreign(struct str text, struct err *err)
{
	bool overflow;
	struct jdoc *doc = parse(text, 0, err, &overflow);
	struct buf b;

	if (doc != NULL || !overflow)
		return doc;
	buf_init(&b, text.n * 2 + 2);
	quote_numbers(text, &b);
	doc = parse(buf_str(&b), 0, err, &overflow);
	buf_release(&b);
	return doc;
}

void jdoc_free(struct jdoc *root)
{
	json_decref((json_t *)root);
}

/* One "[12]" off the front of *path. */
static json_t *step_index(json_t *j, struct str *path)
{
	ptrdiff_t end = str_find_byte(*path, ']', 1);
	int64_t i = -1;

	assert(end > 1);
	if (str_to_i64(str_part(*path, 1, (size_t)end - 1), &i) != 0 || i < 0)
		return NULL;
	*path = str_from(*path, (size_t)end + 1);
	return json_array_get(j, (size_t)i);
}

/* One "key" or ".key" off the front of *path. */
static json_t *step_key(json_t *j, struct str *path)
{
	size_t n = 0;
	struct str key;

	if (path->p[0] == '.')
		*path = str_from(*path, 1);
	while (n < path->n && path->p[n] != '.' && path->p[n] != '[')
		n++;
	key = str_part(*path, 0, n);
	*path = str_from(*path, n);
	return json_object_getn(j, key.p, key.n);
}

const struct jdoc *jdoc_at(const struct jdoc *v, const char *path)
{
	struct str rest = str_of(path);
	json_t *j = to_json(v);

	while (j != NULL && rest.n > 0)
		j = rest.p[0] == '[' ? step_index(j, &rest)
				     : step_key(j, &rest);
	return (const struct jdoc *)j;
}

bool jdoc_is_object(const struct jdoc *v)
{
	return json_is_object(to_json(v));
}

bool jdoc_is_array(const struct jdoc *v)
{
	return json_is_array(to_json(v));
}

size_t jdoc_len(const struct jdoc *array)
{
	return json_array_size(to_json(array));
}

size_t jdoc_size(const struct jdoc *object)
{
	return json_object_size(to_json(object));
}

const struct jdoc *jdoc_item(const struct jdoc *array, size_t i)
{
	return (const struct jdoc *)json_array_get(to_json(array), i);
}

void jdoc_each(const struct jdoc *object,
	void (*fn)(void *arg, struct str key, const struct jdoc *value),
	void *arg)
{
	json_t *j = to_json(object);

	for (void *at = json_object_iter(j); at != NULL;
		at = json_object_iter_next(j, at)) {
		struct str key = {
			json_object_iter_key(at), json_object_iter_key_len(at)};

		fn(arg, key, (const struct jdoc *)json_object_iter_value(at));
	}
}

struct str jdoc_str(const struct jdoc *v)
{
	const json_t *j = to_json(v);

	return (struct str){json_string_value(j), json_string_length(j)};
}

/* The shorter of the two texts that read back as the same number. */
static struct str real_text(double d, struct arena *a)
{
	struct str s = arena_printf(a, "%.15g", d);

	return strtod(s.p, NULL) == d ? s : arena_printf(a, "%.17g", d);
}

struct str jdoc_text(const struct jdoc *v, struct arena *a)
{
	const json_t *j = to_json(v);

	if (json_is_string(j))
		return arena_str(a, jdoc_str(v));
	if (json_is_integer(j))
		return arena_printf(
			a, "%" PRId64, (int64_t)json_integer_value(j));
	if (json_is_real(j))
		return real_text(json_real_value(j), a);
	if (json_is_boolean(j))
		return json_is_true(j) ? STR("true") : STR("false");
	return (struct str){NULL, 0};
}

bool jdoc_int(const struct jdoc *v, int64_t *ret)
{
	if (!json_is_integer(to_json(v)))
		return false;
	*ret = json_integer_value(to_json(v));
	return true;
}

bool jdoc_bool(const struct jdoc *v, bool *ret)
{
	if (!json_is_boolean(to_json(v)))
		return false;
	*ret = json_is_true(to_json(v));
	return true;
}

struct jdoc *jdoc_object(void)
{
	return from_json(json_object());
}

struct jdoc *jdoc_array(void)
{
	return from_json(json_array());
}

/* s with each byte that belongs to no character replaced. */
static json_t *repaired(struct str s)
{
	struct buf b;
	json_t *j;

	buf_init(&b, s.n * 3);
	for (size_t i = 0; i < s.n;) {
		size_t n = str_utf8_len(s, i);

		buf_put(&b, n > 0 ? str_part(s, i, n) : REPLACEMENT);
		i += n > 0 ? n : 1;
	}
	j = json_stringn(buf_str(&b).p, b.n);
	buf_release(&b);
	return j;
}

struct jdoc *jdoc_new_str(struct str s)
{
	json_t *j = json_stringn(s.p != NULL ? s.p : "", s.n);

	return from_json(j != NULL ? j : repaired(s));
}

struct jdoc *jdoc_new_int(int64_t i)
{
	return from_json(json_integer(i));
}

struct jdoc *jdoc_new_bool(bool b)
{
	return from_json(json_boolean(b));
}

struct jdoc *jdoc_new_null(void)
{
	return from_json(json_null());
}

struct jdoc *jdoc_copy(const struct jdoc *v)
{
	return from_json(json_deep_copy(to_json(v)));
}

void jdoc_set(struct jdoc *object, const char *key, struct jdoc *value)
{
	int rc = json_object_set_new(to_json(object), key, to_json(value));

	assert(rc == 0);
}

void jdoc_set_str(struct jdoc *object, const char *key, struct str s)
{
	jdoc_set(object, key, jdoc_new_str(s));
}

void jdoc_set_int(struct jdoc *object, const char *key, int64_t i)
{
	jdoc_set(object, key, jdoc_new_int(i));
}

void jdoc_push(struct jdoc *array, struct jdoc *value)
{
	int rc = json_array_append_new(to_json(array), to_json(value));

	assert(rc == 0);
}

static int on_piece(const char *p, size_t n, void *arg)
{
	buf_put(arg, (struct str){p, n});
	return 0;
}

void jdoc_write(const struct jdoc *v, struct buf *out)
{
	int rc = json_dump_callback(to_json(v), on_piece, out, WRITE_FLAGS);

	assert(rc == 0);
}

struct str jdoc_print(const struct jdoc *v, struct arena *a)
{
	char small[2048];
	size_t n = json_dumpb(to_json(v), small, sizeof(small), WRITE_FLAGS);
	char *p;

	assert(n > 0);
	if (n <= sizeof(small))
		return arena_str(a, (struct str){small, n});
	p = arena_alloc(a, n);
	(void)json_dumpb(to_json(v), p, n, WRITE_FLAGS);
	return (struct str){p, n};
}

/* The escape of a byte that may not stand as it is; 0: it may. */
static char short_escape(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return '\0';
	}
}

/* One character; returns the bytes that it took. */
static size_t escape_one(struct buf *out, struct str s, size_t at)
{
	size_t n = str_utf8_len(s, at);
	char c = s.p[at], e = short_escape(c);

	if (n == 0) {
		buf_put(out, REPLACEMENT);
		return 1;
	}
	if (e != '\0') {
		buf_putc(out, '\\');
		buf_putc(out, e);
	} else if (n == 1 && (unsigned char)c < ' ') {
		buf_putf(out, "\\u%04x", (unsigned int)c);
	} else {
		buf_put(out, str_part(s, at, n));
	}
	return n;
}

void jdoc_escape(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;)
		i += escape_one(out, s, i);
}
