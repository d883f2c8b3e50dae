/*
 * One phone has one canonical form, and nothing that is no phone gets one.
 */
#include "parsers/phone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct phone_case {
	const char *raw, *want; /* want NULL: not a phone */
} phone_cases[] = {
	{"0912345678", "+84912345678"},
	{"84912345678", "+84912345678"},
	{"+84912345678", "+84912345678"},
	{"0084912345678", "+84912345678"},
	{"840912345678", "+84912345678"},
	{"+84 (0) 912-345.678", "+84912345678"},
	{" 091 234 5678 ", "+84912345678"},
	/* the renumbering of 2018, one of each carrier and of each way */
	{"01201234567", "+84701234567"},
	{"01211234567", "+84791234567"},
	{"01221234567", "+84771234567"},
	{"01261234567", "+84761234567"},
	{"01281234567", "+84781234567"},
	{"01231234567", "+84831234567"},
	{"01241234567", "+84841234567"},
	{"01251234567", "+84851234567"},
	{"01271234567", "+84811234567"},
	{"01291234567", "+84821234567"},
	{"01621234567", "+84321234567"},
	{"+841631234567", "+84331234567"},
	{"841641234567", "+84341234567"},
	{"00841651234567", "+84351234567"},
	{"8401661234567", "+84361234567"},
	{"01671234567", "+84371234567"},
	{"01681234567", "+84381234567"},
	{"01691234567", "+84391234567"},
	{"01861234567", "+84561234567"},
	{"01881234567", "+84581234567"},
	{"01991234567", "+84591234567"},
	{"01821234567", NULL}, /* unconfirmed: not guessed */
	/* landlines and the police's own */
	{"02123852000", "+842123852000"},
	{"0692345678", "+84692345678"},
	{"069007889", "+8469007889"},
	{"+8469007889", "+8469007889"},
	/* abroad */
	{"+14158675309", "+14158675309"},
	{"0014158675309", "+14158675309"},
	{"14843472194", "+14843472194"},
	{"+85620123456", "+85620123456"},
	/* not phones */
	{"", NULL},
	{"+", NULL},
	{"195", NULL},
	{"9029", NULL},
	{"1234567", NULL},
	{"VIETTEL", NULL},
	{"0912 345 67", NULL},
	{"091234567890", NULL},
	{"18001166", NULL},
	{"1900123456", NULL},
	{"+84112345678", NULL},
	{"09123456+78", NULL},
	{"++84912345678", NULL},
	{"0912345678x", NULL},
	{"12345678901234567890123456789012345", NULL},
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(phone_cases) / sizeof(phone_cases[0]);
		i++) {
		const struct phone_case *c = &phone_cases[i];
		struct phone p = {.z = ""};
		int rc = phone_parse(str_of(c->raw), &p);

		if (rc != (c->want != NULL ? 0 : -1) ||
			(c->want != NULL && strcmp(p.z, c->want) != 0))
			fail_msg("%s: got %d %s", c->raw, rc, p.z);
	}
}

static void test_parse_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(phone_cases) / sizeof(phone_cases[0]);
		i++) {
		struct phone p;

		if (phone_cases[i].want == NULL)
			continue;
		assert_int_equal(
			phone_parse(str_of(phone_cases[i].want), &p), 0);
		assert_string_equal(p.z, phone_cases[i].want);
	}
}

static void test_answerable(void **state)
{
	(void)state;
	assert_true(phone_is_answerable(STR("+84912345678")));
	assert_true(phone_is_answerable(STR("+84900000007")));
	assert_true(phone_is_answerable(STR("+14158675309")));
	assert_false(phone_is_answerable(STR("0912345678")));
	assert_false(phone_is_answerable(STR("+841201234567")));
	assert_false(phone_is_answerable(STR("+842123852000")));
	assert_false(phone_is_answerable(STR("+195")));
	assert_false(phone_is_answerable(STR("195")));
	assert_false(phone_is_answerable(STR("MobiFone")));
	assert_false(phone_is_answerable((struct str){NULL, 0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_again),
		cmocka_unit_test(test_answerable),
	};

	return cmocka_run_group_tests_name("parsers_phone", tests, NULL, NULL);
}
