/*
 * invited - which meeting and which member does a bare answer mean?
 *
 * The question that is open names both; without one, the meeting that is
 * announced for the sender's unit and not past, and the member that the phone
 * speaks for there. A phone of several members says for whom by roll number.
 * Pure; writer thread.
 */
#include "handlers/invited.h"

#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/record.h"

bool invited_is_over(const struct context *c, const struct meeting_ref *m)
{
	return m->date != DAY_NONE &&
	       (m->date < c->today || (m->date == c->today && m->time >= 0 &&
					      c->minute >= m->time));
}

static struct str unit_of(const struct invited *v)
{
	return v->meeting != NULL ? v->meeting->unit : (struct str){NULL, 0};
}

/* Where several meetings are announced: of the one that is meant. */
static bool is_of_meeting(const struct context *c, const struct pending *q,
	enum question question)
{
	return q->question == question &&
	       (c->meetings_n == 0 || c->which_meeting || q->subject == 0 ||
		       q->subject == c->pending_meeting->id);
}

/*
 * One phone may have been asked for several members: the question of the one
 * who is named; *ret_several, and the newest, when none is.
 */
static const struct pending *question_of(const struct context *c,
	enum question question, int64_t said, bool *ret_several)
{
	const struct pending *newest = NULL;

	*ret_several = false;
	for (size_t i = 0; i < c->pending_n; i++) {
		const struct pending *q = &c->pending[i];

		if (!is_of_meeting(c, q, question))
			continue;
		if (newest == NULL)
			newest = q;
		if (q->member_no == 0)
			continue;
		if (q->member_no == said) {
			*ret_several = false;
			return q;
		}
		*ret_several |= newest->member_no != 0 &&
				q->member_no != newest->member_no;
	}
	return newest;
}

static int member_of(const struct handler_input *in, int64_t said,
	const struct invited *v, bool several)
{
	const struct context *c = in->context;

	if (!c->has_registry)
		return said > 0 ? (int)said : 1;
	/* Whoever is named, though another of the phone was asked. */
	for (size_t i = 0; said > 0 && i < c->roles_n; i++)
		if (c->roles[i].member_no == said)
			return (int)said;
	if (v->question != NULL && v->question->member_no > 0 && !several)
		return v->question->member_no;
	return several ? DIALOG_SEVERAL : dialog_member(c, unit_of(v));
}

static int64_t unit_id_of(const struct context *c, const struct invited *v)
{
	if (v->meeting != NULL)
		return v->meeting->unit_id;
	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].member_no == v->member)
			return c->roles[i].unit_id;
	return 0;
}

bool invited_find(const struct handler_input *in, const struct fields *f,
	enum question question, struct invited *ret)
{
	const struct context *c = in->context;
	const struct meeting_ref *m = c->pending_meeting;
	int64_t said = field_int(f, FIELD_MEMBER, 0);
	bool several;
	const struct pending *q = question_of(c, question, said, &several);

	*ret = (struct invited){.question = q};
	if (m != NULL && (q == NULL || q->subject == 0 || q->subject == m->id))
		ret->meeting = m;
	if (ret->meeting != NULL && invited_is_over(c, ret->meeting))
		return false;
	if (q == NULL && ret->meeting == NULL)
		return false;
	ret->meeting_id = ret->meeting != NULL ? ret->meeting->id : q->subject;
	if (c->has_registry && ret->meeting_id == 0)
		return false;
	ret->untold = q == NULL && ret->meeting->untold;
	ret->member = member_of(in, said, ret, several);
	ret->unit_id = unit_id_of(c, ret);
	return true;
}

/* To what was asked before; nothing else is open. */
static bool is_belated(const struct handler_input *in)
{
	const struct context *c = in->context;
	const struct meeting_ref *m = c->pending_meeting;
	struct str text = str_trim(in->message->text);

	return m != NULL && c->pending_n == 0 && c->has_registry &&
	       (str_is(text, "1") || str_is(text, "2")) &&
	       dialog_member(c, m->unit) != 0 &&
	       (m->untold ||
		       (dialog_role(c) == ROLE_MEMBER && m->date == c->today &&
			       invited_is_over(c, m)));
}

/* In any unit: one phone may be members' of two. */
static bool is_own_number(const struct context *c, int64_t no)
{
	for (size_t i = 0; i < c->roles_n; i++)
		if (dialog_speaks_for(c, c->roles[i].unit_code, no))
			return true;
	return false;
}

void invited_resolve(const struct handler_input *in, struct reading *r)
{
	const struct context *c = in->context;
	const struct meeting_ref *m = c->pending_meeting;

	if (is_belated(in))
		*r = (struct reading){
			.intent = INTENT_CONFIRM,
			.problem = PROBLEM_AMBIGUOUS,
			.unit_index = -1,
			.rule = STR("invite"),
		};
	else if (r->intent == INTENT_APPROVE && m != NULL &&
		 dialog_role(c) == ROLE_MEMBER &&
		 field_has(&r->fields, FIELD_ANSWER) &&
		 field_has(&r->fields, FIELD_MEMBER) &&
		 is_own_number(c, r->fields.v[FIELD_MEMBER].i))
		r->intent = INTENT_CONFIRM;
}

/* "8/11, 12/11" */
static struct str meeting_days(const struct handler_input *in, struct arena *a)
{
	const struct context *c = in->context;
	struct str days = STR("");

	for (size_t i = 0; i < c->meetings_n; i++)
		days = arena_printf(a, STR_FMT "%s%s", STR_ARG(days),
			i == 0 ? "" : ", ", day_short(c->meetings[i].date).z);
	return days;
}

bool invited_ask_which(const struct handler_input *in, struct outcome *out)
{
	if (!in->context->which_meeting)
		return false;
	field_drop(&out->fields, FIELD_DATE);
	(void)ask_with(in, out,
		&(struct ask){
			.problem = PROBLEM_MISSING_DATE,
			.offer = meeting_days(in, out->arena),
		});
	return true;
}

struct str invited_name(const struct handler_input *in, const struct invited *v,
	struct arena *a)
{
	const struct context *c = in->context;

	if (v->meeting != NULL)
		return record_meeting(v->meeting, a);
	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].unit_id == v->unit_id)
			return c->roles[i].unit_code;
	return STR("");
}
