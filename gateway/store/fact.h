#ifndef GATEWAY_STORE_FACT_H
#define GATEWAY_STORE_FACT_H

#include "gateway/model/fact.h"
#include "gateway/store/store.h"

/*
 * Facts of units that staff enter. A row is only ever added: the last one that
 * holds on a day counts. since: a day, or the year of a yearly one.
 */
struct fact_entry {
	struct str unit; /* code */
	enum fact fact;
	struct str value; /* as fact_value() made it */
	struct str since;
};

/* 1; 0: it cannot be, *why says so; -1. */
int fact_put(struct store *s, const struct fact_entry *e, int64_t now_ms,
	struct arena *a, struct err *why) __attribute__((warn_unused_result));

struct fact_row {
	struct str unit, fact, value;
	struct str since; /* absent: from the day on which it was said */
	int64_t said_at;
	int64_t message; /* that said it; 0: staff did */
};
struct fact_rows {
	const struct fact_row *v;
	size_t n;
};
/* All that was ever said, by unit and fact; unit absent: of all. 0 / -1. */
int fact_list(struct store *s, struct str unit, struct arena *a,
	struct fact_rows *ret) __attribute__((warn_unused_result));

#endif
