/*
 * unit_change_open - what is not done yet goes on, or is closed: where?
 *
 * After a merge meetings to come, tasks, candidates, open opinions, requests
 * and proposals are the successor's; a meeting that the successor has planned
 * for the same month already, or in which votes were cast, is called off. Of a
 * unit that splits or ends all meetings to come are called off; what hangs on
 * a member goes with the member, the rest to the first part. Writer thread.
 */
#include "gateway/store/renumber.h"
#include "gateway/store/unit_change_parts.h"
#include "gateway/store/votes.h"

static int touch_meetings(struct changing *w, int64_t unit)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_MEETINGS);
	int64_t *v = NULL;
	int rc;

	sql_int(&q, unit);
	sql_z(&q, w->on.z);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(
			w->a, w->ret->meetings, w->ret->meetings_n, sizeof(*v));
		v[w->ret->meetings_n++] = sql_get_int(&q, 0);
		w->ret->meetings = v;
	}
	return rc;
}

/* One statement on the meetings to come of a unit. */
static int on_meetings(struct changing *w, enum sql id, int64_t unit,
	int64_t to, int64_t *ret_n)
{
	struct sql_run q = sql_start(w->s, id);

	sql_int(&q, unit);
	sql_z(&q, w->on.z);
	if (to != 0)
		sql_int(&q, to);
	if (sql_done(&q) < 0)
		return -1;
	*ret_n += sqlite3_changes(w->s->db);
	return 0;
}

/* Who was invited, has answered, or is asked, goes by the new number. Numbers
 * are turned round on the way, as two may change places. */
static int move_answers(struct changing *w)
{
	if (ACT(w, SQL_MOVED_INVITED, w->id) < 0 ||
		ACT(w, SQL_MOVED_INVITED_TURN, 0) < 0 ||
		ACT(w, SQL_MOVED_INVITATION, w->id) < 0 ||
		ACT(w, SQL_MOVED_PENDING, w->id) < 0)
		return -1;
	return ACT(w, SQL_MOVED_PENDING_TURN, 0);
}

/* Rows are collected before any is changed. */
static int items_moved(struct changing *w, int64_t from, int64_t to,
	int64_t **ret, size_t *ret_n)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_ITEMS);
	int rc;

	*ret = NULL;
	*ret_n = 0;
	sql_int(&q, from);
	sql_int(&q, to);
	while ((rc = sql_next(&q)) > 0) {
		*ret = rows_more(w->a, *ret, *ret_n, sizeof(**ret));
		(*ret)[(*ret_n)++] = sql_get_int(&q, 0);
	}
	return rc;
}

/* What is put to the vote is open to all who are of the successor now. */
static int move_items(struct changing *w, int64_t from, int64_t to)
{
	int64_t *items;
	size_t n;

	if (items_moved(w, from, to, &items, &n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (votes_reopen(w->s, items[i], to, w->now_ms, w->a) < 0)
			return -1;
	return 0;
}

static int move_meetings(struct changing *w, int64_t from, int64_t to)
{
	if (touch_meetings(w, from) < 0)
		return -1;
	if (to != 0 && (on_meetings(w, SQL_MEETINGS_MOVE, from, to,
				&w->ret->meetings_moved) < 0 ||
			       move_items(w, from, to) < 0))
		return -1;
	return on_meetings(w, SQL_MEETINGS_OFF, from, 0, &w->ret->meetings_off);
}

/* ---- candidates: numbered in their unit ---- */

struct numbered {
	int64_t id;
	int no;
};

static int load_numbered(
	struct changing *w, int64_t unit, struct numbered **ret, size_t *ret_n)
{
	struct sql_run q = sql_start(w->s, SQL_CHANGE_CANDIDATES);
	struct numbered *v = NULL;
	int rc;

	*ret_n = 0;
	sql_int(&q, unit);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(w->a, v, *ret_n, sizeof(*v));
		v[(*ret_n)++] = (struct numbered){
			.id = sql_get_int(&q, 0),
			.no = (int)sql_get_int(&q, 1),
		};
	}
	*ret = v;
	return rc;
}

static int move_candidates(struct changing *w, int64_t from, int64_t to)
{
	struct numbered *v, *there;
	size_t n, there_n;
	struct renumber *nos;
	int *taken;

	if (load_numbered(w, from, &v, &n) < 0 ||
		load_numbered(w, to, &there, &there_n) < 0)
		return -1;
	nos = ARENA_ARRAY(w->a, struct renumber, n);
	taken = ARENA_ARRAY(w->a, int, there_n);
	for (size_t i = 0; i < n; i++)
		nos[i].no = v[i].no;
	for (size_t i = 0; i < there_n; i++)
		taken[i] = there[i].no;
	renumber(taken, there_n, nos, n, w->a);
	for (size_t i = 0; i < n; i++)
		if (ACT(w, SQL_CANDIDATE_MOVE, from, nos[i].no, to,
			    nos[i].to_no, w->id) < 0)
			return -1;
	w->ret->candidates += (int64_t)n;
	return 0;
}

/* ---- all ---- */

/* What is of the unit and no member's. */
static int move_rest(struct changing *w, int64_t from, int64_t to)
{
	if (unit_change_tasks(w, from, false) < 0 ||
		move_candidates(w, from, to) < 0)
		return -1;
	if (ACT(w, SQL_OPINIONS_MOVE, from, to) < 0 ||
		ACT(w, SQL_TICKETS_MOVE, from, to) < 0)
		return -1;
	return ACT(w, SQL_ERRANDS_MOVE, from, to);
}

static int close_unit(struct changing *w, int64_t from, int64_t to)
{
	bool merged = w->c->kind == UNIT_MERGE;

	if (move_meetings(w, from, merged ? to : 0) < 0)
		return -1;
	if (to != 0 && move_rest(w, from, to) < 0)
		return -1;
	return ACT(w, SQL_ERRANDS_VOID, from);
}

int unit_change_open(struct changing *w)
{
	int64_t to = w->c->to_n > 0 ? w->to[0].id : 0;

	if (ACT(w, SQL_MOVED_EVENTS, w->id) < 0 ||
		ACT(w, SQL_MOVED_ERRANDS, w->id) < 0)
		return -1;
	for (size_t f = 0; f < w->c->from_n; f++) {
		bool lives = w->c->kind == UNIT_SPLIT ? changing_goes_on(w)
						      : to == w->from[f].id;

		if (w->c->kind == UNIT_MERGE && lives)
			continue;
		if (unit_change_proposals(
			    w, w->from[f].id, lives ? w->from[f].id : to) < 0)
			return -1;
		if (lives ? unit_change_tasks(w, w->from[f].id, true) < 0
			  : close_unit(w, w->from[f].id, to) < 0)
			return -1;
	}
	return move_answers(w);
}
