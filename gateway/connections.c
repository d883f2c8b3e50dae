/*
 * connections - how many are there, and which has had its time?
 *
 * Counted and aged through evhttp's bufferevent callback: evhttp sets itself
 * as the callbacks' argument right after it has made a connection, so a
 * zero-delay event, which runs before any byte is read, learns the connection
 * from there. A connection is busy from a whole request to its answer, else
 * idle, whatever dribbles in; TLS handshakes are part of that. An idle one is
 * closed after request_s; at the cap the longest idle makes room at once, and
 * where all are busy or fresh the listener pauses and the kernel's backlog
 * waits. Found again by descriptor.
 */
#include "gateway/connections.h"

#include "gateway/tls.h"

#include <assert.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Nobody is closed earlier, or a burst of new ones would close one another
 * before they are read. */
#define FRESH_US INT64_C(1000000)

TAILQ_HEAD(connection_list, connection);

struct connections {
	struct connections_options opt;
	struct event *attach, *sweep;
	struct connection_list arriving; /* evhttp has not named them yet */
	struct connection_list idle;     /* the longest idle first */
	struct connection_list busy;
	struct connection **by_fd;
	size_t by_fd_n;
	int64_t n;
	bool listening;
};

/* NULL: none has been idle for as long. */
static struct connection *idle_for(struct connections *cs, int64_t us)
{
	struct connection *c = TAILQ_FIRST(&cs->idle);

	if (c == NULL || clock_mono_us(cs->opt.clock) - c->since_us <= us)
		return NULL;
	return c;
}

static void listen_if_room(struct connections *cs)
{
	if (!cs->listening)
		return;
	if (cs->n < cs->opt.max || idle_for(cs, FRESH_US) != NULL)
		evconnlistener_enable(cs->opt.listener);
	else
		evconnlistener_disable(cs->opt.listener);
}

static void on_close(struct evhttp_connection *evcon, void *arg)
{
	struct connection *c = arg;
	struct connections *cs = c->all;

	(void)evcon;
	tls_say_goodbye(c->bev);
	if (c->exchange != NULL)
		cs->opt.lost(c);
	TAILQ_REMOVE(c->exchange != NULL ? &cs->busy : &cs->idle, c, link);
	metrics_add(cs->opt.metrics, METRIC_HTTP_CONNECTIONS, -1);
	cs->n--;
	listen_if_room(cs);
	free(c);
}

static void remember(struct connections *cs, struct connection *c)
{
	size_t fd = (size_t)bufferevent_getfd(c->bev);

	if (fd >= cs->by_fd_n) {
		size_t n = fd * 2 + 64;

		cs->by_fd = realloc(cs->by_fd, n * sizeof(struct connection *));
		assert(cs->by_fd != NULL);
		memset(cs->by_fd + cs->by_fd_n, 0,
			(n - cs->by_fd_n) * sizeof(struct connection *));
		cs->by_fd_n = n;
	}
	cs->by_fd[fd] = c;
}

/* Head and body of an answer are two TLS records, and two writes: the second
 * would wait 40 ms for the client's delayed acknowledgment of the first. */
static void send_at_once(const struct connection *c)
{
	int on = 1;

	if (bufferevent_openssl_get_ssl(c->bev) != NULL)
		(void)setsockopt(bufferevent_getfd(c->bev), IPPROTO_TCP,
			TCP_NODELAY, &on, sizeof(on));
}

/* All whose bufferevents evhttp has taken by now. */
static void attach_new(struct connections *cs)
{
	struct connection *c;

	while ((c = TAILQ_FIRST(&cs->arriving)) != NULL) {
		void *evcon = NULL;

		bufferevent_getcb(c->bev, NULL, NULL, NULL, &evcon);
		assert(evcon != NULL);
		c->evcon = evcon;
		remember(cs, c);
		send_at_once(c);
		evhttp_connection_set_closecb(c->evcon, on_close, c);
		TAILQ_REMOVE(&cs->arriving, c, link);
		TAILQ_INSERT_TAIL(&cs->idle, c, link);
	}
}

/* Runs after evhttp has taken the new bufferevents, before they are read. */
static void on_attach(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	attach_new(arg);
}

static void make_room(struct connections *cs)
{
	struct connection *c = idle_for(cs, FRESH_US);

	if (c == NULL)
		return;
	metrics_add(cs->opt.metrics, METRIC_HTTP_EVICTED, 1);
	evhttp_connection_free(c->evcon); /* calls on_close */
}

static struct bufferevent *on_bufferevent(struct event_base *base, void *arg)
{
	struct connections *cs = arg;
	struct connection *c = calloc(1, sizeof(*c));

	assert(c != NULL);
	attach_new(cs);
	if (cs->n >= cs->opt.max)
		make_room(cs);
	if (cs->opt.tls != NULL)
		c->bev = tls_accept(cs->opt.tls, base);
	else
		c->bev =
			bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	assert(c->bev != NULL);
	c->all = cs;
	c->since_us = clock_mono_us(cs->opt.clock);
	TAILQ_INSERT_TAIL(&cs->arriving, c, link);
	metrics_add(cs->opt.metrics, METRIC_HTTP_CONNECTIONS, 1);
	cs->n++;
	listen_if_room(cs);
	event_active(cs->attach, EV_TIMEOUT, 0);
	return c->bev;
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct connections *cs = arg;
	int64_t most_us = cs->opt.request_s * 1000000;
	struct connection *c;

	(void)fd;
	(void)what;
	while ((c = idle_for(cs, most_us)) != NULL)
		evhttp_connection_free(c->evcon); /* calls on_close */
	listen_if_room(cs);
}

struct connections *connections_new(const struct connections_options *o)
{
	static const struct timeval second = {.tv_sec = 1};
	struct connections *cs = calloc(1, sizeof(*cs));

	assert(cs != NULL);
	cs->opt = *o;
	cs->listening = true;
	TAILQ_INIT(&cs->arriving);
	TAILQ_INIT(&cs->idle);
	TAILQ_INIT(&cs->busy);
	cs->attach = event_new(o->base, -1, 0, on_attach, cs);
	cs->sweep = event_new(o->base, -1, EV_PERSIST, on_sweep, cs);
	assert(cs->attach != NULL && cs->sweep != NULL);
	event_add(cs->sweep, &second);
	evhttp_set_bevcb(o->evhttp, on_bufferevent, cs);
	return cs;
}

void connections_free(struct connections *cs)
{
	assert(cs->n == 0);
	event_free(cs->sweep);
	event_free(cs->attach);
	free(cs->by_fd);
	free(cs);
}

void connections_use(struct connections *cs, const struct tls *tls)
{
	cs->opt.tls = tls;
}

struct connection *connections_asked(
	struct connections *cs, struct evhttp_connection *evcon, void *exchange)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(evcon);
	struct connection *c = cs->by_fd[bufferevent_getfd(bev)];

	assert(c->evcon == evcon && c->exchange == NULL);
	c->exchange = exchange;
	TAILQ_REMOVE(&cs->idle, c, link);
	TAILQ_INSERT_TAIL(&cs->busy, c, link);
	if (cs->n >= cs->opt.max)
		listen_if_room(cs);
	return c;
}

void connection_answered(struct connection *c)
{
	c->exchange = NULL;
	c->since_us = clock_mono_us(c->all->opt.clock);
	TAILQ_REMOVE(&c->all->busy, c, link);
	TAILQ_INSERT_TAIL(&c->all->idle, c, link);
}

void connections_stop(struct connections *cs)
{
	cs->listening = false;
	evconnlistener_disable(cs->opt.listener);
}
