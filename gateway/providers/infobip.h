#ifndef GATEWAY_PROVIDERS_INFOBIP_H
#define GATEWAY_PROVIDERS_INFOBIP_H

#include "gateway/base/jdoc.h"
#include "gateway/providers/mt.h"

/* An Infobip channel as configured; private to the provider. */
struct infobip {
	struct str url, api_key, username, password, sender;
	struct str callback_username, callback_password, callback_bearer;
	int report_by; /* enum infobip_report_by */
	/* made by open() */
	struct str ussd_code;           /* the channel's */
	struct str send_url;            /* absent: the channel only receives */
	struct provider_header app_key; /* Authorization: App KEY */
	struct str login; /* what callbacks carry; absent: nothing */
	struct mt_secrets secrets;
};

#define INFOBIP_REPORT_BY "text|profile"

enum infobip_report_by { INFOBIP_BY_TEXT, INFOBIP_BY_PROFILE };

/* The groups of statuses, by their numbers. */
enum infobip_group {
	INFOBIP_ACCEPTED,
	INFOBIP_PENDING,
	INFOBIP_UNDELIVERABLE,
	INFOBIP_DELIVERED,
	INFOBIP_EXPIRED,
	INFOBIP_REJECTED,
	INFOBIP_GROUP_N
};

/* By its name, else by its number; -1: neither is known. */
int infobip_group(const struct jdoc *status);
/* A member as text, in the arena; absent: none, or no flat value. */
struct str infobip_text(
	const struct jdoc *v, const char *path, struct arena *a);

/* provider.parse_inbound and .parse_dlr */
void infobip_parse(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
