/*
 * pattern - is this regular expression one that can be run?
 *
 * Patterns are written by people who are no programmers, so faults are named
 * where they stand: {macros} are expanded with a map back to the columns of
 * the file, and an upper-case word that is no symbol, which could never
 * match, is an error. Compiled once while a rule set is loaded, with JIT
 * where the machine allows it; shared read-only by all threads.
 */
#include "parsers/pattern.h"

#define EXPANDED_MAX 8000
#define MACRO_DEPTH 4

struct expansion {
	const struct node *node;
	const struct pattern_names *names;
	struct diags *diags;
	char text[EXPANDED_MAX];
	uint16_t at[EXPANDED_MAX]; /* byte of text → byte of the node's text */
	size_t n;
};

int pattern_symbol(const struct vocabulary *v, struct str name)
{
	for (int i = 0; i < v->n; i++)
		if (str_eq(v->name[i], name))
			return i;
	return -1;
}

int pattern_symbols(const struct node *list, const struct vocabulary *v,
	struct symbols *ret, struct diags *d)
{
	int rc = 0;

	if (list == NULL)
		return 0;
	if (list->kind != NODE_LIST)
		return node_error(list, d, "here stands a list of symbols");
	for (size_t i = 0; i < list->n; i++) {
		int symbol = pattern_symbol(v, list->items[i]->text);

		if (symbol < 0)
			rc = node_error(list->items[i], d,
				"'" STR_FMT "' is no symbol of the lexicon",
				STR_ARG(list->items[i]->text));
		else
			symbols_add(ret, symbol);
	}
	return rc;
}

static bool is_lower_word(struct str s)
{
	return s.n > 0 &&
	       ((s.p[0] >= 'a' && s.p[0] <= 'z') || s.p[0] == NORMAL_FOREIGN);
}

static int add_need(struct pattern *p, const struct node *item,
	const struct vocabulary *v, struct diags *d)
{
	int symbol = pattern_symbol(v, item->text);

	if (symbol >= 0)
		symbols_add(&p->need, symbol);
	else if (str_is(item->text, "\\d"))
		symbols_add(&p->need, SYMBOL_DIGIT);
	else if (str_is(item->text, "{label}"))
		symbols_join(&p->need, &v->labels);
	else if (is_lower_word(item->text))
		symbols_add(&p->need_words, lex_word_bit(item->text));
	else
		return node_error(item, d,
			"'" STR_FMT "' is no symbol of the lexicon",
			STR_ARG(item->text));
	return 0;
}

static int read_need(struct pattern *p, const struct node *list,
	const struct vocabulary *v, struct diags *d)
{
	int rc = 0;

	p->gated = list != NULL;
	if (list == NULL)
		return 0;
	if (list->kind != NODE_LIST)
		return node_error(list, d, "here stands a list of symbols");
	for (size_t i = 0; i < list->n; i++)
		rc |= add_need(p, list->items[i], v, d);
	return rc;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

static int put(struct expansion *x, char c, size_t at)
{
	if (x->n == EXPANDED_MAX)
		return node_error(x->node, x->diags,
			"this pattern is too long with its macros");
	x->text[x->n] = c;
	x->at[x->n++] = (uint16_t)at;
	return 0;
}

/* The name in a {name} that begins s; empty: it is something else. */
static struct str macro_name(struct str s)
{
	size_t n = 1;

	while (n < s.n && is_name(s.p[n]))
		n++;
	if (n == 1 || n >= s.n || s.p[n] != '}')
		return STR("");
	return str_part(s, 1, n - 1);
}

static int macro_text(
	struct expansion *x, struct str name, size_t at, struct str *ret)
{
	const struct node *m = x->names->macros;

	for (size_t i = 0; m != NULL && i < m->n; i++)
		if (str_eq(m->pairs[i].key->text, name)) {
			*ret = m->pairs[i].value->text;
			return 0;
		}
	return node_error_at(x->node, at, x->diags,
		"no such macro: '" STR_FMT "'", STR_ARG(name));
}

static int put_all(struct expansion *x, struct str s, size_t at, bool own)
{
	for (size_t i = 0; i < s.n; i++)
		if (put(x, s.p[i], own ? at + i : at) != 0)
			return -1;
	return 0;
}

/* Past an escape, a class or the head of a group: no symbols stand there. */
static size_t syntax_len(struct str s)
{
	size_t i = 1;

	if (s.p[0] == '\\')
		return s.n < 2 ? s.n : 2;
	if (s.p[0] == '(' && s.n > 2 && s.p[1] == '?')
		return 3;
	if (s.p[0] != '[')
		return 0;
	while (i < s.n && s.p[i] != ']')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

static size_t symbol_len(struct str s)
{
	size_t n = 0;

	while (n < s.n && (is_upper(s.p[n]) || (n > 0 && s.p[n] == '_')))
		n++;
	return n;
}

/* A symbol is a whole word: P is not the end of HOP. */
static int put_symbol(struct expansion *x, struct str word, size_t at, bool own)
{
	if (pattern_symbol(x->names->vocabulary, word) < 0)
		return node_error_at(x->node, at, x->diags,
			"'" STR_FMT "' is no symbol of the lexicon",
			STR_ARG(word));
	return put_all(x, STR("\\b"), at, false) | put_all(x, word, at, own) |
	       put_all(x, STR("\\b"), at, false);
}

static int expand(struct expansion *x, struct str s, size_t outer, int depth);

static int put_macro(struct expansion *x, struct str name, size_t at, int depth)
{
	struct str text = STR("");

	/* Ready to be matched: its symbols are whole words together. */
	if (str_is(name, "label"))
		return put_all(x, x->names->label, at, false);
	if (depth == MACRO_DEPTH)
		return node_error_at(x->node, at, x->diags,
			"macros are nested too deeply here");
	if (macro_text(x, name, at, &text) != 0)
		return -1;
	return expand(x, text, at, depth + 1);
}

/* One piece from the front of s; how many bytes it had, or -1. */
static ptrdiff_t expand_piece(
	struct expansion *x, struct str s, size_t at, int depth)
{
	bool own = depth == 0;
	struct str name = s.p[0] == '{' ? macro_name(s) : STR("");
	size_t n = syntax_len(s);
	int rc;

	if (name.n > 0) {
		n = name.n + 2;
		rc = put_macro(x, name, at, depth);
	} else if (n > 0) {
		rc = put_all(x, str_part(s, 0, n), at, own);
	} else if (is_upper(s.p[0])) {
		n = symbol_len(s);
		rc = put_symbol(x, str_part(s, 0, n), at, own);
	} else {
		n = 1;
		rc = put(x, s.p[0], at);
	}
	return rc == 0 ? (ptrdiff_t)n : -1;
}

/*
 * Appends s with its macros expanded. outer: where all of it stands in the
 * node's text; unused at depth 0, where s is that text.
 */
static int expand(struct expansion *x, struct str s, size_t outer, int depth)
{
	for (size_t i = 0; i < s.n;) {
		ptrdiff_t n = expand_piece(
			x, str_from(s, i), depth == 0 ? i : outer, depth);

		if (n < 0)
			return -1;
		i += (size_t)n;
	}
	return 0;
}

static int compile(struct pattern *p, struct expansion *x)
{
	PCRE2_SIZE at;
	int code;

	p->code = pcre2_compile(
		(PCRE2_SPTR)x->text, x->n, PCRE2_DUPNAMES, &code, &at, NULL);
	if (p->code == NULL) {
		PCRE2_UCHAR why[200];

		pcre2_get_error_message(code, why, sizeof(why));
		return node_error_at(x->node,
			at < x->n ? x->at[at] : x->node->text.n, x->diags,
			"in this pattern: %s", (const char *)why);
	}
	/* Without JIT (a hardened kernel) the interpreter does the same. */
	p->jit = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) == 0;
	return 0;
}

int pattern_compile(struct pattern *p, const struct node *text,
	const struct node *need, const struct pattern_names *names,
	struct diags *d)
{
	struct expansion x = {.node = text, .names = names, .diags = d};

	if (text->kind != NODE_SCALAR)
		return node_error(text, d, "here stands a pattern");
	if (read_need(p, need, names->vocabulary, d) != 0 ||
		expand(&x, text->text, 0, 0) != 0)
		return -1;
	return compile(p, &x);
}

bool pattern_may_match(const struct pattern *p, const struct lexed *l)
{
	return !p->gated || symbols_meet(&p->need, &l->symbols) ||
	       symbols_meet(&p->need_words, &l->words);
}

bool pattern_match(const struct pattern *p, struct str text, size_t from,
	pcre2_match_data *m, pcre2_match_context *limits)
{
	PCRE2_SPTR s = (PCRE2_SPTR)text.p;

	/* The same without checking arguments that are ours. */
	if (p->jit)
		return pcre2_jit_match(p->code, s, text.n, from, 0, m, limits) >
		       0;
	return pcre2_match(p->code, s, text.n, from, 0, m, limits) > 0;
}

void pattern_release(struct pattern *p)
{
	pcre2_code_free(p->code);
	p->code = NULL;
}
