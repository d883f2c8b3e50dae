/*
 * read_slots - what do the parts that the slots cut out say?
 *
 * One typed reader per kind of named group: counts, codes, lists, times,
 * pieces of a date. A field said twice with two values is a contradiction,
 * whichever slots it came from. Pure; writer thread.
 */
#include "parsers/read_parts.h"

#define MONTHS_AHEAD 5
#define MONTHS_BACK 6
#define COUNT_DIGITS_MAX 4 /* more are no figure of a hamlet */
#define LIST_MAX 200
#define MINUTES_OF_HOUR 60

void reader_problem(struct reader *x, enum problem p, struct str doubt)
{
	if (p == PROBLEM_NONE || x->r->problem != PROBLEM_NONE)
		return;
	x->r->problem = p;
	x->r->doubt = doubt;
}

void reader_note(struct reader *x, enum field f, struct span span)
{
	struct reading *r = x->r;
	struct str raw = scan_raw(x->scan, span);

	if (r->spans_n == READING_SPANS_MAX || raw.n == 0)
		return;
	r->spans[r->spans_n++] = (struct reading_span){.field = f,
		.at = (size_t)(raw.p - x->scan->text.raw.p),
		.n = raw.n,
		.rule = x->hit != NULL ? x->hit->slot->name
				       : x->taken->rule->name};
}

/* What it means that a field was read before with another value. */
static enum problem conflict_of(const struct reader *x)
{
	if (x->hit != NULL && x->hit->slot->conflict != PROBLEM_NONE)
		return x->hit->slot->conflict;
	return PROBLEM_CONTRADICTION;
}

void reader_int(struct reader *x, enum field f, int64_t i, struct span span)
{
	if (field_has(&x->r->fields, f) && x->r->fields.v[f].i != i) {
		if (f == FIELD_OLD) /* "36, not 35, and 9, not 10" */
			return;
		reader_problem(x, conflict_of(x), scan_raw(x->scan, span));
		return;
	}
	field_set_int(&x->r->fields, f, i);
	reader_note(x, f, span);
}

void reader_text(struct reader *x, enum field f, struct str s, struct span span)
{
	if (field_has(&x->r->fields, f) && !str_eq(x->r->fields.v[f].s, s)) {
		if (f == FIELD_REASON) /* rain and a landslide: the first */
			return;
		reader_problem(x, conflict_of(x), scan_raw(x->scan, span));
		return;
	}
	field_set_text(&x->r->fields, f, s);
	reader_note(x, f, span);
}

/* A decimal number; -1 with number_range when it is too long. */
static int64_t count(struct reader *x, struct span span)
{
	struct str s = scan_lexed(x->scan, span);
	int64_t v = 0;

	if (s.n > COUNT_DIGITS_MAX) {
		reader_problem(
			x, PROBLEM_NUMBER_RANGE, scan_raw(x->scan, span));
		return -1;
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ') /* a number that a blank has split */
			v = v * 10 + (s.p[i] - '0');
	return v;
}

static void read_int(struct reader *x, enum field f, struct span span)
{
	int64_t v = count(x, span);

	if (v >= 0)
		reader_int(x, f, v, span);
}

bool reader_number(struct str *rest, struct str *ret)
{
	size_t i = 0, n = 0;

	while (i < rest->n && (rest->p[i] < '0' || rest->p[i] > '9'))
		i++;
	while (i + n < rest->n && rest->p[i + n] >= '0' &&
		rest->p[i + n] <= '9')
		n++;
	*ret = str_part(*rest, i, n);
	*rest = str_from(*rest, i + n);
	return n > 0;
}

/* Topic codes have two digits: "3" is "03". Codes said before stay. */
static void read_topics(struct reader *x, enum field f, struct span span)
{
	struct fields *to = &x->r->fields;
	struct str *v = ARENA_ARRAY(x->arena, struct str, LIST_MAX);
	struct str rest = scan_lexed(x->scan, span), one;
	size_t n = 0;

	if (field_has(to, f)) {
		n = to->v[f].list.n;
		memcpy(v, to->v[f].list.p, n * sizeof(*v));
	}
	while (n < LIST_MAX && reader_number(&rest, &one))
		v[n++] = one.n == 1 ? arena_printf(x->arena, "0" STR_FMT,
					      STR_ARG(one))
				    : one;
	field_set_texts(to, f, v, n);
	reader_note(x, f, span);
}

/* Codes are cleaned of slips; free text stays as it was typed. */
static void read_text(struct reader *x, enum field f, struct span span)
{
	bool is_code = f == FIELD_RESOLUTION || f == FIELD_DECISION ||
		       f == FIELD_TOPIC_CODE;

	if (f == FIELD_NAME) {
		reader_text(x, f, reader_one_line(x, scan_raw(x->scan, span)),
			span);
		return;
	}

	reader_text(x, f,
		is_code ? scan_lexed(x->scan, span) : scan_raw(x->scan, span),
		span);
}

/* T11: the latest such month that is not to come; of plans, the nearest. */
static void read_period(struct reader *x, enum field f, struct span span)
{
	struct ymd today = day_ymd(x->context->today);
	int64_t month = count(x, span);
	bool ahead = x->taken->rule->dates == RULES_DATES_FUTURE;
	int year = today.y;

	if (month < 1 || month > 12) {
		reader_problem(x, PROBLEM_BAD_DATE, scan_raw(x->scan, span));
		return;
	}
	if (month - today.m > (ahead ? MONTHS_AHEAD : 0))
		year--;
	if (ahead && today.m - month > MONTHS_BACK)
		year++;
	reader_int(x, f, day_of(year, (int)month, 1), span);
}

static void read_field(struct reader *x, enum field f, struct span span)
{
	switch (field_type(f)) {
	case FIELD_T_INT:
		read_int(x, f, span);
		break;
	case FIELD_T_TEXT:
		if (f == FIELD_TEXT || f == FIELD_PLACE)
			read_free_text(x, f, span);
		else if (f == FIELD_PHONE)
			read_phone(x, f, span);
		else
			read_text(x, f, span);
		break;
	case FIELD_T_DAY:
		read_day(x, f, span);
		break;
	case FIELD_T_INTS:
		read_list(x, f, span);
		break;
	case FIELD_T_TEXTS:
		if (f == FIELD_TOPICS)
			read_topics(x, f, span);
		else
			read_names(x, f, span);
		break;
	case FIELD_T_PERIOD:
		read_period(x, f, span);
		break;
	default:
		reader_problem(x, PROBLEM_AMBIGUOUS, scan_raw(x->scan, span));
		break;
	}
}

/* A digit as Vietnamese counts weekdays (2 is Monday); a symbol is Sunday. */
static int weekday_of(struct str s)
{
	return s.n == 1 && s.p[0] >= '2' && s.p[0] <= '7' ? s.p[0] - '1' : 7;
}

static int symbol_at(const struct reader *x, struct span span)
{
	const struct lexed *l = &x->scan->lexed;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].at == span.at)
			return l->v[i].symbol;
	return LEXICON_NONE;
}

static void read_label(struct reader *x, struct span label)
{
	const struct slot *s = x->hit->slot;
	const struct ruleset *rs = x->scan->rs;
	int symbol = symbol_at(x, label);
	enum field f = rs->label_field[symbol];

	if (x->proof == PROBLEM_NONE)
		x->proof = rs->label_proof[symbol];
	for (size_t i = 0; i < s->groups_n; i++)
		if (s->groups[i].role == GROUP_N && x->hit->group[i].n > 0 &&
			f != FIELD_N)
			read_field(x, f, x->hit->group[i]);
}

static void read_hour(struct reader *x, struct span span)
{
	int64_t hour = count(x, span);

	if (hour < 0 || hour > 23) {
		reader_problem(
			x, PROBLEM_NUMBER_RANGE, scan_raw(x->scan, span));
		return;
	}
	reader_int(x, FIELD_TIME, hour * MINUTES_OF_HOUR, span);
}

/* Groups come by name, so the hour was read before its minutes. */
static void read_minute(struct reader *x, struct span span)
{
	int64_t minute = count(x, span);
	int64_t at = field_int(&x->r->fields, FIELD_TIME, -1);

	if (at < 0 || minute < 0 || minute >= MINUTES_OF_HOUR)
		reader_problem(
			x, PROBLEM_NUMBER_RANGE, scan_raw(x->scan, span));
	else
		field_set_int(&x->r->fields, FIELD_TIME, at + minute);
}

static void read_year(struct reader *x, struct span span)
{
	int64_t year = count(x, span);

	date_put(&x->date, &x->date.year,
		(int)(span.n == 2 ? 2000 + year : year));
}

static void read_bare(struct reader *x, struct span span)
{
	struct str rest = scan_lexed(x->scan, span), one;
	int64_t n = 0;

	while (x->list_n < READER_LIST_MAX && reader_number(&rest, &one))
		if (str_to_i64(one, &n) == 0)
			x->list[x->list_n++] = n;
}

static void read_group(
	struct reader *x, const struct group *g, struct span span)
{
	struct date_parts *d = &x->date;

	switch ((enum group_role)g->role) {
	case GROUP_FIELD:
		read_field(x, (enum field)g->field, span);
		break;
	case GROUP_LABEL:
		read_label(x, span);
		break;
	case GROUP_P:
		x->p = count(x, span);
		break;
	case GROUP_DAY:
		date_put(d, &d->day, (int)count(x, span));
		break;
	case GROUP_MONTH:
		date_put(d, &d->month, (int)count(x, span));
		break;
	case GROUP_YEAR:
		read_year(x, span);
		break;
	case GROUP_COMPACT:
		date_put_compact(d, scan_lexed(x->scan, span));
		break;
	case GROUP_WEEKDAY:
		date_put(d, &d->weekday, weekday_of(scan_lexed(x->scan, span)));
		break;
	case GROUP_T:
		date_put_t(d, (int)count(x, span));
		break;
	case GROUP_HOUR:
		read_hour(x, span);
		break;
	case GROUP_MINUTE:
		read_minute(x, span);
		break;
	case GROUP_OLD_DAY:
		date_put(&x->old, &x->old.day, (int)count(x, span));
		break;
	case GROUP_OLD_MONTH:
		date_put(&x->old, &x->old.month, (int)count(x, span));
		break;
	case GROUP_LIST:
		read_bare(x, span);
		break;
	case GROUP_ITEM_COUNT:
		read_int(x, FIELD_ITEM_COUNT, span);
		break;
	case GROUP_N:
	case GROUP_WEEK:
	case GROUP_MONTHS:
	case GROUP_AGO:
	case GROUP_ROLE_N:
		break;
	}
}

/* The whole of what speaks of a day: shown beside it. */
static void note_day(struct reader *x, const struct hit *h)
{
	for (size_t i = 0; i < h->slot->groups_n; i++) {
		int role = h->slot->groups[i].role;

		if (h->group[i].n > 0 &&
			(role == GROUP_DAY || role == GROUP_COMPACT ||
				role == GROUP_WEEKDAY || role == GROUP_T)) {
			reader_note(x, FIELD_DATE, h->all);
			return;
		}
	}
}

static void set_day(struct date_parts *d, const struct constant *c)
{
	int value = (int)c->value.i;

	if (c->role == GROUP_WEEK)
		date_put(d, &d->week, value + 2);
	else if (c->role == GROUP_MONTHS)
		date_put(d, &d->months, value + 2);
	else
		date_put(d, &d->ago, value);
}

static void set_constants(
	struct reader *x, const struct constants *set, struct span span)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct constant *c = &set->v[i];

		if (c->field == FIELD_N) {
			set_day(&x->date, c);
			reader_note(x, FIELD_DATE, span);
		} else if (field_type(c->field) == FIELD_T_TEXT)
			reader_text(x, c->field, c->value.s, span);
		else
			reader_int(x, c->field, c->value.i, span);
	}
}

/* Figures told apart by their order alone must prove themselves. */
static void check_positional(struct reader *x)
{
	const struct fields *f = &x->r->fields;

	x->r->positional = true;
	if (field_int(f, FIELD_PRESENT, 0) + field_int(f, FIELD_EXCUSED, 0) +
			field_int(f, FIELD_UNEXCUSED, 0) !=
		field_int(f, FIELD_TOTAL, 0))
		reader_problem(x, PROBLEM_SUM_MISMATCH,
			scan_raw(x->scan, x->hit->all));
}

void read_slots(struct reader *x)
{
	const struct hits *hits = x->taken->hits;

	set_constants(x, &x->taken->rule->set, x->taken->when);
	if (x->taken->rule->intent == INTENT_VOTE) {
		read_ballot(x);
		return;
	}
	for (size_t i = 0; hits != NULL && i < hits->n; i++) {
		const struct hit *h = &hits->v[i];

		x->hit = h;
		for (size_t g = 0; g < h->slot->groups_n; g++)
			if (h->group[g].n > 0)
				read_group(x, &h->slot->groups[g], h->group[g]);
		note_day(x, h);
		set_constants(x, &h->slot->set, h->all);
		if (x->proof == PROBLEM_NONE)
			x->proof = h->slot->proof;
		if (h->slot->positional)
			check_positional(x);
		reader_problem(x, h->slot->problem, scan_raw(x->scan, h->all));
	}
	x->hit = NULL;
	if (hits != NULL && hits->over)
		reader_problem(x, PROBLEM_AMBIGUOUS, STR(""));
}
