/*
 * broadcast - a text to many: how far is it?
 *
 * Its texts have keys that begin with its run id, broadcast:3:, and are found
 * by them. Writer thread; looking on either connection.
 *
 *   running -> done | cancelled | expired
 */
#include "gateway/store/broadcast.h"

#include "gateway/store/audit.h"
#include "gateway/store/queue.h"
#include "gateway/store/record.h"

#include <stdio.h>

#define KEY_MAX 40

/* Keys of its texts: from <= key < to, as ';' follows ':'. */
struct keys {
	char from[KEY_MAX], to[KEY_MAX];
};

static struct keys keys_of(int64_t id)
{
	struct keys k;

	(void)snprintf(k.from, KEY_MAX, "broadcast:%lld:", (long long)id);
	(void)snprintf(k.to, KEY_MAX, "broadcast:%lld;", (long long)id);
	return k;
}

int broadcast_put(struct store *s, const struct broadcast *b, int64_t *ret_id)
{
	struct sql_run q = sql_start(s, SQL_BROADCAST_PUT);

	sql_int(&q, b->unit_id);
	sql_str(&q, b->to.n > 0 ? b->to : STR("secretaries"));
	sql_str(&q, b->text);
	sql_int_or_null(&q, b->message_id);
	sql_int(&q, b->created_at);
	sql_str(&q, b->by);
	return sql_insert(&q, ret_id) < 0 ? -1 : 0;
}

const char *broadcast_act(struct str to, struct arena *a)
{
	return arena_printf(a, "broadcast " STR_FMT "%c",
		STR_ARG(to.n > 0 ? to : STR("secretaries")), '\0')
		.p;
}

static int put_audit(struct applying *w, const struct broadcast *b)
{
	const struct audience_ref *au = w->in->context->audience;
	struct arena *a = w->in->outcome->arena;
	struct audit_entry e = {
		.now_ms = b->created_at,
		.who = b->by,
		.what = broadcast_act(b->to, a),
		.unit_id = b->unit_id,
		.people = au != NULL ? au->people : 0,
	};

	return audit_put(w->s, &e, a);
}

int record_broadcast(struct applying *w, const struct effect *e)
{
	struct broadcast b = {
		.unit_id = e->unit_id,
		.to = field_text(e->fields, FIELD_TO),
		.text = field_text(e->fields, FIELD_TEXT),
		.by = w->in->message->from,
		.message_id = w->in->message_id,
		.created_at = w->in->now_ms,
	};
	int64_t id;

	if (broadcast_put(w->s, &b, &id) < 0 || put_audit(w, &b) < 0)
		return -1;
	record_touched(w, e, id);
	return 0;
}

static struct broadcast read_row(const struct sql_run *q, struct arena *a)
{
	return (struct broadcast){
		.id = sql_get_int(q, 0),
		.unit_id = sql_get_int(q, 1),
		.unit = sql_get(q, 2, a),
		.to = sql_get(q, 3, a),
		.text = sql_get(q, 4, a),
		.state = sql_get(q, 5, a),
		.by = sql_get(q, 6, a),
		.after = sql_get(q, 7, a),
		.queued = sql_get_int(q, 8),
		.created_at = sql_get_int(q, 9),
		.message_id = sql_get_int(q, 10),
	};
}

int broadcast_find(
	struct store *s, int64_t id, struct arena *a, struct broadcast *ret)
{
	struct sql_run q = sql_start(s, SQL_BROADCAST_FIND);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = read_row(&q, a);
	sql_stop(&q);
	return 1;
}

int broadcast_move(
	struct store *s, int64_t id, struct str after, int64_t queued)
{
	struct sql_run q = sql_start(s, SQL_BROADCAST_MOVE);

	sql_int(&q, id);
	sql_str(&q, after);
	sql_int(&q, queued);
	return sql_done(&q);
}

int broadcast_end(struct store *s, int64_t id, const char *state,
	int64_t now_ms, bool *ret)
{
	struct sql_run q = sql_start(s, SQL_BROADCAST_END);

	sql_int(&q, id);
	sql_z(&q, state);
	sql_int(&q, now_ms);
	if (sql_done(&q) < 0)
		return -1;
	*ret = sqlite3_changes64(s->db) > 0;
	return 0;
}

int broadcast_list(struct store *s, size_t max, struct arena *a,
	struct broadcast_list *ret)
{
	struct sql_run q = sql_start(s, SQL_BROADCAST_LIST);
	int rc;

	*ret = (struct broadcast_list){0};
	sql_int(&q, (int64_t)max);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = read_row(&q, a);
	}
	return rc;
}

int broadcast_texts(struct store *s, int64_t id, struct broadcast_texts *ret)
{
	struct keys k = keys_of(id);
	struct sql_run q = sql_start(s, SQL_BROADCAST_TEXTS);
	int rc;

	*ret = (struct broadcast_texts){0};
	sql_z(&q, k.from);
	sql_z(&q, k.to);
	while ((rc = sql_next(&q)) > 0) {
		struct str state = sql_peek(&q, 1);
		int64_t n = sql_get_int(&q, 2);

		if (str_is(state, "sent") || str_is(state, "delivered"))
			ret->left += n;
		else if (str_is(state, "queued") || str_is(state, "sending"))
			ret->waiting += n;
		else
			ret->ended += n;
	}
	return rc;
}

int broadcast_cancel_texts(struct store *s, int64_t id, int64_t now_ms,
	struct arena *a, int64_t *ret_n)
{
	struct queue_act act = {.now_ms = now_ms};
	struct keys k = keys_of(id);
	struct sql_run q = sql_start(s, SQL_BROADCAST_QUEUED);
	struct queue_done done;
	int64_t *ids = NULL;
	size_t n = 0;
	int rc;

	*ret_n = 0;
	sql_z(&q, k.from);
	sql_z(&q, k.to);
	while ((rc = sql_next(&q)) > 0) {
		ids = rows_more(a, ids, n, sizeof(*ids));
		ids[n++] = sql_get_int(&q, 0);
	}
	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = queue_cancel(s, ids[i], &act, &done);
		*ret_n += rc == 0 && done.refused == NULL;
	}
	return rc;
}
