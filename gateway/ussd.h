#ifndef GATEWAY_USSD_H
#define GATEWAY_USSD_H

#include "gateway/http.h"
#include "gateway/inlet.h"
#include "gateway/talk.h"

/*
 * /ussd/CHANNEL[/TOKEN][/REST]: a screen for each request, in time. Loop
 * thread.
 */
struct ussd;

struct ussd_options {
	struct event_base *base;
	struct inlet_env *env; /* the callbacks' */
	/* talk_hop() and talk_follow(), or a test's. */
	int (*hop)(struct store *s, const struct talk_input *in,
		struct talk_result *ret);
	int (*follow)(struct store *s, const struct talk_input *in,
		struct talk_result *ret);
};

struct ussd *ussd_new(const struct ussd_options *o);
/* What waits to be tried again is lost, and logged. */
void ussd_free(struct ussd *u); /* NULL is fine */
/* Owns the exchange. channel: decoded; rest: what follows it in the path,
 * undecoded, absent: nothing. */
void ussd_handle(struct ussd *u, struct http_exchange *x, struct str channel,
	struct str rest);

#endif
