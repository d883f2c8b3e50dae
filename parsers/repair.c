/*
 * repair - which keyword was meant by this first word?
 *
 * Called only for texts that no rule took and that carry a labelled figure or
 * a code, so that chatter is left alone. A guess is marked as one: the reading
 * is then echoed and waits for a yes. Pure; loop thread.
 */
#include "parsers/repair.h"

#define WORD_MAX 16
#define WORD_MIN 3

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* The first word up to a blank: TS47 and the like are one word here. */
static struct str first_chunk(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ')
		n++;
	return str_part(s, 0, n);
}

static const struct keyword *exact(const struct vocabulary *v, struct str word)
{
	for (size_t i = 0; i < v->keywords_n; i++)
		if (str_eq(v->keywords[i].word, word))
			return &v->keywords[i];
	return NULL;
}

/* ho5p, ho.p: without what stands between its letters. */
static const struct keyword *without_marks(
	const struct vocabulary *v, struct str chunk)
{
	char word[WORD_MAX];
	size_t n = 0;

	for (size_t i = 0; i < chunk.n && n < WORD_MAX; i++)
		if (is_letter(chunk.p[i]))
			word[n++] = chunk.p[i];
	if (n == chunk.n || n == WORD_MAX || !is_letter(chunk.p[chunk.n - 1]))
		return NULL;
	return exact(v, (struct str){word, n});
}

/* hopj, hojp: without the letter that Telex types for a tone or a horn. */
static const struct keyword *without_telex(
	const struct vocabulary *v, struct str chunk)
{
	for (size_t i = 1; i < chunk.n && chunk.n <= WORD_MAX; i++) {
		char word[WORD_MAX];
		const struct keyword *k;

		if (strchr("sfrxjw", chunk.p[i]) == NULL)
			continue;
		memcpy(word, chunk.p, i);
		memcpy(word + i, chunk.p + i + 1, chunk.n - i - 1);
		k = exact(v, (struct str){word, chunk.n - 1});
		if (k != NULL)
			return k;
	}
	return NULL;
}

/* One letter put in, left out, put for another, or two swapped. */
static bool is_one_off(struct str a, struct str b)
{
	size_t i = 0, n = a.n < b.n ? a.n : b.n;
	struct str c, d;

	while (i < n && a.p[i] == b.p[i])
		i++;
	c = str_from(a, i);
	d = str_from(b, i);
	if (str_eq(str_from(c, 1), d) || str_eq(c, str_from(d, 1)))
		return a.n != b.n;
	if (c.n != d.n || c.n == 0)
		return false;
	if (str_eq(str_from(c, 1), str_from(d, 1)))
		return true;
	return c.n > 1 && c.p[0] == d.p[1] && c.p[1] == d.p[0] &&
	       str_eq(str_from(c, 2), str_from(d, 2));
}

static const struct keyword *one_off(
	const struct vocabulary *v, struct str chunk)
{
	const struct keyword *found = NULL;

	for (size_t i = 0; i < chunk.n; i++)
		if (!is_letter(chunk.p[i]))
			return NULL;
	for (size_t i = 0; i < v->keywords_n; i++) {
		const struct keyword *k = &v->keywords[i];

		if (!is_one_off(k->word, chunk))
			continue;
		if (found != NULL && found->symbol != k->symbol)
			return NULL;
		found = k;
	}
	return found;
}

struct repair repair_keyword(
	const struct vocabulary *v, const struct normal *t, struct arena *a)
{
	struct str chunk = first_chunk(t->folded);
	size_t typed = t->raw_at[chunk.n];
	struct repair r = {.text = {NULL, 0}};
	const struct keyword *k;

	if (chunk.n < WORD_MIN)
		return r;
	k = without_marks(v, chunk);
	if (k == NULL)
		k = without_telex(v, chunk);
	if (k == NULL) {
		k = one_off(v, chunk);
		r.guessed = true;
	}
	if (k == NULL)
		return r;
	r.text = arena_printf(a, STR_FMT STR_FMT, STR_ARG(k->word),
		STR_ARG(str_from(t->raw, typed)));
	r.shift = (ptrdiff_t)k->word.n - (ptrdiff_t)typed;
	return r;
}
