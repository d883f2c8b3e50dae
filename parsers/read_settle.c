/*
 * read_settle - what the slots of one intent mean together.
 *
 * Morning or evening of a meeting's hour, the old and the new day of one that
 * is put off, and of whom a member speaks who names nobody. Pure.
 */
#include "parsers/read_parts.h"

#define HOUR INT64_C(60)
#define NOON (12 * HOUR)
#define MONTH_THIS 2 /* see date_put of months */

enum half { HALF_UNKNOWN, HALF_MORNING, HALF_NOON, HALF_EVENING };

static const struct {
	const char *word;
	enum half half;
} halves[] = {
	{"sang", HALF_MORNING},
	{"trua", HALF_NOON},
	{"chieu", HALF_EVENING},
	{"toi", HALF_EVENING},
	{"dem", HALF_EVENING},
};

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct str word_at(struct str s, size_t at)
{
	size_t n = 0;

	while (at < s.n && s.p[at] == ' ')
		at++;
	while (at + n < s.n && is_letter(s.p[at + n]))
		n++;
	return str_part(s, at, n);
}

static bool is_one_of(struct str word, const char *list)
{
	struct str rest = str_of(list), one;

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

/* Right behind an hour: 7h, 19h30, 7 gio. */
static bool follows_hour(struct str s, size_t at)
{
	while (at > 0 && s.p[at - 1] == ' ')
		at--;
	if (at == 0)
		return false;
	if (is_digit(s.p[at - 1]))
		return str_find_byte(str_part(s, 0, at), 'h', 0) >= 0;
	if (at > 1 && s.p[at - 1] == 'h' && is_digit(s.p[at - 2]))
		return true;
	return str_ends(str_part(s, 0, at), STR(" gio")) ||
	       str_ends(str_part(s, 0, at), STR(" ruoi"));
}

/* With diacritics it is another word: tôi is I, tới is to. */
static bool is_marked_otherwise(const struct normal *t, size_t at, size_t n)
{
	struct str marked = normal_marked(t, at, n);

	return str_is(str_part(t->folded, at, n), "toi") &&
	       !str_is(marked, "toi") && !str_is(marked, "tối");
}

/* "7h toi 9h": to, and not in the evening. */
static bool goes_on_to_hour(struct str s, size_t at)
{
	while (at < s.n && s.p[at] == ' ')
		at++;
	if (at == s.n || !is_digit(s.p[at]))
		return false;
	while (at < s.n && is_digit(s.p[at]))
		at++;
	return at < s.n && strchr("hg:", s.p[at]) != NULL;
}

static bool begins_day(struct str s, size_t at)
{
	while (at < s.n && s.p[at] == ' ')
		at++;
	return at < s.n && is_digit(s.p[at]) &&
	       str_find_byte(str_part(s, at, 3), '/', 0) > 0;
}

/*
 * "toi" is evening, I and to, "sang" morning and to: they speak of the hour
 * only right behind it or before a day ("toi mai", "sang CN", which moves to
 * Sunday unless the text begins so). What was, moves to no day: "sang 5/11",
 * and figures may stand behind the hour: "8h toi TS47".
 */
static bool is_of_day(const struct reader *x, size_t at, size_t n)
{
	struct str s = x->scan->text.folded, next = word_at(s, at + n);
	bool was = x->r->intent == INTENT_MEETING_REPORT;

	if (is_marked_otherwise(&x->scan->text, at, n))
		return false;
	if (is_one_of(next, "nay mai qua kia mot"))
		return true;
	if ((str_is(str_part(s, at, n), "toi") || at == 0 || was) &&
		is_one_of(next, "thu t cn chu ngay hom mung"))
		return true;
	if (x->r->intent != INTENT_MEETING_POSTPONE && begins_day(s, at + n))
		return true;
	if (str_ends(str_part(s, 0, at), STR("buoi ")))
		return true;
	if (goes_on_to_hour(s, at + n)) /* "chieu 2h" */
		return !is_one_of(str_part(s, at, n), "toi sang");
	if (!follows_hour(s, at))
		return false;
	/* Behind the hour the others are of the day, and an announcement moves
	 * nothing: "8h sang NVH". */
	if (!is_one_of(str_part(s, at, n), "toi sang") ||
		(x->r->intent == INTENT_MEETING_ANNOUNCE &&
			str_is(str_part(s, at, n), "sang")))
		return true;
	return next.n == 0 ||
	       is_one_of(
		       next, "ngay thu t cn chu hom tai o nd mung a nhe va") ||
	       (was && is_one_of(next, "ts tong si ss cm co du vang v vp vk "
				       "phep cb chi hop bao bc mg"));
}

static enum half half_of(const struct reader *x)
{
	struct str s = x->scan->text.folded;
	enum half found = HALF_UNKNOWN;

	for (size_t i = 0; i < s.n; i++) {
		struct str w;

		if (!is_letter(s.p[i]) || (i > 0 && is_letter(s.p[i - 1])))
			continue;
		w = word_at(s, i);
		for (size_t k = 0; k < sizeof(halves) / sizeof(halves[0]); k++)
			if (str_is(w, halves[k].word) && is_of_day(x, i, w.n))
				found = halves[k].half;
	}
	return found;
}

/* 7h ruoi: half past. */
static bool is_half_past(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (str_is(word_at(s, i), "ruoi") && s.p[i - 1] == ' ' &&
			follows_hour(s, i))
			return true;
	return false;
}

/* §5: 7h may be morning or evening; 19h30 stands alone. */
static void settle_time(struct reader *x)
{
	struct fields *f = &x->r->fields;
	int64_t at = field_int(f, FIELD_TIME, -1);
	enum half half;

	if (at >= 0 && at % HOUR == 0 && is_half_past(x->scan->text.folded))
		field_set_int(f, FIELD_TIME, at += HOUR / 2);
	if (at < 0 || at >= NOON)
		return;
	half = half_of(x);
	if (half == HALF_EVENING || (half == HALF_NOON && at < 3 * HOUR)) {
		field_set_int(f, FIELD_TIME, at + NOON);
	} else if (half == HALF_UNKNOWN) {
		/* Of what was, the hour is no more than a note. */
		field_drop(f, FIELD_TIME);
		if (x->r->intent != INTENT_MEETING_REPORT)
			reader_problem(x, PROBLEM_MISSING_TIME, STR(""));
	}
}

/* "sang 12/11": a word that a new day follows. */
static bool moves_to(const struct scan *s)
{
	static const char *const v[] = {"sang", "den", "qua", "vao"};
	const struct lexed *l = &s->lexed;

	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < sizeof(v) / sizeof(v[0]); k++)
			if (str_is(str_part(l->text, l->v[i].at, l->v[i].n),
				    v[k]))
				return true;
	return false;
}

/* The only day that is named may be the one that is not kept. */
static void settle_postponed(struct reader *x)
{
	const struct meeting_ref *m = x->context->pending_meeting;
	struct fields *f = &x->r->fields;

	settle_time(x);
	if (m == NULL || field_has(f, FIELD_OLD_DATE) ||
		field_has(f, FIELD_TIME) ||
		field_int(f, FIELD_DATE, DAY_NONE) != m->date)
		return;
	if (moves_to(x->scan)) {
		reader_problem(x, PROBLEM_CONTRADICTION, STR(""));
		return;
	}
	field_drop(f, FIELD_DATE);
	field_set_int(f, FIELD_OLD_DATE, m->date);
}

/* The roll number that the phone speaks for; 0: none, or several, or more. */
static int own_number(const struct context *c)
{
	return c->roles_n == 1 && c->roles[0].role == ROLE_MEMBER
		       ? c->roles[0].member_no
		       : 0;
}

/* Do the slots say two things of whoever is named? */
static bool has_two_states(const struct hits *hits)
{
	struct str said = {NULL, 0};

	for (size_t i = 0; i < hits->n; i++) {
		const struct constants *set = &hits->v[i].slot->set;

		if (set->n == 0 || set->v[0].field != FIELD_STATUS)
			continue;
		if (said.n > 0 && !str_eq(said, set->v[0].value.s))
			return true;
		said = set->v[0].value.s;
	}
	return false;
}

static void settle_member(struct reader *x)
{
	struct fields *f = &x->r->fields;

	/* Worse than a state that is echoed first. */
	if (has_two_states(x->taken->hits))
		x->r->problem = PROBLEM_CONTRADICTION;
	if (field_has(f, FIELD_MEMBERS) && f->v[FIELD_MEMBERS].list.n == 1) {
		const int *v = f->v[FIELD_MEMBERS].list.p;

		field_drop(f, FIELD_MEMBERS);
		field_set_int(f, FIELD_MEMBER, v[0]);
	}
	/* Of whom an answer speaks, its question knows. */
	if (x->taken->rule->answer || field_has(f, FIELD_MEMBER) ||
		field_has(f, FIELD_MEMBERS) || field_has(f, FIELD_NAME) ||
		field_has(f, FIELD_COUNT))
		return;
	if (own_number(x->context) > 0 && !field_has(f, FIELD_COUNT_AWAY))
		field_set_int(f, FIELD_MEMBER, own_number(x->context));
	else
		reader_problem(x, PROBLEM_MISSING_MEMBER, STR(""));
}

/* What is sent begins behind the unit and behind whom it is for. */
static void settle_broadcast(struct reader *x)
{
	const struct lexed *l = &x->scan->lexed;
	const struct hits *hits = x->taken->hits;
	size_t first =
		x->unit != NULL ? (size_t)x->unit->first + x->unit->n : 1;

	while (hits->n > 0 && first < l->n &&
		l->v[first].at < hits->v[0].all.at + hits->v[0].all.n)
		first++;
	if (first < l->n)
		read_free_text(x, FIELD_TEXT,
			(struct span){l->v[first].at,
				(uint16_t)(l->text.n - l->v[first].at)});
}

/* "thang truoc": a month that is only pointed at. */
static void settle_period(struct reader *x)
{
	struct ymd today = day_ymd(x->context->today);
	int back = x->date.months != 0 ? MONTH_THIS - x->date.months : 0;

	if (x->date.months == 0 || x->date.day != 0 ||
		field_has(&x->r->fields, FIELD_PERIOD))
		return;
	if (today.m <= back)
		today = (struct ymd){today.y - 1, today.m + 12, 1};
	field_set_int(&x->r->fields, FIELD_PERIOD,
		day_of(today.y, today.m - back, 1));
}

/*
 * "DV 13 DI" says that somebody comes, or has gone away: where to is asked,
 * as nothing is stored then. "di hop" and "di duoc" are clear.
 */
static void settle_heard(struct reader *x)
{
	struct fields *f = &x->r->fields;
	struct str text = x->scan->text.folded;

	if (!str_ends(text, STR(" di")) || !field_has(f, FIELD_MEMBER))
		return;
	field_drop(f, FIELD_ANSWER);
	field_set_text(f, FIELD_STATUS, STR("away"));
	x->r->intent = INTENT_MEMBER_STATUS;
}

void read_settle(struct reader *x)
{
	switch (x->r->intent) {
	case INTENT_APPROVE:
		settle_heard(x);
		break;
	case INTENT_QUERY:
		settle_period(x);
		break;
	case INTENT_NO_MEETING:
		settle_period(x);
		if (!field_has(&x->r->fields, FIELD_REASON))
			reader_problem(x, PROBLEM_MISSING_REASON, STR(""));
		break;
	case INTENT_BROADCAST:
		settle_broadcast(x);
		break;
	case INTENT_MEETING_ANNOUNCE:
	case INTENT_MEETING_REPORT:
		settle_time(x);
		break;
	case INTENT_MEETING_POSTPONE:
		settle_postponed(x);
		break;
	case INTENT_MEMBER_STATUS:
		settle_member(x);
		break;
	case INTENT_CORRECTION:
		/* Who was there is no figure that a correction changes. */
		for (int f = FIELD_ABSENT_MEMBERS; f <= FIELD_LATE_MEMBERS; f++)
			if (field_has(&x->r->fields, (enum field)f))
				reader_problem(x, PROBLEM_AMBIGUOUS, STR("DD"));
		break;
	default:
		break;
	}
}
