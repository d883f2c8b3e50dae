#ifndef GATEWAY_PROVIDERS_JASMIN_H
#define GATEWAY_PROVIDERS_JASMIN_H

#include "gateway/providers/provider.h"

/* A Jasmin channel as configured; private to the provider. */
struct jasmin {
	struct str url, username, password, tags;
	int64_t dlr_level, max_parts;
	int64_t priority;
	/* made by open() */
	struct str send_url; /* absent: no url */
	struct str secret;   /* the password as it stands in a form */
};

/* provider.parse_inbound and .parse_dlr: texts and reports by either. */
void jasmin_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
