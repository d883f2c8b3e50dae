#ifndef GATEWAY_PAGES_H
#define GATEWAY_PAGES_H

#include "gateway/http.h"
#include "gateway/reader.h"
#include "gateway/sender.h"
#include "gateway/settings.h"
#include "gateway/writer.h"

/* /healthz, /readyz, /metrics. Loop thread. */
struct pages_env {
	struct settings *settings; /* exchanged by a reload */
	struct writer *writer;
	struct reader *reader;
	struct metrics *metrics;
	const struct sender *sender; /* NULL: not started yet */
	const struct modems *modems; /* the same */
	bool stopping;
};

/* /healthz and /readyz, at every listener. False: neither of them; the
 * exchange stays the caller's. */
bool pages_health(struct pages_env *env, struct http_exchange *x);
/* All that belongs to staff. False as above. */
bool pages_handle(struct pages_env *env, struct http_exchange *x);

#endif
