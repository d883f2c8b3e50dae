/*
 * read_roll - which roll numbers does a list say?
 *
 * 1-12,15 18: numbers and ranges, in any order, each once. A count in front
 * ("vang 2: 5, 9") is no member: it must agree with the numbers behind it, or
 * the list is asked. Lists of one kind in one text are one. Pure; writer
 * thread.
 */
#include "parsers/read_parts.h"

#define LIST_MAX 200

struct numbers {
	int v[LIST_MAX];
	size_t n;
	bool bad;
};

static void add(struct numbers *l, int64_t from, int64_t to)
{
	for (; from <= to; from++) {
		size_t i = 0;

		while (i < l->n && l->v[i] != from)
			i++;
		if (i < l->n)
			continue;
		if (l->n == LIST_MAX) {
			l->bad = true;
			return;
		}
		l->v[l->n++] = (int)from;
	}
}

bool reader_is_range(struct str rest)
{
	rest = str_trim(rest);
	return str_starts(rest, STR("-")) || str_starts(rest, STR("den "));
}

/*
 * Does the first number say how many follow: "2: 5, 9", "2 d/c 5 9"? *ret_dash:
 * a range or not, "2 - 5, 9" may be that, too.
 */
static bool leads_with_count(
	const struct reader *x, struct span span, bool *ret_dash)
{
	const struct lexed *l = &x->scan->lexed;
	struct str folded = x->scan->text.folded;
	const struct lexeme *first, *next;
	size_t i = 0;

	*ret_dash = false;
	while (i < l->n && l->v[i].at < span.at)
		i++;
	if (i + 1 >= l->n || l->v[i + 1].at >= span.at + span.n)
		return false;
	first = &l->v[i];
	next = &l->v[i + 1];
	if (i > 0 && symbols_has(&x->scan->rs->vocabulary.member_words,
			     l->v[i - 1].symbol))
		return false;            /* "so 3 so 7" */
	if (next->kind == LEXEME_SYMBOL) /* "2 dv 5, 9" */
		return true;
	if (next->kind == LEXEME_PUNCT) {
		*ret_dash = folded.p[next->from] == '-' && !next->tight;
		return strchr(":(", folded.p[next->from]) != NULL;
	}
	for (size_t at = first->to; at < next->from; at++)
		if (next->kind == LEXEME_NUMBER && folded.p[at] >= 'a' &&
			folded.p[at] <= 'z') /* a word that says nothing */
			return true;
	return false;
}

/* A count in front must agree with the numbers behind it. */
static struct str check_count(
	struct reader *x, struct span span, size_t *ret_count)
{
	struct str all = scan_lexed(x->scan, span), rest = all, one;
	bool dash, counts = leads_with_count(x, span, &dash);
	int64_t first = 0;
	size_t numbers = 0;

	*ret_count = 0;
	if (!counts && !dash)
		return all;
	(void)reader_number(&rest, &one);
	if (str_to_i64(one, &first) != 0)
		first = 0;
	for (struct str tail = rest; reader_number(&tail, &one);)
		numbers++;
	if (counts)
		*ret_count = first > 0 ? (size_t)first : LIST_MAX + 1;
	else if (numbers > 1 && first == (int64_t)numbers)
		reader_problem(
			x, PROBLEM_COUNT_OR_NUMBER, scan_raw(x->scan, span));
	return counts ? rest : all;
}

/* "3_7": up to seven, or the two of them? */
static bool has_odd_mark(struct str raw)
{
	for (size_t i = 1; i + 1 < raw.n; i++)
		if (strchr("_=<>", raw.p[i]) != NULL && raw.p[i - 1] != '-' &&
			raw.p[i - 1] != '=' && raw.p[i + 1] != '>')
			return true;
	return false;
}

/* Roll numbers: 1-12,15 18 20. Those said before stay. */
void read_list(struct reader *x, enum field f, struct span span)
{
	struct fields *to = &x->r->fields;
	struct numbers *l = ARENA_NEW(x->arena, struct numbers);
	size_t said, before;
	struct str rest = check_count(x, span, &said), one;
	int64_t last = 0, value = 0;
	bool range = false;

	if (field_has(to, f)) {
		l->n = to->v[f].list.n;
		memcpy(l->v, to->v[f].list.p, l->n * sizeof(l->v[0]));
	}
	before = l->n;
	if (has_odd_mark(scan_raw(x->scan, span)))
		reader_problem(x, PROBLEM_AMBIGUOUS, scan_raw(x->scan, span));
	while (reader_number(&rest, &one)) {
		bool goes_on = reader_is_range(rest);

		if (str_to_i64(one, &value) != 0 || value < 1 ||
			(range && (value <= last || goes_on)))
			l->bad = true;
		else
			add(l, range ? last + 1 : value, value);
		last = value;
		range = goes_on;
	}
	if (l->bad)
		reader_problem(
			x, PROBLEM_NUMBER_RANGE, scan_raw(x->scan, span));
	if (said > 0 && l->n - before != said)
		reader_problem(
			x, PROBLEM_COUNT_OR_NUMBER, scan_raw(x->scan, span));
	field_set_ints(to, f, l->v, l->n);
	reader_note(x, f, span);
}
