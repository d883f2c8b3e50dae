/*
 * lexicon - which symbol do the next words stand for?
 *
 * A hash table of phrases and of their beginnings, keyed by a running hash of
 * folded words: a look-up walks forward as long as some phrase goes on, and
 * the last one that was complete wins. Phrases that fold alike hang in one
 * chain, where diacritics decide; other spellings of a word (ko for khong) are
 * a second way on. Two phrases are told apart by 64 bits of hash alone; a clash
 * would need a phrase made for it, and would gain its author a keyword that
 * could be typed anyway. Filled while a rule set is loaded, read-only from then
 * on.
 */
#include "parsers/lexicon.h"

#include <assert.h>

#define ALIAS_START UINT64_C(0xd1b54a32d192ed03)
#define WORD_START UINT64_C(0x8cb92ba72f3d8dd7)
#define FOLDED_START UINT64_C(0xaef17502108ef2d9)
#define HASH_START UINT64_C(0x9e3779b97f4a7c15)

struct entry {
	uint64_t key;         /* 0: free */
	struct phrase *first; /* NULL: only the beginning of phrases */
	bool goes_on;         /* some phrase is longer */
	uint64_t alias;       /* of an alias: hash of the word that it spells */
};

struct lexicon {
	struct entry *v;
	size_t mask, used;
	const struct phrase *last;
};

static uint64_t join(uint64_t key, uint64_t word)
{
	key = (key ^ word) * UINT64_C(0xff51afd7ed558ccd);
	key ^= key >> 32;
	return key != 0 ? key : 1;
}

static struct entry *find(const struct lexicon *l, uint64_t key)
{
	size_t i = key & l->mask;

	while (l->v[i].key != 0 && l->v[i].key != key)
		i = (i + 1) & l->mask;
	return &l->v[i];
}

static struct entry *claim(struct lexicon *l, uint64_t key)
{
	struct entry *e = find(l, key);

	if (e->key == 0) {
		e->key = key;
		l->used++;
	}
	return e;
}

struct lexicon *lexicon_new(struct arena *a, size_t phrases)
{
	struct lexicon *l = ARENA_NEW(a, struct lexicon);
	size_t cap = 64;

	while (cap < phrases * 4)
		cap *= 2;
	l->v = ARENA_ARRAY(a, struct entry, cap);
	l->mask = cap - 1;
	return l;
}

static bool same(const struct phrase *p, const struct phrase *q)
{
	for (size_t i = 0; i < p->words; i++)
		if (!str_eq(p->word[i], q->word[i]))
			return false;
	return true;
}

static enum lexicon_added hang(
	struct lexicon *l, struct entry *e, struct phrase *p)
{
	struct phrase **at = &e->first;

	for (; *at != NULL; at = &(*at)->next)
		if (same(*at, p))
			return (*at)->symbol == p->symbol ? LEXICON_OK
							  : LEXICON_TWICE;
	*at = p;
	p->added_before = l->last;
	l->last = p;
	return LEXICON_OK;
}

enum lexicon_added lexicon_add(
	struct lexicon *l, struct str text, int symbol, struct arena *a)
{
	struct phrase *p = ARENA_NEW(a, struct phrase);
	uint64_t key = HASH_START;
	struct tokens tokens;
	struct normal t;

	normalise(text, a, &t);
	tokens = tokenise(&t, a);
	if (tokens.n == 0 || tokens.n > LEXICON_PHRASE_WORDS)
		return LEXICON_EMPTY;
	if (l->used + tokens.n >= l->mask / 2)
		return LEXICON_FULL;
	*p = (struct phrase){.words = tokens.n, .symbol = symbol, .bare = true};
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *k = &tokens.v[i];

		p->word[i] = normal_marked(&t, k->at, k->n);
		p->folded[i] = token_folded(&t, k);
		p->hash[i] = k->hash;
		claim(l, join(WORD_START, str_hash(p->word[i])));
		claim(l, join(FOLDED_START, k->hash));
		p->bare = p->bare && k->bare;
		key = join(key, k->hash);
		claim(l, key)->goes_on |= i + 1 < tokens.n;
	}
	return hang(l, find(l, key), p);
}

enum fit { FIT_NONE, FIT_LOOSE, FIT_BARE, FIT_EXACT };

/* How well the typed words agree with a phrase that folds alike. */
static enum fit fit_of(
	const struct phrase *p, const struct normal *t, const struct token *k)
{
	enum fit fit = FIT_EXACT;

	for (size_t i = 0; i < p->words; i++) {
		struct str typed = token_marked(t, &k[i]);
		enum fit f = FIT_LOOSE;

		/* Another spelling of the word (ko, k) has no marks to say. */
		if (k[i].hash != p->hash[i] || str_eq(typed, p->word[i]))
			continue;
		if (k[i].bare)
			f = FIT_BARE;
		else if (!p->bare)
			return FIT_NONE;
		fit = f < fit ? f : fit;
	}
	return fit;
}

static int pick(
	const struct entry *e, const struct normal *t, const struct token *k)
{
	enum fit best = FIT_NONE;
	bool marks_decide = false;
	int symbol = LEXICON_NONE;

	if (e->first != NULL && e->first->next == NULL && e->first->bare)
		return e->first->symbol;
	for (const struct phrase *p = e->first; p != NULL; p = p->next) {
		enum fit f = fit_of(p, t, k);

		marks_decide |= !p->bare;
		if (f > best) {
			best = f;
			symbol = p->symbol;
		}
	}
	return best == FIT_LOOSE && marks_decide ? LEXICON_NONE : symbol;
}

enum lexicon_added lexicon_alias(
	struct lexicon *l, struct str alias, struct str word, struct arena *a)
{
	struct normal t;
	struct tokens tokens;
	struct entry *e;

	normalise(word, a, &t);
	tokens = tokenise(&t, a);
	if (tokens.n != 1)
		return LEXICON_EMPTY;
	if (l->used + 1 >= l->mask / 2)
		return LEXICON_FULL;
	normalise(alias, a, &t);
	e = claim(l, join(ALIAS_START, str_hash(t.folded)));
	if (e->alias != 0 && e->alias != tokens.v[0].hash)
		return LEXICON_TWICE;
	e->alias = tokens.v[0].hash;
	return LEXICON_OK;
}

struct search {
	const struct lexicon *l;
	const struct normal *t;
	struct tokens tokens;
	size_t at;
	size_t taken; /* by the longest phrase so far */
	int symbol;
};

static void walk(struct search *s, size_t i, uint64_t key);

/* One more word, as hash: does some phrase go on so? */
static void step(struct search *s, size_t i, uint64_t key, uint64_t hash)
{
	const struct entry *e = find(s->l, join(key, hash));
	int symbol;

	if (e->key == 0)
		return;
	symbol = pick(e, s->t, &s->tokens.v[s->at]);
	if (symbol != LEXICON_NONE && i + 1 - s->at > s->taken) {
		s->taken = i + 1 - s->at;
		s->symbol = symbol;
	}
	if (e->goes_on)
		walk(s, i + 1, e->key);
}

static void walk(struct search *s, size_t i, uint64_t key)
{
	const struct entry *alias;

	if (i == s->tokens.n)
		return;
	step(s, i, key, s->tokens.v[i].hash);
	alias = find(s->l, join(ALIAS_START, s->tokens.v[i].hash));
	if (alias->alias != 0)
		step(s, i, key, alias->alias);
}

size_t lexicon_match(const struct lexicon *l, const struct normal *t,
	struct tokens tokens, size_t at, int *ret_symbol)
{
	struct search s = {.l = l, .t = t, .tokens = tokens, .at = at};

	walk(&s, at, HASH_START);
	if (s.taken > 0)
		*ret_symbol = s.symbol;
	return s.taken;
}

bool lexicon_has_word(const struct lexicon *l, struct str marked)
{
	return find(l, join(WORD_START, str_hash(marked)))->key != 0;
}

bool lexicon_has_folded(const struct lexicon *l, uint64_t hash)
{
	return find(l, join(FOLDED_START, hash))->key != 0 ||
	       find(l, join(ALIAS_START, hash))->alias != 0;
}

const struct phrase *lexicon_phrases(const struct lexicon *l)
{
	return l->last;
}

bool lexicon_spells(const struct lexicon *l, uint64_t typed, uint64_t word)
{
	return typed == word ||
	       find(l, join(ALIAS_START, typed))->alias == word;
}
