#ifndef TESTS_UNIT_OUTBOX_RIG_H
#define TESTS_UNIT_OUTBOX_RIG_H

/* What the tests of the outbox share: rows, claims, results, states. */
#include "gateway/store/story.h"
#include "tests/unit/store_fixture.h"

#define SAME(s, z) assert_true(str_is((s), (z)))

static inline struct outbox_row row_to(const char *to, const char *lane)
{
	return (struct outbox_row){
		.to = str_of(to),
		.text = STR("xin chao"),
		.lane = str_of(lane),
		.channel = STR("demo"),
		.created_at = NOW,
		.due_at = NOW,
		.valid_until = NOW + 3600000,
	};
}

static inline int64_t add(struct fixture *f, const struct outbox_row *row)
{
	int64_t id;

	assert_int_equal(outbox_add(f->s, row, &id), 0);
	return id;
}

static inline int64_t add_to(
	struct fixture *f, const char *to, const char *lane)
{
	struct outbox_row row = row_to(to, lane);

	return add(f, &row);
}

/* The ids claimed at NOW + after_ms, as text: "2 1". */
static inline const char *claim_with(
	struct fixture *f, struct outbox_claim claim, int64_t after_ms)
{
	struct outbox_claimed got;
	struct buf b;
	const char *z;

	claim.now_ms = NOW + after_ms;
	claim.max = claim.max != 0 ? claim.max : 10;
	assert_int_equal(outbox_claim(f->s, &claim, f->a, &got), 0);
	buf_init(&b, 1000);
	for (size_t i = 0; i < got.n; i++)
		buf_putf(&b, i > 0 ? " %d" : "%d", (int)got.v[i].id);
	z = arena_z(f->a, buf_str(&b));
	buf_release(&b);
	return z;
}

static inline const char *claim(struct fixture *f, int64_t after_ms)
{
	return claim_with(
		f, (struct outbox_claim){.window_open = true}, after_ms);
}

static inline void finish(
	struct fixture *f, int64_t id, enum outbox_state state, int64_t at_ms)
{
	struct outbox_result r = {
		.id = id,
		.state = state,
		.channel = STR("demo"),
		.why = state == OUTBOX_SENT ? (struct str){NULL, 0}
					    : STR("busy"),
		.at_ms = NOW + at_ms,
		.due_at = NOW + at_ms + 1000,
	};

	assert_int_equal(outbox_result(f->s, &r), 0);
}

static inline void assert_state(struct fixture *f, int64_t id, const char *want)
{
	struct jdoc *story = story_of_outbox(f->s, id);

	assert_non_null(story);
	SAME(jdoc_str(jdoc_at(story, "state")), want);
	jdoc_free(story);
}

#endif
