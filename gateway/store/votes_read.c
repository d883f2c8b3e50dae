/*
 * votes_read - what was put to the vote, and what came of it?
 *
 * Nothing is kept of a count: each time the ballots are walked from the item
 * on, compared with what their voters were told, and those that hold are
 * counted. The room's votes are the report's, and belong to an item only when
 * the meeting has one alone. Reads only; either connection.
 */
#include "gateway/store/votes.h"

#include "config/figures.h"
#include "gateway/store/sql.h"

static struct vote_row row_read(const struct sql_run *q, struct arena *a)
{
	return (struct vote_row){
		.item = {.id = sql_get_int(q, 0),
			.meeting_id = sql_get_int(q, 1),
			.no = (int)sql_get_int(q, 3),
			.question = sql_get(q, 4, a),
			.threshold = sql_get(q, 5, a),
			.opened_at = sql_get_int(q, 6),
			.closed_at = sql_get_int(q, 9),
			.digest = sql_get(q, 11, a),
			.seal = sql_get(q, 12, a)},
		.unit_id = sql_get_int(q, 2),
		.closes_at = sql_get_int(q, 7),
		.late_to = sql_get_int(q, 8),
		.source = sql_get(q, 10, a),
		.off = str_is(sql_peek(q, 13), "none") ||
		       str_is(sql_peek(q, 13), "cancelled"),
		.day = sql_is_null(q, 14) ? DAY_NONE
					  : day_parse(sql_peek(q, 14)),
		.unit = sql_get(q, 15, a),
		.period = sql_get(q, 16, a),
	};
}

static int rows_read(struct sql_run *q, struct arena *a, struct vote_rows *ret)
{
	int rc;

	*ret = (struct vote_rows){0};
	while ((rc = sql_next(q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = row_read(q, a);
	}
	return rc;
}

int votes_of_meeting(struct store *s, int64_t meeting_id, struct arena *a,
	struct vote_rows *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_OF_MEETING);

	sql_int(&q, meeting_id);
	return rows_read(&q, a, ret);
}

int votes_of_unit(struct store *s, int64_t unit_id, const struct str *from_to,
	struct arena *a, struct vote_rows *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_OF_UNIT);

	sql_int(&q, unit_id);
	sql_str(&q, from_to[0]);
	sql_str(&q, from_to[1]);
	return rows_read(&q, a, ret);
}

int votes_meeting(struct store *s, struct str unit, day_t day, int64_t *ret)
{
	struct day_text on = day_iso(day);
	struct sql_run q = sql_start(s, SQL_VOTE_MEETING);

	sql_str(&q, unit);
	sql_z(&q, on.z);
	return sql_one(&q, ret);
}

int votes_row(
	struct store *s, int64_t id, struct arena *a, struct vote_row *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_ITEM);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = row_read(&q, a);
	sql_stop(&q);
	return 1;
}

static void add_lost(
	struct vote_losses *all, struct arena *a, const struct vote_lost *one)
{
	all->v = rows_more(a, all->v, all->n, sizeof(*all->v));
	all->v[all->n++] = *one;
}

int votes_lost(struct store *s, const struct str *from_to, struct arena *a,
	struct vote_losses *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_LOST);
	int rc;

	*ret = (struct vote_losses){0};
	sql_str(&q, from_to[0]);
	sql_str(&q, from_to[1]);
	while ((rc = sql_next(&q)) > 0)
		add_lost(ret, a,
			&(struct vote_lost){.unit_id = sql_get_int(&q, 0),
				.unit = sql_get(&q, 1, a),
				.day = sql_is_null(&q, 2)
					       ? DAY_NONE
					       : day_parse(sql_peek(&q, 2)),
				.item = sql_get_int(&q, 3),
				.ballots = sql_get_int(&q, 4)});
	if (rc < 0)
		return -1;
	q = sql_start(s, SQL_VOTE_LOST_WHOLLY);
	while ((rc = sql_next(&q)) > 0)
		add_lost(ret, a,
			&(struct vote_lost){
				.day = DAY_NONE, .item = sql_get_int(&q, 0)});
	return rc;
}

static int read_voters(struct store *s, struct ballot_item *i, struct arena *a)
{
	struct sql_run q = sql_start(s, SQL_VOTE_VOTERS);
	int rc;

	i->voters = NULL;
	i->voters_n = 0;
	sql_int(&q, i->id);
	while ((rc = sql_next(&q)) > 0) {
		struct str roll = sql_peek(&q, 4);
		struct ballot_voter v = {
			.member_no = (int)sql_get_int(&q, 0),
			.standing = sql_get(&q, 1, a),
			.status = sql_get(&q, 2, a),
			.left = sql_get_int(&q, 3) != 0,
			.present =
				str_is(roll, "present") || str_is(roll, "late"),
			.choice = CHOICES_N,
		};

		i->voters = rows_more(a, i->voters, i->voters_n, sizeof(v));
		i->voters[i->voters_n++] = v;
	}
	return rc;
}

static int read_ballots(
	struct store *s, struct arena *a, struct ballot_chain *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_BALLOTS);
	int rc;

	sql_int(&q, ret->item->meeting_id);
	sql_int(&q, ret->item->no);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct ballot){
			.id = sql_get_int(&q, 0),
			.item_id = sql_get_int(&q, 1),
			.seq = (int)sql_get_int(&q, 2),
			.member_no = (int)sql_get_int(&q, 3),
			.choice = sql_get(&q, 4, a),
			.counted_as = sql_get(&q, 5, a),
			.voted_at = sql_get_int(&q, 6),
			.created_at = sql_get_int(&q, 7),
			.message_id = sql_get_int(&q, 8),
			.prev = sql_get(&q, 9, a),
			.hash = sql_get(&q, 10, a),
		};
	}
	return rc;
}

static int read_receipts(
	struct store *s, struct arena *a, struct ballot_chain *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_RECEIPTS);
	struct ballot_receipt *v = NULL;
	int rc;

	sql_int(&q, ret->item->id);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, ret->receipts_n, sizeof(*v));
		v[ret->receipts_n++] = (struct ballot_receipt){
			.seq = (int)sql_get_int(&q, 0),
			.member_no = (int)sql_get_int(&q, 1),
			.hash = sql_get(&q, 2, a),
		};
	}
	ret->receipts = v;
	return rc;
}

/* One figure of votes cannot be of two items. */
static int read_room(
	struct store *s, const struct ballot_item *i, struct ballot_count *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_ROOM);
	int rc;

	ret->room_known = false;
	ret->room = (struct ballot_votes){{0}};
	sql_int(&q, i->meeting_id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	ret->room_known = !sql_is_null(&q, 0) && sql_get_int(&q, 3) == 1;
	for (int k = 0; k < CHOICES_N && ret->room_known; k++)
		ret->room.n[k] = (int)sql_get_int(&q, k);
	sql_stop(&q);
	return 0;
}

/* The commune decides, from a day on. */
static int remote_counts(struct store *s, const struct vote_row *row,
	const struct config *c, struct arena *a, bool *ret)
{
	struct figure_chain chain;

	*ret = false;
	if (c == NULL)
		return 0;
	if (agenda_chain(s, row->unit_id, a, &chain) != 0)
		return -1;
	*ret = figure_option(c, FIGURE_REMOTE_VOTES, &chain, row->day) != 0;
	return 0;
}

/* Each open item that has a time to close waits for it; one that waits no
 * more was closed, and is open again by hand. */
static int was_closed(struct store *s, const struct vote_row *row, bool *ret)
{
	struct sql_run q;
	int64_t found = 0;
	int rc;

	*ret = false;
	if (row->off || row->item.closed_at != 0 ||
		(row->late_to == 0 && row->day == DAY_NONE))
		return 0;
	q = sql_start(s, SQL_VOTE_WAS_CLOSED);
	sql_int(&q, row->item.id);
	rc = sql_one(&q, &found);
	*ret = rc > 0 && found != 0;
	return rc < 0 ? -1 : 0;
}

static int check_open(struct store *s, const struct vote_row *row,
	struct arena *a, struct ballot_faults *f)
{
	struct ballot_fault *v;
	bool closed;

	if (was_closed(s, row, &closed) < 0)
		return -1;
	if (!closed)
		return 0;
	v = ARENA_ARRAY(a, struct ballot_fault, f->n + 1);
	if (f->n > 0)
		memcpy(v, f->v, f->n * sizeof(*v));
	v[f->n] = (struct ballot_fault){
		.what = "it was closed, and its seal was taken out"};
	*f = (struct ballot_faults){v, f->n + 1};
	return 0;
}

int votes_read(struct store *s, struct vote_row *row, const struct config *c,
	struct arena *a, struct vote_result *ret)
{
	struct ballot_item *i = &row->item;
	struct ballot_chain chain = {.item = i};
	struct ballot_rule rule = {
		.two_thirds = str_is(i->threshold, "2/3"),
	};

	*ret = (struct vote_result){.ballots = 0};
	if (remote_counts(s, row, c, a, &rule.remote_counts) != 0 ||
		read_voters(s, i, a) < 0 || read_ballots(s, a, &chain) < 0 ||
		read_receipts(s, a, &chain) < 0 ||
		read_room(s, i, &ret->count) < 0)
		return -1;
	ballot_check(&chain, a, &ret->faults);
	if (check_open(s, row, a, &ret->faults) < 0)
		return -1;
	ret->ballots = chain.n;
	if (!row->off)
		ballot_take(&chain, i);
	ballot_count(i, &rule, &ret->count);
	return 0;
}
