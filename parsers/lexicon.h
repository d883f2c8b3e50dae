#ifndef PARSERS_LEXICON_H
#define PARSERS_LEXICON_H

#include "parsers/token.h"

/*
 * The phrases of rules.yaml and the symbol that each stands for. A phrase
 * written with diacritics is taken without them too, but never with others;
 * one written without is taken with any, unless the same letters are also
 * listed with diacritics (then those decide).
 */
struct lexicon;

#define LEXICON_NONE 0
#define LEXICON_PHRASE_WORDS 8

struct phrase {
	struct str word[LEXICON_PHRASE_WORDS];   /* marked */
	struct str folded[LEXICON_PHRASE_WORDS]; /* the same without marks */
	uint64_t hash[LEXICON_PHRASE_WORDS];     /* of the folded word */
	size_t words;
	int symbol;
	bool bare;           /* written without diacritics */
	struct phrase *next; /* folds alike */
	const struct phrase *added_before;
};

/* phrases: how many will be added at most. In the arena. */
struct lexicon *lexicon_new(struct arena *a, size_t phrases);
enum lexicon_added {
	LEXICON_OK,
	LEXICON_EMPTY, /* no word in it, or too many */
	LEXICON_TWICE, /* the same phrase stands for another symbol */
	LEXICON_FULL
};
enum lexicon_added lexicon_add(
	struct lexicon *l, struct str text, int symbol, struct arena *a);
/* Another spelling of one word, in any phrase: ko for không. */
enum lexicon_added lexicon_alias(
	struct lexicon *l, struct str alias, struct str word, struct arena *a);
/* The longest phrase that begins at tokens[at]: how many tokens it takes. */
size_t lexicon_match(const struct lexicon *l, const struct normal *t,
	struct tokens tokens, size_t at, int *ret_symbol);
/* Is it a word of some phrase, with just these diacritics? */
bool lexicon_has_word(const struct lexicon *l, struct str marked);
/* The same without diacritics, or as another spelling. */
bool lexicon_has_folded(const struct lexicon *l, uint64_t hash);
/* May what was typed stand for a phrase's word (by hash of both)? */
bool lexicon_spells(const struct lexicon *l, uint64_t typed, uint64_t word);
/* The last phrase that was added; the others hang on it. NULL: none. */
const struct phrase *lexicon_phrases(const struct lexicon *l);

#endif
