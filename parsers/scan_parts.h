#ifndef PARSERS_SCAN_PARTS_H
#define PARSERS_SCAN_PARTS_H

#include "parsers/repair.h"
#include "parsers/rules.h"
#include "parsers/scan.h"

/* Private to parsers/: what a scan holds. */

#define SCAN_HITS_MAX 48
#define SCAN_BLANK '#' /* in place of what a slot has taken */

struct span {
	uint16_t at, n; /* in the lexed text; n = 0: the group is unset */
};

/* One match of a slot. */
struct hit {
	const struct slot *slot;
	struct span all;
	struct span group[PATTERN_GROUPS_MAX]; /* as slot->groups */
};

struct hits {
	const struct hit *v;
	size_t n;
	const char *rest; /* the lexed text, taken parts blanked */
	bool over;        /* there were more */
};

/* A rule whose pattern matched. */
struct candidate {
	const struct rule *rule; /* NULL: none did */
	struct span when;
	const struct hits *hits; /* NULL: the rule has no slots */
};

/* Words that may name a unit. */
struct unit_word {
	struct str key;    /* "mg07", "na pan" */
	uint16_t first, n; /* lexemes */
	bool is_code;
};

struct scan {
	const struct ruleset *rs;
	struct arena *arena;
	struct normal text;
	struct lexed lexed;
	/* The first rule that needs no question; those of answers that stand
	 * before it are matched where the question is known. */
	struct candidate taken;
	struct unit_word units[SCAN_UNIT_KEYS_MAX];
	struct str keys[SCAN_UNIT_KEYS_MAX];
	size_t units_n;
	struct repair repair;
	bool mojibake; /* put right, or full of holes: to be confirmed */
};

/* All matches of a set of slots, each taking its text from the next. */
const struct hits *scan_slots(
	const struct scan *s, const struct slots *set, pcre2_match_data *m);
/* Does the rule apply? Then it is in ret, but for its hits. */
bool scan_applies(const struct scan *s, const struct rule *r,
	pcre2_match_data *m, struct candidate *ret);
/* Answers stand before this rule, if at all. */
const struct rule *scan_answers_end(const struct scan *s);
/* The first rule that applies, whatever its question; NULL: none. */
const struct rule *scan_first_rule(const struct scan *s, struct arena *a);
/* Room for one match, in the arena: it is never shared between threads. */
pcre2_match_data *scan_match_data(struct arena *a);
void scan_units(struct scan *s);
/* What was typed for a span of the lexed text. */
struct str scan_raw(const struct scan *s, struct span span);
struct str scan_lexed(const struct scan *s, struct span span);

#endif
