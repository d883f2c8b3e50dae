/*
 * votes_load - what may the sender of a vote do, item by item?
 *
 * Asked only when the text is a vote and a meeting is announced: one
 * statement for each member that the phone speaks for there. An item is open
 * for a text that was sent before its closing and comes within its time; who
 * has left the roll since it was opened has no vote any more. Writer thread,
 * inside its transaction.
 */
#include "gateway/store/votes_load.h"

bool votes_is_open(const struct context *c, const struct sql_run *q, int col)
{
	int64_t closes_at = sql_get_int(q, col);

	if (!sql_is_null(q, col + 2))
		return false;
	return closes_at == 0 ||
	       (c->sent_at < closes_at && c->now_ms <= sql_get_int(q, col + 1));
}

static struct vote_ref line_read(
	const struct context *c, const struct sql_run *q, struct arena *a)
{
	struct str digest = sql_get(q, 6, a);
	struct str head = sql_get(q, 10, a);

	return (struct vote_ref){
		.id = sql_get_int(q, 0),
		.no = (int)sql_get_int(q, 1),
		.closes_at = sql_get_int(q, 2),
		.open = votes_is_open(c, q, 2),
		.own_time = sql_get_int(q, 5) != 0,
		.listed = !sql_is_null(q, 7) && sql_get_int(q, 8) != 0,
		.official = str_is(sql_peek(q, 7), "official"),
		.seq = (int)sql_get_int(q, 9),
		.head = head.p != NULL ? head : digest,
		.choice = sql_get(q, 11, a),
		.hash = sql_get(q, 12, a),
		.voted_at = sql_get_int(q, 13),
	};
}

static int load_lines(
	struct store *s, int member_no, struct arena *a, struct context *c)
{
	struct sql_run q = sql_start(s, SQL_VOTE_LINES);
	struct vote_ref *v = (struct vote_ref *)c->votes;
	int rc;

	sql_int(&q, c->pending_meeting->id);
	sql_int(&q, member_no);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, c->votes_n, sizeof(*v));
		v[c->votes_n] = line_read(c, &q, a);
		v[c->votes_n].meeting_id = c->pending_meeting->id;
		v[c->votes_n++].member_no = member_no;
	}
	c->votes = v;
	return rc;
}

static bool is_loaded(const struct context *c, int member_no)
{
	for (size_t i = 0; i < c->votes_n; i++)
		if (c->votes[i].member_no == member_no)
			return true;
	return false;
}

int votes_load(struct store *s, const struct fields *f, struct arena *a,
	struct context *c)
{
	c->votes = NULL;
	c->votes_n = 0;
	if (c->pending_meeting == NULL ||
		(!field_has(f, FIELD_CHOICE) && !field_has(f, FIELD_CHOICES)))
		return 0;
	for (size_t i = 0; i < c->roles_n; i++) {
		const struct role_ref *r = &c->roles[i];

		if (r->unit_id != c->pending_meeting->unit_id ||
			r->member_no <= 0 || is_loaded(c, r->member_no))
			continue;
		if (load_lines(s, r->member_no, a, c) < 0)
			return -1;
	}
	return 0;
}
