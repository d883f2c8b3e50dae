#ifndef GATEWAY_STORE_DIGEST_H
#define GATEWAY_STORE_DIGEST_H

#include "gateway/store/calendar.h"

/*
 * The figures of a month for a unit and all below it, as a digest tells them
 * (domain.md §7, indicators): each with its numerator and denominator.
 */
struct rate {
	int64_t n, d;
};
struct digest_codes {
	struct str *v; /* in the arena, sorted */
	size_t n;
};
struct digest {
	struct rate met;      /* units with a reported regular meeting */
	int64_t none;         /* of the others: said that none is held */
	int64_t planned;      /* of the rest: have a day */
	struct rate gross;    /* present, of the reported totals */
	struct rate net;      /* the same without those exempt */
	int64_t unexcused;    /* members */
	struct rate away;     /* of the rolls as they are now */
	struct rate answered; /* of the members invited */
	int64_t opinions;     /* open now */
	struct rate thematic; /* units with one since the quarter began */
	struct digest_codes missing;   /* neither met nor said why not */
	struct digest_codes unplanned; /* of these: no day either */
};

struct digest_query {
	int64_t unit_id;
	struct calendar_scope scope;
	struct str period;       /* "2026-11" */
	struct str quarter_from; /* the first period of its quarter */
};
int digest_load(struct store *s, const struct digest_query *query,
	struct arena *a, struct digest *ret)
	__attribute__((warn_unused_result));

/* Keeps them as they were told, by name: met, none, planned, gross, net,
 * unexcused, away, answered, opinions, thematic. The same instant twice adds
 * nothing. */
struct digest_told {
	int64_t unit_id, errand_id, as_of;
	struct str period;
};
int digest_keep(struct store *s, const struct digest_told *told,
	const struct digest *d) __attribute__((warn_unused_result));
/* What was told last of a month: 1, 0 (nothing), -1. A count has d 0. */
int digest_kept(struct store *s, const struct digest_told *told,
	struct str name, struct rate *ret) __attribute__((warn_unused_result));

#endif
