/*
 * menus - by which forms are people led?
 *
 * Reads menus.yaml: the menus of each kind of caller and the texts that all
 * forms share; the forms themselves are menus_form.c's. Every fault has its
 * place, and a file with one is not used. What the names and texts mean on a
 * phone is floor 4's (handlers/guide). Immutable once loaded and shared by
 * threads; owns an arena with all of it.
 */
#include "config/menus.h"

#include "config/menus_parts.h"
#include "config/nearest.h"

#include <assert.h>
#include <stdlib.h>

#define ARENA_FIRST 65536
#define ARRAY_N(v) (sizeof(v) / sizeof((v)[0]))

struct head {
	int64_t version;
	const struct node *texts, *menus, *forms;
};

static const struct option head_options[] = {
	{.name = "version",
		.type = OPTION_INT,
		.required = true,
		.min = 1,
		.max = 1,
		.help = "Of this format.",
		.offset = offsetof(struct head, version)},
	{.name = "texts",
		.type = OPTION_NODE,
		.required = true,
		.help = "What all forms say.",
		.offset = offsetof(struct head, texts)},
	{.name = "menus",
		.type = OPTION_NODE,
		.required = true,
		.help = "What each kind of caller begins with.",
		.offset = offsetof(struct head, menus)},
	{.name = "forms",
		.type = OPTION_NODE,
		.required = true,
		.help = "What is asked, one question a screen.",
		.offset = offsetof(struct head, forms)},
};

static const struct option call_options[] = {
	{.name = "call",
		.type = OPTION_TEXTS,
		.required = true,
		.help = "Words without diacritics that begin it by SMS.",
		.offset = offsetof(struct menus, call)},
};

static const struct text_key {
	const char *key, *placeholders;
} text_key[MENUS_TEXTS_N] = {
#define TEXT_KEY(id, key, placeholders) {key, placeholders},
	MENUS_TEXTS(TEXT_KEY)};

struct words_parts {
	const struct node *in[MENUS_LANGUAGES];
};

#define WORDS_IN(key, language)                                                \
	{                                                                      \
		.name = (key), .type = OPTION_NODE, .required = true,          \
		.help = "The text in this language.",                          \
		.offset = offsetof(struct words_parts, in) +                   \
			  sizeof(struct node *) * (language)                   \
	}

static const struct option words_options[] = {
	WORDS_IN("vi", MENUS_VI),
	WORDS_IN("en", MENUS_EN),
};

static int check_placeholders(const struct menus_reader *r,
	const struct node *n, const char *placeholders)
{
	ptrdiff_t open = str_find_byte(n->text, '{', 0);

	for (; open >= 0;
		open = str_find_byte(n->text, '{', (size_t)open + 1)) {
		ptrdiff_t end = str_find_byte(n->text, '}', (size_t)open);
		struct str rest = str_of(placeholders), known, name;
		bool found = false;

		if (end < 0)
			return node_error_at(n, (size_t)open, r->diags,
				"a '{' without its '}'");
		name = str_part(
			n->text, (size_t)open + 1, (size_t)(end - open) - 1);
		while (str_next(&rest, ' ', &known))
			found = found || str_eq(known, name);
		if (!found)
			return node_error_at(n, (size_t)open, r->diags,
				"unknown placeholder '{" STR_FMT
				"}'; known here: %s",
				STR_ARG(name),
				*placeholders != '\0' ? placeholders : "none");
	}
	return 0;
}

int menus_read_words(const struct menus_reader *r, const struct node *n,
	const char *placeholders, struct menus_words *ret)
{
	struct words_parts parts = {{NULL}};
	struct option_table t = OPTION_TABLE(words_options, &parts);

	if (n->kind != NODE_MAP)
		return node_error(n, r->diags,
			"a text in both languages; write '{vi: …, en: …}'");
	if (option_read(n, &t, 1, r->arena, r->diags) != 0)
		return -1;
	ret->node = n;
	for (int i = 0; i < MENUS_LANGUAGES; i++) {
		const struct node *text = parts.in[i];

		if (text->kind != NODE_SCALAR || str_trim(text->text).n == 0)
			return node_error(text, r->diags, "takes a text");
		if (check_placeholders(r, text, placeholders) != 0)
			return -1;
		ret->in[i] = text->text;
	}
	return 0;
}

int menus_read_roles(
	const struct menus_reader *r, const struct node *n, unsigned *ret)
{
	enum role role;
	unsigned all = 0;

	if (n->kind != NODE_LIST || n->n == 0)
		return node_error(n, r->diags, "takes a list of roles");
	for (size_t i = 0; i < n->n; i++) {
		if (role_parse(n->items[i]->text, &role) != 0)
			return node_error(n->items[i], r->diags,
				"no such role; known here: secretary, deputy, "
				"staff, overseer, member");
		all |= 1U << role;
	}
	*ret = all;
	return 0;
}

int menus_list_n(
	const struct menus_reader *r, const struct node *n, const char *key)
{
	if (n == NULL)
		return 0;
	if (n->kind != NODE_LIST || n->n == 0)
		return node_error(n, r->diags, "'%s' takes a list", key);
	return (int)n->n;
}

/* ---- the texts of all forms ---- */

static void refuse_unknown_text(
	const struct menus_reader *r, const struct node *key)
{
	struct nearest near;
	struct buf advice;

	nearest_begin(&near, key->text);
	for (size_t i = 0; i < MENUS_TEXTS_N; i++)
		nearest_offer(&near, str_of(text_key[i].key));
	buf_init(&advice, 4000);
	nearest_advise(&near, &advice);
	if (near.distance > 0)
		node_error(key, r->diags, "unknown text '" STR_FMT "'; %s",
			STR_ARG(key->text), buf_z(&advice));
	buf_release(&advice);
}

static int read_texts(const struct menus_reader *r, const struct node *map,
	struct menus_words *ret)
{
	const struct node *at;
	int rc = 0;

	if (map->kind != NODE_MAP)
		return node_error(map, r->diags, "'texts' takes a map");
	for (size_t i = 0; i < map->n; i++)
		refuse_unknown_text(r, map->pairs[i].key);
	for (size_t i = 0; i < MENUS_TEXTS_N; i++) {
		at = node_get(map, text_key[i].key);
		if (at == NULL)
			rc = node_error(map, r->diags, "text '%s' is missing",
				text_key[i].key);
		else
			rc |= menus_read_words(
				r, at, text_key[i].placeholders, &ret[i]);
	}
	return rc;
}

/* ---- menus ---- */

struct item_parts {
	const struct node *label, *absent;
};

static const struct option item_options[] = {
	{.name = "key",
		.type = OPTION_INT,
		.required = true,
		.min = 1,
		.max = 8,
		.help = "What is typed for it.",
		.offset = offsetof(struct menus_item, key)},
	{.name = "form",
		.type = OPTION_TEXT,
		.required = true,
		.help = "The form that it begins.",
		.offset = offsetof(struct menus_item, form)},
	{.name = "when",
		.type = OPTION_ENUM,
		.fallback = "always",
		.choices = "always|invited|voting",
		.help = "Shown only while an invitation or a vote is open.",
		.offset = offsetof(struct menus_item, when)},
};

static const struct option item_words_options[] = {
	{.name = "label",
		.type = OPTION_NODE,
		.required = true,
		.help = "How it is shown.",
		.offset = offsetof(struct item_parts, label)},
	{.name = "absent",
		.type = OPTION_NODE,
		.help = "Said when it is chosen and not shown.",
		.offset = offsetof(struct item_parts, absent)},
};

static int read_item(const struct menus_reader *r, const struct node *n,
	struct menus_item *ret)
{
	struct item_parts parts = {NULL, NULL};
	struct option_table t[] = {
		OPTION_TABLE(item_options, ret),
		OPTION_TABLE(item_words_options, &parts),
	};

	ret->node = n;
	if (option_read(n, t, 2, r->arena, r->diags) != 0)
		return -1;
	if ((parts.absent != NULL) != (ret->when != MENUS_ALWAYS))
		return node_error(n, r->diags,
			"'absent' goes with 'when', and 'when' with 'absent'");
	if (parts.absent != NULL &&
		menus_read_words(r, parts.absent, "", &ret->absent) != 0)
		return -1;
	return menus_read_words(r, parts.label, "", &ret->label);
}

struct menu_parts {
	const struct node *of, *title, *items;
};

static const struct option menu_options[] = {
	{.name = "for",
		.type = OPTION_NODE,
		.required = true,
		.help = "Roles; the highest that somebody has decides.",
		.offset = offsetof(struct menu_parts, of)},
	{.name = "title",
		.type = OPTION_NODE,
		.required = true,
		.help = "Its first line.",
		.offset = offsetof(struct menu_parts, title)},
	{.name = "items",
		.type = OPTION_NODE,
		.required = true,
		.help = "What may be chosen.",
		.offset = offsetof(struct menu_parts, items)},
};

static int read_items(const struct menus_reader *r, const struct node *list,
	struct menus_menu *ret)
{
	int rc = 0, n = menus_list_n(r, list, "items");
	struct menus_item *v;

	if (n < 0)
		return -1;
	ret->items = v = ARENA_ARRAY(r->arena, struct menus_item, (size_t)n);
	ret->items_n = (size_t)n;
	for (size_t i = 0; i < ret->items_n; i++) {
		rc |= read_item(r, list->items[i], &v[i]);
		for (size_t k = 0; rc == 0 && k < i; k++)
			if (v[k].key == v[i].key)
				rc = node_error(v[i].node, r->diags,
					"key %d is given twice", (int)v[i].key);
	}
	return rc;
}

static int read_menu(const struct menus_reader *r, const struct node *n,
	struct menus_menu *ret)
{
	struct menu_parts parts = {NULL, NULL, NULL};
	struct option_table t = OPTION_TABLE(menu_options, &parts);

	ret->node = n;
	if (option_read(n, &t, 1, r->arena, r->diags) != 0 ||
		menus_read_roles(r, parts.of, &ret->roles) != 0 ||
		menus_read_words(r, parts.title, "", &ret->title) != 0)
		return -1;
	return read_items(r, parts.items, ret);
}

static int read_menus(
	const struct menus_reader *r, const struct node *list, struct menus *m)
{
	int rc = 0, n = menus_list_n(r, list, "menus");
	struct menus_menu *v;

	if (n < 0)
		return -1;
	m->menus = v = ARENA_ARRAY(r->arena, struct menus_menu, (size_t)n);
	m->menus_n = (size_t)n;
	for (size_t i = 0; i < m->menus_n; i++)
		rc |= read_menu(r, list->items[i], &v[i]);
	return rc;
}

static int read_forms(
	const struct menus_reader *r, const struct node *list, struct menus *m)
{
	int rc = 0, n = menus_list_n(r, list, "forms");
	struct menus_form *v;

	if (n < 0)
		return -1;
	m->forms = v = ARENA_ARRAY(r->arena, struct menus_form, (size_t)n);
	m->forms_n = (size_t)n;
	for (size_t i = 0; i < m->forms_n; i++)
		rc |= menus_read_form(r, list->items[i], &v[i]);
	return rc;
}

/* ---- what hangs together ---- */

static void check_items(
	const struct menus_reader *r, const struct menus *m, size_t menu)
{
	const struct menus_menu *u = &m->menus[menu];

	for (size_t i = 0; i < u->items_n; i++)
		if (menus_form(m, u->items[i].form) == NULL)
			node_error(u->items[i].node, r->diags,
				"there is no form '" STR_FMT "'",
				STR_ARG(u->items[i].form));
}

static void check_roles(const struct menus_reader *r, const struct menus *m,
	const struct node *n)
{
	for (enum role role = ROLE_SECRETARY; role <= ROLE_MEMBER; role++)
		if (menus_menu(m, role) == NULL)
			node_error(n, r->diags, "no menu is for '%s'",
				role_str(role));
}

static void read_file(
	const struct menus_reader *r, const struct node *root, struct menus *m)
{
	struct head head = {.version = 0};
	struct option_table t[] = {
		OPTION_TABLE(head_options, &head),
		OPTION_TABLE(call_options, m),
	};
	int rc;

	if (root == NULL || option_read(root, t, 2, r->arena, r->diags) != 0)
		return;
	rc = read_texts(r, head.texts, m->texts);
	rc |= read_menus(r, head.menus, m);
	rc |= read_forms(r, head.forms, m);
	if (rc != 0)
		return;
	for (size_t i = 0; i < m->menus_n; i++)
		check_items(r, m, i);
	for (size_t i = 0; i < m->forms_n; i++)
		menus_check_form(r, &m->forms[i]);
	check_roles(r, m, head.menus);
}

struct menus *menus_load(struct str file, struct str text, struct diags *d)
{
	struct menus *m = calloc(1, sizeof(*m));
	size_t before = d->n + d->dropped;
	struct menus_reader r;

	assert(m != NULL);
	m->arena = arena_new(ARENA_FIRST);
	r = (struct menus_reader){m->arena, d};
	read_file(&r, node_parse(file, text, m->arena, d), m);
	if (d->n + d->dropped == before)
		return m;
	menus_free(m);
	return NULL;
}

void menus_free(struct menus *m)
{
	if (m == NULL)
		return;
	arena_free(m->arena);
	free(m);
}

enum menus_language menus_language(struct str name)
{
	return str_is(name, "en") ? MENUS_EN : MENUS_VI;
}

const struct menus_menu *menus_menu(const struct menus *m, enum role r)
{
	for (size_t i = 0; i < m->menus_n; i++)
		if ((m->menus[i].roles >> r & 1) != 0)
			return &m->menus[i];
	return NULL;
}

const struct menus_form *menus_form(const struct menus *m, struct str name)
{
	for (size_t i = 0; i < m->forms_n; i++)
		if (str_eq(m->forms[i].name, name))
			return &m->forms[i];
	return NULL;
}

const struct menus_field *menus_field(
	const struct menus_form *f, struct str name)
{
	for (size_t i = 0; i < f->fields_n; i++)
		if (str_eq(f->fields[i].name, name))
			return &f->fields[i];
	return NULL;
}
