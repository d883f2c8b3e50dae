#ifndef GATEWAY_PROVIDERS_KANNEL_H
#define GATEWAY_PROVIDERS_KANNEL_H

#include "gateway/providers/provider.h"

/* A Kannel channel as configured; private to the provider. */
struct kannel {
	struct str url, username, password, smsc, account;
	struct str callback_username, callback_password;
	int charset; /* enum kannel_charset */
	int64_t dlr_mask;
	/* made by open() */
	struct str send_url; /* up to the ? and the log-in; absent: no url */
	struct str basic;    /* the header we expect; absent: none */
	struct str secret;   /* the password as it stands in send_url */
};

enum kannel_charset { KANNEL_UTF8, KANNEL_UTF16BE };

/* provider.parse_inbound and .parse_dlr */
void kannel_parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);
void kannel_parse_dlr(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
