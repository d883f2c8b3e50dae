/*
 * cidr - blocks of addresses of both kinds, and what is none.
 */
#include "gateway/base/cidr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_has(void **unused)
{
	static const struct {
		const char *block, *address;
		bool has;
	} t[] = {
		{"192.0.2.7", "192.0.2.7", true},
		{"192.0.2.7", "192.0.2.6", false},
		{"192.0.2.0/24", "192.0.2.255", true},
		{"192.0.2.0/24", "192.0.3.0", false},
		{"192.0.2.77/24", "192.0.2.1", true},
		{"192.0.2.128/25", "192.0.2.127", false},
		{"192.0.2.128/25", "192.0.2.128", true},
		{"192.0.2.8/31", "192.0.2.9", true},
		{"192.0.2.8/31", "192.0.2.10", false},
		{"0.0.0.0/0", "255.1.2.3", true},
		{"0.0.0.0/0", "::1", false},
		{"::/0", "192.0.2.1", true},
		{"192.0.2.0/24", "::ffff:192.0.2.9", true},
		{"::ffff:192.0.2.0/120", "192.0.2.9", true},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"::1", "::1", true},
		{"::1", "127.0.0.1", false},
		{"127.0.0.1", "", false},
		{"127.0.0.1", "127.0.0.1 ", false},
		{"127.0.0.1", "localhost", false},
		{"::/0", "fe80::1%eth0", false},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct cidr c[2] = {{{1}, 128}};

		assert_int_equal(cidr_parse(str_of(t[i].block), &c[1]), 0);
		assert_int_equal(
			cidr_has(c, 2, str_of(t[i].address)), t[i].has);
		assert_false(cidr_has(c, 0, str_of(t[i].address)));
	}
}

static void test_none(void **unused)
{
	static const char *const t[] = {"", "/", "/8", "192.0.2.0/",
		"192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/+8", "192.0.2.0/ 8",
		"192.0.2.0/8/8", "192.0.2", "192.0.2.256", "a.b.c.d",
		"2001:db8::/129", "2001:db8::g", "[::1]", "127.0.0.1:80",
		"192.0.2.0/99999999999999999999",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"};
	struct cidr c = {{9}, 7};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(cidr_parse(str_of(t[i]), &c), -1);
	assert_int_equal(c.bits, 7);
	assert_int_equal(cidr_parse((struct str){"127.0.0.1\0", 10}, &c), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
