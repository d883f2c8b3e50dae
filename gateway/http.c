/*
 * http - what has been asked, and what answer is still owed to whom?
 *
 * evhttp parses; a request is copied into an exchange with an arena of its
 * own, which is parked until it is answered. The client going away first only
 * takes the connection from it; the answer is still given, to nobody. Loop
 * thread.
 */
#include "gateway/http.h"

#include "gateway/base/clock.h"
#include "gateway/connections.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <sys/queue.h>

#define BACKLOG 1024
#define ARENA_FIRST 8192
#define HEADERS_MAX 64

struct http {
	struct http_options opt;
	struct evhttp *evhttp;
	struct evconnlistener *listener;
	struct connections *connections;
	struct http_exchange *exchanges;
	size_t waiting;
	char address[80], base_url[PUBLIC_URL_MAX + 1];
};

static void on_lost(struct connection *c)
{
	struct http_exchange *x = c->exchange;

	x->connection = NULL;
	x->evreq = NULL;
}

static const char *method_text(enum evhttp_cmd_type cmd)
{
	switch (cmd) {
	case EVHTTP_REQ_GET:
		return "GET";
	case EVHTTP_REQ_HEAD:
		return "HEAD";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	default:
		return "OTHER";
	}
}

static void copy_headers(struct http_exchange *x)
{
	struct evkeyvalq *q = evhttp_request_get_input_headers(x->evreq);
	struct provider_header *v =
		ARENA_ARRAY(x->arena, struct provider_header, HEADERS_MAX);
	size_t n = 0;
	struct evkeyval *kv;

	TAILQ_FOREACH(kv, q, next)
	{
		if (n == HEADERS_MAX)
			break;
		v[n].name = arena_str(x->arena, str_of(kv->key));
		v[n++].value = arena_str(x->arena, str_of(kv->value));
	}
	x->request.headers = v;
	x->request.headers_n = n;
}

/*
 * "http://HOST/PATH" → "/PATH": a server has to take both (RFC 9112 §3.2.2).
 * What has neither, as the "*" of OPTIONS, is no path of ours.
 */
static struct str origin_form(struct str uri)
{
	ptrdiff_t at = str_find(uri, STR("://"), 0);

	if (uri.n > 0 && uri.p[0] == '/')
		return uri;
	at = at < 0 ? -1 : str_find_byte(uri, '/', (size_t)at + 3);
	return at < 0 ? STR("/") : str_from(uri, (size_t)at);
}

/* By the connection, not the listener: a reload may have changed that. */
static bool is_tls(struct evhttp_request *evreq)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(
		evhttp_request_get_connection(evreq));

	return bev != NULL && bufferevent_openssl_get_ssl(bev) != NULL;
}

static void copy_request(struct http_exchange *x)
{
	struct provider_request *r = &x->request;
	struct evbuffer *in = evhttp_request_get_input_buffer(x->evreq);
	struct str uri = str_of(evhttp_request_get_uri(x->evreq));
	ptrdiff_t q;
	char *peer = NULL;
	ev_uint16_t port = 0;

	uri = origin_form(arena_str(x->arena, uri));
	q = str_find_byte(uri, '?', 0);
	x->path = q < 0 ? uri : str_part(uri, 0, (size_t)q);
	r->query = q < 0 ? STR("") : str_from(uri, (size_t)q + 1);
	r->url = arena_printf(
		x->arena, "%s" STR_FMT, x->http->base_url, STR_ARG(uri));
	r->method = str_of(method_text(evhttp_request_get_command(x->evreq)));
	r->body.n = evbuffer_get_length(in);
	r->body.p = arena_alloc(x->arena, r->body.n + 1);
	evbuffer_copyout(in, (void *)r->body.p, r->body.n);
	evhttp_connection_get_peer(
		evhttp_request_get_connection(x->evreq), &peer, &port);
	r->peer = arena_str(x->arena, str_of(peer));
	r->secure = is_tls(x->evreq);
	r->now_ms = clock_wall_ms(x->http->opt.clock);
	copy_headers(x);
}

static void on_request(struct evhttp_request *evreq, void *arg)
{
	struct http *h = arg;
	struct http_exchange *x = calloc(1, sizeof(*x));
	struct evhttp_connection *evcon = evhttp_request_get_connection(evreq);

	assert(x != NULL);
	x->http = h;
	x->evreq = evreq;
	x->connection = connections_asked(h->connections, evcon, x);
	x->next = h->exchanges;
	x->prev = &h->exchanges;
	if (x->next != NULL)
		x->next->prev = &x->next;
	h->exchanges = x;
	h->waiting++;
	metrics_add(h->opt.metrics, METRIC_HTTP_PARKED, 1);
	x->arena = arena_new(ARENA_FIRST);
	copy_request(x);
	h->opt.handler(h->opt.arg, x);
}

/*
 * To HEAD belongs the length alone. evhttp sends what it is given, and the
 * client would take it for the start of the next answer.
 */
static void add_body(struct http_exchange *x, struct str body)
{
	char length[24];

	if (evhttp_request_get_command(x->evreq) != EVHTTP_REQ_HEAD) {
		evbuffer_add(evhttp_request_get_output_buffer(x->evreq), body.p,
			body.n);
		return;
	}
	snprintf(length, sizeof(length), "%zu", body.n);
	evhttp_add_header(evhttp_request_get_output_headers(x->evreq),
		"Content-Length", length);
}

static void send_answer(struct http_exchange *x, const struct http_answer *a)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(x->evreq);
	char number[16];

	evhttp_add_header(out, "Content-Type",
		a->content_type != NULL ? a->content_type
					: "text/plain; charset=utf-8");
	if (a->retry_after_s > 0) {
		snprintf(number, sizeof(number), "%d", a->retry_after_s);
		evhttp_add_header(out, "Retry-After", number);
	}
	add_body(x, a->body);
	connection_answered(x->connection);
	evhttp_send_reply(x->evreq, a->status, NULL, NULL);
}

void http_answer(struct http_exchange *x, const struct http_answer *a)
{
	struct http *h = x->http;

	*x->prev = x->next;
	if (x->next != NULL)
		x->next->prev = x->prev;
	h->waiting--;
	metrics_add(h->opt.metrics, METRIC_HTTP_PARKED, -1);
	metrics_add(h->opt.metrics, METRIC_HTTP_REQUESTS, 1);
	if (x->evreq != NULL)
		send_answer(x, a);
	arena_free(x->arena);
	free(x);
}

void http_answer_status(struct http_exchange *x, int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrase[] = {{200, "OK\n"}, {400, "Bad Request\n"},
		{401, "Unauthorized\n"}, {403, "Forbidden\n"},
		{404, "Not Found\n"}, {405, "Method Not Allowed\n"},
		{413, "Content Too Large\n"}, {503, "Service Unavailable\n"}};
	struct http_answer a = {.status = status};

	for (size_t i = 0; i < sizeof(phrase) / sizeof(phrase[0]); i++)
		if (phrase[i].status == status)
			a.body = str_of(phrase[i].phrase);
	a.retry_after_s = status == 503 ? 5 : 0;
	http_answer(x, &a);
}

/* The port, or -1. libevent reads no port 0, which asks for any free one. */
static int take_port(char *text)
{
	char *colon = strrchr(text, ':');
	int64_t port;

	if (colon == NULL || str_to_i64(str_of(colon + 1), &port) != 0 ||
		port < 0 || port > 65535)
		return -1;
	*colon = '\0';
	return (int)port;
}

/* "HOST:PORT" → a bound listener; IPv6 in brackets. */
static struct evconnlistener *bind_to(const struct http_options *o)
{
	struct sockaddr_storage sa = {0};
	struct sockaddr_in *in = (struct sockaddr_in *)&sa;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&sa;
	int len = sizeof(sa), port;
	char text[80];

	snprintf(text, sizeof(text), STR_FMT, STR_ARG(o->address));
	errno = EINVAL;
	port = take_port(text);
	if (port < 0 || evutil_parse_sockaddr_port(
				text, (struct sockaddr *)&sa, &len) != 0)
		return NULL;
	if (sa.ss_family == AF_INET6)
		in6->sin6_port = htons((uint16_t)port);
	else
		in->sin_port = htons((uint16_t)port);
	return evconnlistener_new_bind(o->base, NULL, NULL,
		LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE |
			LEV_OPT_CLOSE_ON_EXEC,
		BACKLOG, (struct sockaddr *)&sa, len);
}

static void note_address(struct http *h)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} sa = {.in6 = {0}};
	socklen_t len = sizeof(sa);
	char host[64] = "?";
	bool v6;

	getsockname(evconnlistener_get_fd(h->listener), &sa.any, &len);
	v6 = sa.any.sa_family == AF_INET6;
	evutil_inet_ntop(sa.any.sa_family,
		v6 ? (void *)&sa.in6.sin6_addr : (void *)&sa.in.sin_addr, host,
		sizeof(host));
	snprintf(h->address, sizeof(h->address), v6 ? "[%s]:%u" : "%s:%u", host,
		ntohs(v6 ? sa.in6.sin6_port : sa.in.sin_port));
}

static void note_base_url(struct http *h)
{
	if (h->opt.public_url.n > 0)
		snprintf(h->base_url, sizeof(h->base_url), STR_FMT,
			STR_ARG(h->opt.public_url));
	else
		snprintf(h->base_url, sizeof(h->base_url), "%s://%s",
			http_scheme(h), h->address);
}

static void set_limits(struct http *h)
{
	evhttp_set_max_headers_size(h->evhttp, h->opt.max_header);
	evhttp_set_max_body_size(h->evhttp, h->opt.max_body);
	evhttp_set_timeout(h->evhttp, (int)h->opt.request_s);
	/* All methods come through, so that the answer is 405 and not 501. */
	evhttp_set_allowed_methods(
		h->evhttp, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
				   EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
				   EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
				   EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH);
	evhttp_set_gencb(h->evhttp, on_request, h);
}

static void watch_connections(struct http *h)
{
	h->connections = connections_new(&(struct connections_options){
		.base = h->opt.base,
		.evhttp = h->evhttp,
		.listener = h->listener,
		.tls = h->opt.tls,
		.max = h->opt.max_connections,
		.request_s = h->opt.request_s,
		.clock = h->opt.clock,
		.metrics = h->opt.metrics,
		.lost = on_lost,
	});
}

struct http *http_new(const struct http_options *o, struct err *err)
{
	struct evconnlistener *listener = bind_to(o);
	struct http *h;

	if (listener == NULL) {
		err_set(err, "cannot listen on " STR_FMT ": %s",
			STR_ARG(o->address),
			evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
		return NULL;
	}
	h = calloc(1, sizeof(*h));
	assert(h != NULL);
	h->opt = *o;
	h->listener = listener;
	h->evhttp = evhttp_new(o->base);
	assert(h->evhttp != NULL);
	set_limits(h);
	watch_connections(h);
	note_address(h);
	note_base_url(h);
	evhttp_bind_listener(h->evhttp, listener);
	return h;
}

struct str http_address(const struct http *h)
{
	return str_of(h->address);
}

const char *http_scheme(const struct http *h)
{
	return h->opt.tls != NULL ? "https" : "http";
}

void http_use(struct http *h, const struct tls *tls, struct str public_url)
{
	h->opt.tls = tls;
	h->opt.public_url = public_url;
	connections_use(h->connections, tls);
	note_base_url(h);
}

const char *http_base_url(const struct http *h)
{
	return h->base_url;
}

void http_stop_listening(struct http *h)
{
	connections_stop(h->connections);
}

size_t http_waiting(const struct http *h)
{
	return h->waiting;
}

void http_free(struct http *h)
{
	assert(h->exchanges == NULL);
	/* evhttp frees the listener before the connections that are left. */
	connections_stop(h->connections);
	evhttp_free(h->evhttp);
	connections_free(h->connections);
	free(h);
}
