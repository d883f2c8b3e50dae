#ifndef GATEWAY_PROVIDERS_VONAGE_H
#define GATEWAY_PROVIDERS_VONAGE_H

#include "gateway/providers/mt.h"

/* A Vonage channel as configured; private to the provider. */
struct vonage {
	struct str url, api_key, api_secret, sender;
	struct str signature_secret;
	int signature_method; /* enum vonage_method */
	int64_t tolerance_s;
	/* made by open() */
	struct str send_url; /* absent: the channel only receives */
	struct mt_secrets secrets;
};

/* As Vonage's own libraries call them. */
#define VONAGE_METHODS "md5hash|md5|sha1|sha256|sha512"

enum vonage_method {
	VONAGE_MD5HASH, /* MD5 of the parameters and the secret */
	VONAGE_MD5,     /* from here on HMAC */
	VONAGE_SHA1,
	VONAGE_SHA256,
	VONAGE_SHA512
};

/* provider.verify, .parse_inbound and .parse_dlr */
enum provider_verify vonage_verify(
	const void *state, const struct provider_request *r);
void vonage_parse(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
