#ifndef CONFIG_FIGURES_H
#define CONFIG_FIGURES_H

#include "config/config.h"
#include "gateway/model/day.h"

/*
 * Figures of the rules, each with the days on which it holds and its source
 * (figures.yaml), and the clock around a meeting, which the options of
 * bantin.yaml give. `figures` in bantin.yaml replaces either from a day on,
 * everywhere or for a unit and all below it. What was counted before that day
 * stays as it was. Add a figure: a line here, its values in figures.yaml.
 */
#define FIGURES(X)                                                             \
	X(BAND_4, "attendance.band_4", PERCENT)                                \
	X(BAND_3, "attendance.band_3", PERCENT)                                \
	X(BAND_2, "attendance.band_2", PERCENT)                                \
	X(UNEXCUSED_MAX, "attendance.unexcused_max", MEMBERS)                  \
	X(SCORE_GOOD, "score.good", POINTS)                                    \
	X(SCORE_FAIR, "score.fair", POINTS)                                    \
	X(SCORE_AVERAGE, "score.average", POINTS)                              \
	X(MIN_OFFICIAL, "cell.min_official", MEMBERS)                          \
	X(RATING_SCALE, "rating.scale", SCALE)                                 \
	X(REPORT_DUE_DAYS, "monthly.report_due_days", OPTION)                  \
	X(REMIND_AT, "monthly.remind_at", OPTION)                              \
	X(STAFF_AFTER_DAYS, "monthly.staff_after_days", OPTION)                \
	X(STAFF_AT, "monthly.staff_at", OPTION)                                \
	X(DEPUTY_DAYS, "monthly.deputy_days", OPTION)                          \
	X(DEPUTY_AT, "monthly.deputy_at", OPTION)                              \
	X(REMINDERS, "invite.reminders", OPTION)                               \
	X(FIRST_DAYS, "invite.first_days", OPTION)                             \
	X(SECOND_DAYS, "invite.second_days", OPTION)                           \
	X(INVITE_REMIND_AT, "invite.remind_at", OPTION)                        \
	X(FORECAST_DAYS, "invite.forecast_days", OPTION)                       \
	X(FORECAST_AT, "invite.forecast_at", OPTION)                           \
	X(QUORUM, "invite.quorum_percent", OPTION)                             \
	X(REMOTE_VOTES, "remote_votes_count", OPTION)

#define FIGURE_ENUM(id, name, measure) FIGURE_##id,
enum figure { FIGURES(FIGURE_ENUM) FIGURE_N };

/* A unit's code, then those above it, nearest first. */
struct figure_chain {
	const struct str *v;
	size_t n;
};

/*
 * The value that holds for a unit on a day: the unit's own, else that of the
 * nearest unit above it, else that for all, else the shipped one or the
 * option. Percentages in hundredths (90 % is 9000), times in minutes of the
 * day. False: none holds on that day.
 */
bool figure_get(const struct config *c, enum figure f,
	const struct figure_chain *chain, day_t on, int64_t *ret)
	__attribute__((warn_unused_result));
/* What one of the clock's says: an option always has a value. */
int64_t figure_option(const struct config *c, enum figure f,
	const struct figure_chain *chain, day_t on);

/*
 * For config.c: reads the shipped figures and those of bantin.yaml (NULL:
 * none) into c->figures; faults stand in d.
 */
void figures_load(struct config *c, const struct node *own, struct diags *d);

#endif
