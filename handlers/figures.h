#ifndef HANDLERS_FIGURES_H
#define HANDLERS_FIGURES_H

#include "gateway/model/field.h"
#include "gateway/model/intent.h"

/*
 * Fills in the figures of a report that follow from the others with certainty
 * (language notes §5: sums, total) and tells the first thing that is wrong
 * with them; PROBLEM_NONE: they add up. roll: members of the unit, 0 when it
 * is not known or a difference was agreed to. max: no figure may exceed it.
 * Nothing is filled in while those present and absent do not make the total.
 */
enum problem figures_settle(struct fields *f, int roll, int64_t max);

/* Present and the absences that were said, as they add up. */
int64_t figures_sum(const struct fields *f);
/* All votes of the report; 0 when none were said. */
int64_t figures_votes(const struct fields *f);

/* Does no figure exceed what a hamlet can have? */
bool figures_in_range(const struct fields *f, int64_t max);

/* Drops those that do. */
void figures_drop_large(struct fields *f, int64_t max);

/* Is every figure that `said` holds the same in `stored`? */
bool figures_same(const struct fields *said, const struct fields *stored);
/* Copies the figures that `said` holds over those of `into`; how many. */
int figures_merge(struct fields *into, const struct fields *said);

/* "TS47 CM35 VP10 VK2 BQ34/0/1": short enough to keep a text in a segment. */
struct str figures_text(const struct fields *f, struct arena *a);

#endif
