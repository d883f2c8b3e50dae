/*
 * replay_write - may a text of before be carried out today?
 *
 * What a later text has answered, said again, confirmed or corrected stands:
 * nothing of it is undone. "Later" goes by the time at which texts came, then
 * by their ids, so that a text which is carried out today still comes before
 * those that came after it. Rows are only added; how the message was read
 * before is kept. Writer thread, inside its transaction.
 */
#include "gateway/store/replay.h"

#include "gateway/store/report.h"

#include <stdio.h>

#define KEY_MAX 32

/* The keys of a message's texts lie between them; ';' follows ':'. */
struct keys {
	char from[KEY_MAX], to[KEY_MAX];
};

static struct keys keys_of(const struct replay_message *m)
{
	struct keys k;

	(void)snprintf(k.from, sizeof(k.from), "m%lld:", (long long)m->id);
	(void)snprintf(k.to, sizeof(k.to), "m%lld;", (long long)m->id);
	return k;
}

struct look {
	struct store *s;
	const struct replay_message *m;
	const struct replay_ask *ask;
};

/* Its own questions: has one been answered, or does one still wait? */
static int look_asked(const struct look *l, const char **ret)
{
	struct keys k = keys_of(l->m);
	struct sql_run q = sql_start(l->s, SQL_REPLAY_ASKED);
	int rc;

	sql_z(&q, k.from);
	sql_z(&q, k.to);
	sql_int(&q, l->ask->now_ms);
	sql_int(&q, l->m->id);
	while ((rc = sql_next(&q)) > 0) {
		if (sql_get_int(&q, 0) != 0)
			*ret = "a later text answered what it was asked";
		else if (l->ask->outcome->clarify && *ret == NULL)
			*ret = "its question still waits for an answer";
	}
	return rc;
}

/* Runs a count that LATER() is part of; 0, or -1. */
static int look_later(const struct look *l, enum sql id, int64_t subject,
	int64_t no, const char **ret)
{
	struct sql_run q = sql_start(l->s, id);
	int64_t n = 0;

	sql_int(&q, subject);
	sql_int(&q, l->m->message.received_at);
	sql_int(&q, l->m->id);
	if (no >= 0)
		sql_int(&q, no);
	if (sql_one(&q, &n) < 0)
		return -1;
	if (n > 0)
		*ret = "a later text has spoken of the same";
	return 0;
}

#define NO_NUMBER (-1)

static int look_meeting(const struct look *l, int64_t meeting, const char **ret)
{
	return look_later(l, SQL_REPLAY_HELD_REPORT, meeting, NO_NUMBER, ret);
}

/* 1: there is one; 0: none. */
static int meeting_of(
	const struct look *l, const struct effect *e, int64_t *ret)
{
	struct day_text day =
		day_iso((day_t)field_int(e->fields, FIELD_DATE, DAY_NONE));
	struct sql_run q = sql_start(l->s, SQL_MEETING_BY_DAY);

	sql_int(&q, e->unit_id);
	sql_str(&q, report_kind(e->fields));
	sql_z(&q, day.z);
	return sql_one(&q, ret);
}

static int look_report(
	const struct look *l, const struct effect *e, const char **ret)
{
	int64_t meeting;
	int rc = meeting_of(l, e, &meeting);

	if (rc > 0)
		rc = look_meeting(l, meeting, ret);
	if (rc >= 0 && e->meeting_id != 0)
		rc = look_meeting(l, e->meeting_id, ret);
	return rc;
}

static int look_roll(
	const struct look *l, const struct effect *e, const char **ret)
{
	int64_t meeting = e->subject;
	int rc = meeting != 0 ? 1 : meeting_of(l, e, &meeting);

	return rc <= 0 ? rc
		       : look_later(l, SQL_REPLAY_HELD_ROLL, meeting, NO_NUMBER,
				 ret);
}

/* Who is away today is not what a text of last month says. */
static int look_member(
	const struct look *l, const struct effect *e, const char **ret)
{
	const struct fields *f = e->fields;
	const struct value *list = &f->v[FIELD_MEMBERS];
	const int *v = field_has(f, FIELD_MEMBERS) ? list->list.p : NULL;
	int rc;

	if (e->state == RECORD_APPLIED && !l->ask->fresh) {
		*ret = "it would change the list of members, and is old";
		return 0;
	}
	rc = look_later(l, SQL_REPLAY_HELD_MEMBER, e->unit_id,
		field_int(f, FIELD_MEMBER, 0), ret);
	for (size_t i = 0; v != NULL && i < list->list.n && rc >= 0; i++)
		rc = look_later(
			l, SQL_REPLAY_HELD_MEMBER, e->unit_id, v[i], ret);
	return rc;
}

static int look_record(
	const struct look *l, const struct effect *e, const char **ret)
{
	switch (e->record) {
	case RECORD_ATTENDANCE:
		return look_roll(l, e, ret);
	case RECORD_MEMBER:
		return look_member(l, e, ret);
	case RECORD_CANDIDATE:
		return look_later(l, SQL_REPLAY_HELD_CANDIDATE, e->unit_id,
			field_int(e->fields, FIELD_CANDIDATE, 0), ret);
	case RECORD_UNIT_FACT:
		return look_later(
			l, SQL_REPLAY_HELD_FACT, e->unit_id, NO_NUMBER, ret);
	case RECORD_OPINION:
	case RECORD_TICKET:
		return 0;
	default:
		*ret = "it hangs on the time at which it came";
		return 0;
	}
}

/* Who wanted no more texts is heard, however late. */
static int look_contact(
	const struct look *l, const struct effect *e, const char **ret)
{
	struct sql_run q;
	int64_t n = 0;

	if (!e->opted_out) {
		*ret = "it hangs on the time at which it came";
		return 0;
	}
	q = sql_start(l->s, SQL_REPLAY_HELD_CONTACT);
	sql_str(&q, l->m->message.from);
	sql_int(&q, l->m->message.received_at);
	sql_int(&q, l->m->id);
	if (sql_one(&q, &n) < 0)
		return -1;
	if (n > 0)
		*ret = "a later text has spoken of the same";
	return 0;
}

static int look_effect(
	const struct look *l, const struct effect *e, const char **ret)
{
	switch (e->kind) {
	case EFFECT_REPORT:
		return look_report(l, e, ret);
	case EFFECT_VOID:
		return look_meeting(l, e->subject, ret);
	case EFFECT_RECORD:
		return look_record(l, e, ret);
	case EFFECT_CONTACT:
		return look_contact(l, e, ret);
	default:
		return 0;
	}
}

int replay_hold(struct store *s, const struct replay_message *m,
	const struct replay_ask *ask, const char **ret)
{
	struct look l = {s, m, ask};

	*ret = NULL;
	if (look_asked(&l, ret) < 0)
		return -1;
	for (size_t i = 0; i < ask->outcome->n && *ret == NULL; i++)
		if (look_effect(&l, &ask->outcome->v[i], ret) < 0)
			return -1;
	return 0;
}

int replay_newer(struct store *s, const struct replay_message *m, bool *ret)
{
	struct sql_run q = sql_start(s, SQL_REPLAY_NEWER);
	int64_t n = 0;

	sql_int(&q, m->id);
	sql_str(&q, m->message.from);
	if (sql_one(&q, &n) < 0)
		return -1;
	*ret = n > 0;
	return 0;
}

int replay_turn(struct store *s, const struct replay_message *m,
	struct str rule_version, int64_t now_ms)
{
	struct keys k = keys_of(m);
	struct sql_run q = sql_start(s, SQL_REPLAY_KEEP);

	sql_int(&q, m->id);
	sql_int(&q, now_ms);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_REPLAY_VERSION);
	sql_str(&q, rule_version);
	sql_int(&q, m->id);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_REPLAY_CLOSE);
	sql_int(&q, now_ms);
	sql_int(&q, m->id);
	sql_z(&q, k.from);
	sql_z(&q, k.to);
	return sql_done(&q);
}
