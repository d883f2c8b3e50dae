#ifndef GATEWAY_STORE_TALLY_INDICATORS_H
#define GATEWAY_STORE_TALLY_INDICATORS_H

#include "gateway/model/fact.h"
#include "gateway/store/tally_parts.h"

/*
 * Private to `report indicators`: one line a figure, in the order in which
 * they are printed. OVER the period, ON its last day (or the day of counting,
 * if that is earlier), or of the YEAR in which the period begins. A SHARE is
 * n of d; a MEAN n by d; a SUM is n, told by d units.
 */
#define INDICATORS(X)                                                          \
	X(MET, "met", OVER, SHARE)                                             \
	X(MET_ON_TIME, "met_on_time", OVER, SHARE)                             \
	X(REPORTS_IN_TIME, "reports_in_time", OVER, SHARE)                     \
	X(REPORT_DELAY, "report_delay", OVER, MEAN)                            \
	X(ATTENDANCE_GROSS, "attendance_gross", OVER, SHARE)                   \
	X(ATTENDANCE_NET, "attendance_net", OVER, SHARE)                       \
	X(ATTENDANCE_HOME, "attendance_home", OVER, SHARE)                     \
	X(UNEXCUSED, "unexcused", OVER, SHARE)                                 \
	X(UPPER_ATTENDED, "upper_attended", OVER, SHARE)                       \
	X(SCORE_GOOD, "score_good", OVER, SHARE)                               \
	X(SCORE_FAIR, "score_fair", OVER, SHARE)                               \
	X(SCORE_AVERAGE, "score_average", OVER, SHARE)                         \
	X(SCORE_POOR, "score_poor", OVER, SHARE)                               \
	X(AWAY, "away", ON, SHARE)                                             \
	X(EXEMPT, "exempt", ON, SHARE)                                         \
	X(ANSWERED, "answered", OVER, SHARE)                                   \
	X(REMOTE_VOTES, "remote_votes", OVER, SHARE)                           \
	X(REMOTE_OPINIONS, "remote_opinions", OVER, SHARE)                     \
	X(OPINIONS_ANSWERED, "opinions_answered", OVER, SHARE)                 \
	X(TASKS_ON_TIME, "tasks_on_time", OVER, SHARE)                         \
	X(HAMLETS_WITH_CELL, "hamlets_with_cell", ON, SHARE)                   \
	X(WHITE_HAMLETS, "white_hamlets", ON, SHARE)                           \
	X(SCHOOLS_WITH_CELL, "schools_with_cell", ON, SHARE)                   \
	X(HEALTH_WITH_CELL, "health_with_cell", ON, SHARE)                     \
	X(ENTERPRISE_CELLS, "enterprise_cells", ON, SHARE)                     \
	X(CELLS_CREATED, "cells_created", OVER, SHARE)                         \
	X(SMALL_CELLS, "small_cells", ON, SHARE)                               \
	X(DIFFICULT_CELLS, "difficult_cells", ON, SHARE)                       \
	X(WITH_OVERSEER, "cells_with_overseer", ON, SHARE)                     \
	X(WITH_COMMITTEE, "cells_with_committee", ON, SHARE)                   \
	X(HEAD_IS_MEMBER, "head_is_member", ON, SHARE)                         \
	X(SECRETARY_IS_HEAD, "secretary_is_head", ON, SHARE)                   \
	X(SECRETARY_NON_LOCAL, "secretary_non_local", ON, SHARE)               \
	X(CHAIRMAN_NON_LOCAL, "chairman_non_local", ON, SHARE)                 \
	X(SECRETARY_IS_CHAIR, "secretary_is_chair", ON, SHARE)                 \
	X(BORDER_GUARD_OFFICE, "border_guard_office", ON, SHARE)               \
	X(BORDER_GUARDS, "border_guards", ON, SUM)                             \
	X(ATTACHED_OFFICIALS, "attached_officials", ON, SUM)                   \
	X(HOUSEHOLD_MEMBERS, "household_members", ON, SUM)                     \
	X(ROTATED_CADRES, "rotated_cadres", ON, SUM)                           \
	X(CADRES_QUALIFIED, "cadres_qualified", ON, SHARE)                     \
	X(TRAINED, "trained", YEAR, SHARE)                                     \
	X(ADMISSIONS, "admissions_of_target", OVER, SHARE)                     \
	X(ADMITTED_IN_HAMLETS, "admitted_in_hamlets", OVER, SHARE)             \
	X(CANDIDATES_LISTED, "candidates_listed", ON, SHARE)                   \
	X(CANDIDATES_STARTED, "candidates_class_started", ON, SHARE)           \
	X(CANDIDATES_DONE, "candidates_class_done", ON, SHARE)                 \
	X(CANDIDATES_BLOCKED, "candidates_blocked", ON, SHARE)                 \
	X(CANDIDATES_ADMITTED, "candidates_admitted", ON, SHARE)               \
	X(CANDIDATES_DROPPED, "candidates_dropped", ON, SHARE)                 \
	X(CANDIDATES_HELPED, "candidates_with_helper", ON, SHARE)              \
	X(CANDIDATES_AWAY, "candidates_away", ON, SUM)                         \
	X(CLASSES, "classes", YEAR, SUM)                                       \
	X(CLASS_ADMITTED, "class_admitted", YEAR, SHARE)                       \
	X(CELLS_1, "cells_excellent", YEAR, SHARE)                             \
	X(CELLS_2, "cells_good", YEAR, SHARE)                                  \
	X(CELLS_3, "cells_done", YEAR, SHARE)                                  \
	X(CELLS_4, "cells_not_done", YEAR, SHARE)                              \
	X(COMMUNES_1, "communes_excellent", YEAR, SHARE)                       \
	X(COMMUNES_2, "communes_good", YEAR, SHARE)                            \
	X(COMMUNES_3, "communes_done", YEAR, SHARE)                            \
	X(COMMUNES_4, "communes_not_done", YEAR, SHARE)                        \
	X(MEMBERS_1, "members_excellent", YEAR, SHARE)                         \
	X(MEMBERS_2, "members_good", YEAR, SHARE)                              \
	X(MEMBERS_3, "members_done", YEAR, SHARE)                              \
	X(MEMBERS_4, "members_not_done", YEAR, SHARE)                          \
	X(PARSED, "parsed", OVER, SHARE)                                       \
	X(CLARIFIED, "clarified", OVER, SHARE)                                 \
	X(CORRECTED, "corrected", OVER, SHARE)                                 \
	X(SEGMENTS, "segments_per_cell", OVER, MEAN)                           \
	X(COST, "cost_per_cell", OVER, MEAN)

#define INDICATOR_ENUM(id, name, when, measure) IND_##id,
enum indicator { INDICATORS(INDICATOR_ENUM) IND_N };

struct indicator_value {
	int64_t n, d;
	int64_t unknown, of; /* so many of which nothing is known */
	struct str note;     /* absent: what follows from these */
};

/* A unit on the day on which the state is told. */
struct indicator_unit {
	bool there, cell;
	enum unit_class is;
	struct tally_roll_day roll;
	int64_t members;
	bool secretary, overseer;
};

/* The facts of a unit: of the day, and of the year. */
struct indicator_fact {
	struct str value; /* absent: not known */
	day_t since;      /* it holds from that day on */
	day_t said;       /* when it was told */
};

struct counting {
	struct tally_work *w;
	day_t on; /* the day of what is told ON a day */
	int year;
	struct indicator_value v[IND_N];
	struct indicator_unit *units;
	struct indicator_fact *facts; /* units × FACT_N */
};

static inline const struct indicator_fact *indicator_fact(
	const struct counting *c, size_t unit, enum fact f)
{
	return &c->facts[unit * FACT_N + f];
}

static inline void indicator_add(
	struct counting *c, enum indicator i, int64_t n, int64_t d)
{
	c->v[i].n += n;
	c->v[i].d += d;
}

/* tally_ind_units.c: units and facts on the day; then what comes of them. */
int indicators_load_units(struct counting *c)
	__attribute__((warn_unused_result));
int indicators_of_units(struct counting *c) __attribute__((warn_unused_result));
/* tally_ind_records.c: meetings, people and texts over the period. */
int indicators_of_records(struct counting *c)
	__attribute__((warn_unused_result));

#endif
