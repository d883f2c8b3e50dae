/*
 * xdoc - what stands where in this XML document?
 *
 * expat's events become a tree in the caller's arena. Text gathers in one
 * buffer that is used as a stack: an element that ends takes what stands
 * above its beginning, so mixed content costs no second copy. Whoever sends a
 * document type, nests too deep or brings too many parts is refused at once.
 */
#include "gateway/base/xdoc.h"

#include "gateway/base/buf.h"

#include <assert.h>
#include <expat.h>

struct attribute {
	struct str name, value;
	struct attribute *next;
};

struct xdoc {
	struct str name, text;
	struct attribute *attributes;
	struct xdoc *parent, *next;
	struct xdoc *first, *last; /* children */
	size_t text_from;          /* while it is open */
};

struct reading {
	XML_Parser parser;
	struct arena *arena;
	struct buf text;
	struct xdoc *root, *open;
	size_t parts;
	int depth;
	const char *refused; /* NULL: expat's own reason */
};

static struct str local_name(const char *z)
{
	const char *colon = strchr(z, ':');

	return str_of(colon != NULL ? colon + 1 : z);
}

static void refuse(struct reading *r, const char *why)
{
	if (r->refused == NULL)
		r->refused = why;
	XML_StopParser(r->parser, XML_FALSE);
}

static void add_attributes(
	struct reading *r, struct xdoc *e, const XML_Char **pairs)
{
	struct attribute **at = &e->attributes;

	for (; pairs[0] != NULL; pairs += 2, at = &(*at)->next) {
		*at = ARENA_NEW(r->arena, struct attribute);
		(*at)->name = arena_str(r->arena, local_name(pairs[0]));
		(*at)->value = arena_str(r->arena, str_of(pairs[1]));
		r->parts++;
	}
}

static void link_to_parent(struct reading *r, struct xdoc *e)
{
	e->parent = r->open;
	if (r->open == NULL)
		r->root = e;
	else if (r->open->last == NULL)
		r->open->first = e;
	else
		r->open->last->next = e;
	if (r->open != NULL)
		r->open->last = e;
}

static void XMLCALL on_start(
	void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct reading *r = arg;
	struct xdoc *e;

	if (++r->depth > XDOC_DEPTH_MAX) {
		refuse(r, "elements nest too deep");
		return;
	}
	r->parts++;
	e = ARENA_NEW(r->arena, struct xdoc);
	e->name = arena_str(r->arena, local_name(name));
	e->text_from = r->text.n;
	add_attributes(r, e, pairs);
	link_to_parent(r, e);
	r->open = e;
	if (r->parts > XDOC_PARTS_MAX)
		refuse(r, "too many elements and attributes");
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
	struct reading *r = arg;
	struct xdoc *e = r->open;

	(void)name;
	if (r->refused != NULL)
		return;
	e->text = STR("");
	if (r->text.n > e->text_from)
		e->text = arena_str(r->arena,
			str_trim(str_from(buf_str(&r->text), e->text_from)));
	r->text.n = e->text_from;
	r->open = e->parent;
	r->depth--;
}

static void XMLCALL on_text(void *arg, const XML_Char *p, int n)
{
	struct reading *r = arg;

	buf_put(&r->text, (struct str){p, (size_t)n});
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name,
	const XML_Char *system, const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(arg, "a document type, which is not taken");
}

static int fail(const struct reading *r, struct err *err)
{
	const char *why = r->refused;

	if (why == NULL)
		why = XML_ErrorString(XML_GetErrorCode(r->parser));
	return err_set(err, "no XML: line %lu, column %lu: %s",
		(unsigned long)XML_GetCurrentLineNumber(r->parser),
		(unsigned long)XML_GetCurrentColumnNumber(r->parser) + 1, why);
}

const struct xdoc *xdoc_parse(struct str text, struct arena *a, struct err *err)
{
	struct reading r = {.parser = XML_ParserCreate(NULL), .arena = a};

	assert(r.parser != NULL && text.n <= INT32_MAX);
	/* Never more than the document: only XML's own entities exist. */
	buf_init(&r.text, 4 * text.n + 1);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	if (XML_Parse(r.parser, text.p, (int)text.n, XML_TRUE) !=
		XML_STATUS_OK) {
		(void)fail(&r, err);
		r.root = NULL;
	}
	XML_ParserFree(r.parser);
	buf_release(&r.text);
	return r.root;
}

const struct xdoc *xdoc_next(const struct xdoc *v)
{
	const struct xdoc *at = v->next;

	while (at != NULL && !str_eq(at->name, v->name))
		at = at->next;
	return at;
}

static const struct xdoc *child(
	const struct xdoc *v, struct str name, int64_t index)
{
	const struct xdoc *at = v->first;

	while (at != NULL && !str_eq(at->name, name))
		at = at->next;
	while (at != NULL && index-- > 0)
		at = xdoc_next(at);
	return at;
}

/* "b[1]" → "b", 1 */
static const struct xdoc *step(const struct xdoc *v, struct str s)
{
	const ptrdiff_t open = str_find_byte(s, '[', 0);
	int64_t index = 0;

	if (open < 0)
		return child(v, s, 0);
	if (!str_ends(s, STR("]")) ||
		str_to_i64(
			str_part(s, (size_t)open + 1, s.n - (size_t)open - 2),
			&index) != 0 ||
		index < 0)
		return NULL;
	return child(v, str_part(s, 0, (size_t)open), index);
}

static const struct xdoc *walk(const struct xdoc *v, struct str path)
{
	struct str piece;

	if (path.n == 0)
		return v;
	while (v != NULL && str_next(&path, '.', &piece))
		v = step(v, piece);
	return v;
}

const struct xdoc *xdoc_at(const struct xdoc *v, const char *path)
{
	return walk(v, str_of(path));
}

static struct str attribute(const struct xdoc *v, struct str name)
{
	const struct attribute *at;

	for (at = v->attributes; at != NULL; at = at->next)
		if (str_eq(at->name, name))
			return at->value;
	return (struct str){NULL, 0};
}

struct str xdoc_text(const struct xdoc *v, const char *path)
{
	const struct str s = str_of(path);
	const ptrdiff_t at = str_find_byte(s, '@', 0);

	if (at < 0)
		v = walk(v, s);
	else /* without the dot before the @ */
		v = walk(v, str_part(s, 0, (size_t)(at > 0 ? at - 1 : 0)));
	if (v == NULL)
		return (struct str){NULL, 0};
	return at < 0 ? v->text : attribute(v, str_from(s, (size_t)at + 1));
}
