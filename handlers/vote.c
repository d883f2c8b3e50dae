/*
 * vote - BQ1 DY: a remote vote on an item that is open.
 *
 * Only for items of a meeting that is announced and has not begun, only by
 * the member's own number, and only with the item named, unless a single one
 * is open; a phone of several members names whose by roll number. "With the
 * majority", an agreement that names nothing and a vote for
 * somebody else are asked, never counted; after the closing that is told.
 * What the member may do is in ballot.c. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/ballot.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/invited.h"
#include "handlers/record.h"

static bool is_open(const struct context *c, int64_t item)
{
	for (size_t i = 0; i < c->vote_items_n; i++)
		if (c->vote_items[i] == item)
			return true;
	return false;
}

static bool are_open(const struct context *c, const struct fields *f)
{
	const struct field_map_entry *v = f->v[FIELD_CHOICES].list.p;

	for (size_t i = 0; i < f->v[FIELD_CHOICES].list.n; i++)
		if (!is_open(c, v[i].key))
			return false;
	return f->v[FIELD_CHOICES].list.n > 0;
}

static enum problem check(const struct context *c, struct fields *f)
{
	if (field_int(f, FIELD_PROXY, 0) != 0)
		return PROBLEM_AMBIGUOUS;
	if (field_has(f, FIELD_CHOICES))
		return are_open(c, f) ? PROBLEM_NONE : PROBLEM_AMBIGUOUS;
	if (!field_has(f, FIELD_CHOICE))
		return PROBLEM_AMBIGUOUS;
	if (!field_has(f, FIELD_ITEM) && c->vote_items_n == 1)
		field_set_int(f, FIELD_ITEM, c->vote_items[0]);
	return field_has(f, FIELD_ITEM) && is_open(c, f->v[FIELD_ITEM].i)
		       ? PROBLEM_NONE
		       : PROBLEM_AMBIGUOUS;
}

/* Without a store there is nothing that could refuse it. */
static void take_unstored(const struct handler_input *in, struct outcome *out,
	const struct invited *v)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	struct reply *reply;

	*f = out->fields;
	field_set_int(f, FIELD_MEMBER, v->member);
	reply = record_store(in, out,
		&(struct record){.kind = RECORD_BALLOT,
			.unit_id = v->unit_id,
			.subject = v->meeting_id,
			.fields = f,
			.key = "vote_saved"});
	reply_arg(reply, "meeting", invited_name(in, v, out->arena));
}

void vote_handle(const struct handler_input *in, struct outcome *out)
{
	const int64_t said = field_int(&out->fields, FIELD_MEMBER, 0);
	enum problem p = in->reading->problem;
	struct invited v;

	if (invited_ask_which(in, out))
		return;
	if (ballot_is_over(in->context, &out->fields)) {
		ballot_tell_over(in, out);
		return;
	}
	if (!invited_find(in, &out->fields, QUESTION_VOTE, &v) ||
		in->context->vote_items_n == 0) {
		dialog_refuse(out, p != PROBLEM_NONE ? p : PROBLEM_AMBIGUOUS,
			"no_vote");
		return;
	}
	if (said > 0 && v.member != said) {
		ask_problem(in, out, PROBLEM_AMBIGUOUS);
		return;
	}
	if (v.member == 0) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
		return;
	}
	if (p == PROBLEM_NONE)
		p = check(in->context, &out->fields);
	if (p == PROBLEM_NONE && v.member < 0)
		p = PROBLEM_MISSING_MEMBER;
	if (p != PROBLEM_NONE)
		ask_problem(in, out, p);
	else if (in->context->votes_n > 0)
		ballot_cast_or_tell(in, out, &v);
	else
		take_unstored(in, out, &v);
}
