#ifndef GATEWAY_WAITING_H
#define GATEWAY_WAITING_H

#include "gateway/base/jdoc.h"
#include "gateway/claim.h"

/*
 * Why does this queued text not leave now? By the claim's own functions:
 * whatever is said here is what the next claim will find.
 */
#define WAITING_KINDS(X)                                                       \
	X(NEXT, "next")         /* nothing is in its way */                    \
	X(IDLE, "idle")         /* serve does not run */                       \
	X(DUE, "due")           /* not due yet */                              \
	X(BEHIND, "behind")     /* another text of its recipient */            \
	X(UNASKED, "unasked")   /* its number has had what may be unasked */   \
	X(WINDOW, "window")     /* the send window is shut */                  \
	X(HOLIDAY, "holiday")   /* and today it does not open */               \
	X(ENDS, "ends")         /* its turn will end it: state and why */      \
	X(DOWN, "down")         /* its channel is, and is probed */            \
	X(PAUSE, "pause")       /* its channel asked for one */                \
	X(SECOND, "per_second") /* limits of its channel */                    \
	X(HOUR, "per_hour")                                                    \
	X(DAY, "per_day")                                                      \
	X(START, "start") /* what was sent before a restart still counts */    \
	X(ROOM, "room")   /* as many are under way as may be */                \
	X(SHARE, "share") /* what is left is kept for replies */

#define WAITING_ENUM(id, name) WAITING_##id,
enum waiting_kind { WAITING_KINDS(WAITING_ENUM) WAITING_N };
const char *waiting_kind_str(enum waiting_kind k);

struct waiting {
	enum waiting_kind kind;
	int64_t until_ms; /* 0: not known */
	int64_t behind;   /* BEHIND: outbox id */
	enum outbox_state state;
	const char *why;
	struct str channel; /* by which it would leave; absent: none */
};

/* The present of all channels: of the running `serve` (its answer), or, when
 * that is NULL, of nobody: then nothing but the store is known. */
struct waiting_view {
	struct claim claim;
	bool serving;
};
void waiting_view(struct waiting_view *v, struct settings *set,
	const struct jdoc *channels, struct arena *a, int64_t now_ms);

int waiting_of(const struct waiting_view *v, struct store *s,
	const struct outbox_row *row, struct waiting *ret)
	__attribute__((warn_unused_result));
/* For people, in the arena: "outside the send window until 07:00". */
struct str waiting_text(
	const struct waiting_view *v, const struct waiting *w, struct arena *a);
/* {kind, until_at, behind, channel, text} */
struct jdoc *waiting_json(
	const struct waiting_view *v, const struct waiting *w, struct arena *a);

/* How the channels stand after a survey, as `channels` of the answer. */
void waiting_tell(const struct claim *c, struct jdoc *answer);

#endif
