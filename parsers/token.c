/*
 * token - where does one word, number or mark end and the next begin?
 *
 * Works on the folded form, in one pass. Secretaries write TS47CM35 without a
 * blank, so a change between letters and digits is a border; an o or l that
 * sticks to digits (3O, l0) is a slip of the thumb and stays in the number.
 * All in the caller's arena; any thread.
 */
#include "parsers/token.h"

#define REPEATED_MIN 6 /* tokens: less may be said twice on purpose */
#define REPEATS_MAX 3

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == NORMAL_FOREIGN;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_slip(char c)
{
	return c == 'o' || c == 'l';
}

static bool is_alnum(char c)
{
	return is_letter(c) || is_digit(c);
}

/* The end of a run that is_it() holds for. */
static size_t run(struct str s, size_t at, bool (*is_it)(char c))
{
	while (at < s.n && is_it(s.p[at]))
		at++;
	return at;
}

/*
 * The end of a number: digits, and slips that fill the gap up to more digits
 * or to the end of the word.
 */
static size_t number_end(struct str s, size_t at)
{
	size_t end = run(s, at, is_digit);

	while (end < s.n && is_slip(s.p[end])) {
		size_t slip = run(s, end, is_slip);

		if (slip < s.n && is_letter(s.p[slip]))
			break;
		end = run(s, slip, is_digit);
	}
	return end;
}

/* One slip before digits at the beginning of a word: l0, O5. */
static bool begins_number(struct str s, size_t at)
{
	return is_digit(s.p[at]) ||
	       (is_slip(s.p[at]) && at + 1 < s.n && is_digit(s.p[at + 1]) &&
		       (at == 0 || !is_alnum(s.p[at - 1])));
}

static struct token take(struct str s, size_t at)
{
	struct token k = {.at = (uint16_t)at, .kind = TOKEN_PUNCT};
	size_t end = at + 1;

	if (begins_number(s, at)) {
		k.kind = TOKEN_NUMBER;
		end = number_end(s, at + !is_digit(s.p[at]));
	} else if (is_letter(s.p[at])) {
		k.kind = TOKEN_WORD;
		end = run(s, at, is_letter);
	} else if (s.p[at] == NORMAL_SIGN) {
		k.kind = TOKEN_SIGN;
	}
	k.n = (uint16_t)(end - at);
	return k;
}

struct tokens tokenise(const struct normal *t, struct arena *a)
{
	struct token *v = ARENA_ARRAY(a, struct token, t->folded.n);
	struct str s = t->folded;
	size_t n = 0;

	for (size_t at = 0; at < s.n;) {
		struct token *k = &v[n];

		if (s.p[at] == ' ') {
			at++;
			continue;
		}
		*k = take(s, at);
		k->glued = at > 0 && s.p[at - 1] != ' ';
		k->hash = str_hash(token_folded(t, k));
		k->bare = str_eq(
			token_folded(t, k), normal_marked(t, k->at, k->n));
		at += k->n;
		n++;
	}
	return (struct tokens){v, n};
}

/* Are the tokens k times the same n, perhaps with a mark between? */
static bool is_repeated(struct tokens t, size_t n, size_t step)
{
	for (size_t i = 0; i + step < t.n; i++)
		if (i % step < n && t.v[i].hash != t.v[i + step].hash)
			return false;
	return true;
}

struct tokens tokens_once(struct tokens t)
{
	for (size_t k = 2; k <= REPEATS_MAX && t.n / k >= REPEATED_MIN; k++) {
		if (t.n % k == 0 && is_repeated(t, t.n / k, t.n / k))
			return (struct tokens){t.v, t.n / k};
		/* one; one */
		if ((t.n + 1) % k == 0 &&
			t.v[(t.n + 1) / k - 1].kind == TOKEN_PUNCT &&
			is_repeated(t, (t.n + 1) / k - 1, (t.n + 1) / k))
			return (struct tokens){t.v, (t.n + 1) / k - 1};
	}
	return t;
}
