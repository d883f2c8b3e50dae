#ifndef GATEWAY_ATTEMPT_H
#define GATEWAY_ATTEMPT_H

#include "gateway/modem.h"
#include "gateway/reader.h"
#include "gateway/settings.h"
#include "gateway/store/outbox.h"
#include "gateway/writer.h"

struct event_base;

/* Attempts to send that are under way. Loop thread. */
struct attempts;

/* How a channel bore an attempt. */
struct attempt_news {
	const struct channel *channel;
	bool is_reply;
	bool local; /* no request was made: says nothing about its health */
	int status; /* HTTP; 0: no answer */
	int64_t pause_s; /* it asked for one; ≤ 0: no */
	int64_t started_us, now_us;
};

struct attempts_options {
	struct event_base *base;
	const struct clock *clock;
	struct writer *writer;
	struct reader *reader; /* writes files; NULL: no channel has any */
	struct modems *modems; /* NULL: no channel has one */
	struct metrics *metrics;
	int64_t timeout_s;
	const char *base_url; /* for reports; may change with a reload */
	/* Once an attempt, as soon as its verdict is known. */
	void (*answered)(void *arg, const struct attempt_news *n);
	/* Its result is committed: the next text may be due. */
	void (*settled)(void *arg);
	void *arg;
};

struct attempts *attempts_new(const struct attempts_options *o);
/* A reload: of requests from now on. */
void attempts_timeout(struct attempts *all, int64_t timeout_s);
/* The row is `sending` by now; its strings are copied. now_us: monotonic. */
void attempts_start(struct attempts *all, struct settings *set,
	const struct channel *c, const struct outbox_row *row, int64_t now_us);
size_t attempts_busy(const struct attempts *all);
/* What is under way stays `sending` in the store. */
void attempts_free(struct attempts *all);

#endif
