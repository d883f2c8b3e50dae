/*
 * lex_number - which number do these words say?
 *
 * Vietnamese counts by tens with or without the word for ten: "ba muoi lam"
 * and "ba lam" are both 35; "mot tram hai" is 120, "mot tram le hai" 102. Up
 * to 999, more than a hamlet counts. A month may be in Roman figures. Pure;
 * any thread.
 */
#include "parsers/lex_parts.h"

/* "chuc anh khoe": a wish, and no ten. */
static bool is_wish(const struct lexer *x, size_t i)
{
	static const char *const wished[] = {"anh", "chi", "em", "cac", "moi",
		"ong", "ba", "bac", "chu", "co", "cau", "cu", "thay", "cb",
		"suc", "khoe", "ngu", "vui", "may", "hanh", "mung", "tot",
		"binh", "gia", "toan", "ca", "mot", "nam", "buoi", "cuoi",
		"dong", "ban", "sep", "lanh", "sang", "toi", "xa", "dang"};

	if (!is_kind(x, i, TOKEN_WORD) || !str_is(folded(x, i), "chuc") ||
		!is_kind(x, i + 1, TOKEN_WORD))
		return false;
	for (size_t k = 0; k < sizeof(wished) / sizeof(wished[0]); k++)
		if (str_is(folded(x, i + 1), wished[k]))
			return true;
	return false;
}

/* The value of the number word at i, or -1. */
static int word_value(const struct lexer *x, size_t i, size_t *ret_n)
{
	int symbol = LEXICON_NONE;

	*ret_n = 0;
	if (is_wish(x, i))
		return -1;
	*ret_n = i < x->tokens.n ? lexicon_match(x->vocabulary->numbers, x->t,
					   x->tokens, i, &symbol)
				 : 0;
	return *ret_n > 0 ? symbol - 1 : -1;
}

/* Up to 99. */
static size_t below_hundred(const struct lexer *x, size_t i, int *ret_value)
{
	size_t n, total = 0;
	int v = word_value(x, i, &n), tens = 0;

	if (v < 0 || v == HUNDRED)
		return 0;
	if (v != TEN) {
		tens = v;
		total += n;
		v = word_value(x, i + total, &n);
	} else {
		tens = 1;
	}
	if (v == TEN) {
		total += n;
		v = word_value(x, i + total, &n);
		if (v < 0 || v >= TEN) {
			*ret_value = tens * 10;
			return total;
		}
	}
	if (v < 0 || v >= TEN) {
		*ret_value = tens;
		return total;
	}
	*ret_value = tens * 10 + v;
	return total + n;
}

/* "le", "linh": no tens stand between the hundreds and what follows. */
static bool says_no_tens(const struct lexer *x, size_t i)
{
	return is_kind(x, i, TOKEN_WORD) &&
	       (str_is(folded(x, i), "le") || str_is(folded(x, i), "linh"));
}

size_t lex_number(const struct lexer *x, size_t i, int *ret_value)
{
	size_t n, words = below_hundred(x, i, ret_value), rest;
	int value = 0;
	bool no_tens;

	if (words == 0 || *ret_value >= TEN ||
		word_value(x, i + words, &n) != HUNDRED)
		return words;
	*ret_value *= HUNDRED;
	words += n;
	no_tens = says_no_tens(x, i + words);
	rest = below_hundred(x, i + words + no_tens, &value);
	if (rest == 0)
		return words;
	*ret_value += value < TEN && !no_tens ? value * TEN : value;
	return words + no_tens + rest;
}

int lex_roman_month(const struct lexer *x, size_t i)
{
	static const char *const months[] = {"i", "ii", "iii", "iv", "v", "vi",
		"vii", "viii", "ix", "x", "xi", "xii"};

	if (i < 2 || !is_kind(x, i, TOKEN_WORD) || !is_glued(x, i) ||
		!is_glued(x, i - 1) || !is_kind(x, i - 2, TOKEN_NUMBER) ||
		(!is_punct(x, i - 1, '/') && !is_punct(x, i - 1, '-')))
		return 0;
	for (size_t m = 0; m < sizeof(months) / sizeof(months[0]); m++)
		if (str_is(folded(x, i), months[m]))
			return (int)m + 1;
	return 0;
}

/* May it stand in such a mark at all? */
static bool is_range_mark(const struct lexer *x, size_t i)
{
	return is_kind(x, i, TOKEN_PUNCT) &&
	       strchr("-=>~.", folded(x, i).p[0]) != NULL;
}

bool lex_range_ends(const struct lexer *x, size_t i)
{
	size_t from = i;
	char last;

	if (!is_range_mark(x, i) || !is_kind(x, i + 1, TOKEN_NUMBER))
		return false;
	while (from > 0 && is_range_mark(x, from - 1))
		from--;
	if (from == 0 || !is_kind(x, from - 1, TOKEN_NUMBER))
		return false;
	last = folded(x, i).p[0];
	return last == '~' || (i > from && (last == '>' || last == '.'));
}
