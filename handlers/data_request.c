/*
 * data_request - XEM DL, XOA DL: a person asks for, or to erase, their data.
 *
 * Never answered by the content of an SMS. A ticket is opened that staff must
 * answer within ticket.answer_days (law 91/2025, domain notes §5); weekends and
 * the configured holidays do not count. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "handlers/workdays.h"

static const struct role_ref *role_of(const struct context *c)
{
	return c->roles_n > 0 ? &c->roles[0] : NULL;
}

static void take(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	const struct role_ref *role = role_of(in->context);
	day_t due = workdays_after(
		in->config, in->context->today, in->config->ticket.answer_days);
	struct day_text shown = day_short(due);
	struct str date = arena_str(out->arena, str_of(shown.z));
	struct effect *e;

	*f = out->fields;
	field_set_int(f, FIELD_DUE, due);
	reply_arg(record_store(in, out,
			  &(struct record){.kind = RECORD_TICKET,
				  .unit_id = role != NULL ? role->unit_id : 0,
				  .fields = f,
				  .key = "ticket_saved"}),
		"date", date);
	if (role == NULL)
		return;
	e = outcome_add(out, EFFECT_NOTIFY);
	e->unit_id = role->unit_id;
	e->reply.key = "notify_ticket";
	reply_arg(&e->reply, "unit", role->unit_code);
	reply_arg(&e->reply, "date", date);
}

void data_request_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;

	if (p == PROBLEM_NONE && !field_has(&out->fields, FIELD_RIGHT))
		p = PROBLEM_BAD_SYNTAX;
	if (p == PROBLEM_NONE)
		take(in, out);
	else
		ask_problem(in, out, p);
}
