/*
 * generic, authenticity: every algorithm against figures of another program,
 * a wrong byte anywhere, clocks, secrets, log-ins, TLS, and all of them at
 * once; faults of a configuration shown at their place.
 */
#include "gateway/base/digest.h"
#include "tests/unit/provider_rig.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define KEY "correct-horse"
#define BODY "{\"id\":\"a1\",\"from\":\"0912345678\",\"text\":\"GÓP Ý\"}"
#define URL "https://sms.example.vn/in/demo/T?a=1&ts=1719045971"
#define STAMP "1719045971"

/* By Python's hmac and hashlib, over the call below. */
static const struct vector {
	const char *algorithm, *encoding, *over, *sign;
} vector[] = {
	{"hmac-sha256", "hex", "{timestamp}.{body}",
		"743dde5875ac8126bdcc5ada58e435f05fdae351505485235af2ded5"
		"e837f6b5"},
	{"hmac-sha256", "base64", "{timestamp}.{body}",
		"dD3eWHWsgSa9zFraWOQ18F/a41FQVIUjWvLe1eg39rU="},
	{"sha256-plain", "hex", "{body}{secret}{timestamp}",
		"2fb0100eeba57d8e33f8c6e3ba5769c0e845519c2cd34a584b09310b"
		"c5c89e3f"},
	{"sha256-plain", "base64", "{body}{secret}{timestamp}",
		"L7AQDuulfY4z+MbjuldpwOhFUZws00pYSwkxC8XInj8="},
	{"hmac-sha512", "hex", "{timestamp}.{body}",
		"e4f1f81505918a53d2d926a8381528916f6c034a4691cba4637346f9"
		"b40c0ef4e553f8a511e3c2629b3557c8b71dceedc10e9857ccbf59be"
		"7e339e1f1a7fb241"},
	{"hmac-sha512", "base64", "{timestamp}.{body}",
		"5PH4FQWRilPS2SaoOBUokW9sA0pGkcukY3NG+bQMDvTlU/ilEePCYps1"
		"V8i3Hc7twQ6YV8y/Wb5+M54fGn+yQQ=="},
	{"sha512-plain", "hex", "{body}{secret}{timestamp}",
		"c0d6a3935c51c8b0a15d3620d839da3fb26b1a4ab6903c02147ec692"
		"d1ebef3d875eefe405c59aa70959273a31841ec5bad14314bc3912de"
		"af865475b857eefa"},
	{"sha512-plain", "base64", "{body}{secret}{timestamp}",
		"wNajk1xRyLChXTYg2DnaP7JrGkq2kDwCFH7GktHr7z2HXu/kBcWapwlZ"
		"JzoxhB7FutFDFLw5Et6vhlR1uFfu+g=="},
	{"hmac-sha1", "hex", "{timestamp}.{body}",
		"4384ab9d14030b3de7c6a4401ba69d3a8ed5c243"},
	{"hmac-sha1", "base64", "{timestamp}.{body}",
		"Q4SrnRQDCz3nxqRAG6adOo7VwkM="},
	{"sha1-plain", "hex", "{body}{secret}{timestamp}",
		"feb8802a8021e9e14930aec07cb0a033905d2cdc"},
	{"sha1-plain", "base64", "{body}{secret}{timestamp}",
		"/riAKoAh6eFJMK7AfLCgM5BdLNw="},
	{"hmac-md5", "hex", "{timestamp}.{body}",
		"594ab3e96f31ed589a09550d66258ae4"},
	{"hmac-md5", "base64", "{timestamp}.{body}",
		"WUqz6W8x7ViaCVUNZiWK5A=="},
	{"md5-plain", "hex", "{body}{secret}{timestamp}",
		"47c5b177c00aa5348e3c5788091989e9"},
	{"md5-plain", "base64", "{body}{secret}{timestamp}",
		"R8Wxd8AKpTSOPFeICRmJ6Q=="},
	{"hmac-sha256", "hex",
		"{url}|{query}|{field:a}|{timestamp}|{header:X-K}",
		"4f153f78d4b3e83df684de8b78b4086f8520f7285cc4d107888aa419"
		"9fa73b2b"},
};

static const char signed_by_hex[] =
	"inbound: {signature: {key: " KEY ", over: '{timestamp}.{body}', "
	"header: X-Sign, prefix: 'sha256=', timestamp_header: X-Time}}\n";

/* A call with up to four headers; an absent value: no such header. */
struct call {
	struct provider_header h[4];
	struct provider_request r;
};

static enum provider_verify verify(const struct rig *r, struct call *c)
{
	c->r.headers = c->h;
	c->r.headers_n = 4;
	return r->p->verify(r->state, &c->r);
}

static bool passes(const struct rig *r, struct call c)
{
	return verify(r, &c) == PROVIDER_VERIFY_OK;
}

static struct call call_of(const char *sign, const char *stamp)
{
	return (struct call){
		.h = {{STR("x-sign"), str_of(sign)},
			{STR("X-Time"), str_of(stamp)}, {STR("X-K"), STR("k")},
			{STR("Accept"), STR("*")}},
		.r = {.method = STR("POST"),
			.url = STR(URL),
			.query = STR("a=1&ts=" STAMP),
			.body = STR(BODY),
			.now_ms = RIG_NOW_MS},
	};
}

static void test_vectors(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(vector) / sizeof(vector[0]); i++) {
		const struct vector *v = &vector[i];
		struct call c = call_of(v->sign, STAMP);
		char yaml[500];
		struct rig r;

		snprintf(yaml, sizeof(yaml),
			"inbound: {signature: {algorithm: %s, encoding: %s, "
			"over: '%s', key: " KEY ", header: X-Sign, "
			"timestamp_header: X-Time}}\n",
			v->algorithm, v->encoding, v->over);
		r = rig_open("generic", NULL, yaml);
		assert_int_equal(r.rc, 0);
		assert_true(passes(&r, c));
		c.r.body.n--;
		assert_int_equal(passes(&r, c), strstr(v->over, "url") != NULL);
		rig_close(&r);
	}
}

/* The right signature with one byte changed, cut off or added. */
static void test_wrong_signatures(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, signed_by_hex);
	struct str good = arena_printf(r.a, "sha256=%s", vector[0].sign);
	char *z = arena_z(r.a, good);

	(void)unused;
	assert_int_equal(r.rc, 0);
	assert_true(passes(&r, call_of(z, STAMP)));
	for (size_t i = 0; i < good.n; i++) {
		const char was = z[i];

		z[i] ^= 1;
		assert_false(passes(&r, call_of(z, STAMP)));
		z[i] = '\0';
		assert_false(passes(&r, call_of(z, STAMP)));
		z[i] = was;
	}
	assert_false(
		passes(&r, call_of(arena_printf(r.a, "%s0%c", z, 0).p, STAMP)));
	assert_false(passes(&r, call_of(vector[0].sign, STAMP)));
	assert_false(passes(&r, call_of(NULL, STAMP)));
	assert_false(passes(&r, call_of("", STAMP)));
	assert_false(passes(&r, call_of("sha256=", STAMP)));
	rig_close(&r);
}

/* Every byte of the body, and of the time, is under the signature. */
static void test_wrong_bodies(void **unused)
{
	struct rig r = rig_open("generic", TOKEN, signed_by_hex);
	struct str sign = arena_printf(r.a, "sha256=%s", vector[0].sign);
	char *body = arena_z(r.a, STR(BODY));
	struct call c = call_of(arena_z(r.a, sign), STAMP);

	(void)unused;
	c.r.body = str_of(body);
	assert_true(passes(&r, c));
	for (size_t i = 0; i < c.r.body.n; i++) {
		body[i] ^= 1;
		assert_false(passes(&r, c));
		body[i] ^= 1;
	}
	c.h[1].value = STR("1719045972");
	assert_false(passes(&r, c));
	rig_close(&r);
}

static void test_clocks(void **unused)
{
	static const struct {
		const char *stamp;
		int64_t off_ms; /* of our clock */
		bool fine;
	} t[] = {
		{STAMP, 0, true},
		{STAMP, 300000, true},
		{STAMP, 300001, false},
		{STAMP, -300000, true},
		{STAMP, -300001, false},
		{"1719045971000", 300000, true},
		{"1719045971000", 300001, false},
		{"2024-06-22T08:46:11Z", 1000, true},
		{"0", 0, false},
		{"-1719045971", 0, false},
		{"", 0, false},
		{"soon", 0, false},
		{"9223372036854775807", 0, false},
		{NULL, 0, false},
	};
	struct rig r = rig_open("generic", TOKEN, signed_by_hex);

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct str parts[] = {
			str_of(t[i].stamp), STR("."), STR(BODY)};
		struct digest d =
			digest_hmac(DIGEST_SHA256, STR(KEY), parts, 3);
		struct str sign = arena_printf(
			r.a, "sha256=" STR_FMT, STR_ARG(digest_hex(&d, r.a)));
		struct call c = call_of(arena_z(r.a, sign), t[i].stamp);

		c.r.now_ms = RIG_NOW_MS + t[i].off_ms;
		assert_int_equal(passes(&r, c), t[i].fine);
	}
	rig_close(&r);
}

/* eSMS.vn's way: a digest in the query, over fields and a secret. */
static void test_fields(void **unused)
{
	const struct str parts[] = {STR("0912345678"), STR("GÓP Ý"), STR(KEY)};
	struct digest d = digest_of(DIGEST_MD5, parts, 3);
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {source: form, signature: {algorithm: md5-plain, "
		"key: " KEY ", over: '{field:from}{field:text}{secret}', "
		"field: sign}}\n");
	struct call c = call_of(NULL, NULL);
	struct str hex = digest_hex(&d, r.a);

	(void)unused;
	c.r.query = arena_printf(r.a, "sign=" STR_FMT, STR_ARG(hex));
	c.r.body = STR("from=0912345678&text=G%C3%93P+%C3%9D");
	assert_true(passes(&r, c));
	c.r.body = arena_printf(
		r.a, STR_FMT "&sign=" STR_FMT, STR_ARG(c.r.body), STR_ARG(hex));
	c.r.query = STR("");
	assert_true(passes(&r, c));
	c.r.query = STR("from=0912345670");
	assert_false(passes(&r, c));
	c.r.query = STR("a=%4");
	assert_false(passes(&r, c));
	c.r.query = STR("");
	c.r.body = STR("from=%zz");
	assert_false(passes(&r, c));
	rig_close(&r);
}

static void test_secret(void **unused)
{
	static const char in_header[] =
		"inbound: {secret: sesame-1, secret_header: X-Sign}\n";
	static const char in_field[] =
		"inbound: {secret: sesame-1, secret_field: s}\n";
	struct rig h = rig_open("generic", NULL, in_header);
	struct rig f = rig_open("generic", NULL, in_field);
	struct call c = call_of(NULL, NULL);

	(void)unused;
	assert_true(passes(&h, call_of("sesame-1", NULL)));
	assert_false(passes(&h, call_of("sesame-2", NULL)));
	assert_false(passes(&h, call_of("sesame-", NULL)));
	assert_false(passes(&h, call_of("sesame-11", NULL)));
	assert_false(passes(&h, c));
	assert_false(passes(&f, c));
	c.r.query = STR("s=sesame%2D1&s=other");
	assert_true(passes(&f, c));
	c.r.query = STR("s=other&s=sesame-1");
	assert_false(passes(&f, c));
	rig_close(&h);
	rig_close(&f);
}

static void test_login(void **unused)
{
	static const struct {
		const char *given;
		bool fine;
	} t[] = {
		/* aggregator:open-sesame */
		{"Basic YWdncmVnYXRvcjpvcGVuLXNlc2FtZQ==", true},
		{"basic  YWdncmVnYXRvcjpvcGVuLXNlc2FtZQ==", true},
		{"Basic YWdncmVnYXRvcjpvcGVuLXNlc2FtZQ=", false},
		{"Basic YWdncmVnYXRvcjpvcGVuLXNlc2FtZg==", false},
		{"Bearer YWdncmVnYXRvcjpvcGVuLXNlc2FtZQ==", false},
		{"Basic", false},
		{"", false},
		{NULL, false},
	};
	struct rig r = rig_open("generic", NULL,
		"inbound: {username: aggregator, password: open-sesame}\n");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct call c = call_of(NULL, NULL);

		c.h[3] = (struct provider_header){
			STR("authorization"), str_of(t[i].given)};
		assert_int_equal(passes(&r, c), t[i].fine);
	}
	rig_close(&r);
}

/* Whatever is set must pass; one wrong is enough to refuse. */
static void test_all_together(void **unused)
{
	struct rig r = rig_open("generic", TOKEN,
		"inbound: {https: true, secret: sesame-1, secret_field: s,\n"
		"  username: aggregator, password: open-sesame,\n"
		"  signature: {key: " KEY ", header: X-Sign}}\n"
		"dlr: {unsigned: true, states: {A: sent}}\n");
	const struct str body = STR(BODY);
	struct digest d = digest_hmac(DIGEST_SHA256, STR(KEY), &body, 1);
	struct call good = call_of(arena_z(r.a, digest_hex(&d, r.a)), NULL);
	struct call c;

	(void)unused;
	assert_int_equal(r.rc, 0);
	good.r.secure = true;
	good.r.query = STR("s=sesame-1");
	good.h[3] = (struct provider_header){STR("Authorization"),
		STR("Basic YWdncmVnYXRvcjpvcGVuLXNlc2FtZQ==")};
	assert_true(passes(&r, good));
	c = good;
	c.r.secure = false;
	assert_false(passes(&r, c));
	c = good;
	c.r.query = STR("");
	assert_false(passes(&r, c));
	c = good;
	c.h[3].value = STR("Basic");
	assert_false(passes(&r, c));
	c = good;
	c.h[0].value = STR("00");
	assert_false(passes(&r, c));
	/* Reports are not signed here, but come over TLS all the same. */
	c.r.dlr = true;
	assert_true(passes(&r, c));
	c.r.secure = false;
	assert_false(passes(&r, c));
	rig_close(&r);
}

static void test_faults(void **unused)
{
	static const struct {
		const char *token, *yaml;
		int line, col;
		const char *says;
	} t[] = {
		{NULL, "inbound: {}\n", 1, 10, "anybody"},
		{NULL, "dlr: {states: {A: sent}}\n", 1, 6, "anybody"},
		{TOKEN, "inbound: {secret: sesame-1}\n", 1, 19,
			"secret_header"},
		{TOKEN, "inbound: {secret_field: s}\n", 1, 10, "secret"},
		{TOKEN, "inbound: {username: u}\n", 1, 10, "password"},
		{TOKEN, "inbound: {signature: {header: h}}\n", 1, 22, "key"},
		{TOKEN, "inbound: {signature: {key: " KEY "}}\n", 1, 22,
			"header or in a field"},
		{TOKEN,
			"inbound: {signature: {key: " KEY
			", header: h, over: 'a{b}'}}\n",
			1, 62, "{body}"},
		{TOKEN,
			"inbound: {signature: {key: " KEY
			", header: h, over: '{timestamp}'}}\n",
			1, 22, "timestamp_header"},
		{TOKEN,
			"inbound: {signature: {key: " KEY
			", header: h, timestamp_header: t}}\n",
			1, 22, "proves nothing"},
		{TOKEN,
			"inbound: {signature: {key: " KEY
			", header: h, algorithm: md5-plain}}\n",
			1, 22, "{secret}"},
		{TOKEN, "inbound: {signature: {algorithm: md4}}\n", 1, 34,
			"hmac-sha256"},
		{TOKEN, "inbound: {signature: {key: short, header: h}}\n", 1,
			28, "8 to 256"},
		{NULL,
			"inbound: {secret: sesame-1, secret_field: s}\n"
			"dlr: {unsigned: true, states: {A: sent}}\n",
			2, 17, "token"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct rig r = rig_open("generic", t[i].token, t[i].yaml);

		assert_int_equal(r.rc, -1);
		assert_int_equal(r.d->n, 1);
		assert_non_null(
			strstr(arena_z(r.a, r.d->v[0].text), t[i].says));
		assert_int_equal(r.d->v[0].line, t[i].line);
		assert_int_equal(r.d->v[0].col, t[i].col);
		rig_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_wrong_signatures),
		cmocka_unit_test(test_wrong_bodies),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_all_together),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
