/*
 * record_member - what happens to members of the roll.
 *
 * Each change is a row of member_event for each member; only those that count
 * at once (gone away, back again) change the list here, and bring nobody onto
 * the roll. A proposal waits in state `proposed` until staff decide. Writer
 * thread.
 */
#include "gateway/store/record.h"

#include "gateway/store/audit.h"

/* One on its way: the effect, and the proposal that it is; 0: none. */
struct change {
	const struct effect *e;
	int64_t proposal;
};

static int put_event(struct applying *w, const struct change *c, int64_t member)
{
	const struct effect *e = c->e;
	struct str status = field_text(e->fields, FIELD_STATUS);
	struct sql_run q = sql_start(w->s, SQL_MEMBER_EVENT_PUT);
	int64_t id;

	/* A new phone is the one change that is no status. */
	sql_int(&q, e->unit_id);
	sql_int_or_null(&q, member);
	sql_str(&q, status.n > 0 ? status : STR("phone"));
	sql_z(&q, record_state_str(e->state));
	sql_str(&q, record_json(w, e->fields));
	record_bind_origin(w, &q);
	sql_int_or_null(&q, c->proposal);
	if (sql_insert(&q, &id) < 0)
		return -1;
	if (e->state == RECORD_APPLIED)
		record_touched(w, e, id);
	return 0;
}

static int put_audit(struct applying *w, const struct change *c, int64_t member)
{
	struct audit_entry e = {
		.now_ms = w->in->now_ms,
		.who = w->in->message->from,
		.what = "member_update",
		.unit_id = c->e->unit_id,
		.member_no = member,
	};

	return audit_put(w->s, &e, w->in->outcome->arena);
}

static int set_status(
	struct applying *w, const struct effect *e, int64_t member)
{
	bool away = str_is(field_text(e->fields, FIELD_STATUS), "away");
	struct sql_run q = sql_start(w->s, SQL_MEMBER_AT_ONCE);

	sql_z(&q, away ? "away" : "active");
	sql_str(&q, away ? field_text(e->fields, FIELD_DEST)
			 : (struct str){NULL, 0});
	sql_int(&q, e->unit_id);
	sql_int(&q, member);
	return sql_done(&q);
}

static int change(struct applying *w, const struct change *c, int64_t member)
{
	if (put_event(w, c, member) < 0 || put_audit(w, c, member) < 0)
		return -1;
	if (c->e->state != RECORD_APPLIED || member == 0)
		return 0;
	return set_status(w, c->e, member);
}

int record_member(struct applying *w, const struct effect *e)
{
	struct change c = {.e = e};
	size_t n;
	const int *v = record_ints(e->fields, FIELD_MEMBERS, &n);

	if (record_proposal(w, e, &c.proposal) < 0)
		return -1;
	if (n == 0)
		return change(w, &c, field_int(e->fields, FIELD_MEMBER, 0));
	for (size_t i = 0; i < n; i++)
		if (change(w, &c, v[i]) < 0)
			return -1;
	return 0;
}
