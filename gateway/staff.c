/*
 * staff - which proposals does a text decide, which number does one get?
 *
 * Joins the store's proposals to the context of the few texts that speak of
 * them, between reading and handling. Holds no state; writer thread.
 */
#include "gateway/staff.h"

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

int staff_look(
	struct store *s, const struct intake_input *in, struct intake_view *v)
{
	switch (v->reading.intent) {
	case INTENT_APPROVE:
		return look_proposals(s, in->arena, v);
	case INTENT_MEMBER_STATUS:
	case INTENT_UNIT_UPDATE:
	case INTENT_REGISTER:
		return proposal_next(s, &v->context.next_proposal);
	default:
		return 0;
	}
}
