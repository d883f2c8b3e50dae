/*
 * digest: published vectors, and one of an SMS gateway's own signature.
 */
#include "gateway/base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N(table) (sizeof(table) / sizeof((table)[0]))

static int setup(void **state)
{
	*state = arena_new(1024);
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void is(const struct digest *d, const char *hex)
{
	assert_true(digest_is_hex(d, str_of(hex)));
}

/* RFC 1321 §A.5, FIPS 180-2. */
static void hashes(void **state)
{
	const struct str abc[] = {STR("a"), STR(""), STR("bc")};
	struct digest d;

	(void)state;
	d = digest_of(DIGEST_MD5, abc, 3);
	is(&d, "900150983cd24fb0d6963f7d28e17f72");
	d = digest_of(DIGEST_SHA1, abc, 3);
	is(&d, "a9993e364706816aba3e25717850c26c9cd0d89d");
	d = digest_of(DIGEST_SHA256, abc, 3);
	is(&d, "ba7816bf8f01cfea414140de5dae2223"
	       "b00361a396177a9cb410ff61f20015ad");
	d = digest_of(DIGEST_SHA512, abc, 3);
	is(&d, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"
	       "0a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
	       "454d4423643ce80e2a9ac94fa54ca49f");
	d = digest_of(DIGEST_SHA256, NULL, 0);
	is(&d, "e3b0c44298fc1c149afbf4c8996fb924"
	       "27ae41e4649b934ca495991b7852b855");
	d = digest_of(DIGEST_MD5,
		&STR("abcdef1234xyz17417a0d20114d36a902e49cad0e97f3"), 1);
	is(&d, "3bce677365c1c8e8539bc6bcb76ad828");
}

/* RFC 4231 §4.3, §4.7 (a key longer than a block), RFC 2202 §3. */
static void hmacs(void **state)
{
	const struct str jefe[] = {
		STR("what do ya want "), STR("for nothing?")};
	const struct str large =
		STR("Test Using Larger Than Block-Size Key - Hash Key First");
	char key[131];
	struct digest d;

	(void)state;
	d = digest_hmac(DIGEST_SHA256, STR("Jefe"), jefe, 2);
	is(&d, "5bdcc146bf60754e6a042426089575c7"
	       "5a003f089d2739839dec58b964ec3843");
	d = digest_hmac(DIGEST_SHA512, STR("Jefe"), jefe, 2);
	is(&d, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6"
	       "10270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
	       "caeab1a34d4a6b4b636e070a38bce737");
	d = digest_hmac(DIGEST_SHA1, STR("Jefe"), jefe, 2);
	is(&d, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	d = digest_hmac(DIGEST_MD5, STR("Jefe"), jefe, 2);
	is(&d, "750c783e6ab0b503eaa86e310a5db738");
	memset(key, 0xaa, sizeof(key));
	d = digest_hmac(
		DIGEST_SHA256, (struct str){key, sizeof(key)}, &large, 1);
	is(&d, "60e431591ee0b67f0d8a26aacbf5b77f"
	       "8e0bc6213728c5140546040f0ee37f54");
	d = digest_hmac(DIGEST_SHA256, (struct str){NULL, 0}, NULL, 0);
	is(&d, "b613679a0814d9ec772f95d778c35fc5"
	       "ff1697c493715653c6c712144292c5ad");
}

/* SMSGate signs the body followed by the X-Timestamp header. */
static void smsgate_signature(void **state)
{
	const struct str parts[] = {
		STR("{\"deviceId\":\"ffffffffceb0b1db0000018e937c815b\","
		    "\"event\":\"sms:received\",\"id\":"
		    "\"Ey6ECgOkVVFjz3CL48B8C\",\"payload\":{\"messageId\":"
		    "\"abc123\",\"message\":\"GIA LUA\",\"sender\":"
		    "\"+84912345678\",\"simNumber\":1,\"receivedAt\":"
		    "\"2024-06-22T15:46:11.000+07:00\"},\"webhookId\":"
		    "\"LreFUt-Z3sSq0JufY9uWB\"}"),
		STR("1719045971"),
	};
	struct digest d = digest_hmac(DIGEST_SHA256, STR("TESTKEY1"), parts, 2);

	(void)state;
	assert_int_equal(parts[0].n, 271);
	is(&d, "eb106f0679c136559be47918dbe363f5"
	       "baef09eb04110908b0004ef0fbeff9e7");
}

static void compares(void **state)
{
	struct digest d = {.b = {0x0a, 0xff, 0x31}, .n = 3};
	static const char *const bad[] = {"0aff3", "0aff310", "", "0aff32",
		"1aff31", "0aFF3\x11", "0a&&31", "*aff31", "0Affq1"};

	assert_true(digest_is_hex(&d, STR("0aff31")));
	assert_true(digest_is_hex(&d, STR("0AfF31")));
	for (size_t i = 0; i < N(bad); i++)
		assert_false(digest_is_hex(&d, str_of(bad[i])));
	assert_true(str_is(digest_hex(&d, *state), "0aff31"));
	assert_true(digest_same(STR("abc"), STR("abc")));
	assert_false(digest_same(STR("abc"), STR("abd")));
	assert_false(digest_same(STR("abc"), STR("abcd")));
	assert_true(digest_same(STR(""), (struct str){NULL, 0}));
}

static void base64(void **state)
{
	static const char *const row[][2] = {{"", ""}, {"f", "Zg=="},
		{"fo", "Zm8="}, {"foo", "Zm9v"}, {"user:pass", "dXNlcjpwYXNz"}};

	for (size_t i = 0; i < N(row); i++)
		assert_true(str_is(
			digest_base64(str_of(row[i][0]), *state), row[i][1]));
}

static void random_bytes_differ(void **state)
{
	unsigned char a[300], b[300];

	(void)state;
	digest_random(a, sizeof(a));
	digest_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_not_equal(a + 150, b + 150, 150);
	digest_random(a, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes),
		cmocka_unit_test(hmacs),
		cmocka_unit_test(smsgate_signature),
		cmocka_unit_test(compares),
		cmocka_unit_test(base64),
		cmocka_unit_test(random_bytes_differ),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
