/*
 * session - how far is somebody in a conversation that leads?
 *
 * One row a conversation, written after each step with all that the next one
 * needs, so that a crash, a hang-up or another channel costs nobody what was
 * answered. What was answered is JSON, for its order counts. Writer thread.
 *
 *   open -> done | dropped | over;  dropped -> open (gone on with) | over
 */
#include "gateway/store/session.h"

#include "gateway/base/jdoc.h"
#include "gateway/store/sql.h"

#include <assert.h>

static const char *const state_name[] = {
	[SESSION_OPEN] = "open",
	[SESSION_DONE] = "done",
	[SESSION_DROPPED] = "dropped",
	[SESSION_OVER] = "over",
};
static const char *const way_name[] = {
	[GUIDE_USSD] = "ussd",
	[GUIDE_SMS] = "sms",
};

/* [["date", "5/11"], ["total", "47"]] */
static struct str print_answers(const struct guide_state *g, struct arena *a)
{
	struct jdoc *all = jdoc_array();
	struct str text;

	for (size_t i = 0; i < g->n; i++) {
		struct jdoc *one = jdoc_array();

		jdoc_push(one, jdoc_new_str(g->v[i].field));
		jdoc_push(one, jdoc_new_str(g->v[i].value));
		jdoc_push(all, one);
	}
	text = jdoc_print(all, a);
	jdoc_free(all);
	return text;
}

static int read_answers(struct store *s, struct str json, struct arena *a,
	struct guide_state *ret)
{
	struct jdoc *all = jdoc_parse(json, &s->err);

	if (all == NULL)
		return -1;
	for (size_t i = 0; i < jdoc_len(all) && i < GUIDE_ANSWERS_MAX; i++) {
		const struct jdoc *one = jdoc_item(all, i);

		ret->v[ret->n++] = (struct guide_answer){
			arena_str(a, jdoc_str(jdoc_item(one, 0))),
			arena_str(a, jdoc_str(jdoc_item(one, 1))),
		};
	}
	jdoc_free(all);
	return 0;
}

static struct str or_empty(struct str s)
{
	return s.p != NULL ? s : STR("");
}

static void bind_step(
	struct sql_run *q, const struct session *v, struct arena *a)
{
	sql_z(q, way_name[v->way]);
	sql_str(q, v->channel);
	sql_str(q, v->key);
	sql_str(q, v->phone);
	sql_z(q, state_name[v->state]);
	sql_str(q, or_empty(v->guide.form));
	sql_str(q, or_empty(v->guide.at));
	sql_str(q, print_answers(&v->guide, a));
	sql_int(q, v->guide.page);
	sql_int(q, v->guide.misses);
	sql_int(q, v->guide.resumed);
	sql_int(q, v->asked);
	sql_str(q, or_empty(v->seen));
	sql_int(q, v->sequence);
	sql_int(q, v->hops);
	sql_str(q, or_empty(v->screen));
	sql_int(q, v->more);
	sql_int(q, v->texts);
	sql_int(q, v->created_at);
	sql_int(q, v->hop_at);
}

int session_save(struct store *s, struct session *v, struct arena *a)
{
	struct sql_run q =
		sql_start(s, v->id == 0 ? SQL_SESSION_PUT : SQL_SESSION_STEP);

	assert(v->key.n > 0 && v->phone.n > 0 && v->channel.n > 0);
	bind_step(&q, v, a);
	if (v->id == 0)
		return sql_insert(&q, &v->id) < 0 ? -1 : 0;
	sql_int(&q, v->id);
	return sql_done(&q);
}

static int name_index(struct str name, const char *const *v, int n)
{
	for (int i = 0; i < n; i++)
		if (str_is(name, v[i]))
			return i;
	return -1;
}

/* A state or way of a newer program is one that nobody goes on with. */
static int read_row(
	const struct sql_run *q, struct arena *a, struct session *ret)
{
	int state = name_index(sql_peek(q, 5), state_name, 4);

	*ret = (struct session){
		.id = sql_get_int(q, 0),
		.way = str_is(sql_peek(q, 1), "sms") ? GUIDE_SMS : GUIDE_USSD,
		.channel = sql_get(q, 2, a),
		.key = sql_get(q, 3, a),
		.phone = sql_get(q, 4, a),
		.state = state < 0 ? SESSION_OVER : (enum session_state)state,
		.guide =
			{
				.form = sql_get(q, 6, a),
				.at = sql_get(q, 7, a),
				.page = (int)sql_get_int(q, 9),
				.misses = (int)sql_get_int(q, 10),
				.resumed = sql_get_int(q, 11) != 0,
			},
		.asked = sql_get_int(q, 12) != 0,
		.seen = sql_get(q, 13, a),
		.sequence = sql_get_int(q, 14),
		.hops = (int)sql_get_int(q, 15),
		.screen = sql_get(q, 16, a),
		.more = sql_get_int(q, 17) != 0,
		.texts = (int)sql_get_int(q, 18),
		.created_at = sql_get_int(q, 19),
		.hop_at = sql_get_int(q, 20),
	};
	return read_answers(q->s, sql_peek(q, 8), a, &ret->guide);
}

/* The first row of a run, which ends. */
static int read_one(struct sql_run *q, struct arena *a, struct session *ret)
{
	int rc = sql_next(q);

	if (rc <= 0)
		return rc;
	rc = read_row(q, a, ret);
	sql_stop(q);
	return rc < 0 ? -1 : 1;
}

int session_find(struct store *s, struct str channel, struct str key,
	struct arena *a, struct session *ret)
{
	struct sql_run q = sql_start(s, SQL_SESSION_BY_KEY);

	sql_str(&q, channel);
	sql_str(&q, key);
	return read_one(&q, a, ret);
}

int session_get(
	struct store *s, int64_t id, struct arena *a, struct session *ret)
{
	struct sql_run q = sql_start(s, SQL_SESSION_BY_ID);

	sql_int(&q, id);
	return read_one(&q, a, ret);
}

int session_of_phone(
	struct store *s, struct str phone, struct arena *a, struct session *ret)
{
	struct sql_run q = sql_start(s, SQL_SESSION_OF_PHONE);

	sql_str(&q, phone);
	return read_one(&q, a, ret);
}

int session_end_all(struct store *s, struct str phone)
{
	struct sql_run q = sql_start(s, SQL_SESSION_LIVE);
	int64_t id;
	int rc;

	sql_str(&q, phone);
	rc = sql_one(&q, &id);
	if (rc <= 0)
		return rc;
	q = sql_start(s, SQL_SESSION_END);
	sql_str(&q, phone);
	return sql_done(&q);
}

int session_tell(struct store *s, int64_t id, int64_t message_id)
{
	struct sql_run q = sql_start(s, SQL_SESSION_TELL);

	sql_int(&q, id);
	sql_int(&q, message_id);
	return sql_done(&q);
}

int session_count(struct store *s, int64_t message_id)
{
	struct sql_run q = sql_start(s, SQL_SESSION_COUNT);

	sql_int(&q, message_id);
	return sql_done(&q);
}

int session_language(struct store *s, struct str phone, struct str language)
{
	struct sql_run q = sql_start(s, SQL_SESSION_LANGUAGE);

	sql_str(&q, language);
	sql_str(&q, phone);
	return sql_done(&q);
}
