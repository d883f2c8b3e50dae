#ifndef GATEWAY_PROVIDERS_MT_H
#define GATEWAY_PROVIDERS_MT_H

#include "gateway/providers/provider.h"

/* What providers of an HTTP API have in common when a text is sent. */

/* A url of the configuration, without slashes at its end. */
struct str mt_base(struct str url);
/* "+84912345678" as "84912345678"; a name or a short code as it is. */
struct str mt_bare(struct str number);
/* A report_url without its query, where the provider reports our id anyhow. */
struct str mt_plain_url(struct str url);

#define MT_SECRETS_MAX 4

/* What may never stand in `bantin why` or a log; absent ones are skipped. */
struct mt_secrets {
	struct str v[MT_SECRETS_MAX];
};

/* The provider's words on one short line; other words if they repeat a
 * secret. */
struct str mt_shown(
	struct str words, const struct mt_secrets *secrets, struct arena *a);
/* The same answer, its body exchanged if it repeats a secret. */
struct provider_response mt_quiet(
	const struct provider_response *r, const struct mt_secrets *secrets);

#endif
