/*
 * report - meeting_report: may it be stored, as what, and what goes back?
 *
 * Checks go from who and where to how many: unit, day, figures. A text that
 * fails is asked back whole; one that passes is stored and echoed at once, so
 * that `1` is only a confirmation. The same figures for the same meeting again
 * store nothing and get the same echo (a text that was sent twice); others are
 * the next version, and staff hear of it, because they may have used the first
 * one. A new version is the whole new text: what it leaves out is not carried
 * over. Pure; writer thread.
 */
#include "handlers/report.h"

#include "handlers/ask.h"
#include "handlers/attendance.h"
#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/intents.h"
#include "handlers/record_text.h"

/* Reports in one text; more would not fit an echo (nor EFFECTS_MAX). */
#define ITEMS_MAX 4

enum problem report_unit(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u)
{
	struct str code = field_text(f, FIELD_UNIT);
	const struct unit_ref *u = dialog_unit(in->context, code);

	*ret_u = u;
	if (!in->context->has_registry)
		return PROBLEM_NONE;
	if (code.n == 0)
		return dialog_checks_sender(in) ? PROBLEM_MISSING_UNIT
						: PROBLEM_NONE;
	if (!dialog_checks_sender(in) || (u != NULL && u->in_scope))
		return PROBLEM_NONE;
	field_drop(f, FIELD_UNIT);
	field_set_text(f, FIELD_UNIT_RAW, code);
	return u == NULL ? PROBLEM_UNIT_UNKNOWN : PROBLEM_UNIT_NOT_SENDER;
}

enum problem report_day(const struct handler_input *in, const struct fields *f)
{
	day_t today = in->context->today;
	int64_t day = field_int(f, FIELD_DATE, 0);

	if (!field_has(f, FIELD_DATE))
		return PROBLEM_MISSING_DATE;
	if (day > today)
		return PROBLEM_FUTURE_DATE;
	return day < today - in->config->report.look_back_days
		       ? PROBLEM_OLD_DATE
		       : PROBLEM_NONE;
}

/*
 * Was just this difference from the roll asked about, and is said again?
 * (`bantin parse` may be given a partial record without its problem.)
 */
static bool roll_is_agreed(
	const struct handler_input *in, const struct fields *said)
{
	const struct pending *q = dialog_open(in->context);

	if (q == NULL || q->partial == NULL || !field_has(said, FIELD_TOTAL))
		return false;
	if (q->problem != PROBLEM_ROSTER_MISMATCH &&
		(q->problem != PROBLEM_NONE ||
			q->question != QUESTION_MISSING ||
			q->intent != INTENT_MEETING_REPORT))
		return false;
	return figures_same(q->partial, said);
}

enum problem report_figures(const struct handler_input *in, struct fields *f,
	const struct unit_ref *u, const struct fields *said)
{
	int roll = u != NULL && !roll_is_agreed(in, said) ? u->roll : 0;

	return figures_settle(f, roll, in->config->report.max_figure);
}

enum problem report_check(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u)
{
	enum problem p;

	*ret_u = NULL;
	if (field_int(f, FIELD_JOINT, 0) || field_has(f, FIELD_UNITS))
		return PROBLEM_JOINT_MEETING;
	p = report_unit(in, f, ret_u);
	if (p == PROBLEM_NONE)
		p = report_day(in, f);
	if (p == PROBLEM_NONE)
		p = report_figures(in, f, *ret_u, f);
	return p;
}

/* The figures, and who was there when that was said, too. */
static struct str echoed(
	const struct fields *f, const struct fields *who, struct arena *a)
{
	struct fields lists;

	if (who == NULL)
		return figures_text(f, a);
	lists = *who;
	field_drop(&lists, FIELD_UNIT);
	field_drop(&lists, FIELD_DATE);
	return arena_printf(a, STR_FMT "; DD " STR_FMT,
		STR_ARG(figures_text(f, a)),
		STR_ARG(record_text(INTENT_ATTENDANCE, &lists, a)));
}

static struct effect *confirm(const struct handler_input *in,
	struct outcome *out, const char *key, const struct report_version *v)
{
	const struct fields *f = v->fields;
	struct effect *e;

	dialog_settle(in, out, QUESTION_CONFIRM_REPORT);
	e = outcome_add(out, EFFECT_ASK);
	e->question = QUESTION_CONFIRM_REPORT;
	e->intent = INTENT_MEETING_REPORT;
	e->reply.key = key;
	reply_arg(&e->reply, "report", dialog_report_name(f, out->arena));
	reply_arg(&e->reply, "figures", echoed(f, v->who, out->arena));
	return e;
}

static void echo(const struct handler_input *in, struct outcome *out,
	const struct report_ref *stored, const struct fields *who)
{
	confirm(in, out, "report_echo",
		&(struct report_version){.fields = &stored->fields, .who = who})
		->subject = stored->report_id;
}

void report_echo(const struct handler_input *in, struct outcome *out,
	const struct report_ref *stored)
{
	echo(in, out, stored, NULL);
}

static void tell_staff(struct outcome *out, const struct report_version *v)
{
	struct effect *e;

	if (v->unit == NULL)
		return;
	e = outcome_add(out, EFFECT_NOTIFY);
	e->unit_id = v->unit->id;
	e->reply.key = "notify_changed";
	reply_arg(
		&e->reply, "report", dialog_report_name(v->fields, out->arena));
	reply_arg(&e->reply, "figures", figures_text(v->fields, out->arena));
	reply_arg(&e->reply, "before",
		v->moved ? dialog_report_name(&v->before->fields, out->arena)
			 : figures_text(&v->before->fields, out->arena));
}

/* Without a unit there is no registry either, and nowhere to store it. */
static void store(struct outcome *out, const struct report_version *v)
{
	struct effect *e;

	if (v->unit == NULL)
		return;
	e = outcome_add(out, EFFECT_REPORT);
	e->fields = v->fields;
	e->unit_id = v->unit->id;
	e->meeting_id = v->moved ? v->before->meeting_id : 0;
}

void report_store(const struct handler_input *in, struct outcome *out,
	const struct report_version *v)
{
	const char *key = v->before != NULL ? "report_changed" : "report_echo";

	store(out, v);
	if (v->who != NULL)
		attendance_put(out, v->unit, v->who);
	confirm(in, out, key, v)->subject_is_report = true;
	if (v->before != NULL)
		tell_staff(out, v);
}

/* The report that stands for the meeting of f; NULL: none, or cancelled. */
static const struct report_ref *stored_for(
	const struct context *c, const struct fields *f)
{
	const struct report_ref *r = c->same_report;

	if (r == NULL || c->same_report_cancelled ||
		!str_eq(r->unit, field_text(f, FIELD_UNIT)) ||
		!str_eq(r->kind, field_text(f, FIELD_KIND)) ||
		r->date != field_int(f, FIELD_DATE, DAY_NONE))
		return NULL;
	return r;
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct report_version *v)
{
	const struct report_ref *before = stored_for(in->context, v->fields);
	struct report_version next = *v;

	if (before != NULL && figures_same(v->fields, &before->fields)) {
		if (v->who != NULL)
			attendance_put(out, v->unit, v->who);
		echo(in, out, before, v->who);
		return;
	}
	next.before = before;
	report_store(in, out, &next);
}

static void default_kind(struct fields *f)
{
	if (!field_has(f, FIELD_KIND))
		field_set_text(f, FIELD_KIND, STR("regular"));
}

/* "MG07 5/11: TS47 …; MG08 4/11: TS20 …" */
static struct str list_text(
	const struct fields *items, size_t n, struct arena *a)
{
	struct str list = {"", 0};
	struct str name;
	struct str figures;

	for (size_t i = 0; i < n; i++) {
		name = dialog_report_name(&items[i], a);
		figures = figures_text(&items[i], a);
		list = arena_printf(a, STR_FMT "%s" STR_FMT ": " STR_FMT,
			STR_ARG(list), i > 0 ? "; " : "", STR_ARG(name),
			STR_ARG(figures));
	}
	return list;
}

static void store_items(const struct handler_input *in, struct outcome *out,
	const struct fields *items, size_t n)
{
	struct effect *e;

	for (size_t i = 0; i < n; i++)
		store(out, &(struct report_version){.fields = &items[i],
				   .unit = dialog_unit(in->context,
					   field_text(&items[i], FIELD_UNIT))});
	dialog_settle(in, out, QUESTION_CONFIRM_REPORT);
	e = outcome_add(out, EFFECT_ASK);
	e->question = QUESTION_CONFIRM_REPORT;
	e->intent = INTENT_MEETING_REPORT;
	e->subject_is_report = true;
	e->fields = &out->fields; /* a correction must name its unit */
	e->reply.key = "report_many";
	reply_arg(&e->reply, "list", list_text(items, n, out->arena));
}

/* Several units' reports in one text: all are stored, or none. */
static void take_items(const struct handler_input *in, struct outcome *out)
{
	const struct fields *read = out->fields.v[FIELD_ITEMS].list.p;
	size_t n = out->fields.v[FIELD_ITEMS].list.n;
	struct fields *items = ARENA_ARRAY(out->arena, struct fields, n);
	struct fields *who = ARENA_NEW(out->arena, struct fields);
	const struct unit_ref *u;
	enum problem p;

	if (n > ITEMS_MAX) {
		ask_problem(in, out, PROBLEM_CONTRADICTION);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		items[i] = read[i];
		default_kind(&items[i]);
		p = report_check(in, &items[i], &u);
		/* Whose roll call it is would be hard to see in the echo. */
		if (p == PROBLEM_NONE &&
			attendance_beside(in, &items[i], who, &p))
			p = PROBLEM_CONTRADICTION;
		if (p == PROBLEM_NONE)
			continue;
		(void)ask_with(in, out,
			&(struct ask){.problem = p,
				.key = "ask_item",
				.about = &items[i]});
		return;
	}
	field_set_items(&out->fields, FIELD_ITEMS, items, n);
	store_items(in, out, items, n);
}

void report_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;
	struct fields *f, *who;
	bool names;

	if (p == PROBLEM_NONE && field_has(&out->fields, FIELD_ITEMS)) {
		take_items(in, out);
		return;
	}
	default_kind(&out->fields);
	if (p == PROBLEM_NONE)
		p = report_check(in, &out->fields, &u);
	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	f = ARENA_NEW(out->arena, struct fields);
	who = ARENA_NEW(out->arena, struct fields);
	*f = out->fields;
	names = attendance_beside(in, f, who, &p);
	if (p == PROBLEM_NONE)
		take(in, out,
			&(struct report_version){.fields = f,
				.unit = u,
				.who = names ? who : NULL});
	else
		ask_problem(in, out, p);
}
