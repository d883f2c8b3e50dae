#ifndef GATEWAY_PROVIDERS_MO_H
#define GATEWAY_PROVIDERS_MO_H

#include "gateway/base/jdoc.h"
#include "gateway/base/xdoc.h"
#include "gateway/providers/provider.h"

/* What every provider needs to turn foreign values into a struct message. */

/* Bad UTF-8 and NUL become U+FFFD: a damaged text is kept, not lost. */
struct str mo_clean(struct str raw, struct arena *a);
/* A text as it is stored: clean, cut to PROVIDER_RAW_TEXT_MAX bytes between
 * two characters. */
struct str mo_text(struct str raw, struct arena *a);
/* E.164 where it is a phone; short codes and names as given, cut to 64 bytes.
 * Absent stays absent. */
struct str mo_number(struct str raw, struct arena *a);
/*
 * RFC 3339, or epoch seconds or milliseconds: from 100,000,000,000 on it is
 * ms (as seconds that is the year 5138, as ms it is 1973). A fraction of a
 * second is dropped. 0, or -1.
 */
int mo_time(struct str raw, int64_t *ret_ms)
	__attribute__((warn_unused_result));
/* A provider's id for the dedupe key: one longer than PROVIDER_ID_MAX is
 * replaced by its SHA-256, since cutting it could make two ids one. */
struct str mo_id(struct str raw, struct arena *a);
/*
 * The id of a message that came without: SHA-256 of from, to, text and the
 * provider's time as sent; without a time, of the minute of arrival. So a
 * retry after that minute counts as new (providers.md §5).
 */
struct str mo_hash_id(
	const struct message *m, struct str time, struct arena *a);

/* As jdoc_parse, but bad UTF-8 is replaced first. The caller frees it. */
struct jdoc *mo_json(struct str body, struct arena *a, struct err *err);
/* The same for XML; it lives in the arena. */
const struct xdoc *mo_xml(struct str body, struct arena *a, struct err *err);

/* Room for n messages; sets event and v. */
void mo_messages(struct provider_inbound *out, size_t n, struct arena *a);
/* One of a batch makes no sense and is left out; the caller says why in the
 * err returned: that of the first. NULL: of the others nothing is kept. */
struct err *mo_leave_out(struct provider_inbound *out);
/* The end of a batch of which `kept` are good: v or reports has them. None:
 * it is PROVIDER_UNREADABLE, for what the first lacks. */
void mo_batch(
	struct provider_inbound *out, enum provider_event event, size_t kept);
/* Makes it PROVIDER_UNREADABLE; the caller says why in the err returned. */
struct err *mo_unreadable(struct provider_inbound *out);

#endif
