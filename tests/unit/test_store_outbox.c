/*
 * The queue of texts: what is claimed and in which order, what a result does
 * in each state, what a crash leaves, and the story of one text.
 */
#include "tests/unit/outbox_rig.h"

static void test_lanes_then_age(void **state)
{
	struct fixture *f = *state;
	struct outbox_row later = row_to("+84900000006", "reply");

	later.due_at = NOW + 500;
	(void)add_to(f, "+84900000001", "bulk");
	(void)add_to(f, "+84900000002", "urgent");
	(void)add_to(f, "+84900000003", "reply");
	(void)add_to(f, "+84900000004", "reply");
	(void)add_to(f, "+84900000005", "bulk");
	(void)add(f, &later);
	assert_string_equal(claim(f, 0), "3 4 2 1 5");
	assert_string_equal(claim(f, 500), "6");
	assert_string_equal(claim(f, 1000), "");
}

static void test_max_window_and_channels(void **state)
{
	static const struct str up[] = {{"demo", 4}};
	struct fixture *f = *state;
	struct outbox_row other = row_to("+84900000003", "reply");

	other.channel = STR("down");
	(void)add_to(f, "+84900000001", "bulk");
	(void)add_to(f, "+84900000002", "urgent");
	(void)add(f, &other);
	(void)add_to(f, "+84900000004", "reply");
	assert_string_equal(
		claim_with(f,
			(struct outbox_claim){.channels = up, .channels_n = 1},
			0),
		"4");
	assert_string_equal(
		claim_with(f,
			(struct outbox_claim){.window_open = true, .max = 2},
			0),
		"3 2");
}

/* Steps of SQLite's machine since the last look. */
static int steps_of(struct fixture *f, enum sql id)
{
	return sqlite3_stmt_status(
		f->s->stmt[id], SQLITE_STMTSTATUS_VM_STEP, 1);
}

static int cost_of_a_claim(struct fixture *f, const struct str *channel)
{
	struct outbox_claim c = {.channels = channel, .channels_n = 1};
	struct str *waiting;
	int64_t due;
	size_t n;

	assert_string_equal(claim_with(f, c, 0), "");
	assert_int_equal(outbox_channels(f->s, f->a, &waiting, &n), 0);
	assert_int_equal(n, 1);
	SAME(waiting[0], "down");
	assert_int_equal(outbox_next_due(f->s, NOW, &due), 0);
	assert_true(due == INT64_MAX);
	return steps_of(f, SQL_OUTBOX_DUE) + steps_of(f, SQL_OUTBOX_CHANNELS) +
	       steps_of(f, SQL_OUTBOX_NEXT_DUE);
}

static void test_a_backlog_elsewhere_costs_nothing(void **state)
{
	static const struct str up = {"demo", 4};
	struct fixture *f = *state;
	struct outbox_row row = row_to("+84900000003", "reply");
	int one;

	row.channel = STR("down");
	(void)add(f, &row);
	(void)cost_of_a_claim(f, &up);
	one = cost_of_a_claim(f, &up);
	for (int i = 0; i < 2000; i++) {
		row.to = arena_printf(f->a, "+849100%05d", i);
		(void)add(f, &row);
	}
	assert_int_equal(cost_of_a_claim(f, &up), one);
	(void)add_to(f, "+84900000004", "reply");
	assert_string_equal(
		claim_with(f,
			(struct outbox_claim){.channels = &up, .channels_n = 1},
			0),
		"2002");
}

/* A channel that was taken away, and rows that name none. */
static void test_names_of_any_kind_are_claimed(void **state)
{
	static const char *const names[] = {"demo", NULL, "gone", "demo"};
	struct fixture *f = *state;
	struct str *waiting;
	size_t n;

	for (int i = 0; i < 4; i++) {
		struct outbox_row row =
			row_to(arena_printf(f->a, "+8490000000%d%c", i, '\0').p,
				"bulk");

		row.channel = str_of(names[i]);
		(void)add(f, &row);
	}
	assert_int_equal(outbox_channels(f->s, f->a, &waiting, &n), 0);
	assert_int_equal(n, 3);
	SAME(waiting[0], "");
	SAME(waiting[1], "demo");
	SAME(waiting[2], "gone");
	assert_string_equal(claim(f, 0), "2 1 4 3");
}

static void test_one_at_a_time_per_recipient(void **state)
{
	struct fixture *f = *state;

	(void)add_to(f, MEMBER, "bulk");
	(void)add_to(f, MEMBER, "reply");
	(void)add_to(f, MEMBER, "reply");
	assert_string_equal(claim(f, 0), "2");
	assert_string_equal(claim(f, 0), "");
	finish(f, 2, OUTBOX_SENT, 10);
	assert_string_equal(claim(f, 20), "3");
	finish(f, 3, OUTBOX_FAILED, 30);
	assert_string_equal(claim(f, 40), "1");
}

static void test_a_waiting_try_keeps_the_order(void **state)
{
	struct fixture *f = *state;

	(void)add_to(f, MEMBER, "reply");
	(void)add_to(f, MEMBER, "reply");
	assert_string_equal(claim(f, 0), "1");
	finish(f, 1, OUTBOX_QUEUED, 10); /* next try at 1010 */
	assert_string_equal(claim(f, 20), "");
	assert_string_equal(claim(f, 1010), "1");
	finish(f, 1, OUTBOX_SENT, 1020);
	assert_string_equal(claim(f, 1030), "2");
}

static void test_expired_on_the_way(void **state)
{
	struct fixture *f = *state;
	struct outbox_row row = row_to(MEMBER, "reply");

	row.valid_until = NOW + 100;
	(void)add(f, &row);
	(void)add_to(f, MEMBER, "reply");
	assert_string_equal(claim(f, 100), "2");
	assert_state(f, 1, "expired");
}

static void test_dedupe_key(void **state)
{
	struct fixture *f = *state;
	struct outbox_row row = row_to(MEMBER, "reply");

	row.dedupe_key = STR("m1:reply:0");
	assert_int_not_equal(add(f, &row), 0);
	assert_int_equal(add(f, &row), 0);
}

/* A result for a row in each state; states only move forward. */
static void test_late_results(void **state)
{
	static const struct {
		enum outbox_state first, late;
		const char *want;
	} cases[] = {
		{OUTBOX_SENT, OUTBOX_FAILED, "sent"},
		{OUTBOX_SENT, OUTBOX_QUEUED, "sent"},
		{OUTBOX_SENT, OUTBOX_UNSURE, "sent"},
		{OUTBOX_FAILED, OUTBOX_SENT, "failed"},
		{OUTBOX_FAILED, OUTBOX_QUEUED, "failed"},
		{OUTBOX_UNSURE, OUTBOX_SENT, "sent"},
		{OUTBOX_UNSURE, OUTBOX_FAILED, "failed"},
		{OUTBOX_UNSURE, OUTBOX_QUEUED, "unsure"},
		{OUTBOX_QUEUED, OUTBOX_SENT, "sent"},
		{OUTBOX_QUEUED, OUTBOX_FAILED, "queued"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t id;

		mark(f);
		id = add_to(f, MEMBER, "reply");
		(void)claim(f, 0);
		finish(f, id, cases[i].first, 10);
		finish(f, id, cases[i].late, 20);
		assert_state(f, id, cases[i].want);
		back(f);
	}
}

/* Attempts that ended with the process, in a text's story. */
static size_t interrupted(struct fixture *f, int64_t id)
{
	struct jdoc *story = story_of_outbox(f->s, id);
	const struct jdoc *tries = jdoc_at(story, "tries");
	size_t n = 0;

	for (size_t i = 0; i < jdoc_len(tries); i++)
		n += str_is(jdoc_str(jdoc_at(jdoc_item(tries, i), "verdict")),
			"interrupted");
	jdoc_free(story);
	return n;
}

static void test_recover(void **state)
{
	static const struct str idempotent[] = {{"ours", 4}};
	struct fixture *f = *state;
	struct outbox_row row = row_to("+84900000003", "urgent");
	struct outbox_recovered moved;

	(void)add_to(f, "+84900000001", "reply");
	(void)add_to(f, "+84900000002", "urgent");
	row.channel = STR("ours");
	(void)add(f, &row);
	(void)claim(f, 0);
	(void)add_to(f, "+84900000004", "urgent");
	assert_int_equal(
		outbox_recover(f->s, NOW + 50, idempotent, 1, &moved), 0);
	assert_int_equal(moved.requeued, 2);
	assert_int_equal(moved.unsure, 1);
	assert_state(f, 2, "unsure");
	for (int64_t id = 1; id <= 4; id++)
		assert_int_equal(interrupted(f, id), id < 4);
	assert_string_equal(claim(f, 50), "1 4 3");
}

static void test_next_due_and_counts(void **state)
{
	struct fixture *f = *state;
	struct outbox_row row = row_to("+84900000001", "bulk");
	struct outbox_counts counts;
	int64_t due;

	assert_int_equal(outbox_next_due(f->s, 0, &due), 0);
	assert_true(due == INT64_MAX);
	row.due_at = NOW + 7000;
	(void)add(f, &row);
	row.to = STR("+84900000002");
	row.due_at = NOW + 3000;
	(void)add(f, &row);
	(void)add_to(f, "+84900000003", "reply");
	(void)claim(f, 0);
	assert_int_equal(outbox_next_due(f->s, 0, &due), 0);
	assert_int_equal(due, NOW + 3000);
	assert_int_equal(outbox_next_due(f->s, NOW + 3000, &due), 0);
	assert_int_equal(due, NOW + 7000);
	assert_int_equal(outbox_counts(f->s, &counts), 0);
	assert_int_equal(counts.by_state[OUTBOX_QUEUED], 2);
	assert_int_equal(counts.by_state[OUTBOX_SENDING], 1);
	assert_int_equal(counts.oldest_due_at, NOW + 3000);
}

static void assert_story(struct jdoc *story, struct arena *a, const char *want)
{
	assert_non_null(story);
	assert_string_equal(arena_z(a, jdoc_print(story, a)), want);
	jdoc_free(story);
}

static void test_story(void **state)
{
	struct fixture *f = *state;
	struct message m = text_of(f, SECRETARY, "GIUP", 0);
	int64_t id = put(f, &m, INBOUND_NEW);
	struct outbox_row row = row_to(SECRETARY, "reply");

	row.message_id = id;
	row.dedupe_key = STR("m1:reply:0");
	(void)add(f, &row);
	(void)claim(f, 0);
	finish(f, 1, OUTBOX_QUEUED, 10);
	(void)claim(f, 1010);
	finish(f, 1, OUTBOX_SENT, 1020);
	assert_int_equal(inbound_done(f->s, id, MESSAGE_DONE, INTENT_HELP,
				 (struct str){NULL, 0}),
		0);
	m = text_of(f, SECRETARY, "GIUP", 40);
	(void)put(f, &m, INBOUND_DUPLICATE);
	assert_story(story_of_message(f->s, id), f->a,
		"{\"message\":1,\"channel\":\"demo\",\"provider_id\":\"p1\","
		"\"from\":\"+8490***007\",\"to\":\"***\",\"text\":\"GIUP\","
		"\"sent_at\":\"2026-11-06T12:30:00.000Z\","
		"\"received_at\":\"2026-11-06T12:30:00.005Z\","
		"\"rule_version\":\"v1\",\"intent\":\"help\","
		"\"state\":\"done\",\"duplicates\":[{\"id\":2,"
		"\"channel\":\"demo\",\"provider_id\":\"p2\","
		"\"sent_at\":\"2026-11-06T12:30:00.040Z\","
		"\"received_at\":\"2026-11-06T12:30:00.045Z\"}],"
		"\"parts\":[],\"earlier\":[],"
		"\"reports\":[],\"settled\":[],\"records\":[],\"texts\":[{"
		"\"outbox\":1,"
		"\"to\":\"+8490***007\",\"text\":\"xin chao\","
		"\"lane\":\"reply\",\"channel\":\"demo\",\"state\":\"sent\","
		"\"attempts\":2,\"created_at\":\"2026-11-06T12:30:00.000Z\","
		"\"due_at\":\"2026-11-06T12:30:01.010Z\","
		"\"valid_until\":\"2026-11-06T13:30:00.000Z\","
		"\"sent_at\":\"2026-11-06T12:30:01.020Z\",\"message\":1,"
		"\"key\":\"m1:reply:0\",\"segments\":1,"
		"\"alphabet\":\"GSM-7\",\"tries\":[{\"n\":1,"
		"\"at\":\"2026-11-06T12:30:00.010Z\",\"channel\":\"demo\","
		"\"verdict\":\"temporary\",\"why\":\"busy\"},{\"n\":2,"
		"\"at\":\"2026-11-06T12:30:01.020Z\",\"channel\":\"demo\","
		"\"verdict\":\"sent\"}],\"reported\":[]}]}");
	assert_null(story_of_message(f->s, 99));
	assert_null(story_of_outbox(f->s, 99));
	assert_string_equal(store_error(f->s), "");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_lanes_then_age),
		TEST(test_max_window_and_channels),
		TEST(test_a_backlog_elsewhere_costs_nothing),
		TEST(test_names_of_any_kind_are_claimed),
		TEST(test_one_at_a_time_per_recipient),
		TEST(test_a_waiting_try_keeps_the_order),
		TEST(test_expired_on_the_way),
		TEST(test_dedupe_key),
		TEST(test_late_results),
		TEST(test_recover),
		TEST(test_next_due_and_counts),
		TEST(test_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
