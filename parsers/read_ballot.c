/*
 * read_ballot - who votes how on what?
 *
 * The slots find item numbers and choices; here they are paired in the order
 * of the text: "BQ1 dong y, BQ2 khong" names the item first, "tan thanh muc 1
 * va 2" the choice. An item with two choices, a choice that is left over, or
 * both orders in one text are asked: a vote is never guessed. Pure.
 */
#include "parsers/read_parts.h"

#define ITEMS_MAX 20
#define ITEM_MAX 99

struct ballot {
	struct field_map_entry v[ITEMS_MAX];
	size_t n;
	int open[ITEMS_MAX]; /* named, no choice yet */
	size_t open_n;
	struct str choice; /* said last */
	bool items_follow; /* the first choice came before any item */
	int64_t count;     /* "all 2 of them"; 0: not said */
	bool all, clash;
};

static struct str constant(const struct hit *h, enum field f)
{
	for (size_t i = 0; i < h->slot->set.n; i++)
		if (h->slot->set.v[i].field == f)
			return field_type(f) == FIELD_T_TEXT
				       ? h->slot->set.v[i].value.s
				       : STR("true");
	return (struct str){NULL, 0};
}

static void put(struct ballot *b, int item, struct str choice)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].key == item) {
			b->clash |= !str_eq(b->v[i].value, choice);
			return;
		}
	if (b->n == ITEMS_MAX)
		b->clash = true;
	else
		b->v[b->n++] = (struct field_map_entry){item, choice};
}

static void add_item(struct ballot *b, int64_t k)
{
	if (k < 1 || k > ITEM_MAX || b->open_n == ITEMS_MAX)
		b->clash = true;
	else if (b->items_follow)
		put(b, (int)k, b->choice);
	else
		b->open[b->open_n++] = (int)k;
}

/* 1, 2 · 1-3: the items that one choice is for. */
static void add_items(struct reader *x, struct ballot *b, struct span span)
{
	struct str rest = scan_lexed(x->scan, span), one;
	int64_t k = 0, last = 0;
	bool range = false;

	while (reader_number(&rest, &one)) {
		if (str_to_i64(one, &k) != 0 || k > ITEM_MAX)
			k = 0;
		b->clash |= range && k <= last;
		for (last++; range && last < k; last++)
			add_item(b, last);
		add_item(b, k);
		last = k;
		range = reader_is_range(rest);
	}
	reader_note(x, FIELD_ITEM, span);
}

/* Another choice while nothing was named for it, or for the one before. */
static bool is_clash(const struct ballot *b, struct str choice)
{
	return b->open_n == 0 && b->choice.n > 0 &&
	       (!b->items_follow || b->n == 0) && !str_eq(b->choice, choice);
}

static void add_choice(struct ballot *b, struct str choice)
{
	b->items_follow |= b->choice.n == 0 && b->open_n == 0;
	b->clash |= is_clash(b, choice);
	b->choice = choice;
	for (size_t i = 0; i < b->open_n; i++)
		put(b, b->open[i], choice);
	b->open_n = 0;
}

static void add_group(
	struct reader *x, struct ballot *b, int field, struct span span)
{
	struct str s = scan_lexed(x->scan, span);
	int64_t n = 0;

	if (field == FIELD_ITEM)
		add_items(x, b, span);
	else if (str_to_i64(s, &n) != 0)
		b->clash = true;
	else if (field == FIELD_MEMBER)
		reader_int(x, FIELD_MEMBER, n, span);
	else
		b->count = n;
}

static void add_hit(struct reader *x, struct ballot *b, const struct hit *h)
{
	struct str choice = constant(h, FIELD_CHOICE);

	x->hit = h;
	for (size_t g = 0; g < h->slot->groups_n; g++)
		if (h->group[g].n > 0)
			add_group(x, b, h->slot->groups[g].field, h->group[g]);
	if (choice.n > 0)
		add_choice(b, choice);
	b->all |= constant(h, FIELD_ALL_ITEMS).p != NULL;
	if (constant(h, FIELD_PROXY).p != NULL)
		field_set_int(&x->r->fields, FIELD_PROXY, true);
	reader_problem(x, h->slot->problem, scan_raw(x->scan, h->all));
}

/* The hit that begins next after `at`; NULL: none. */
static const struct hit *next(const struct hits *hits, int at)
{
	const struct hit *best = NULL;

	for (size_t i = 0; i < hits->n; i++)
		if (hits->v[i].all.at > at &&
			(best == NULL || hits->v[i].all.at < best->all.at))
			best = &hits->v[i];
	return best;
}

static void expand_all(const struct reader *x, struct ballot *b)
{
	const struct context *c = x->context;

	for (size_t i = 0; i < c->vote_items_n && i < ITEMS_MAX; i++)
		put(b, c->vote_items[i], b->choice);
}

static void take(struct reader *x, struct ballot *b)
{
	const struct context *c = x->context;
	struct fields *f = &x->r->fields;

	if (b->n == 0 && b->choice.n > 0 && b->all)
		expand_all(x, b);
	else if (b->n == 0 && b->choice.n > 0 && c->vote_items_n == 1)
		put(b, c->vote_items[0], b->choice);
	if (b->all)
		field_set_int(f, FIELD_ALL_ITEMS, true);
	if (b->n == 1)
		field_set_int(f, FIELD_ITEM, b->v[0].key);
	if (b->n > 1)
		field_set_map(f, FIELD_CHOICES, b->v, b->n);
	else if (b->choice.n > 0)
		field_set_text(f, FIELD_CHOICE, b->choice);
}

void read_ballot(struct reader *x)
{
	const struct hits *hits = x->taken->hits;
	struct ballot *b = ARENA_NEW(x->arena, struct ballot);
	const struct hit *h;

	if (hits == NULL)
		return;
	for (int at = -1; (h = next(hits, at)) != NULL; at = h->all.at)
		add_hit(x, b, h);
	x->hit = NULL;
	if (b->open_n > 0 || b->clash || hits->over)
		reader_problem(x,
			b->clash ? PROBLEM_CONTRADICTION : PROBLEM_AMBIGUOUS,
			STR(""));
	/* "All" beside items, or of another number than are open. */
	if (b->all &&
		(b->n > 0 ||
			(b->count > 0 &&
				b->count != (int64_t)x->context->vote_items_n)))
		reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
	take(x, b);
	/* Which of several is agreed to? */
	if (b->choice.n > 0 && b->n == 0)
		reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
}
