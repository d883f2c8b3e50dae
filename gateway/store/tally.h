#ifndef GATEWAY_STORE_TALLY_H
#define GATEWAY_STORE_TALLY_H

#include "config/config.h"
#include "gateway/model/table.h"
#include "gateway/store/store.h"

/*
 * Reports of a period, counted from the records. A kind is one line here, a
 * function and its file, report_KIND.c.
 */
#define TALLIES(X)                                                             \
	X(MEETINGS, "meetings", "who met, who reported, and when")             \
	X(ATTENDANCE, "attendance", "how many came")                           \
	X(AWAY, "away", "who is away, where, and who answered")                \
	X(VOTES, "votes",                                                      \
		"what was put to the vote, and the chain of ballots")          \
	X(OPINIONS, "opinions", "opinions by topic, answered or open")         \
	X(TRAFFIC, "traffic", "texts in and out, and what they cost")          \
	X(INDICATORS, "indicators", "every figure, one a row")                 \
	X(AUDIT, "audit", "who looked at data of people, or changed it")

#define TALLY_ENUM(id, name, help) TALLY_##id,
enum tally { TALLIES(TALLY_ENUM) TALLY_N };
const char *tally_str(enum tally t);
const char *tally_help(enum tally t);
enum tally tally_parse(struct str name); /* TALLY_N: none */

struct tally_ask {
	enum tally kind;
	struct str unit;   /* code; absent: all */
	struct str period; /* as typed */
	day_t from, to;
	int64_t now_ms;
	day_t as_of; /* counted as it stood at its end; 0: today */
	const struct config *config;
	bool texts; /* OPINIONS: with their words */
};

/* All in the arena. 1; 0: there is no such unit; -1. */
int tally_count(struct store *s, const struct tally_ask *ask, struct arena *a,
	struct table *ret) __attribute__((warn_unused_result));

/* Tells the code of each unit, for advice; it lives for the call. 0 / -1. */
int tally_codes(struct store *s, void (*on)(void *arg, struct str code),
	void *arg) __attribute__((warn_unused_result));

#endif
