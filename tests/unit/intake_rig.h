#ifndef TESTS_UNIT_INTAKE_RIG_H
#define TESTS_UNIT_INTAKE_RIG_H

/* Texts through intake, on a store in memory with the scenarios' registry. */
#include "gateway/intake.h"

#include "gateway/store/outbox.h"
#include "gateway/store/registry.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EVENING INT64_C(1793968200000) /* 2026-11-06 19:30 in Vietnam */
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define SECRETARY "+84900000007"
#define STRANGER "+84912345699"
#define REPORT "HOP 5/11 47 35 10 2"

static const char config_text[] =
	"database: x.db\n"
	"budget: {replies_per_hour: 3, unknown_per_day: 1}\n"
	"channels:\n"
	"  - {name: demo, provider: console, number: [\"+84888000111\"],\n"
	"     token: 0123456789abcdef0123456789abcdef}\n"
	"  - {name: other, provider: console, number: [\"0888000222\"],\n"
	"     token: 0123456789abcdef0123456789abcdee}\n";

struct rig {
	struct store *s;
	struct arena *a;
	struct settings *set;
	struct budget *budget;
	int64_t now_ms;
	int ids;
	struct intake_result r; /* of the last text */
	struct outbox_row *out; /* of the last take() */
	size_t out_n;
};

static inline struct str file(struct arena *a, const char *path)
{
	struct err err = {""};
	struct str s = {NULL, 0};

	assert_int_equal(config_read_file(path, 1 << 20, a, &s, &err), 0);
	return s;
}

static inline void import(struct rig *r, struct diags *d)
{
	struct registry_files f = {
		.units = file(r->a, "tests/data/registry/units.csv"),
		.members = file(r->a, "tests/data/registry/members.csv"),
		.roles = file(r->a, "tests/data/registry/roles.csv"),
		.dir = STR("tests/data/registry"),
	};
	struct registry_counts n;

	assert_int_equal(store_begin(r->s), 0);
	assert_int_equal(registry_import(r->s, &f, EVENING, &n, d), 0);
	assert_int_equal(store_commit(r->s), 0);
}

static inline int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct diags *d = diags_new();
	struct err err = {""};

	r->a = arena_new(1 << 16);
	r->s = store_open(NULL, STORE_MEMORY, &err);
	assert_non_null(r->s);
	import(r, d);
	r->set = settings_load_text(STR("test.yaml"), str_of(config_text), d);
	assert_non_null(r->set);
	diags_free(d);
	r->budget = budget_new();
	r->now_ms = EVENING;
	assert_int_equal(store_begin(r->s), 0);
	*state = r;
	return 0;
}

static inline int tear_down(void **state)
{
	struct rig *r = *state;

	store_rollback(r->s);
	store_close(r->s);
	settings_unref(r->set);
	budget_free(r->budget);
	arena_free(r->a);
	test_free(r);
	return 0;
}

static inline struct message message_of(
	struct rig *r, const char *from, const char *text)
{
	return (struct message){
		.channel = STR("demo"),
		.provider_id = arena_printf(r->a, "p%d", ++r->ids),
		.from = str_of(from),
		.to = STR("+84888000111"),
		.text = str_of(text),
		.sent_at = r->now_ms,
		.received_at = r->now_ms,
	};
}

static inline void handle(struct rig *r, const struct message *m)
{
	struct intake_input in = {
		.settings = r->set,
		.message = m,
		.scan = scan_text(r->set->rules, m->text, r->a),
		.arena = r->a,
		.budget = r->budget,
		.now_ms = r->now_ms,
	};

	assert_int_equal(intake_message(r->s, &in, &r->r), 0);
}

static inline void text(struct rig *r, const char *from, const char *what)
{
	struct message m = message_of(r, from, what);

	handle(r, &m);
}

/* All that is due now leaves, at once. */
static inline void take(struct rig *r)
{
	struct outbox_claim c = {
		.now_ms = r->now_ms, .max = 20, .window_open = true};
	struct outbox_claimed got;

	assert_int_equal(outbox_claim(r->s, &c, r->a, &got), 0);
	r->out = got.v;
	r->out_n = got.n;
	for (size_t i = 0; i < r->out_n; i++) {
		struct outbox_result done = {
			.id = r->out[i].id,
			.state = OUTBOX_SENT,
			.channel = STR("demo"),
			.at_ms = r->now_ms,
		};

		assert_int_equal(outbox_result(r->s, &done), 0);
	}
}

static inline const struct outbox_row *taken(
	const struct rig *r, const char *to)
{
	for (size_t i = 0; i < r->out_n; i++)
		if (str_is(r->out[i].to, to))
			return &r->out[i];
	return NULL;
}

static inline bool holds(const struct outbox_row *row, const char *what)
{
	return row != NULL && str_find(row->text, str_of(what), 0) >= 0;
}

/* The secretary's latest report has these figures. */
static inline void stored(struct rig *r, int version, int present, int excused)
{
	struct message m = message_of(r, SECRETARY, "x");
	struct context_query q = {
		.message = &m,
		.now_ms = r->now_ms,
		.utc_offset_min = 420,
	};
	const struct report_ref *l;
	struct context c;

	assert_int_equal(context_load(r->s, &q, r->a, &c), 0);
	l = c.last_report;
	assert_int_equal(l != NULL, version > 0);
	if (l == NULL)
		return;
	assert_int_equal(l->version, version);
	assert_true(str_is(l->unit, "MG07"));
	assert_string_equal(day_iso(l->date).z, "2026-11-05");
	assert_int_equal(l->fields.v[FIELD_TOTAL].i, 47);
	assert_int_equal(l->fields.v[FIELD_PRESENT].i, present);
	assert_int_equal(l->fields.v[FIELD_EXCUSED].i, excused);
	assert_int_equal(l->fields.v[FIELD_UNEXCUSED].i, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
