#ifndef GATEWAY_STORE_ERRAND_H
#define GATEWAY_STORE_ERRAND_H

#include "gateway/model/errand.h"
#include "gateway/store/store.h"

/*
 * The table schedule: errands by due time. Writer's transaction, but for
 * errand_next(). All return 0 / -1.
 */

/* Adds what is not there; what is void comes back, what waits takes the new
 * time, what is done stays done. */
int errand_put(struct store *s, const struct errand *e)
	__attribute__((warn_unused_result));
/* Of the plan of one meeting, or of one subject of a kind, what still waits
 * and is not among these is void. */
struct errand_plan {
	int64_t meeting_id; /* or 0: of kind and subject */
	enum errand_kind kind;
	int64_t subject;
	const struct errand *v;
	size_t n;
};
int errand_replan(struct store *s, const struct errand_plan *p)
	__attribute__((warn_unused_result));

/* Those due by now_ms that wait, oldest first, at most max. In the arena. */
struct errand_list {
	struct errand *v;
	size_t n;
};
int errand_due(struct store *s, int64_t now_ms, size_t max, struct arena *a,
	struct errand_list *ret) __attribute__((warn_unused_result));
/* Those of the kind of e alone, at most ERRAND_ALIKE_MAX. */
#define ERRAND_ALIKE_MAX 200
int errand_due_alike(struct store *s, const struct errand *e, int64_t now_ms,
	struct arena *a, struct errand_list *ret)
	__attribute__((warn_unused_result));
/* It is told of in the texts of `by`, which has no other subject. */
int errand_join(struct store *s, int64_t id, int64_t by)
	__attribute__((warn_unused_result));
/* 1: it waits; 0: it has ended; -1. */
int errand_waits(struct store *s, int64_t id)
	__attribute__((warn_unused_result));
/* Is a later one of its kind, unit, meeting and subject due, too? */
int errand_is_outrun(struct store *s, const struct errand *e, int64_t now_ms,
	bool *ret) __attribute__((warn_unused_result));

enum errand_end { ERRAND_DONE, ERRAND_MISSED, ERRAND_VOID };
int errand_end(struct store *s, int64_t id, enum errand_end end,
	const char *why, int64_t now_ms) __attribute__((warn_unused_result));
/* When the next one is due; INT64_MAX: none waits. */
int errand_next(struct store *s, int64_t *ret)
	__attribute__((warn_unused_result));

#endif
