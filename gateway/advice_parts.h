#ifndef GATEWAY_ADVICE_PARTS_H
#define GATEWAY_ADVICE_PARTS_H

#include "gateway/advice.h"

/* What advice.c and advice_channel.c share; nobody else's. */
struct giving {
	const struct settings *s;
	struct diags *d;
	bool open; /* others than this machine can call */
};

/* The value under a key, to point at; the map itself where it is not set. */
const struct node *advice_at(const struct node *map, const char *key);
/* HOST of http://HOST:PORT/… and of HOST:PORT; without its brackets. */
struct str advice_host(struct str url);
bool advice_is_this_machine(struct str host);
/* A phone or a modem's machine beside us, which often has no TLS. */
bool advice_is_near(struct str host);

/* What one channel says of itself, whoever may call it. */
void advice_channel(const struct giving *g, const struct channel *c);

#endif
