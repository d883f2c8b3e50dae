/*
 * USSD sessions through the store: what a request that is repeated does, what
 * cumulative input means, and what happens to a screen that comes too late.
 */
#include "tests/unit/intake_rig.h"

#include "gateway/errands.h"
#include "gateway/talk.h"

struct phone_rig {
	const char *session;
	bool cumulative, sequence;
	int64_t n;
	bool late;
	struct talk_result r; /* of the last hop */
};

static bool is_late(void *arg)
{
	const struct phone_rig *p = arg;

	return p->late;
}

static void hop_as(struct rig *r, struct phone_rig *p, const char *input,
	bool fresh, int64_t sequence)
{
	struct ussd_hop h = {
		.event = USSD_HOP,
		.session = str_of(p->session),
		.phone = STR(SECRETARY),
		.code = STR("*384*7#"),
		.fresh = fresh,
		.input = str_of(input),
		.cumulative = p->cumulative,
		.sequence = p->sequence ? sequence : 0,
	};
	struct talk_input in = {
		.settings = r->set,
		.hop = &h,
		.channel = STR("demo"),
		.arena = r->a,
		.budget = r->budget,
		.now_ms = r->now_ms += 1000,
		.too_late = is_late,
		.arg = p,
	};

	assert_int_equal(talk_hop(r->s, &in, &p->r), 0);
}

static void hop(struct rig *r, struct phone_rig *p, const char *input)
{
	p->n++;
	hop_as(r, p, input, p->n == 1, p->n);
}

static void end(struct rig *r, struct phone_rig *p)
{
	struct ussd_hop h = {
		.event = USSD_ENDED, .session = str_of(p->session)};
	struct talk_input in = {
		.settings = r->set,
		.hop = &h,
		.channel = STR("demo"),
		.arena = r->a,
		.now_ms = r->now_ms += 1000,
	};

	assert_int_equal(talk_hop(r->s, &in, &p->r), 0);
	assert_int_equal(p->r.screen.text.n, 0);
}

static void shows(const struct phone_rig *p, bool more, const char *what)
{
	if (p->r.screen.more == more &&
		str_find(p->r.screen.text, str_of(what), 0) >= 0)
		return;
	fail_msg("expected %s %s, got %s %.*s", more ? "CON" : "END", what,
		p->r.screen.more ? "CON" : "END", STR_ARG(p->r.screen.text));
}

static void run_errands(struct rig *r)
{
	struct errands_input in = {
		.settings = r->set, .arena = r->a, .now_ms = r->now_ms};
	struct errands_result done;

	assert_int_equal(errands_run(r->s, &in, &done), 0);
	take(r);
}

/* ---- the whole way ---- */

static void test_latest_alone(void **state)
{
	static const char *const typed[] = {"", "1", "2", "47", "35", "10"};
	struct phone_rig p = {.session = "s"};

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		hop(*state, &p, typed[i]);
	shows(&p, true, "VK");
	assert_int_equal(p.r.message_id, 0);
	hop(*state, &p, "2");
	shows(&p, false, "MG07 5/11: TS47 CM35 VP10 VK2");
	assert_int_not_equal(p.r.message_id, 0);
	assert_int_equal(p.r.queued, 0);
	stored(*state, 1, 35, 10);
	take(*state);
	assert_null(taken(*state, SECRETARY));
}

static void test_cumulative(void **state)
{
	static const char *const typed[] = {"", "1", "1*2", "1*2*47",
		"1*2*47*35", "1*2*47*35*10", "1*2*47*35*10*2"};
	struct phone_rig p = {.session = "s", .cumulative = true};

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		hop(*state, &p, typed[i]);
	shows(&p, false, "MG07 5/11: TS47 CM35 VP10 VK2");
	stored(*state, 1, 35, 10);
}

/* A `*` inside an answer is part of it. */
static void test_star_in_answer(void **state)
{
	struct phone_rig p = {.session = "s", .cumulative = true};

	hop(*state, &p, "");
	hop(*state, &p, "1");
	hop(*state, &p, "1*3");
	hop(*state, &p, "1*3*5*11");
	shows(&p, true, "TS");
	hop(*state, &p, "1*3*5*11*47");
	hop(*state, &p, "1*3*5*11*47*35");
	hop(*state, &p, "1*3*5*11*47*35*10");
	hop(*state, &p, "1*3*5*11*47*35*10*2");
	stored(*state, 1, 35, 10);
}

/* Dialled with answers; the one that does not fit is asked, the rest goes. */
static void test_dialled_with_answers(void **state)
{
	struct phone_rig p = {.session = "a", .cumulative = true};
	struct phone_rig q = {.session = "b", .sequence = true};

	hop(*state, &p, "1*2*47*35*10*2");
	shows(&p, false, "MG07 5/11: TS47 CM35 VP10 VK2");
	stored(*state, 1, 35, 10);
	hop(*state, &q, "1*2*47*99*1*1");
	shows(&q, true, "CM");
	hop(*state, &q, "36");
	shows(&q, true, "VP");
}

/* What was seen is not what the input begins with: from the menu again. */
static void test_other_beginning(void **state)
{
	struct phone_rig p = {.session = "s", .cumulative = true};

	hop(*state, &p, "");
	hop(*state, &p, "1");
	hop(*state, &p, "1*1");
	hop(*state, &p, "1*2*47");
	shows(&p, true, "CM");
	hop(*state, &p, "1*2*47*35*10*2"); /* one answer, and none that fits */
	shows(&p, true, "CM");
	hop(*state, &p, "1*2*47*35*10");
	shows(&p, true, "VK");
	hop(*state, &p, "1*2*47*35*10*2");
	stored(*state, 1, 35, 10);
}

/* ---- the same request again ---- */

/* A request of before that comes once more goes nowhere back: else the next
 * one, 2*11 behind it, were a day. */
static void test_stale(void **state)
{
	struct phone_rig p = {.session = "s", .cumulative = true};

	hop(*state, &p, "");
	hop(*state, &p, "1");
	hop(*state, &p, "1*2");
	hop(*state, &p, "1");
	shows(&p, true, "TS");
	hop(*state, &p, "1*2*47");
	hop(*state, &p, "1*2*47*35");
	hop(*state, &p, "1*2");
	shows(&p, true, "VP");
	hop(*state, &p, "1*2*47*35*10");
	hop(*state, &p, "1*2*47*35*10*2");
	stored(*state, 1, 35, 10);
}

static void test_repeated(void **state)
{
	static const char *const all[] = {"", "1", "1*2", "1*2*47", "1*2*47*35",
		"1*2*47*35*10", "1*2*47*35*10*2"};
	static const char *const last[] = {"", "1", "2", "47", "35", "10", "2"};
	struct rig *r = *state;

	for (int k = 0; k < 2; k++) {
		struct phone_rig p = {.session = k == 0 ? "a" : "b",
			.cumulative = k == 0,
			.sequence = k == 1};
		struct str screen;

		for (size_t i = 0; i < 7; i++) {
			hop(r, &p, k == 0 ? all[i] : last[i]);
			screen = p.r.screen.text;
			hop_as(r, &p, k == 0 ? all[i] : last[i], i == 0, p.n);
			assert_true(str_eq(screen, p.r.screen.text));
			assert_int_equal(p.r.screen.more, i < 6);
			assert_int_equal(p.r.message_id, 0);
		}
		stored(r, 1, 35, 10);
	}
}

/* After it has ended, another input begins nothing. */
static void test_over(void **state)
{
	struct phone_rig p = {.session = "s"};

	hop(*state, &p, "");
	hop(*state, &p, "000");
	shows(&p, false, "");
	hop(*state, &p, "1");
	shows(&p, false, "Phien nay da het");
	hop_as(*state, &p, "", true, 0);
	shows(&p, true, "1 ");
}

/* A provider may give the name of a session to another one, later. */
static void test_name_again(void **state)
{
	struct rig *r = *state;

	for (int k = 0; k < 2; k++) {
		struct phone_rig p = {
			.session = "s", .cumulative = k == 0, .n = 1};

		r->now_ms += HOUR;
		hop_as(r, &p, "", true, 0);
		shows(&p, true, "1 ");
		hop(r, &p, "1");
		r->now_ms += HOUR;
		hop_as(r, &p, "", true, 0);
		shows(&p, true, "1 ");
		hop(r, &p, "1");
		shows(&p, true, "Ngay hop");
		r->now_ms += HOUR;
		hop(r, &p, k == 0 ? "1*2*47" : "47");
		shows(&p, k == 0, k == 0 ? "CM" : "Phien nay da het");
	}
}

/* ---- an answer that asks ---- */

static void test_asked_on_screen(void **state)
{
	struct phone_rig p = {.session = "s", .sequence = true};

	hop(*state, &p, "1*2*45*35*8*2");
	shows(&p, true, "TS45 khac danh sach 47");
	stored(*state, 0, 0, 0);
	hop(*state, &p, "TS47 CM35 VP10 VK2");
	shows(&p, false, "MG07 5/11: TS47 CM35 VP10 VK2");
	stored(*state, 1, 35, 10);
	take(*state);
	assert_null(taken(*state, SECRETARY));
}

/* 00: the last field; 000: no more, and the question stays open. */
static void test_asked_and_left(void **state)
{
	struct rig *r = *state;
	struct phone_rig p = {.session = "s", .sequence = true};

	hop(r, &p, "1*2*45*35*8*2");
	hop(r, &p, "00");
	shows(&p, true, "VK");
	hop(r, &p, "00");
	shows(&p, true, "VP");
	hop(r, &p, "7");
	hop(r, &p, "3");
	shows(&p, true, "TS45 khac danh sach 47");
	hop(r, &p, "000");
	shows(&p, false, "");
	r->now_ms += MINUTE;
	text(r, SECRETARY, "TS47 CM35 VP10 VK2");
	stored(r, 1, 35, 10);
}

/* Hung up before it was answered: the question follows by SMS. */
static void test_asked_and_dropped(void **state)
{
	struct rig *r = *state;
	struct phone_rig p = {.session = "s", .sequence = true};

	hop(r, &p, "1*2*45*35*8*2");
	end(r, &p);
	assert_true(p.r.planned);
	run_errands(r);
	assert_true(holds(taken(r, SECRETARY), "TS45 khac danh sach 47"));
	r->now_ms += MINUTE;
	text(r, SECRETARY, "TS47 CM35 VP10 VK2");
	stored(r, 1, 35, 10);
}

/* Whole, but nobody saw the echo: it is not stored before a `1`. */
static void test_dropped_whole(void **state)
{
	struct rig *r = *state;
	struct phone_rig p = {.session = "s", .sequence = true};

	hop(r, &p, "1*2*47*35*10");
	end(r, &p);
	end(r, &p);
	run_errands(r);
	stored(r, 0, 0, 0);
	assert_non_null(taken(r, SECRETARY));
	r->now_ms += MINUTE;
	run_errands(r);
	assert_null(taken(r, SECRETARY));
}

/* ---- too late ---- */

static void test_late_screen(void **state)
{
	struct rig *r = *state;
	struct phone_rig p = {.session = "s", .sequence = true};

	hop(r, &p, "");
	hop(r, &p, "1");
	p.late = true;
	hop(r, &p, "2");
	assert_int_equal(p.r.screen.text.n, 0);
	assert_int_equal(p.r.queued, 1);
	take(r);
	assert_true(holds(taken(r, SECRETARY), "TS"));
	r->now_ms += MINUTE;
	text(r, SECRETARY, "47");
	take(r);
	assert_true(holds(taken(r, SECRETARY), "CM"));
}

static void test_late_echo(void **state)
{
	struct rig *r = *state;
	struct phone_rig p = {.session = "s", .sequence = true};

	hop(r, &p, "1*2*47*35*10");
	p.late = true;
	hop(r, &p, "2");
	assert_int_equal(p.r.queued, 1);
	stored(r, 1, 35, 10);
	take(r);
	assert_int_equal(r->out_n, 1);
	assert_true(holds(taken(r, SECRETARY), "TS47 CM35 VP10 VK2"));
	p.late = false;
	hop_as(r, &p, "2", false, p.n);
	shows(&p, false, "");
	stored(r, 1, 35, 10);
}

/* Screens cost nothing: not now, and not after a start. */
static void test_no_budget(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 4; i++) {
		struct phone_rig p = {
			.session = i % 2 == 0 ? "a" : "b", .sequence = true};

		hop(r, &p, "1*2*47*35*10*2");
		shows(&p, false, "TS47 CM35 VP10 VK2");
		r->now_ms += 2 * MINUTE;
	}
	budget_free(r->budget);
	r->budget = budget_new();
	assert_int_equal(guard_recall(r->budget, r->s, r->now_ms), 0);
	text(r, SECRETARY, "XEM");
	assert_true(r->r.reply.n > 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_latest_alone),
		T(test_cumulative),
		T(test_star_in_answer),
		T(test_dialled_with_answers),
		T(test_other_beginning),
		T(test_stale),
		T(test_repeated),
		T(test_over),
		T(test_name_again),
		T(test_asked_on_screen),
		T(test_asked_and_left),
		T(test_asked_and_dropped),
		T(test_dropped_whole),
		T(test_late_screen),
		T(test_late_echo),
		T(test_no_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
