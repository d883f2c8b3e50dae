/*
 * read_values - days, names, phones and free text.
 *
 * Readers for the groups of the slots that are neither a figure nor a code.
 * Each takes the characters that a slot cut out and no others; what is not
 * certain becomes a problem. Pure; writer thread.
 */
#include "parsers/phone.h"
#include "parsers/read_parts.h"

#define LIST_MAX 200
#define AHEAD_DAYS 45  /* of a day that should be past: a slip, or planned */
#define BEHIND_DAYS 60 /* of a day that should be to come */
#define DAY_OF_MONTH 31

enum where { PAST, NEAREST, FUTURE };

static enum where where_of(enum field f)
{
	if (f == FIELD_DUE)
		return FUTURE;
	return f == FIELD_SINCE || f == FIELD_OLD_DATE ? NEAREST : PAST;
}

static int64_t distance(day_t day, day_t today, enum where where)
{
	int64_t d = (int64_t)day - today;

	if (where == PAST && d > AHEAD_DAYS)
		return INT32_MAX;
	if (where == FUTURE && d < -BEHIND_DAYS)
		return INT32_MAX;
	return d < 0 ? -d : d;
}

/* Of three years, the day that fits best. */
static day_t of_month(int day, int month, day_t today, enum where where)
{
	int64_t best = INT64_MAX;
	day_t found = DAY_NONE;

	for (int y = day_ymd(today).y - 1; y <= day_ymd(today).y + 1; y++) {
		day_t d = day_of(y, month, day);

		if (d == DAY_NONE || distance(d, today, where) >= best)
			continue;
		best = distance(d, today, where);
		found = d;
	}
	return found;
}

static day_t of_day(int day, day_t today, enum where where)
{
	for (int k = 0; k <= DAY_OF_MONTH; k++) {
		if (where != FUTURE && day_ymd(today - k).d == day)
			return today - k;
		if (where != PAST && day_ymd(today + k).d == day)
			return today + k;
	}
	return DAY_NONE;
}

static day_t of_text(struct str s, day_t today, enum where where)
{
	int v[3] = {0};
	struct str one;
	int n = 0;
	int64_t k = 0;

	if (str_is(s, "TODAY"))
		return today;
	if (str_is(s, "YESTERDAY"))
		return today - 1;
	if (str_is(s, "DAYBEFORE"))
		return today - 2;
	while (n < 3 && reader_number(&s, &one)) {
		if (str_to_i64(one, &k) != 0 || k > 2200)
			return DAY_NONE;
		v[n++] = (int)k;
	}
	if (n == 3)
		return day_of(v[2] < 100 ? 2000 + v[2] : v[2], v[1], v[0]);
	if (n == 2)
		return of_month(v[0], v[1], today, where);
	return n == 1 ? of_day(v[0], today, where) : DAY_NONE;
}

/* 5/11 · 5 MONTH 11 · 5 · TODAY, day first; the field says where to look. */
void read_day(struct reader *x, enum field f, struct span span)
{
	day_t d = of_text(
		scan_lexed(x->scan, span), x->context->today, where_of(f));

	if (d == DAY_NONE)
		reader_problem(x, PROBLEM_BAD_DATE, scan_raw(x->scan, span));
	else
		reader_int(x, f, d, span);
}

/* Words between names, and before one. */
static bool is_joiner(struct str word)
{
	static const char *const v[] = {"va", "voi", "cung", "cho", "chi",
		"ong", "ba", "co", "chu", "bac", "cu"};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (str_is(word, v[i]))
			return true;
	return false;
}

struct names {
	struct str v[LIST_MAX];
	size_t n;
	size_t from, to; /* of the folded text: the name being read */
};

struct str reader_one_line(const struct reader *x, struct str s)
{
	char *p = arena_alloc(x->arena, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool blank = strchr(" \t\r\n", s.p[i]) != NULL;

		if (!blank || n == 0 || p[n - 1] != ' ')
			p[n++] = (char)(blank ? ' ' : s.p[i]);
	}
	return (struct str){p, n};
}

static void end_name(struct reader *x, struct names *l)
{
	if (l->to > l->from && l->n < LIST_MAX)
		l->v[l->n++] = reader_one_line(x,
			normal_raw(&x->scan->text, l->from, l->to - l->from));
	l->from = l->to = 0;
}

static void add_word(struct reader *x, struct names *l, const struct lexeme *w)
{
	bool full = w->symbol != LEXICON_NONE &&
		    w->symbol == x->scan->rs->vocabulary.name_symbol;

	/* What was dropped between two words (anh, chi) parts two names. */
	if (full || (l->to > 0 && w->from > l->to + 1U))
		end_name(x, l);
	if (l->to == 0)
		l->from = w->from;
	l->to = w->to;
	if (full)
		end_name(x, l);
	else
		reader_problem(x, PROBLEM_NAME_UNCLEAR,
			normal_raw(&x->scan->text, w->from,
				(size_t)(w->to - w->from)));
}

/* "Lo Van Inh, Tong Thi Han": full names as typed; others are asked. */
void read_names(struct reader *x, enum field f, struct span span)
{
	const struct lexed *lexed = &x->scan->lexed;
	struct fields *to = &x->r->fields;
	struct names *l = ARENA_NEW(x->arena, struct names);

	if (field_has(to, f)) {
		l->n = to->v[f].list.n;
		memcpy(l->v, to->v[f].list.p, l->n * sizeof(l->v[0]));
	}
	for (size_t i = 0; i < lexed->n; i++) {
		const struct lexeme *w = &lexed->v[i];

		if (w->at < span.at || w->at >= span.at + span.n)
			continue;
		if (w->kind == LEXEME_PUNCT ||
			is_joiner(str_part(x->scan->text.folded, w->from,
				(size_t)(w->to - w->from))))
			end_name(x, l);
		else
			add_word(x, l, w);
	}
	end_name(x, l);
	field_set_texts(to, f, l->v, l->n);
	reader_note(x, f, span);
}

void read_phone(struct reader *x, enum field f, struct span span)
{
	struct phone phone;

	if (phone_parse(scan_raw(x->scan, span), &phone) != 0) {
		reader_problem(
			x, PROBLEM_NUMBER_RANGE, scan_raw(x->scan, span));
		return;
	}
	reader_text(x, f, arena_str(x->arena, str_of(phone.z)), span);
}

static bool is_edge(char c)
{
	return strchr(" \t\r\n:;,.-", c) != NULL;
}

/*
 * From behind the word before it, so that a particle which means nothing to
 * the rules is kept, and to the end of the text if nothing else follows.
 */
void read_free_text(struct reader *x, enum field f, struct span span)
{
	const struct lexed *l = &x->scan->lexed;
	const struct normal *t = &x->scan->text;
	size_t from = 0, to = 0;
	struct str s;

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].at < span.at)
			from = l->v[i].to;
		if (l->v[i].at < span.at + span.n)
			to = l->v[i].to;
	}
	if (span.at + span.n >= l->text.n)
		to = t->folded.n;
	s = normal_raw(t, from, to - from);
	while (s.n > 0 && is_edge(s.p[0]))
		s = str_from(s, 1);
	reader_text(x, f, str_trim(s), span);
}
