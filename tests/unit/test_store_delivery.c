/*
 * Delivery reports: what each makes of a text in each state, that neither
 * order nor repeats matter, and what many make of a text in parts.
 */
#include "tests/unit/delivery_rig.h"

/* Every state, every report, of a text whose first attempt is answered. */
static void test_every_state_and_report(void **unused)
{
	/* As DELIVERY_SAYS: unknown, queued, sent, temporary, expired,
	 * failed, delivered, opted_out. */
	static const struct {
		const char *was, *becomes[DELIVERY_SAYS_N];
	} t[] = {
		{"queued", {"queued", "sent", "sent", "sent", "expired",
				   "failed", "delivered", "failed"}},
		{"held", {"held", "sent", "sent", "sent", "expired", "failed",
				 "delivered", "failed"}},
		{"sending", {"sending", "sent", "sent", "sent", "expired",
				    "failed", "delivered", "failed"}},
		{"unsure", {"unsure", "sent", "sent", "sent", "expired",
				   "failed", "delivered", "failed"}},
		{"sent", {"sent", "sent", "sent", "sent", "expired", "failed",
				 "delivered", "failed"}},
		{"expired",
			{"expired", "expired", "expired", "expired", "expired",
				"failed", "delivered", "failed"}},
		{"failed", {"failed", "failed", "failed", "failed", "failed",
				   "failed", "delivered", "failed"}},
		{"delivered", {"delivered", "delivered", "delivered",
				      "delivered", "delivered", "delivered",
				      "delivered", "delivered"}},
	};
	struct fixture *f = *unused;
	int64_t id = add(f, "bulk");

	assert_int_equal(claim(f, 0), 1);
	(void)answer(f, id, OUTBOX_SENT, NULL, 1);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		for (int k = 0; k < DELIVERY_SAYS_N; k++) {
			struct delivery_result r;

			mark(f);
			set_state(f, id, t[i].was);
			r = say(f, id, (enum delivery_says)k);
			assert_int_equal(r.fate, DELIVERY_KEPT);
			SAME(str_of(outbox_state_str(r.before)), t[i].was);
			assert_string_equal(
				outbox_state_str(r.after), t[i].becomes[k]);
			assert_string_equal(state_of(f, id), t[i].becomes[k]);
			back(f);
		}
}

/* ---- order and repeats ---- */

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 16;
}

#define SET_MAX 7

/* By our id or theirs; of the whole, a numbered part, or some part. */
static struct delivery_report random_report(
	struct fixture *f, int64_t id, uint32_t *seed)
{
	struct delivery_report r = report(f, id,
		(enum delivery_says)(next_random(seed) % DELIVERY_SAYS_N));

	if (next_random(seed) % 2 == 0) {
		r.own = (struct str){NULL, 0};
		r.ref = STR("their-1");
	}
	r.part = (int)(next_random(seed) % 4) - 1;
	r.parts = next_random(seed) % 3 == 0 ? 2 : 0;
	if (next_random(seed) % 2 == 0)
		r.event = arena_printf(f->a, "e%d", next_random(seed) % 5);
	return r;
}

static void shuffle(int *v, size_t n, uint32_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = next_random(seed) % i;
		int x = v[i - 1];

		v[i - 1] = v[k];
		v[k] = x;
	}
}

/* The end of a text when all this comes, and the answer somewhere between. */
static const char *end_of(struct fixture *f, const struct delivery_report *v,
	size_t n, int parts, uint32_t *seed)
{
	int order[2 * SET_MAX + 1];
	size_t len = 0;
	const char *end;
	int64_t id;

	mark(f);
	id = add(f, "reply");
	assert_int_equal(claim(f, 0), 1);
	for (size_t i = 0; i < n; i++) {
		order[len++] = (int)i;
		if (next_random(seed) % 2 == 0)
			order[len++] = (int)i;
	}
	order[len++] = -1;
	shuffle(order, len, seed);
	for (size_t i = 0; i < len; i++)
		if (order[i] < 0)
			(void)answer(f, id, OUTBOX_SENT, "their-1", parts);
		else
			(void)take(f, &v[order[i]]);
	assert_int_equal(count(f, "SELECT count(*) FROM report_parked"), 0);
	end = state_of(f, id);
	back(f);
	return end;
}

/*
 * Two reports of one event that say different things are no repeat of one
 * another, and which is kept does depend on the order: none are made here.
 */
static bool is_new_event(
	const struct delivery_report *v, size_t n, struct str event)
{
	for (size_t i = 0; i < n; i++)
		if (event.n > 0 && str_eq(v[i].event, event))
			return false;
	return true;
}

static void test_no_order_and_no_repeat_matters(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "bulk");
	uint32_t seed = 2026;
	int seen[OUTBOX_STATE_N] = {0};

	/* Takes the number that end_of's texts will have. */
	assert_int_equal(
		sqlite3_exec(f->s->db, "DELETE FROM outbox", NULL, NULL, NULL),
		SQLITE_OK);
	for (int round = 0; round < 300; round++) {
		struct delivery_report v[SET_MAX];
		size_t n = next_random(&seed) % SET_MAX + 1, made = 0;
		int parts = (int)(next_random(&seed) % 3);
		const char *first;

		while (made < n) {
			v[made] = random_report(f, id, &seed);
			made += is_new_event(v, made, v[made].event);
		}
		first = end_of(f, v, n, parts, &seed);
		for (int k = 0; k < 4; k++)
			assert_string_equal(
				end_of(f, v, n, parts, &seed), first);
		for (int k = 0; k < OUTBOX_STATE_N; k++)
			seen[k] += str_is(str_of(first),
				outbox_state_str((enum outbox_state)k));
	}
	assert_true(seen[OUTBOX_SENT] > 5 && seen[OUTBOX_EXPIRED] > 5 &&
		    seen[OUTBOX_FAILED] > 5 && seen[OUTBOX_DELIVERED] > 5);
}

/* ---- parts ---- */

/* "d2": part 2 is delivered; "f-": one part failed; "s": all is sent. */
static struct delivery_report report_of(
	struct fixture *f, int64_t id, struct str word, int n)
{
	static const enum delivery_says says[] = {
		['d'] = DELIVERY_SAYS_DELIVERED,
		['e'] = DELIVERY_SAYS_EXPIRED,
		['f'] = DELIVERY_SAYS_FAILED,
		['s'] = DELIVERY_SAYS_SENT,
	};
	struct delivery_report r =
		report(f, id, says[(unsigned char)word.p[0]]);

	r.event = arena_printf(f->a, "e%d", n);
	if (word.n > 1)
		r.part = word.p[1] == '-' ? -1 : word.p[1] - '0';
	return r;
}

static void test_parts(void **unused)
{
	/* The digit in front: the parts that the answer told. */
	static const struct {
		const char *reports, *end;
	} t[] = {
		{"2 d1", "sent"},
		{"2 d1 d1", "sent"},
		{"2 d1 d2", "delivered"},
		{"2 d2 f1", "failed"},
		{"2 f1 d1", "failed"},
		{"2 f1 d1 d2", "delivered"},
		{"2 f1 d", "delivered"},
		{"2 d f1", "delivered"},
		{"2 e2 d1", "expired"},
		{"2 e2 f1", "failed"},
		{"2 d- d-", "delivered"},
		{"2 d- f", "failed"},
		{"2 f d- d-", "delivered"},
		{"1 d-", "delivered"},
		{"0 d- d- d-", "sent"},
		{"3 s1 s2 s3", "sent"},
	};
	struct fixture *f = *unused;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct str rest = str_of(t[i].reports), word;
		int64_t id, parts;
		int n = 0;

		mark(f);
		id = add(f, "reply");
		assert_int_equal(claim(f, 0), 1);
		assert_true(str_next(&rest, ' ', &word));
		assert_int_equal(str_to_i64(word, &parts), 0);
		(void)answer(f, id, OUTBOX_SENT, NULL, (int)parts);
		while (str_next(&rest, ' ', &word)) {
			struct delivery_report r = report_of(f, id, word, n++);

			(void)take(f, &r);
		}
		assert_string_equal(state_of(f, id), t[i].end);
		back(f);
	}
}

static void test_one_part_before_the_answer(void **unused)
{
	struct fixture *f = *unused;
	int64_t id = add(f, "reply");
	struct delivery_report r = report(f, id, DELIVERY_SAYS_DELIVERED);
	struct delivery_result told;

	r.part = -1;
	assert_int_equal(claim(f, 0), 1);
	assert_int_equal(take(f, &r).after, OUTBOX_SENT);
	told = answer(f, id, OUTBOX_SENT, "their-1", 1);
	assert_int_equal(told.before, OUTBOX_SENT);
	assert_int_equal(told.after, OUTBOX_DELIVERED);
	assert_string_equal(state_of(f, id), "delivered");
	assert_string_equal(column(f, id, "ref"), "their-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_state_and_report),
		TEST(test_no_order_and_no_repeat_matters),
		TEST(test_parts),
		TEST(test_one_part_before_the_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
