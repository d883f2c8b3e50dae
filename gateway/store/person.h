#ifndef GATEWAY_STORE_PERSON_H
#define GATEWAY_STORE_PERSON_H

#include "gateway/base/jdoc.h"
#include "gateway/store/ticket.h"

/*
 * One person: a member of a unit, a phone, or both. What is kept of them, and
 * how it goes (domain notes §5, 6: rights to see and to have erased).
 */
struct person_ref {
	int64_t unit_id; /* 0: no member */
	int member_no;
	struct str name;  /* as registered; empty when erased */
	struct str phone; /* absent: none */
	bool shared;      /* the phone is another member's, too */
};
/* By unit and number. 1, 0 (no such member), -1; in the arena. */
int person_find_member(struct store *s, struct str unit, int64_t no,
	struct arena *a, struct person_ref *ret)
	__attribute__((warn_unused_result));
/* By phone: the first member who has it, or nobody's. 1, 0 (nothing is known
 * of it), -1. */
int person_find_phone(struct store *s, struct str phone, struct arena *a,
	struct person_ref *ret) __attribute__((warn_unused_result));

/* Everything that is kept, as sections of rows; instants are epoch ms. A phone
 * that is shared is left out: it speaks for others. 0 / -1. */
int person_show(struct store *s, const struct person_ref *p, struct jdoc *ret)
	__attribute__((warn_unused_result));

/*
 * Takes name, phones (a duty's, too) and whatever the person wrote out of the
 * store, and what others wrote with that name or phone in it; numbers, figures
 * and rows stay. A phone that is shared stays, with what came from it. The log
 * of the file is cut short after the commit. What the phone has asked is done.
 * In the writer's transaction.
 */
int person_erase(struct store *s, const struct person_ref *p,
	const struct ticket_end *by, struct arena *a)
	__attribute__((warn_unused_result));

#endif
