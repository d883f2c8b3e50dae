#ifndef PARSERS_LEX_H
#define PARSERS_LEX_H

#include "parsers/lexicon.h"

#define SYMBOLS_MAX 256
#define SYMBOL_NAME_MAX 16

struct symbols {
	uint64_t bits[SYMBOLS_MAX / 64];
};

static inline void symbols_add(struct symbols *s, int symbol)
{
	s->bits[symbol / 64] |= UINT64_C(1) << (symbol % 64);
}

static inline bool symbols_has(const struct symbols *s, int symbol)
{
	return s->bits[symbol / 64] >> (symbol % 64) & 1;
}

static inline bool symbols_meet(
	const struct symbols *s, const struct symbols *t)
{
	uint64_t both = 0;

	for (int i = 0; i < SYMBOLS_MAX / 64; i++)
		both |= s->bits[i] & t->bits[i];
	return both != 0;
}

static inline void symbols_join(struct symbols *s, const struct symbols *t)
{
	for (int i = 0; i < SYMBOLS_MAX / 64; i++)
		s->bits[i] |= t->bits[i];
}

/* A word that a misspelt first word may be mended into. */
struct keyword {
	struct str word; /* folded */
	int symbol;
};

/* What lexing needs to know of the rule set. */
struct vocabulary {
	struct lexicon *phrases;
	struct lexicon *numbers; /* number words; the symbol is value + 1 */
	struct str name[SYMBOLS_MAX];
	int n; /* symbols; 0 is LEXICON_NONE, 1 is VOCABULARY_POLITE */
	struct symbols codes_after, numbers_after, numbers_before;
	struct lexicon *weak_numbers, *real_words, *fillers, *small_words;
	const struct keyword *keywords;
	size_t keywords_n;
	struct symbols labels;
	struct lexicon *names;       /* the symbol is an enum name_part */
	struct symbols quiet;        /* may be left over like any other word */
	int name_symbol;             /* of a person's name; 0: none */
	int footer_symbol;           /* of what phones add; 0: none */
	struct symbols persons;      /* speak of who is named behind them */
	struct symbols unit_words;   /* behind which a unit is named */
	struct symbols member_words; /* behind which a roll number is */
	const struct phrase *const *figure_phrases; /* of those labels */
	size_t figure_phrases_n;
	struct symbols figures; /* labels of those who came, and did not */
};

#define SYMBOL_DIGIT 0      /* among symbols: there is a figure */
#define VOCABULARY_POLITE 1 /* stands for nothing: dropped */
#define VOCABULARY_TEN 11   /* of numbers: muoi, after a digit × 10 */
#define VOCABULARY_HUNDRED 101

enum lexeme_kind {
	LEXEME_SYMBOL,
	LEXEME_NUMBER,
	LEXEME_CODE, /* shaped like a unit code: mg07 */
	LEXEME_WORD, /* its symbol is set when it is a quiet one */
	LEXEME_PUNCT
};

struct lexeme {
	uint16_t at, n;    /* in lexed.text */
	uint16_t from, to; /* of the folded text */
	uint8_t kind, symbol;
	bool tight; /* PUNCT: between two numbers without blanks */
};

/*
 * The text as patterns see it: known phrases as upper-case symbols, numbers
 * in digits, codes in one piece, other words lower case; one blank between,
 * but none inside 5/11, 34/0/1 or 19:30.
 */
struct lexed {
	struct str text;
	const struct lexeme *v;
	size_t n;
	struct symbols symbols; /* those that are there; SYMBOL_DIGIT */
	struct symbols words;   /* a bit of each lower-case word */
	bool labels_lead;       /* CM 35 VP 10, not 35 CM 10 VP */
	bool signed_by;         /* a name at the end: signed, or meant */
};

/* Where lexed.words has a word; others may share the bit. */
int lex_word_bit(struct str word);
void lex(const struct vocabulary *vocabulary, const struct normal *t,
	struct tokens tokens, struct arena *a, struct lexed *ret);

#endif
