#ifndef PARSERS_SCAN_PARTS_H
#define PARSERS_SCAN_PARTS_H

#include "parsers/repair.h"
#include "parsers/rules.h"
#include "parsers/scan.h"

/* Private to parsers/: what a scan holds. */

#define SCAN_HITS_MAX 48
#define SCAN_CANDIDATES_MAX 24
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
	const struct rule *rule;
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
	struct candidate candidates[SCAN_CANDIDATES_MAX];
	size_t candidates_n;
	struct unit_word units[SCAN_UNIT_KEYS_MAX];
	struct str keys[SCAN_UNIT_KEYS_MAX];
	size_t units_n;
	struct repair repair;
	bool mojibake; /* put right, or full of holes: to be confirmed */
};

/* All matches of a set of slots, each taking its text from the next. */
const struct hits *scan_slots(
	const struct scan *s, const struct slots *set, pcre2_match_data *m);
/* Is the pattern in the text? Then the match is in m. */
bool scan_matches(const struct scan *s, const struct pattern *p,
	struct str text, size_t from, pcre2_match_data *m);
void scan_units(struct scan *s);
/* What was typed for a span of the lexed text. */
struct str scan_raw(const struct scan *s, struct span span);
struct str scan_lexed(const struct scan *s, struct span span);

#endif
