#ifndef GATEWAY_MODEL_FACT_H
#define GATEWAY_MODEL_FACT_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"
#include "gateway/model/day.h"

/*
 * What is said of a unit and is no count of records: by SMS (UNIT_UPDATE), or
 * by staff (`bantin fact`). One line each: type; whether it holds from a day
 * on (DATED) or is a year's (YEARLY); which units have it; what it is.
 *   YES: true or false. COUNT: a number. SHARE: n/d. LEVEL: 1 to 4 of the
 *   year's rating. GRADE: a word.
 */
#define FACTS(X)                                                               \
	X(HAS_CELL, "has_cell", YES, DATED, HAMLETS,                           \
		"it has a cell, or shares one")                                \
	X(HAS_COMMITTEE, "has_committee", YES, DATED, CELLS,                   \
		"the cell has a committee")                                    \
	X(COMMITTEE_SIZE, "committee_size", COUNT, DATED, CELLS,               \
		"members of the committee")                                    \
	X(HEAD_IS_MEMBER, "head_is_member", YES, DATED, HAMLETS,               \
		"the head of the hamlet is a member")                          \
	X(SECRETARY_IS_HEAD, "secretary_is_head", YES, DATED, HAMLETS,         \
		"the secretary is the head of the hamlet")                     \
	X(SECRETARY_NON_LOCAL, "secretary_non_local", YES, DATED, COMMUNES,    \
		"the secretary is not from there")                             \
	X(CHAIRMAN_NON_LOCAL, "chairman_non_local", YES, DATED, COMMUNES,      \
		"the chairman is not from there")                              \
	X(SECRETARY_IS_CHAIR, "secretary_is_chair", YES, DATED, COMMUNES,      \
		"secretary or deputy chairs the council")                      \
	X(BORDER_GUARD_OFFICE, "border_guard_office", YES, DATED, COMMUNES,    \
		"a border guard is secretary or deputy")                       \
	X(DIFFICULTY, "difficulty", GRADE, DATED, CELLS,                       \
		"none, difficult or very_difficult; never by SMS")             \
	X(CADRES_QUALIFIED, "cadres_qualified", SHARE, DATED, ANY,             \
		"qualified of all cadres")                                     \
	X(BORDER_GUARDS, "border_guards", COUNT, DATED, ANY,                   \
		"border guards who are members of cells")                      \
	X(ATTACHED_OFFICIALS, "attached_officials", COUNT, DATED, ANY,         \
		"officials, teachers, soldiers, police attached to cells")     \
	X(HOUSEHOLD_MEMBERS, "household_members", COUNT, DATED, ANY,           \
		"members in charge of households")                             \
	X(ROTATED_CADRES, "rotated_cadres", COUNT, DATED, ANY,                 \
		"cadres on rotation")                                          \
	X(CANDIDATES_AWAY, "candidates_away", COUNT, DATED, ANY,               \
		"candidates who are away for work")                            \
	X(TARGET_ADMISSIONS, "target_admissions", COUNT, YEARLY, ANY,          \
		"admissions that the year's programme asks for")               \
	X(RATING, "rating", LEVEL, YEARLY, ANY,                                \
		"the unit's rating of the year")                               \
	X(MEMBERS_1, "members_excellent", COUNT, YEARLY, ANY,                  \
		"members rated in the first level")                            \
	X(MEMBERS_2, "members_good", COUNT, YEARLY, ANY,                       \
		"members rated in the second level")                           \
	X(MEMBERS_3, "members_done", COUNT, YEARLY, ANY,                       \
		"members rated in the third level")                            \
	X(MEMBERS_4, "members_not_done", COUNT, YEARLY, ANY,                   \
		"members rated in the last level")                             \
	X(TRAINED, "trained", SHARE, YEARLY, ANY,                              \
		"trained of all secretaries and deputies")                     \
	X(CLASSES, "classes", COUNT, YEARLY, ANY,                              \
		"classes held for candidates")                                 \
	X(CLASS_ADMITTED, "class_admitted", SHARE, YEARLY, ANY,                \
		"admitted of those who were in class")

#define FACT_ENUM(id, name, type, span, of, help) FACT_##id,
enum fact { FACTS(FACT_ENUM) FACT_N };

enum fact_type { FACT_YES, FACT_COUNT, FACT_SHARE, FACT_LEVEL, FACT_GRADE };
enum fact_span { FACT_DATED, FACT_YEARLY };
enum fact_of { FACT_ANY, FACT_CELLS, FACT_HAMLETS, FACT_COMMUNES };

const char *fact_str(enum fact f);
const char *fact_help(enum fact f);
enum fact_type fact_type(enum fact f);
enum fact_span fact_span(enum fact f);
enum fact_of fact_of(enum fact f);
enum fact fact_parse(struct str name); /* FACT_N: none */

/* What staff type: yes, no, co, khong; a level by number, or by its word on the
 * scale (figures.yaml, rating.scale). */
struct fact_typed {
	enum fact fact;
	struct str text;
	int64_t scale; /* of a level */
};
/* As it is kept: "true", "15", "412/920", "2". -1 with what would be right. */
int fact_value(const struct fact_typed *t, struct arena *a, struct str *ret,
	struct err *err) __attribute__((warn_unused_result));
/* What a kept value comes to: n, and d of a share. -1: it is none. */
int fact_number(enum fact f, struct str kept, int64_t *ret_n, int64_t *ret_d)
	__attribute__((warn_unused_result));

/* What a unit is to the figures, by its kind in units.csv. */
enum unit_class {
	CLASS_OTHER,
	CLASS_HAMLET,
	CLASS_COMMUNE,
	CLASS_SCHOOL,
	CLASS_HEALTH,
	CLASS_ENTERPRISE
};
enum unit_class unit_class_of(struct str kind);

#endif
