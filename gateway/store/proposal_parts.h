#ifndef GATEWAY_STORE_PROPOSAL_PARTS_H
#define GATEWAY_STORE_PROPOSAL_PARTS_H

#include "gateway/store/proposal.h"
#include "gateway/store/sql.h"

/* Private to the room: the lines of a proposal about members. */
struct proposal_event {
	int64_t id;
	int member_no; /* 0: only a count is known */
	struct str event, was;
	struct str is; /* status and standing now; absent: no such member */
	bool on_roll;
	struct str phone;
};
struct proposal_events {
	struct proposal_event *v;
	size_t n;
};
int proposal_events(struct store *s, int64_t id, struct arena *a,
	struct proposal_events *ret) __attribute__((warn_unused_result));

/* Does a member come by it, who had no line on the list? */
bool proposal_is_coming(struct str event);
/* The phone of who is to hold a role by it; absent: none is known. */
int proposal_phone(struct store *s, const struct proposal_ref *p,
	struct arena *a, struct str *ret) __attribute__((warn_unused_result));

/* Changes roll and roles; of proposal_apply.c. */
int proposal_apply(struct store *s, const struct proposal_ref *p,
	const struct proposal_decision *d, struct arena *a)
	__attribute__((warn_unused_result));

#endif
