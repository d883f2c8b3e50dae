/*
 * audit - who looked at a person's data, or changed it?
 *
 * A chain as that of the ballots: a row's hash covers its own columns and the
 * hash of the row before it; where the chain ends stands apart, so that taking
 * its last rows out is seen as well. Whoever can write to the file can forge
 * all of it anew, but nothing in its middle. Writer thread; audit_check() on
 * any connection.
 */
#include "gateway/store/audit.h"

#include "gateway/base/digest.h"
#include "gateway/store/sql.h"

#define CHECK_ARENA 4096

/* A row as it is stored. */
struct row {
	int64_t seq, at, unit_id, member_no, person, people;
	struct str who, what, prev, hash;
};

static struct str link_of(const struct row *r, struct arena *a)
{
	struct str all = arena_printf(a,
		"%lld\n%lld\n" STR_FMT "\n" STR_FMT
		"\n%lld\n%lld\n%lld\n%lld\n" STR_FMT,
		(long long)r->seq, (long long)r->at, STR_ARG(r->who),
		STR_ARG(r->what), (long long)r->unit_id,
		(long long)r->member_no, (long long)r->person,
		(long long)r->people, STR_ARG(r->prev));
	struct digest d = digest_of(DIGEST_SHA256, &all, 1);

	return digest_hex(&d, a);
}

/* ---- numbers for phones ---- */

/* Not a short name, and not p12, which stands for who was erased. */
static bool is_phone(struct str s)
{
	return s.n > 0 && s.p[0] == '+';
}

static int person_of(struct store *s, struct str phone, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_PERSON_OF);
	int rc;

	sql_str(&q, phone);
	rc = sql_one(&q, ret);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	q = sql_start(s, SQL_PERSON_PUT);
	sql_str(&q, phone);
	return sql_insert(&q, ret) < 0 ? -1 : 0;
}

int audit_alias(
	struct store *s, struct str phone, struct arena *a, struct str *ret)
{
	int64_t id = 0;

	if (person_of(s, phone, &id) < 0)
		return -1;
	*ret = arena_printf(a, "p%lld", (long long)id);
	return 0;
}

int audit_of_text(struct store *s, int64_t message, int64_t outbox,
	struct arena *a, struct str *ret)
{
	struct sql_run q = sql_start(s, SQL_AUDIT_TEXT);
	int rc;

	*ret = (struct str){NULL, 0};
	sql_int(&q, message);
	sql_int(&q, outbox);
	rc = sql_next(&q);
	if (rc > 0) {
		*ret = sql_get(&q, 0, a);
		sql_stop(&q);
	}
	return rc < 0 ? -1 : 0;
}

int audit_unit(struct store *s, struct str code, int64_t *ret)
{
	struct sql_run q = sql_start(s, SQL_AUDIT_UNIT);

	*ret = 0;
	sql_str(&q, code);
	return sql_one(&q, ret) < 0 ? -1 : 0;
}

/* ---- adding ---- */

static int put_row(struct store *s, const struct row *r)
{
	struct sql_run q = sql_start(s, SQL_AUDIT_PUT);

	sql_int(&q, r->seq);
	sql_int(&q, r->at);
	sql_str(&q, r->who);
	sql_str(&q, r->what);
	sql_int_or_null(&q, r->unit_id);
	sql_int_or_null(&q, r->member_no);
	sql_int_or_null(&q, r->person);
	sql_int_or_null(&q, r->people);
	sql_str(&q, r->prev);
	sql_str(&q, r->hash);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_AUDIT_MOVE);
	sql_int(&q, r->seq);
	sql_str(&q, r->hash);
	return sql_done(&q);
}

/* 1; 0: somebody took the row away; -1. */
static int read_end(
	struct store *s, struct arena *a, struct row *ret, int64_t *ret_last)
{
	struct sql_run q = sql_start(s, SQL_AUDIT_END);
	int rc = sql_next(&q);

	if (rc <= 0)
		return rc;
	rc = !sql_is_null(&q, 0);
	ret->seq = sql_get_int(&q, 0);
	ret->hash = rc > 0 ? sql_get(&q, 1, a) : STR("");
	*ret_last = sql_get_int(&q, 2);
	sql_stop(&q);
	return rc;
}

int audit_put(struct store *s, const struct audit_entry *e, struct arena *a)
{
	struct row end = {.hash = STR("")};
	struct row r = {
		.at = e->now_ms,
		.who = e->who,
		.what = str_of(e->what),
		.unit_id = e->unit_id,
		.member_no = e->member_no,
		.people = e->people,
	};
	int64_t last = 0;

	if (read_end(s, a, &end, &last) < 0)
		return -1;
	if (is_phone(e->who) && audit_alias(s, e->who, a, &r.who) < 0)
		return -1;
	if (is_phone(e->phone) && person_of(s, e->phone, &r.person) < 0)
		return -1;
	r.seq = (last > end.seq ? last : end.seq) + 1;
	r.prev = end.hash;
	r.hash = link_of(&r, a);
	return put_row(s, &r);
}

/* ---- checking ---- */

static struct row row_read(const struct sql_run *q)
{
	return (struct row){
		.seq = sql_get_int(q, 0),
		.at = sql_get_int(q, 1),
		.who = sql_peek(q, 2),
		.what = sql_peek(q, 3),
		.unit_id = sql_get_int(q, 4),
		.member_no = sql_get_int(q, 5),
		.person = sql_get_int(q, 6),
		.people = sql_get_int(q, 7),
		.prev = sql_peek(q, 8),
		.hash = sql_peek(q, 9),
	};
}

static void broken(struct audit_check *c, int64_t seq, const char *why)
{
	c->broken = seq;
	c->why = why;
}

/* A row after one that ended the chain with `prev`. */
static void check_row(struct audit_check *c, const struct row *r,
	struct str prev, struct arena *a)
{
	if (r->seq != c->rows + 1)
		broken(c, c->rows + 1, "was taken out");
	else if (!str_eq(r->prev, prev) || !str_eq(r->hash, link_of(r, a)))
		broken(c, r->seq, "was changed or put in");
	else
		c->rows++;
}

static void check_end(
	struct audit_check *c, int rc, const struct row *end, struct str head)
{
	if (c->broken != 0)
		return;
	if (rc == 0)
		broken(c, c->rows + 1,
			"was to be the next: the chain's end "
			"is not known any more");
	else if (c->rows < end->seq)
		broken(c, c->rows + 1, "was taken out");
	else if (c->rows > end->seq || !str_eq(head, end->hash))
		broken(c, c->rows, "was changed or put in");
}

static int walk(struct store *s, struct arena *a, struct audit_check *c,
	struct str *ret_head)
{
	struct sql_run q = sql_start(s, SQL_AUDIT_LIST);
	char head[DIGEST_MAX * 2];
	int rc;

	ret_head->n = 0;
	ret_head->p = "";
	while ((rc = sql_next(&q)) > 0) {
		struct row r = row_read(&q);

		check_row(c, &r, *ret_head, a);
		if (c->broken != 0) {
			sql_stop(&q);
			return 0;
		}
		memcpy(head, r.hash.p, r.hash.n);
		arena_reset(a);
		*ret_head = arena_str(a, (struct str){head, r.hash.n});
	}
	return rc;
}

int audit_check(struct store *s, struct audit_check *ret)
{
	struct arena *a = arena_new(CHECK_ARENA);
	struct row end = {.hash = STR("")};
	struct str head = STR("");
	int64_t last;
	int rc;

	*ret = (struct audit_check){0};
	rc = walk(s, a, ret, &head);
	if (rc == 0)
		rc = read_end(s, a, &end, &last);
	if (rc >= 0)
		check_end(ret, rc, &end, head);
	arena_free(a);
	return rc < 0 ? -1 : 0;
}
