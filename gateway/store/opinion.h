#ifndef GATEWAY_STORE_OPINION_H
#define GATEWAY_STORE_OPINION_H

#include "gateway/base/arena.h"
#include "gateway/store/store.h"

/* Opinions that wait for an answer: no words, and not whose they are. */
struct opinion_row {
	int64_t id;
	struct str unit;  /* code; absent: of no unit */
	struct str topic; /* code; absent: none was said */
	int64_t came_at;
};
struct opinion_rows {
	const struct opinion_row *v;
	size_t n;
};
/* unit absent: all. 0 / -1. */
int opinion_open(struct store *s, struct str unit, struct arena *a,
	struct opinion_rows *ret) __attribute__((warn_unused_result));

/* It has been answered: 1; 0: no open one of that number; -1. */
int opinion_answer(struct store *s, int64_t id)
	__attribute__((warn_unused_result));

#endif
