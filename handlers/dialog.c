/*
 * dialog - what handlers share.
 *
 * Looks up units in the context, names reports as the texts do, and keeps the
 * rule that one conversation has one open question: whoever asks or confirms
 * anew settles what was open before. Pure; writer thread.
 */
#include "handlers/dialog.h"

#define SETTLED_MAX 6 /* leaves room among EFFECTS_MAX for the others */

const struct unit_ref *dialog_unit(const struct context *c, struct str code)
{
	if (code.n == 0)
		return NULL;
	if (c->unit != NULL && str_eq(c->unit->code, code))
		return c->unit;
	for (size_t i = 0; i < c->units_n; i++)
		if (str_eq(c->units[i].code, code))
			return &c->units[i];
	for (size_t i = 0; i < c->matches_n; i++)
		for (size_t j = 0; j < c->matches[i].n; j++)
			if (str_eq(c->matches[i].units[j].code, code))
				return &c->matches[i].units[j];
	return NULL;
}

bool dialog_checks_sender(const struct handler_input *in)
{
	const struct context *c = in->context;

	return c->has_registry || (in->message->from.n > 0 && !c->sender_known);
}

const struct unit_ref *dialog_own_unit(const struct context *c, int n)
{
	for (size_t i = 0; i < c->units_n; i++)
		if (c->units[i].own && --n == 0)
			return &c->units[i];
	return NULL;
}

const struct unit_ref *dialog_only_unit(const struct context *c)
{
	return dialog_own_unit(c, 2) == NULL ? dialog_own_unit(c, 1) : NULL;
}

enum role dialog_role(const struct context *c)
{
	static const enum role by_rank[] = {
		ROLE_SECRETARY, ROLE_DEPUTY, ROLE_STAFF, ROLE_OVERSEER};

	for (size_t i = 0; i < sizeof(by_rank) / sizeof(by_rank[0]); i++)
		if (context_has_role(c, by_rank[i]))
			return by_rank[i];
	return ROLE_MEMBER;
}

bool dialog_is_reporter(const struct context *c)
{
	return dialog_role(c) <= ROLE_STAFF;
}

int dialog_member(const struct context *c, struct str unit)
{
	int no = 0;

	for (size_t i = 0; i < c->roles_n; i++) {
		const struct role_ref *r = &c->roles[i];

		if (r->member_no == 0 ||
			(unit.n > 0 && !str_eq(unit, r->unit_code)) ||
			(r->role != ROLE_MEMBER &&
				context_has_role(c, ROLE_MEMBER)))
			continue;
		if (no != 0 && no != r->member_no)
			return DIALOG_SEVERAL;
		no = r->member_no;
	}
	return no;
}

struct str dialog_unit_of(const struct context *c, int64_t no)
{
	const struct unit_ref *only = dialog_only_unit(c);
	struct str unit = {NULL, 0};

	if (only != NULL || dialog_role(c) != ROLE_MEMBER)
		return only != NULL ? only->code : unit;
	for (size_t i = 0; i < c->roles_n; i++) {
		const struct role_ref *r = &c->roles[i];

		if (no > 0 && r->member_no != no)
			continue;
		if (unit.n > 0 && !str_eq(unit, r->unit_code))
			return (struct str){NULL, 0};
		unit = r->unit_code;
	}
	/* A number that is not theirs is of any unit of theirs. */
	return unit.n == 0 && no > 0 ? dialog_unit_of(c, 0) : unit;
}

bool dialog_speaks_for(const struct context *c, struct str unit, int64_t no)
{
	for (size_t i = 0; i < c->roles_n; i++)
		if (c->roles[i].role == ROLE_MEMBER &&
			c->roles[i].member_no == no &&
			str_eq(c->roles[i].unit_code, unit))
			return true;
	return false;
}

bool dialog_confirmed(const struct handler_input *in)
{
	const struct pending *q = dialog_open(in->context);

	return q != NULL && in->reading->problem == PROBLEM_NONE &&
	       str_is(in->reading->rule, DIALOG_ANSWER) &&
	       (q->question == QUESTION_TWO_STEP ||
		       q->question == QUESTION_BROADCAST ||
		       q->question == QUESTION_APPROVE ||
		       q->problem == PROBLEM_TWO_STEP ||
		       q->problem == PROBLEM_MAT_AMBIGUOUS);
}

static const char *kind_mark(const struct fields *f)
{
	struct str kind = field_text(f, FIELD_KIND);

	if (str_is(kind, "thematic"))
		return " CD";
	return str_is(kind, "extraordinary") ? " BT" : "";
}

struct str dialog_report_name(const struct fields *f, struct arena *a)
{
	struct str unit = field_text(f, FIELD_UNIT);
	struct day_text d;

	if (!field_has(f, FIELD_DATE))
		return unit;
	d = day_short((day_t)f->v[FIELD_DATE].i);
	return arena_printf(a, STR_FMT "%s%s%s", STR_ARG(unit),
		unit.n > 0 ? " " : "", d.z, kind_mark(f));
}

struct str dialog_code(const struct handler_input *in, const struct fields *f)
{
	const struct unit_ref *u = dialog_own_unit(in->context, 1);

	if (field_text(f, FIELD_UNIT).n > 0)
		return field_text(f, FIELD_UNIT);
	return u != NULL ? u->code : STR("MG07");
}

static bool in_dialog(enum question q)
{
	return q == QUESTION_CONFIRM_REPORT || q == QUESTION_CONFIRM_KEYWORD ||
	       q == QUESTION_MISSING || q == QUESTION_TWO_STEP ||
	       q == QUESTION_BROADCAST || q == QUESTION_APPROVE;
}

const struct pending *dialog_open(const struct context *c)
{
	if (c->has_registry && !c->sender_known)
		return NULL; /* has a role no more */
	if (c->pending_n == 0 || !in_dialog(c->pending[0].question))
		return NULL;
	return &c->pending[0];
}

const struct pending *dialog_newest(const struct context *c, bool of_meeting)
{
	for (size_t i = 0; i < c->pending_n; i++) {
		enum question q = c->pending[i].question;

		if ((q == QUESTION_INVITE || q == QUESTION_VOTE) == of_meeting)
			return &c->pending[i];
	}
	return NULL;
}

void dialog_settle(
	const struct handler_input *in, struct outcome *out, enum question but)
{
	const struct context *c = in->context;
	int left = SETTLED_MAX;

	for (size_t i = 0; i < c->pending_n && left > 0; i++) {
		if (!in_dialog(c->pending[i].question) ||
			c->pending[i].question == but)
			continue;
		outcome_add(out, EFFECT_SETTLE)->subject = c->pending[i].id;
		left--;
	}
}

struct reply *dialog_reply(struct outcome *out, const char *key)
{
	struct reply *r = &outcome_add(out, EFFECT_REPLY)->reply;

	r->key = key;
	return r;
}

void dialog_refuse(struct outcome *out, enum problem p, const char *key)
{
	out->clarify = true;
	out->problem = p;
	dialog_reply(out, key);
}

bool dialog_oversees(const struct context *c, const struct unit_ref *u)
{
	for (size_t i = 0; u != NULL && i < c->roles_n; i++)
		if (c->roles[i].role == ROLE_OVERSEER &&
			c->roles[i].unit_id == u->id)
			return true;
	return false;
}

bool dialog_shares(const struct context *c)
{
	for (size_t i = 0; i < c->matches_n; i++)
		if (c->matches[i].n > 1)
			return true;
	return false;
}

static bool may_hear_of(const struct context *c, const struct unit_ref *u)
{
	return u->in_scope || dialog_oversees(c, u);
}

struct str dialog_shared_codes(const struct context *c, struct arena *a)
{
	struct str all = STR("");

	for (size_t i = 0; i < c->matches_n && all.n == 0; i++) {
		const struct unit_match *m = &c->matches[i];

		for (size_t k = 0; m->n > 1 && k < m->n; k++)
			if (may_hear_of(c, &m->units[k]))
				all = arena_printf(a, STR_FMT "%s" STR_FMT,
					STR_ARG(all), all.n > 0 ? ", " : "",
					STR_ARG(m->units[k].code));
	}
	return all;
}
