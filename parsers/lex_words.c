/*
 * lex_words - which words are there that a pattern may need?
 *
 * One pass over the lexed text sets a bit for each lower-case word, so that a
 * pattern which needs "tren" costs nothing where no such word stands. Words
 * may share a bit: then the pattern is matched in vain. Pure; any thread.
 */
#include "parsers/lex_parts.h"

int lex_word_bit(struct str word)
{
	return (int)(str_hash(word) % SYMBOLS_MAX);
}

static size_t letters(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
		n++;
	return n;
}

void lex_note_words(struct lexed *l)
{
	struct str s = l->text;

	while (s.n > 0) {
		size_t n = letters(s);

		if (n > 0 || s.p[0] == NORMAL_FOREIGN) {
			n = n > 0 ? n : 1;
			symbols_add(&l->words, lex_word_bit(str_part(s, 0, n)));
		} else {
			n = 1;
			if (s.p[0] >= '0' && s.p[0] <= '9')
				symbols_add(&l->symbols, SYMBOL_DIGIT);
		}
		s = str_from(s, n);
	}
}
