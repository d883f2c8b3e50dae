/*
 * answer - what does a bare "1" stand for, after a question of ours?
 *
 * The numbers in our questions are ours to understand: each problem that
 * offers numbered values has one line here that puts the chosen value into the
 * partial record. The result is a whole reading, handled like any other, with
 * all checks. Only the newest question counts, as asking settles the older
 * ones. An answer that was not offered gets the form's example. Pure; runs
 * before the subject is loaded, and again (harmlessly) after. Writer thread.
 */
#include "handlers/handler.h"

#include "handlers/correction.h"
#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/invited.h"
#include "handlers/place.h"
#include "handlers/report.h"
#include "handlers/unsaid.h"
#include "parsers/segment.h"

/* Puts the k-th offer into f; false: there was no such offer. */
typedef bool choose_fn(const struct handler_input *in, struct fields *f, int k);

static bool choose_unit(const struct handler_input *in, struct fields *f, int k)
{
	const struct unit_ref *u = dialog_own_unit(in->context, k);

	if (u == NULL)
		return false;
	field_set_text(f, FIELD_UNIT, u->code);
	field_drop(f, FIELD_UNIT_RAW);
	return true;
}

static bool choose_swap(const struct handler_input *in, struct fields *f, int k)
{
	int64_t total = field_int(f, FIELD_TOTAL, 0);

	(void)in;
	if (k != 1)
		return false;
	field_set_int(f, FIELD_TOTAL, field_int(f, FIELD_PRESENT, 0));
	field_set_int(f, FIELD_PRESENT, total);
	return true;
}

/* "TS45 is right": said again, it stands (see report_figures). */
static bool choose_total(
	const struct handler_input *in, struct fields *f, int k)
{
	(void)in;
	if (!field_has(f, FIELD_TOTAL))
		field_set_int(f, FIELD_TOTAL, figures_sum(f));
	return k == 1;
}

static int roll_of(const struct handler_input *in, const struct fields *f)
{
	const struct unit_ref *u =
		dialog_unit(in->context, field_text(f, FIELD_UNIT));

	return u != NULL ? u->roll : 0;
}

static bool choose_rest(const struct handler_input *in, struct fields *f, int k)
{
	if (k != 1 || roll_of(in, f) == 0)
		return false;
	if (field_has(f, FIELD_EXCUSED) == field_has(f, FIELD_UNEXCUSED))
		return false;
	if (!field_has(f, FIELD_TOTAL))
		field_set_int(f, FIELD_TOTAL, roll_of(in, f));
	return true;
}

static bool choose_all_present(
	const struct handler_input *in, struct fields *f, int k)
{
	int roll = roll_of(in, f);

	if (k != 1 || roll == 0)
		return false;
	field_set_int(f, FIELD_TOTAL, roll);
	field_set_int(f, FIELD_PRESENT, roll);
	return true;
}

/* A proposal that staff are shown is sent back with `2`. */
static bool choose_as_read(
	const struct handler_input *in, struct fields *f, int k)
{
	(void)in;
	if (k != 2 || !field_has(f, FIELD_PROPOSAL))
		return k == 1;
	field_set_text(f, FIELD_DECISION, STR("reject"));
	return true;
}

static bool choose_sum(const struct handler_input *in, struct fields *f, int k)
{
	return correction_choose(in, f, k);
}

static bool choose_deceased(
	const struct handler_input *in, struct fields *f, int k)
{
	(void)in;
	field_set_text(f, FIELD_STATUS, STR("deceased"));
	return k == 1;
}

/* Why there was no meeting, as ask_reason numbers it. */
static bool choose_reason(
	const struct handler_input *in, struct fields *f, int k)
{
	static const char *const reason[] = {
		"disaster", "weather", "harvest", "quorum", "other"};

	(void)in;
	if (k > (int)(sizeof(reason) / sizeof(reason[0])))
		return false;
	field_set_text(f, FIELD_REASON, str_of(reason[k - 1]));
	return true;
}

/* INTENT_N: any. */
static const struct offer {
	enum problem problem;
	enum intent intent;
	choose_fn *choose;
} offers[] = {
	{PROBLEM_MISSING_UNIT, INTENT_N, choose_unit},
	{PROBLEM_UNIT_UNKNOWN, INTENT_N, choose_unit},
	{PROBLEM_UNIT_TYPO, INTENT_N, choose_unit},
	{PROBLEM_UNIT_NOT_SENDER, INTENT_N, choose_unit},
	{PROBLEM_ALIAS_MULTI, INTENT_N, choose_unit},
	{PROBLEM_PRESENT_GT_TOTAL, INTENT_MEETING_REPORT, choose_swap},
	{PROBLEM_PRESENT_GT_TOTAL, INTENT_CORRECTION, choose_sum},
	{PROBLEM_SUM_MISMATCH, INTENT_CORRECTION, choose_sum},
	{PROBLEM_ROSTER_MISMATCH, INTENT_N, choose_total},
	{PROBLEM_MISSING_ABSENCE_SPLIT, INTENT_N, choose_rest},
	{PROBLEM_DU_AMBIGUOUS, INTENT_MEETING_REPORT, choose_all_present},
	{PROBLEM_AMBIGUOUS, INTENT_CANCEL, choose_as_read},
	{PROBLEM_AMBIGUOUS, INTENT_CANDIDATE, choose_as_read},
	{PROBLEM_TWO_STEP, INTENT_N, choose_as_read},
	{PROBLEM_MAT_AMBIGUOUS, INTENT_MEMBER_STATUS, choose_deceased},
	{PROBLEM_MISSING_REASON, INTENT_NO_MEETING, choose_reason},
	{PROBLEM_NONE, INTENT_MEETING_REPORT, choose_as_read}, /* whole */
};

/* `bantin parse` may be given a partial record without its problem. */
static enum problem problem_of(
	const struct handler_input *in, const struct pending *q)
{
	struct fields f = *q->partial;
	const struct unit_ref *u;

	if (q->problem != PROBLEM_NONE || q->intent != INTENT_MEETING_REPORT)
		return q->problem;
	return report_check(in, &f, &u);
}

/* Several are offered, of which "yes" is none. */
static bool is_list(const struct offer *o)
{
	return o->choose == choose_unit || o->choose == choose_sum ||
	       o->choose == choose_reason;
}

/* NULL: the question offers nothing. */
static const struct offer *offer_of(
	const struct handler_input *in, const struct pending *q)
{
	static const struct offer as_read = {.choose = choose_as_read};
	enum problem p = problem_of(in, q);

	if (q->question == QUESTION_CONFIRM_KEYWORD ||
		q->question == QUESTION_TWO_STEP ||
		q->question == QUESTION_BROADCAST ||
		q->question == QUESTION_APPROVE)
		return &as_read;
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++)
		if (offers[i].problem == p &&
			(offers[i].intent == INTENT_N ||
				offers[i].intent == q->intent))
			return &offers[i];
	return NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_among(struct str word, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(word, str_of(v[i])))
			return true;
	return false;
}

/*
 * "35", "co 35 dong chi a", "so 12": words that say nothing else beside the
 * one number. Not: vang (absent), thu (5: Thursday), mat, du.
 */
static bool is_with_number(struct str word)
{
	static const char *const v[] = {"a", "anh", "chi", "co", "d/c", "da",
		"dc", "dong", "dv", "em", "la", "nguoi", "nhe", "roi", "so",
		"stt"};

	return is_among(word, v, sizeof(v) / sizeof(v[0]));
}

/* The only number of such a text, or -1. */
static int64_t number_alone(struct str text)
{
	struct arena *a = arena_new(1024);
	struct str rest = segment_ascii(text, a), word;
	int64_t n = -1, one;
	bool fine = true;

	while (fine && str_next(&rest, ' ', &word)) {
		if (word.n == 0 || is_with_number(word))
			continue;
		fine = n < 0 && is_digit(word.p[0]) &&
		       str_to_i64(word, &one) == 0;
		if (fine)
			n = one;
	}
	arena_free(a);
	return fine ? n : -1;
}

static bool is_polite(struct str word)
{
	static const char *const v[] = {"a", "da", "em", "nha", "nhe", "roi"};

	return is_among(word, v, sizeof(v) / sizeof(v[0]));
}

/*
 * 1..9 as it was typed, with no more than politeness around it; 0: it was
 * not. "2 nguoi" is a figure; "so 1" chooses from a list only, elsewhere it
 * may be somebody's number.
 */
static int digit_of(const struct message *m, bool of_list)
{
	struct arena *a = arena_new(1024);
	struct str rest = segment_ascii(m->text, a), word;
	int k = 0;

	while (k >= 0 && str_next(&rest, ' ', &word)) {
		if (word.n == 0 || is_polite(word) ||
			(of_list && str_ieq(word, STR("so"))))
			continue;
		k = k == 0 && word.n == 1 && is_digit(word.p[0])
			    ? word.p[0] - '0'
			    : -1;
	}
	arena_free(a);
	return k > 0 ? k : 0;
}

/* 1 yes, 2 no, in words; 0: neither. */
static int word_of(const struct reading *r)
{
	bool rejected = field_int(&r->fields, FIELD_REJECTED, 0) != 0;
	struct str answer = field_text(&r->fields, FIELD_ANSWER);

	if (r->problem != PROBLEM_NONE)
		return 0;
	if (r->intent == INTENT_ACK)
		return field_int(&r->fields, FIELD_ACCEPTED, 1) != 0 ? 1 : 2;
	if (r->intent == INTENT_CORRECTION && rejected)
		return 2;
	if (r->intent == INTENT_CONFIRM && str_is(answer, "yes"))
		return 1;
	return r->intent == INTENT_CONFIRM && str_is(answer, "no") ? 2 : 0;
}

/* A report gets its form; of other records the same is asked again. */
static enum problem not_offered(const struct pending *q)
{
	if (q->intent == INTENT_MEETING_REPORT ||
		q->intent == INTENT_CORRECTION || q->intent == INTENT_CANCEL)
		return PROBLEM_BAD_SYNTAX;
	if (q->problem == PROBLEM_NONE)
		return q->question == QUESTION_TWO_STEP ? PROBLEM_TWO_STEP
							: PROBLEM_BAD_SYNTAX;
	return q->problem;
}

/* `2` to what was echoed first: it is not taken. */
static void drop(struct reading *r)
{
	r->intent = INTENT_ACK;
	r->problem = PROBLEM_NONE;
	r->fields = (struct fields){.has = {0}};
	field_set_int(&r->fields, FIELD_ACCEPTED, false);
	r->rule = STR(DIALOG_ANSWER);
}

/*
 * What is offered may hang on the report's subject (a roll, the figures to be
 * corrected). Before that is loaded the partial record stands in, so that it
 * gets loaded, and the answer is understood the second time round.
 */
static void resolve_number(const struct handler_input *in,
	const struct pending *q, struct reading *r)
{
	const struct offer *offer = offer_of(in, q);
	int k = digit_of(in->message, offer != NULL && is_list(offer));
	struct fields f;

	if (k == 0 && offer != NULL && !is_list(offer))
		k = word_of(r);
	if (offer == NULL || k == 0)
		return;
	if (k == 2 && (q->question == QUESTION_TWO_STEP ||
			      q->question == QUESTION_BROADCAST ||
			      q->intent == INTENT_CANCEL)) {
		drop(r);
		return;
	}
	f = *q->partial;
	r->intent = q->intent;
	r->fields = *q->partial;
	if (offer->choose(in, &f, k)) {
		r->problem = PROBLEM_NONE;
		r->fields = f;
		r->rule = STR(DIALOG_ANSWER);
	} else if (offer->choose == choose_sum) {
		r->problem = PROBLEM_NONE;
	} else {
		r->problem = not_offered(q);
	}
}

/*
 * A bare number that answers what was asked of a meeting and what was asked
 * of a text as well: NULL, or the former. An echo that came last is not
 * waiting for anything, and `1` to it changes nothing.
 */
static const struct pending *fits_two(const struct handler_input *in)
{
	const struct context *c = in->context;
	const struct pending *poll = dialog_newest(c, true);
	const struct pending *other = dialog_newest(c, false);
	int k = digit_of(in->message, false);

	if (k == 0 || !c->sender_known || poll == NULL || other == NULL ||
		k > (poll->question == QUESTION_VOTE ? 3 : 2))
		return NULL;
	if (other->question == QUESTION_CONFIRM_REPORT)
		return other != &c->pending[0] && k <= 2 ? poll : NULL;
	return other->partial != NULL && offer_of(in, other) != NULL ? poll
								     : NULL;
}

/* Asked anew, the meeting's question is the only one that is open. */
static bool resolve_two(const struct handler_input *in, struct reading *r)
{
	const struct pending *poll = fits_two(in);
	bool vote = poll != NULL && poll->question == QUESTION_VOTE;

	if (poll != NULL)
		*r = (struct reading){
			.intent = vote ? INTENT_VOTE : INTENT_CONFIRM,
			.problem = PROBLEM_AMBIGUOUS,
			.unit_index = -1,
			.rule = STR(DIALOG_WHICH)};
	return poll != NULL;
}

/* The partial record, completed by one value. */
static struct fields *complete(const struct pending *q, struct reading *r)
{
	r->intent = q->intent;
	r->problem = PROBLEM_NONE;
	r->fields = *q->partial;
	r->rule = STR(DIALOG_ANSWER);
	return &r->fields;
}

/* "35", after "how many were there?"; "12", after "who?" */
static void resolve_count(const struct handler_input *in,
	const struct pending *q, struct reading *r)
{
	enum problem p = problem_of(in, q);
	int64_t n = number_alone(in->message->text);

	if (n < 0)
		return;
	if (p == PROBLEM_MISSING_PRESENT)
		field_set_int(complete(q, r), FIELD_PRESENT, n);
	else if (p == PROBLEM_MISSING_MEMBER && n > 0)
		field_set_int(complete(q, r), FIELD_MEMBER, n);
}

/* "Binh Duong", "di HN 3T", after "where to?" */
static void resolve_place(const struct handler_input *in,
	const struct pending *q, struct reading *r)
{
	struct fields *f;
	struct place place;

	if ((q->problem != PROBLEM_MISSING_DEST &&
		    q->problem != PROBLEM_DEST_AMBIGUOUS) ||
		!place_read(in->message->text, &place))
		return;
	f = complete(q, r);
	field_set_text(f, FIELD_DEST, place.name);
	if (place.months > 0)
		field_set_int(f, FIELD_MONTHS, place.months);
}

void handler_resolve(const struct message *m, const struct context *c,
	const struct config *cfg, struct reading *r)
{
	const struct handler_input in = {m, r, c, cfg};
	const struct pending *q = dialog_open(c);

	if (str_is(r->rule, DIALOG_ANSWER) || resolve_two(&in, r))
		return;
	if (q != NULL && q->partial != NULL &&
		q->question != QUESTION_CONFIRM_REPORT) {
		resolve_number(&in, q, r);
		if (!str_is(r->rule, DIALOG_ANSWER))
			resolve_count(&in, q, r);
		if (!str_is(r->rule, DIALOG_ANSWER))
			resolve_place(&in, q, r);
	}
	invited_resolve(&in, r);
	unsaid_fill(c, r);
}
