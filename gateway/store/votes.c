/*
 * votes - what is put to the vote, who may, and until when?
 *
 * An item's voters are the unit's roll at the moment it is opened, and its
 * digest covers them; what happens to the roll later changes neither. An item
 * that goes to another unit with its meeting is opened anew for the roll
 * there, or does not go: somebody has voted. When it
 * is closed, who is no longer on the roll is marked, and the end of the chain
 * is sealed. A meeting that is moved takes its items along; one that is off
 * makes them void by its own state, and nothing here changes. Inside the
 * writer's transaction.
 *
 *   open -> closed (its time is over, or by hand)
 *   closed -> open (the meeting was put off after all)
 */
#include "gateway/store/votes.h"

#include "gateway/store/sql.h"

#include <assert.h>

int64_t votes_start_ms(day_t day, int minute, int utc_offset_min)
{
	if (day == DAY_NONE)
		return 0;
	return day_to_ms(day, minute >= 0 ? minute : 24 * 60, utc_offset_min);
}

static int set_digest(
	struct store *s, enum sql id, const char *hash, int64_t item)
{
	struct sql_run q = sql_start(s, id);

	sql_z(&q, hash);
	sql_int(&q, item);
	return sql_done(&q);
}

/* Freezes the voters of a new item, and covers them by its digest. */
static int freeze(struct store *s, int64_t id, int64_t unit_id, struct arena *a)
{
	struct sql_run q = sql_start(s, SQL_VOTE_FREEZE);
	struct ballot_hash digest;
	struct vote_result none;
	struct vote_row row;

	sql_int(&q, id);
	sql_int(&q, unit_id);
	if (sql_done(&q) < 0 || votes_row(s, id, a, &row) <= 0 ||
		votes_read(s, &row, NULL, a, &none) < 0)
		return -1;
	digest = ballot_genesis(&row.item, a);
	return set_digest(s, SQL_VOTE_DIGEST, digest.z, id);
}

static int64_t late_to(const struct votes_clock *k, int64_t closes_at)
{
	return closes_at != 0 ? closes_at + k->late_ms : 0;
}

static int next_no(struct store *s, int64_t meeting_id, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_VOTE_NEXT);

	sql_int(&q, meeting_id);
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

int votes_open(struct store *s, const struct votes_opening *o, struct arena *a,
	int64_t *ret_id)
{
	int64_t no = o->no;
	struct sql_run q;
	int rc;

	assert(o->meeting_id != 0 && o->unit_id != 0);
	if (no == 0 && next_no(s, o->meeting_id, &no) < 0)
		return -1;
	q = sql_start(s, SQL_VOTE_OPEN);
	sql_int(&q, o->meeting_id);
	sql_int(&q, o->unit_id);
	sql_int(&q, no);
	sql_str(&q, o->question);
	sql_str(&q, o->threshold);
	sql_int(&q, o->clock->now_ms);
	sql_int_or_null(&q, o->closes_at);
	sql_int_or_null(&q, late_to(o->clock, o->closes_at));
	sql_int(&q, o->own_time);
	sql_z(&q, o->source);
	sql_int_or_null(&q, o->message_id);
	rc = sql_insert(&q, ret_id);
	if (rc <= 0) {
		*ret_id = 0;
		return rc;
	}
	return freeze(s, *ret_id, o->unit_id, a);
}

int votes_reopen(struct store *s, int64_t id, int64_t unit_id, int64_t now_ms,
	struct arena *a)
{
	struct sql_run q = sql_start(s, SQL_VOTE_REOPEN);

	sql_int(&q, id);
	sql_int(&q, unit_id);
	sql_int(&q, now_ms);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_VOTE_THAW);
	sql_int(&q, id);
	if (sql_done(&q) < 0)
		return -1;
	return freeze(s, id, unit_id, a);
}

static int move(struct store *s, const struct agenda_meeting *m,
	const struct votes_clock *k)
{
	int64_t at = votes_start_ms(m->day, m->minute, k->utc_offset_min);
	struct sql_run q = sql_start(s, SQL_VOTE_MOVE);

	sql_int_or_null(&q, at);
	sql_int_or_null(&q, late_to(k, at));
	sql_int(&q, m->id);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_VOTE_STAY);
	sql_int(&q, m->id);
	return sql_done(&q);
}

int votes_announced(struct store *s, int64_t meeting_id, int64_t message_id,
	const struct votes_clock *k, struct arena *a)
{
	struct agenda_meeting m;
	struct votes_opening o;
	int64_t id;
	int rc = agenda_meeting(s, meeting_id, a, &m);

	if (rc <= 0)
		return rc;
	if (move(s, &m, k) < 0)
		return -1;
	o = (struct votes_opening){
		.meeting_id = m.id,
		.unit_id = m.unit_id,
		.threshold = STR("1/2"),
		.closes_at = votes_start_ms(m.day, m.minute, k->utc_offset_min),
		.source = "announced",
		.message_id = message_id,
		.clock = k,
	};
	for (o.no = 1; o.no == 1 || o.no <= m.items; o.no++)
		if (votes_open(s, &o, a, &id) < 0)
			return -1;
	return 0;
}

/* The end of the chain and who had left, as one hash. */
static int seal(struct store *s, int64_t id, struct arena *a)
{
	struct sql_run q = sql_start(s, SQL_VOTE_RECEIPTS);
	struct ballot_hash hash;
	struct vote_result none;
	struct vote_row row;
	struct str head = {NULL, 0};
	int rc;

	sql_int(&q, id);
	while ((rc = sql_next(&q)) > 0)
		head = sql_get(&q, 2, a);
	if (rc < 0 || votes_row(s, id, a, &row) <= 0 ||
		votes_read(s, &row, NULL, a, &none) < 0)
		return -1;
	hash = ballot_seal(
		&row.item, head.p != NULL ? head : row.item.digest, a);
	return set_digest(s, SQL_VOTE_SEAL, hash.z, id);
}

int votes_close(struct store *s, int64_t id, int64_t now_ms, bool by_hand,
	struct arena *a)
{
	struct sql_run q = sql_start(s, SQL_VOTE_GONE);

	sql_int(&q, id);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_VOTE_END);
	sql_int(&q, now_ms);
	sql_int_or_null(&q, by_hand);
	sql_int(&q, id);
	if (sql_done(&q) < 0)
		return -1;
	return seal(s, id, a);
}
