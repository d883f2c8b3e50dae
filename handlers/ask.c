/*
 * ask - which question goes back when a report cannot be stored as it is?
 *
 * One table line per (intent, problem). Every question is given the same
 * arguments and names those it needs, so that texts can be reworded without
 * touching code. Answers that fail are counted through a whole conversation,
 * whatever is asked in it; after question.max_tries of them the text that
 * began it goes to the staff of the unit: a person who does not get through
 * by SMS is called. Pure; writer thread.
 */
#include "handlers/ask.h"

#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/record_text.h"

#include <stdio.h>

/* The first line that fits counts; INTENT_N and PROBLEM_N fit any. */
static const struct line {
	enum intent intent;
	enum problem problem;
	const char *key;
} lines[] = {
	{INTENT_MEETING_REPORT, PROBLEM_SUM_MISMATCH, "ask_sum"},
	{INTENT_MEETING_REPORT, PROBLEM_KEYWORD_TYPO, "ask_keyword"},
	{INTENT_MEETING_REPORT, PROBLEM_SPLIT_NUMBER, "ask_keyword"},
	{INTENT_MEETING_REPORT, PROBLEM_MOJIBAKE, "ask_keyword"},
	{INTENT_MEETING_REPORT, PROBLEM_DU_AMBIGUOUS, "ask_all_present"},
	{INTENT_MEETING_REPORT, PROBLEM_COUNT_OR_NUMBER, "ask_absences"},
	{INTENT_MEETING_REPORT, PROBLEM_VANG_AMBIGUOUS, "ask_absences"},
	{INTENT_MEETING_REPORT, PROBLEM_K_AMBIGUOUS, "ask_absences"},
	{INTENT_CORRECTION, PROBLEM_SUM_MISMATCH, "ask_sum"},
	{INTENT_CORRECTION, PROBLEM_KEYWORD_TYPO, "ask_word"},
	{INTENT_CORRECTION, PROBLEM_BAD_SYNTAX, "ask_correction"},
	{INTENT_CANCEL, PROBLEM_AMBIGUOUS, "ask_cancel"},
	{INTENT_CANCEL, PROBLEM_KEYWORD_TYPO, "ask_word"},
	{INTENT_CANCEL, PROBLEM_MISSING_DATE, "ask_cancel_which"},
	{INTENT_CANCEL, PROBLEM_BAD_SYNTAX, "ask_cancel_which"},
	{INTENT_QUERY, PROBLEM_KEYWORD_TYPO, "ask_word"},
	{INTENT_QUERY, PROBLEM_BAD_SYNTAX, "ask_query"},
	{INTENT_HELP, PROBLEM_KEYWORD_TYPO, "ask_word"},
	{INTENT_OPT_OUT, PROBLEM_N, "ask_opt_out"},
	{INTENT_OPT_IN, PROBLEM_N, "ask_opt_in"},
	{INTENT_CONFIRM, PROBLEM_MISSING_DATE, "ask_which_meeting"},
	{INTENT_VOTE, PROBLEM_MISSING_DATE, "ask_which_meeting"},
	{INTENT_CONFIRM, PROBLEM_MISSING_MEMBER, "ask_which_member"},
	{INTENT_CONFIRM, PROBLEM_N, "ask_invite"},
	{INTENT_VOTE, PROBLEM_MISSING_MEMBER, "ask_which_member"},
	{INTENT_VOTE, PROBLEM_N, "ask_vote"},
	{INTENT_OPINION, PROBLEM_N, "ask_opinion"},
	{INTENT_MEETING_ANNOUNCE, PROBLEM_OLD_DATE, "ask_plan_day"},
	{INTENT_MEETING_ANNOUNCE, PROBLEM_FUTURE_DATE, "ask_plan_day"},
	{INTENT_MEETING_POSTPONE, PROBLEM_OLD_DATE, "ask_plan_day"},
	{INTENT_MEETING_POSTPONE, PROBLEM_FUTURE_DATE, "ask_plan_day"},
	{INTENT_MEMBER_STATUS, PROBLEM_OLD_DATE, "ask_day"},
	{INTENT_MEMBER_STATUS, PROBLEM_FUTURE_DATE, "ask_day"},
	{INTENT_MEMBER_STATUS, PROBLEM_BAD_DATE, "ask_day"},
	{INTENT_MEMBER_STATUS, PROBLEM_LUNAR_DATE, "ask_day"},
	{INTENT_MEMBER_STATUS, PROBLEM_DATE_AMBIGUOUS, "ask_day"},
	{INTENT_MEMBER_STATUS, PROBLEM_WEEKDAY_MISMATCH, "ask_day"},
	{INTENT_TASK, PROBLEM_OLD_DATE, "ask_task"},
	{INTENT_N, PROBLEM_PRESENT_GT_TOTAL, "ask_swap"},
	{INTENT_N, PROBLEM_ROSTER_MISMATCH, "ask_roster"},
	{INTENT_N, PROBLEM_MISSING_UNIT, "ask_unit"},
	{INTENT_N, PROBLEM_UNIT_UNKNOWN, "ask_unit_unknown"},
	{INTENT_N, PROBLEM_UNIT_TYPO, "ask_unit_unknown"},
	{INTENT_N, PROBLEM_UNIT_NOT_SENDER, "ask_unit_other"},
	{INTENT_N, PROBLEM_ALIAS_MULTI, "ask_unit_shared"},
	{INTENT_N, PROBLEM_JOINT_MEETING, "ask_joint"},
	{INTENT_N, PROBLEM_MISSING_PRESENT, "ask_present"},
	{INTENT_N, PROBLEM_MISSING_ABSENCE_SPLIT, "ask_absences"},
	{INTENT_N, PROBLEM_MISSING_DATE, "ask_date"},
	{INTENT_N, PROBLEM_BAD_DATE, "ask_date_bad"},
	{INTENT_N, PROBLEM_DATE_AMBIGUOUS, "ask_date"},
	{INTENT_N, PROBLEM_FUTURE_DATE, "ask_date_future"},
	{INTENT_N, PROBLEM_OLD_DATE, "ask_date_old"},
	{INTENT_N, PROBLEM_LUNAR_DATE, "ask_date_lunar"},
	{INTENT_N, PROBLEM_WEEKDAY_MISMATCH, "ask_date_weekday"},
	{INTENT_N, PROBLEM_NUMBER_RANGE, "ask_range"},
	{INTENT_N, PROBLEM_CONTRADICTION, "ask_contradiction"},
	{INTENT_N, PROBLEM_KEYWORD_TYPO, "ask_record"},
	{INTENT_N, PROBLEM_SPLIT_NUMBER, "ask_record"},
	{INTENT_N, PROBLEM_MOJIBAKE, "ask_record"},
	{INTENT_N, PROBLEM_TWO_STEP, "ask_two_step"},
	{INTENT_N, PROBLEM_MAT_AMBIGUOUS, "ask_mat"},
	{INTENT_N, PROBLEM_MISSING_MEMBER, "ask_member"},
	{INTENT_N, PROBLEM_MEMBER_UNKNOWN, "ask_member_unknown"},
	{INTENT_N, PROBLEM_NAME_UNCLEAR, "ask_name"},
	{INTENT_N, PROBLEM_MISSING_DEST, "ask_dest"},
	{INTENT_N, PROBLEM_DEST_AMBIGUOUS, "ask_dest"},
	{INTENT_N, PROBLEM_MISSING_TIME, "ask_time"},
	{INTENT_N, PROBLEM_MISSING_REASON, "ask_reason"},
	{INTENT_ATTENDANCE, PROBLEM_N, "ask_attendance"},
	{INTENT_MEMBER_STATUS, PROBLEM_N, "ask_status"},
	{INTENT_MEETING_ANNOUNCE, PROBLEM_N, "ask_announce"},
	{INTENT_MEETING_POSTPONE, PROBLEM_N, "ask_postpone"},
	{INTENT_NO_MEETING, PROBLEM_N, "ask_reason"},
	{INTENT_CANDIDATE, PROBLEM_N, "ask_candidate"},
	{INTENT_TASK, PROBLEM_N, "ask_task"},
	{INTENT_UNIT_UPDATE, PROBLEM_N, "ask_unit_update"},
	{INTENT_REGISTER, PROBLEM_N, "ask_register"},
	{INTENT_DATA_REQUEST, PROBLEM_N, "ask_data_request"},
	{INTENT_BROADCAST, PROBLEM_N, "ask_broadcast"},
	{INTENT_APPROVE, PROBLEM_N, "ask_approve"},
	{INTENT_N, PROBLEM_N, "ask_form"},
};

/* What a misspelt keyword was taken for. */
static const struct word {
	enum intent intent;
	const char *word;
} words[] = {
	{INTENT_CORRECTION, "SUA"},
	{INTENT_CANCEL, "HUY"},
	{INTENT_QUERY, "XEM"},
	{INTENT_HELP, "GIUP"},
};

static const char *key_for(enum intent intent, enum problem p)
{
	const struct line *l = lines;

	while ((l->intent != INTENT_N && l->intent != intent) ||
		(l->problem != PROBLEM_N && l->problem != p))
		l++;
	return l->key;
}

static bool is_about_unit(enum problem p)
{
	return p == PROBLEM_MISSING_UNIT || p == PROBLEM_UNIT_UNKNOWN ||
	       p == PROBLEM_UNIT_TYPO || p == PROBLEM_UNIT_NOT_SENDER ||
	       p == PROBLEM_ALIAS_MULTI;
}

static bool is_echoed_first(enum problem p)
{
	return p == PROBLEM_KEYWORD_TYPO || p == PROBLEM_SPLIT_NUMBER ||
	       p == PROBLEM_MOJIBAKE;
}

static enum question question_for(enum problem p)
{
	if (p == PROBLEM_TWO_STEP)
		return QUESTION_TWO_STEP;
	return is_echoed_first(p) ? QUESTION_CONFIRM_KEYWORD : QUESTION_MISSING;
}

/* The figures are whole but for what is written beside them. */
static bool counts_add_up(const struct fields *f)
{
	return field_has(f, FIELD_TOTAL) && field_has(f, FIELD_PRESENT) &&
	       figures_sum(f) == field_int(f, FIELD_TOTAL, 0);
}

static int roll_of(const struct handler_input *in, const struct fields *f)
{
	const struct unit_ref *u =
		dialog_unit(in->context, field_text(f, FIELD_UNIT));

	return u != NULL ? u->roll : 0;
}

static int64_t total_of(const struct fields *f)
{
	return field_int(f, FIELD_TOTAL, figures_sum(f));
}

/* Absences to be shared out; 0: not known. */
static int64_t absent_of(const struct fields *f, int roll)
{
	int64_t total = field_int(f, FIELD_TOTAL, roll);
	int64_t gap = total - field_int(f, FIELD_PRESENT, total);

	return gap > 0 ? gap : field_int(f, FIELD_ABSENT, 0);
}

/* The one case's text where a problem has several. */
static const char *key_of_case(
	const struct fields *f, int roll, enum problem p, const char *key)
{
	bool one_kind =
		field_has(f, FIELD_EXCUSED) != field_has(f, FIELD_UNEXCUSED);

	switch (p) {
	case PROBLEM_SUM_MISMATCH:
		if (!counts_add_up(f))
			return key;
		if (figures_votes(f) > field_int(f, FIELD_PRESENT, 0))
			return "ask_votes";
		return field_int(f, FIELD_EXEMPT, 0) >
				       field_int(f, FIELD_EXCUSED, 0)
			       ? "ask_exempt"
			       : "ask_figures";
	case PROBLEM_DU_AMBIGUOUS:
		return roll > 0 ? key : "ask_present";
	case PROBLEM_MISSING_ABSENCE_SPLIT:
		if (one_kind && roll > 0 && field_has(f, FIELD_PRESENT))
			return "ask_rest";
		return absent_of(f, roll) > 0 ? "ask_split" : key;
	default:
		return key;
	}
}

/* "1=MG07 2=MG08": the sender's own units, as far as one digit counts. */
static struct str unit_offer(const struct context *c, struct arena *a)
{
	struct str offer = {"", 0};
	const struct unit_ref *u;

	for (int i = 1; i <= 9; i++) {
		u = dialog_own_unit(c, i);
		if (u == NULL)
			break;
		offer = arena_printf(a, STR_FMT "%s%d=" STR_FMT, STR_ARG(offer),
			i > 1 ? " " : "", i, STR_ARG(u->code));
	}
	return offer;
}

static struct str rest_offer(const struct fields *f, int roll, struct arena *a)
{
	struct fields whole = *f;
	int64_t present = field_int(f, FIELD_PRESENT, 0);
	bool excused = field_has(f, FIELD_EXCUSED);
	int64_t other =
		field_int(f, excused ? FIELD_EXCUSED : FIELD_UNEXCUSED, 0);

	field_set_int(&whole, FIELD_TOTAL, roll);
	field_set_int(&whole, excused ? FIELD_UNEXCUSED : FIELD_EXCUSED,
		roll - present - other);
	return figures_text(&whole, a);
}

/* Roll numbers of before a change of units, or of after it? */
static bool asks_whose(const struct handler_input *in, enum problem p)
{
	return p == PROBLEM_ALIAS_MULTI && in->context->lists.n > 0;
}

static struct str offer_for(const struct handler_input *in,
	const struct outcome *out, enum problem p, int roll)
{
	const struct fields *f = &out->fields;

	if (asks_whose(in, p))
		return in->context->lists;
	if (is_about_unit(p))
		return dialog_own_unit(in->context, 1) != NULL
			       ? unit_offer(in->context, out->arena)
			       : dialog_shared_codes(in->context, out->arena);
	if (p == PROBLEM_PRESENT_GT_TOTAL)
		return arena_printf(out->arena, "TS%lld CM%lld",
			(long long)field_int(f, FIELD_PRESENT, 0),
			(long long)field_int(f, FIELD_TOTAL, 0));
	if (p == PROBLEM_MISSING_ABSENCE_SPLIT)
		return rest_offer(f, roll, out->arena);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].intent == out->intent)
			return str_of(words[i].word);
	return (struct str){"", 0};
}

/* The text that asks, when the caller names none. */
static const char *usual_key(const struct handler_input *in, enum intent intent,
	const struct fields *f, enum problem p)
{
	if (intent == INTENT_OPT_OUT || intent == INTENT_OPT_IN)
		return key_for(intent, p);
	if (asks_whose(in, p))
		return "ask_list";
	if (is_about_unit(p) && dialog_own_unit(in->context, 1) == NULL)
		return p == PROBLEM_ALIAS_MULTI && dialog_shares(in->context)
			       ? "ask_unit_parts"
			       : "ask_unit_code";
	if (intent != INTENT_MEETING_REPORT && intent != INTENT_CORRECTION)
		return key_for(intent, p);
	return key_of_case(f, roll_of(in, f), p, key_for(intent, p));
}

static void add_args(const struct handler_input *in, struct outcome *out,
	struct reply *r, const struct ask *ask)
{
	const struct fields *f = ask->about != NULL ? ask->about : &out->fields;
	struct str name = dialog_report_name(f, out->arena);
	struct day_text today = day_short(in->context->today);
	int roll = roll_of(in, f);
	struct str offer;

	r->key = ask->key != NULL ? ask->key
				  : usual_key(in, out->intent, f, ask->problem);
	reply_arg(r, "report", name.n > 0 ? name : STR("HOP"));
	reply_arg(r, "code", dialog_code(in, f));
	reply_arg(r, "figures", figures_text(f, out->arena));
	reply_arg(r, "today", arena_str(out->arena, str_of(today.z)));
	offer = ask->offer.p != NULL ? ask->offer
				     : offer_for(in, out, ask->problem, roll);
	/* Among none there is nothing to choose. */
	if (offer.n == 0 && strcmp(r->key, "ask_unit_parts") == 0)
		r->key = "ask_unit_code";
	reply_arg(r, "offer", offer);
	reply_arg_int(out, r, "sum", figures_sum(f));
	reply_arg_int(out, r, "total", total_of(f));
	reply_arg_int(out, r, "present", field_int(f, FIELD_PRESENT, 0));
	reply_arg_int(out, r, "absent", absent_of(f, roll));
	reply_arg_int(out, r, "roll", roll);
	reply_arg_int(out, r, "votes", figures_votes(f));
	reply_arg_int(out, r, "days", in->config->report.look_back_days);
	reply_arg(r, "record", record_text(out->intent, f, out->arena));
}

static bool differ(
	const struct fields *a, const struct fields *b, enum field id)
{
	if (!field_has(a, id) || !field_has(b, id))
		return false;
	return field_type(id) == FIELD_T_TEXT ? !str_eq(a->v[id].s, b->v[id].s)
					      : a->v[id].i != b->v[id].i;
}

static bool is_about_day(enum problem p)
{
	return p == PROBLEM_MISSING_DATE || p == PROBLEM_BAD_DATE ||
	       p == PROBLEM_FUTURE_DATE || p == PROBLEM_OLD_DATE ||
	       p == PROBLEM_LUNAR_DATE || p == PROBLEM_WEEKDAY_MISMATCH ||
	       p == PROBLEM_DATE_AMBIGUOUS;
}

/* The question about a record that this text was to answer. */
static const struct pending *record_asked(
	const struct pending *q, const struct outcome *out)
{
	if (q->question == QUESTION_CONFIRM_REPORT)
		return q->problem != PROBLEM_NONE && out->intent == INTENT_ACK
			       ? q
			       : NULL;
	if (q->intent != out->intent || q->partial == NULL ||
		differ(q->partial, &out->fields, FIELD_UNIT) ||
		(!is_about_day(q->problem) &&
			differ(q->partial, &out->fields, FIELD_DATE)))
		return NULL;
	return q;
}

/* The conversation that this text goes on with; NULL: it begins one. */
static const struct pending *conversation(
	const struct handler_input *in, const struct outcome *out)
{
	const struct context *c = in->context;
	const struct pending *q = dialog_open(c);

	if (q != NULL)
		return record_asked(q, out);
	/* That two meetings are announced is nobody's failed answer. */
	if (c->pending_n == 0 || !c->sender_known || c->which_meeting ||
		(out->intent != INTENT_CONFIRM && out->intent != INTENT_VOTE))
		return NULL;
	q = &c->pending[0];
	return q->question == QUESTION_INVITE || q->question == QUESTION_VOTE
		       ? q
		       : NULL;
}

static int fields_n(const struct fields *f)
{
	return __builtin_popcountll(f->has[0]) +
	       __builtin_popcountll(f->has[1]);
}

/* It was an answer: what is asked now is what was still open behind it. */
static bool gets_on(const struct handler_input *in, const struct outcome *out,
	const struct pending *q, enum problem p)
{
	const struct reading *r = in->reading;

	if (p == q->problem || q->partial == NULL)
		return false;
	if (p == PROBLEM_TWO_STEP) /* understood; whoever texts it is asked */
		return true;
	if (str_is(r->rule, DIALOG_ANSWER))
		return r->problem == PROBLEM_NONE;
	return r->answered &&
	       (is_about_day(q->problem) || is_about_unit(q->problem) ||
		       fields_n(&out->fields) > fields_n(q->partial));
}

/* Answers of the conversation that failed, this one included. */
static int tries_so_far(const struct handler_input *in,
	const struct outcome *out, const struct pending *q, enum problem p)
{
	if (q == NULL)
		return 0;
	return gets_on(in, out, q, p) ? q->tries : q->tries + 1;
}

/* The unit whose staff help: the one that is named, an own one, a role's. */
static struct role_ref unit_for_staff(
	const struct handler_input *in, const struct outcome *out)
{
	const struct context *c = in->context;
	const struct unit_ref *u =
		dialog_unit(c, field_text(&out->fields, FIELD_UNIT));

	if (u == NULL)
		u = dialog_own_unit(c, 1);
	if (u != NULL)
		return (struct role_ref){
			.unit_id = u->id, .unit_code = u->code};
	return c->roles_n > 0 ? c->roles[0] : (struct role_ref){.unit_id = 0};
}

/* What a phone says for itself is not for others to read. */
static bool is_private(enum intent i)
{
	return i == INTENT_OPINION || i == INTENT_VOTE || i == INTENT_CONFIRM ||
	       i == INTENT_DATA_REQUEST || i == INTENT_OPT_OUT ||
	       i == INTENT_OPT_IN;
}

/* With the text that began it, not the last try at an answer. */
static void hand_over(const struct handler_input *in, struct outcome *out,
	const struct pending *q)
{
	struct role_ref of = unit_for_staff(in, out);
	struct effect *e;

	dialog_reply(out, "handed_over");
	if (of.unit_id == 0)
		return;
	e = outcome_add(out, EFFECT_NOTIFY);
	e->unit_id = of.unit_id;
	e->reply.key = "notify_stuck";
	reply_arg(&e->reply, "unit", of.unit_code);
	reply_arg_int(out, &e->reply, "message",
		q->message != 0 ? q->message : in->context->message_id);
	reply_arg_typed(&e->reply, "said",
		is_private(out->intent) ? STR("...") : q->said);
}

/*
 * What waits for the answer: what was read, less what the answer is to
 * replace although it may not name it again.
 */
static const struct fields *partial_for(const struct handler_input *in,
	const struct outcome *out, enum problem p)
{
	const struct fields *read = &out->fields;
	struct fields *f = ARENA_NEW(out->arena, struct fields);

	*f = *read;
	if (p == PROBLEM_SUM_MISMATCH || p == PROBLEM_PRESENT_GT_TOTAL ||
		(p == PROBLEM_ROSTER_MISMATCH && field_has(f, FIELD_EXCUSED) &&
			field_has(f, FIELD_UNEXCUSED)))
		field_drop(f, FIELD_ABSENT);
	if (figures_votes(f) > field_int(f, FIELD_PRESENT, INT64_MAX)) {
		field_drop(f, FIELD_VOTE_FOR);
		field_drop(f, FIELD_VOTE_AGAINST);
		field_drop(f, FIELD_VOTE_ABSTAIN);
	}
	if (p == PROBLEM_NUMBER_RANGE)
		figures_drop_large(f, in->config->report.max_figure);
	return f;
}

struct effect *ask_with(const struct handler_input *in, struct outcome *out,
	const struct ask *ask)
{
	const struct pending *q = conversation(in, out);
	int tries = tries_so_far(in, out, q, ask->problem);
	bool stuck = q != NULL && tries >= in->config->question.max_tries;
	enum question question = ask->question != QUESTION_NONE
					 ? ask->question
					 : question_for(ask->problem);
	struct effect *e;

	out->clarify = true;
	out->problem = ask->problem;
	dialog_settle(in, out, stuck ? QUESTION_NONE : question);
	if (stuck) {
		hand_over(in, out, q);
		return NULL;
	}
	e = outcome_add(out, EFFECT_ASK);
	e->question = question;
	e->intent = out->intent;
	e->fields = partial_for(in, out, ask->problem);
	e->problem = ask->problem;
	e->tries = tries;
	e->origin = q != NULL ? q->message : 0;
	add_args(in, out, &e->reply, ask);
	return e;
}

void ask_problem(
	const struct handler_input *in, struct outcome *out, enum problem p)
{
	(void)ask_with(in, out, &(struct ask){.problem = p});
}
