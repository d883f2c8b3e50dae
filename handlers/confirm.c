/*
 * confirm - `1` or `2` to an invitation: who will come?
 *
 * Needs an open invitation, or a meeting that is announced and not past. The
 * answer is a member's: the one who was asked, else the one that the phone
 * speaks for; a phone of several is asked which. The last answer counts, so
 * the invitation stays open until it expires. Pure; writer thread.
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
	struct effect *e = ask_with(in, out,
		&(struct ask){
			.problem = p, .key = two ? "ask_invite_first" : NULL});

	if (e == NULL)
		return;
	reply_arg(&e->reply, "meeting", invited_name(in, v, out->arena));
	if (v->question == NULL || p == PROBLEM_MISSING_MEMBER)
		return;
	e->question = QUESTION_INVITE;
	e->subject = v->question->subject;
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

void confirm_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	struct invited v;

	if (!invited_find(in, &out->fields, QUESTION_INVITE, &v)) {
		dialog_refuse(out, p != PROBLEM_NONE ? p : PROBLEM_AMBIGUOUS,
			"no_question");
		return;
	}
	if (v.member == 0) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
		return;
	}
	if (p == PROBLEM_NONE && !field_has(&out->fields, FIELD_ANSWER))
		p = PROBLEM_AMBIGUOUS;
	if (p == PROBLEM_NONE && v.member < 0)
		p = PROBLEM_MISSING_MEMBER;
	if (p == PROBLEM_NONE)
		take(in, out, &v);
	else
		ask_again(in, out, &v, p);
}
