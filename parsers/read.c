/*
 * read - what does this text mean, from this sender, at this moment?
 *
 * Picks the first rule that the open question allows, lets the typed readers
 * turn its slots into fields, and then holds the text against what was read:
 * a number, a code or a known word that nothing has accounted for makes the
 * whole reading doubtful, because a figure that is silently dropped is as bad
 * as one that is made up. Pure; writer thread, also the loop for `parse`.
 */
#include "parsers/read_parts.h"

static bool was_asked(const struct rule *r, const struct context *c)
{
	if (r->questions == 0)
		return true;
	/* Only the newest question is answered by a bare word. */
	for (size_t i = 1; r->late && i < c->pending_n; i++)
		if ((r->questions >> c->pending[i].question & 1) != 0)
			return true;
	return c->pending_n > 0 &&
	       (r->questions >> c->pending[0].question & 1) != 0;
}

/*
 * Figures, days and hours are pieces of any record; a reason or a place is an
 * answer only to who asked for one.
 */
static bool is_answer_to(const struct rule *r, const struct context *c)
{
	if (!r->answer || c->pending_n == 0 || c->pending[0].partial == NULL)
		return true;
	return r->intent == INTENT_MEETING_REPORT ||
	       r->intent == INTENT_MEETING_ANNOUNCE ||
	       r->intent == c->pending[0].intent;
}

/* Do the text's words name a unit? */
static bool names_unit(const struct scan *s, const struct context *c)
{
	for (size_t i = 0; i < s->units_n; i++)
		for (size_t k = 0; k < c->matches_n; k++)
			if (c->matches[k].n > 0 &&
				str_eq(c->matches[k].key, s->units[i].key))
				return true;
	return false;
}

static bool may_be(
	const struct rule *r, const struct scan *s, const struct context *c)
{
	return r->unit != RULES_UNIT_NAMED || names_unit(s, c);
}

/* The first answer to an open question, before the rule that needs none. */
static bool choose_answer(const struct scan *s, const struct context *c,
	struct arena *a, struct candidate *ret)
{
	const struct rule *taken = s->taken.rule, *r = s->rs->rules;
	const struct rule *end = scan_answers_end(s);
	pcre2_match_data *m = scan_match_data(a);

	for (; r < end; r++) {
		if (r->questions == 0 || !was_asked(r, c) || !may_be(r, s, c) ||
			!is_answer_to(r, c) || !scan_applies(s, r, m, ret))
			continue;
		/* Rules share sets of slots: the same matches. */
		if (taken != NULL && taken->slots == r->slots)
			ret->hits = s->taken.hits;
		else if (r->slots != NULL)
			ret->hits = scan_slots(s, r->slots, m);
		return true;
	}
	return false;
}

/* The next rule behind one that wants a unit to be named. */
static void choose_next(const struct scan *s, const struct context *c,
	struct arena *a, struct candidate *ret)
{
	const struct rule *r = ret->rule + 1;
	const struct rule *end = s->rs->rules + s->rs->rules_n;
	pcre2_match_data *m = scan_match_data(a);

	ret->rule = NULL;
	for (; r < end; r++) {
		if (r->questions != 0 || !may_be(r, s, c) ||
			!scan_applies(s, r, m, ret))
			continue;
		if (r->slots != NULL)
			ret->hits = scan_slots(s, r->slots, m);
		return;
	}
}

/* The rule that the text is read by; NULL in ret: none. */
static void choose(const struct scan *s, const struct context *c,
	struct arena *a, struct candidate *ret)
{
	if (c->pending_n > 0 && choose_answer(s, c, a, ret))
		return;
	*ret = s->taken;
	if (ret->rule != NULL && !may_be(ret->rule, s, c))
		choose_next(s, c, a, ret);
}

/* An answer is about what its question is about. */
static bool looks_ahead(const struct reader *x)
{
	const struct context *c = x->context;

	if (!x->taken->rule->answer || c->pending_n == 0)
		return x->taken->rule->dates == RULES_DATES_FUTURE;
	return c->pending[0].intent == INTENT_VOTE ||
	       c->pending[0].intent == INTENT_CONFIRM ||
	       c->pending[0].intent == INTENT_MEETING_ANNOUNCE ||
	       c->pending[0].intent == INTENT_MEETING_POSTPONE;
}

static void settle_date(struct reader *x)
{
	const struct date_parts *d = &x->date;
	enum problem p;
	day_t day = date_resolve(d, x->context->today, looks_ahead(x), &p);

	if (day != DAY_NONE)
		field_set_int(&x->r->fields, FIELD_DATE, day);
	reader_problem(x, p, STR(""));
	if (x->old.day == 0)
		return;
	day = date_resolve(&x->old, x->context->today, false, &p);
	if (day != DAY_NONE)
		field_set_int(&x->r->fields, FIELD_OLD_DATE, day);
	else
		reader_problem(x, p, STR(""));
}

static bool inside(const struct lexeme *l, struct span span)
{
	return l->at >= span.at && l->at + l->n <= span.at + span.n;
}

static bool is_of_unit(const struct reader *x, size_t i)
{
	return x->unit != NULL && i >= x->unit->first &&
	       i < (size_t)x->unit->first + x->unit->n;
}

/* Has something accounted for the lexeme? */
static bool is_read(const struct reader *x, size_t i)
{
	const struct lexeme *l = &x->scan->lexed.v[i];
	const struct candidate *c = x->taken;

	if (inside(l, c->when) || c->hits->rest[l->at] == SCAN_BLANK)
		return true;
	if (is_of_unit(x, i))
		return true;
	return l->kind == LEXEME_SYMBOL &&
	       symbols_has(&c->rule->ignore, l->symbol);
}

static bool is_name(const struct reader *x, size_t i)
{
	int symbol = x->scan->lexed.v[i].symbol;

	return symbol != LEXICON_NONE &&
	       symbol == x->scan->rs->vocabulary.name_symbol;
}

/* Where a name that was not read could be the one that is meant. */
static bool speaks_of_people(const struct reader *x)
{
	enum intent i = x->r->intent;

	return i == INTENT_ATTENDANCE || i == INTENT_MEMBER_STATUS ||
	       i == INTENT_REGISTER || i == INTENT_TASK;
}

/*
 * "47 d/c; du 35; phep 12": a figure without a label is the total when those
 * who came and those who did not make up just that.
 */
static bool is_total(struct reader *x, struct span span)
{
	struct fields *f = &x->r->fields;
	int64_t n;

	if (x->r->intent != INTENT_MEETING_REPORT ||
		field_has(f, FIELD_TOTAL) || !field_has(f, FIELD_PRESENT) ||
		(!field_has(f, FIELD_EXCUSED) &&
			!field_has(f, FIELD_UNEXCUSED)) ||
		str_to_i64(scan_lexed(x->scan, span), &n) != 0 ||
		field_int(f, FIELD_PRESENT, 0) +
				field_int(f, FIELD_EXCUSED, 0) +
				field_int(f, FIELD_UNEXCUSED, 0) !=
			n)
		return false;
	reader_int(x, FIELD_TOTAL, n, span);
	return true;
}

/* Of a strict rule: a plain word that says something of its own. */
static bool is_content(const struct reader *x, const struct lexeme *l)
{
	const struct vocabulary *v = &x->scan->rs->vocabulary;

	return x->taken->rule->strict && l->kind == LEXEME_WORD &&
	       x->taken->hits->rest[l->at] != SCAN_BLANK &&
	       (l->symbol == LEXICON_NONE
			       ? !lexicon_has_folded(v->small_words,
					 str_hash(scan_lexed(x->scan,
						 (struct span){l->at, l->n})))
			       : !symbols_has(
					 &x->taken->rule->ignore, l->symbol));
}

/* "20h toi mai nha anh Bun": dropped words said that it is a place. */
static bool is_house(const struct reader *x, size_t i)
{
	const struct lexeme *l = &x->scan->lexed.v[i];
	size_t at = i > 0 ? l[-1].to : 0;
	struct str gap = str_part(x->scan->text.folded, at, l->from - at);

	return memmem(gap.p, gap.n, "nha ", 4) != NULL;
}

static void check_leftovers(struct reader *x)
{
	const struct lexed *l = &x->scan->lexed;

	for (size_t i = 0; i < l->n; i++) {
		enum lexeme_kind kind = (enum lexeme_kind)l->v[i].kind;
		struct span span = {l->v[i].at, l->v[i].n};

		if (is_content(x, &l->v[i]) && !is_of_unit(x, i) &&
			!is_house(x, i))
			reader_problem(
				x, PROBLEM_AMBIGUOUS, scan_raw(x->scan, span));
		if (kind == LEXEME_PUNCT || is_read(x, i) ||
			(kind == LEXEME_NUMBER && is_total(x, span)))
			continue;
		x->r->whole = false;
		if (kind != LEXEME_WORD)
			reader_problem(
				x, PROBLEM_AMBIGUOUS, scan_raw(x->scan, span));
		else if (is_name(x, i) && speaks_of_people(x))
			reader_problem(x, PROBLEM_NAME_UNCLEAR,
				scan_raw(x->scan, span));
	}
}

/* An announcement has no reason: it was about the harvest itself. */
static void check_reason(struct reader *x)
{
	if (x->taken->rule->strict && x->r->intent == INTENT_MEETING_ANNOUNCE &&
		field_has(&x->r->fields, FIELD_REASON))
		reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
}

/* A name behind others, or behind a dash, may be who signs the text. */
static void check_signature(struct reader *x)
{
	if (x->scan->lexed.signed_by && speaks_of_people(x))
		reader_problem(x, PROBLEM_NAME_UNCLEAR, STR(""));
}

static void finish(struct reader *x)
{
	const struct rule *rule = x->taken->rule;

	if (x->taken->hits != NULL) {
		read_unit(x);
		read_list_day(x);
		settle_date(x);
		read_settle(x);
	}
	if (rule->answer)
		read_answer(x);
	if (x->r->intent == INTENT_CONFIRM)
		read_whose(x);
	x->r->whole = true;
	if (x->taken->hits != NULL) {
		read_figures(x);
		check_leftovers(x);
		check_signature(x);
		check_reason(x);
	}
	reader_problem(x, rule->problem, scan_raw(x->scan, x->taken->when));
	if (x->scan->mojibake)
		reader_problem(x, PROBLEM_MOJIBAKE, STR(""));
	if (x->scan->repair.keyword)
		reader_problem(x, PROBLEM_KEYWORD_TYPO, STR(""));
	if (x->r->intent == INTENT_MEETING_REPORT &&
		!field_has(&x->r->fields, FIELD_KIND))
		field_set_text(&x->r->fields, FIELD_KIND, STR("regular"));
	if (rule->items)
		read_items(x);
}

/* Not a word is left, but it was meant to say something. */
static void read_nothing(const struct scan *s, struct reading *ret)
{
	if (!s->mojibake)
		return;
	ret->intent = INTENT_UNKNOWN;
	ret->problem = PROBLEM_MOJIBAKE;
}

static struct reader begin(const struct scan *s, const struct context *c,
	struct arena *a, struct reading *ret)
{
	*ret = (struct reading){
		.intent = INTENT_OTHER, .unit_index = -1, .rule = STR("")};
	return (struct reader){.scan = s,
		.context = c,
		.arena = a,
		.r = ret,
		.date = {.ago = -1},
		.old = {.ago = -1},
		.proof = s->repair.label ? PROBLEM_KEYWORD_TYPO : PROBLEM_NONE,
		.p = -1};
}

/* doubt: what may have been no code; its p NULL: nothing. */
static void read_by(
	struct reader *x, const struct candidate *taken, struct str doubt)
{
	x->taken = taken;
	x->r->intent = taken->rule->intent;
	x->r->rule = taken->rule->name;
	x->r->repeatable = taken->rule->repeatable;
	if (doubt.p != NULL)
		reader_problem(x, PROBLEM_AMBIGUOUS, doubt);
	read_slots(x);
	finish(x);
}

/*
 * The rule of announcements that reads it, by the words that it needs; else
 * the widest. NULL: none.
 */
static const struct rule *announcing_rule(const struct scan *s)
{
	const struct ruleset *rs = s->rs;
	const struct rule *widest = NULL;

	for (size_t i = 0; i < rs->rules_n; i++) {
		const struct rule *r = &rs->rules[i];

		if (r->intent != INTENT_MEETING_ANNOUNCE || r->questions != 0 ||
			r->slots == NULL)
			continue;
		if (!r->strict && pattern_may_match(&r->when, &s->lexed))
			return r;
		widest = r;
	}
	return widest;
}

/* A day that is to come, or the rest of today. */
static bool is_ahead(const struct reading *r, const struct context *c)
{
	return r->problem == PROBLEM_FUTURE_DATE ||
	       (r->problem == PROBLEM_NONE &&
		       field_int(&r->fields, FIELD_DATE, DAY_NONE) ==
			       c->today &&
		       field_int(&r->fields, FIELD_TIME, -1) > c->minute);
}

/* "sinh hoat CN tuan nay 20h": a time to come, an hour, and not a figure. */
static bool announces(const struct reading *r, const struct context *c)
{
	static const enum field figures[] = {FIELD_TOTAL, FIELD_PRESENT,
		FIELD_EXCUSED, FIELD_UNEXCUSED, FIELD_ABSENT,
		FIELD_EXCUSED_MEMBERS, FIELD_UNEXCUSED_MEMBERS,
		FIELD_ABSENT_MEMBERS};

	if (r->intent != INTENT_MEETING_REPORT ||
		!field_has(&r->fields, FIELD_TIME) || !is_ahead(r, c))
		return false;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (field_has(&r->fields, figures[i]))
			return false;
	return true;
}

/* What was read as a report, once more, as what is to come. */
static void read_ahead(const struct scan *s, const struct context *c,
	struct arena *a, struct reading *ret)
{
	struct candidate taken = {.rule = announcing_rule(s)};
	struct reader x;

	if (taken.rule == NULL)
		return;
	taken.hits = scan_slots(s, taken.rule->slots, scan_match_data(a));
	x = begin(s, c, a, ret);
	read_by(&x, &taken, (struct str){NULL, 0});
}

void read_message(const struct scan *s, const struct context *c,
	struct arena *a, struct reading *ret)
{
	struct str doubt = {NULL, 0};
	struct candidate taken;
	struct reader x = begin(read_codes(s, c, a, &doubt), c, a, ret);

	choose(x.scan, c, a, &taken);
	if (taken.rule == NULL && x.scan != s) {
		/* As a unit it says nothing: "DV12 VE". */
		x.scan = s;
		choose(s, c, a, &taken);
		doubt = s->text.raw;
	}
	if (taken.rule == NULL) {
		read_nothing(s, ret);
		return;
	}
	read_by(&x, &taken, doubt);
	if (announces(ret, c) && taken.rule->questions == 0)
		read_ahead(x.scan, c, a, ret);
}
