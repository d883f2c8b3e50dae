#ifndef GATEWAY_FETCH_H
#define GATEWAY_FETCH_H

#include "gateway/base/err.h"
#include "gateway/providers/provider.h"

struct event_base;

/*
 * HTTP requests that run beside one another (curl multi on the loop). Loop
 * thread.
 */
struct fetch;

#define FETCH_BODY_MAX ((size_t)65536)

struct fetch *fetch_new(struct event_base *base, int64_t timeout_s);
/* For requests that start from now on. */
void fetch_timeout(struct fetch *f, int64_t timeout_s);
/* Abandons what is under way, without calling done. */
void fetch_free(struct fetch *f);

/* The response's strings are valid during the call only. status 0: no
 * answer, and why; a status and why: its answer broke off, and what is there
 * of the body is not whole. A body is cut at FETCH_BODY_MAX. before_sent: not
 * a byte of the request had left. */
typedef void fetch_done(void *arg, int64_t id,
	const struct provider_response *r, bool before_sent, struct str why);

/*
 * Starts one request; done is called later, from the loop, never from here.
 * The call's strings are copied. -1 when it could not be started.
 */
int fetch_start(struct fetch *f, const struct provider_call *call, int64_t id,
	fetch_done *done, void *arg) __attribute__((warn_unused_result));
size_t fetch_under_way(const struct fetch *f);

#endif
