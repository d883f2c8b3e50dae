#ifndef GATEWAY_PROVIDERS_TWILIO_H
#define GATEWAY_PROVIDERS_TWILIO_H

#include "gateway/providers/provider.h"

/* A Twilio channel as configured; private to the provider. */
struct twilio {
	struct str url, account_sid, auth_token, sender, api_key, api_secret;
	/* made by open() */
	struct str messages_url;
	bool has_sender; /* one of its own, or the channel's number */
	bool is_service; /* the sender is a messaging service */
};

/* provider.verify, .parse_inbound and .parse_dlr: texts and reports by
 * either address. */
enum provider_verify twilio_verify(
	const void *state, const struct provider_request *r);
void twilio_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
