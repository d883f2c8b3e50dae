/*
 * dial - how long do people wait for a screen?
 *
 * Keeps SESSIONS sessions of USSD going for SECONDS, each over a connection of
 * its own: a secretary dials, chooses the report, says day and figures one a
 * screen, and is shown the echo; between two screens she thinks for about
 * THINK_MS (half to one and a half of it). When the time is over nobody begins
 * anew, and whoever is under way comes to the end. Units and days are those of
 * run.py's registry, and no report is ever said twice. Prints one JSON line:
 * hops, sessions that ended with their echo, whatever else was answered, and
 * the hops' times. One thread, epoll.
 */
#include "gateway/base/arena.h"
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

#define DAYS 40
#define UTC_OFFSET_MIN 420
#define ANSWER_MAX 2048
#define TYPED_MAX 64
#define STEPS 8 /* the dial, and seven answers */
#define HOPS_MAX ((size_t)4000000)

enum argument {
	ARG_PORT = 1,
	ARG_PATH,
	ARG_SESSIONS,
	ARG_SECONDS,
	ARG_THINK_MS,
	ARG_UNITS,
	ARG_N
};

/* One phone: it asks, or it thinks. */
struct phone {
	int fd;
	size_t number; /* of its session */
	int step;      /* that is asked, or will be; STEPS: it is done */
	bool asking;
	int64_t since_us; /* it asks, or until when it thinks */
	size_t got;
	char typed[TYPED_MAX], answer[ANSWER_MAX];
};

struct load {
	struct str path;
	int port, epoll;
	size_t sessions, units;
	int64_t think_us, end_us;
	day_t today;
	size_t begun, ended, wrong, hops;
	int64_t *took_us;
	uint64_t random;
};

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "dial: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		fail("clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Between half of it and one and a half; the same in each run. */
static int64_t thinking_us(struct load *l)
{
	l->random = l->random * 6364136223846793005U + 1442695040888963407U;
	if (l->think_us == 0)
		return 0;
	return l->think_us / 2 +
	       (int64_t)((l->random >> 33) % (uint64_t)l->think_us);
}

/* ---- what is typed ---- */

/* Unit after unit, then the day before. */
static day_t held_on(const struct load *l, size_t session)
{
	return l->today - 1 - (day_t)(session / l->units % DAYS);
}

static void type(const struct load *l, struct phone *p)
{
	static const char *const keys[STEPS] = {
		"", "1", "3", NULL, "20", "18", "1", "1"};
	const size_t n = strlen(p->typed);
	char day[sizeof(((struct day_text *)NULL)->z)];

	if (p->step == 0) {
		p->typed[0] = '\0';
		return;
	}
	memcpy(day, day_short(held_on(l, p->number)).z, sizeof(day));
	snprintf(p->typed + n, sizeof(p->typed) - n, "%s%s", n > 0 ? "*" : "",
		keys[p->step] != NULL ? keys[p->step] : day);
}

static void ask(struct load *l, struct phone *p)
{
	char body[512], request[1024];
	struct buf typed;
	ssize_t n;

	type(l, p);
	buf_init(&typed, sizeof(body));
	form_escape(&typed, str_of(p->typed));
	snprintf(body, sizeof(body),
		"sessionId=d%zu&serviceCode=%%2A384%%2A7%%23&phoneNumber="
		"%%2B849100%05zu&networkCode=1&text=%s",
		p->number, p->number % l->units, buf_z(&typed));
	buf_release(&typed);
	n = snprintf(request, sizeof(request),
		"POST " STR_FMT " HTTP/1.1\r\nHost: x\r\nContent-Type: "
		"application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n"
		"\r\n%s",
		STR_ARG(l->path), strlen(body), body);
	p->asking = true;
	p->got = 0;
	p->since_us = now_us(CLOCK_MONOTONIC);
	/* Far smaller than the socket's buffer. */
	if (write(p->fd, request, (size_t)n) != n)
		fail("write");
}

/* ---- what is shown ---- */

/* The body, once it is whole; absent: not yet. */
static struct str body_of(const struct phone *p)
{
	static const char name[] = "Content-Length: ";
	const struct str s = {p->answer, p->got};
	const ptrdiff_t end = str_find(s, STR("\r\n\r\n"), 0);
	const ptrdiff_t at = str_find(s, str_of(name), 0);
	size_t n = 0;

	if (end < 0)
		return (struct str){NULL, 0};
	if (at >= 0 && at < end)
		n = strtoul(p->answer + at + sizeof(name) - 1, NULL, 10);
	if (p->got < (size_t)end + 4 + n)
		return (struct str){NULL, 0};
	return str_part(s, (size_t)end + 4, n);
}

static bool is_right(const struct phone *p, struct str body)
{
	if (strncmp(p->answer, "HTTP/1.1 200", 12) != 0)
		return false;
	if (p->step + 1 < STEPS)
		return str_starts(body, STR("CON "));
	return str_starts(body, STR("END ")) &&
	       str_find(body, STR("CM18"), 0) > 0;
}

static void begin(struct load *l, struct phone *p)
{
	p->step = 0;
	if (now_us(CLOCK_MONOTONIC) >= l->end_us) {
		p->step = STEPS;
		return;
	}
	p->number = l->begun++;
}

static void on_screen(struct load *l, struct phone *p, struct str body)
{
	const int64_t now = now_us(CLOCK_MONOTONIC);

	if (l->hops == HOPS_MAX)
		fail("too many hops");
	l->took_us[l->hops++] = now - p->since_us;
	p->asking = false;
	p->since_us = now + thinking_us(l);
	if (!is_right(p, body)) {
		if (l->wrong++ == 0)
			fprintf(stderr, "dial: step %d: %s\n", p->step,
				p->answer);
		begin(l, p);
	} else if (++p->step == STEPS) {
		l->ended++;
		begin(l, p);
	}
}

static void on_readable(struct load *l, struct phone *p)
{
	ssize_t n = read(p->fd, p->answer + p->got, ANSWER_MAX - 1 - p->got);
	struct str body;

	if (n <= 0)
		fail("the server closed a connection");
	p->got += (size_t)n;
	p->answer[p->got] = '\0';
	body = body_of(p);
	if (body.p != NULL)
		on_screen(l, p, body);
}

/* ---- all of them ---- */

static void connect_one(struct load *l, struct phone *p)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)l->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = p};
	const int on = 1;

	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->fd < 0 || connect(p->fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		fail("connect");
	if (setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
		epoll_ctl(l->epoll, EPOLL_CTL_ADD, p->fd, &e) != 0)
		fail("epoll");
	begin(l, p);
	/* Not all at once. */
	p->since_us = now_us(CLOCK_MONOTONIC) + thinking_us(l);
}

/* Who has thought enough asks; ms until the next does, -1: all are done. */
static int ask_all(struct load *l, struct phone *v)
{
	const int64_t now = now_us(CLOCK_MONOTONIC);
	int64_t wait = INT64_MAX;
	bool any = false;

	for (struct phone *p = v; p < v + l->sessions; p++) {
		if (p->step == STEPS)
			continue;
		any = true;
		if (!p->asking && p->since_us <= now)
			ask(l, p);
		if (!p->asking && p->since_us - now < wait)
			wait = p->since_us - now;
	}
	if (!any)
		return -1;
	return wait > 10000000 ? 10000 : (int)(wait / 1000) + 1;
}

static void run(struct load *l)
{
	struct phone *v = calloc(l->sessions, sizeof(*v));
	struct epoll_event events[256];
	int ms, n;

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (v == NULL || l->epoll < 0)
		fail("epoll");
	for (size_t i = 0; i < l->sessions; i++)
		connect_one(l, &v[i]);
	while ((ms = ask_all(l, v)) >= 0) {
		n = epoll_wait(l->epoll, events, 256, ms);
		if (n == 0 && ms == 10000)
			fail("no answer for ten seconds");
		while (n-- > 0)
			on_readable(l, events[n].data.ptr);
	}
	for (size_t i = 0; i < l->sessions; i++)
		(void)close(v[i].fd);
	(void)close(l->epoll);
	free(v);
}

static int by_time(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double ms_of(const struct load *l, size_t permille)
{
	const size_t at = l->hops * permille / 1000;

	return (double)l->took_us[at < l->hops ? at : l->hops - 1] / 1e3;
}

static void print_result(const struct load *l, int64_t us)
{
	printf("{\"hops\":%zu,\"hops_per_s\":%.0f,\"sessions\":%zu,"
	       "\"wrong\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":"
	       "%.3f}\n",
		l->hops, (double)l->hops * 1e6 / (double)us, l->ended, l->wrong,
		ms_of(l, 500), ms_of(l, 990), ms_of(l, 1000));
}

static size_t number(const char *s)
{
	int64_t n;

	if (str_to_i64(str_of(s), &n) != 0 || n < 0) {
		fprintf(stderr, "dial: no number: %s\n", s);
		exit(2);
	}
	return (size_t)n;
}

int main(int argc, char **argv)
{
	struct load l = {.random = 1};
	int64_t start;

	if (argc != ARG_N) {
		fprintf(stderr, "usage: dial PORT PATH SESSIONS SECONDS "
				"THINK_MS UNITS\n");
		return 2;
	}
	l.port = (int)number(argv[ARG_PORT]);
	l.path = str_of(argv[ARG_PATH]);
	l.sessions = number(argv[ARG_SESSIONS]);
	l.think_us = (int64_t)number(argv[ARG_THINK_MS]) * 1000;
	l.units = number(argv[ARG_UNITS]);
	l.today = day_of_ms(now_us(CLOCK_REALTIME) / 1000, UTC_OFFSET_MIN);
	l.took_us = calloc(HOPS_MAX, sizeof(*l.took_us));
	if (l.took_us == NULL)
		fail("memory");
	start = now_us(CLOCK_MONOTONIC);
	l.end_us = start + (int64_t)number(argv[ARG_SECONDS]) * 1000000;
	run(&l);
	start = now_us(CLOCK_MONOTONIC) - start;
	qsort(l.took_us, l.hops, sizeof(*l.took_us), by_time);
	print_result(&l, start);
	free(l.took_us);
	return 0;
}
