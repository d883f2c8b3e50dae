/*
 * arrival - of which text does a report speak, and what does it make of it?
 *
 * A report names its text by our own id, or within its channel by the
 * provider's; the recipient, when said, must agree. It is kept with the text,
 * whatever it says, up to a bound, and all that are kept decide the state
 * together (rollup.c): repeats and any order do no harm. Our own id is taken
 * from any channel: after a time-out the text may have gone by two. Writer
 * thread, inside its transaction.
 */
#include "gateway/store/arrival.h"

#include "gateway/store/own_id.h"
#include "gateway/store/rollup.h"
#include "gateway/store/sql.h"

#include <assert.h>

#define SAYS_NAME(id, name) name,

static const char *const says_name[] = {DELIVERY_SAYS(SAYS_NAME)};

const char *delivery_says_str(enum delivery_says s)
{
	assert(s < DELIVERY_SAYS_N);
	return says_name[s];
}

enum delivery_says delivery_says_of(struct str name)
{
	for (int i = 0; i < DELIVERY_SAYS_N; i++)
		if (str_is(name, says_name[i]))
			return (enum delivery_says)i;
	return DELIVERY_SAYS_UNKNOWN;
}

static enum outbox_state state_of(struct str name)
{
	for (int i = 0; i < OUTBOX_STATE_N; i++)
		if (str_is(name, outbox_state_str((enum outbox_state)i)))
			return (enum outbox_state)i;
	assert(!"a state that nobody writes");
	return OUTBOX_HELD;
}

/* A name that is too long to be one is none. */
static struct str name_or_none(struct str s)
{
	return s.n > 0 && s.n <= DELIVERY_NAME_MAX ? s : (struct str){NULL, 0};
}

static struct str cut(struct str s, size_t max)
{
	size_t n = 0, len;

	if (s.n <= max)
		return s;
	while ((len = str_utf8_len(s, n)) > 0 && n + len <= max)
		n += len;
	return str_part(s, 0, n);
}

/* By its own id a report is the same whatever else it says. */
static int64_t key_of(const struct delivery_report *r)
{
	struct {
		int64_t says, part, parts, said_at, said;
	} k = {r->says, r->part, r->parts, r->said_at,
		(int64_t)str_hash(r->said)};

	if (r->event.n > 0)
		return (int64_t)str_hash(r->event);
	return (int64_t)str_hash((struct str){(const char *)&k, sizeof(k)});
}

struct arrival arrival_of(const struct delivery_report *r)
{
	struct arrival a = {.r = *r};

	a.r.ref = name_or_none(r->ref);
	a.r.own = name_or_none(r->own);
	a.r.said = cut(r->said, DELIVERY_SAID_MAX);
	a.key = key_of(&a.r);
	return a;
}

/* ---- which text ---- */

/* As sql_next; ends the run. */
static int read_subject(struct sql_run *q, struct subject *ret)
{
	int rc = sql_next(q);

	if (rc <= 0)
		return rc;
	*ret = (struct subject){
		.id = sql_get_int(q, 0),
		.state = state_of(sql_peek(q, 1)),
		.parts = (int)sql_get_int(q, 2),
		.created_at = sql_get_int(q, 3),
		.keyed = own_id_is_key(sql_peek(q, 4)),
		.attempt = sql_get_int(q, 5),
		.begun = sql_get_int(q, 6),
	};
	if (ret->state == OUTBOX_SENDING)
		ret->begun = ++ret->attempt;
	sql_stop(q);
	return 1;
}

static int find_own(
	struct store *s, const struct delivery_report *r, struct subject *ret)
{
	struct own_id own;
	struct sql_run q;
	int rc;

	if (r->own.n == 0 || own_id_read(r->own, &own) != 0)
		return 0;
	q = sql_start(
		s, own.id != 0 ? SQL_DELIVERY_BY_ID : SQL_DELIVERY_BY_KEY);
	if (own.id != 0)
		sql_int(&q, own.id);
	else
		sql_str(&q, own.key);
	sql_str(&q, r->to);
	rc = read_subject(&q, ret);
	if (rc > 0 && (ret->created_at != own.created_at ||
			      ret->keyed != (own.id == 0)))
		rc = 0;
	return rc;
}

static int find_ref(
	struct store *s, const struct delivery_report *r, struct subject *ret)
{
	struct sql_run q;

	if (r->ref.n == 0)
		return 0;
	q = sql_start(s, SQL_DELIVERY_BY_REF);
	sql_str(&q, r->ref);
	sql_str(&q, r->channel);
	sql_str(&q, r->to);
	return read_subject(&q, ret);
}

int arrival_find(
	struct store *s, const struct delivery_report *r, struct subject *ret)
{
	int rc = find_own(s, r, ret);

	return rc != 0 ? rc : find_ref(s, r, ret);
}

/* ---- what it makes of the text ---- */

static int kept_of(struct store *s, int64_t id,
	struct rollup_report v[DELIVERY_REPORTS_MAX + 1], size_t *ret_n)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_KEPT);
	int rc;

	*ret_n = 0;
	sql_int(&q, id);
	while ((rc = sql_next(&q)) > 0) {
		assert(*ret_n < DELIVERY_REPORTS_MAX);
		v[(*ret_n)++] = (struct rollup_report){
			.key = sql_get_int(&q, 0),
			.says = delivery_says_of(sql_peek(&q, 1)),
			.part = (int)sql_get_int(&q, 2),
			.parts = (int)sql_get_int(&q, 3),
			.attempt = sql_get_int(&q, 4),
		};
	}
	return rc;
}

static int keep(struct store *s, const struct subject *t, size_t n,
	const struct arrival *a)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_KEEP);

	sql_int(&q, t->id);
	sql_int(&q, (int64_t)n + 1);
	sql_int(&q, a->key);
	sql_int(&q, a->r.at);
	sql_str(&q, a->r.channel);
	sql_z(&q, delivery_says_str(a->r.says));
	sql_str(&q, a->r.said);
	sql_int_or_null(&q, a->r.said_at);
	sql_int(&q, a->r.part);
	sql_int(&q, a->r.parts);
	sql_int(&q, t->begun);
	sql_int_or_null(&q, a->matched_at);
	return sql_done(&q);
}

/* A question counts from when its text was sent: the provider's time, if it
 * can be true. */
static int64_t sent_at(const struct subject *t, const struct delivery_report *r)
{
	return r->said_at >= t->created_at && r->said_at <= r->at ? r->said_at
								  : r->at;
}

static int move(struct store *s, const struct subject *t,
	enum outbox_state state, const struct delivery_report *r)
{
	struct sql_run q = sql_start(s, SQL_DELIVERY_MOVE);

	sql_int(&q, t->id);
	sql_z(&q, outbox_state_str(state));
	sql_str(&q, r->said);
	sql_int(&q, sent_at(t, r));
	return sql_done(&q);
}

static bool is_known(
	const struct rollup_report *v, size_t n, const struct arrival *a)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].key == a->key)
			return true;
	return false;
}

int arrival_apply(struct store *s, const struct subject *t,
	const struct arrival *a, struct delivery_result *ret)
{
	struct rollup_report v[DELIVERY_REPORTS_MAX + 1];
	struct rollup u = {.v = v, .parts = t->parts, .attempt = t->attempt};

	*ret = (struct delivery_result){.fate = DELIVERY_REPEATED,
		.outbox = t->id,
		.before = t->state,
		.after = t->state};
	if (kept_of(s, t->id, v, &u.n) < 0)
		return -1;
	if (is_known(v, u.n, a))
		return 0;
	ret->fate = DELIVERY_KEPT;
	if (u.n < DELIVERY_REPORTS_MAX && keep(s, t, u.n, a) < 0)
		return -1;
	v[u.n++] = (struct rollup_report){
		.key = a->key,
		.says = a->r.says,
		.part = a->r.part,
		.parts = a->r.parts,
		.attempt = t->begun,
	};
	ret->after = rollup_state(&u, t->state);
	if (ret->after != t->state && move(s, t, ret->after, &a->r) < 0)
		return -1;
	return a->r.says == DELIVERY_SAYS_OPTED_OUT
		       ? outbox_opt_out(s, t->id, a->r.at)
		       : 0;
}

int arrival_weigh_again(struct store *s, const struct outbox_result *r,
	struct delivery_result *ret)
{
	const struct delivery_report said = {
		.said = STR("as reported of its parts"),
		.at = r->at_ms,
	};
	struct rollup_report v[DELIVERY_REPORTS_MAX + 1];
	struct sql_run q = sql_start(s, SQL_DELIVERY_BY_ID);
	struct rollup u = {.v = v};
	struct subject t;
	int rc;

	sql_int(&q, r->id);
	sql_str(&q, (struct str){NULL, 0});
	rc = read_subject(&q, &t);
	if (rc <= 0)
		return rc;
	if (kept_of(s, t.id, v, &u.n) < 0)
		return -1;
	u.parts = t.parts;
	u.attempt = t.attempt;
	ret->outbox = t.id;
	ret->before = t.state;
	ret->after = rollup_state(&u, t.state);
	return ret->after != t.state ? move(s, &t, ret->after, &said) : 0;
}
