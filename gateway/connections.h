#ifndef GATEWAY_CONNECTIONS_H
#define GATEWAY_CONNECTIONS_H

#include "gateway/base/clock.h"
#include "gateway/metrics.h"

#include <sys/queue.h>

struct evhttp;
struct evhttp_connection;
struct evconnlistener;
struct event_base;
struct tls;

/*
 * Who is connected: what evhttp lacks, a cap on connections and on the total
 * time of a request. Loop thread.
 */
struct connections;

struct connection {
	TAILQ_ENTRY(connection) link; /* of the idle or the busy */
	struct connections *all;
	struct bufferevent *bev;
	struct evhttp_connection *evcon; /* NULL: not yet known */
	void *exchange;   /* the request under way, its owner's; NULL: none */
	int64_t since_us; /* of the accept, or the last answer */
};

struct connections_options {
	struct event_base *base;
	struct evhttp *evhttp;
	struct evconnlistener *listener;
	const struct tls *tls; /* NULL: plain */
	int64_t max;       /* connections; then who idles longest makes room */
	int64_t request_s; /* from accept, or the answer before, to the end */
	const struct clock *clock;
	struct metrics *metrics;
	/* The client is gone; c->exchange is not NULL. */
	void (*lost)(struct connection *c);
};

/* Installs itself as evhttp's bufferevent callback. */
struct connections *connections_new(const struct connections_options *o);
/* After evhttp_free, which closes what is left. */
void connections_free(struct connections *cs);
/* What is accepted from now on is secured with this one; NULL: plain. */
void connections_use(struct connections *cs, const struct tls *tls);
/* A whole request is there: its connection, busy with it until answered. */
struct connection *connections_asked(struct connections *cs,
	struct evhttp_connection *evcon, void *exchange);
/* A request was answered: the next one has its full time. */
void connection_answered(struct connection *c);
/* No more listening, whatever the cap. */
void connections_stop(struct connections *cs);

#endif
