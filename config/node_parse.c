/*
 * node_parse - what does this YAML file say, and where does it say it?
 *
 * libyaml's events become a tree in the caller's arena; each node keeps the
 * mark of its first character. Only what a person would write by hand is
 * taken: one document of maps, lists and scalars. Anchors, tags and repeated
 * keys are faults, and the tree goes on without them, so that all faults are
 * shown at once; after a fault of syntax there is no tree. Pure.
 */
#include "config/node.h"

#include <assert.h>
#include <stdlib.h>
#include <yaml.h>

#define FILE_MAX (4U << 20)
#define DEPTH_MAX 32

struct reader {
	struct str file, text;
	struct arena *arena;
	struct diags *diags;
	yaml_parser_t parser;
	/* Marks count characters: the byte that stands at character `index`. */
	size_t index, byte;
	/* Children of the maps and lists that are still open. */
	const struct node **stack;
	size_t n, cap;
	int depth;
};

/* libyaml's words for a fault, and ours. */
static const struct wording {
	const char *problem, *says;
	bool at_context; /* the fault is where the thing began */
} wording[] = {
	{"mapping values are not allowed in this context",
		"a ':' cannot stand here; put a text that holds ': ' in quotes",
		false},
	{"did not find expected key",
		"no key here; indent it as the lines above it, and close "
		"quotes and brackets before it",
		false},
	{"could not find expected ':'",
		"this key has no ':' after it; write 'key: value'", true},
	{"found unexpected end of stream",
		"this quote is never closed; put the same quote at its end",
		true},
	{"did not find expected ',' or ']'",
		"this list goes on without ','; write [a, b] and close it",
		true},
	{"did not find expected ',' or '}'",
		"this map goes on without ','; write {a: 1, b: 2} and close "
		"it",
		true},
	{"did not find expected '-' indicator",
		"no '- ' here; begin every item of the list with it, equally "
		"indented",
		false},
	{"block sequence entries are not allowed in this context",
		"a list cannot begin here; put its first '- ' on a new line",
		false},
	{"found character that cannot start any token",
		"a text cannot begin with this character; put it in quotes",
		false},
	{"did not find expected alphabetic or numeric character",
		"a text cannot begin with '*' or '&'; put it in quotes", true},
	{"found unknown escape character",
		"no such escape in double quotes; write \\\\ for a backslash, "
		"or use single quotes",
		false},
	{"did not find expected <document start>",
		"this does not belong to what stands above; indent it as its "
		"neighbours",
		false},
	{"found unexpected document indicator",
		"a quote is still open here; close it before '---'", false},
};

/* Bytes of the character that begins with c, in checked UTF-8. */
static size_t char_len(char c)
{
	unsigned char u = (unsigned char)c;

	return u < 0x80 ? 1 : u < 0xe0 ? 2 : u < 0xf0 ? 3 : 4;
}

static int refuse(struct reader *r, yaml_mark_t at, const char *says)
{
	return diags_add(r->diags, r->file, (int)at.line + 1,
		(int)at.column + 1, "%s", says);
}

/* libyaml's reader knows the byte alone. */
static void refuse_byte(struct reader *r, size_t at)
{
	struct str before = str_part(r->text, 0, at);
	int line = 1;

	for (ptrdiff_t i; (i = str_find_byte(before, '\n', 0)) >= 0; line++)
		before = str_from(before, (size_t)i + 1);
	diags_add(r->diags, r->file, line, node_columns(before) + 1,
		"a byte that is no text (0x%02x); save the file as UTF-8",
		(unsigned char)r->text.p[at < r->text.n ? at : r->text.n - 1]);
}

static void refuse_syntax(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem != NULL ? p->problem : "not YAML";

	if (p->error == YAML_READER_ERROR) {
		refuse_byte(r, p->problem_offset);
		return;
	}
	for (size_t i = 0; i < sizeof(wording) / sizeof(wording[0]); i++)
		if (strcmp(wording[i].problem, problem) == 0) {
			refuse(r,
				wording[i].at_context ? p->context_mark
						      : p->problem_mark,
				wording[i].says);
			return;
		}
	refuse(r, p->problem_mark, problem);
}

static int next_event(struct reader *r, yaml_event_t *e)
{
	if (yaml_parser_parse(&r->parser, e) == 1)
		return 0;
	refuse_syntax(r);
	return -1;
}

static void push(struct reader *r, const struct node *n)
{
	if (r->n == r->cap) {
		r->cap = r->cap > 0 ? r->cap * 2 : 64;
		r->stack =
			reallocarray(r->stack, r->cap, sizeof(struct node *));
		assert(r->stack != NULL);
	}
	r->stack[r->n++] = n;
}

/* Marks only grow, so one walk over the text serves all of them. */
static size_t byte_at(struct reader *r, size_t index)
{
	while (r->index < index && r->byte < r->text.n) {
		r->byte += char_len(r->text.p[r->byte]);
		r->index++;
	}
	return r->byte;
}

static struct node *node_new(
	struct reader *r, enum node_kind kind, yaml_mark_t at)
{
	struct node *n = ARENA_NEW(r->arena, struct node);

	n->kind = kind;
	n->file = r->file;
	n->line = (int)at.line + 1;
	n->col = (int)at.column + 1;
	return n;
}

static const struct node *scalar(struct reader *r, const yaml_event_t *e)
{
	struct node *n = node_new(r, NODE_SCALAR, e->start_mark);
	size_t from = byte_at(r, e->start_mark.index);

	n->text = arena_str(
		r->arena, (struct str){(const char *)e->data.scalar.value,
				  e->data.scalar.length});
	n->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	n->raw = str_part(r->text, from, byte_at(r, e->end_mark.index) - from);
	return n;
}

struct by_key {
	struct node_pair *pair;
};

static int by_key(const void *a, const void *b)
{
	const struct node *x = ((const struct by_key *)a)->pair->key;
	const struct node *y = ((const struct by_key *)b)->pair->key;
	int c = str_cmp(x->text, y->text);

	if (c != 0)
		return c;
	return x->line != y->line ? x->line - y->line : x->col - y->col;
}

/* The first of equal keys stands; the others are faults, and lose theirs. */
static void refuse_duplicates(
	struct reader *r, struct node_pair *pairs, size_t n)
{
	struct by_key *sorted = ARENA_ARRAY(r->arena, struct by_key, n);
	const struct node *first, *again;

	for (size_t i = 0; i < n; i++)
		sorted[i].pair = &pairs[i];
	if (n > 1)
		qsort(sorted, n, sizeof(sorted[0]), by_key);
	for (size_t i = 1; i < n; i++) {
		first = sorted[i - 1].pair->key;
		again = sorted[i].pair->key;
		if (!str_eq(first->text, again->text))
			continue;
		node_error(again, r->diags,
			"'" STR_FMT "' stands here a second time; the first is "
			"in line %d: keep one",
			STR_ARG(first->text), first->line);
		sorted[i].pair->value = NULL;
		sorted[i] = sorted[i - 1];
	}
}

/* Keys and values stand on the stack in turn. */
static void close_map(struct reader *r, struct node *map, size_t from)
{
	struct node_pair *pairs =
		ARENA_ARRAY(r->arena, struct node_pair, (r->n - from) / 2);
	const struct node *key;
	size_t n = 0;

	for (size_t i = from; i + 1 < r->n; i += 2) {
		key = r->stack[i];
		if (key->kind != NODE_SCALAR || node_is_null(key)) {
			node_error(key, r->diags,
				"a key is a word; put it before the ':'");
			continue;
		}
		pairs[n++] = (struct node_pair){key, r->stack[i + 1]};
	}
	refuse_duplicates(r, pairs, n);
	for (size_t i = 0; i < n; i++)
		if (pairs[i].value != NULL)
			pairs[map->n++] = pairs[i];
	map->pairs = pairs;
}

static void close_list(struct reader *r, struct node *list, size_t from)
{
	const struct node **items =
		ARENA_ARRAY(r->arena, const struct node *, r->n - from);

	for (size_t i = from; i < r->n; i++)
		items[list->n++] = r->stack[i];
	list->items = items;
}

static void refuse_extras(struct reader *r, yaml_event_t *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	} else if (e->type == YAML_ALIAS_EVENT) {
		refuse(r, e->start_mark,
			"aliases (*name) are not used here; write the value "
			"again, or put the text in quotes");
	}
	if (anchor != NULL)
		refuse(r, e->start_mark,
			"anchors (&name) are not used here; remove it, or put "
			"the text in quotes");
	if (tag != NULL)
		refuse(r, e->start_mark,
			"tags (!name) are not used here; remove it, or put the "
			"text in quotes");
}

static int read_node(
	struct reader *r, yaml_event_t *e, const struct node **ret);

/* What stands up to the end of a map or list whose start is `e`. */
static int read_children(struct reader *r, struct node *n)
{
	yaml_event_t e;
	const struct node *child;
	size_t from = r->n;
	bool end = false;
	int rc = 0;

	while (rc == 0 && !end) {
		if (next_event(r, &e) < 0)
			return -1;
		end = e.type == YAML_SEQUENCE_END_EVENT ||
		      e.type == YAML_MAPPING_END_EVENT;
		if (!end && (rc = read_node(r, &e, &child)) == 0)
			push(r, child);
		yaml_event_delete(&e);
	}
	if (rc == 0 && n->kind == NODE_MAP)
		close_map(r, n, from);
	else if (rc == 0)
		close_list(r, n, from);
	r->n = from;
	return rc;
}

static int read_node(struct reader *r, yaml_event_t *e, const struct node **ret)
{
	struct node *n;
	int rc;

	refuse_extras(r, e);
	if (e->type == YAML_SCALAR_EVENT) {
		*ret = scalar(r, e);
		return 0;
	}
	n = node_new(r,
		e->type == YAML_MAPPING_START_EVENT    ? NODE_MAP
		: e->type == YAML_SEQUENCE_START_EVENT ? NODE_LIST
						       : NODE_SCALAR,
		e->start_mark);
	*ret = n;
	if (n->kind == NODE_SCALAR) { /* an alias, refused above */
		n->text = STR("");
		return 0;
	}
	if (r->depth == DEPTH_MAX)
		return refuse(r, e->start_mark,
			"nested deeper than 32 levels; make it flatter");
	r->depth++;
	rc = read_children(r, n);
	r->depth--;
	return rc;
}

/* The one document; a second one is a fault, and is not read. */
static int read_stream(struct reader *r, const struct node **ret)
{
	yaml_event_t e;
	bool end = false;
	int documents = 0, rc = 0;

	while (rc == 0 && !end) {
		if (next_event(r, &e) < 0)
			return -1;
		end = e.type == YAML_STREAM_END_EVENT;
		if (e.type == YAML_DOCUMENT_START_EVENT && ++documents == 2) {
			refuse(r, e.start_mark,
				"a second document begins here; a file holds "
				"one, so remove the '---'");
			end = true;
		} else if (e.type == YAML_SCALAR_EVENT ||
			   e.type == YAML_ALIAS_EVENT ||
			   e.type == YAML_SEQUENCE_START_EVENT ||
			   e.type == YAML_MAPPING_START_EVENT) {
			rc = read_node(r, &e, ret);
		}
		yaml_event_delete(&e);
	}
	return rc;
}

/*
 * libyaml takes a tab for a wrong character here and for a blank there, and
 * speaks of neither: look for them first.
 */
static int refuse_tabs(struct reader *r)
{
	struct str rest = r->text, line;
	size_t at;
	int rc = 0;

	for (int no = 1; str_next(&rest, '\n', &line); no++) {
		at = 0;
		while (at < line.n && line.p[at] == ' ')
			at++;
		if (at < line.n && line.p[at] == '\t' && str_trim(line).n > 0)
			rc = diags_add(r->diags, r->file, no, (int)at + 1,
				"a tab at the start of the line; indent with "
				"spaces");
	}
	return rc;
}

static int read_text(struct reader *r, const struct node **ret)
{
	int rc;

	if (r->text.n > FILE_MAX)
		return diags_add(r->diags, r->file, 0, 0,
			"%zu bytes; a file may have at most %u", r->text.n,
			FILE_MAX);
	if (refuse_tabs(r) < 0)
		return -1;
	if (yaml_parser_initialize(&r->parser) != 1)
		abort(); /* out of memory */
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r->parser, (const unsigned char *)r->text.p, r->text.n);
	rc = read_stream(r, ret);
	yaml_parser_delete(&r->parser);
	if (rc == 0 && *ret == NULL)
		rc = diags_add(r->diags, r->file, 0, 0,
			"nothing in it; write 'key: value' lines");
	return rc;
}

const struct node *node_parse(
	struct str file, struct str text, struct arena *a, struct diags *d)
{
	struct reader r = {.arena = a, .diags = d};
	const struct node *root = NULL;
	int rc;

	if (str_starts(text, STR("\xef\xbb\xbf"))) /* byte order mark */
		text = str_from(text, 3);
	r.file = arena_str(a, file);
	r.text = text.n <= FILE_MAX ? arena_str(a, text) : text;
	rc = read_text(&r, &root);
	free(r.stack);
	return rc == 0 ? root : NULL;
}
