/*
 * attendance - DD: who was at a meeting, by roll number.
 *
 * Belongs to the meeting of the day that is named, else to the sender's last
 * report. Numbers must stand on the list of members and say one thing about
 * each; a full name counts when it is one member's, anything else is asked by
 * number. A list may be partial, so it need not agree with the figures of the
 * report; where it goes beyond them the echo says so. Pure; writer thread.
 */
#include "handlers/attendance.h"

#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/figures.h"
#include "handlers/intents.h"
#include "handlers/record.h"
#include "handlers/report.h"
#include "handlers/target.h"

static const struct list {
	enum field numbers, names;
	unsigned against; /* lists (bits) that say otherwise of a member */
} lists[] = {
	{FIELD_ABSENT_MEMBERS, FIELD_ABSENT_NAMES, 2 | 4 | 8 | 16},
	{FIELD_EXCUSED_MEMBERS, FIELD_EXCUSED_NAMES, 4 | 8 | 16},
	{FIELD_UNEXCUSED_MEMBERS, FIELD_UNEXCUSED_NAMES, 2 | 8 | 16},
	{FIELD_PRESENT_MEMBERS, FIELD_N, 1 | 2 | 4},
	{FIELD_LATE_MEMBERS, FIELD_N, 1 | 2 | 4},
};

#define LISTS_N (sizeof(lists) / sizeof(lists[0]))

static const int *numbers(const struct fields *f, enum field id, size_t *ret_n)
{
	*ret_n = field_has(f, id) ? f->v[id].list.n : 0;
	return *ret_n > 0 ? f->v[id].list.p : NULL;
}

static bool holds(const struct fields *f, enum field id, int no)
{
	size_t n;
	const int *v = numbers(f, id, &n);

	for (size_t i = 0; i < n; i++)
		if (v[i] == no)
			return true;
	return false;
}

static bool contradicts(const struct fields *f, size_t list)
{
	size_t n;
	const int *v = numbers(f, lists[list].numbers, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < LISTS_N; k++)
			if ((lists[list].against >> k & 1) != 0 &&
				holds(f, lists[k].numbers, v[i]))
				return true;
	return false;
}

/* Adds the names' numbers to the list; -1: one of them is not one member. */
static int add_named(const struct handler_input *in, struct fields *f,
	const struct list *l, struct arena *a)
{
	const struct str *names = f->v[l->names].list.p;
	size_t named = f->v[l->names].list.n, n;
	const int *said = numbers(f, l->numbers, &n);
	int *v = ARENA_ARRAY(a, int, n + named);

	if (n > 0)
		memcpy(v, said, n * sizeof(*v));
	for (size_t i = 0; i < named; i++) {
		int no = record_named(in->context, names[i], a);

		if (no < 0 && str_find_byte(str_trim(names[i]), ' ', 0) > 0)
			return 0;
		if (no <= 0)
			return -1;
		v[n++] = no;
	}
	field_set_ints(f, l->numbers, v, n);
	return 0;
}

static enum problem settle_members(
	const struct handler_input *in, struct fields *f, struct arena *a)
{
	for (size_t i = 0; i < LISTS_N; i++)
		if (lists[i].names != FIELD_N && field_has(f, lists[i].names) &&
			add_named(in, f, &lists[i], a) < 0)
			return PROBLEM_NAME_UNCLEAR;
	for (size_t i = 0; i < LISTS_N; i++)
		if (contradicts(f, i))
			return PROBLEM_CONTRADICTION;
	return record_members(in, f);
}

/* "All 47 were there": the whole roll is present. */
static void settle_all_present(struct fields *f, const struct unit_ref *u)
{
	int64_t present = field_int(f, FIELD_PRESENT, 0);

	if (u != NULL && u->roll > 0 && present == u->roll)
		field_set_int(f, FIELD_REST_PRESENT, true);
}

static bool says_who(const struct fields *f)
{
	for (size_t i = 0; i < LISTS_N; i++)
		if (field_has(f, lists[i].numbers) ||
			(lists[i].names != FIELD_N &&
				field_has(f, lists[i].names)))
			return true;
	return field_has(f, FIELD_REST_PRESENT) || field_has(f, FIELD_PRESENT);
}

/* How many, where it must be who: the figures of a report. */
static bool says_how_many(const struct fields *f)
{
	return field_has(f, FIELD_EXCUSED) || field_has(f, FIELD_UNEXCUSED) ||
	       field_has(f, FIELD_ABSENT);
}

/* Without a day: the sender's last report. */
static enum problem of_last_report(const struct handler_input *in,
	struct fields *f, const struct unit_ref **ret_u)
{
	struct target t;
	enum problem p = target_find(in, f, DAY_NONE, &t);

	if (p == PROBLEM_BAD_SYNTAX)
		return PROBLEM_MISSING_DATE;
	if (p != PROBLEM_NONE)
		return p;
	*ret_u = t.unit;
	if (!field_has(f, FIELD_UNIT))
		field_set_text(f, FIELD_UNIT, t.report->unit);
	field_set_int(f, FIELD_DATE, t.report->date);
	return PROBLEM_NONE;
}

static enum problem check(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u)
{
	bool day = field_has(f, FIELD_DATE);
	enum problem p;

	*ret_u = NULL;
	if (says_how_many(f))
		return PROBLEM_COUNT_OR_NUMBER;
	if (!says_who(f))
		return PROBLEM_BAD_SYNTAX;
	if (day || field_has(f, FIELD_UNIT)) {
		p = record_unit(in, f, ret_u);
		if (p != PROBLEM_NONE)
			return p;
	}
	if (!day)
		return of_last_report(in, f, ret_u);
	return report_day(in, f);
}

/* The report of the same meeting; NULL: none yet. */
static const struct report_ref *report_of(
	const struct handler_input *in, const struct fields *f)
{
	const struct context *c = in->context;
	const struct report_ref *v[] = {
		c->same_report_cancelled ? NULL : c->same_report,
		c->last_report,
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (v[i] != NULL &&
			str_eq(v[i]->unit, field_text(f, FIELD_UNIT)) &&
			v[i]->date == field_int(f, FIELD_DATE, DAY_NONE))
			return v[i];
	return NULL;
}

static bool exceeds(
	const struct fields *f, const struct fields *report, size_t kind)
{
	static const struct {
		enum field list, figure;
	} pairs[] = {
		{FIELD_EXCUSED_MEMBERS, FIELD_EXCUSED},
		{FIELD_UNEXCUSED_MEMBERS, FIELD_UNEXCUSED},
		{FIELD_PRESENT_MEMBERS, FIELD_PRESENT},
	};
	size_t n;

	(void)numbers(f, pairs[kind].list, &n);
	return field_has(report, pairs[kind].figure) &&
	       (int64_t)n > report->v[pairs[kind].figure].i;
}

/* Does it say more of a kind than the report has? */
static bool goes_beyond(const struct fields *f, const struct report_ref *report)
{
	if (report == NULL)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (exceeds(f, &report->fields, i))
			return true;
	return field_has(f, FIELD_PRESENT) &&
	       f->v[FIELD_PRESENT].i !=
		       field_int(&report->fields, FIELD_PRESENT, -1);
}

static void copy_field(
	struct fields *to, const struct fields *from, enum field id)
{
	if (!field_has(from, id))
		return;
	to->v[id] = from->v[id];
	to->has[id / 64] |= UINT64_C(1) << (id % 64);
}

bool attendance_beside(const struct handler_input *in, struct fields *report,
	struct fields *ret, enum problem *ret_problem)
{
	static const enum field meeting[] = {
		FIELD_UNIT, FIELD_DATE, FIELD_KIND};
	bool said = false;

	*ret = (struct fields){.has = {0}};
	*ret_problem = PROBLEM_NONE;
	for (size_t i = 0; i < sizeof(meeting) / sizeof(meeting[0]); i++)
		copy_field(ret, report, meeting[i]);
	for (size_t i = 0; i < LISTS_N; i++) {
		said |= field_has(report, lists[i].numbers);
		copy_field(ret, report, lists[i].numbers);
		field_drop(report, lists[i].numbers);
	}
	for (size_t i = 0; i < LISTS_N; i++)
		if (contradicts(ret, i) || (i < 3 && exceeds(ret, report, i)))
			*ret_problem = PROBLEM_CONTRADICTION;
	if (*ret_problem == PROBLEM_NONE)
		*ret_problem = record_members(in, ret);
	return said;
}

void attendance_put(struct outcome *out, const struct unit_ref *u,
	const struct fields *lists_said)
{
	struct effect *e;

	if (u == NULL)
		return;
	e = outcome_add(out, EFFECT_RECORD);
	e->record = RECORD_ATTENDANCE;
	e->unit_id = u->id;
	e->fields = lists_said;
}

static void take(const struct handler_input *in, struct outcome *out,
	const struct unit_ref *u, const struct fields *f)
{
	const struct report_ref *report = report_of(in, f);
	bool differs = goes_beyond(f, report);
	struct reply *reply = record_store(in, out,
		&(struct record){.kind = RECORD_ATTENDANCE,
			.unit_id = u != NULL ? u->id : 0,
			.subject = report != NULL ? report->meeting_id : 0,
			.fields = f,
			.key = differs ? "attendance_differs"
				       : "attendance_saved"});

	if (differs)
		reply_arg(reply, "figures",
			figures_text(&report->fields, out->arena));
}

void attendance_handle(const struct handler_input *in, struct outcome *out)
{
	struct fields *f = ARENA_NEW(out->arena, struct fields);
	enum problem p = in->reading->problem;
	const struct unit_ref *u = NULL;

	if (p == PROBLEM_NONE)
		p = check(in, &out->fields, &u);
	*f = out->fields;
	if (p == PROBLEM_NONE)
		p = settle_members(in, f, out->arena);
	settle_all_present(f, u);
	if (p == PROBLEM_NONE)
		take(in, out, u, f);
	else
		ask_problem(in, out, p);
}
