/*
 * http: clients that dawdle, send too much or send what is no HTTP.
 */
#include "tests/unit/http_rig.h"

/* The virtual clock passes; only the sweep's own second is real. */
static void who_dawdles_is_closed(void **state)
{
	struct rig *r = *state;
	int slow = dial(r), idle = dial(r), fresh;

	puts_to(r, slow, "POST /in HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
	settle(r);
	r->now_us += (REQUEST_S - 1) * INT64_C(1000000);
	puts_to(r, slow, "c"); /* a byte now and then does not help */
	settle(r);
	fresh = dial(r);
	settle(r);
	r->now_us += INT64_C(1000001);
	while (metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS) > 1)
		turn(r);
	assert_true(is_closed(r, slow));
	assert_true(is_closed(r, idle));
	assert_int_equal(r->handled, 0);
	puts_to(r, fresh, GET("/"));
	assert_int_equal(answer(r, fresh), 200);
	close(slow);
	close(idle);
	close(fresh);
}

static void too_large_is_413(void **state)
{
	struct rig *r = *state;
	static char body[400000];
	char head[96];
	int fd;

	memset(body, 'x', sizeof(body));
	for (size_t n = 100000; n <= sizeof(body); n += 100000) {
		fd = dial(r);
		snprintf(head, sizeof(head),
			"POST /in/big HTTP/1.1\r\nContent-Length: %zu\r\n\r\n",
			n);
		puts_to(r, fd, head);
		put(r, fd, body, n);
		assert_int_equal(answer(r, fd), n > 100000 ? 413 : 200);
		close(fd);
	}
	assert_int_equal(r->handled, 1);
	assert_int_equal(r->body_n, 100000);
}

static void chunked_bodies_have_the_same_limit(void **state)
{
	struct rig *r = *state;
	static char chunk[65536];
	int fd = dial(r);

	memset(chunk, 'x', sizeof(chunk));
	puts_to(r, fd,
		"POST /in HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 4; i++) {
		puts_to(r, fd, "10000\r\n");
		put(r, fd, chunk, sizeof(chunk));
		puts_to(r, fd, "\r\n");
	}
	assert_int_equal(answer(r, fd), 413);
	close(fd);
	assert_int_equal(r->handled, 0);
	assert_int_equal(ask(r, "POST /in HTTP/1.1\r\n"
				"Transfer-Encoding: chunked\r\n\r\n"
				"3\r\nabc\r\n0\r\n\r\n"),
		200);
	assert_int_equal(r->body_n, 3);
}

static void odd_methods_reach_the_handler(void **state)
{
	static const char *const method[] = {
		"DELETE", "PATCH", "OPTIONS", "TRACE"};
	struct rig *r = *state;
	char text[64];

	for (size_t i = 0; i < sizeof(method) / sizeof(method[0]); i++) {
		snprintf(text, sizeof(text),
			"%s /in/x HTTP/1.1\r\nHost: x\r\n\r\n", method[i]);
		assert_int_equal(ask(r, text), 200);
		assert_string_equal(r->method, "OTHER");
	}
	assert_int_equal(r->handled, 4);
	/* USSD gateways use it. */
	assert_int_equal(ask(r, "PUT /in/x HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	assert_string_equal(r->method, "PUT");
	/* One that HTTP does not know is refused before us. */
	assert_int_equal(ask(r, "FETCH /in/x HTTP/1.1\r\n\r\n"), 501);
	assert_int_equal(r->handled, 5);
}

static void long_headers_are_refused(void **state)
{
	struct rig *r = *state;
	static char text[8192];
	int n = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nX: ");

	memset(text + n, 'y', 5000);
	snprintf(text + n + 5000, sizeof(text) - (size_t)n - 5000, "\r\n\r\n");
	assert_int_not_equal(ask(r, text), 200);
	assert_int_equal(r->handled, 0);
	assert_int_equal(ask(r, GET("/")), 200);
}

static void garbage_is_refused(void **state)
{
	static const char *const text[] = {
		"\r\n\r\n\r\n",
		"GET\r\n\r\n",
		"GET / HTTP/9.9\r\n\r\n",
		"\x16\x03\x01\x02\x01\x01\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length: 5x\r\n\r\nabcde",
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		int fd = dial(r);

		puts_to(r, fd, text[i]);
		shutdown(fd, SHUT_WR);
		assert_int_not_equal(answer(r, fd), 200);
		close(fd);
	}
	settle(r);
	assert_int_equal(r->handled, 0);
	assert_int_equal(metrics_get(&r->metrics, METRIC_HTTP_CONNECTIONS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_dawdles_is_closed),
		TEST(too_large_is_413),
		TEST(chunked_bodies_have_the_same_limit),
		TEST(odd_methods_reach_the_handler),
		TEST(long_headers_are_refused),
		TEST(garbage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
