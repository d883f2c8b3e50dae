#ifndef GATEWAY_STORE_AUDIENCE_H
#define GATEWAY_STORE_AUDIENCE_H

#include "gateway/store/store.h"

/* Whom a text to many is for: phones of a unit's subtree, each once. */
struct audience_query {
	int64_t unit_id;
	struct str to;    /* "secretaries", "away", "all" */
	day_t on;         /* whose roles and units hold that day */
	int64_t since_ms; /* unasked texts count from here */
	struct str after; /* phones above this one; "": all */
	size_t max;
};
struct audience_phone {
	struct str phone, language;
	bool opted_out;
	bool consents; /* holders of a role need not */
	int unasked;   /* texts since since_ms that answered nobody */
};
struct audience_phones {
	struct audience_phone *v; /* in the arena, in the order of phones */
	size_t n;
};
int audience_phones(struct store *s, const struct audience_query *q,
	struct arena *a, struct audience_phones *ret)
	__attribute__((warn_unused_result));
/* Members, or units with members, that no phone stands for. */
int audience_without(struct store *s, const struct audience_query *q,
	int64_t *ret) __attribute__((warn_unused_result));

#endif
