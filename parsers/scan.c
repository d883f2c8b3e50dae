/*
 * scan - what could this text mean, before anything is known of its sender?
 *
 * Normalises, lexes, finds the first rule that applies without a question and
 * runs its slots. A rule whose symbols are not in the text costs one test of
 * bits; rules of answers are left to read, which knows the question. A match
 * limit bounds each pattern, the length of the text all of them. Everything is
 * in the message's arena, PCRE2's match data too: match data cannot be shared
 * between threads. Loop thread.
 */
#include "parsers/scan_parts.h"

#include "parsers/mojibake.h"

#include <stdlib.h>

#define FIGURES_MIN 4
#define HITS_FIRST 12

static void *on_alloc(PCRE2_SIZE n, void *arena)
{
	return arena_alloc(arena, n);
}

/* The arena takes it all back at once. */
static void on_free(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

pcre2_match_data *scan_match_data(struct arena *a)
{
	pcre2_general_context *g =
		pcre2_general_context_create(on_alloc, on_free, a);
	pcre2_match_data *m =
		g != NULL ? pcre2_match_data_create(PATTERN_GROUPS_MAX * 2, g)
			  : NULL;

	if (m == NULL)
		abort();
	return m;
}

static struct span span_of(pcre2_match_data *m, size_t group)
{
	const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m);

	if (group >= pcre2_get_ovector_count(m) || o[2 * group] == PCRE2_UNSET)
		return (struct span){0, 0};
	return (struct span){(uint16_t)o[2 * group],
		(uint16_t)(o[2 * group + 1] - o[2 * group])};
}

struct slot_run {
	const struct scan *s;
	pcre2_match_data *m;
	struct hit *v;
	size_t n, cap;
	char *rest;
	bool over;
};

/* Most texts give a handful. */
static void grow(struct slot_run *run)
{
	struct hit *v = ARENA_ARRAY(run->s->arena, struct hit, run->cap * 2);

	memcpy(v, run->v, run->n * sizeof(*v));
	run->v = v;
	run->cap *= 2;
}

static void keep(struct slot_run *run, const struct slot *slot)
{
	struct hit *h;

	if (run->n == run->cap)
		grow(run);
	h = &run->v[run->n++];
	h->slot = slot;
	h->all = span_of(run->m, 0);
	for (size_t i = 0; i < slot->groups_n; i++)
		h->group[i] = span_of(run->m, slot->groups[i].number);
	memset(run->rest + h->all.at, SCAN_BLANK, h->all.n);
}

static void run_slot(struct slot_run *run, const struct slot *slot)
{
	const struct scan *s = run->s;
	struct str text = {run->rest, s->lexed.text.n};
	size_t from = 0;

	if ((slot->labels_lead && !s->lexed.labels_lead) ||
		!pattern_may_match(&slot->pattern, &s->lexed))
		return;
	while (pattern_match(
		&slot->pattern, text, from, run->m, s->rs->limits)) {
		struct span all = span_of(run->m, 0);

		if (all.n == 0)
			break;
		if (run->n == SCAN_HITS_MAX) {
			run->over = true;
			break;
		}
		keep(run, slot);
		from = (size_t)all.at + all.n;
	}
}

const struct hits *scan_slots(
	const struct scan *s, const struct slots *set, pcre2_match_data *m)
{
	struct hits *h = ARENA_NEW(s->arena, struct hits);
	struct slot_run run = {.s = s,
		.m = m,
		.v = ARENA_ARRAY(s->arena, struct hit, HITS_FIRST),
		.cap = HITS_FIRST,
		.rest = arena_alloc(s->arena, s->lexed.text.n + 1)};

	memcpy(run.rest, s->lexed.text.p, s->lexed.text.n);
	for (size_t i = 0; i < set->n; i++)
		run_slot(&run, &set->v[i]);
	*h = (struct hits){
		.v = run.v, .n = run.n, .rest = run.rest, .over = run.over};
	return h;
}

bool scan_applies(const struct scan *s, const struct rule *r,
	pcre2_match_data *m, struct candidate *ret)
{
	if (!pattern_may_match(&r->when, &s->lexed) ||
		!pattern_match(&r->when, s->lexed.text, 0, m, s->rs->limits))
		return false;
	*ret = (struct candidate){.rule = r, .when = span_of(m, 0)};
	return true;
}

/* Nothing behind a rule that always applies is ever taken. */
static void find_taken(struct scan *s, pcre2_match_data *m)
{
	s->taken = (struct candidate){.rule = NULL};
	for (size_t i = 0; i < s->rs->rules_n; i++)
		if (s->rs->rules[i].questions == 0 &&
			scan_applies(s, &s->rs->rules[i], m, &s->taken))
			break;
}

static bool is_taken(const struct scan *s)
{
	return s->taken.rule != NULL && s->taken.rule->intent != INTENT_UNKNOWN;
}

const struct rule *scan_answers_end(const struct scan *s)
{
	return s->taken.rule != NULL ? s->taken.rule
				     : s->rs->rules + s->rs->rules_n;
}

/* The first answer of this kind that applies, before the rule taken. */
static const struct rule *find_answer(const struct scan *s,
	bool (*is_it)(const struct rule *r), pcre2_match_data *m)
{
	const struct rule *r = s->rs->rules;
	const struct rule *end = scan_answers_end(s);
	struct candidate c;

	for (; r < end; r++)
		if (r->questions != 0 && is_it(r) && scan_applies(s, r, m, &c))
			return r;
	return NULL;
}

/* Is the rule taken of this kind, or an answer that comes before it? */
static bool may_be(const struct scan *s, bool (*is_it)(const struct rule *r),
	pcre2_match_data *m)
{
	return (s->taken.rule != NULL && is_it(s->taken.rule)) ||
	       find_answer(s, is_it, m) != NULL;
}

/*
 * An unknown word first (ho5p looks like a code), and behind it what chatter
 * has not: a code, or several figures with a label, or as many as a report has.
 */
static bool looks_like_record(const struct scan *s)
{
	const struct lexed *l = &s->lexed;
	bool code = false;
	int numbers = 0;

	if (l->n == 0 ||
		(l->v[0].kind != LEXEME_WORD && l->v[0].kind != LEXEME_CODE))
		return false;
	for (size_t i = 0; i < l->n; i++) {
		code = code || l->v[i].kind == LEXEME_CODE;
		numbers += l->v[i].kind == LEXEME_NUMBER;
	}
	return code || numbers >= FIGURES_MIN ||
	       (numbers > 1 &&
		       symbols_meet(&s->rs->vocabulary.labels, &l->symbols));
}

static void scan_tokens(struct scan *s, pcre2_match_data *m)
{
	lex(&s->rs->vocabulary, &s->text, s->repair.tokens, s->arena,
		&s->lexed);
	find_taken(s, m);
}

static bool reads_labels(const struct rule *r)
{
	return r->slots != NULL && r->slots->labels;
}

static bool reads_unit(const struct rule *r)
{
	return r->unit != RULES_UNIT_NONE;
}

/* A figure, and a word or code that may be its label. */
static bool has_unread(const struct scan *s)
{
	bool number = false, word = false;

	for (size_t i = 0; i < s->repair.tokens.n && !number; i++)
		number = s->repair.tokens.v[i].kind == TOKEN_NUMBER;
	for (size_t i = 0; i < s->lexed.n && number && !word; i++)
		word = s->lexed.v[i].kind == LEXEME_WORD ||
		       s->lexed.v[i].kind == LEXEME_CODE;
	return word;
}

/* Taken by a rule that does not just ask what was meant. */
static bool is_clear(const struct scan *s)
{
	return is_taken(s) && s->taken.rule->problem == PROBLEM_NONE;
}

/* Words without blanks, if that is all that kept the text from being read. */
static void mend_glued(struct scan *s, pcre2_match_data *m)
{
	struct repair before = s->repair;

	if (is_clear(s) || !repair_glued(&s->repair, &s->rs->vocabulary,
				   &s->text, s->arena))
		return;
	scan_tokens(s, m);
	if (is_clear(s))
		return;
	s->repair = before;
	scan_tokens(s, m);
}

/* What nothing took, or not whole, may be misspelt. */
static void mend(struct scan *s, pcre2_match_data *m)
{
	const struct vocabulary *v = &s->rs->vocabulary;

	mend_glued(s, m);
	if (!is_taken(s) && looks_like_record(s) &&
		repair_keyword(&s->repair, v, &s->text, s->arena))
		scan_tokens(s, m);
	if (has_unread(s) && may_be(s, reads_labels, m) &&
		repair_labels(
			&s->repair, v, &s->text, &s->lexed.symbols, s->arena))
		scan_tokens(s, m);
}

/* All that can be had once the words are as they were meant. */
static void take_apart(struct scan *s, pcre2_match_data *m)
{
	if (s->taken.rule != NULL && s->taken.rule->slots != NULL)
		s->taken.hits = scan_slots(s, s->taken.rule->slots, m);
	if (may_be(s, reads_unit, m))
		scan_units(s);
}

struct scan *scan_text(
	const struct ruleset *rs, struct str text, struct arena *a)
{
	struct scan *s = ARENA_NEW(a, struct scan);
	pcre2_match_data *m = scan_match_data(a);

	s->rs = rs;
	s->arena = a;
	s->mojibake = mojibake_mend(text, a, &text) || mojibake_has_holes(text);
	normalise(text, a, &s->text);
	s->repair.tokens = repair_ime(&rs->vocabulary, &s->text,
		tokens_once(tokenise(&s->text, a)), a);
	scan_tokens(s, m);
	mend(s, m);
	take_apart(s, m);
	return s;
}

const struct scan *scan_again(
	const struct scan *s, struct tokens tokens, struct arena *a)
{
	struct scan *again = ARENA_NEW(a, struct scan);
	pcre2_match_data *m = scan_match_data(a);

	*again = *s;
	again->arena = a;
	again->units_n = 0;
	again->repair.tokens = tokens;
	scan_tokens(again, m);
	take_apart(again, m);
	return again;
}

static bool any(const struct rule *r)
{
	(void)r;
	return true;
}

const struct rule *scan_first_rule(const struct scan *s, struct arena *a)
{
	const struct rule *answer = find_answer(s, any, scan_match_data(a));

	return answer != NULL ? answer : s->taken.rule;
}

size_t scan_unit_keys(const struct scan *s, const struct str **ret)
{
	*ret = s->keys;
	return s->units_n;
}

struct str scan_marked(const struct scan *s)
{
	return s->text.marked;
}

struct str scan_folded(const struct scan *s)
{
	return s->text.folded;
}

struct str scan_symbols(const struct scan *s)
{
	return s->lexed.text;
}

struct str scan_lexed(const struct scan *s, struct span span)
{
	return str_part(s->lexed.text, span.at, span.n);
}

struct str scan_raw(const struct scan *s, struct span span)
{
	size_t from = SIZE_MAX, to = 0;

	for (size_t i = 0; i < s->lexed.n; i++) {
		const struct lexeme *l = &s->lexed.v[i];

		if (l->at + l->n <= span.at || l->at >= span.at + span.n)
			continue;
		from = from == SIZE_MAX ? l->from : from;
		to = l->to;
	}
	if (from == SIZE_MAX)
		return STR("");
	return normal_raw(&s->text, from, to - from);
}
