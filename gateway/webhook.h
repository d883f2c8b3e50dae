#ifndef GATEWAY_WEBHOOK_H
#define GATEWAY_WEBHOOK_H

#include "gateway/http.h"
#include "gateway/inlet.h"

enum webhook_way { WEBHOOK_IN, WEBHOOK_DLR, WEBHOOK_USSD };

/* /in/CHANNEL[/TOKEN] or /dlr/CHANNEL[/TOKEN]. token may be absent. */
struct webhook_path {
	enum webhook_way way;
	struct str channel, token;
};

/* The channel, when the request may go on: its path exists, its method,
 * address, token and signature are right. NULL: it was answered. */
const struct channel *webhook_admit(const struct inlet_env *env,
	struct http_exchange *x, const struct webhook_path *path);
/* Owns the exchange. */
void webhook_handle(struct inlet_env *env, struct http_exchange *x,
	const struct webhook_path *path);

#endif
