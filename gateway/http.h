#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/metrics.h"
#include "gateway/providers/provider.h"

struct clock;
struct connection;
struct event_base;
struct tls;

/*
 * The listener: evhttp with what it lacks, a cap on connections and on a
 * request's total time, and answers that can be given later. Loop thread.
 */
struct http;

/*
 * One request, from its last byte to its answer. It outlives its client: the
 * handler owns it until http_answer, which must be called exactly once.
 */
struct http_exchange {
	struct http_exchange *next, **prev; /* all that wait for an answer */
	struct http *http;
	struct connection *connection; /* NULL: the client went away */
	struct evhttp_request *evreq;  /* NULL then, too */
	struct arena *arena;           /* all below, and the handler's */
	struct str path;               /* undecoded, begins with / */
	struct provider_request request;
};

/* Handles, or keeps for later, the exchange. It owns it. */
typedef void http_handler(void *arg, struct http_exchange *x);

struct http_options {
	struct event_base *base;
	struct str address;           /* "127.0.0.1:8080", "[::1]:0" */
	struct str public_url;        /* absent: http[s]://ADDRESS */
	const struct tls *tls;        /* NULL: plain */
	int64_t max_header, max_body; /* bytes */
	int64_t max_connections;
	int64_t request_s; /* from accept, or the answer before, to the end */
	const struct clock *clock;
	struct metrics *metrics;
	http_handler *handler;
	void *arg;
};

/* NULL with err: the address is in use, or none of ours. */
struct http *http_new(const struct http_options *o, struct err *err);
/* "127.0.0.1:41234": the real port where 0 was asked for. */
struct str http_address(const struct http *h);
/* "https" or "http". */
const char *http_scheme(const struct http *h);
/* Another certificate, or none, for whoever connects from now on. */
void http_use(struct http *h, const struct tls *tls, struct str public_url);
/* The start of its own URLs: public_url, or the scheme and that address. The
 * bytes stay where they are and change with http_use. */
const char *http_base_url(const struct http *h);
void http_stop_listening(struct http *h);
/* Answers that are still owed. */
size_t http_waiting(const struct http *h);
/* Everything must have been answered. */
void http_free(struct http *h);

struct http_answer {
	int status;
	const char *content_type; /* NULL: text/plain */
	struct str body;
	int retry_after_s; /* 0: no header */
};

/* Sends the answer, or nothing if the client is gone; frees the exchange. */
void http_answer(struct http_exchange *x, const struct http_answer *a);
/* A status alone, with its standard phrase as the body. */
void http_answer_status(struct http_exchange *x, int status);

#endif
