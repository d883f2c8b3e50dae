/*
 * parts - of which text is this a part, and is it whole now?
 *
 * Parts of one text share channel, sender, receiver, reference and number of
 * parts, and are sent soon after one another; an 8-bit reference comes round
 * again, and some phones have only one. A part that is there with other words
 * therefore begins another text, and the first will never be whole.
 *
 *   waits -> complete     the last part came
 *         -> incomplete   time is over, or another text needs its place
 *
 * Whatever comes after that is linked to what the text became. Writer thread,
 * inside its transaction.
 */
#include "gateway/store/parts.h"

#include "gateway/store/sql.h"

#include <assert.h>
#include <stdlib.h>

/* A row of multipart; id 0: none. */
struct multipart {
	int64_t id, message, sent_at;
};

/* As sql_one. */
static int find_repeat(
	struct store *s, const struct message *m, struct parts_result *ret)
{
	struct sql_run q = sql_start(s, SQL_PART_SEEN);
	int rc;

	sql_str(&q, m->channel);
	sql_str(&q, m->provider_id);
	sql_int(&q, m->part_no);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	ret->fate = PARTS_REPEATED;
	ret->multipart = sql_get_int(&q, 0);
	ret->message = sql_get_int(&q, 1);
	sql_stop(&q);
	return 1;
}

static struct str to_of(const struct message *m)
{
	return m->to.p != NULL ? m->to : STR("");
}

/* The newest text that it can be a part of. */
static int find_text(
	struct store *s, const struct message *m, struct multipart *ret)
{
	struct sql_run q = sql_start(s, SQL_MULTIPART_FIND);
	int rc;

	*ret = (struct multipart){.id = 0};
	sql_str(&q, m->from);
	sql_str(&q, m->part_ref);
	sql_int(&q, m->part_total);
	sql_str(&q, m->channel);
	sql_str(&q, to_of(m));
	sql_int(&q, m->sent_at - PARTS_LATE_MS);
	sql_int(&q, m->sent_at + PARTS_LATE_MS);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	ret->id = sql_get_int(&q, 0);
	ret->message = sql_get_int(&q, 1);
	ret->sent_at = sql_get_int(&q, 2);
	sql_stop(&q);
	return 0;
}

enum there { THERE_NOT, THERE_SAME, THERE_OTHER };

/* Is that part there already? */
static int look_for(struct store *s, const struct multipart *t,
	const struct message *m, enum there *ret)
{
	struct sql_run q = sql_start(s, SQL_PART_TEXT);
	int rc;

	*ret = THERE_NOT;
	sql_int(&q, t->id);
	sql_int(&q, m->part_no);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = str_eq(sql_peek(&q, 0), m->text) ? THERE_SAME : THERE_OTHER;
	sql_stop(&q);
	return 0;
}

static void end(struct parts_result *ret, int64_t multipart)
{
	for (size_t i = 0; i < ret->ended_n; i++)
		if (ret->ended[i] == multipart)
			return;
	assert(ret->ended_n < PARTS_ENDED_MAX);
	ret->ended[ret->ended_n++] = multipart;
}

/* Ends the oldest of those that the statement counts, when they are many. */
static int make_room(struct sql_run *q, int64_t max, struct parts_result *ret)
{
	int64_t n = 0, oldest = 0;

	if (sql_next(q) > 0) {
		n = sql_get_int(q, 0);
		oldest = sql_get_int(q, 1);
	}
	if (sql_done(q) < 0)
		return -1;
	if (n >= max)
		end(ret, oldest);
	return 0;
}

static int begin_text(
	struct store *s, const struct message *m, struct parts_result *ret)
{
	struct sql_run q = sql_start(s, SQL_MULTIPART_OPEN_SENDER);

	sql_str(&q, m->from);
	if (make_room(&q, PARTS_OPEN_SENDER, ret) < 0)
		return -1;
	q = sql_start(s, SQL_MULTIPART_OPEN_ALL);
	if (make_room(&q, PARTS_OPEN_ALL, ret) < 0)
		return -1;
	q = sql_start(s, SQL_MULTIPART_PUT);
	sql_str(&q, m->channel);
	sql_str(&q, m->from);
	sql_str(&q, to_of(m));
	sql_str(&q, m->part_ref);
	sql_int(&q, m->part_total);
	sql_int(&q, m->sent_at);
	sql_int(&q, m->received_at);
	if (sql_insert(&q, &ret->multipart) < 0)
		return -1;
	if (m->part_total > PARTS_TOTAL_MAX)
		end(ret, ret->multipart);
	return 0;
}

static int put(struct store *s, const struct message *m, int64_t multipart)
{
	struct sql_run q = sql_start(s, SQL_PART_PUT);

	sql_int(&q, multipart);
	sql_int(&q, m->part_no);
	sql_str(&q, m->channel);
	sql_str(&q, m->provider_id);
	sql_str(&q, m->event_id);
	sql_str(&q, m->text);
	sql_int(&q, m->sent_at);
	sql_int(&q, m->received_at);
	return sql_done(&q);
}

static int is_whole(
	struct store *s, const struct message *m, struct parts_result *ret)
{
	struct sql_run q = sql_start(s, SQL_PART_COUNT);
	int64_t n = 0;

	sql_int(&q, ret->multipart);
	if (sql_one(&q, &n) < 0)
		return -1;
	if (n == m->part_total)
		ret->fate = PARTS_COMPLETE;
	return 0;
}

/*
 * Does it belong to the text? A missing part that comes late does; one that is
 * there must have been sent at about that time to be the same one twice.
 */
static bool belongs(const struct multipart *t, const struct message *m,
	enum there there, int64_t join_ms)
{
	bool soon = llabs(m->sent_at - t->sent_at) <= join_ms;

	if (t->id == 0 || there == THERE_OTHER)
		return false;
	return soon || (t->message != 0 && there == THERE_NOT);
}

int parts_put(struct store *s, const struct message *m, int64_t join_ms,
	struct parts_result *ret)
{
	enum there there = THERE_NOT;
	struct multipart t;
	int rc;

	*ret = (struct parts_result){.fate = PARTS_WAIT};
	rc = find_repeat(s, m, ret);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (find_text(s, m, &t) < 0 ||
		(t.id != 0 && look_for(s, &t, m, &there) < 0))
		return -1;
	if (belongs(&t, m, there, join_ms)) {
		ret->multipart = t.id;
		ret->message = t.message;
		if (t.message != 0 || there == THERE_SAME)
			ret->fate = PARTS_LINKED;
	} else {
		if (t.id != 0 && t.message == 0)
			end(ret, t.id);
		if (begin_text(s, m, ret) < 0)
			return -1;
	}
	if (put(s, m, ret->multipart) < 0)
		return -1;
	return ret->fate == PARTS_WAIT ? is_whole(s, m, ret) : 0;
}

/* ---- what there is of it ---- */

static struct str if_any(struct str s)
{
	return s.n > 0 ? s : (struct str){NULL, 0};
}

static void take_first(
	const struct sql_run *q, struct arena *a, struct parts_text *ret)
{
	ret->message = (struct message){
		.channel = sql_get(q, 0, a),
		.from = sql_get(q, 1, a),
		.to = if_any(sql_get(q, 2, a)),
		.provider_id = sql_get(q, 5, a),
		.event_id = sql_get(q, 6, a),
		.text = STR(""),
		.sent_at = sql_get_int(q, 8),
	};
	ret->total = (int)sql_get_int(q, 3);
}

int parts_text(struct store *s, int64_t multipart, struct arena *a,
	struct parts_text *ret)
{
	struct message *m = &ret->message;
	struct sql_run q = sql_start(s, SQL_PART_LIST);
	int64_t last = 0;
	int rc;

	*ret = (struct parts_text){.have = 0};
	sql_int(&q, multipart);
	while ((rc = sql_next(&q)) > 0) {
		if (sql_get_int(&q, 4) == last)
			continue; /* the same under another id */
		last = sql_get_int(&q, 4);
		if (ret->have++ == 0)
			take_first(&q, a, ret);
		m->text = arena_printf(a, STR_FMT STR_FMT, STR_ARG(m->text),
			STR_ARG(sql_peek(&q, 7)));
		if (sql_get_int(&q, 9) > m->received_at)
			m->received_at = sql_get_int(&q, 9);
	}
	assert(rc < 0 || ret->have > 0);
	return rc;
}

int parts_close(struct store *s, int64_t multipart, int64_t message)
{
	struct sql_run q = sql_start(s, SQL_MULTIPART_CLOSE);

	sql_int(&q, message);
	sql_int(&q, multipart);
	return sql_done(&q);
}

int parts_due(struct store *s, const struct parts_span *span, int64_t max,
	struct arena *a, struct parts_due *ret)
{
	struct sql_run q = sql_start(s, SQL_MULTIPART_DUE);
	int64_t *v = NULL;
	int rc;

	*ret = (struct parts_due){.v = NULL};
	sql_int(&q, span->now_ms - span->limit_ms);
	sql_int(&q, span->now_ms + span->limit_ms);
	sql_int(&q, max);
	while ((rc = sql_next(&q)) > 0) {
		v = rows_more(a, v, ret->n, sizeof(*v));
		v[ret->n++] = sql_get_int(&q, 0);
	}
	ret->v = v;
	return rc;
}
