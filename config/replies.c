/*
 * replies - what text goes out under this key, in this language?
 *
 * Loads replies.vi.yaml and replies.en.yaml, cuts every text into literals
 * and placeholders once, and proves that the files hold just the keys and
 * placeholders of the table in replies_keys.c. Immutable once loaded and
 * shared by threads; owns an arena with all of it. Rendering and segment
 * budgets are floor 4's (handlers/render).
 */
#include "config/replies.h"

#include "config/nearest.h"
#include "config/option.h"

#include <assert.h>
#include <stdlib.h>

#define ARENA_FIRST 65536
#define LANGUAGES 2

struct replies {
	struct arena *arena;
	struct replies_text *text[LANGUAGES]; /* beside the table of keys */
	const struct node *forbidden, *harmless;
};

/* A file's top level. */
struct head {
	int64_t version;
	const struct node *forbidden, *harmless, *texts;
};

#define HEAD_COMMON                                                            \
	{.name = "version",                                                    \
		.type = OPTION_INT,                                            \
		.required = true,                                              \
		.min = 1,                                                      \
		.max = 1,                                                      \
		.help = "Of this format.",                                     \
		.offset = offsetof(struct head, version)},                     \
	{                                                                      \
		.name = "texts", .type = OPTION_NODE, .required = true,        \
		.help = "The texts by key.",                                   \
		.offset = offsetof(struct head, texts)                         \
	}

static const struct option head_vi[] = {
	HEAD_COMMON,
	{.name = "forbidden",
		.type = OPTION_NODE,
		.required = true,
		.help = "Words that no text may hold.",
		.offset = offsetof(struct head, forbidden)},
	{.name = "harmless",
		.type = OPTION_NODE,
		.help = "Phrases that look as if they held such a word.",
		.offset = offsetof(struct head, harmless)},
};

static const struct option head_en[] = {HEAD_COMMON};

/* One text while it is cut. */
struct cut {
	const struct node *node;
	const struct replies_key *key;
	struct replies_piece *v;
	size_t n;
	struct diags *diags;
};

static void put(struct cut *c, bool is_placeholder, struct str text)
{
	if (text.n > 0)
		c->v[c->n++] = (struct replies_piece){is_placeholder, text};
}

static int check_placeholder(const struct cut *c, struct str name, size_t at)
{
	struct str rest = str_of(c->key->placeholders), known;
	struct nearest near;
	struct buf advice;

	nearest_begin(&near, name);
	while (str_next(&rest, ' ', &known))
		nearest_offer(&near, known);
	buf_init(&advice, 1000);
	nearest_advise(&near, &advice);
	if (near.distance > 0)
		node_error_at(c->node, at, c->diags,
			"unknown placeholder '{" STR_FMT "}'; %s",
			STR_ARG(name), buf_z(&advice));
	buf_release(&advice);
	return near.distance > 0 ? -1 : 0;
}

/* The brace at `at`: what follows it, or 0 when it is a fault. */
static size_t cut_brace(struct cut *c, struct str text, size_t at)
{
	ptrdiff_t end;
	struct str name;

	if (at + 1 < text.n && text.p[at + 1] == text.p[at]) {
		put(c, false, str_part(text, at, 1));
		return at + 2;
	}
	if (text.p[at] == '}') {
		node_error_at(c->node, at, c->diags,
			"a '}' without its '{'; write '}}' for the brace "
			"itself");
		return 0;
	}
	end = str_find_byte(text, '}', at);
	name = str_part(text, at + 1, (size_t)end - at - 1);
	if (end < 0 || str_find_byte(name, '{', 0) >= 0) {
		node_error_at(c->node, at, c->diags,
			"a '{' without its '}'; write '{{' for the brace "
			"itself");
		return 0;
	}
	if (check_placeholder(c, name, at) == 0)
		put(c, true, name);
	return (size_t)end + 1;
}

static size_t next_brace(struct str text, size_t at)
{
	while (at < text.n && text.p[at] != '{' && text.p[at] != '}')
		at++;
	return at;
}

static void cut_text(struct cut *c, struct str text)
{
	size_t at = 0, brace;

	while (at < text.n) {
		brace = next_brace(text, at);
		put(c, false, str_part(text, at, brace - at));
		if (brace == text.n)
			return;
		at = cut_brace(c, text, brace);
		if (at == 0)
			return;
	}
}

/* A literal and a placeholder for each brace, at most, and a last literal. */
static size_t pieces_max(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '{' || text.p[i] == '}' ? 2 : 0;
	return n;
}

static void read_text(struct replies *r, const struct replies_key *key,
	const struct node *n, struct replies_text *ret, struct diags *d)
{
	struct cut c = {.node = n, .key = key, .diags = d};

	if (n->kind != NODE_SCALAR || str_trim(n->text).n == 0) {
		node_error(n, d, "'%s' takes a text", key->key);
		return;
	}
	c.v = ARENA_ARRAY(r->arena, struct replies_piece, pieces_max(n->text));
	cut_text(&c, n->text);
	*ret = (struct replies_text){n, c.v, c.n};
}

static void refuse_unknown(const struct node *texts, struct diags *d)
{
	const struct replies_key *key;
	const struct node *at;
	struct nearest near;
	struct buf advice;
	size_t n;

	key = replies_keys(&n);
	for (size_t i = 0; i < texts->n; i++) {
		at = texts->pairs[i].key;
		nearest_begin(&near, at->text);
		for (size_t k = 0; k < n; k++)
			nearest_offer(&near, str_of(key[k].key));
		buf_init(&advice, 4000);
		nearest_advise(&near, &advice);
		if (near.distance > 0)
			node_error(at, d, "unknown text '" STR_FMT "'; %s",
				STR_ARG(at->text), buf_z(&advice));
		buf_release(&advice);
	}
}

static void read_texts(struct replies *r, const struct node *texts,
	struct replies_text *ret, struct diags *d)
{
	const struct replies_key *key;
	const struct node *at;
	size_t n;

	if (texts->kind != NODE_MAP) {
		node_error(texts, d, "'texts' takes 'key: text' lines");
		return;
	}
	refuse_unknown(texts, d);
	key = replies_keys(&n);
	for (size_t i = 0; i < n; i++) {
		at = node_get(texts, key[i].key);
		if (at != NULL)
			read_text(r, &key[i], at, &ret[i], d);
		else
			node_error(texts, d, "text '%s' is missing; %s",
				key[i].key, key[i].help);
	}
}

static void check_list(
	const struct node *words, const char *name, struct diags *d)
{
	const struct node *word;

	if (words->kind != NODE_LIST) {
		node_error(words, d, "'%s' takes a list of words", name);
		return;
	}
	for (size_t i = 0; i < words->n; i++) {
		word = words->items[i];
		if (word->kind != NODE_SCALAR || str_trim(word->text).n == 0)
			node_error(word, d, "'%s' takes words", name);
	}
}

static struct replies_text *read_file(struct replies *r, struct str file,
	struct str text, struct option_table head, struct diags *d)
{
	const struct node *root = node_parse(file, text, r->arena, d);
	struct head *h = head.into;
	struct replies_text *ret;
	size_t n;

	(void)replies_keys(&n);
	ret = ARENA_ARRAY(r->arena, struct replies_text, n);
	if (root == NULL || option_read(root, &head, 1, r->arena, d) < 0)
		return ret;
	if (h->forbidden != NULL)
		check_list(h->forbidden, "forbidden", d);
	if (h->harmless != NULL)
		check_list(h->harmless, "harmless", d);
	read_texts(r, h->texts, ret, d);
	return ret;
}

struct replies *replies_load(struct str vi_file, struct str vi,
	struct str en_file, struct str en, struct diags *d)
{
	struct replies *r = calloc(1, sizeof(*r));
	struct head head[LANGUAGES] = {0};
	size_t before = d->n + d->dropped;

	assert(r != NULL);
	r->arena = arena_new(ARENA_FIRST);
	r->text[0] =
		read_file(r, vi_file, vi, OPTION_TABLE(head_vi, &head[0]), d);
	r->text[1] =
		read_file(r, en_file, en, OPTION_TABLE(head_en, &head[1]), d);
	r->forbidden = head[0].forbidden;
	r->harmless = head[0].harmless;
	if (d->n + d->dropped == before)
		return r;
	replies_free(r);
	return NULL;
}

void replies_free(struct replies *r)
{
	if (r == NULL)
		return;
	arena_free(r->arena);
	free(r);
}

const struct replies_text *replies_get(
	const struct replies *r, const char *key, struct str language)
{
	const struct replies_key *known;
	size_t n;

	known = replies_keys(&n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(known[i].key, key) == 0)
			return &r->text[str_is(language, "en")][i];
	return NULL;
}

const struct node *replies_forbidden(const struct replies *r)
{
	return r->forbidden;
}

const struct node *replies_harmless(const struct replies *r)
{
	return r->harmless;
}
