#ifndef GATEWAY_STORE_PURGE_H
#define GATEWAY_STORE_PURGE_H

#include "gateway/store/store.h"

/*
 * What is kept no longer (law 91/2025; domain notes §5, 7): texts are blanked
 * and lists of who came are dropped by age; rows that figures are counted
 * from, and what still waits for somebody, stay. docs/privacy.md has it by
 * table.
 */
enum purge_term {
	PURGE_TERM_TEXTS,
	PURGE_TERM_DELIVERY,
	PURGE_TERM_ATTENDANCE,
	PURGE_TERM_QUARANTINE,
	PURGE_TERMS
};
struct purge {
	int64_t before_ms[PURGE_TERMS]; /* 0: kept for ever */
	int64_t page;                   /* rows looked at in one go */
};
/* The next page of tonight's tables, in the writer's transaction. 0 / -1;
 * *ret_more: there is another. After the last it begins anew. */
int purge_page(struct store *s, const struct purge *p, bool *ret_more)
	__attribute__((warn_unused_result));

#endif
