/*
 * The cap on what nobody asked for: which texts count, when the next one may
 * leave, and that a crowd of those that wait holds up nobody.
 */
#include "tests/unit/outbox_rig.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static const struct outbox_claim three = {.window_open = true, .unasked = 3};

/* A text that was sent; valid for as long as a test runs. */
static int64_t sent(
	struct fixture *f, const char *lane, int64_t message, int64_t at_ms)
{
	struct outbox_row row = row_to(MEMBER, lane);
	int64_t id;

	row.message_id = message;
	row.created_at = row.due_at = NOW + at_ms;
	row.valid_until = NOW + 9 * DAY;
	id = add(f, &row);
	(void)claim(f, at_ms);
	finish(f, id, OUTBOX_SENT, at_ms);
	return id;
}

static int64_t waits(struct fixture *f, const char *lane, int64_t valid_ms)
{
	struct outbox_row row = row_to(MEMBER, lane);

	row.valid_until = NOW + valid_ms;
	return add(f, &row);
}

static const char *id_text(struct fixture *f, int64_t id)
{
	return arena_printf(f->a, "%d%c", (int)id, '\0').p;
}

static void test_the_fourth_waits_a_day(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	for (int i = 0; i < 3; i++)
		(void)sent(f, i == 1 ? "urgent" : "bulk", 0, i * HOUR);
	id = waits(f, "bulk", 9 * DAY);
	assert_string_equal(claim_with(f, three, 3 * HOUR), "");
	assert_string_equal(claim_with(f, three, DAY - 1), "");
	assert_string_equal(claim_with(f, three, DAY), id_text(f, id));
}

/* Replies, and notices of what a text has done, are no part of it. */
static void test_what_does_not_count(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	assert_int_equal(sqlite3_exec(f->s->db,
				 "INSERT INTO message (id, channel, "
				 "provider_id, from_phone, text, text_hash, "
				 "sent_at, received_at, state) VALUES (1, "
				 "'demo', 'p1', 'x', 'x', 0, 0, 0, 'done')",
				 NULL, NULL, NULL),
		SQLITE_OK);
	for (int i = 0; i < 3; i++) {
		(void)sent(f, "reply", 0, i * HOUR);
		(void)sent(f, "urgent", 1, i * HOUR + 1);
	}
	(void)sent(f, "bulk", 0, 4 * HOUR);
	(void)sent(f, "bulk", 0, 5 * HOUR);
	id = waits(f, "urgent", 9 * DAY);
	assert_string_equal(claim_with(f, three, 6 * HOUR), id_text(f, id));
	finish(f, id, OUTBOX_SENT, 6 * HOUR);
	/* Nor do they wait when it is reached. */
	id = add_to(f, MEMBER, "reply");
	assert_string_equal(claim_with(f, three, 0), id_text(f, id));
}

static void test_urgent_goes_before_bulk(void **state)
{
	struct fixture *f = *state;
	int64_t bulk, urgent;

	for (int i = 0; i < 3; i++)
		(void)sent(f, "bulk", 0, i * HOUR);
	bulk = waits(f, "bulk", 9 * DAY);
	assert_string_equal(claim_with(f, three, 3 * HOUR), "");
	urgent = waits(f, "urgent", 9 * DAY);
	assert_string_equal(claim_with(f, three, 4 * HOUR), "");
	assert_string_equal(claim_with(f, three, DAY), id_text(f, urgent));
	finish(f, urgent, OUTBOX_SENT, DAY);
	assert_string_equal(claim_with(f, three, DAY + 1), "");
	assert_string_equal(claim_with(f, three, DAY + HOUR), id_text(f, bulk));
}

/* It waits no longer than it is of use, and then says so. */
static void test_past_its_use(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	for (int i = 0; i < 3; i++)
		(void)sent(f, "bulk", 0, i * HOUR);
	id = waits(f, "bulk", 5 * HOUR);
	assert_string_equal(claim_with(f, three, 3 * HOUR), "");
	assert_state(f, id, "queued");
	assert_string_equal(claim_with(f, three, 5 * HOUR), "");
	assert_state(f, id, "expired");
}

/* What may have been sent counts as if it had been. */
static void test_unsure_counts(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		int64_t id = add_to(f, MEMBER, "bulk");

		(void)claim(f, i);
		finish(f, id, OUTBOX_UNSURE, i);
	}
	(void)waits(f, "bulk", 9 * DAY);
	assert_string_equal(claim_with(f, three, HOUR), "");
}

static int64_t queued_until(struct fixture *f, int64_t id)
{
	struct outbox_row row = row_to(MEMBER, "bulk");
	struct outbox_claim c = three;
	struct outbox_look look;

	row.id = id;
	row.due_at = NOW + DAY;
	row.valid_until = NOW + 9 * DAY;
	c.now_ms = NOW + 3 * HOUR;
	assert_int_equal(outbox_look(f->s, &c, &row, &look), 0);
	assert_int_equal(look.bar, OUTBOX_CAPPED);
	return look.until;
}

static void test_the_queue_says_so(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	for (int i = 0; i < 3; i++)
		(void)sent(f, "bulk", 0, i * HOUR);
	id = waits(f, "bulk", 9 * DAY);
	assert_string_equal(claim_with(f, three, 3 * HOUR), "");
	assert_true(queued_until(f, id) == NOW + DAY);
}

/* Thousands that wait stand in nobody's way, from the second claim on. */
static void test_a_crowd_that_waits(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	for (int i = 0; i < 3; i++)
		(void)sent(f, "bulk", 0, i * HOUR);
	for (int i = 0; i < 1200; i++)
		(void)waits(f, "bulk", 9 * DAY);
	id = add_to(f, STRANGER, "bulk");
	for (int i = 0; i < 20; i++)
		if (claim_with(f, three, 3000)[0] != '\0')
			return;
	fail_msg("o%d never left", (int)id);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_fourth_waits_a_day),
		TEST(test_what_does_not_count),
		TEST(test_urgent_goes_before_bulk),
		TEST(test_past_its_use),
		TEST(test_unsure_counts),
		TEST(test_the_queue_says_so),
		TEST(test_a_crowd_that_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
