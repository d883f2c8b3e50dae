#ifndef TESTS_UNIT_DELIVERY_RIG_H
#define TESTS_UNIT_DELIVERY_RIG_H

/* What the tests of delivery reports share: a text, its answer, a report. */
#include "gateway/store/delivery.h"
#include "gateway/store/own_id.h"
#include "gateway/store/story.h"
#include "tests/unit/store_fixture.h"

#define SAME(s, z) assert_true(str_is((s), (z)))

static inline int64_t add(struct fixture *f, const char *lane)
{
	const struct outbox_row row = {
		.to = STR(MEMBER),
		.text = STR("xin chao"),
		.lane = str_of(lane),
		.channel = STR("demo"),
		.created_at = NOW,
		.due_at = NOW,
		.valid_until = NOW + 3600000,
	};
	int64_t id;

	assert_int_equal(outbox_add(f->s, &row, &id), 0);
	return id;
}

static inline size_t claim(struct fixture *f, int64_t after_ms)
{
	struct outbox_claim c = {
		.now_ms = NOW + after_ms, .max = 10, .window_open = true};
	struct outbox_claimed got;

	assert_int_equal(outbox_claim(f->s, &c, f->a, &got), 0);
	return got.n;
}

/* The answer to an attempt; its result as the reports change it. */
static inline struct delivery_result answer(struct fixture *f, int64_t id,
	enum outbox_state state, const char *ref, int parts)
{
	const struct outbox_result r = {
		.id = id,
		.state = state,
		.channel = STR("demo"),
		.ref = str_of(ref),
		.at_ms = NOW + 500,
		.due_at = NOW + 1500,
		.parts = parts,
	};
	struct delivery_result told;

	assert_int_equal(delivery_outbox_result(f->s, &r, &told), 0);
	return told;
}

static inline struct str own_of(struct fixture *f, int64_t id)
{
	return own_id_text(
		&(struct outbox_row){.id = id, .created_at = NOW}, f->a);
}

static inline struct delivery_report report(
	struct fixture *f, int64_t id, enum delivery_says says)
{
	return (struct delivery_report){
		.channel = STR("demo"),
		.own = own_of(f, id),
		.said = str_of(delivery_says_str(says)),
		.says = says,
		.at = NOW + 700,
	};
}

static inline struct delivery_result take(
	struct fixture *f, const struct delivery_report *r)
{
	struct delivery_result result;

	assert_int_equal(delivery_take(f->s, r, &result), 0);
	return result;
}

static inline struct delivery_result say(
	struct fixture *f, int64_t id, enum delivery_says says)
{
	struct delivery_report r = report(f, id, says);

	return take(f, &r);
}

static inline const char *column(
	struct fixture *f, int64_t id, const char *path)
{
	struct jdoc *story = story_of_outbox(f->s, id);
	const struct jdoc *v;
	const char *z = "";

	assert_non_null(story);
	v = jdoc_at(story, path);
	if (v != NULL)
		z = arena_z(f->a, jdoc_text(v, f->a));
	jdoc_free(story);
	return z;
}

static inline const char *state_of(struct fixture *f, int64_t id)
{
	return column(f, id, "state");
}

static inline int count(struct fixture *f, const char *sql)
{
	sqlite3_stmt *st;
	int n;

	assert_int_equal(
		sqlite3_prepare_v2(f->s->db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return n;
}

static inline void set_state(struct fixture *f, int64_t id, const char *state)
{
	struct str sql = arena_printf(f->a,
		"UPDATE outbox SET state = '%s' WHERE id = %lld%c", state,
		(long long)id, '\0');

	assert_int_equal(
		sqlite3_exec(f->s->db, sql.p, NULL, NULL, NULL), SQLITE_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
