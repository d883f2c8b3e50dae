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

#include <assert.h>
#include <stdio.h>

#define UNSAID INT64_C(-1)

#define SCORE_MAX 100
#define MINUTES_MAX 600

/* UNSAID where the text says nothing. */
struct counts {
	int64_t total, present, excused, unexcused, absent, away;
};

/* Fields that make up a report, as they stand in an echo. */
static const struct mark {
	enum field field;
	const char *label;
} marks[] = {
	{FIELD_TOTAL, "TS"},
	{FIELD_PRESENT, "CM"},
	{FIELD_EXCUSED, "VP"},
	{FIELD_UNEXCUSED, "VK"},
	{FIELD_EXEMPT, "MIEN"},
	{FIELD_AWAY, "DIXA"},
	{FIELD_OFFICIAL, "CHINHTHUC"},
	{FIELD_PROBATIONARY, "DUBI"},
	{FIELD_UPPER, "CT"},
	{FIELD_SCORE, "D"},
	{FIELD_MINUTES, "P"},
};

/* What a report holds besides: compared and merged, written on their own. */
static const enum field extras[] = {
	FIELD_VOTE_FOR,
	FIELD_VOTE_AGAINST,
	FIELD_VOTE_ABSTAIN,
	FIELD_TIME,
	FIELD_RESOLUTION,
	FIELD_TOPICS,
};

#define MARKS_N (sizeof(marks) / sizeof(marks[0]))
#define EXTRAS_N (sizeof(extras) / sizeof(extras[0]))

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

static bool in_range(const struct fields *f, int64_t max)
{
	for (size_t i = 0; i < MARKS_N; i++)
		if (field_int(f, marks[i].field, 0) > max)
			return false;
	return field_int(f, FIELD_ABSENT, 0) <= max &&
	       figures_votes(f) <= max &&
	       field_int(f, FIELD_SCORE, 0) <= SCORE_MAX &&
	       field_int(f, FIELD_MINUTES, 0) <= MINUTES_MAX;
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

	if (!in_range(f, max))
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

static enum field figure_at(size_t i)
{
	return i < MARKS_N ? marks[i].field : extras[i - MARKS_N];
}

static bool same_texts(const struct value *x, const struct value *y)
{
	const struct str *a = x->list.p;
	const struct str *b = y->list.p;

	if (x->list.n != y->list.n)
		return false;
	for (size_t i = 0; i < x->list.n; i++)
		if (!str_eq(a[i], b[i]))
			return false;
	return true;
}

static bool same_value(
	enum field id, const struct value *x, const struct value *y)
{
	switch (field_type(id)) {
	case FIELD_T_TEXT:
		return str_eq(x->s, y->s);
	case FIELD_T_TEXTS:
		return same_texts(x, y);
	default:
		return x->i == y->i;
	}
}

bool figures_same(const struct fields *given, const struct fields *stored)
{
	for (size_t i = 0; i < MARKS_N + EXTRAS_N; i++) {
		enum field id = figure_at(i);

		if (field_has(given, id) &&
			(!field_has(stored, id) ||
				!same_value(id, &given->v[id], &stored->v[id])))
			return false;
	}
	return true;
}

int figures_merge(struct fields *into, const struct fields *given)
{
	int n = 0;

	for (size_t i = 0; i < MARKS_N + EXTRAS_N; i++) {
		enum field id = figure_at(i);

		if (!field_has(given, id))
			continue;
		into->v[id] = given->v[id];
		into->has[id / 64] |= UINT64_C(1) << (id % 64);
		n++;
	}
	return n;
}

/* An echo under construction; what does not fit is left out whole. */
struct line {
	char z[240];
	size_t n;
};

static void line_put(struct line *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void line_put(struct line *l, const char *fmt, ...)
{
	size_t gap = l->n > 0 ? 1 : 0;
	size_t room = sizeof(l->z) - l->n - gap;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->z + l->n + gap, room, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if ((size_t)n >= room)
		return;
	if (gap > 0)
		l->z[l->n] = ' ';
	l->n += gap + (size_t)n;
}

/* A resolution's number was typed by a person: echo only what is plain. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("0123456789-/.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz",
			    s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.n <= 16;
}

static void line_put_votes(struct line *l, const struct fields *f)
{
	static const enum field kinds[] = {
		FIELD_VOTE_FOR, FIELD_VOTE_AGAINST, FIELD_VOTE_ABSTAIN};
	long long v[3];
	int n = 0;

	while (n < 3 && field_has(f, kinds[n])) {
		v[n] = f->v[kinds[n]].i;
		n++;
	}
	if (n == 3)
		line_put(l, "BQ%lld/%lld/%lld", v[0], v[1], v[2]);
	else if (n == 2)
		line_put(l, "BQ%lld/%lld", v[0], v[1]);
	else if (n == 1)
		line_put(l, "BQ%lld", v[0]);
}

static void line_put_topics(struct line *l, const struct fields *f)
{
	const struct str *v = f->v[FIELD_TOPICS].list.p;

	if (!field_has(f, FIELD_TOPICS))
		return;
	for (size_t i = 0; i < f->v[FIELD_TOPICS].list.n; i++)
		if (is_plain(v[i]))
			line_put(l, "ND" STR_FMT, STR_ARG(v[i]));
}

struct str figures_text(const struct fields *f, struct arena *a)
{
	struct line l = {.n = 0};
	struct str resolution = field_text(f, FIELD_RESOLUTION);
	int64_t time = field_int(f, FIELD_TIME, UNSAID);

	for (size_t i = 0; i < MARKS_N; i++)
		if (field_has(f, marks[i].field))
			line_put(&l, "%s%lld", marks[i].label,
				(long long)f->v[marks[i].field].i);
	if (is_plain(resolution))
		line_put(&l, "NQ" STR_FMT, STR_ARG(resolution));
	line_put_votes(&l, f);
	if (time != UNSAID)
		line_put(&l, "%dh%02d", (int)(time / 60), (int)(time % 60));
	line_put_topics(&l, f);
	return arena_str(a, (struct str){l.z, l.n});
}
