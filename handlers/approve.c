/*
 * approve - DUYET 12, TRA 12 from staff: a proposal is decided.
 *
 * Only of the staff's own subtree: another number is answered as one that is
 * not there. A member who has changed since is asked about; what cannot be
 * done as it was proposed is refused with what to do. Without a number, the
 * one that waits is shown for `1` or `2`, of several their numbers. Who made
 * the proposal is told what became of it, and no reason. `DV 12 OK` from a
 * secretary is in heard.c. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/heard.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "handlers/record_text.h"

#define LISTED_MAX ((size_t)3)

static struct str text_of(const struct proposal_ref *p, struct arena *a)
{
	return record_text(p->intent, p->fields, a);
}

static struct reply *reply_about(
	struct outcome *out, struct reply *r, const struct proposal_ref *p)
{
	reply_arg_int(out, r, "proposal", p->id);
	reply_arg(r, "record", text_of(p, out->arena));
	return r;
}

/* What staff are told of somebody's status is written down. */
static void told(struct outcome *out, const char *what, int64_t unit_id)
{
	struct effect *e = outcome_add(out, EFFECT_READ);

	e->read = what;
	e->unit_id = unit_id;
}

/* `1` approves, `2` sends back. */
static void ask(const struct handler_input *in, struct outcome *out,
	const struct proposal_ref *p, const char *key)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	struct effect *e;

	field_set_int(f, FIELD_PROPOSAL, p->id);
	field_set_text(f, FIELD_DECISION, STR("approve"));
	dialog_settle(in, out, QUESTION_APPROVE);
	out->clarify = true;
	e = outcome_add(out, EFFECT_ASK);
	e->question = QUESTION_APPROVE;
	e->intent = INTENT_APPROVE;
	e->fields = f;
	e->problem = out->problem;
	e->subject = p->id;
	e->reply.key = key;
	(void)reply_about(out, &e->reply, p);
	told(out, "approve look", p->unit_id);
}

static void refuse(const struct handler_input *in, struct outcome *out,
	const struct proposal_ref *p, const char *key)
{
	dialog_settle(in, out, QUESTION_NONE);
	dialog_refuse(out, PROBLEM_CONTRADICTION, key);
	(void)reply_about(out, &out->v[out->n - 1].reply, p);
	told(out, "approve look", p->unit_id);
}

/* Decided before: nothing changes. */
static void tell_decided(const struct handler_input *in, struct outcome *out,
	const struct proposal_ref *p)
{
	static const struct {
		const char *state, *key;
	} keys[] = {
		{"approved", "proposal_was_approved"},
		{"rejected", "proposal_was_rejected"},
	};
	const char *key = "proposal_was_late";
	struct day_text day = day_short(
		day_of_ms(p->decided_at, in->context->utc_offset_min));
	struct reply *r;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (str_is(p->state, keys[i].state))
			key = keys[i].key;
	dialog_settle(in, out, QUESTION_NONE);
	r = reply_about(out, dialog_reply(out, key), p);
	reply_arg(r, "date", arena_str(out->arena, str_of(day.z)));
	told(out, "approve look", p->unit_id);
}

static void tell_proposer(const struct handler_input *in, struct outcome *out,
	const struct proposal_ref *p, bool approve)
{
	const char *key = !approve                 ? "told_rejected"
			  : record_gives_number(p) ? "told_joined"
						   : "told_approved";
	struct effect *e;

	if (str_eq(p->from, in->message->from))
		return;
	e = outcome_add(out, EFFECT_NOTIFY);
	e->unit_id = p->unit_id;
	e->to = p->from;
	e->language = p->language;
	e->reply.key = key;
	reply_arg_int(out, &e->reply, "number", p->new_no);
	(void)reply_about(out, &e->reply, p);
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct proposal_ref *p, bool approve)
{
	struct reply *r = record_store(in, out,
		&(struct record){.kind = RECORD_DECISION,
			.unit_id = p->unit_id,
			.subject = p->id,
			.key = approve ? "proposal_approved"
				       : "proposal_rejected"});

	r->args_n = 0;
	(void)reply_about(out, r, p);
	tell_proposer(in, out, p, approve);
}

static bool insists(const struct handler_input *in)
{
	const struct pending *q = dialog_open(in->context);

	return dialog_confirmed(in) && q->problem == PROBLEM_CONTRADICTION;
}

static void approve(const struct handler_input *in, struct outcome *out,
	const struct proposal_ref *p)
{
	static const char *const keys[] = {
		[PROPOSAL_VAGUE] = "proposal_vague",
		[PROPOSAL_NO_PHONE] = "proposal_no_phone",
		[PROPOSAL_TAKEN] = "proposal_taken",
	};

	if (p->bar > PROPOSAL_CHANGED) {
		refuse(in, out, p, keys[p->bar]);
	} else if (p->bar == PROPOSAL_CHANGED && !insists(in)) {
		out->problem = PROBLEM_CONTRADICTION;
		ask(in, out, p, "ask_proposal_changed");
	} else {
		take(in, out, p, true);
	}
}

static void decide(const struct handler_input *in, struct outcome *out)
{
	const struct context *c = in->context;
	bool yes = str_is(field_text(&out->fields, FIELD_DECISION), "approve");
	const struct proposal_ref *p =
		c->proposals_n > 0 ? &c->proposals[0] : NULL;

	if (!c->proposals_known) { /* read for its meaning alone */
		reply_arg_int(out,
			dialog_reply(out, yes ? "proposal_approved"
					      : "proposal_rejected"),
			"proposal", field_int(&out->fields, FIELD_PROPOSAL, 0));
	} else if (p == NULL) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "proposal_none");
		reply_arg_int(out, &out->v[out->n - 1].reply, "proposal",
			field_int(&out->fields, FIELD_PROPOSAL, 0));
	} else if (!str_is(p->state, "open")) {
		tell_decided(in, out, p);
	} else if (yes) {
		approve(in, out, p);
	} else {
		take(in, out, p, false);
	}
}

/* "12 MG07 DV 31 XOATEN; 13 MG08 DV 4 MIEN": as many as fit. */
static struct str listed(const struct context *c, struct arena *a)
{
	struct str list = {"", 0};

	for (size_t i = 0; i < c->proposals_n && i < LISTED_MAX; i++)
		list = arena_printf(a, STR_FMT "%s%lld " STR_FMT, STR_ARG(list),
			i > 0 ? "; " : "", (long long)c->proposals[i].id,
			STR_ARG(text_of(&c->proposals[i], a)));
	return list;
}

/* A bare DUYET. */
static void show(const struct handler_input *in, struct outcome *out)
{
	const struct context *c = in->context;
	struct reply *r;

	if (!c->proposals_known) {
		ask_problem(in, out, PROBLEM_BAD_SYNTAX);
		return;
	}
	if (c->proposals_open == 1) {
		out->problem = PROBLEM_BAD_SYNTAX;
		ask(in, out, &c->proposals[0], "ask_proposal");
		return;
	}
	dialog_refuse(out, PROBLEM_BAD_SYNTAX,
		c->proposals_open == 0 ? "no_proposals" : "ask_proposals");
	r = &out->v[out->n - 1].reply;
	reply_arg_int(out, r, "count", c->proposals_open);
	reply_arg(r, "list", listed(c, out->arena));
	if (c->proposals_open > 0)
		told(out, "approve list", 0);
}

void approve_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	const struct fields *f = &out->fields;

	if (p == PROBLEM_NONE && heard_is(f)) {
		heard_take(in, out);
	} else if (dialog_checks_sender(in) &&
		   !context_has_role(in->context, ROLE_STAFF)) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
	} else if (field_has(f, FIELD_PROPOSAL) &&
		   field_has(f, FIELD_DECISION) && p == PROBLEM_NONE) {
		decide(in, out);
	} else if (!field_has(f, FIELD_PROPOSAL) && p == PROBLEM_BAD_SYNTAX) {
		show(in, out);
	} else {
		ask_problem(
			in, out, p == PROBLEM_NONE ? PROBLEM_BAD_SYNTAX : p);
	}
}
