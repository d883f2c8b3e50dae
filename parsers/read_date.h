#ifndef PARSERS_READ_DATE_H
#define PARSERS_READ_DATE_H

#include "gateway/model/day.h"
#include "gateway/model/intent.h"

/* What a text says of one day, in pieces; 0: not said (ago: -1). */
struct date_parts {
	int day, month, year;
	int weekday;  /* ISO, 1..7 */
	int t;        /* T7: Saturday or July; T8 and more: a month */
	int ago;      /* days before today */
	int week;     /* 1 last, 2 this, 3 next week */
	int months;   /* 1 last, 2 this, 3 next month */
	bool clash;   /* two pieces disagree */
	bool t_clash; /* two months are spoken of: neither says much */
};

#define DATE_LOOK_BACK_DAYS 45  /* language notes §2: a report's window */
#define DATE_LOOK_AHEAD_DAYS 60 /* §5: LICH */

/* Sets one piece, noticing a second one that differs. */
void date_put(struct date_parts *p, int *piece, int value);
void date_put_t(struct date_parts *p, int value);
/* 0511, 051126 or 05112026, day first. */
void date_put_compact(struct date_parts *p, struct str digits);
/*
 * The day that is meant, looking back (a report) or ahead (an announcement).
 * DAY_NONE with a problem: it cannot be told; DAY_NONE alone: none was said.
 * A day with a problem was read, but is doubtful.
 */
day_t date_resolve(const struct date_parts *p, day_t today, bool ahead,
	enum problem *ret_problem);

#endif
