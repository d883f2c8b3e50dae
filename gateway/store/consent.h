#ifndef GATEWAY_STORE_CONSENT_H
#define GATEWAY_STORE_CONSENT_H

#include "gateway/store/store.h"

/*
 * The record of consent: append-only, one row for each thing that happened to
 * a phone (law 91/2025/QH15: provable, withdrawable; domain.md §5.4). The
 * contact repeats the last of it. Inside the writer's transaction, but for
 * consent_of().
 */
#define CONSENT_EVENTS(X)                                                      \
	X(ASKED, "asked")         /* was sent the one registration text */     \
	X(OPTED_IN, "opted_in")   /* its own text */                           \
	X(OPTED_OUT, "opted_out") /* its own text */                           \
	X(DETACHED, "detached")   /* it says that it is somebody else's */     \
	X(IMPORTED, "imported")   /* the registry */                           \
	X(REFUSED, "refused_by_provider")

#define CONSENT_ENUM(id, name) CONSENT_##id,
enum consent_event { CONSENT_EVENTS(CONSENT_ENUM) CONSENT_EVENTS_N };

struct consent_row {
	struct str phone;
	struct str event; /* as stored; by consent_put: see its argument */
	bool given;       /* may it be texted from then on? */
	/* Of the text that was agreed to: consent_version(). Absent: none. */
	struct str text_version;
	int64_t at_ms;
	struct str channel;            /* absent: no text did it */
	struct str basis;              /* why it counts */
	int64_t message_id, outbox_id; /* 0: none */
};
int consent_put(struct store *s, enum consent_event e,
	const struct consent_row *row) __attribute__((warn_unused_result));

/* The version of a text: the beginning of its digest, in the arena. */
struct str consent_version(struct str text, struct arena *a);
/* Of the text that asked this phone; absent: it was never asked. 0 / -1. */
int consent_asked(struct store *s, struct str phone, struct arena *a,
	struct str *ret) __attribute__((warn_unused_result));

/* How a phone stands. A phone that nobody knows has given nothing. */
struct consent_state {
	bool given, opted_out, asked;
};
int consent_state(struct store *s, struct str phone, struct consent_state *ret)
	__attribute__((warn_unused_result));

/* All that was ever recorded of a phone, the oldest first; in the arena. */
struct consent_rows {
	struct consent_row *v;
	size_t n;
};
int consent_of(struct store *s, struct str phone, struct arena *a,
	struct consent_rows *ret) __attribute__((warn_unused_result));

/* It speaks for no member and holds no role any more, from today on; nothing
 * is sent to it, not even what goes with a role. */
int consent_detach(struct store *s, struct str phone, day_t today)
	__attribute__((warn_unused_result));
/* What an import that ran at this instant changed. */
int consent_imported(struct store *s, int64_t at_ms)
	__attribute__((warn_unused_result));
/* A provider refused this text because its recipient wants none. */
int consent_refused(struct store *s, int64_t outbox_id, int64_t at_ms)
	__attribute__((warn_unused_result));

#endif
