/*
 * person - what is kept of one person, and how does it go?
 *
 * Erasing keeps every row that a figure is counted from and takes out who it
 * was: the member stays as a number without a name, a phone becomes p12
 * (audit.h) wherever it stood, and texts that hold the name or the number in
 * any usual spelling are blanked whoever wrote them. It reads whole tables:
 * seconds in a large database, and rare. Writer thread.
 */
#include "gateway/store/person.h"

#include "gateway/store/audit.h"
#include "gateway/store/holds.h"
#include "gateway/store/report.h"
#include "gateway/store/sql.h"

#include <assert.h>

/* Digits of a phone that all its spellings share: without +84, 84 and 0. */
#define CORE_DIGITS 9

/* ---- finding ---- */

static struct person_ref ref_read(const struct sql_run *q, struct arena *a)
{
	return (struct person_ref){
		.unit_id = sql_get_int(q, 0),
		.member_no = (int)sql_get_int(q, 1),
		.name = sql_get(q, 2, a),
		.phone = sql_get(q, 3, a),
	};
}

static int is_shared(struct store *s, const struct person_ref *p,
	struct str phone, bool *ret)
{
	struct sql_run q = sql_start(s, SQL_PERSON_SHARED);
	int64_t others = 0;

	sql_str(&q, phone);
	sql_int(&q, p->unit_id);
	sql_int(&q, p->member_no);
	if (sql_one(&q, &others) < 0)
		return -1;
	*ret = others > 0;
	return 0;
}

/* The first row of q, which has been bound. */
static int find(struct store *s, struct sql_run *q, struct arena *a,
	struct person_ref *ret)
{
	int rc = sql_next(q);

	if (rc <= 0)
		return rc;
	*ret = ref_read(q, a);
	sql_stop(q);
	if (ret->phone.n > 0 && is_shared(s, ret, ret->phone, &ret->shared) < 0)
		return -1;
	return 1;
}

int person_find_member(struct store *s, struct str unit, int64_t no,
	struct arena *a, struct person_ref *ret)
{
	struct sql_run q = sql_start(s, SQL_PERSON_MEMBER);

	sql_str(&q, unit);
	sql_int(&q, no);
	return find(s, &q, a, ret);
}

int person_find_phone(struct store *s, struct str phone, struct arena *a,
	struct person_ref *ret)
{
	struct sql_run q = sql_start(s, SQL_PERSON_MEMBERS);
	int64_t known = 0;
	int rc;

	sql_str(&q, phone);
	rc = find(s, &q, a, ret);
	if (rc != 0)
		return rc;
	*ret = (struct person_ref){.phone = phone};
	q = sql_start(s, SQL_PERSON_KNOWN);
	sql_str(&q, phone);
	if (sql_one(&q, &known) < 0)
		return -1;
	return known > 0;
}

/*
 * One person on several lists: with the same phone and name, and, whose unit
 * was merged or split, on the list of the old one, too.
 */
struct numbers {
	struct number {
		int64_t unit_id, member_no;
	} * v;
	size_t n;
};

static int numbers_of(struct store *s, const struct person_ref *p,
	struct arena *a, struct numbers *ret)
{
	struct sql_run q = sql_start(s, SQL_PERSON_SAME);
	int rc;

	*ret = (struct numbers){NULL, 0};
	sql_int(&q, p->unit_id);
	sql_int(&q, p->member_no);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] =
			(struct number){sql_get_int(&q, 0), sql_get_int(&q, 1)};
	}
	return rc;
}

/* Theirs alone; in the arena. */
struct phones {
	struct str *v;
	size_t n;
};

static void add_phone(struct phones *all, struct str phone, struct arena *a)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->v[i], phone))
			return;
	all->v = rows_more(a, all->v, all->n, sizeof(*all->v));
	all->v[all->n++] = phone;
}

static int drop_shared(
	struct store *s, const struct person_ref *p, struct phones *all)
{
	size_t n = 0;
	bool shared;

	for (size_t i = 0; i < all->n; i++) {
		if (is_shared(s, p, all->v[i], &shared) < 0)
			return -1;
		if (!shared)
			all->v[n++] = all->v[i];
	}
	all->n = n;
	return 0;
}

/* A phone that was proposed for the number is theirs, too. */
static int add_proposed(struct store *s, const struct number *n,
	struct arena *a, struct phones *all)
{
	struct sql_run q = sql_start(s, SQL_PERSON_PROPOSED);
	struct fields f;
	int rc;

	sql_int(&q, n->unit_id);
	while ((rc = sql_next(&q)) > 0) {
		f = (struct fields){.has = {0}};
		if (report_json(s, sql_peek(&q, 0), a, &f) < 0) {
			sql_stop(&q);
			return -1;
		}
		if (field_has(&f, FIELD_PHONE) &&
			field_int(&f, FIELD_MEMBER, 0) == n->member_no)
			add_phone(all, field_text(&f, FIELD_PHONE), a);
	}
	return rc;
}

static int phones_of(struct store *s, const struct person_ref *p,
	const struct numbers *numbers, struct arena *a, struct phones *ret)
{
	*ret = (struct phones){NULL, 0};
	if (p->phone.n > 0)
		add_phone(ret, p->phone, a);
	for (size_t i = 0; i < numbers->n; i++) {
		struct sql_run q = sql_start(s, SQL_PERSON_PHONES);
		int rc;

		sql_int(&q, numbers->v[i].unit_id);
		sql_int(&q, numbers->v[i].member_no);
		while ((rc = sql_next(&q)) > 0)
			add_phone(ret, sql_get(&q, 0, a), a);
		if (rc < 0 || add_proposed(s, &numbers->v[i], a, ret) < 0)
			return -1;
	}
	return drop_shared(s, p, ret);
}

/* ---- showing ---- */

static const struct section {
	const char *name;
	enum sql id;
} by_phone[] =
	{
		{"contact", SQL_PERSON_CONTACT},
		{"roles", SQL_PERSON_ROLES},
		{"consents", SQL_PERSON_CONSENTS},
		{"messages", SQL_PERSON_MESSAGES},
		{"texts", SQL_PERSON_TEXTS},
		{"opinions", SQL_PERSON_OPINIONS},
		{"requests", SQL_PERSON_TICKETS},
		{"conversations", SQL_PERSON_SESSIONS},
},
  by_member[] = {
	  {"member", SQL_PERSON_ROW},
	  {"changes", SQL_PERSON_EVENTS},
	  {"attendance", SQL_PERSON_ATTENDANCE},
	  {"answers", SQL_PERSON_ANSWERS},
	  {"ballots", SQL_PERSON_BALLOTS},
};

static struct jdoc *row_json(const struct sql_run *q)
{
	struct jdoc *row = jdoc_object();
	int n = sqlite3_column_count(q->st);

	for (int i = 0; i < n; i++) {
		const char *name = sqlite3_column_name(q->st, i);

		if (sql_is_null(q, i))
			jdoc_set(row, name, jdoc_new_null());
		else if (sqlite3_column_type(q->st, i) == SQLITE_INTEGER)
			jdoc_set_int(row, name, sql_get_int(q, i));
		else
			jdoc_set_str(row, name, sql_peek(q, i));
	}
	return row;
}

static int add_rows(struct sql_run *q, struct jdoc *rows)
{
	int rc;

	while ((rc = sql_next(q)) > 0)
		jdoc_push(rows, row_json(q));
	return rc;
}

static int show_phones(
	struct store *s, const struct phones *all, struct jdoc *ret)
{
	for (size_t i = 0; i < sizeof(by_phone) / sizeof(by_phone[0]); i++) {
		struct jdoc *rows = jdoc_array();

		jdoc_set(ret, by_phone[i].name, rows);
		for (size_t k = 0; k < all->n; k++) {
			struct sql_run q = sql_start(s, by_phone[i].id);

			sql_str(&q, all->v[k]);
			if (add_rows(&q, rows) < 0)
				return -1;
		}
	}
	return 0;
}

static int show_member(
	struct store *s, const struct numbers *all, struct jdoc *ret)
{
	for (size_t i = 0; i < sizeof(by_member) / sizeof(by_member[0]); i++) {
		struct jdoc *rows = jdoc_array();

		jdoc_set(ret, by_member[i].name, rows);
		for (size_t k = 0; k < all->n; k++) {
			struct sql_run q = sql_start(s, by_member[i].id);

			sql_int(&q, all->v[k].unit_id);
			sql_int(&q, all->v[k].member_no);
			if (add_rows(&q, rows) < 0)
				return -1;
		}
	}
	return 0;
}

static int show(struct store *s, const struct person_ref *p, struct arena *a,
	struct jdoc *ret)
{
	struct numbers numbers = {NULL, 0};
	struct phones phones;

	if (p->unit_id != 0 && numbers_of(s, p, a, &numbers) < 0)
		return -1;
	if (numbers.n > 0 && show_member(s, &numbers, ret) < 0)
		return -1;
	if (phones_of(s, p, &numbers, a, &phones) < 0)
		return -1;
	return phones.n > 0 ? show_phones(s, &phones, ret) : 0;
}

int person_show(struct store *s, const struct person_ref *p, struct jdoc *ret)
{
	struct arena *a = arena_new(1024);
	int rc = show(s, p, a, ret);

	arena_free(a);
	return rc;
}

/* ---- erasing ---- */

/* One statement after another, with the same parameters. */
static int run_all(struct store *s, enum sql from, enum sql to,
	const struct str *with, size_t with_n)
{
	for (enum sql id = from; id <= to; id++) {
		struct sql_run q = sql_start(s, id);

		for (size_t i = 0; i < with_n; i++)
			sql_str(&q, with[i]);
		if (sql_done(&q) < 0)
			return -1;
	}
	return 0;
}

/* Texts that have this name, or these digits (holds.h). */
static int erase_in(struct store *s, struct str what)
{
	return run_all(s, SQL_ERASE_IN, SQL_ERASE_IN_TICKETS, &what, 1);
}

static int erase_phone(struct store *s, struct str phone, struct arena *a)
{
	size_t core = phone.n > CORE_DIGITS ? CORE_DIGITS : phone.n;
	struct str with[] = {phone, {NULL, 0}};
	struct sql_run q;

	if (audit_alias(s, phone, a, &with[1]) < 0 ||
		run_all(s, SQL_ERASE_PHONE, SQL_ERASE_OPINIONS, with, 1) < 0 ||
		run_all(s, SQL_ERASE_AS, SQL_ERASE_AS_CONSENT, with, 2) < 0 ||
		erase_in(s, (struct str){phone.p + phone.n - core, core}) < 0)
		return -1;
	q = sql_start(s, SQL_PERSON_FORGET);
	sql_str(&q, phone);
	return sql_done(&q);
}

/* Whose texts those of the phones go on being counted as. */
static int keep_units(
	struct store *s, const struct phones *all, struct arena *a)
{
	for (size_t i = 0; i < all->n; i++) {
		struct str alias;
		struct sql_run q;

		if (audit_alias(s, all->v[i], a, &alias) < 0)
			return -1;
		q = sql_start(s, SQL_ERASED_UNIT);
		sql_str(&q, all->v[i]);
		if (sql_done(&q) < 0)
			return -1;
	}
	return 0;
}

/* With what was said to have happened to them. */
static int erase_number(struct store *s, int64_t unit_id, int64_t member_no)
{
	for (enum sql id = SQL_ERASE_MEMBER; id <= SQL_ERASE_ANSWERS; id++) {
		struct sql_run q = sql_start(s, id);

		sql_int(&q, unit_id);
		sql_int(&q, member_no);
		if (sql_done(&q) < 0)
			return -1;
	}
	return 0;
}

/* A name of one word is a word: texts that hold it speak of anything. */
static int erase_name(struct store *s, struct str name, struct arena *a)
{
	struct str plain = holds_name(name, a);

	return str_find(plain, STR(" "), 0) < 0 ? 0 : erase_in(s, plain);
}

int person_erase(struct store *s, const struct person_ref *p,
	const struct ticket_end *by, struct arena *a)
{
	struct numbers numbers = {NULL, 0};
	struct phones phones;

	assert(p->unit_id != 0 || p->phone.n > 0);
	if (p->unit_id != 0 && numbers_of(s, p, a, &numbers) < 0)
		return -1;
	if (phones_of(s, p, &numbers, a, &phones) < 0 ||
		keep_units(s, &phones, a) < 0)
		return -1;
	for (size_t i = 0; i < numbers.n; i++)
		if (erase_number(s, numbers.v[i].unit_id,
			    numbers.v[i].member_no) < 0)
			return -1;
	if (numbers.n > 0 && erase_name(s, p->name, a) < 0)
		return -1;
	for (size_t i = 0; i < phones.n; i++)
		if (ticket_erased(s, phones.v[i], by) < 0 ||
			erase_phone(s, phones.v[i], a) < 0)
			return -1;
	store_scrub(s);
	return 0;
}
