#ifndef GATEWAY_PROVIDERS_ESMS_H
#define GATEWAY_PROVIDERS_ESMS_H

#include "gateway/base/form.h"
#include "gateway/providers/provider.h"

/* An eSMS channel as configured; private to the provider. */
struct esms {
	struct str url, api_key, secret_key, brandname, campaign;
	struct str private_key, cpid; /* of the short code's callbacks */
	int sms_type;                 /* enum esms_type */
	bool sandbox;
	struct str send_url; /* made by open(); absent: no keys */
};

enum esms_type { ESMS_ADVERTISING, ESMS_CARE, ESMS_FIXED_NUMBER };

/* What makes the CallbackUrl of one text unlike that of any other: 128 bits
 * of an HMAC of our id, in hex. The channel has a secret_key. */
struct str esms_report_key(
	const struct esms *e, struct str own, struct arena *a);

/* provider.verify, .parse_inbound, .parse_dlr and .answer */
enum provider_verify esms_verify(
	const void *state, const struct provider_request *r);
void esms_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);
void esms_parse_dlr(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);
struct provider_answer esms_answer(
	const void *state, const struct provider_inbound *in, struct arena *a);

#endif
