#ifndef GATEWAY_STORE_LINEAGE_PARTS_H
#define GATEWAY_STORE_LINEAGE_PARTS_H

#include "gateway/store/lineage.h"

/* Private to the room: roll numbers of a list, as they are today. */
struct lineage_list {
	int64_t unit_id;  /* whose list */
	bool ended;       /* that unit is no more: all its numbers are old */
	struct str today; /* the unit that its name means today */
};
struct lineage_numbers {
	struct str unit; /* of all of them; absent: none was said */
	size_t moved;    /* how many have another list today */
	bool differ;     /* and not the same number in `today` by chance */
	bool torn;       /* they are of several units now */
	bool unknown;    /* one was on no list */
};
/* Puts today's numbers into f; what *ret says against it makes f useless. */
int lineage_numbers(struct store *s, const struct lineage_list *list,
	struct arena *a, struct fields *f, struct lineage_numbers *ret)
	__attribute__((warn_unused_result));
bool lineage_has_numbers(const struct fields *f);

#endif
