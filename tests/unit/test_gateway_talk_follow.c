/*
 * talk_follow: a screen that was stored and could not be shown. And the phone,
 * where a provider says it at the beginning alone.
 */
#include "tests/unit/intake_rig.h"

#include "gateway/talk.h"

/* One request of the session; phone: NULL for none. */
static struct talk_result hop_at(struct rig *r, const char *phone,
	const char *input, bool fresh, bool follows)
{
	const struct ussd_hop h = {
		.event = USSD_HOP,
		.session = STR("s"),
		.phone = str_of(phone),
		.fresh = fresh,
		.input = str_of(input),
	};
	const struct talk_input in = {
		.settings = r->set,
		.hop = &h,
		.channel = STR("demo"),
		.arena = r->a,
		.budget = r->budget,
		.now_ms = r->now_ms += 1000,
	};
	struct talk_result ret;

	assert_int_equal(talk_hop(r->s, &in, &ret), 0);
	if (follows)
		assert_int_equal(talk_follow(r->s, &in, &ret), 0);
	return ret;
}

static void followed(struct rig *r, const char *what)
{
	take(r);
	assert_true(holds(taken(r, SECRETARY), what));
}

/* The figures are stored once, and told once. */
static void test_echo(void **state)
{
	struct rig *r = *state;
	struct talk_result ret;

	hop_at(r, SECRETARY, "1*2*47*35*10", true, false);
	ret = hop_at(r, SECRETARY, "2", false, true);
	assert_int_not_equal(ret.message_id, 0);
	assert_int_equal(ret.queued, 1);
	stored(r, 1, 35, 10);
	followed(r, "TS47 CM35 VP10 VK2");
	assert_int_equal(r->out_n, 1);
	text(r, SECRETARY, "SUA CM34 VP11");
	stored(r, 2, 34, 11);
}

/* The form goes on by SMS, from the screen that nobody saw. */
static void test_form(void **state)
{
	struct rig *r = *state;
	static const char *const typed[] = {"47", "35", "10"};
	static const char *const asked[] = {"CM", "VP", "VK"};

	hop_at(r, SECRETARY, "1", true, false);
	hop_at(r, SECRETARY, "2", false, true);
	followed(r, "TS");
	for (size_t i = 0; i < 3; i++) {
		r->now_ms += 60000;
		text(r, SECRETARY, typed[i]);
		followed(r, asked[i]);
	}
	r->now_ms += 60000;
	text(r, SECRETARY, "2");
	stored(r, 1, 35, 10);
}

/* Who has dialled anew needs no screen of before. */
static void test_dialled_anew(void **state)
{
	struct rig *r = *state;
	const struct ussd_hop h = {
		.session = STR("s"), .phone = STR(SECRETARY)};
	const struct talk_input in = {
		.settings = r->set,
		.hop = &h,
		.channel = STR("demo"),
		.arena = r->a,
		.now_ms = r->now_ms,
	};
	struct talk_result ret = hop_at(r, SECRETARY, "1", true, false);
	const struct ussd_hop other = {.session = STR("t"),
		.phone = STR(SECRETARY),
		.fresh = true,
		.input = STR("")};
	struct talk_input anew = in;
	struct talk_result menu;

	anew.hop = &other;
	assert_int_equal(talk_hop(r->s, &anew, &menu), 0);
	assert_int_equal(talk_follow(r->s, &in, &ret), 0);
	assert_int_equal(ret.queued, 0);
	take(r);
	assert_null(taken(r, SECRETARY));
}

static void test_phone_said_once(void **state)
{
	static const char *const typed[] = {"1", "2", "47", "35", "10"};
	struct rig *r = *state;
	struct talk_result ret;

	hop_at(r, SECRETARY, "", true, false);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		assert_true(
			hop_at(r, NULL, typed[i], false, false).screen.more);
	ret = hop_at(r, NULL, "2", false, false);
	assert_true(
		str_find(ret.screen.text, STR("TS47 CM35 VP10 VK2"), 0) >= 0);
	stored(r, 1, 35, 10);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(test_echo),
		T(test_form),
		T(test_dialled_anew),
		T(test_phone_said_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
