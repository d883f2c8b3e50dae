/*
 * figures - do the numbers of a report add up, and what follows from them?
 *
 * CM + VP + VK = TS is the one law. From it one missing number may be taken,
 * and only where a single value is possible: a report that leaves a choice is
 * asked back, because a figure stored wrongly is worse than a question. The
 * total comes from the roll only when those present and absent make it up.
 * MIEN (exempt) is part of VP. Pure arithmetic on fields; writer thread.
 */
#include "handlers/figures.h"

#define UNSAID INT64_C(-1)

/* UNSAID where the text says nothing. */
struct counts {
	int64_t total, present, excused, unexcused, absent, away;
};

static int64_t said(int64_t n)
{
	return n > 0 ? n : 0;
}

static struct counts counts_of(const struct fields *f)
{
	return (struct counts){
		.total = field_int(f, FIELD_TOTAL, UNSAID),
		.present = field_int(f, FIELD_PRESENT, UNSAID),
		.excused = field_int(f, FIELD_EXCUSED, UNSAID),
		.unexcused = field_int(f, FIELD_UNEXCUSED, UNSAID),
		.absent = field_int(f, FIELD_ABSENT, UNSAID),
		.away = field_int(f, FIELD_AWAY, UNSAID),
	};
}

/* All absences, when the text leaves no doubt about them; else UNSAID. */
static int64_t absences(const struct counts *c)
{
	if (c->absent != UNSAID)
		return c->absent;
	if (c->excused != UNSAID && c->unexcused != UNSAID)
		return c->excused + c->unexcused;
	return UNSAID;
}

/* The absences that were said at all: members away stand for an unsaid VP. */
static int64_t absences_said(const struct counts *c)
{
	if (absences(c) != UNSAID)
		return absences(c);
	return said(c->excused == UNSAID ? c->away : c->excused) +
	       said(c->unexcused);
}

/* Shares out `gap` absences; one kind may be the remainder, never both. */
static enum problem settle_split(struct counts *c, int64_t gap)
{
	if (c->excused == UNSAID && c->unexcused == UNSAID) {
		if (gap != 0)
			return PROBLEM_MISSING_ABSENCE_SPLIT;
		c->excused = 0;
		c->unexcused = 0;
	} else if (c->excused == UNSAID) {
		c->excused = gap - c->unexcused;
	} else if (c->unexcused == UNSAID) {
		c->unexcused = gap - c->excused;
	}
	if (c->excused < 0 || c->unexcused < 0 ||
		c->excused + c->unexcused != gap)
		return PROBLEM_SUM_MISMATCH;
	return PROBLEM_NONE;
}

static enum problem settle_with_total(struct counts *c, int roll)
{
	enum problem p;

	if (c->present > c->total)
		return PROBLEM_PRESENT_GT_TOTAL;
	if (c->absent != UNSAID && c->absent != c->total - c->present)
		return PROBLEM_SUM_MISMATCH;
	p = settle_split(c, c->total - c->present);
	if (p != PROBLEM_SUM_MISMATCH && roll > 0 && c->total != roll)
		return PROBLEM_ROSTER_MISMATCH;
	return p;
}

static enum problem settle_without_total(struct counts *c, int roll)
{
	int64_t gap = absences(c);
	int64_t sum = c->present + absences_said(c);

	if (roll > 0 && sum == roll) {
		c->total = roll;
		return settle_split(c, roll - c->present);
	}
	if (roll > 0 && (gap != UNSAID || sum > roll))
		return PROBLEM_ROSTER_MISMATCH;
	if (gap == UNSAID)
		return PROBLEM_MISSING_ABSENCE_SPLIT;
	return settle_split(c, gap);
}

static enum problem settle_counts(struct counts *c, int roll)
{
	if (c->present == UNSAID) {
		if (c->total == UNSAID || absences(c) == UNSAID)
			return PROBLEM_MISSING_PRESENT;
		if (absences(c) > c->total)
			return PROBLEM_SUM_MISMATCH;
		c->present = c->total - absences(c);
	}
	if (c->total != UNSAID)
		return settle_with_total(c, roll);
	return settle_without_total(c, roll);
}

static void put(struct fields *f, enum field id, int64_t n)
{
	if (n != UNSAID)
		field_set_int(f, id, n);
}

enum problem figures_settle(struct fields *f, int roll, int64_t max)
{
	struct counts c = counts_of(f);
	enum problem p;

	if (!figures_in_range(f, max))
		return PROBLEM_NUMBER_RANGE;
	p = settle_counts(&c, roll);
	if (p != PROBLEM_NONE)
		return p;
	put(f, FIELD_TOTAL, c.total);
	put(f, FIELD_PRESENT, c.present);
	put(f, FIELD_EXCUSED, c.excused);
	put(f, FIELD_UNEXCUSED, c.unexcused);
	if (field_int(f, FIELD_EXEMPT, 0) > c.excused ||
		figures_votes(f) > c.present)
		return PROBLEM_SUM_MISMATCH;
	return PROBLEM_NONE;
}

int64_t figures_sum(const struct fields *f)
{
	struct counts c = counts_of(f);

	if (c.excused != UNSAID && c.unexcused != UNSAID)
		c.absent = UNSAID;
	return said(c.present) + absences_said(&c);
}

int64_t figures_votes(const struct fields *f)
{
	return field_int(f, FIELD_VOTE_FOR, 0) +
	       field_int(f, FIELD_VOTE_AGAINST, 0) +
	       field_int(f, FIELD_VOTE_ABSTAIN, 0);
}
