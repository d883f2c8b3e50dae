/*
 * repair - which known word was meant by these letters?
 *
 * Works on tokens: one that is mended keeps its place in the text and stands
 * for another word from then on. What an input method left undone explains
 * itself; a letter that is wrong is a guess, marked as one, so that a keyword
 * is echoed and a label is believed only if the sum proves it. Free talk,
 * names, figures and codes are left alone. In the caller's arena; loop thread.
 */
#include "parsers/repair.h"

#include "parsers/ime.h"
#include "parsers/near.h"

#define KEYWORD_MIN 3 /* letters of a first word that is mended */
#define EVIDENCE_MIN 2
#define LABEL_SURE 3 /* letters: shorter labels need a likelier slip */
#define CODE_LETTERS_MIN 2
#define CODE_LETTERS_MAX 5

struct mending {
	const struct vocabulary *v;
	const struct normal *t;
	struct tokens from;
	struct arena *arena;
	struct token *to;
	size_t n;
	bool vni; /* there is no doubt that digits are tones here */
};

static struct str text_of(const struct mending *m, size_t i, size_t n)
{
	const struct token *first = &m->from.v[i];
	const struct token *last = &m->from.v[i + n - 1];

	return str_part(m->t->folded, first->at,
		(size_t)last->at + last->n - first->at);
}

static void put_word(struct mending *m, size_t i, size_t n, struct str word)
{
	const struct token *last = &m->from.v[i + n - 1];
	struct token *k = &m->to[m->n++];
	struct normal w;

	normalise(word, m->arena, &w);
	*k = m->from.v[i];
	k->kind = TOKEN_WORD;
	k->n = (uint16_t)(last->at + last->n - k->at);
	k->hash = str_hash(w.folded);
	k->bare = str_eq(w.folded, w.marked);
	k->as = w.marked;
}

static bool is_known(
	const struct vocabulary *v, struct str word, struct arena *a)
{
	struct normal w;

	normalise(word, a, &w);
	return lexicon_has_word(v->phrases, w.marked) ||
	       lexicon_has_word(v->numbers, w.marked);
}

static bool is_glued(const struct mending *m, size_t i, enum token_kind kind)
{
	return i < m->from.n && m->from.v[i].glued && m->from.v[i].kind == kind;
}

/* How many tokens stick together from i on: letters, digits, inner dots. */
static size_t chunk_tokens(const struct mending *m, size_t i)
{
	size_t n = 1;

	for (;;) {
		if (is_glued(m, i + n, TOKEN_WORD) ||
			is_glued(m, i + n, TOKEN_NUMBER))
			n++;
		else if (is_glued(m, i + n, TOKEN_PUNCT) &&
			 text_of(m, i + n, 1).p[0] == '.' &&
			 is_glued(m, i + n + 1, TOKEN_WORD))
			n += 2;
		else
			return n;
	}
}

/* Does the chunk spell a known word? Then it is in ret. */
static bool decode(const struct mending *m, size_t i, size_t n, struct str *ret)
{
	char *out = arena_alloc(m->arena, IME_BYTES_MAX);
	struct str chunk = text_of(m, i, n);
	size_t bytes = 0;

	if (chunk.n > IME_LETTERS_MAX + 3)
		return false;
	if (n > 1)
		bytes = ime_vni(chunk, out);
	else if (!lexicon_has_folded(m->v->phrases, m->from.v[i].hash) &&
		 !lexicon_has_folded(m->v->numbers, m->from.v[i].hash))
		bytes = ime_telex(chunk, out);
	*ret = (struct str){out, bytes};
	return bytes > 0 && is_known(m->v, *ret, m->arena);
}

static bool ends_in_number(const struct mending *m, size_t i, size_t n)
{
	return m->from.v[i + n - 1].kind == TOKEN_NUMBER;
}

/* A number or word of its own behind the chunk. */
static bool goes_on(const struct mending *m, size_t i, enum token_kind kind)
{
	return i < m->from.n && !m->from.v[i].glued &&
	       m->from.v[i].kind == kind;
}

/*
 * phep1 is phép or one excused. Digits behind a word are tones only where
 * they can be nothing else: others stand inside words (va81ng), or figures
 * follow on such words again and again (so61 47 phep1 10).
 */
static bool digits_are_tones(const struct mending *m)
{
	struct str word;
	int behind = 0;

	for (size_t i = 0; i < m->from.n;) {
		size_t n = chunk_tokens(m, i);

		if (m->from.v[i].kind == TOKEN_WORD && n > 1 &&
			decode(m, i, n, &word)) {
			if (!ends_in_number(m, i, n))
				return true;
			behind += goes_on(m, i + n, TOKEN_NUMBER);
		}
		i += n;
	}
	return behind >= EVIDENCE_MIN;
}

static bool may_be_tone(const struct mending *m, size_t i, size_t n)
{
	if (!ends_in_number(m, i, n) || n > 2)
		return true; /* su7a3: there is one inside */
	return m->vni && (goes_on(m, i + n, TOKEN_NUMBER) ||
				 goes_on(m, i + n, TOKEN_WORD));
}

/* One chunk into m->to. */
static void mend_chunk(struct mending *m, size_t i, size_t n)
{
	struct str word;

	if (m->from.v[i].kind == TOKEN_WORD) {
		if (may_be_tone(m, i, n) && decode(m, i, n, &word)) {
			put_word(m, i, n, word);
			return;
		}
		/* phe1p10: the figure sticks to its label. */
		if (n > 2 && ends_in_number(m, i, n) &&
			!ends_in_number(m, i, n - 1) &&
			decode(m, i, n - 1, &word)) {
			put_word(m, i, n - 1, word);
			i += n - 1;
			n = 1;
		}
	}
	memcpy(m->to + m->n, m->from.v + i, n * sizeof(*m->to));
	m->n += n;
}

static struct mending begin(const struct vocabulary *v, const struct normal *t,
	struct tokens tokens, struct arena *a)
{
	return (struct mending){.v = v,
		.t = t,
		.from = tokens,
		.arena = a,
		.to = ARENA_ARRAY(a, struct token, tokens.n + 1)};
}

/* Most texts hold nothing that could be decoded: seen without a copy. */
static bool worth_trying(const struct mending *m)
{
	for (size_t i = 0; i < m->from.n; i++) {
		const struct token *k = &m->from.v[i];

		if (k->kind != TOKEN_WORD || k->n < 2)
			continue;
		if (is_glued(m, i + 1, TOKEN_NUMBER) ||
			is_glued(m, i + 1, TOKEN_PUNCT))
			return true;
		if (k->bare && !lexicon_has_folded(m->v->phrases, k->hash))
			return true;
	}
	return false;
}

struct tokens repair_ime(const struct vocabulary *v, const struct normal *t,
	struct tokens tokens, struct arena *a)
{
	struct mending m = {.v = v, .t = t, .from = tokens, .arena = a};

	if (!worth_trying(&m))
		return tokens;
	m = begin(v, t, tokens, a);
	m.vni = digits_are_tones(&m);
	for (size_t i = 0; i < tokens.n;) {
		size_t n = chunk_tokens(&m, i);

		mend_chunk(&m, i, n);
		i += n;
	}
	return (struct tokens){m.to, m.n};
}

/* hopmg07: a keyword, and letters that begin a code. */
static bool cut_keyword(struct mending *m)
{
	struct str word = text_of(m, 0, 1);

	for (size_t i = 0; i < m->v->keywords_n; i++) {
		struct str k = m->v->keywords[i].word;
		struct str code = str_from(word, k.n);

		if (!str_starts(word, k) || code.n < CODE_LETTERS_MIN ||
			code.n > CODE_LETTERS_MAX ||
			!is_glued(m, 1, TOKEN_NUMBER))
			continue;
		put_word(m, 0, 1, k);
		m->to[0].n = (uint16_t)k.n;
		m->to[1] = m->from.v[0];
		m->to[1].at = (uint16_t)(m->to[1].at + k.n);
		m->to[1].n = (uint16_t)code.n;
		m->to[1].hash = str_hash(code);
		m->n = 2;
		return true;
	}
	return false;
}

static const struct keyword *nearest_keyword(
	const struct vocabulary *v, struct str word)
{
	const struct keyword *found = NULL;

	for (size_t i = 0; i < v->keywords_n; i++) {
		const struct keyword *k = &v->keywords[i];

		if (near_words(k->word, word) == NEAR_NOT)
			continue;
		if (found != NULL && found->symbol != k->symbol)
			return NULL;
		found = k;
	}
	return found;
}

bool repair_keyword(struct repair *r, const struct vocabulary *v,
	const struct normal *t, struct arena *a)
{
	struct mending m = begin(v, t, r->tokens, a);
	const struct keyword *k;

	if (r->tokens.n == 0 || r->tokens.v[0].kind != TOKEN_WORD)
		return false;
	if (!cut_keyword(&m)) {
		k = r->tokens.v[0].n >= KEYWORD_MIN &&
				    chunk_tokens(&m, 0) == 1 &&
				    !lexicon_has_folded(
					    v->real_words, r->tokens.v[0].hash)
			    ? nearest_keyword(v, text_of(&m, 0, 1))
			    : NULL;
		if (k == NULL)
			return false;
		put_word(&m, 0, 1, k->word);
		r->keyword = true;
	}
	memcpy(m.to + m.n, m.from.v + 1, (m.from.n - 1) * sizeof(*m.to));
	r->tokens = (struct tokens){m.to, m.n + m.from.n - 1};
	return true;
}

/* The label that a word may have been meant for. */
struct guess {
	const struct phrase *phrase;
	size_t word; /* of the phrase */
	enum near near;
	bool shared; /* another one fits as well */
};

/* Do the tokens around i spell the phrase, but for its word-th word? */
static bool fits(
	const struct mending *m, size_t i, const struct phrase *p, size_t word)
{
	if (i < word || i - word + p->words > m->from.n)
		return false;
	for (size_t k = 0; k < p->words; k++)
		if (k != word &&
			!lexicon_spells(m->v->phrases,
				m->from.v[i - word + k].hash, p->hash[k]))
			return false;
	return true;
}

/* Longer phrases first, then nearer ones. */
static int compare(const struct guess *a, const struct guess *b)
{
	if (b->phrase == NULL || a->phrase->words != b->phrase->words)
		return b->phrase == NULL || a->phrase->words > b->phrase->words
			       ? 1
			       : -1;
	return (int)a->near - (int)b->near;
}

static void consider(struct guess *best, struct guess g)
{
	int better = compare(&g, best);

	if (better > 0)
		*best = g;
	else if (better == 0 && best->phrase->symbol != g.phrase->symbol)
		best->shared = true;
}

static bool is_number(const struct mending *m, size_t i)
{
	return i < m->from.n && m->from.v[i].kind == TOKEN_NUMBER;
}

/* Does the phrase label a figure: one behind it, or one before that is free? */
static bool has_figure(const struct mending *m, size_t i, size_t n)
{
	if (is_number(m, i + n))
		return !is_glued(m, i + n + 1, TOKEN_PUNCT);
	return i > 0 && is_number(m, i - 1) &&
	       (i == 1 || m->from.v[i - 2].kind != TOKEN_WORD);
}

/* The label that tokens[i] is one letter away from. */
static struct guess guess_label(
	const struct mending *m, size_t i, const struct symbols *seen)
{
	struct guess best = {.phrase = NULL};
	struct str typed = text_of(m, i, 1);

	for (size_t n = 0; n < m->v->figure_phrases_n; n++) {
		const struct phrase *p = m->v->figure_phrases[n];

		if (symbols_has(seen, p->symbol))
			continue;
		for (size_t k = 0; k < p->words; k++) {
			struct guess g = {.phrase = p, .word = k};

			if (k > i || !has_figure(m, i - k, p->words))
				continue;
			g.near = near_words(p->folded[k], typed);
			if (p->folded[k].n < LABEL_SURE && g.near != NEAR_KEY)
				continue;
			if (g.near != NEAR_NOT && fits(m, i, p, k))
				consider(&best, g);
		}
	}
	return best;
}

/*
 * HOP XU10 …: two digits glued to the word right behind the keyword are a
 * unit's code, and codes are never repaired.
 */
static bool is_in_the_code_place(const struct mending *m, size_t i)
{
	return i == 1 && m->from.v[i + 1].n == 2;
}

/* No code (mg07), and no word that means something as it is. */
static bool may_be_label(const struct mending *m, size_t i)
{
	const struct token *k = &m->from.v[i];

	if (k->kind != TOKEN_WORD || k->n < 2 || k->as.p != NULL ||
		lexicon_has_folded(m->v->numbers, k->hash) ||
		lexicon_has_folded(m->v->real_words, k->hash))
		return false;
	if (is_glued(m, i + 1, TOKEN_NUMBER))
		return m->t->folded.p[m->from.v[i + 1].at] != '0' &&
		       !is_in_the_code_place(m, i);
	return k->n > 2 || !lexicon_has_folded(m->v->phrases, k->hash);
}

static bool is_phrase(const struct mending *m, size_t i)
{
	int symbol;

	return lexicon_match(m->v->phrases, m->t, m->from, i, &symbol) > 0;
}

bool repair_labels(struct repair *r, const struct vocabulary *v,
	const struct normal *t, const struct symbols *seen, struct arena *a)
{
	struct mending m = begin(v, t, r->tokens, a);
	bool any = false;

	for (size_t i = 0; i < m.from.n; i++) {
		struct guess g = {.phrase = NULL};

		if (may_be_label(&m, i) && !is_phrase(&m, i))
			g = guess_label(&m, i, seen);
		if (g.phrase != NULL && !g.shared) {
			put_word(&m, i, 1, g.phrase->word[g.word]);
			any = true;
		} else {
			m.to[m.n++] = m.from.v[i];
		}
	}
	if (any)
		r->tokens = (struct tokens){m.to, m.n};
	r->label = r->label || any;
	return any;
}
