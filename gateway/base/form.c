/*
 * form - forms and query strings: bytes ↔ pairs of decoded strings.
 *
 * A body that breaks the encoding is refused whole, since half of a form is
 * another form. Decoded bytes live in the caller's arena, in one piece per
 * form. Pure; any thread.
 */
#include "gateway/base/form.h"

static const char hex_upper[] = "0123456789ABCDEF";

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The byte that the escape at s.p[at] stands for; -1: a broken escape. */
static int escaped(struct str s, size_t at)
{
	int high, low;

	if (s.n - at < 3)
		return -1;
	high = hex_value(s.p[at + 1]);
	low = hex_value(s.p[at + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Appends the decoded s at *to and moves it; `space`: what a plus means. */
static int decode(struct str s, char space, char **to, struct str *ret)
{
	char *p = *to;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '+') {
			c = space;
		} else if (c == '%') {
			int byte = escaped(s, i);

			if (byte < 0)
				return -1;
			c = (char)byte;
			i += 2;
		}
		*p++ = c;
	}
	*ret = (struct str){*to, (size_t)(p - *to)};
	*to = p;
	return 0;
}

static int decode_pair(struct str piece, char **to, struct form_pair *ret)
{
	ptrdiff_t eq = str_find_byte(piece, '=', 0);
	size_t key_n = eq < 0 ? piece.n : (size_t)eq;

	if (decode(str_part(piece, 0, key_n), ' ', to, &ret->key) != 0)
		return -1;
	return decode(str_from(piece, key_n + 1), ' ', to, &ret->value);
}

static size_t count_pairs(struct str text)
{
	struct str piece;
	size_t n = 0;

	while (str_next(&text, '&', &piece))
		n += piece.n > 0;
	return n;
}

int form_parse(struct arena *a, struct str text, struct form *ret)
{
	size_t n = count_pairs(text);
	struct form_pair *v;
	struct str piece;
	char *to;

	if (n > FORM_MAX_PAIRS)
		return -1;
	v = ARENA_ARRAY(a, struct form_pair, n);
	to = arena_alloc(a, text.n); /* decoding never makes it longer */
	n = 0;
	while (str_next(&text, '&', &piece)) {
		if (piece.n == 0)
			continue;
		if (decode_pair(piece, &to, &v[n++]) != 0)
			return -1;
	}
	*ret = (struct form){.v = v, .n = n};
	return 0;
}

struct str form_get(const struct form *f, struct str key)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->v[i].key, key))
			return f->v[i].value;
	return (struct str){NULL, 0};
}

/* RFC 3986 §2.3: these may stand as they are everywhere in a URL. */
static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void form_escape(struct buf *out, struct str s)
{
	size_t done = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char u = (unsigned char)s.p[i];
		char xx[3] = {'%', hex_upper[u >> 4], hex_upper[u & 15]};

		if (is_unreserved(s.p[i]))
			continue;
		buf_put(out, str_part(s, done, i - done));
		buf_put(out, (struct str){xx, sizeof(xx)});
		done = i + 1;
	}
	buf_put(out, str_from(s, done));
}

void form_put(struct buf *out, const char *key, struct str value)
{
	struct str before = buf_str(out);

	if (before.n > 0 && !str_ends(before, STR("?")) &&
		!str_ends(before, STR("&")))
		buf_putc(out, '&');
	form_escape(out, str_of(key));
	buf_putc(out, '=');
	form_escape(out, value);
}

struct str form_unescape_path(struct arena *a, struct str s)
{
	char *to = arena_alloc(a, s.n);
	struct str ret;

	if (decode(s, '+', &to, &ret) != 0)
		return (struct str){NULL, 0};
	return ret;
}
