#ifndef GATEWAY_GUARD_H
#define GATEWAY_GUARD_H

#include "gateway/budget.h"
#include "gateway/settings.h"
#include "gateway/store/store.h"

/*
 * What keeps machines from answering each other, and forged senders from
 * spending our money: why a text gets no automatic answer (providers.md §7
 * and §9). All that is refused here is stored as any other text.
 */
#define GUARDS(X)                                                              \
	X(OPEN, "")                                                            \
	X(NAME, "its sender is a name, which nobody can answer")               \
	X(SHORT, "short codes are not answered: a machine would answer back")  \
	X(OWN, "its sender is a number of our own")                            \
	X(NUMBER, "its sender is no number of a phone")                        \
	X(SAME, "its sender had the same answer too often in the last hour "   \
		"(budget.same_per_hour)")                                      \
	X(HOUR, "its sender had too many answers in the last hour "            \
		"(budget.replies_per_hour)")                                   \
	X(STRANGER, "its sender is not known and had a line today "            \
		    "(budget.unknown_per_day)")                                \
	X(STRANGERS, "too many unknown senders were answered on this channel " \
		     "in the last hour (budget.strangers_per_hour)")

#define GUARD_ENUM(id, why) GUARD_##id,
enum guard { GUARDS(GUARD_ENUM) GUARD_N };

const char *guard_str(enum guard g); /* OPEN: "" */

/* Is this a number that a person may hold, and not one of ours? */
enum guard guard_sender(const struct settings *s, struct str from);

/* An answer that is ready to go. */
struct guard_answer {
	const struct config *config;
	const struct message *message; /* that is answered */
	struct str text;
	bool known; /* its sender */
	bool news;  /* it tells of what was stored now: never "the same" */
	int64_t now_ms;
};
/* OPEN takes from the budgets; the same message again costs nothing. */
enum guard guard_answer(struct budget *b, const struct guard_answer *a);

/* Counts what was answered before this process began. 0 / -1. */
int guard_recall(struct budget *b, struct store *s, int64_t now_ms)
	__attribute__((warn_unused_result));

#endif
