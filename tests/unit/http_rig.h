#ifndef TESTS_UNIT_HTTP_RIG_H
#define TESTS_UNIT_HTTP_RIG_H

/*
 * What the tests of http share: a real listener and real sockets on one loop
 * in one thread; the clock is the test's.
 */
#include "gateway/http.h"

#include "gateway/base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MAX_CONNECTIONS 4
#define REQUEST_S 30
#define PARKED_MAX 8

struct rig {
	struct clock clock; /* first */
	int64_t now_us;
	struct event_base *base;
	struct metrics metrics;
	struct http *http;
	bool park; /* keep the exchange for later */
	struct http_exchange *parked[PARKED_MAX];
	size_t parked_n;
	int handled;
	char method[16], path[128], query[64], body[64], peer[32], url[128];
	size_t body_n;
	char in[16384]; /* the last answer */
};

static inline int64_t wall_ms(const struct clock *c)
{
	return ((const struct rig *)c)->now_us / 1000;
}

static inline int64_t mono_us(const struct clock *c)
{
	return ((const struct rig *)c)->now_us;
}

#define NOTE(to, s) snprintf((to), sizeof(to), STR_FMT, STR_ARG(s))

static inline void on_request(void *arg, struct http_exchange *x)
{
	struct rig *r = arg;

	r->handled++;
	NOTE(r->method, x->request.method);
	NOTE(r->path, x->path);
	NOTE(r->query, x->request.query);
	NOTE(r->body, x->request.body);
	NOTE(r->peer, x->request.peer);
	NOTE(r->url, x->request.url);
	r->body_n = x->request.body.n;
	if (!r->park) {
		http_answer(x,
			&(struct http_answer){.status = 200, .body = x->path});
		return;
	}
	assert_true(r->parked_n < PARKED_MAX);
	r->parked[r->parked_n++] = x;
}

static inline struct http_options options_of(struct rig *r)
{
	return (struct http_options){
		.base = r->base,
		.address = STR("127.0.0.1:0"),
		.max_header = 4096,
		.max_body = 100000,
		.max_connections = MAX_CONNECTIONS,
		.request_s = REQUEST_S,
		.clock = &r->clock,
		.metrics = &r->metrics,
		.handler = on_request,
		.arg = r,
	};
}

static inline int set_up(void **state)
{
	struct rig *r = test_calloc(1, sizeof(*r));
	struct http_options o;
	struct err err = {""};

	alarm(60);
	r->clock = (struct clock){wall_ms, mono_us};
	r->now_us = INT64_C(1793968200000000);
	r->base = event_base_new();
	o = options_of(r);
	r->http = http_new(&o, &err);
	assert_string_equal(err.text, "");
	*state = r;
	return 0;
}

static inline int tear_down(void **state)
{
	struct rig *r = *state;

	while (r->parked_n > 0)
		http_answer_status(r->parked[--r->parked_n], 503);
	http_free(r->http);
	event_base_free(r->base);
	test_free(r);
	alarm(0);
	return 0;
}

static inline int dial(struct rig *r)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	struct str at = http_address(r->http);
	char text[64];
	int len = sizeof(sa), fd;

	snprintf(text, sizeof(text), STR_FMT, STR_ARG(at));
	assert_int_equal(
		evutil_parse_sockaddr_port(text, (struct sockaddr *)&sa, &len),
		0);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		assert_int_equal(errno, EINPROGRESS);
	return fd;
}

static inline void turn(struct rig *r)
{
	event_base_loop(r->base, EVLOOP_ONCE);
}

/* Until nothing more happens by itself. */
static inline void settle(struct rig *r)
{
	for (int i = 0; i < 50; i++)
		event_base_loop(r->base, EVLOOP_NONBLOCK);
}

static inline void put(struct rig *r, int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t did = send(fd, p, n, MSG_NOSIGNAL);

		if (did > 0) {
			p += did;
			n -= (size_t)did;
		} else if (errno != EAGAIN && errno != ENOTCONN) {
			return; /* the server would have no more of it */
		} else {
			event_base_loop(r->base, EVLOOP_NONBLOCK);
		}
	}
}

static inline void puts_to(struct rig *r, int fd, const char *z)
{
	put(r, fd, z, strlen(z));
}

/* Waits for an answer or the end; its status, 0: closed without one. */
static inline int answer(struct rig *r, int fd)
{
	size_t n = 0;

	r->in[0] = '\0';
	for (;;) {
		ssize_t got = recv(fd, r->in + n, sizeof(r->in) - 1 - n, 0);
		const char *end;

		if (got > 0)
			r->in[n += (size_t)got] = '\0';
		end = strstr(r->in, "\r\n\r\n");
		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		if (end != NULL && strlen(end) > 4)
			break;
		event_base_loop(r->base, EVLOOP_NONBLOCK);
	}
	return n > 12 ? (int)strtol(r->in + 9, NULL, 10) : 0;
}

static inline bool is_closed(struct rig *r, int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c;

	settle(r);
	return poll(&p, 1, 0) == 1 && recv(fd, &c, 1, MSG_PEEK) <= 0;
}

static inline int ask(struct rig *r, const char *request)
{
	int fd = dial(r), status;

	puts_to(r, fd, request);
	status = answer(r, fd);
	close(fd);
	return status;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: x\r\n\r\n"

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
