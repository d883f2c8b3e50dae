#ifndef GATEWAY_FRONT_H
#define GATEWAY_FRONT_H

#include "gateway/http.h"
#include "gateway/pages.h"
#include "gateway/tls.h"
#include "gateway/webhook.h"

/* The listeners of `serve`, and which path goes where. Loop thread. */
struct front;

struct front_options {
	struct event_base *base;
	const struct clock *clock;
	struct metrics *metrics;
	struct inlet_env *hooks;
	struct pages_env *pages;
};

/* Listens. Takes tls (NULL: plain), also when it fails; NULL with err. */
struct front *front_new(const struct front_options *o, const struct config *c,
	struct tls *tls, struct err *err);
/* After a reload. Takes tls; connections under way keep theirs. */
void front_use(struct front *f, const struct config *c, struct tls *tls);
/* public_url, or where callbacks are listened for; as http_base_url. */
const char *front_base_url(const struct front *f);
/* "listening on http://ADDRESS:PORT", and of a second listener "admin on". */
void front_announce(const struct front *f);
void front_stop_listening(struct front *f);
/* Answers that are still owed. */
size_t front_waiting(const struct front *f);
/* Everything must have been answered. */
void front_free(struct front *f);

#endif
