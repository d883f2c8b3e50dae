/*
 * figures_text - the numbers of a report as a list: compared, merged, written.
 *
 * One line per field with the label under which people text it and read it
 * back, in the order of an echo. A field that is added here is compared,
 * corrected, checked for its size and echoed. Pure; writer thread.
 */
#include "handlers/figures.h"

#define SCORE_MAX 100
#define MINUTES_MAX 600

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

bool figures_same(const struct fields *said, const struct fields *stored)
{
	for (size_t i = 0; i < MARKS_N + EXTRAS_N; i++) {
		enum field id = figure_at(i);

		if (field_has(said, id) &&
			(!field_has(stored, id) ||
				!same_value(id, &said->v[id], &stored->v[id])))
			return false;
	}
	return true;
}

int figures_merge(struct fields *into, const struct fields *said)
{
	int n = 0;

	for (size_t i = 0; i < MARKS_N + EXTRAS_N; i++) {
		enum field id = figure_at(i);

		if (!field_has(said, id))
			continue;
		into->v[id] = said->v[id];
		into->has[id / 64] |= UINT64_C(1) << (id % 64);
		n++;
	}
	return n;
}

static bool too_large(const struct fields *f, enum field id, int64_t max)
{
	if (id == FIELD_SCORE)
		max = SCORE_MAX;
	else if (id == FIELD_MINUTES)
		max = MINUTES_MAX;
	return field_int(f, id, 0) > max;
}

bool figures_in_range(const struct fields *f, int64_t max)
{
	for (size_t i = 0; i < MARKS_N; i++)
		if (too_large(f, marks[i].field, max))
			return false;
	return !too_large(f, FIELD_ABSENT, max) && figures_votes(f) <= max;
}

void figures_drop_large(struct fields *f, int64_t max)
{
	for (size_t i = 0; i < MARKS_N; i++)
		if (too_large(f, marks[i].field, max))
			field_drop(f, marks[i].field);
	if (too_large(f, FIELD_ABSENT, max))
		field_drop(f, FIELD_ABSENT);
}

/* An echo under construction; an item that does not fit is left out whole. */
struct line {
	char z[240];
	size_t n;
	size_t item; /* where the present one begins */
	bool over;
};

static void put(struct line *l, struct str s)
{
	l->over = l->over || s.n > sizeof(l->z) - l->n;
	if (l->over)
		return;
	memcpy(l->z + l->n, s.p, s.n);
	l->n += s.n;
}

static void put_int(struct line *l, int64_t i)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + i % 10);
		i /= 10;
	} while (i > 0);
	put(l, (struct str){digits + at, sizeof(digits) - at});
}

static void begin(struct line *l, const char *label)
{
	l->item = l->n;
	l->over = false;
	if (l->n > 0)
		put(l, STR(" "));
	put(l, str_of(label));
}

static void end(struct line *l)
{
	if (l->over)
		l->n = l->item;
}

/* What a person typed goes back only where it is plain. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("0123456789-/.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "abcdefghijklmnopqrstuvwxyz",
			    s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.n <= 16;
}

static void put_typed(struct line *l, const char *label, struct str s)
{
	if (!is_plain(s))
		return;
	begin(l, label);
	put(l, s);
	end(l);
}

static void put_votes(struct line *l, const struct fields *f)
{
	static const enum field kinds[] = {
		FIELD_VOTE_FOR, FIELD_VOTE_AGAINST, FIELD_VOTE_ABSTAIN};

	if (!field_has(f, FIELD_VOTE_FOR))
		return;
	begin(l, "BQ");
	for (size_t i = 0; i < 3 && field_has(f, kinds[i]); i++) {
		if (i > 0)
			put(l, STR("/"));
		put_int(l, f->v[kinds[i]].i);
	}
	end(l);
}

static void put_time(struct line *l, const struct fields *f)
{
	int64_t time = field_int(f, FIELD_TIME, -1);

	if (time < 0)
		return;
	begin(l, "");
	put_int(l, time / 60);
	put(l, STR("h"));
	if (time % 60 > 0 && time % 60 < 10)
		put(l, STR("0"));
	if (time % 60 > 0)
		put_int(l, time % 60);
	end(l);
}

static void put_topics(struct line *l, const struct fields *f)
{
	const struct str *v = f->v[FIELD_TOPICS].list.p;

	if (!field_has(f, FIELD_TOPICS))
		return;
	for (size_t i = 0; i < f->v[FIELD_TOPICS].list.n; i++)
		put_typed(l, "ND", v[i]);
}

struct str figures_text(const struct fields *f, struct arena *a)
{
	struct line l = {.n = 0};

	for (size_t i = 0; i < MARKS_N; i++) {
		if (field_int(f, marks[i].field, -1) < 0)
			continue;
		begin(&l, marks[i].label);
		put_int(&l, f->v[marks[i].field].i);
		end(&l);
	}
	put_typed(&l, "NQ", field_text(f, FIELD_RESOLUTION));
	put_votes(&l, f);
	put_time(&l, f);
	put_topics(&l, f);
	return arena_str(a, (struct str){l.z, l.n});
}
