/*
 * inbound - is this text new, and what became of it?
 *
 * Two kinds of repeat are known: the same provider id on its channel
 * (nothing is stored), and the same text of the same sender to the same
 * number within ten seconds of provider time under another id, or by another
 * channel (stored, linked to the first, not handled again).
 * Writer thread, inside its transaction.
 */
#include "gateway/store/inbound.h"

#include "gateway/store/sql.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Also in sql.c and in the index message_near. */
#define NEAR_MS 10000

/* One hash over sender and text; the columns are compared too. */
static int64_t near_hash(const struct message *m)
{
	return (int64_t)(str_hash(m->text) * 31 + str_hash(m->from));
}

static int find_repeat(
	struct store *s, const struct message *m, int64_t *ret_id)
{
	struct sql_run q = sql_start(s, SQL_MESSAGE_BY_ID);
	int rc;

	sql_str(&q, m->channel);
	sql_str(&q, m->provider_id);
	rc = sql_one(&q, ret_id);
	assert(rc != 0);
	return rc < 0 ? -1 : 0;
}

/* *ret: the text that this one repeats under another id; 0: none. */
static int find_near(
	struct store *s, const struct message *m, int64_t hash, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_MESSAGE_NEAR);

	sql_int(&q, m->sent_at / NEAR_MS - 1);
	sql_int(&q, hash);
	sql_int(&q, m->sent_at);
	sql_str(&q, m->from);
	sql_str(&q, m->to);
	sql_str(&q, m->text);
	*ret = 0;
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

int inbound_put(struct store *s, const struct message *m,
	struct str rule_version, enum inbound_put *ret, int64_t *ret_id)
{
	int64_t hash = near_hash(m), near;
	struct sql_run q;
	int rc;

	assert(m->provider_id.n > 0 && m->text.p != NULL);
	near = 0;
	if (!m->certain_id && find_near(s, m, hash, &near) < 0)
		return -1;
	q = sql_start(s, SQL_MESSAGE_PUT);
	sql_str(&q, m->channel);
	sql_str(&q, m->provider_id);
	sql_str(&q, m->event_id);
	sql_str(&q, m->from);
	sql_str(&q, m->to);
	sql_str(&q, m->text);
	sql_int(&q, hash);
	sql_int(&q, m->sent_at);
	sql_int(&q, m->received_at);
	sql_str(&q, rule_version);
	sql_z(&q, message_state_str(
			  near != 0 ? MESSAGE_DUPLICATE : MESSAGE_DONE));
	sql_int_or_null(&q, near);
	rc = sql_insert(&q, ret_id);
	*ret = near != 0 ? INBOUND_DUPLICATE : INBOUND_NEW;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	*ret = INBOUND_REPEAT;
	return find_repeat(s, m, ret_id);
}

int inbound_count(struct store *s, int64_t id, bool *ret)
{
	struct sql_run q = sql_start(s, SQL_MESSAGE_COUNT);

	sql_int(&q, id);
	sql_z(&q, message_state_str(MESSAGE_DONE));
	if (sql_done(&q) < 0)
		return -1;
	*ret = sqlite3_changes64(s->db) > 0;
	return 0;
}

struct inbound_unread_id inbound_unread_id(struct str digest)
{
	struct inbound_unread_id id = {"quarantine:"};
	size_t n = strlen(id.z);

	for (size_t i = 0; i < digest.n && i < 32; i++)
		n += (size_t)snprintf(id.z + n, sizeof(id.z) - n, "%02x",
			(unsigned char)digest.p[i]);
	return id;
}

/* So that it is seen where every other text is; the sender is not known. */
static int put_unread(struct store *s, const struct inbound_body *b)
{
	struct inbound_unread_id id = inbound_unread_id(b->digest);
	struct sql_run q = sql_start(s, SQL_QUARANTINE_MESSAGE);

	sql_str(&q, b->channel);
	sql_z(&q, id.z);
	sql_str(&q, str_is_utf8(b->body) ? b->body : STR(""));
	sql_int(&q, b->received_at);
	sql_z(&q, message_state_str(MESSAGE_QUARANTINED));
	sql_z(&q, b->why);
	return sql_done(&q);
}

/* One that is there already may have been read since. */
int inbound_quarantine(struct store *s, const struct inbound_body *b)
{
	struct sql_run q = sql_start(s, SQL_QUARANTINE_PUT);
	int64_t id;
	int rc;

	sql_str(&q, b->channel);
	sql_blob(&q, b->digest);
	sql_blob(&q, b->body);
	sql_z(&q, b->why);
	sql_int(&q, b->received_at);
	rc = sql_insert(&q, &id);
	return rc <= 0 ? rc : put_unread(s, b);
}

/* A text that was not read has no intent. */
int inbound_done(struct store *s, int64_t id, enum message_state state,
	enum intent intent, struct str error)
{
	struct sql_run q = sql_start(s, SQL_MESSAGE_DONE);
	bool unread = intent == INTENT_N || state == MESSAGE_DUPLICATE ||
		      state == MESSAGE_QUARANTINED;

	sql_z(&q, message_state_str(state));
	sql_z(&q, unread ? NULL : intent_str(intent));
	sql_str(&q, error);
	sql_int(&q, id);
	return sql_done(&q);
}

int inbound_fields(
	struct store *s, int64_t id, const struct fields *f, struct arena *a)
{
	struct sql_run q = sql_start(s, SQL_MESSAGE_FIELDS);
	struct jdoc *doc = fields_to_json(f);
	struct str json = jdoc_print(doc, a);

	jdoc_free(doc);
	sql_str(&q, json);
	sql_int(&q, id);
	return sql_done(&q);
}

int inbound_withheld(struct store *s, int64_t id, struct str why)
{
	struct sql_run q = sql_start(s, SQL_MESSAGE_WITHHELD);

	sql_str(&q, why);
	sql_int(&q, id);
	return sql_done(&q);
}

int inbound_release(struct store *s, int64_t id, const struct message *m,
	enum inbound_put *ret)
{
	int64_t hash = near_hash(m), near;
	struct sql_run q;

	if (find_near(s, m, hash, &near) < 0)
		return -1;
	q = sql_start(s, SQL_REPLAY_TAKE);
	sql_int(&q, id);
	sql_str(&q, m->channel);
	sql_str(&q, m->provider_id);
	sql_str(&q, m->event_id);
	sql_str(&q, m->from);
	sql_str(&q, m->to);
	sql_str(&q, m->text);
	sql_int(&q, hash);
	sql_int(&q, m->sent_at);
	sql_z(&q, message_state_str(
			  near != 0 ? MESSAGE_DUPLICATE : MESSAGE_DONE));
	sql_int_or_null(&q, near);
	if (sql_done(&q) < 0)
		return -1;
	*ret = sqlite3_changes64(s->db) == 0 ? INBOUND_REPEAT
	       : near != 0                   ? INBOUND_DUPLICATE
					     : INBOUND_NEW;
	return 0;
}
