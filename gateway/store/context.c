/*
 * context - what is known around one text?
 *
 * Loads the value that parsers and handlers read: who the sender is, own
 * units with their rolls, the units that the text may name, what the phone
 * was asked, its last report and, once the text is read, the report that is
 * there already. A secretary's report costs four small indexed statements
 * here, and one for each word that may name a unit. Writer thread,
 * inside its transaction: two quick texts of one sender see each other.
 */
#include "gateway/store/meetings_load.h"
#include "gateway/store/pending.h"
#include "gateway/store/report.h"
#include "gateway/store/roll.h"
#include "gateway/store/unit.h"
#include "gateway/store/votes_load.h"

#include <assert.h>

struct sender {
	struct context *c;
	struct arena *a;
	struct role_ref *roles;
	struct unit_ref *units;
	int64_t announced_unit; /* its first with a meeting ahead; 0: none */
};

/* Kept in the order of codes. A secretary and deputy of one unit has it once.
 */
static void add_own_unit(
	struct sender *w, const struct sql_run *q, int64_t unit_id)
{
	struct context *c = w->c;
	struct unit_ref unit;
	size_t at;

	assert(w->units != NULL || c->units_n == 0);
	for (size_t i = 0; i < c->units_n; i++)
		if (w->units[i].id == unit_id)
			return;
	unit = unit_read(q, 1, w->a);
	unit.roll = (int)sql_get_int(q, 7);
	unit.own = unit.in_scope = true;
	if (!sql_is_null(q, 9))
		unit.changed = day_parse(sql_peek(q, 9));
	w->units = rows_more(w->a, w->units, c->units_n, sizeof(unit));
	for (at = c->units_n++; at > 0; at--) {
		if (str_cmp(w->units[at - 1].code, unit.code) < 0)
			break;
		w->units[at] = w->units[at - 1];
	}
	w->units[at] = unit;
}

static void add_role(struct sender *w, const struct sql_run *q)
{
	struct context *c = w->c;
	struct role_ref role = {
		.unit_id = sql_get_int(q, 1),
		.unit_code = sql_get(q, 2, w->a),
		.member_no = (int)sql_get_int(q, 6),
	};

	/* A role that a newer program stored means nothing here. */
	if (role_parse(sql_peek(q, 5), &role.role) < 0)
		return;
	/* A member is asked about the meeting to come; own units go first. */
	if (sql_get_int(q, 8) != 0 && w->announced_unit == 0)
		w->announced_unit = role.unit_id;
	w->roles = rows_more(w->a, w->roles, c->roles_n, sizeof(role));
	w->roles[c->roles_n++] = role;
	if (role.role == ROLE_SECRETARY || role.role == ROLE_DEPUTY)
		add_own_unit(w, q, role.unit_id);
}

static int load_sender(struct store *s, struct str phone, struct sender *w)
{
	struct day_text today = day_iso(w->c->today);
	struct sql_run q = sql_start(s, SQL_SENDER);
	int rc;

	sql_str(&q, phone);
	sql_z(&q, today.z);
	while ((rc = sql_next(&q)) > 0) {
		if (sql_get_int(&q, 0) != 0) {
			add_role(w, &q);
			continue;
		}
		w->c->contact_id = sql_get_int(&q, 1);
		w->c->language = sql_get(&q, 2, w->a);
		w->c->opted_out = sql_get_int(&q, 3) != 0;
	}
	w->c->roles = w->roles;
	w->c->units = w->units;
	w->c->sender_known = w->c->roles_n > 0;
	return rc;
}

int pending_read(const struct sql_run *q, struct arena *a, struct pending *ret)
{
	struct str intent = sql_peek(q, 6), problem = sql_peek(q, 8);
	struct str partial = sql_peek(q, 7);

	*ret = (struct pending){
		.id = sql_get_int(q, 0),
		.question = question_parse(sql_peek(q, 1)),
		.subject = sql_get_int(q, 2),
		.member_no = (int)sql_get_int(q, 3),
		.sent_at = sql_get_int(q, 4),
		.tries = (int)sql_get_int(q, 5),
		.intent = intent.p != NULL ? intent_parse(intent)
					   : INTENT_UNKNOWN,
		.problem = problem.p != NULL ? problem_parse(problem)
					     : PROBLEM_NONE,
		.message = sql_get_int(q, 9),
		.said = sql_get(q, 10, a),
	};
	if (ret->intent == INTENT_N)
		ret->intent = INTENT_UNKNOWN;
	if (ret->problem == PROBLEM_N)
		ret->problem = PROBLEM_NONE;
	if (partial.p == NULL)
		return 0;
	ret->partial = ARENA_NEW(a, struct fields);
	return report_json(q->s, partial, a, ret->partial);
}

static void insert_newest_first(struct pending *v, size_t n, struct pending one)
{
	while (n > 0 && (v[n - 1].sent_at < one.sent_at ||
				(v[n - 1].sent_at == one.sent_at &&
					v[n - 1].id < one.id))) {
		v[n] = v[n - 1];
		n--;
	}
	v[n] = one;
}

/* A question counts from when it was sent, for texts that are later. */
static int load_pending(struct store *s, const struct context_query *query,
	struct arena *a, struct context *c)
{
	struct sql_run q = sql_start(s, SQL_PENDING_OPEN);
	struct pending *v = NULL, one;
	int rc;

	sql_str(&q, query->message->from);
	sql_int(&q, query->now_ms);
	sql_int(&q, query->message->sent_at);
	while ((rc = sql_next(&q)) > 0) {
		if (pending_read(&q, a, &one) < 0) {
			sql_stop(&q);
			return -1;
		}
		if (one.question == QUESTION_N)
			continue;
		v = rows_more(a, v, c->pending_n, sizeof(*v));
		insert_newest_first(v, c->pending_n++, one);
	}
	c->pending = v;
	return rc;
}

static int load_last_report(
	struct store *s, struct str phone, struct arena *a, struct context *c)
{
	struct sql_run q = sql_start(s, SQL_REPORT_LAST);
	struct report_ref *report;
	int rc;

	sql_str(&q, phone);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	report = ARENA_NEW(a, struct report_ref);
	rc = report_read(&q, a, report);
	sql_stop(&q);
	c->last_report = report;
	return rc;
}

/* The items that are open for the text; ends the run. */
static int open_items(struct sql_run *q, struct arena *a, struct context *c)
{
	int *v = NULL;
	int rc = 1;

	while (rc > 0) {
		if (!sql_is_null(q, 6) && votes_is_open(c, q, 7)) {
			v = rows_more(a, v, c->vote_items_n, sizeof(*v));
			v[c->vote_items_n++] = (int)sql_get_int(q, 6);
		}
		rc = sql_next(q);
	}
	c->vote_items = v;
	return rc;
}

/* The next one; else the last that was never reported. */
static int load_announced(
	struct store *s, int64_t unit_id, struct arena *a, struct context *c)
{
	struct day_text today = day_iso(c->today);
	struct sql_run q = sql_start(s, SQL_MEETING_ANNOUNCED);
	struct meeting_ref *meeting;
	int rc;

	sql_int(&q, unit_id);
	sql_z(&q, today.z);
	sql_int(&q, c->contact_id);
	sql_int(&q, c->sent_at);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	meeting = ARENA_NEW(a, struct meeting_ref);
	*meeting = (struct meeting_ref){
		.id = sql_get_int(&q, 0),
		.unit = sql_get(&q, 1, a),
		.date = day_parse(sql_peek(&q, 2)),
		.time = sql_is_null(&q, 3) ? -1 : (int)sql_get_int(&q, 3),
		.items = (int)sql_get_int(&q, 4),
		.unit_id = sql_get_int(&q, 5),
		.untold = sql_get_int(&q, 10) != 0,
	};
	c->pending_meeting = meeting;
	c->vote_items_n = 0;
	return open_items(&q, a, c);
}

/* Only these store reports. */
static bool may_report(const struct context *c)
{
	return c->units_n > 0 || context_has_role(c, ROLE_STAFF);
}

int context_load(struct store *s, const struct context_query *q,
	struct arena *a, struct context *ret)
{
	struct context *c = ret;
	struct sender w = {.c = c, .a = a};

	*c = (struct context){
		.now_ms = q->now_ms,
		.sent_at = q->message->sent_at < q->now_ms ? q->message->sent_at
							   : q->now_ms,
		.utc_offset_min = q->utc_offset_min,
		.today = day_of_ms(q->now_ms, q->utc_offset_min),
		.minute = minute_of_ms(q->now_ms, q->utc_offset_min),
		/* An empty one has it, too: then everybody is unknown. */
		.has_registry = true,
		.language = STR("vi"),
	};
	if (load_sender(s, q->message->from, &w) < 0 ||
		unit_match_load(s, q, a, c) < 0)
		return -1;
	if (!c->sender_known)
		return 0;
	if (load_pending(s, q, a, c) < 0)
		return -1;
	if (may_report(c) && load_last_report(s, q->message->from, a, c) < 0)
		return -1;
	if (w.announced_unit == 0)
		return 0;
	return load_announced(s, w.announced_unit, a, c);
}

static int load_same_report(struct store *s, const struct fields *fields,
	struct arena *a, struct context *c)
{
	struct day_text date =
		day_iso((day_t)field_int(fields, FIELD_DATE, DAY_NONE));
	struct sql_run q = sql_start(s, SQL_REPORT_SAME);
	struct report_ref *report;
	int rc;

	sql_int(&q, c->unit->id);
	sql_str(&q, report_kind(fields));
	sql_z(&q, date.z);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	c->same_report_cancelled = str_is(sql_peek(&q, 4), "cancelled");
	rc = 0;
	if (!sql_is_null(&q, 6)) {
		report = ARENA_NEW(a, struct report_ref);
		rc = report_read(&q, a, report);
		c->same_report = report;
	}
	sql_stop(&q);
	return rc;
}

/* "XEM MG07 T11": the latest of the month, or of all. */
static int load_latest_report(struct store *s, const struct fields *fields,
	struct arena *a, struct context *c)
{
	struct report_period period = {""};
	struct sql_run q = sql_start(s, SQL_REPORT_LATEST);
	struct report_ref *report;
	int rc;

	if (field_has(fields, FIELD_PERIOD))
		period = report_period(fields);
	sql_int(&q, c->unit->id);
	sql_str(&q, report_kind(fields));
	sql_z(&q, period.z[0] != '\0' ? period.z : NULL);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	report = ARENA_NEW(a, struct report_ref);
	rc = report_read(&q, a, report);
	sql_stop(&q);
	c->same_report = report;
	return rc;
}

static int load_report(struct store *s, const struct fields *fields,
	struct arena *a, struct context *c)
{
	if (field_has(fields, FIELD_DATE))
		return load_same_report(s, fields, a, c);
	if (field_has(fields, FIELD_PERIOD) ||
		str_is(field_text(fields, FIELD_ABOUT), "report"))
		return load_latest_report(s, fields, a, c);
	return 0;
}

/*
 * Of several units, or as staff, the meeting that is announced is that of the
 * unit which is named. A report has no use for it.
 */
static int load_announced_of_unit(struct store *s, const struct fields *fields,
	struct arena *a, struct context *c)
{
	const struct meeting_ref *m = c->pending_meeting;

	if (field_has(fields, FIELD_PRESENT) ||
		field_has(fields, FIELD_TOTAL) ||
		(m == NULL && c->units_n == 1) ||
		(m != NULL && m->unit_id == c->unit->id))
		return 0;
	return load_announced(s, c->unit->id, a, c);
}

/* Nobody knows how long the roll was before the unit's last change. */
static void forget_roll(
	const struct fields *fields, struct arena *a, struct context *c)
{
	day_t day = (day_t)field_int(fields, FIELD_DATE, c->today);
	struct unit_ref *then;

	if (c->unit->changed == DAY_NONE || day >= c->unit->changed)
		return;
	then = ARENA_NEW(a, struct unit_ref);
	*then = *c->unit;
	then->roll = 0;
	c->unit = then;
}

/* A sender of one unit need not name it. */
int context_load_subject(struct store *s, const struct fields *fields,
	struct arena *a, struct context *c)
{
	struct str code = field_text(fields, FIELD_UNIT);

	c->unit = code.p == NULL && c->units_n == 1 ? &c->units[0] : NULL;
	c->same_report = NULL;
	c->same_report_cancelled = false;
	if (code.p != NULL && unit_by_code(s, code, a, c, &c->unit) < 0)
		return -1;
	c->members = NULL;
	c->members_n = 0;
	if (meetings_load(s, fields, a, c) < 0 ||
		votes_load(s, fields, a, c) < 0)
		return -1;
	if (c->unit == NULL)
		return 0;
	forget_roll(fields, a, c);
	if (load_report(s, fields, a, c) < 0 ||
		load_announced_of_unit(s, fields, a, c) < 0)
		return -1;
	return roll_load(s, fields, a, c);
}
