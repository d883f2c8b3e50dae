/*
 * holds - does a text name a person who is to be erased?
 *
 * LIKE knows capitals of ASCII alone, and no spelling of a body in quarantine.
 * Owns nothing; each call has an arena of its own, for it is run over whole
 * tables and rarely. Writer thread.
 */
#include "gateway/store/holds.h"

#include "parsers/segment.h"

#include <ctype.h>
#include <string.h>

#define ARENA_BYTES 4096

static bool is_word(char c)
{
	return isalnum((unsigned char)c) != 0;
}

struct str holds_name(struct str name, struct arena *a)
{
	struct str s = segment_ascii(name, a);
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int c = tolower((unsigned char)s.p[i]);

		if (isspace(c))
			c = ' ';
		if (c != ' ' || (n > 0 && p[n - 1] != ' '))
			p[n++] = (char)c;
	}
	if (n > 0 && p[n - 1] == ' ')
		n--;
	return (struct str){p, n};
}

static bool has_name(struct str text, struct str name, struct arena *a)
{
	struct str s = holds_name(text, a);
	ptrdiff_t at = str_find(s, name, 0);

	while (at >= 0) {
		size_t end = (size_t)at + name.n;

		if ((at == 0 || !is_word(s.p[at - 1])) &&
			(end == s.n || !is_word(s.p[end])))
			return true;
		at = str_find(s, name, (size_t)at + 1);
	}
	return false;
}

static bool is_between(char c)
{
	return c != '\0' && strchr(" .-()/", c) != NULL;
}

static bool digits_at(struct str s, size_t at, struct str digits)
{
	size_t n = 0;

	for (; at < s.n && n < digits.n; at++)
		if (s.p[at] == digits.p[n])
			n++;
		else if (n == 0 || !is_between(s.p[at]))
			return false;
	return n == digits.n;
}

static bool has_digits(struct str s, struct str digits)
{
	for (size_t i = 0; i + digits.n <= s.n; i++)
		if (digits_at(s, i, digits))
			return true;
	return false;
}

/* ---- as forms and JSON spell it ---- */

/* The value of n hex digits there; -1: they are none. */
static int hex_at(struct str s, size_t at, size_t n)
{
	int v = 0;

	if (at + n > s.n)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		int c = tolower((unsigned char)s.p[i]);

		if (!isxdigit(c))
			return -1;
		v = v * 16 + (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	return v;
}

/* UTF-8 of one unit of UTF-16; names have no surrogates. */
static size_t put_unit(char *p, int u)
{
	if (u < 0x80) {
		p[0] = (char)u;
		return 1;
	}
	if (u < 0x800) {
		p[0] = (char)(0xc0 | (u >> 6));
		p[1] = (char)(0x80 | (u & 0x3f));
		return 2;
	}
	p[0] = (char)(0xe0 | (u >> 12));
	p[1] = (char)(0x80 | ((u >> 6) & 0x3f));
	p[2] = (char)(0x80 | (u & 0x3f));
	return 3;
}

/* Never longer than what it is made from. */
static struct str decoded(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0, i = 0;

	while (i < s.n) {
		bool json = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'u';
		int v = json            ? hex_at(s, i + 2, 4)
			: s.p[i] == '%' ? hex_at(s, i + 1, 2)
					: -1;

		if (v >= 0 && json) {
			n += put_unit(p + n, v);
			i += 6;
		} else if (v >= 0) {
			p[n++] = (char)v;
			i += 3;
		} else {
			p[n] = s.p[i++];
			if (p[n] == '+')
				p[n] = ' ';
			n++;
		}
	}
	return (struct str){p, n};
}

static bool has(struct str s, struct str what, struct arena *a)
{
	return isdigit((unsigned char)what.p[0]) ? has_digits(s, what)
						 : has_name(s, what, a);
}

static struct str value_of(sqlite3_value *v)
{
	const char *p = sqlite3_value_blob(v);

	return (struct str){p, p != NULL ? (size_t)sqlite3_value_bytes(v) : 0};
}

static void on_holds(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct str s = value_of(v[0]), what = value_of(v[1]);
	struct arena *a;
	bool found;

	(void)n;
	if (s.n == 0 || what.n == 0) {
		sqlite3_result_int(c, 0);
		return;
	}
	a = arena_new(ARENA_BYTES);
	found = has(s, what, a) || ((memchr(s.p, '%', s.n) != NULL ||
					    memchr(s.p, '\\', s.n) != NULL) &&
					   has(decoded(s, a), what, a));
	arena_free(a);
	sqlite3_result_int(c, found);
}

int holds_register(sqlite3 *db)
{
	return sqlite3_create_function_v2(db, "holds", 2,
		SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
		on_holds, NULL, NULL, NULL);
}
