/*
 * unit_words - which change of units is asked for?
 *
 * Reads the operands of `bantin unit` and of a scenario's step. Pure.
 */
#include "gateway/unit_words.h"

#define NUMBER_MAX 9999

struct numbers {
	struct arena *a;
	int *v;
	size_t n;
};

static void add_number(struct numbers *w, int no)
{
	if (w->n == 0 || (w->n & (w->n - 1)) == 0) {
		int *more = ARENA_ARRAY(w->a, int, 2 * w->n + 1);

		if (w->n > 0)
			memcpy(more, w->v, w->n * sizeof(*more));
		w->v = more;
	}
	w->v[w->n++] = no;
}

/* "7" or "1-20". */
static int read_range(struct numbers *w, struct str s)
{
	struct str from, rest = s;
	int64_t lo, hi;

	str_next(&rest, '-', &from);
	if (str_to_i64(from, &lo) != 0 || lo < 1 || lo > NUMBER_MAX)
		return -1;
	hi = lo;
	if (from.n < s.n &&
		(str_to_i64(rest, &hi) != 0 || hi < lo || hi > NUMBER_MAX))
		return -1;
	for (; lo <= hi; lo++)
		add_number(w, (int)lo);
	return 0;
}

/* CODE, CODE=NAME, CODE:1-20,25, CODE=NAME:1-20,25 */
static int read_part(struct str word, struct arena *a, struct unit_part *ret,
	struct err *err)
{
	struct numbers w = {.a = a};
	struct str head, range, rest = word;

	str_next(&rest, ':', &head);
	while (rest.n > 0 && str_next(&rest, ',', &range))
		if (read_range(&w, range) != 0)
			return err_set(err,
				"'" STR_FMT "': numbers are written as "
				"1-20,25",
				STR_ARG(word));
	*ret = (struct unit_part){.name = head, .nos = w.v, .nos_n = w.n};
	if (!str_next(&ret->name, '=', &ret->code) || ret->code.n == 0)
		return err_set(err, "'" STR_FMT "' names no unit: CODE=NAME",
			STR_ARG(word));
	if (ret->name.n == 0)
		ret->name = (struct str){NULL, 0};
	return 0;
}

static const struct {
	size_t from, to;         /* operands at least */
	size_t from_max, to_max; /* and at most */
	const char *usage;
} shape[] = {
	[UNIT_MERGE] = {1, 1, 1000, 1, "merge OLD... NEW[=NAME]"},
	[UNIT_SPLIT] = {1, 2, 1, 1000, "split OLD NEW[=NAME][:NUMBERS]..."},
	[UNIT_RENAME] = {1, 1, 1, 1, "rename OLD NEW[=NAME]"},
	[UNIT_MOVE] = {1, 1, 1, 1, "move UNIT ABOVE"},
	[UNIT_END] = {1, 0, 1, 0, "end UNIT"},
};

int unit_words_read(const struct str *words, size_t n, struct arena *a,
	struct unit_change *ret, struct err *err)
{
	struct unit_part *to = ARENA_ARRAY(a, struct unit_part, n);
	enum unit_change_kind k =
		n > 0 ? unit_change_parse(words[0]) : UNIT_CHANGE_KINDS;
	size_t from_n;

	if (k == UNIT_CHANGE_KINDS)
		return err_set(err, "merge, split, rename, move, end or list");
	n--;
	from_n = k == UNIT_MERGE && n > 0 ? n - 1 : n > 0 ? 1 : 0;
	if (from_n < shape[k].from || from_n > shape[k].from_max ||
		n - from_n < shape[k].to || n - from_n > shape[k].to_max)
		return err_set(err, "%s", shape[k].usage);
	*ret = (struct unit_change){
		.kind = k,
		.from = words + 1,
		.from_n = from_n,
		.to = to,
		.to_n = n - from_n,
	};
	for (size_t i = 0; i < ret->to_n; i++)
		if (read_part(words[1 + from_n + i], a, &to[i], err) != 0)
			return -1;
	return 0;
}
