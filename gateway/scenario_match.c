/*
 * scenario_match - how does a scenario line read, and when do two texts agree?
 *
 * Globs for texts that went out, which are compared to the letter; values of
 * `expect` are compared without diacritics, case and spaces, so that a
 * scenario can be typed on any keyboard.
 */
#include "gateway/scenario_match.h"

#include "parsers/segment.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Bytes of the character that begins at p[at]. */
static size_t char_len(struct str s, size_t at)
{
	size_t n = 1;

	while (at + n < s.n && ((unsigned char)s.p[at + n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* One pattern element that is not '*'; false: it does not match here. */
static bool match_one(struct str p, size_t *pi, struct str t, size_t *ti)
{
	if (*ti >= t.n)
		return false;
	if (p.p[*pi] == '?') {
		*pi += 1;
		*ti += char_len(t, *ti);
		return true;
	}
	if (p.p[*pi] == '\\' && *pi + 1 < p.n)
		*pi += 1;
	if (p.p[*pi] != t.p[*ti])
		return false;
	*pi += 1;
	*ti += 1;
	return true;
}

bool scenario_glob(struct str pattern, struct str text)
{
	size_t p = 0, t = 0;
	size_t star = SIZE_MAX, star_t = 0; /* last '*', and where it ends */

	while (p < pattern.n || t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			star_t = t;
			continue;
		}
		if (p < pattern.n && match_one(pattern, &p, text, &t))
			continue;
		if (star == SIZE_MAX || star_t >= text.n)
			return false;
		star_t += char_len(text, star_t);
		t = star_t;
		p = star + 1;
	}
	return true;
}

static struct str squeeze(struct arena *a, struct str s)
{
	struct str folded = segment_ascii(s, a);
	char *out = arena_alloc(a, folded.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < folded.n; i++) {
		char c = folded.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!is_space(c))
			out[n++] = c;
	}
	return (struct str){out, n};
}

bool scenario_same(struct arena *a, struct str x, struct str y)
{
	return str_eq(squeeze(a, x), squeeze(a, y));
}

struct str scenario_strip(struct str line)
{
	ptrdiff_t comment = str_find(line, STR("  # "), 0);

	if (comment >= 0)
		line.n = (size_t)comment;
	line = str_trim(line);
	if (line.n > 0 && line.p[0] == '#')
		line.n = 0;
	return line;
}

struct str scenario_word(struct str *rest)
{
	struct str s = str_trim(*rest);
	bool quoted = false;
	size_t n = 0;

	for (; n < s.n && (quoted || !is_space(s.p[n])); n++)
		if (s.p[n] == '"')
			quoted = !quoted;
	*rest = str_from(s, n);
	return n > 0 ? str_part(s, 0, n) : (struct str){NULL, 0};
}

bool scenario_pair(struct str word, struct str *key, struct str *value)
{
	ptrdiff_t eq = str_find_byte(word, '=', 0);

	if (eq < 0)
		return false;
	*key = str_part(word, 0, (size_t)eq);
	*value = str_from(word, (size_t)eq + 1);
	if (value->n >= 2 && value->p[0] == '"' &&
		value->p[value->n - 1] == '"')
		*value = str_part(*value, 1, value->n - 2);
	return true;
}
