/*
 * lineage_settle - which unit and which members does a text mean, when units
 * have changed?
 *
 * Words that name an ended unit are looked up as its heir (unit.c), or as all
 * of its parts, of which the sender is asked for one. What remains is time: a
 * report of a meeting before the change is of the unit that met, with its roll
 * numbers; what is of today's roll goes where the members are, also when it
 * was begun before the change and finished after it. Whoever held the office
 * of an ended unit, and names none, is asked whose numbers they are. Writer
 * thread.
 */
#include "gateway/store/lineage_parts.h"
#include "gateway/store/report.h"
#include "gateway/store/unit.h"
#include "gateway/store/unit_keys.h"

/* So long an old list is still at hand: until the next meeting was held by the
 * new one. */
#define OLD_LIST_DAYS 31

/* Of these a day says whose they are; all else is of today's roll. */
static const bool is_of_its_day[INTENT_N] = {
	[INTENT_MEETING_REPORT] = true,
	[INTENT_MEETING_ANNOUNCE] = true,
	[INTENT_MEETING_POSTPONE] = true,
	[INTENT_NO_MEETING] = true,
	[INTENT_ATTENDANCE] = true,
	[INTENT_CORRECTION] = true,
	[INTENT_CANCEL] = true,
	[INTENT_QUERY] = true,
};

struct settling {
	struct store *s;
	const struct context_query *query;
	struct context *c;
	struct arena *a;
	struct reading *r;
	struct fields *f; /* of r */
	bool by_day;      /* is_of_its_day */
	bool named;       /* the text names the unit */
};

/* A unit that is not there under that name any more. */
struct ended {
	int64_t id;
	struct str code;
	day_t changed;
	struct str heir; /* code of today's unit; empty: it was split, or ended
			  */
	bool valid;      /* it is there all the same */
};

static const struct unit_ref *seen(struct settling *w, struct str code)
{
	const struct context *c = w->c;

	w->named = true;
	for (size_t i = 0; i < c->matches_n; i++)
		for (size_t k = 0; k < c->matches[i].n; k++)
			if (str_eq(c->matches[i].units[k].code, code))
				return &c->matches[i].units[k];
	w->named = false;
	for (size_t i = 0; i < c->units_n; i++)
		if (str_eq(c->units[i].code, code))
			return &c->units[i];
	return NULL;
}

static bool is_before(const struct settling *w, day_t changed)
{
	day_t day = (day_t)field_int(
		w->f, FIELD_DATE, field_int(w->f, FIELD_OLD_DATE, w->c->today));

	return w->by_day && changed != DAY_NONE && day < changed;
}

/* *ret: the unit where the sender held the office on a day; or empty. */
static int held_then(struct settling *w, const struct unit_ref *u, day_t day,
	struct str *ret)
{
	struct day_text on = day_iso(day);
	struct sql_run q = sql_start(w->s, SQL_LINEAGE_THEN);
	int rc;

	*ret = (struct str){NULL, 0};
	sql_str(&q, w->query->message->from);
	sql_int(&q, u->id);
	sql_z(&q, on.z);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	if (sql_get_int(&q, 1) == 1)
		*ret = sql_get(&q, 0, w->a);
	sql_stop(&q);
	return 0;
}

/* Nobody named a unit: it is the one where the sender held the office then. */
static int of_day(struct settling *w, const struct unit_ref *u)
{
	struct str code;

	if (!field_has(w->f, FIELD_DATE))
		return 0;
	if (u->was.n > 0)
		field_set_text(w->f, FIELD_UNIT, u->was);
	if (w->named)
		return 0;
	if (held_then(w, u, (day_t)field_int(w->f, FIELD_DATE, 0), &code) < 0)
		return -1;
	if (code.n > 0)
		field_set_text(w->f, FIELD_UNIT, code);
	return 0;
}

/* ---- a unit as it stands ---- */

/* A code that is no longer anybody's own, from a record begun before. */
static int by_old_code(struct settling *w, struct str *code)
{
	struct sql_run q = sql_start(w->s, SQL_LINEAGE_CODE);
	int rc;

	sql_str(&q, unit_key(*code, true, w->a));
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*code = sql_get(&q, 0, w->a);
	sql_stop(&q);
	return 0;
}

static int heir_code(struct settling *w, int64_t heir, struct str *ret)
{
	struct sql_run q = sql_start(w->s, SQL_LINEAGE_UNIT);
	int rc;

	sql_int(&q, heir);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = sql_get(&q, 1, w->a);
	sql_stop(&q);
	return 0;
}

/* 1, 0: no such unit, -1. */
static int look(struct settling *w, struct str code, struct ended *ret)
{
	struct sql_run q = sql_start(w->s, SQL_UNIT_BY_CODE);
	struct unit_ref u;
	int64_t heir;
	int rc;

	sql_str(&q, code);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	u = unit_read_changed(&q, 0, w->a, &heir);
	sql_stop(&q);
	*ret = (struct ended){.id = u.id,
		.code = u.code,
		.changed = u.changed,
		.valid = true};
	if (u.changed == DAY_NONE)
		return 1;
	if (lineage_is_valid(w->s, u.id, w->c->today, &ret->valid) < 0 ||
		(heir != 0 && heir_code(w, heir, &ret->heir) < 0))
		return -1;
	return 1;
}

/* ---- numbers ---- */

/* A doubt of the reader's is asked first; then who is meant. */
static void cannot_tell(struct settling *w, enum problem p)
{
	static const enum field numbers[] = {FIELD_MEMBER, FIELD_MEMBERS,
		FIELD_ABSENT_MEMBERS, FIELD_EXCUSED_MEMBERS,
		FIELD_UNEXCUSED_MEMBERS, FIELD_PRESENT_MEMBERS,
		FIELD_LATE_MEMBERS, FIELD_ITEMS};

	if (w->r->problem == PROBLEM_NONE ||
		w->r->problem == PROBLEM_MISSING_DEST || w->r->problem == p) {
		w->r->problem = p;
		return;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		field_drop(w->f, numbers[i]);
}

/* The numbers are of `old`; the unit is the one where they are today. */
static int of_list(
	struct settling *w, const struct ended *old, struct str today)
{
	struct lineage_list list = {
		.unit_id = old->id, .ended = !old->valid, .today = today};
	struct fields f = *w->f;
	struct lineage_numbers n;

	if (lineage_numbers(w->s, &list, w->a, &f, &n) < 0)
		return -1;
	if (n.torn || n.unknown || (w->by_day && !str_eq(n.unit, today))) {
		cannot_tell(w, PROBLEM_MEMBER_UNKNOWN);
		return 0;
	}
	*w->f = f;
	if (n.unit.n > 0)
		field_set_text(w->f, FIELD_UNIT, n.unit);
	return 0;
}

static int of_named(struct settling *w, const struct unit_ref *u)
{
	struct ended old = {.id = u->id, .code = u->code, .valid = true};

	if (u->was.n > 0 && !u->still && look(w, u->was, &old) < 0)
		return -1;
	return of_list(w, &old, u->code);
}

/* Would the numbers mean others by the list of the unit that was? */
static int ask_whose(
	struct settling *w, const struct unit_ref *u, bool *ret_asked)
{
	struct lineage_list list = {.ended = true, .today = u->code};
	struct fields f = *w->f;
	struct lineage_numbers n;
	struct ended old = {0};
	struct str code;

	*ret_asked = false;
	if (w->c->today >= u->changed + OLD_LIST_DAYS)
		return 0;
	if (held_then(w, u, u->changed - 1, &code) < 0 ||
		(code.n > 0 && look(w, code, &old) < 0))
		return -1;
	if (code.n == 0)
		return 0;
	list.unit_id = old.id;
	if (lineage_numbers(w->s, &list, w->a, &f, &n) < 0)
		return -1;
	*ret_asked = n.differ;
	if (!n.differ)
		return 0;
	w->c->lists = arena_printf(w->a, STR_FMT ", " STR_FMT, STR_ARG(u->code),
		STR_ARG(old.code));
	cannot_tell(w, PROBLEM_ALIAS_MULTI);
	return 0;
}

static bool same_numbers(const struct fields *x, const struct fields *y)
{
	static const enum field lists[] = {FIELD_MEMBERS, FIELD_ABSENT_MEMBERS,
		FIELD_EXCUSED_MEMBERS, FIELD_UNEXCUSED_MEMBERS,
		FIELD_PRESENT_MEMBERS, FIELD_LATE_MEMBERS, FIELD_ITEMS};

	if (field_int(x, FIELD_MEMBER, 0) != field_int(y, FIELD_MEMBER, 0))
		return false;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (field_has(x, lists[i]) &&
			x->v[lists[i]].list.p != y->v[lists[i]].list.p)
			return false;
	return true;
}

/* Are they those of the record that was asked about, which is of today? A
 * digit that chose the unit has told whose they are. */
static bool is_settled(const struct settling *w)
{
	const struct pending *q =
		w->c->pending_n > 0 ? &w->c->pending[0] : NULL;

	return q != NULL && q->partial != NULL && q->intent == w->r->intent &&
	       field_has(q->partial, FIELD_UNIT) &&
	       same_numbers(w->f, q->partial) &&
	       (q->problem != PROBLEM_ALIAS_MULTI ||
		       (!w->named && w->r->problem == PROBLEM_NONE));
}

/* Tasks and candidates were numbered anew, and nobody keeps by which. */
static bool counts_anew(const struct settling *w, const struct unit_ref *u)
{
	if (!w->named || u->was.n == 0 || u->still)
		return false;
	if (w->r->intent == INTENT_TASK)
		return field_has(w->f, FIELD_TASK);
	return w->r->intent == INTENT_CANDIDATE &&
	       field_has(w->f, FIELD_CANDIDATE);
}

static int of_today(struct settling *w, const struct unit_ref *u)
{
	struct ended own = {.id = u->id, .code = u->code, .valid = true};
	bool asked = false;

	if (counts_anew(w, u) && w->r->problem == PROBLEM_NONE)
		w->r->problem = PROBLEM_MISSING_UNIT;
	if (!lineage_has_numbers(w->f))
		return 0;
	if (is_settled(w)) {
		if (of_list(w, &own, u->code) < 0)
			return -1;
		return unit_let(w->s, u->code, field_text(w->f, FIELD_UNIT),
			w->a, w->c);
	}
	if ((!w->named || u->still) && ask_whose(w, u, &asked) < 0)
		return -1;
	return asked ? 0 : of_named(w, u);
}

/* ---- what names no unit of today ---- */

/* May the sender hear of an ended unit? Who only oversees its heir may not. */
static int may_ask(struct settling *w, struct str code, bool *ret)
{
	const struct unit_ref *u;

	if (unit_by_code(w->s, code, w->a, w->c, &u) < 0)
		return -1;
	*ret = u != NULL && u->in_scope;
	return 0;
}

/* "XEM MG10 T11": what that unit reported, where it did. */
static int has_report(struct settling *w, struct str code, bool *ret)
{
	struct report_period period = {""};
	struct ended u;
	struct sql_run q;
	int rc = look(w, code, &u);

	*ret = false;
	if (rc <= 0)
		return rc;
	if (field_has(w->f, FIELD_PERIOD))
		period = report_period(w->f);
	q = sql_start(w->s, SQL_REPORT_LATEST);
	sql_int(&q, u.id);
	sql_str(&q, report_kind(w->f));
	sql_z(&q, period.z[0] != '\0' ? period.z : NULL);
	rc = sql_next(&q);
	*ret = rc > 0;
	if (rc > 0)
		sql_stop(&q);
	return rc < 0 ? -1 : 0;
}

static int of_query(struct settling *w, const struct unit_ref *u)
{
	bool there = false, may;

	if (u->was.n == 0 || field_has(w->f, FIELD_DATE))
		return 0;
	if (!field_has(w->f, FIELD_PERIOD) &&
		has_report(w, u->code, &there) < 0)
		return -1;
	if (there)
		return 0;
	if (may_ask(w, u->was, &may) < 0 ||
		(may && has_report(w, u->was, &there) < 0))
		return -1;
	if (there)
		field_set_text(w->f, FIELD_UNIT, u->was);
	return 0;
}

/* The first of the parts that a name is shared by; NULL: it is shared by
 * others, too. */
static const struct unit_ref *part_of_one(const struct context *c)
{
	for (size_t i = 0; i < c->matches_n; i++) {
		const struct unit_match *m = &c->matches[i];
		bool one = m->n > 1 && m->units[0].was.n > 0;

		for (size_t k = 1; k < m->n; k++)
			one &= str_eq(m->units[k].was, m->units[0].was);
		if (one)
			return &m->units[0];
	}
	return NULL;
}

/* The name means several parts: the day tells, or the members. */
static int of_parts(struct settling *w)
{
	const struct unit_ref *u = part_of_one(w->c);
	struct fields asked = *w->f;
	bool may = false;
	struct ended old;
	int rc;

	if (u == NULL)
		return 0;
	rc = look(w, u->was, &old);
	if (rc <= 0)
		return rc;
	w->r->problem = PROBLEM_NONE;
	if (field_has(w->f, FIELD_DATE) && is_before(w, u->changed)) {
		rc = may_ask(w, u->was, &may);
		if (may)
			field_set_text(w->f, FIELD_UNIT, u->was);
	} else if (w->r->intent == INTENT_QUERY) {
		rc = of_query(w, u);
	} else if (!w->by_day && lineage_has_numbers(w->f)) {
		rc = of_list(w, &old, (struct str){NULL, 0});
	} else {
		rc = 0;
	}
	if (w->r->problem == PROBLEM_NONE && field_has(w->f, FIELD_UNIT)) {
		field_drop(w->f, FIELD_UNIT_RAW);
		return rc;
	}
	w->r->problem = PROBLEM_ALIAS_MULTI;
	*w->f = asked;
	return rc;
}

/* A record that was begun when there was that unit. */
static int of_record(struct settling *w, struct str code)
{
	struct ended old;
	int rc;

	if (by_old_code(w, &code) < 0)
		return -1;
	rc = look(w, code, &old);
	if (rc <= 0)
		return rc;
	field_set_text(w->f, FIELD_UNIT, code);
	if (old.changed == DAY_NONE || is_before(w, old.changed))
		return 0;
	if (old.heir.n > 0)
		field_set_text(w->f, FIELD_UNIT, old.heir);
	if (lineage_has_numbers(w->f) &&
		of_list(w, &old, old.valid ? code : old.heir) < 0)
		return -1;
	if (!old.valid && str_eq(field_text(w->f, FIELD_UNIT), code)) {
		field_drop(w->f, FIELD_UNIT);
		if (w->r->problem == PROBLEM_NONE)
			w->r->problem = PROBLEM_MISSING_UNIT;
		return 0;
	}
	return unit_let(w->s, code, field_text(w->f, FIELD_UNIT), w->a, w->c);
}

int lineage_settle(struct store *s, const struct context_query *query,
	struct context *c, struct arena *a, struct reading *r)
{
	struct settling w = {
		.s = s,
		.query = query,
		.c = c,
		.a = a,
		.r = r,
		.f = &r->fields,
		.by_day = r->intent < INTENT_N && is_of_its_day[r->intent],
	};
	struct str code = field_text(w.f, FIELD_UNIT);
	const struct unit_ref *u;

	if (!c->sender_known)
		return 0;
	if (code.n == 0)
		return r->problem == PROBLEM_ALIAS_MULTI ? of_parts(&w) : 0;
	u = seen(&w, code);
	if (u == NULL)
		return of_record(&w, code);
	if (u->changed == DAY_NONE)
		return 0;
	if (is_before(&w, u->changed))
		return of_day(&w, u);
	return r->intent == INTENT_QUERY ? of_query(&w, u) : of_today(&w, u);
}
