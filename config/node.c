/*
 * node - how is a place in a YAML tree found and named?
 *
 * Look-ups in the trees that node_parse.c builds, and faults at a node's own
 * place or at a place inside its text: patterns and templates are checked
 * long after libyaml has decoded them, and a column in what the person wrote
 * must still be found. Owns nothing, changes nothing.
 */
#include "config/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define WARNING_MAX 400

int node_columns(struct str s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

const struct node *node_get(const struct node *n, const char *key)
{
	if (n == NULL || n->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < n->n; i++)
		if (str_is(n->pairs[i].key->text, key))
			return n->pairs[i].value;
	return NULL;
}

bool node_is_null(const struct node *n)
{
	if (n == NULL)
		return true;
	if (n->kind != NODE_SCALAR || !n->plain)
		return false;
	return n->text.n == 0 || str_is(n->text, "~") ||
	       str_is(n->text, "null");
}

__attribute__((format(printf, 4, 0))) static int error_v(const struct node *n,
	int col, struct diags *d, const char *fmt, va_list ap)
{
	char says[1000];

	(void)vsnprintf(says, sizeof(says), fmt, ap);
	return diags_add(d, n->file, n->line, col, "%s", says);
}

int node_error(const struct node *n, struct diags *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_v(n, n->col, d, fmt, ap);
	va_end(ap);
	return -1;
}

void node_warn(const struct node *n, struct diags *d, const char *fmt, ...)
{
	char text[WARNING_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diags_warn(d, n->file, n->line, n->col, "%s", text);
}

static size_t utf8_len(unsigned long c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/*
 * One escape of a double-quoted scalar: its length as written, and in *ret_n
 * as read. YAML 1.1 chapter 5.7; libyaml has checked it.
 */
static size_t escape_len(struct str raw, size_t *ret_n)
{
	static const char wide[] = "xuU";
	static const size_t digits[] = {2, 4, 8};
	const char *w = raw.n > 1 ? strchr(wide, raw.p[1]) : NULL;
	char hex[9] = "";

	*ret_n = 1;
	if (w == NULL || *w == '\0') {
		if (raw.n > 1 && strchr("N_", raw.p[1]) != NULL)
			*ret_n = 2; /* U+0085, U+00A0 */
		else if (raw.n > 1 && strchr("LP", raw.p[1]) != NULL)
			*ret_n = 3; /* U+2028, U+2029 */
		return 2;
	}
	memcpy(hex, str_part(raw, 2, digits[w - wide]).p,
		str_part(raw, 2, digits[w - wide]).n);
	*ret_n = utf8_len(strtoul(hex, NULL, 16));
	return 2 + digits[w - wide];
}

/* Where byte `at` of the text stands in what was written. */
static size_t raw_at(struct str raw, size_t at)
{
	char quote = raw.p[0];
	size_t i = 1, done = 0, step, n;

	while (done < at && i < raw.n) {
		step = n = 1;
		if (quote == '"' && raw.p[i] == '\\')
			step = escape_len(str_from(raw, i), &n);
		else if (quote == '\'' && raw.p[i] == '\'')
			step = 2;
		i += step;
		done += n;
	}
	return i < raw.n ? i : raw.n;
}

int node_error_at(
	const struct node *n, size_t at, struct diags *d, const char *fmt, ...)
{
	int col = n->col;
	va_list ap;

	if (n->raw.n > 0 && str_find_byte(n->raw, '\n', 0) < 0)
		col += node_columns(str_part(
			n->raw, 0, n->plain ? at : raw_at(n->raw, at)));
	va_start(ap, fmt);
	error_v(n, col, d, fmt, ap);
	va_end(ap);
	return -1;
}
