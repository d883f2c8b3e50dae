#ifndef GATEWAY_WEBHOOK_H
#define GATEWAY_WEBHOOK_H

#include "gateway/http.h"
#include "gateway/inlet.h"

enum webhook_way { WEBHOOK_IN, WEBHOOK_DLR };

/* /in/CHANNEL[/TOKEN] or /dlr/CHANNEL[/TOKEN]. token may be absent. */
struct webhook_path {
	enum webhook_way way;
	struct str channel, token;
};

/* Owns the exchange. */
void webhook_handle(struct inlet_env *env, struct http_exchange *x,
	const struct webhook_path *path);

#endif
