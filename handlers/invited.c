/*
 * invited - which meeting and which member does a bare answer mean?
 *
 * The question that is open names both; without one, the meeting that is
 * announced for the sender's unit and not past, and the member that the phone
 * speaks for there. A phone of several members says for whom by roll number.
 * Pure; writer thread.
 */
#include "handlers/invited.h"

#include "handlers/dialog.h"
#include "handlers/record.h"

static bool is_to_come(const struct context *c, const struct meeting_ref *m)
{
	return m != NULL && (m->date == DAY_NONE || m->date >= c->today);
}

static struct str unit_of(const struct invited *v)
{
	return v->meeting != NULL ? v->meeting->unit : (struct str){NULL, 0};
}

static int member_of(const struct handler_input *in, const struct fields *f,
	const struct invited *v)
{
	const struct context *c = in->context;
	int64_t said = field_int(f, FIELD_MEMBER, 0);

	if (!c->has_registry)
		return said > 0 ? (int)said : 1;
	if (v->question != NULL && v->question->member_no > 0)
		return v->question->member_no;
	for (size_t i = 0; said > 0 && i < c->roles_n; i++)
		if (c->roles[i].member_no == said)
			return (int)said;
	return dialog_member(c, unit_of(v));
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
	const struct pending *q = context_question(c, question);
	const struct meeting_ref *m = c->pending_meeting;

	*ret = (struct invited){.question = q};
	if (is_to_come(c, m) &&
		(q == NULL || q->subject == 0 || q->subject == m->id))
		ret->meeting = m;
	if (q == NULL && ret->meeting == NULL)
		return false;
	ret->meeting_id = ret->meeting != NULL ? ret->meeting->id : q->subject;
	if (c->has_registry && ret->meeting_id == 0)
		return false;
	ret->member = member_of(in, f, ret);
	ret->unit_id = unit_id_of(c, ret);
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
