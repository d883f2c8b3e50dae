/*
 * log - what does bantin tell its technician, one line at a time?
 *
 * A line is built on the stack and leaves in one write(2) of less than
 * PIPE_BUF, so that lines of several threads never mix. A field that finds no
 * room is left out with all that follow, and `cut=1` says so. Owns nothing;
 * any thread. A line that cannot be written is lost: there is nowhere to say
 * so.
 */
#include "gateway/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_N 4096
#define TAIL_N (sizeof(" cut=1\n") - 1)
#define VALUE_MAX 500 /* bytes of one value; an err's sentence fits */

struct line {
	size_t n;
	bool full;
	char b[LINE_MAX_N];
};

static const char *const level_name[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
};

static void put(struct line *l, const char *p, size_t n)
{
	if (l->full || n > sizeof(l->b) - TAIL_N - l->n) {
		l->full = true;
		return;
	}
	memcpy(l->b + l->n, p, n);
	l->n += n;
}

static void putz(struct line *l, const char *z)
{
	put(l, z, strlen(z));
}

static void put_stamp(struct line *l)
{
	struct timespec t = {0};
	struct tm tm;
	char z[64];
	size_t n;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (gmtime_r(&t.tv_sec, &tm) == NULL)
		return;
	n = strftime(z, sizeof(z), "ts=%Y-%m-%dT%H:%M:%S", &tm);
	put(l, z, n);
	(void)snprintf(z, sizeof(z), ".%03dZ", (int)(t.tv_nsec / 1000000));
	putz(l, z);
}

static bool is_bare(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char u = (unsigned char)s.p[i];

		if (u <= ' ' || u >= 0x7f || u == '"' || u == '=' || u == '\\')
			return false;
	}
	return s.n > 0;
}

/* One character of a quoted value; returns the bytes that it took. */
static size_t put_quoted(struct line *l, struct str s, size_t at)
{
	unsigned char u = (unsigned char)s.p[at];
	size_t n = str_utf8_len(s, at);
	char z[8];

	if (u == '"' || u == '\\') {
		z[0] = '\\';
		z[1] = (char)u;
		put(l, z, 2);
		return 1;
	}
	if (u == '\n') {
		putz(l, "\\n");
		return 1;
	}
	if (n == 0 || u < ' ' || u == 0x7f) {
		(void)snprintf(z, sizeof(z), "\\x%02x", u);
		putz(l, z);
		return 1;
	}
	put(l, s.p + at, n);
	return n;
}

static void put_value(struct line *l, struct str s)
{
	size_t i = 0;

	if (s.n <= VALUE_MAX && is_bare(s)) {
		put(l, s.p, s.n);
		return;
	}
	putz(l, "\"");
	while (i < s.n && i < VALUE_MAX)
		i += put_quoted(l, s, i);
	if (i < s.n)
		putz(l, "...");
	putz(l, "\"");
}

static void put_field(struct line *l, const struct log_field *f)
{
	size_t before = l->n;
	char z[24];

	putz(l, " ");
	putz(l, f->key);
	putz(l, "=");
	switch (f->type) {
	case LOG_T_INT:
		(void)snprintf(z, sizeof(z), "%lld", (long long)f->i);
		putz(l, z);
		break;
	case LOG_T_PHONE:
		put_value(l, str_of(log_phone_mask(f->s).z));
		break;
	case LOG_T_STR:
	case LOG_T_END:
		put_value(l, f->s);
		break;
	}
	if (l->full)
		l->n = before;
}

static void send_line(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t sent = write(STDERR_FILENO, p, n);

		if (sent < 0 && errno != EINTR)
			return;
		if (sent > 0) {
			p += sent;
			n -= (size_t)sent;
		}
	}
}

void log_write(
	enum log_level level, const char *event, const struct log_field *fields)
{
	struct line l;

	l.n = 0; /* not the bytes: they are written before they are read */
	l.full = false;
	put_stamp(&l);
	putz(&l, " level=");
	putz(&l, level_name[level]);
	putz(&l, " event=");
	putz(&l, event);
	for (; fields->type != LOG_T_END && !l.full; fields++)
		put_field(&l, fields);
	if (l.full) {
		memcpy(l.b + l.n, " cut=1", sizeof(" cut=1") - 1);
		l.n += sizeof(" cut=1") - 1;
	}
	l.b[l.n++] = '\n';
	send_line(l.b, l.n);
}

struct log_phone log_phone_mask(struct str phone)
{
	struct log_phone m = {.z = "***"};
	size_t head;

	if (phone.n <= 6)
		return m;
	/* Three characters at least stay hidden, however short it is. */
	head = phone.n - 6 < 5 ? phone.n - 6 : 5;
	(void)snprintf(m.z, sizeof(m.z), "%.*s***%.3s", (int)head, phone.p,
		phone.p + phone.n - 3);
	return m;
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	exit(EXIT_FAILURE);
}
