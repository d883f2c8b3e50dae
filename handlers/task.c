/*
 * task - GIAO: who does what until when; XONG: it is done.
 *
 * Secretaries give tasks to members by roll number; the text is kept as typed
 * and the task gets a number in its unit, by which `XONG VIEC 7` is said, also
 * by the member whose it is. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "handlers/record_text.h"

static bool is_done(const struct fields *f)
{
	return str_is(field_text(f, FIELD_STATE), "done") ||
	       (field_has(f, FIELD_TASK) && !field_has(f, FIELD_TEXT));
}

static enum problem check_given(
	const struct handler_input *in, const struct fields *f)
{
	if (!field_has(f, FIELD_MEMBERS) && !field_has(f, FIELD_MEMBER))
		return PROBLEM_MISSING_MEMBER;
	if (field_text(f, FIELD_TEXT).n == 0)
		return PROBLEM_BAD_SYNTAX;
	if (field_int(f, FIELD_DUE, in->context->today) < in->context->today)
		return PROBLEM_OLD_DATE;
	return record_members_there(in, f);
}

/* Is there such a task, and is it the sender's to finish? NULL: yes. */
static const char *cannot_finish(
	const struct handler_input *in, const struct fields *f)
{
	const struct context *c = in->context;
	struct str unit = field_text(f, FIELD_UNIT);
	bool reports = dialog_is_reporter(c);

	if (!c->has_registry || !c->tasks_known)
		return NULL;
	if (c->task == NULL)
		return "task_unknown";
	for (size_t i = 0; i < c->task->members_n && !reports; i++)
		if (dialog_speaks_for(c, unit, c->task->members[i]))
			return NULL;
	return reports ? NULL : "task_other";
}

static void give(const struct handler_input *in, struct outcome *out,
	const struct unit_ref *u)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	int no = in->context->next_task > 0 ? in->context->next_task : 1;
	struct reply *reply;

	*f = out->fields;
	field_set_int(f, FIELD_TASK, no);
	reply = record_store(in, out,
		&(struct record){.kind = RECORD_TASK,
			.unit_id = u != NULL ? u->id : 0,
			.fields = f,
			.key = "task_given"});
	reply_arg_int(out, reply, "task", no);
}

static void finish(const struct handler_input *in, struct outcome *out,
	const struct unit_ref *u)
{
	field_set_text(&out->fields, FIELD_STATE, STR("done"));
	(void)record_store(in, out,
		&(struct record){.kind = RECORD_TASK,
			.unit_id = u != NULL ? u->id : 0,
			.key = "task_done"});
}

static void refuse(struct outcome *out, const struct fields *f, const char *key)
{
	dialog_refuse(out, PROBLEM_NOT_ALLOWED, key);
	reply_arg(&out->v[out->n - 1].reply, "record",
		record_text(INTENT_TASK, f, out->arena));
}

void task_handle(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = &out->fields;
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	enum problem unit = record_unit(in, f, &u);
	bool done = is_done(f);
	const char *key;

	/* A member says it of a task of their own unit. */
	if (unit == PROBLEM_UNIT_NOT_SENDER && done &&
		dialog_member(in->context, field_text(f, FIELD_UNIT)) != 0)
		unit = PROBLEM_NONE;
	if (unit == PROBLEM_UNIT_NOT_SENDER) {
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
		return;
	}
	if (p == PROBLEM_NONE)
		p = unit;
	if (p == PROBLEM_NONE && done && !field_has(f, FIELD_TASK))
		p = PROBLEM_BAD_SYNTAX;
	if (p == PROBLEM_NONE && !done)
		p = check_given(in, f);
	if (p != PROBLEM_NONE)
		ask_problem(in, out, p);
	else if (done && (key = cannot_finish(in, f)) != NULL)
		refuse(out, f, key);
	else if (done)
		finish(in, out, u);
	else
		give(in, out, u);
}
