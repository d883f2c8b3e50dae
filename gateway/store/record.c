/*
 * record - which rows does a record become?
 *
 * One line a kind; the functions are in record_*.c, beside the tables that
 * they write. What they share is here: who said it and when, days and lists
 * as columns hold them. Writer thread, inside its transaction.
 */
#include "gateway/store/record.h"

#include <assert.h>

static record_fn *const table[RECORD_KINDS] = {
	[RECORD_ATTENDANCE] = record_attendance,
	[RECORD_MEMBER] = record_member,
	[RECORD_ANSWER] = record_answer,
	[RECORD_BALLOT] = record_ballot,
	[RECORD_OPINION] = record_opinion,
	[RECORD_CANDIDATE] = record_candidate,
	[RECORD_TASK] = record_task,
	[RECORD_UNIT_FACT] = record_unit_fact,
	[RECORD_TICKET] = record_ticket,
	[RECORD_ANNOUNCED] = record_announced,
	[RECORD_POSTPONED] = record_postponed,
	[RECORD_NO_MEETING] = record_no_meeting,
	[RECORD_BROADCAST] = record_broadcast,
	[RECORD_DECISION] = record_decision,
};

int record_apply(struct applying *w, const struct effect *e)
{
	assert(e->record < RECORD_KINDS && e->fields != NULL);
	return table[e->record](w, e);
}

void record_bind_origin(struct applying *w, struct sql_run *q)
{
	sql_int_or_null(q, w->in->message_id);
	sql_int(q, w->in->now_ms);
}

void record_touched(struct applying *w, const struct effect *e, int64_t id)
{
	record_touched_as(w, e->record, e->unit_id, id);
}

void record_touched_as(
	struct applying *w, enum record_kind kind, int64_t unit_id, int64_t id)
{
	struct apply_touched *t = w->in->touched;

	if (t == NULL || t->n == TOUCHED_MAX)
		return;
	t->v[t->n].kind = kind;
	t->v[t->n].id = id;
	t->v[t->n++].unit_id = unit_id;
}

struct str record_day(struct applying *w, const struct fields *f, enum field id)
{
	day_t day = (day_t)field_int(f, id, DAY_NONE);
	struct day_text iso;

	if (day == DAY_NONE)
		return (struct str){NULL, 0};
	iso = day_iso(day);
	return arena_str(w->in->outcome->arena, str_of(iso.z));
}

struct str record_json(struct applying *w, const struct fields *f)
{
	struct jdoc *doc = fields_to_json(f);
	struct str json = jdoc_print(doc, w->in->outcome->arena);

	jdoc_free(doc);
	return json;
}

const int *record_ints(const struct fields *f, enum field id, size_t *ret_n)
{
	*ret_n = field_has(f, id) ? f->v[id].list.n : 0;
	return *ret_n > 0 ? f->v[id].list.p : NULL;
}
