/*
 * The chain of ballots and how they are counted: what holds, who is named,
 * and of how many a share must agree.
 */
#include "gateway/model/ballot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BALLOTS 4

struct rig {
	struct arena *a;
	struct ballot_voter voters[3];
	struct ballot_item item;
	struct ballot v[BALLOTS + 1];
	struct ballot_receipt told[BALLOTS];
	struct ballot_chain chain;
	struct ballot_faults faults;
};

/* Members 1, 2 and 3; 2 votes twice. */
static void build(struct rig *r)
{
	static const struct {
		int member;
		const char *choice;
		int64_t at;
	} said[BALLOTS] = {{1, "for", 10}, {2, "for", 20}, {3, "against", 30},
		{2, "abstain", 40}};
	struct str prev;

	for (int i = 0; i < 3; i++)
		r->voters[i] = (struct ballot_voter){.member_no = i + 1,
			.standing = STR("official"),
			.status = STR("active"),
			.choice = CHOICES_N};
	r->item = (struct ballot_item){.id = 7,
		.meeting_id = 9,
		.no = 1,
		.threshold = STR("1/2"),
		.voters = r->voters,
		.voters_n = 3};
	prev = arena_str(r->a, str_of(ballot_genesis(&r->item, r->a).z));
	r->item.digest = prev;
	for (int i = 0; i < BALLOTS; i++) {
		r->v[i] = (struct ballot){.item_id = 7,
			.seq = i + 1,
			.member_no = said[i].member,
			.choice = str_of(said[i].choice),
			.counted_as = STR("vote"),
			.voted_at = said[i].at,
			.created_at = said[i].at,
			.prev = prev};
		prev = arena_str(r->a, str_of(ballot_link(&r->v[i], r->a).z));
		r->v[i].hash = prev;
		r->told[i] =
			(struct ballot_receipt){i + 1, said[i].member, prev};
	}
	r->chain = (struct ballot_chain){
		&r->item, r->v, BALLOTS, r->told, BALLOTS};
}

static int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));

	r->a = arena_new(1 << 14);
	build(r);
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	arena_free(r->a);
	test_free(r);
	return 0;
}

static void check(struct rig *r, size_t n)
{
	ballot_check(&r->chain, r->a, &r->faults);
	assert_int_equal(r->faults.n, n);
}

static void named(struct rig *r, int seq, int member, const char *what)
{
	check(r, 1);
	assert_int_equal(r->faults.v[0].seq, seq);
	assert_int_equal(r->faults.v[0].member_no, member);
	assert_string_equal(r->faults.v[0].what, what);
}

static void test_a_chain_that_holds(void **state)
{
	struct rig *r = *state;

	check(r, 0);
	ballot_take(&r->chain, &r->item);
	assert_int_equal(r->voters[0].choice, CHOICE_FOR);
	assert_int_equal(r->voters[1].choice, CHOICE_ABSTAIN);
	assert_int_equal(r->voters[2].choice, CHOICE_AGAINST);
	/* Sent before the one that came first: that one counts. */
	r->v[3].voted_at = 15;
	r->v[3].hash = r->told[3].hash =
		arena_str(r->a, str_of(ballot_link(&r->v[3], r->a).z));
	check(r, 0);
	ballot_take(&r->chain, &r->item);
	assert_int_equal(r->voters[1].choice, CHOICE_FOR);
}

static void test_a_ballot_that_was_changed(void **state)
{
	struct rig *r = *state;

	r->v[1].choice = STR("against");
	named(r, 2, 2, "changed");
	/* With its own hash made anew, too. */
	r->v[1].hash = arena_str(r->a, str_of(ballot_link(&r->v[1], r->a).z));
	named(r, 2, 2, "changed");
	ballot_take(&r->chain, &r->item);
	assert_int_equal(r->voters[0].choice, CHOICE_FOR);
}

/* All of the rest rewritten: each differs from what its voter was told. */
static void test_a_chain_that_was_rewritten(void **state)
{
	struct rig *r = *state;

	r->v[1].choice = STR("against");
	for (int i = 1; i < BALLOTS; i++) {
		r->v[i].prev = r->v[i - 1].hash;
		r->v[i].hash =
			arena_str(r->a, str_of(ballot_link(&r->v[i], r->a).z));
	}
	check(r, 3);
}

static void test_one_taken_out_and_one_put_in(void **state)
{
	struct rig *r = *state;
	struct ballot last = r->v[3];

	r->chain.n = 3;
	named(r, 4, 2, "taken out");
	r->v[2] = last;
	named(r, 3, 3, "taken out");
	build(r);
	r->v[4] = r->v[3];
	r->v[4].seq = 5;
	r->v[4].member_no = 1;
	r->chain.n = 5;
	named(r, 5, 1, "put in");
	assert_false(r->v[4].holds);
}

static void test_the_item_and_its_end(void **state)
{
	struct rig *r = *state;
	struct str head = r->told[3].hash;

	r->voters[2].standing = STR("probationary");
	named(r, 0, 0, "the question or the list of voters changed");
	build(r);
	r->item.closed_at = 99;
	r->item.seal =
		arena_str(r->a, str_of(ballot_seal(&r->item, head, r->a).z));
	check(r, 0);
	r->voters[0].left = true;
	named(r, 0, 0, "it does not end as it was closed");
	r->voters[0].left = false;
	r->chain.n = r->chain.receipts_n = 3;
	named(r, 0, 0, "it does not end as it was closed");
}

#define OFFICIAL .standing = STR("official")
#define ACTIVE .status = STR("active")
#define EXEMPT .status = STR("temp_exempt")

/* Whose one voter counts below, with remote votes added up and not. */
static void test_denominator(void **state)
{
	static const struct {
		struct ballot_voter v;
		int beside, added;
	} cases[] = {
		{{OFFICIAL, ACTIVE, .choice = CHOICES_N}, 1, 1},
		{{OFFICIAL, ACTIVE, .choice = CHOICE_FOR}, 1, 1},
		{{OFFICIAL, .status = STR("away"), .choice = CHOICES_N}, 1, 1},
		{{OFFICIAL, EXEMPT, .choice = CHOICES_N}, 0, 0},
		{{OFFICIAL, EXEMPT, .choice = CHOICE_FOR}, 0, 1},
		{{OFFICIAL, EXEMPT, .present = true, .choice = CHOICES_N}, 1,
			1},
		{{OFFICIAL, ACTIVE, .left = true, .choice = CHOICES_N}, 0, 0},
		{{OFFICIAL, ACTIVE, .left = true, .choice = CHOICE_FOR}, 0, 1},
		{{.standing = STR("probationary"),
			 ACTIVE,
			 .choice = CHOICE_FOR},
			0, 0},
	};
	struct ballot_rule rule = {.remote_counts = false};
	struct ballot_count c = {.room_known = true};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ballot_voter v = cases[i].v;
		struct ballot_item item = {.voters = &v, .voters_n = 1};

		rule.remote_counts = false;
		ballot_count(&item, &rule, &c);
		assert_int_equal(c.denominator, cases[i].beside);
		rule.remote_counts = true;
		ballot_count(&item, &rule, &c);
		assert_int_equal(c.denominator, cases[i].added);
	}
}

static void test_thresholds(void **state)
{
	static const struct {
		int in_favour, of;
		bool half, two_thirds;
	} cases[] = {
		{0, 1, false, false},
		{22, 44, false, false},
		{23, 44, true, false},
		{29, 44, true, false},
		{30, 45, true, true},
		{2, 3, true, true},
		{0, 0, false, false},
	};
	struct ballot_voter v[45];

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		v[i] = (struct ballot_voter){
			OFFICIAL, ACTIVE, .choice = CHOICES_N};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ballot_item item = {
			.voters = v, .voters_n = (size_t)cases[i].of};
		struct ballot_rule rule = {.two_thirds = false};
		struct ballot_count c = {.room_known = true,
			.room = {{[CHOICE_FOR] = cases[i].in_favour}}};

		ballot_count(&item, &rule, &c);
		assert_int_equal(c.carried, cases[i].half);
		rule.two_thirds = true;
		ballot_count(&item, &rule, &c);
		assert_int_equal(c.carried, cases[i].two_thirds);
		c.room_known = false;
		ballot_count(&item, &rule, &c);
		assert_false(c.carried);
	}
}

/* In the room and from afar: once, in the room; opinions stand apart. */
static void test_apart(void **state)
{
	struct ballot_voter v[] = {
		{OFFICIAL, ACTIVE, .choice = CHOICE_FOR},
		{OFFICIAL, ACTIVE, .present = true, .choice = CHOICE_FOR},
		{.standing = STR("probationary"),
			ACTIVE,
			.choice = CHOICE_AGAINST},
	};
	struct ballot_item item = {.voters = v, .voters_n = 3};
	struct ballot_rule rule = {.remote_counts = true};
	struct ballot_count c = {
		.room_known = true, .room = {{[CHOICE_FOR] = 1}}};

	(void)state;
	ballot_count(&item, &rule, &c);
	assert_int_equal(c.remote.n[CHOICE_FOR], 1);
	assert_int_equal(c.twice, 1);
	assert_int_equal(c.opinions.n[CHOICE_AGAINST], 1);
	assert_int_equal(c.in_favour, 2);
	assert_int_equal(c.denominator, 2);
	assert_true(c.carried);
}

/* More votes than voters: exempt ones came, or some count twice or not at all.
 * Of four official members one is exempt; two voted from afar. */
static void test_no_more_than_all(void **state)
{
	static const struct {
		int room[CHOICES_N];
		bool added;
		int in_favour, of;
	} cases[] = {
		{{3, 0, 0}, false, 3, 3},
		{{4, 0, 0}, false, 4, 4},
		{{3, 1, 0}, false, 3, 4},
		{{6, 0, 0}, false, 4, 4},
		{{3, 2, 1}, false, 1, 4},
		{{1, 0, 0}, true, 3, 3},
		{{1, 1, 0}, true, 3, 4},
		{{2, 1, 0}, true, 3, 4},
		{{0, 9, 0}, true, 0, 4},
	};
	struct ballot_voter v[] = {
		{OFFICIAL, ACTIVE, .choice = CHOICE_FOR},
		{OFFICIAL, ACTIVE, .choice = CHOICE_FOR},
		{OFFICIAL, ACTIVE, .choice = CHOICES_N},
		{OFFICIAL, EXEMPT, .choice = CHOICES_N},
		{.standing = STR("probationary"), ACTIVE, .choice = CHOICES_N},
	};
	struct ballot_item item = {.voters = v, .voters_n = 5};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ballot_rule rule = {.remote_counts = cases[i].added};
		struct ballot_count c = {.room_known = true};

		memcpy(c.room.n, cases[i].room, sizeof(c.room.n));
		ballot_count(&item, &rule, &c);
		assert_int_equal(c.in_favour, cases[i].in_favour);
		assert_int_equal(c.denominator, cases[i].of);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_chain_that_holds),
		TEST(test_a_ballot_that_was_changed),
		TEST(test_a_chain_that_was_rewritten),
		TEST(test_one_taken_out_and_one_put_in),
		TEST(test_the_item_and_its_end),
		cmocka_unit_test(test_denominator),
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_no_more_than_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
