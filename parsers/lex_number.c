/*
 * lex_number - which number do these words say?
 *
 * Vietnamese counts by tens with or without the word for ten: "ba muoi lam"
 * and "ba lam" are both 35. Up to 99, as far as a hamlet counts in words.
 * Pure; any thread.
 */
#include "parsers/lex_parts.h"

/* The value of the number word at i, or -1. */
static int word_value(const struct lexer *x, size_t i, size_t *ret_n)
{
	int symbol = LEXICON_NONE;

	*ret_n = i < x->tokens.n ? lexicon_match(x->vocabulary->numbers, x->t,
					   x->tokens, i, &symbol)
				 : 0;
	return *ret_n > 0 ? symbol - 1 : -1;
}

size_t lex_number(const struct lexer *x, size_t i, int *ret_value)
{
	size_t n, total = 0;
	int v = word_value(x, i, &n), tens = 0;

	if (v < 0)
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
		if (v < 0 || v == TEN) {
			*ret_value = tens * 10;
			return total;
		}
	}
	if (v < 0 || v == TEN) {
		*ret_value = tens;
		return total;
	}
	*ret_value = tens * 10 + v;
	return total + n;
}
