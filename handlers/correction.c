/*
 * correction - SUA: new values for a report that is stored, `2` to its echo.
 *
 * What is said replaces the stored value, and the whole must add up again: a
 * figure that was not said is never bent to fit, it is offered ("1=VP9"). The
 * result is the next version; the day may move too, and then the meeting moves
 * with it. Staff hear of every change. outcome.fields are the corrected values
 * alone. Pure; writer thread.
 */
#include "handlers/correction.h"

#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/intents.h"
#include "handlers/report.h"
#include "handlers/target.h"

#define OFFERS_MAX 3

struct correction {
	struct target target;
	struct fields whole; /* the report as it would be stored */
	int figures;         /* how many the text gives */
	bool moved;          /* to another day */
};

/* A day that stands alone in a correction is the right day of the report. */
static bool day_is_new(
	const struct handler_input *in, const struct fields *f, int figures)
{
	const struct report_ref *last = in->context->last_report;

	if (!field_has(f, FIELD_DATE))
		return false;
	if (field_has(f, FIELD_OLD_DATE))
		return f->v[FIELD_OLD_DATE].i != f->v[FIELD_DATE].i;
	return figures == 0 && last != NULL &&
	       last->date != f->v[FIELD_DATE].i &&
	       (in->context->same_report == NULL ||
		       in->context->same_report_cancelled);
}

static day_t day_of_target(const struct fields *f, bool moved)
{
	if (field_has(f, FIELD_OLD_DATE))
		return (day_t)f->v[FIELD_OLD_DATE].i;
	return moved ? DAY_NONE : (day_t)field_int(f, FIELD_DATE, DAY_NONE);
}

static enum problem correction_of(const struct handler_input *in,
	const struct fields *said, struct correction *ret)
{
	enum problem p;

	*ret = (struct correction){.figures = 0};
	ret->figures = figures_merge(&ret->whole, said) +
		       (field_has(said, FIELD_ABSENT) ? 1 : 0);
	ret->moved = day_is_new(in, said, ret->figures);
	p = target_find(
		in, said, day_of_target(said, ret->moved), &ret->target);
	if (p != PROBLEM_NONE)
		return p;
	ret->whole = ret->target.report->fields;
	field_set_text(&ret->whole, FIELD_UNIT, ret->target.report->unit);
	field_set_text(&ret->whole, FIELD_KIND, ret->target.report->kind);
	field_set_int(&ret->whole, FIELD_DATE,
		ret->moved ? said->v[FIELD_DATE].i : ret->target.report->date);
	field_drop(&ret->whole, FIELD_ABSENT);
	(void)figures_merge(&ret->whole, said);
	if (field_has(said, FIELD_ABSENT))
		field_set_int(
			&ret->whole, FIELD_ABSENT, said->v[FIELD_ABSENT].i);
	return PROBLEM_NONE;
}

struct offer {
	enum field field;
	const char *label;
	int64_t value;
};

/* Values of one unsaid figure each that would make the sum right. */
static int offers_of(const struct fields *said, const struct fields *whole,
	struct offer v[OFFERS_MAX])
{
	static const struct offer figures[] = {
		{FIELD_PRESENT, "CM", 0},
		{FIELD_EXCUSED, "VP", 0},
		{FIELD_UNEXCUSED, "VK", 0},
	};
	int64_t over = field_int(whole, FIELD_PRESENT, 0) +
		       field_int(whole, FIELD_EXCUSED, 0) +
		       field_int(whole, FIELD_UNEXCUSED, 0) -
		       field_int(whole, FIELD_TOTAL, 0);
	int n = 0;

	for (int i = 0; i < OFFERS_MAX; i++) {
		struct offer o = figures[i];

		o.value = field_int(whole, o.field, 0) - over;
		if (over != 0 && o.value >= 0 && !field_has(said, o.field))
			v[n++] = o;
	}
	return n;
}

bool correction_choose(
	const struct handler_input *in, struct fields *said, int k)
{
	struct offer v[OFFERS_MAX];
	struct correction c;

	if (correction_of(in, said, &c) != PROBLEM_NONE ||
		k > offers_of(said, &c.whole, v))
		return false;
	field_set_int(said, v[k - 1].field, v[k - 1].value);
	return true;
}

static struct str offer_text(const struct offer *v, int n, struct arena *a)
{
	struct str text = {"", 0};

	for (int i = 0; i < n; i++)
		text = arena_printf(a, STR_FMT "%s%d=%s%lld", STR_ARG(text),
			i > 0 ? " " : "", i + 1, v[i].label,
			(long long)v[i].value);
	return text;
}

static void ask_sum(const struct handler_input *in, struct outcome *out,
	const struct correction *c, enum problem p)
{
	struct offer v[OFFERS_MAX];
	int n = offers_of(&out->fields, &c->whole, v);
	struct ask ask = {.problem = p, .about = &c->whole};

	if (n > 0) {
		ask.key = "ask_sum_offer";
		ask.offer = offer_text(v, n, out->arena);
	} else if (figures_votes(&c->whole) >
		   field_int(&c->whole, FIELD_PRESENT, 0)) {
		ask.key = "ask_votes";
	} else {
		ask.key = "ask_correction";
	}
	(void)ask_with(in, out, &ask);
}

/* `2` to an echo, or SUA without a value. */
static void ask_what(const struct handler_input *in, struct outcome *out,
	const struct correction *c)
{
	bool rejected = field_has(&out->fields, FIELD_REJECTED);

	(void)ask_with(in, out,
		&(struct ask){
			.problem = rejected ? PROBLEM_NONE : PROBLEM_BAD_SYNTAX,
			.key = "ask_wrong",
			.about = &c->target.report->fields});
}

static void ask_which(
	const struct handler_input *in, struct outcome *out, enum problem p)
{
	const char *key = p == PROBLEM_BAD_SYNTAX ? "ask_no_report"
						  : "ask_correction_which";

	if (p == PROBLEM_UNIT_NOT_SENDER)
		dialog_refuse(out, PROBLEM_NOT_ALLOWED, "not_allowed");
	else
		(void)ask_with(
			in, out, &(struct ask){.problem = p, .key = key});
}

static enum problem check(const struct handler_input *in,
	const struct fields *said, struct correction *c)
{
	bool total = field_has(said, FIELD_TOTAL);
	const struct context *x = in->context;

	if (c->moved && x->same_report != NULL && !x->same_report_cancelled &&
		x->same_report->report_id != c->target.report->report_id)
		return PROBLEM_CONTRADICTION;
	if (c->moved && report_day(in, &c->whole) != PROBLEM_NONE)
		return report_day(in, &c->whole);
	/* A total that stands was checked, or agreed to, when it was said. */
	return report_figures(
		in, &c->whole, total ? c->target.unit : NULL, said);
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct correction *c)
{
	struct fields *whole = ARENA_NEW(out->arena, struct fields);

	field_drop(&out->fields, FIELD_REJECTED);
	if (!c->moved && figures_same(&c->whole, &c->target.report->fields)) {
		report_echo(in, out, c->target.report);
		return;
	}
	*whole = c->whole;
	if (c->moved)
		field_set_int(
			&out->fields, FIELD_OLD_DATE, c->target.report->date);
	report_store(in, out,
		&(struct report_version){.fields = whole,
			.unit = c->target.unit,
			.before = c->target.report,
			.moved = c->moved});
}

void correction_handle(const struct handler_input *in, struct outcome *out)
{
	enum problem p = in->reading->problem;
	struct correction c;

	if (p != PROBLEM_NONE) {
		ask_problem(in, out, p);
		return;
	}
	p = correction_of(in, &out->fields, &c);
	if (p != PROBLEM_NONE) {
		ask_which(in, out, p);
		return;
	}
	if (c.figures == 0 && !c.moved) {
		ask_what(in, out, &c);
		return;
	}
	p = check(in, &out->fields, &c);
	if (p == PROBLEM_NONE)
		take(in, out, &c);
	else if (p == PROBLEM_SUM_MISMATCH || p == PROBLEM_PRESENT_GT_TOTAL)
		ask_sum(in, out, &c, p);
	else
		(void)ask_with(in, out,
			&(struct ask){.problem = p,
				.key = p == PROBLEM_CONTRADICTION
					       ? "ask_date_taken"
					       : NULL,
				.about = &c.whole});
}
