#ifndef GATEWAY_SPOOL_ITEM_H
#define GATEWAY_SPOOL_ITEM_H

#include "gateway/spool.h"

/* One file that was taken, until its commit. Loop thread. */
struct spool_item;

struct spool_items {
	struct inlet_env *env;
	struct spool_item *first; /* under way */
	size_t n;
	const struct spool_item *starting; /* just now; it may end at once */
	bool full; /* the writer or the gate took no more */
};

/* A taken file's name says all: KIND, the time it was written, its own name.
 * So names sort by age, and no two files ever have one name. */
struct spool_taken {
	enum provider_file_kind kind;
	int64_t written_ns;
	struct str name;
};
const char *spool_taken_name(struct arena *a, const struct spool_taken *t);
/* 0; -1: it is none of ours. name is part of `taken`. */
int spool_taken_read(struct str taken, struct spool_taken *ret)
	__attribute__((warn_unused_result));

/* Reads a taken file and sends it on its way. */
void spool_item_start(
	struct spool_items *all, const struct channel *c, struct str taken);
bool spool_items_has(const struct spool_items *all, const struct channel *c,
	struct str taken);

#endif
