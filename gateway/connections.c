/*
 * connections - how many are there, and which has had its time?
 *
 * Counted and aged through evhttp's bufferevent callback: evhttp sets itself
 * as the callbacks' argument right after it has made a connection, so a
 * zero-delay event, which runs before any byte is read, learns the connection
 * from there. At the cap the listener pauses and the kernel's backlog waits.
 * A connection that has not completed a request in request_s, counted from
 * accept or from the last answer, is closed, however slowly it keeps sending.
 * Found again by descriptor.
 */
#include "gateway/connections.h"

#include <assert.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>

struct connections {
	struct connections_options opt;
	struct event *attach, *sweep;
	struct connection *first;
	struct connection **by_fd;
	size_t by_fd_n;
	int64_t n;
	bool listening;
};

static void restart_age(struct connection *c)
{
	const struct connections_options *o = &c->all->opt;

	c->deadline_us = clock_mono_us(o->clock) + o->request_s * 1000000;
}

static void listen_if_room(struct connections *cs)
{
	if (!cs->listening)
		return;
	if (cs->n < cs->opt.max)
		evconnlistener_enable(cs->opt.listener);
	else
		evconnlistener_disable(cs->opt.listener);
}

static void on_close(struct evhttp_connection *evcon, void *arg)
{
	struct connection *c = arg;
	struct connections *cs = c->all;

	(void)evcon;
	if (c->exchange != NULL)
		cs->opt.lost(c);
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	metrics_set(cs->opt.metrics, METRIC_HTTP_CONNECTIONS, --cs->n);
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

/* Runs after evhttp has taken the new bufferevents, before they are read. */
static void on_attach(evutil_socket_t fd, short what, void *arg)
{
	struct connections *cs = arg;

	(void)fd;
	(void)what;
	for (struct connection *c = cs->first; c != NULL && c->evcon == NULL;
		c = c->next) {
		void *evcon = NULL;

		bufferevent_getcb(c->bev, NULL, NULL, NULL, &evcon);
		assert(evcon != NULL);
		c->evcon = evcon;
		remember(cs, c);
		evhttp_connection_set_closecb(c->evcon, on_close, c);
	}
}

static struct bufferevent *on_bufferevent(struct event_base *base, void *arg)
{
	struct connections *cs = arg;
	struct connection *c = calloc(1, sizeof(*c));

	assert(c != NULL);
	c->bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	assert(c->bev != NULL);
	c->all = cs;
	c->next = cs->first;
	c->prev = &cs->first;
	if (c->next != NULL)
		c->next->prev = &c->next;
	cs->first = c;
	metrics_set(cs->opt.metrics, METRIC_HTTP_CONNECTIONS, ++cs->n);
	restart_age(c);
	listen_if_room(cs);
	event_active(cs->attach, EV_TIMEOUT, 0);
	return c->bev;
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct connections *cs = arg;
	int64_t now = clock_mono_us(cs->opt.clock);
	struct connection *next;

	(void)fd;
	(void)what;
	for (struct connection *c = cs->first; c != NULL; c = next) {
		next = c->next;
		if (c->evcon != NULL && c->exchange == NULL &&
			c->deadline_us < now)
			evhttp_connection_free(c->evcon); /* calls on_close */
	}
}

struct connections *connections_new(const struct connections_options *o)
{
	static const struct timeval second = {.tv_sec = 1};
	struct connections *cs = calloc(1, sizeof(*cs));

	assert(cs != NULL);
	cs->opt = *o;
	cs->listening = true;
	cs->attach = event_new(o->base, -1, 0, on_attach, cs);
	cs->sweep = event_new(o->base, -1, EV_PERSIST, on_sweep, cs);
	assert(cs->attach != NULL && cs->sweep != NULL);
	event_add(cs->sweep, &second);
	evhttp_set_bevcb(o->evhttp, on_bufferevent, cs);
	return cs;
}

void connections_free(struct connections *cs)
{
	assert(cs->first == NULL);
	event_free(cs->sweep);
	event_free(cs->attach);
	free(cs->by_fd);
	free(cs);
}

struct connection *connections_find(
	struct connections *cs, struct evhttp_connection *evcon)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(evcon);
	struct connection *c = cs->by_fd[bufferevent_getfd(bev)];

	assert(c->evcon == evcon);
	return c;
}

void connection_answered(struct connection *c)
{
	c->exchange = NULL;
	restart_age(c);
}

void connections_stop(struct connections *cs)
{
	cs->listening = false;
	evconnlistener_disable(cs->opt.listener);
}
