/*
 * proposal_apply - what changes when staff approve?
 *
 * One line an event in the table: what becomes of the member's line, and
 * whether the member leaves the unit: then the phone speaks for nobody there,
 * and a role that was held ends. A new secretary or deputy takes the place of
 * the one before; a new phone of a member takes the roles along. Roles end
 * with the day before. Writer thread, inside its transaction.
 */
#include "gateway/store/proposal_parts.h"

#include <assert.h>

#define JOIN_MAX 50 /* at once; a count larger than that is no hamlet's */

struct deciding {
	struct store *s;
	const struct proposal_ref *p;
	const struct proposal_decision *d;
	struct arena *arena;
};

typedef int event_fn(struct deciding *w, const struct proposal_event *e);

static int set_status(
	struct deciding *w, const struct proposal_event *e, const char *status)
{
	struct sql_run q = sql_start(w->s, SQL_MEMBER_STATUS);

	sql_z(&q, status);
	sql_str(&q, field_text(w->p->fields, FIELD_DEST));
	sql_int(&q, w->p->unit_id);
	sql_int(&q, e->member_no);
	return sql_done(&q);
}

static int set_phone(
	struct deciding *w, const struct proposal_event *e, struct str phone)
{
	struct sql_run q = sql_start(w->s, SQL_MEMBER_PHONE);

	sql_str(&q, phone);
	sql_int(&q, w->p->unit_id);
	sql_int(&q, e->member_no);
	return sql_done(&q);
}

static struct day_text yesterday(const struct deciding *w)
{
	return day_iso(w->d->today - 1);
}

static int leave(struct deciding *w, const struct proposal_event *e)
{
	struct day_text last = yesterday(w);
	struct sql_run q = sql_start(w->s, SQL_ROLE_END_MEMBER);

	sql_z(&q, last.z);
	sql_int(&q, w->p->unit_id);
	sql_int(&q, e->member_no);
	if (sql_done(&q) < 0)
		return -1;
	return set_phone(w, e, (struct str){NULL, 0});
}

static int make_official(struct deciding *w, const struct proposal_event *e)
{
	struct sql_run q = sql_start(w->s, SQL_MEMBER_STANDING);

	sql_z(&q, "official");
	sql_int(&q, w->p->unit_id);
	sql_int(&q, e->member_no);
	return sql_done(&q);
}

static int next_number(struct deciding *w, int64_t *ret)
{
	struct sql_run q = sql_start(w->s, SQL_MEMBER_NEXT);

	sql_int(&q, w->p->unit_id);
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

static int put_member(
	struct deciding *w, const struct proposal_event *e, int64_t no)
{
	bool admitted = str_is(e->event, "admitted");
	struct str name = field_text(w->p->fields, FIELD_NAME);
	struct sql_run q = sql_start(w->s, SQL_MEMBER_JOIN);

	sql_int(&q, w->p->unit_id);
	sql_int(&q, no);
	sql_str(&q, name.p != NULL ? name : STR(""));
	sql_z(&q, admitted ? "probationary" : "official");
	return sql_done(&q);
}

/* The event's own line is the first one's; each other gets one like it, so
 * that each has a probation. fields: of one alone; absent: as they are. */
static int join_one(struct deciding *w, const struct proposal_event *e,
	int64_t no, struct str fields, bool first)
{
	struct sql_run q;

	if (put_member(w, e, no) < 0)
		return -1;
	q = sql_start(w->s, first ? SQL_EVENT_MEMBER : SQL_EVENT_AGAIN);
	sql_int(&q, no);
	sql_str(&q, fields);
	sql_int(&q, e->id);
	return sql_done(&q);
}

/* What was said of several, as it is said of one. */
static struct str fields_of_one(const struct deciding *w)
{
	struct fields f = *w->p->fields;
	struct jdoc *doc;
	struct str json;

	field_drop(&f, FIELD_COUNT);
	doc = fields_to_json(&f);
	json = jdoc_print(doc, w->arena);
	jdoc_free(doc);
	return json;
}

/* Who comes gets the number that was said, else the next ones. */
static int join(struct deciding *w, const struct proposal_event *e)
{
	int64_t n = field_int(w->p->fields, FIELD_COUNT, 1), no;
	struct str fields = {NULL, 0};

	if (e->member_no != 0)
		return join_one(w, e, e->member_no, fields, true);
	if (n > 1)
		fields = fields_of_one(w);
	for (int64_t i = 0; i < n && i < JOIN_MAX; i++)
		if (next_number(w, &no) < 0 ||
			join_one(w, e, no, fields, i == 0) < 0)
			return -1;
	return 0;
}

static int know(struct deciding *w, struct str phone, struct str before)
{
	struct sql_run q = sql_start(w->s, SQL_CONTACT_AFTER);

	sql_str(&q, phone);
	sql_str(&q, before);
	sql_int(&q, w->d->now_ms);
	return sql_done(&q);
}

/* Roles that the old phone held for this member go with the new one. */
static int move_roles(
	struct deciding *w, const struct proposal_event *e, struct str phone)
{
	struct day_text today = day_iso(w->d->today), last = yesterday(w);
	struct sql_run q = sql_start(w->s, SQL_ROLE_MOVE);

	sql_str(&q, phone);
	sql_z(&q, today.z);
	sql_str(&q, e->phone);
	sql_int(&q, w->p->unit_id);
	sql_int(&q, e->member_no);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(w->s, SQL_ROLE_MOVED);
	sql_z(&q, last.z);
	sql_str(&q, e->phone);
	sql_int(&q, w->p->unit_id);
	sql_int(&q, e->member_no);
	return sql_done(&q);
}

static int change_phone(struct deciding *w, const struct proposal_event *e)
{
	struct str phone = field_text(w->p->fields, FIELD_PHONE);

	if (str_eq(phone, e->phone))
		return 0;
	if (know(w, phone, e->phone) < 0 || set_phone(w, e, phone) < 0)
		return -1;
	return e->phone.n > 0 ? move_roles(w, e, phone) : 0;
}

static const struct change {
	const char *event;
	const char *status; /* NULL: as it is */
	event_fn *also;     /* NULL: nothing */
} changes[] = {
	{"returned", "active", NULL},
	{"temp_exempt", "temp_exempt", NULL},
	{"exempt", "exempt", NULL},
	{"temp_transfer_out", "temp_transfer_out", NULL},
	{"transfer_out", "transferred_out", leave},
	{"removal_proposed", "removed", leave},
	{"deceased", "deceased", leave},
	{"official", NULL, make_official},
	{"transfer_in", NULL, join},
	{"admitted", NULL, join},
	{"phone", NULL, change_phone},
};

static int apply_event(struct deciding *w, const struct proposal_event *e)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct change *c = &changes[i];

		if (!str_is(e->event, c->event))
			continue;
		if (c->status != NULL && set_status(w, e, c->status) < 0)
			return -1;
		return c->also != NULL ? c->also(w, e) : 0;
	}
	return 0; /* an event that only is to be known */
}

static int put_role(struct deciding *w, struct str role, struct str phone)
{
	const struct fields *f = w->p->fields;
	struct day_text today = day_iso(w->d->today);
	struct sql_run q = sql_start(w->s, SQL_ROLE_PUT);

	sql_str(&q, phone);
	sql_str(&q, role);
	sql_int(&q, w->p->unit_id);
	sql_int_or_null(&q, field_int(f, FIELD_MEMBER, 0));
	sql_z(&q, today.z);
	sql_z(&q, NULL);
	return sql_done(&q);
}

static int change_office(struct deciding *w)
{
	struct str role = field_text(w->p->fields, FIELD_ROLE_CHANGE);
	struct day_text last = yesterday(w);
	struct str phone;
	struct sql_run q;

	if (!str_is(role, "secretary") && !str_is(role, "deputy"))
		return 0;
	if (proposal_phone(w->s, w->p, w->arena, &phone) < 0)
		return -1;
	assert(phone.n > 0);
	if (know(w, phone, (struct str){NULL, 0}) < 0)
		return -1;
	q = sql_start(w->s, SQL_ROLE_END);
	sql_z(&q, last.z);
	sql_int(&q, w->p->unit_id);
	sql_str(&q, role);
	sql_str(&q, phone);
	if (sql_done(&q) < 0)
		return -1;
	return put_role(w, role, phone);
}

int proposal_apply(struct store *s, const struct proposal_ref *p,
	const struct proposal_decision *d, struct arena *a)
{
	struct deciding w = {s, p, d, a};
	struct proposal_events events;

	if (p->intent == INTENT_UNIT_UPDATE)
		return change_office(&w);
	if (proposal_events(s, p->id, a, &events) < 0)
		return -1;
	for (size_t i = 0; i < events.n; i++)
		if (apply_event(&w, &events.v[i]) < 0)
			return -1;
	return 0;
}
