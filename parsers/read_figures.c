/*
 * read_figures - what the figures of a text mean together.
 *
 * A bare P, votes as a share, figures that were told apart by order, and those
 * that were guessed: what a single one cannot say, their sum may. Runs when an
 * answer has been joined with what its question knew. Pure.
 */
#include "parsers/read_parts.h"

/* A bare P10 is excused when it completes the sum, else minutes (§5). */
static void settle_p(struct reader *x)
{
	const struct fields *f = &x->r->fields;
	int64_t total = field_int(f, FIELD_TOTAL, -1);
	int64_t rest, others;

	if (x->p < 0)
		return;
	if (field_has(f, FIELD_EXCUSED)) {
		field_set_int(&x->r->fields, FIELD_MINUTES, x->p);
		return;
	}
	if (total < 0 && x->r->unit_index >= 0)
		total = x->context->units[x->r->unit_index].roll;
	rest = field_has(f, FIELD_ABSENT)
		       ? field_int(f, FIELD_ABSENT, 0)
		       : total - field_int(f, FIELD_PRESENT, total);
	others = field_int(f, FIELD_UNEXCUSED, 0);
	if (rest == x->p + others || (rest > 0 && x->p < rest && others == 0))
		field_set_int(&x->r->fields, FIELD_EXCUSED, x->p);
	else if (x->p > rest)
		field_set_int(&x->r->fields, FIELD_MINUTES, x->p);
	else
		reader_problem(x, PROBLEM_AMBIGUOUS, STR("P"));
}

/* "BQ 35/35" of 35 present: a share of those who voted, not a tie of 70. */
static void settle_votes(struct reader *x)
{
	struct fields *f = &x->r->fields;
	int64_t yes = field_int(f, FIELD_VOTE_FOR, 0);

	if (yes > 0 && field_int(f, FIELD_VOTE_AGAINST, 0) == yes &&
		!field_has(f, FIELD_VOTE_ABSTAIN) &&
		field_int(f, FIELD_PRESENT, 0) == yes)
		field_set_int(f, FIELD_VOTE_AGAINST, 0);
}

/* In the order in which they stand; the last ones when there are less. */
static const enum field in_order[READER_LIST_MAX] = {
	FIELD_TOTAL, FIELD_PRESENT, FIELD_EXCUSED, FIELD_UNEXCUSED};

/* As it is known, or by the roll; -1: neither. */
static int64_t total_of(const struct reader *x)
{
	const struct context *c = x->context;
	const struct fields *f = &x->r->fields;
	struct str unit = field_text(f, FIELD_UNIT);

	if (field_has(f, FIELD_TOTAL))
		return f->v[FIELD_TOTAL].i;
	if (x->r->unit_index >= 0)
		return c->units[x->r->unit_index].roll;
	for (size_t i = 0; i < c->units_n && unit.n > 0; i++)
		if (str_eq(c->units[i].code, unit))
			return c->units[i].roll;
	return -1;
}

static bool counts_add_up(const struct reader *x)
{
	const struct fields *f = &x->r->fields;

	return field_has(f, FIELD_PRESENT) && field_has(f, FIELD_EXCUSED) &&
	       field_has(f, FIELD_UNEXCUSED) &&
	       field_int(f, FIELD_PRESENT, 0) + field_int(f, FIELD_EXCUSED, 0) +
			       field_int(f, FIELD_UNEXCUSED, 0) ==
		       total_of(x);
}

static bool has_slash(const struct reader *x)
{
	return memchr(x->scan->lexed.text.p, '/', x->scan->lexed.text.n) !=
	       NULL;
}

/*
 * "10 2" after "how many with leave, how many without?" Figures that neither
 * add up nor can be held against a total are a guess: asked again, not kept.
 */
static void settle_list(struct reader *x)
{
	struct fields *f = &x->r->fields, before;
	const struct pending *q = x->context->pending;
	size_t skip = READER_LIST_MAX - x->list_n;

	if (x->list_n == 0)
		return;
	before = *f;
	for (size_t i = 0; i < x->list_n; i++)
		field_set_int(f, in_order[skip + i], x->list[i]);
	if (x->proof == PROBLEM_NONE)
		x->proof = PROBLEM_SUM_MISMATCH;
	if (x->context->pending_n == 0 || q->partial == NULL ||
		counts_add_up(x) ||
		(field_has(f, FIELD_TOTAL) && field_has(f, FIELD_PRESENT) &&
			!has_slash(x)))
		return;
	*f = before;
	x->proof = PROBLEM_NONE;
	reader_problem(x, q->problem, STR(""));
}

/* Nobody is left: an absence that was not said is 0. */
static bool nobody_is_left(const struct reader *x)
{
	const struct fields *f = &x->r->fields;
	int64_t absent = field_int(f, FIELD_EXCUSED, 0) +
			 field_int(f, FIELD_UNEXCUSED, 0);

	for (int i = FIELD_ABSENT_MEMBERS; i <= FIELD_LATE_MEMBERS; i++)
		if (field_has(f, (enum field)i))
			return false;
	return field_has(f, FIELD_PRESENT) &&
	       (absent > 0 || field_has(f, FIELD_TOTAL)) &&
	       field_int(f, FIELD_ABSENT, absent) == absent &&
	       field_int(f, FIELD_PRESENT, 0) + absent == total_of(x);
}

/*
 * A guess stands when total, present and absences prove it together; words
 * that may be chatter do when nobody is left or named of whom they could speak.
 */
static void settle_proof(struct reader *x)
{
	bool proven = x->proof == PROBLEM_AMBIGUOUS ? nobody_is_left(x)
						    : counts_add_up(x);

	if (x->proof != PROBLEM_NONE && !proven)
		reader_problem(x, x->proof, STR(""));
}

static bool is_about_day(enum problem p)
{
	return p == PROBLEM_BAD_DATE || p == PROBLEM_FUTURE_DATE ||
	       p == PROBLEM_OLD_DATE || p == PROBLEM_LUNAR_DATE ||
	       p == PROBLEM_WEEKDAY_MISMATCH || p == PROBLEM_DATE_AMBIGUOUS;
}

/* All four stand and add up: two numbers more are no figures of it. */
static bool adds_up(const struct fields *f)
{
	return field_has(f, FIELD_TOTAL) && field_has(f, FIELD_PRESENT) &&
	       field_has(f, FIELD_EXCUSED) && field_has(f, FIELD_UNEXCUSED) &&
	       field_int(f, FIELD_PRESENT, 0) + field_int(f, FIELD_EXCUSED, 0) +
			       field_int(f, FIELD_UNEXCUSED, 0) ==
		       field_int(f, FIELD_TOTAL, 0);
}

/* Is the day what the question asks for? Unknown: as it is written. */
static bool day_is_asked(const struct reader *x)
{
	const struct context *c = x->context;
	const struct pending *q = c->pending_n > 0 ? &c->pending[0] : NULL;

	if (q != NULL && q->partial != NULL)
		return !field_has(q->partial, FIELD_DATE) ||
		       is_about_day(q->problem) ||
		       (q->problem == PROBLEM_NONE && adds_up(q->partial));
	return has_slash(x);
}

void read_list_day(struct reader *x)
{
	if (x->list_n != 2 || !day_is_asked(x))
		return;
	date_put(&x->date, &x->date.day, (int)x->list[0]);
	date_put(&x->date, &x->date.month, (int)x->list[1]);
	x->list_n = 0;
}

void read_figures(struct reader *x)
{
	settle_list(x);
	settle_p(x);
	settle_votes(x);
	settle_proof(x);
}
