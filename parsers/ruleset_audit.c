/*
 * ruleset_audit - will these rules still do what they say tomorrow?
 *
 * Two faults that no single example shows. Rules that overlap: a text that
 * one rule shows as its own and that a later one would take in the same
 * situation, to mean something else, hangs on their order alone; that is fine
 * where the later one is plainly the wider (it takes all of the examples), or
 * names the text under `not`. And patterns that backtrack: matched without
 * JIT, whose limits count otherwise, against long texts made of the examples.
 * Run by `bantin check` only; its own arena.
 */
#include "parsers/rules.h"
#include "parsers/scan_parts.h"

#include "gateway/model/message.h"

#include <stdlib.h>

#define ARENA_FIRST ((size_t)1 << 18)
#define LONG_TEXTS_MAX 12 /* of one rule's examples */
/*
 * Steps for a character of a text: a pattern of forty words, tried at every
 * place, is still linear; one that needs more tries ways, not places.
 */
#define STEPS_PER_CHARACTER 50

struct audit {
	const struct ruleset *rs;
	struct diags *diags;
	struct arena *arena;
	struct arena *text;      /* reset after each long text */
	struct lexed **examples; /* [rule][example] */
	pcre2_match_data *match;
	pcre2_match_context *limits;
	int rc;
};

static const struct rules_rule *file_rule(const struct audit *a, size_t i)
{
	return &a->rs->file->rules[i];
}

/* As patterns see it. */
static struct lexed lexed_of(
	const struct audit *a, struct str text, struct arena *arena)
{
	struct normal t;
	struct lexed l;

	normalise(text, arena, &t);
	lex(&a->rs->vocabulary, &t, tokenise(&t, arena), arena, &l);
	return l;
}

static void lex_examples(struct audit *a)
{
	a->examples = ARENA_ARRAY(a->arena, struct lexed *, a->rs->rules_n);
	for (size_t i = 0; i < a->rs->rules_n; i++) {
		const struct rules_rule *r = file_rule(a, i);

		a->examples[i] =
			ARENA_ARRAY(a->arena, struct lexed, r->examples_n);
		for (size_t e = 0; e < r->examples_n; e++)
			a->examples[i][e] =
				lexed_of(a, r->examples[e].text, a->arena);
	}
}

/* As pcre2_match: negative when there is no match, or a limit was hit. */
static int match_slowly(
	const struct audit *a, const struct pattern *p, struct str text)
{
	return pcre2_match(p->code, (PCRE2_SPTR)text.p, text.n, 0, PCRE2_NO_JIT,
		a->match, a->limits);
}

static bool takes(
	const struct audit *a, const struct rule *r, const struct lexed *l)
{
	if (!pattern_may_match(&r->when, l))
		return false;
	return match_slowly(a, &r->when, l->text) > 0;
}

/* ---- overlaps ---- */

static bool is_asked(const struct rule *r, enum question q)
{
	return r->questions == 0 || (r->questions >> q & 1) != 0;
}

static enum question question_of(const struct rules_example *e)
{
	return e->question.p != NULL ? question_parse(e->question)
				     : QUESTION_NONE;
}

/* How many of rule i's examples would rule k take, and the first of them? */
static size_t taken_of(const struct audit *a, size_t i, size_t k,
	const struct rules_example **ret_first)
{
	const struct rules_rule *from = file_rule(a, i);
	size_t n = 0;

	for (size_t e = 0; e < from->examples_n; e++) {
		const struct rules_example *x = &from->examples[e];

		if (!is_asked(&a->rs->rules[k], question_of(x)) ||
			!takes(a, &a->rs->rules[k], &a->examples[i][e]))
			continue;
		if (n++ == 0)
			*ret_first = x;
	}
	return n;
}

static bool is_excepted(const struct rules_rule *r, struct str text)
{
	for (size_t i = 0; r->except != NULL && i < r->except->n; i++)
		if (str_eq(r->except->items[i]->text, text))
			return true;
	return false;
}

/* Answers to a question come before what needs none; what is not understood
 * comes behind everything. */
static bool is_wider(const struct rule *later, const struct rule *first)
{
	return later->intent == first->intent ||
	       later->intent == INTENT_UNKNOWN ||
	       (first->questions != 0 && later->questions == 0);
}

/* Rule i comes first. */
static void check_pair(struct audit *a, size_t i, size_t k)
{
	const struct rules_example *first = NULL;
	size_t n;

	if (is_wider(&a->rs->rules[k], &a->rs->rules[i]))
		return;
	n = taken_of(a, i, k, &first);
	if (n == 0 || n == file_rule(a, i)->examples_n ||
		is_excepted(file_rule(a, k), first->text))
		return;
	a->rc = node_error(first->node, a->diags,
		"'" STR_FMT "' would be of rule '" STR_FMT
		"' too, which comes later: only their order decides; narrow "
		"one of them, or put the text under `not` there",
		STR_ARG(first->text), STR_ARG(file_rule(a, k)->name));
}

/* ---- backtracking ---- */

/* The text again and again, as long as a text is read. */
static struct str repeated(struct str text, struct arena *a)
{
	char *p = arena_alloc(a, MESSAGE_TEXT_MAX);
	size_t n = 0;

	while (text.n > 0 && n + text.n + 1 < MESSAGE_TEXT_MAX) {
		memcpy(p + n, text.p, text.n);
		n += text.n;
		p[n++] = ' ';
	}
	return (struct str){p, n};
}

/* A text, and what it is when it has no end. */
struct endless {
	struct str text;
	struct lexed l;
};

static void check_pattern(struct audit *a, const struct pattern *p,
	const struct node *node, const struct endless *x)
{
	int rc;

	if (!pattern_may_match(p, &x->l))
		return;
	rc = match_slowly(a, p, x->l.text);
	if (rc != PCRE2_ERROR_MATCHLIMIT && rc != PCRE2_ERROR_DEPTHLIMIT)
		return;
	a->rc = node_error(node, a->diags,
		"this pattern backtracks more than %d steps a character on "
		"'" STR_FMT "', written %zu times; nested or neighbouring "
		"repeats?",
		STEPS_PER_CHARACTER, STR_ARG(x->text),
		(size_t)MESSAGE_TEXT_MAX / (x->text.n + 1));
}

static void check_slots(
	struct audit *a, const struct slots *s, const struct endless *x)
{
	const struct rules_slots *from = &a->rs->file->slots[s - a->rs->slots];

	for (size_t k = 0; k < s->n; k++)
		check_pattern(a, &s->v[k].pattern, from->v[k].pattern, x);
}

static void check_text(struct audit *a, size_t i, struct str text)
{
	const struct rule *r = &a->rs->rules[i];
	struct endless x = {
		text, lexed_of(a, repeated(text, a->text), a->text)};

	check_pattern(a, &r->when, file_rule(a, i)->when, &x);
	if (r->slots != NULL)
		check_slots(a, r->slots, &x);
	arena_reset(a->text);
}

/* Figures and words without end are in nobody's examples. */
static void check_backtracking(struct audit *a, size_t i)
{
	static const char *const hostile[] = {"1", "1 2", "mg07 1", "a", "1/1"};
	const struct rules_rule *r = file_rule(a, i);

	for (size_t e = 0; e < r->examples_n && e < LONG_TEXTS_MAX; e++)
		check_text(a, i, r->examples[e].text);
	for (size_t e = 0; e < sizeof(hostile) / sizeof(hostile[0]); e++)
		check_text(a, i, str_of(hostile[e]));
}

int ruleset_audit(const struct ruleset *rs, struct diags *d)
{
	struct audit a = {
		.rs = rs,
		.diags = d,
		.arena = arena_new(ARENA_FIRST),
		.text = arena_new(ARENA_FIRST),
		.match = pcre2_match_data_create(PATTERN_GROUPS_MAX * 2, NULL),
		.limits = pcre2_match_context_create(NULL),
	};

	if (a.match == NULL || a.limits == NULL)
		abort();
	pcre2_set_match_limit(a.limits, STEPS_PER_CHARACTER * MESSAGE_TEXT_MAX);
	lex_examples(&a);
	for (size_t i = 0; i < rs->rules_n; i++) {
		for (size_t k = i + 1; k < rs->rules_n; k++)
			check_pair(&a, i, k);
		check_backtracking(&a, i);
	}
	pcre2_match_context_free(a.limits);
	pcre2_match_data_free(a.match);
	arena_free(a.text);
	arena_free(a.arena);
	return a.rc;
}
