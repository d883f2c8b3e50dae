#ifndef GATEWAY_WEBHOOK_H
#define GATEWAY_WEBHOOK_H

#include "gateway/budget.h"
#include "gateway/gate.h"
#include "gateway/http.h"
#include "gateway/settings.h"
#include "gateway/writer.h"

/* What the callbacks of providers work with. Loop thread. */
struct webhook_env {
	struct settings *settings; /* the present ones; exchanged by a reload */
	struct writer *writer;
	struct gate *gate;
	struct budget *budget; /* the writer's, through jobs */
	struct metrics *metrics;
	const struct clock *clock;
	void (*queued)(void *arg); /* texts were queued for sending */
	void *arg;
};

enum webhook_way { WEBHOOK_IN, WEBHOOK_DLR };

/* /in/CHANNEL[/TOKEN] or /dlr/CHANNEL[/TOKEN]. token may be absent. */
struct webhook_path {
	enum webhook_way way;
	struct str channel, token;
};

/* Owns the exchange. */
void webhook_handle(struct webhook_env *env, struct http_exchange *x,
	const struct webhook_path *path);

#endif
