/*
 * record_ballot - how does a vote become a link of its item's chain?
 *
 * What a member may do was loaded with the context (votes_load), so that the
 * text that answers and the row that is stored come from the same lines: the
 * handler has told the voter the code of the very hash that is written here.
 * Only ever adds. Writer thread, inside its transaction.
 */
#include "gateway/store/record.h"

#include "gateway/model/ballot.h"

#include <assert.h>

static const struct vote_ref *vote_of(
	const struct applying *w, int item, int member_no)
{
	const struct context *c = w->in->context;

	for (size_t i = 0; i < c->votes_n; i++)
		if (c->votes[i].no == item &&
			c->votes[i].member_no == member_no)
			return &c->votes[i];
	return NULL;
}

static int put_receipt(struct applying *w, const struct ballot *b)
{
	struct sql_run q = sql_start(w->s, SQL_BALLOT_RECEIPT);

	sql_int(&q, b->item_id);
	sql_int(&q, b->seq);
	sql_int(&q, b->member_no);
	sql_str(&q, b->hash);
	return sql_done(&q);
}

static int put_ballot(struct applying *w, const struct effect *e,
	const struct vote_ref *v, struct str choice)
{
	struct arena *a = w->in->outcome->arena;
	struct ballot b = ballot_cast(w->in->context, v, choice);
	struct ballot_hash hash = ballot_link(&b, a);
	struct sql_run q = sql_start(w->s, SQL_BALLOT_PUT);

	b.hash = str_of(hash.z);
	sql_int(&q, e->subject);
	sql_int(&q, e->unit_id);
	sql_int(&q, v->no);
	sql_int(&q, b.item_id);
	sql_int(&q, b.seq);
	sql_int(&q, b.member_no);
	sql_str(&q, b.choice);
	sql_str(&q, b.counted_as);
	sql_int(&q, b.voted_at);
	sql_str(&q, b.prev);
	sql_str(&q, b.hash);
	sql_int_or_null(&q, b.message_id);
	sql_int(&q, b.created_at);
	return sql_done(&q) < 0 ? -1 : put_receipt(w, &b);
}

static int take(struct applying *w, const struct effect *e, int64_t item,
	struct str choice)
{
	int member = (int)field_int(e->fields, FIELD_MEMBER, 0);
	const struct vote_ref *v = vote_of(w, (int)item, member);

	assert(v != NULL && v->meeting_id == e->subject);
	assert(w->in->message_id == w->in->context->message_id);
	return put_ballot(w, e, v, choice);
}

int record_ballot(struct applying *w, const struct effect *e)
{
	const struct fields *f = e->fields;
	const struct field_map_entry *v;

	if (!field_has(f, FIELD_CHOICES))
		return take(w, e, field_int(f, FIELD_ITEM, 1),
			field_text(f, FIELD_CHOICE));
	v = f->v[FIELD_CHOICES].list.p;
	for (size_t i = 0; i < f->v[FIELD_CHOICES].list.n; i++)
		if (take(w, e, v[i].key, v[i].value) < 0)
			return -1;
	return 0;
}
