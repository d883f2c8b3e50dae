#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

/* What the tests of the store share: a small registry in memory. */
#include "gateway/store/inbound.h"
#include "gateway/store/outbox.h"
#include "gateway/store/registry.h"
#include "gateway/store/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW INT64_C(1793968200000) /* 2026-11-06 19:30 in Vietnam */
#define SECRETARY "+84900000007"
#define TWO_UNITS "+84900000078"
#define STAFF "+84900000901"
#define MEMBER "+84900000102"
#define STRANGER "+84999999999"

static const char units_csv[] =
	"code,name,kind,parent,aliases,valid_from,valid_to\n"
	"MG07,Giôn,hamlet,MG,QN-MG-07|Bản Cũ,2025-07-01,\n"
	"MG08,Na Pản,hamlet,MG,,2025-07-01,\n"
	"CS03,Giôn,hamlet,CS,,2025-07-01,\n"
	"SL,Sơn La,province,,,2025-07-01,\n"
	"MG,Mường Giôn,commune,SL,,2025-07-01,\n"
	"CS,Chiềng Sơn,commune,SL,,2025-07-01,\n";
static const char members_csv[] =
	"unit,no,name,standing,status,dest,phone,language,consent\n"
	"MG07,1,Lò Văn Bun,official,active,,+84900000101,vi,yes\n"
	"MG07,2,Điêu Văn Ín,official,away,Bình Dương,0900000102,en,yes\n"
	"MG07,3,Lò Văn Inh,probationary,exempt,,,,\n"
	"MG07,4,Mùa A Pâng,official,temp_transfer_out,,,,\n"
	"MG08,1,Cà Văn Piêng,official,temp_exempt,,+84900000102,en,no\n";
static const char roles_csv[] =
	"phone,role,unit,member,valid_from,valid_to\n"
	"+84900000007,secretary,MG07,1,2025-07-01,\n"
	"+84900000007,deputy,MG07,,2025-07-01,\n"
	"+84900000078,secretary,MG08,1,2025-07-01,\n"
	"+84900000078,secretary,MG07,1,2025-07-01,\n"
	"+84900000079,secretary,MG07,1,2025-07-01,2026-11-05\n"
	"+84900000901,staff,MG,,2025-07-01,\n"
	"+84900000902,staff,SL,,2025-07-01,2026-11-06\n";

struct fixture {
	struct store *s;
	struct arena *a;
	struct context c;
	int messages;
};

static inline int import(struct store *s, const char *units,
	const char *members, const char *roles, struct diags *d)
{
	struct registry_files f = {
		.units = str_of(units),
		.members = str_of(members),
		.roles = str_of(roles),
	};
	struct registry_counts counts;
	int rc;

	assert_int_equal(store_begin(s), 0);
	rc = registry_import(s, &f, NOW, &counts, d);
	if (rc == 0)
		assert_int_equal(store_commit(s), 0);
	else
		store_rollback(s);
	return rc;
}

static inline int set_up(void **state)
{
	struct fixture *f = test_calloc(1, sizeof(*f));
	struct diags *d = diags_new();
	struct err err = {""};

	f->s = store_open(NULL, STORE_MEMORY, &err);
	assert_string_equal(err.text, "");
	assert_non_null(f->s);
	assert_int_equal(import(f->s, units_csv, members_csv, roles_csv, d), 0);
	diags_free(d);
	f->a = arena_new(1 << 16);
	assert_int_equal(store_begin(f->s), 0);
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;

	store_rollback(f->s);
	store_close(f->s);
	arena_free(f->a);
	test_free(f);
	return 0;
}

/* What is written after mark() is gone after back(). */
static inline void mark(struct fixture *f)
{
	assert_int_equal(
		sqlite3_exec(f->s->db, "SAVEPOINT mark", NULL, NULL, NULL),
		SQLITE_OK);
}

static inline void back(struct fixture *f)
{
	assert_int_equal(
		sqlite3_exec(f->s->db, "ROLLBACK TO mark; RELEASE mark", NULL,
			NULL, NULL),
		SQLITE_OK);
}

/* A text that came at NOW + after_ms. */
static inline struct message text_of(
	struct fixture *f, const char *from, const char *text, int64_t after_ms)
{
	return (struct message){
		.channel = STR("demo"),
		.provider_id = arena_printf(f->a, "p%d", ++f->messages),
		.from = str_of(from),
		.to = STR("+84888"),
		.text = str_of(text),
		.sent_at = NOW + after_ms,
		.received_at = NOW + after_ms + 5,
	};
}

static inline int64_t put(
	struct fixture *f, const struct message *m, enum inbound_put want)
{
	enum inbound_put got;
	int64_t id;

	assert_int_equal(inbound_put(f->s, m, STR("v1"), &got, &id), 0);
	assert_int_equal(got, want);
	return id;
}

/* Loads f->c for the message, with one key or none. */
static inline void load(
	struct fixture *f, const struct message *m, const char *key)
{
	struct str k = str_of(key);
	struct context_query q = {
		.message = m,
		.unit_keys = &k,
		.unit_keys_n = key != NULL,
		.now_ms = m->sent_at,
		.utc_offset_min = 420,
	};

	assert_int_equal(context_load(f->s, &q, f->a, &f->c), 0);
}

static inline struct fields report_fields(
	const char *unit, const char *date, int total, int present)
{
	struct fields f = {0};

	field_set_text(&f, FIELD_UNIT, str_of(unit));
	field_set_int(&f, FIELD_DATE, day_parse(str_of(date)));
	field_set_int(&f, FIELD_TOTAL, total);
	field_set_int(&f, FIELD_PRESENT, present);
	return f;
}

#endif
