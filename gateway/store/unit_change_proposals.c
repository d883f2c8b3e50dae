/*
 * unit_change_proposals - proposals that wait while their unit changes.
 *
 * What is proposed of members goes where they go, under their new numbers; one
 * about members of several parts, or of a unit that ends, is rejected, for
 * approving it would touch the wrong ones. Writer thread.
 */
#include "gateway/store/unit_change_parts.h"

struct waiting {
	int64_t id;
	struct str fields; /* JSON */
};

/* A proposal on its way to another unit. */
struct going {
	const struct changing *w;
	int64_t from, to; /* to: 0 nowhere */
	bool named;       /* a member that moves */
	bool torn;        /* members that go different ways */
};

static struct jdoc *new_number(struct going *g, const struct jdoc *v)
{
	const struct unit_moved *m;
	int64_t no = 0, to;

	(void)jdoc_int(v, &no);
	m = changing_moved(g->w, g->from, no);
	to = m != NULL ? m->to_id : g->to;
	g->torn |= g->named && to != g->to;
	g->named = true;
	g->to = to;
	return jdoc_new_int(m != NULL ? m->to_no : no);
}

static struct str code_of(const struct changing *w, int64_t unit)
{
	for (size_t i = 0; i < w->c->to_n; i++)
		if (w->to[i].id == unit)
			return w->to[i].code;
	return (struct str){NULL, 0};
}

/* The fields as they are to be from now on. */
static struct str new_fields(struct going *g, struct str fields)
{
	struct err err;
	struct jdoc *v = jdoc_parse(fields, &err);
	const struct jdoc *all = jdoc_at(v, "members");
	struct jdoc *members = jdoc_array();
	struct str json;

	if (jdoc_at(v, "member") != NULL)
		jdoc_set(v, "member", new_number(g, jdoc_at(v, "member")));
	for (size_t i = 0; i < jdoc_len(all); i++)
		jdoc_push(members, new_number(g, jdoc_item(all, i)));
	if (all != NULL)
		jdoc_set(v, "members", members);
	else
		jdoc_free(members);
	if (g->to != 0 && jdoc_at(v, "unit") != NULL)
		jdoc_set_str(v, "unit", code_of(g->w, g->to));
	json = v != NULL ? jdoc_print(v, g->w->a) : fields;
	jdoc_free(v);
	return json;
}

static int move_one(
	struct changing *w, const struct waiting *p, int64_t from, int64_t to)
{
	struct going g = {.w = w, .from = from, .to = to};
	struct str fields = new_fields(&g, p->fields);
	struct sql_run q;

	if (g.torn || g.to == 0) {
		if (ACT(w, SQL_PROPOSAL_VOID, p->id, w->now_ms) < 0 ||
			ACT(w, SQL_PROPOSAL_VOID_EVENTS, p->id) < 0)
			return -1;
		return ACT(w, SQL_PROPOSAL_VOID_ERRANDS, p->id);
	}
	if (g.to == from)
		return 0;
	w->ret->proposals++;
	q = sql_start(w->s, SQL_PROPOSAL_MOVE);
	sql_int(&q, p->id);
	sql_int(&q, g.to);
	sql_str(&q, fields);
	if (sql_done(&q) < 0 ||
		ACT(w, SQL_PROPOSAL_MOVE_EVENTS, p->id, g.to) < 0 ||
		ACT(w, SQL_PROPOSAL_MOVE_FACTS, p->id, g.to) < 0)
		return -1;
	return ACT(w, SQL_PROPOSAL_MOVE_ERRANDS, p->id, g.to);
}

int unit_change_proposals(struct changing *w, int64_t from, int64_t to)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_PROPOSALS);
	struct waiting *v = NULL;
	size_t n = 0;
	int rc;

	sql_int(&q, from);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(w->a, v, n, sizeof(*v));
		v[n++] = (struct waiting){
			sql_get_int(&q, 0), sql_get(&q, 1, w->a)};
	}
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = move_one(w, &v[i], from, to);
	return rc;
}
