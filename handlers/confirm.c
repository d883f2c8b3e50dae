/*
 * confirm - `1` or `2` to an invitation: who will come?
 *
 * Needs an open invitation, or a meeting that is announced and not past. The
 * answer is a member's: the one who was asked, else the one that the phone
 * speaks for; a phone of several is asked which. The last answer counts, so
 * the invitation stays open until it expires. What crosses the news of another
 * day is asked for that day, and never taken for it. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/invited.h"
#include "handlers/record.h"

/* The invitation stays the question that is open. */
static void ask_again(const struct handler_input *in, struct outcome *out,
	const struct invited *v, enum problem p)
{
	bool two = str_is(in->reading->rule, DIALOG_WHICH);
	bool anew = p != PROBLEM_MISSING_MEMBER &&
		    (v->question != NULL || v->untold);
	struct effect *e = ask_with(in, out,
		&(struct ask){
			.problem = p,
			.key = two ? "ask_invite_first" : NULL,
			.question = anew ? QUESTION_INVITE : QUESTION_NONE,
		});

	if (e == NULL)
		return;
	reply_arg(&e->reply, "meeting", invited_name(in, v, out->arena));
	if (anew)
		e->subject = v->question != NULL ? v->question->subject
						 : v->meeting_id;
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct invited *v)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	struct reply *reply;

	*f = out->fields;
	field_set_int(f, FIELD_MEMBER, v->member);
	reply = record_store(in, out,
		&(struct record){.kind = RECORD_ANSWER,
			.unit_id = v->unit_id,
			.subject = v->meeting_id,
			.fields = f,
			.key = "confirm_saved"});
	reply_arg(reply, "meeting", invited_name(in, v, out->arena));
}

/* No question is open; today's meeting may just have begun. */
static void refuse(
	const struct handler_input *in, struct outcome *out, enum problem p)
{
	const struct meeting_ref *m = in->context->pending_meeting;
	bool begun = m != NULL && m->date == in->context->today &&
		     invited_is_over(in->context, m);

	dialog_refuse(out, p != PROBLEM_NONE ? p : PROBLEM_AMBIGUOUS,
		begun ? "invite_over" : "no_question");
	if (begun)
		reply_arg(&out->v[out->n - 1].reply, "meeting",
			record_meeting(m, out->arena));
}

/* Put off, with no day yet: there is nothing to say yes to. */
static bool has_no_day(const struct handler_input *in, const struct invited *v)
{
	return in->context->has_registry && v->question == NULL &&
	       v->meeting->date == DAY_NONE;
}

void confirm_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	struct invited v;

	if (invited_ask_which(in, out))
		return;
	if (!invited_find(in, &out->fields, QUESTION_INVITE, &v) ||
		has_no_day(in, &v)) {
		if (dialog_open(in->context) != NULL)
			unknown_handle(in, out); /* another thing is asked */
		else
			refuse(in, out, p);
		return;
	}
	if (v.member == 0) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
		return;
	}
	if (p == PROBLEM_NONE && !field_has(&out->fields, FIELD_ANSWER))
		p = PROBLEM_AMBIGUOUS;
	if (p == PROBLEM_NONE && v.untold)
		p = PROBLEM_AMBIGUOUS;
	if (p == PROBLEM_NONE && v.member < 0)
		p = PROBLEM_MISSING_MEMBER;
	if (p == PROBLEM_NONE)
		take(in, out, &v);
	else
		ask_again(in, out, &v, p);
}
