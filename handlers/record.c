/*
 * record - what the handlers of records share: unit, members, echo.
 *
 * A record is checked against the unit's list of members, stored by one
 * effect, and repeated to its sender in the words of the commands. Where there
 * is no registry nothing can be checked or stored, and the text is read all
 * the same. Pure; writer thread.
 */
#include "handlers/record.h"

#include "handlers/dialog.h"
#include "handlers/record_text.h"
#include "handlers/report.h"
#include "parsers/segment.h"

enum problem record_unit(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u)
{
	struct str code = field_text(f, FIELD_UNIT);

	if (field_int(f, FIELD_JOINT, 0) || field_has(f, FIELD_UNITS))
		return PROBLEM_JOINT_MEETING;
	if (code.n > 0 && dialog_checks_sender(in) &&
		!dialog_is_reporter(in->context)) {
		*ret_u = dialog_unit(in->context, code);
		return PROBLEM_UNIT_NOT_SENDER;
	}
	return report_unit(in, f, ret_u);
}

static bool is_member(const struct context *c, int64_t no)
{
	return c->members_n == 0 || context_member(c, (int)no) != NULL;
}

static bool are_members(
	const struct context *c, const struct fields *f, enum field list)
{
	const int *v = field_has(f, list) ? f->v[list].list.p : NULL;

	for (size_t i = 0; v != NULL && i < f->v[list].list.n; i++)
		if (!is_member(c, v[i]))
			return false;
	return true;
}

enum problem record_members(
	const struct handler_input *in, const struct fields *f)
{
	static const enum field lists[] = {FIELD_MEMBERS, FIELD_ABSENT_MEMBERS,
		FIELD_EXCUSED_MEMBERS, FIELD_UNEXCUSED_MEMBERS,
		FIELD_PRESENT_MEMBERS, FIELD_LATE_MEMBERS};

	if (field_has(f, FIELD_MEMBER) &&
		!is_member(in->context, f->v[FIELD_MEMBER].i))
		return PROBLEM_MEMBER_UNKNOWN;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!are_members(in->context, f, lists[i]))
			return PROBLEM_MEMBER_UNKNOWN;
	return PROBLEM_NONE;
}

/* Is it so of one that f names as whom it is about? */
static bool any_member(const struct context *c, const struct fields *f,
	bool (*is)(const struct member_ref *m, const char *status),
	const char *status)
{
	const int *v =
		field_has(f, FIELD_MEMBERS) ? f->v[FIELD_MEMBERS].list.p : NULL;
	const struct member_ref *m =
		context_member(c, (int)field_int(f, FIELD_MEMBER, 0));

	if (m != NULL && is(m, status))
		return true;
	for (size_t i = 0; v != NULL && i < f->v[FIELD_MEMBERS].list.n; i++) {
		m = context_member(c, v[i]);
		if (m != NULL && is(m, status))
			return true;
	}
	return false;
}

static bool has_left(const struct member_ref *m, const char *but)
{
	return !m->on_roll && !str_is(m->status, but);
}

static bool has_status(const struct member_ref *m, const char *status)
{
	return str_is(m->status, status);
}

enum problem record_members_there(
	const struct handler_input *in, const struct fields *f)
{
	return any_member(in->context, f, has_left, "temp_transfer_out")
		       ? PROBLEM_MEMBER_UNKNOWN
		       : record_members(in, f);
}

bool record_has_status(
	const struct context *c, const struct fields *f, const char *status)
{
	return any_member(c, f, has_status, status);
}

static struct str as_json(const struct fields *f, struct arena *a)
{
	struct jdoc *doc = fields_to_json(f);
	struct str json = jdoc_print(doc, a);

	jdoc_free(doc);
	return json;
}

int64_t record_proposed_before(
	const struct handler_input *in, const struct fields *f, struct arena *a)
{
	const struct context *c = in->context;
	struct str said;

	if (c->proposed_n == 0)
		return 0;
	said = as_json(f, a);
	for (size_t i = 0; i < c->proposed_n; i++)
		if (str_eq(as_json(c->proposed[i].fields, a), said))
			return c->proposed[i].id;
	return 0;
}

static bool same_name(struct str x, struct str y, struct arena *a)
{
	return str_ieq(segment_ascii(x, a), segment_ascii(y, a));
}

/* Two with the same letters are told apart by the diacritics, if typed. */
int record_named(const struct context *c, struct str name, struct arena *a)
{
	int found = 0, exact = 0, n = 0;

	name = str_trim(name);
	if (c->members_n == 0)
		return -1;
	if (str_find_byte(name, ' ', 0) < 0)
		return 0;
	for (size_t i = 0; i < c->members_n; i++) {
		const struct member_ref *m = &c->members[i];

		if (!same_name(m->name, name, a))
			continue;
		n++;
		found = m->no;
		if (str_eq(m->name, name))
			exact = exact == 0 ? m->no : -1;
	}
	if (n == 1)
		return found;
	return exact > 0 ? exact : 0;
}

static bool needs_no_unit(enum record_kind kind)
{
	return kind == RECORD_OPINION || kind == RECORD_TICKET;
}

int64_t record_next_proposal(
	const struct handler_input *in, const struct outcome *out)
{
	int64_t next = in->context->next_proposal;

	for (size_t i = 0; i < out->n && next != 0; i++)
		next += out->v[i].kind == EFFECT_RECORD &&
			out->v[i].state == RECORD_PROPOSED;
	return next;
}

static int64_t last_proposal(const struct outcome *out)
{
	int64_t last = 0;

	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].kind == EFFECT_RECORD && out->v[i].proposal != 0)
			last = out->v[i].proposal;
	return last;
}

struct reply *record_store(const struct handler_input *in, struct outcome *out,
	const struct record *r)
{
	const struct fields *f = r->fields != NULL ? r->fields : &out->fields;
	int64_t proposal = 0;
	struct effect *e;
	struct reply *reply;

	dialog_settle(in, out, QUESTION_NONE);
	if (in->context->has_registry &&
		(r->unit_id != 0 || needs_no_unit(r->kind))) {
		if (r->state == RECORD_PROPOSED)
			proposal = record_next_proposal(in, out);
		e = outcome_add(out, EFFECT_RECORD);
		e->record = r->kind;
		e->state = r->state;
		e->proposal = proposal;
		e->unit_id = r->unit_id;
		e->subject = r->subject;
		e->fields = f;
	}
	reply = dialog_reply(out, r->key);
	reply_arg(reply, "record", record_text(out->intent, f, out->arena));
	return reply;
}

void record_tell(struct outcome *out, const struct unit_ref *u, const char *key,
	const struct fields *f)
{
	struct effect *e;

	if (u == NULL)
		return;
	e = outcome_add(out, EFFECT_NOTIFY);
	e->unit_id = u->id;
	e->reply.key = key;
	reply_arg(&e->reply, "record", record_text(out->intent, f, out->arena));
	reply_arg_int(out, &e->reply, "proposal", last_proposal(out));
}

struct str record_meeting(const struct meeting_ref *m, struct arena *a)
{
	struct fields f = {.has = {0}};

	if (m == NULL)
		return STR("");
	field_set_text(&f, FIELD_UNIT, m->unit);
	if (m->date != DAY_NONE)
		field_set_int(&f, FIELD_DATE, m->date);
	if (m->time >= 0)
		field_set_int(&f, FIELD_TIME, m->time);
	return record_text(INTENT_MEETING_ANNOUNCE, &f, a);
}
