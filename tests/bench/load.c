/*
 * load - how many webhooks a second does this server answer?
 *
 * Builds all requests first (each a new report of one of UNITS secretaries,
 * see registry() in run.py; signed SMSGate JSON, or a form), then keeps
 * CONNECTIONS keep-alive connections busy with one request each until all are
 * answered, and prints one JSON line: requests a second, the 50th and 99th
 * percentile, and how many answers were not 200. One thread, epoll; it costs
 * about a tenth of what the barest server does.
 */
#include "gateway/base/arena.h"
#include "gateway/base/digest.h"
#include "gateway/base/form.h"
#include "gateway/model/day.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROLL 20
#define DAYS 40
#define UNITS_A_LETTER 97
#define UTC_OFFSET_MIN 420
#define ANSWER_MAX 4096

enum argument {
	ARG_PORT = 1,
	ARG_PATH,
	ARG_FORMAT,
	ARG_KEY,
	ARG_CONNECTIONS,
	ARG_MESSAGES,
	ARG_FIRST,
	ARG_UNITS,
	ARG_N
};

struct load {
	struct str path, key;
	bool form;
	int port;
	size_t connections, messages, first, units;
	struct str *requests;
	int64_t *took_us;
	size_t next, done, wrong;
	int64_t wall_ms;
	struct arena *arena;
};

struct connection {
	int fd;
	size_t request; /* under way */
	size_t sent, got;
	int64_t since_us;
	char answer[ANSWER_MAX];
};

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		fail("clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/*
 * Message i: unit after unit, then the day before, and when the days are used
 * up other figures; so no report is ever said twice.
 */
static struct str report_text(const struct load *l, size_t i)
{
	const size_t unit = i % l->units;
	const day_t day = day_of_ms(l->wall_ms, UTC_OFFSET_MIN) - 1 -
			  (day_t)(i / l->units % DAYS);
	const size_t round = i / l->units / DAYS;
	const size_t excused = round % (ROLL / 2);
	const size_t unexcused = round / (ROLL / 2) % (ROLL / 2);

	return arena_printf(l->arena, "HOP X%c%02zu %s TS%d CM%zu VP%zu VK%zu",
		(char)('A' + unit / UNITS_A_LETTER), 1 + unit % UNITS_A_LETTER,
		day_short(day).z, ROLL, ROLL - excused - unexcused, excused,
		unexcused);
}

static struct str phone_of(const struct load *l, size_t i)
{
	return arena_printf(l->arena, "+849100%05zu", i % l->units);
}

static struct str json_request(const struct load *l, size_t i)
{
	const int64_t at = l->wall_ms - 1000;
	struct str body = arena_printf(l->arena,
		"{\"deviceId\":\"ffffffffceb0b1db0000018e937c815b\","
		"\"event\":\"sms:received\",\"id\":\"bench-%zu\",\"payload\":"
		"{\"messageId\":\"%08zx\",\"message\":\"" STR_FMT "\","
		"\"sender\":\"" STR_FMT "\",\"recipient\":null,"
		"\"simNumber\":1,\"receivedAt\":\"%s\"},"
		"\"webhookId\":\"LreFUt-Z3sSq0JufY9uWB\"}",
		i, i, STR_ARG(report_text(l, i)), STR_ARG(phone_of(l, i)),
		instant_iso(at).z);
	struct str stamp =
		arena_printf(l->arena, "%lld", (long long)(l->wall_ms / 1000));
	struct digest mac = digest_hmac(
		DIGEST_SHA256, l->key, (const struct str[]){body, stamp}, 2);

	return arena_printf(l->arena,
		"POST " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Content-Type: application/json\r\nX-Timestamp: " STR_FMT
		"\r\nX-Signature: " STR_FMT
		"\r\nContent-Length: %zu\r\n\r\n" STR_FMT,
		STR_ARG(l->path), STR_ARG(stamp),
		STR_ARG(digest_hex(&mac, l->arena)), body.n, STR_ARG(body));
}

static struct str form_request(const struct load *l, size_t i)
{
	struct str body, request;
	struct buf b;

	buf_init(&b, ANSWER_MAX);
	form_put(&b, "id", arena_printf(l->arena, "bench-%zu", i));
	form_put(&b, "from", phone_of(l, i));
	form_put(&b, "text", report_text(l, i));
	body = buf_str(&b);
	request = arena_printf(l->arena,
		"POST " STR_FMT " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: %zu\r\n\r\n" STR_FMT,
		STR_ARG(l->path), body.n, STR_ARG(body));
	buf_release(&b);
	return request;
}

static void build(struct load *l)
{
	size_t i;

	l->requests = ARENA_ARRAY(l->arena, struct str, l->messages);
	l->took_us = ARENA_ARRAY(l->arena, int64_t, l->messages);
	for (i = 0; i < l->messages; i++)
		l->requests[i] = l->form ? form_request(l, l->first + i)
					 : json_request(l, l->first + i);
}

static void dial(struct connection *c, int port, int epoll)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
	const int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail("connect");
	if (setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
		epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
		fail("epoll");
}

/* A request is far smaller than the socket's buffer: one blocking write. */
static void send_next(struct load *l, struct connection *c)
{
	struct str r;
	ssize_t n;

	if (l->next == l->messages)
		return;
	c->request = l->next++;
	c->got = 0;
	c->since_us = now_us(CLOCK_MONOTONIC);
	r = l->requests[c->request];
	for (c->sent = 0; c->sent < r.n; c->sent += (size_t)n) {
		n = write(c->fd, r.p + c->sent, r.n - c->sent);
		if (n <= 0)
			fail("write");
	}
}

/* Is the whole answer there? Its body is as long as Content-Length says. */
static bool is_whole(const struct connection *c)
{
	static const char name[] = "Content-Length: ";
	const struct str s = {c->answer, c->got};
	const ptrdiff_t end = str_find(s, STR("\r\n\r\n"), 0);
	ptrdiff_t at;

	if (end < 0)
		return false;
	at = str_find(s, str_of(name), 0);
	if (at < 0 || at > end)
		return true;
	return c->got >=
	       (size_t)end + 4 +
		       strtoul(c->answer + at + sizeof(name) - 1, NULL, 10);
}

static void on_readable(struct load *l, struct connection *c)
{
	ssize_t n = read(c->fd, c->answer + c->got, ANSWER_MAX - 1 - c->got);

	if (n <= 0)
		fail("the server closed a connection");
	c->got += (size_t)n;
	c->answer[c->got] = '\0';
	if (!is_whole(c))
		return;
	l->took_us[c->request] = now_us(CLOCK_MONOTONIC) - c->since_us;
	l->wrong += strncmp(c->answer, "HTTP/1.1 200", 12) != 0;
	l->done++;
	send_next(l, c);
}

static int64_t run(struct load *l)
{
	struct connection *cs = calloc(l->connections, sizeof(*cs));
	struct epoll_event events[256];
	const int epoll = epoll_create1(EPOLL_CLOEXEC);
	int64_t start;
	size_t i;
	int n;

	if (cs == NULL || epoll < 0)
		fail("epoll");
	for (i = 0; i < l->connections; i++)
		dial(&cs[i], l->port, epoll);
	start = now_us(CLOCK_MONOTONIC);
	for (i = 0; i < l->connections; i++)
		send_next(l, &cs[i]);
	while (l->done < l->messages) {
		n = epoll_wait(epoll, events, 256, 10000);
		if (n <= 0)
			fail("no answer for ten seconds");
		while (n-- > 0)
			on_readable(l, events[n].data.ptr);
	}
	start = now_us(CLOCK_MONOTONIC) - start;
	for (i = 0; i < l->connections; i++)
		(void)close(cs[i].fd);
	(void)close(epoll);
	free(cs);
	return start;
}

static int by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static size_t number(const char *s)
{
	int64_t n;

	if (str_to_i64(str_of(s), &n) != 0 || n < 0) {
		fprintf(stderr, "load: no number: %s\n", s);
		exit(2);
	}
	return (size_t)n;
}

static void print_result(const struct load *l, int64_t us)
{
	const size_t half = l->messages / 2;
	const size_t most = l->messages * 99 / 100;

	printf("{\"rps\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"wrong\":%zu}\n",
		(double)l->messages * 1e6 / (double)us,
		(double)l->took_us[half] / 1e3, (double)l->took_us[most] / 1e3,
		l->wrong);
}

int main(int argc, char **argv)
{
	struct load l = {.arena = arena_new((size_t)1 << 20)};
	int64_t us;

	if (argc != ARG_N) {
		fprintf(stderr, "usage: load PORT PATH json|form KEY "
				"CONNECTIONS MESSAGES FIRST UNITS\n");
		return 2;
	}
	l.port = (int)number(argv[ARG_PORT]);
	l.path = str_of(argv[ARG_PATH]);
	l.form = strcmp(argv[ARG_FORMAT], "form") == 0;
	l.key = str_of(argv[ARG_KEY]);
	l.connections = number(argv[ARG_CONNECTIONS]);
	l.messages = number(argv[ARG_MESSAGES]);
	l.first = number(argv[ARG_FIRST]);
	l.units = number(argv[ARG_UNITS]);
	l.wall_ms = now_us(CLOCK_REALTIME) / 1000;
	build(&l);
	us = run(&l);
	qsort(l.took_us, l.messages, sizeof(*l.took_us), by_time);
	print_result(&l, us);
	arena_free(l.arena);
	return 0;
}
