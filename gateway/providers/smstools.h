#ifndef GATEWAY_PROVIDERS_SMSTOOLS_H
#define GATEWAY_PROVIDERS_SMSTOOLS_H

#include "gateway/providers/provider.h"

/* What the two halves of `smstools` share. */
struct smstools {
	struct str folder, reports_folder, work_folder, queue;
	int64_t poll_s, time_offset; /* hours */
	bool report;
	struct provider_folders folders; /* made by open() */
};

/* Our files' names begin so, and sent ones keep theirs. */
#define SMSTOOLS_PREFIX "bantin."
/* The header that carries our id. */
#define SMSTOOLS_ID "X-Bantin"

void smstools_parse(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);
bool smstools_is_wanted(enum provider_file_kind kind, struct str name);

#endif
