/*
 * data_request - XEM DL, XOA DL: a person asks for, or to erase, their data.
 *
 * Never answered by the content of an SMS. A ticket is opened that staff must
 * answer within two working days (law 91/2025, domain notes §5); weekends and
 * the configured holidays do not count. Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "handlers/record.h"

#define WORKING_DAYS 2
#define SATURDAY 6

/* Holidays are "YYYY-MM-DD", or "MM-DD" for every year. */
static bool is_holiday(const struct config *cfg, day_t day)
{
	struct day_text iso = day_iso(day);
	const struct str *v = cfg->holidays.v;

	for (size_t i = 0; i < cfg->holidays.n; i++)
		if (str_is(v[i], iso.z) || str_is(v[i], iso.z + 5))
			return true;
	return false;
}

static day_t due_day(const struct config *cfg, day_t today)
{
	day_t day = today;
	int left = WORKING_DAYS;

	while (left > 0) {
		day++;
		if (day_weekday(day) < SATURDAY && !is_holiday(cfg, day))
			left--;
	}
	return day;
}

static const struct role_ref *role_of(const struct context *c)
{
	return c->roles_n > 0 ? &c->roles[0] : NULL;
}

static void take(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	const struct role_ref *role = role_of(in->context);
	day_t due = due_day(in->config, in->context->today);
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
