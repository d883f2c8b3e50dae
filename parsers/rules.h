#ifndef PARSERS_RULES_H
#define PARSERS_RULES_H

#include "config/rules_file.h"
#include "gateway/model/context.h"
#include "parsers/pattern.h"
#include "parsers/ruleset.h"

/* Private to parsers/: the rule set from the inside. */

/* What a named group of a slot's pattern is read as. */
enum group_role {
	GROUP_FIELD, /* named like the field */
	GROUP_LABEL, /* a label's symbol: the field that <n> is */
	GROUP_N,
	GROUP_P, /* a bare P: excused or minutes */
	GROUP_DAY,
	GROUP_MONTH,
	GROUP_YEAR,
	GROUP_COMPACT, /* 0511, 051126, 05112026 */
	GROUP_WEEKDAY, /* 2 … 7, 8 for Sunday */
	GROUP_T,       /* T7: a weekday or a month */
	GROUP_AGO,     /* set: days before today */
	GROUP_WEEK,    /* set: -1 last, 0 this, 1 next week */
	GROUP_MONTHS,  /* set: -1 last, 0 this, 1 next month */
	GROUP_OLD_DAY, /* of a day that was wrong */
	GROUP_OLD_MONTH,
	GROUP_LIST, /* bare figures, told apart by their order */
	GROUP_HOUR,
	GROUP_MINUTE,
	GROUP_ITEM_COUNT, /* "items" is the name of three fields */
	GROUP_ROLE_N
};

struct group {
	uint8_t number, role, field;
};

struct constant {
	enum field field; /* FIELD_N: a piece of a date, see role */
	enum group_role role;
	struct value value;
};

struct constants {
	const struct constant *v;
	size_t n;
};

struct slot {
	struct str name;
	struct pattern pattern;
	struct group groups[PATTERN_GROUPS_MAX];
	size_t groups_n;
	struct constants set;
	enum problem problem;
	enum problem conflict; /* instead of contradiction */
	bool positional;
	enum problem proof; /* asked unless the sum proves its figures */
	bool labels_lead;   /* only where labels stand before figures */
};

struct slots {
	struct str name;
	struct slot *v;
	size_t n;
	bool labels; /* some slot reads labelled figures */
};

struct rule {
	struct str name;
	enum intent intent;
	struct pattern when;
	const struct slots *slots; /* NULL: none */
	struct constants set;
	enum problem problem;
	struct symbols ignore;
	uint32_t questions; /* bit per enum question; 0: any, or none open */
	int unit, dates;    /* enum rules_unit, rules_dates */
	bool answer;        /* completes the partial record of the question */
	bool items;         /* may speak of several units */
	bool late;          /* also while another question is newer */
	bool repeatable;    /* twice is two texts, not one that came twice */
	bool strict;        /* a word that says something else is asked */
};

struct ruleset {
	_Atomic int refs;
	struct arena *arena; /* owns all but the compiled patterns */
	struct str version;
	const struct rules_file *file;
	struct vocabulary vocabulary;
	enum field label_field[SYMBOLS_MAX]; /* FIELD_N: not a label */
	enum problem label_proof[SYMBOLS_MAX];
	pcre2_match_context *limits;
	struct slots *slots;
	size_t slots_n;
	struct rule *rules;
	size_t rules_n;
	day_t today; /* of the examples */
};

/* Vocabulary, from lexicon, polite, numbers, labels. -1 with diags. */
int rules_vocabulary(struct ruleset *rs, struct diags *d)
	__attribute__((warn_unused_result));
/* A map of constant fields; NULL map: none. */
int rules_constants(const struct node *map, struct arena *a,
	struct constants *ret, struct diags *d)
	__attribute__((warn_unused_result));
/* A problem by name; empty: PROBLEM_NONE. at: for the error. */
int rules_problem(struct str name, const struct node *at, enum problem *ret,
	struct diags *d) __attribute__((warn_unused_result));

#endif
