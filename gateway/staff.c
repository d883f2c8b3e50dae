/*
 * staff - which proposals does a text decide, whom would it be sent to?
 *
 * Joins the store's proposals, the number of the next, or who is to get a
 * text to many, to the context of the few texts that speak of them, between
 * reading and handling. Holds no state; writer thread.
 */
#include "gateway/staff.h"

#include "gateway/broadcasts.h"
#include "gateway/store/proposal.h"

#define SHOWN_MAX 4              /* more are only counted */
#define LOOKED_MAX ((size_t)200) /* open ones in all */

static int add_named(
	struct store *s, struct arena *a, struct context *c, int64_t id)
{
	struct proposal_ref *p = ARENA_NEW(a, struct proposal_ref);
	bool ours = false;
	int rc = proposal_find(s, id, a, p);

	if (rc <= 0)
		return rc;
	if (proposal_in_scope(s, c, p->unit_id, &ours) != 0)
		return -1;
	c->proposals = p;
	c->proposals_n = ours;
	c->proposals_open = ours;
	return 0;
}

static int add_open(struct store *s, struct arena *a, struct context *c)
{
	struct proposal_ref *v = ARENA_ARRAY(a, struct proposal_ref, SHOWN_MAX);
	struct proposal_list list;
	bool ours;

	if (proposal_open(s, 0, LOOKED_MAX, a, &list) != 0)
		return -1;
	c->proposals = v;
	for (size_t i = 0; i < list.n; i++) {
		if (proposal_in_scope(s, c, list.v[i].unit_id, &ours) != 0)
			return -1;
		if (!ours)
			continue;
		c->proposals_open++;
		if (c->proposals_n < SHOWN_MAX)
			v[c->proposals_n++] = list.v[i];
	}
	return 0;
}

static int look_proposals(
	struct store *s, struct arena *a, struct intake_view *v)
{
	const struct fields *f = &v->reading.fields;
	struct context *c = &v->context;

	if (!context_has_role(c, ROLE_STAFF))
		return 0;
	c->proposals_known = true;
	if (field_has(f, FIELD_PROPOSAL))
		return add_named(s, a, c, field_int(f, FIELD_PROPOSAL, 0));
	return add_open(s, a, c);
}

/* Who would get it; of no use where the text is refused. */
static int look_audience(
	struct store *s, const struct intake_input *in, struct intake_view *v)
{
	struct context *c = &v->context;
	struct audience_ref *au = ARENA_NEW(in->arena, struct audience_ref);
	struct broadcasting b = {
		.s = s,
		.settings = in->settings,
		.arena = in->arena,
		.now_ms = in->now_ms,
		.to = field_text(&v->reading.fields, FIELD_TO),
		.text = field_text(&v->reading.fields, FIELD_TEXT),
	};

	if (v->reading.problem != PROBLEM_NONE || c->unit == NULL ||
		!c->unit->in_scope || !context_has_role(c, ROLE_STAFF))
		return 0;
	b.unit_id = c->unit->id;
	c->audience = au;
	return broadcasting_preview(&b, au);
}

int staff_look(
	struct store *s, const struct intake_input *in, struct intake_view *v)
{
	switch (v->reading.intent) {
	case INTENT_APPROVE:
		return look_proposals(s, in->arena, v);
	case INTENT_BROADCAST:
		return look_audience(s, in, v);
	case INTENT_MEMBER_STATUS:
	case INTENT_UNIT_UPDATE:
	case INTENT_REGISTER:
		if (proposal_of_sender(s, in->message->from, v->reading.intent,
			    in->arena, &v->context) != 0)
			return -1;
		return proposal_next(s, &v->context.next_proposal);
	default:
		return 0;
	}
}
