#ifndef GATEWAY_PROVIDERS_GAMMU_H
#define GATEWAY_PROVIDERS_GAMMU_H

#include "gateway/providers/provider.h"

/* A gammu channel as configured; private to the provider. */
struct gammu {
	struct modem_source source;
	bool reports;
	struct str number; /* our own; absent: not configured */
};

/* provider.parse_inbound */
void gammu_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
