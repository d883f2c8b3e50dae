#ifndef GATEWAY_STORE_REPORT_H
#define GATEWAY_STORE_REPORT_H

#include "gateway/store/sql.h"

/*
 * The fields of a report that are columns of meeting_report, in the order of
 * the statements that read and write them; all others go as JSON.
 */
#define REPORT_COLUMNS(X)                                                      \
	X(TOTAL, total)                                                        \
	X(PRESENT, present)                                                    \
	X(EXCUSED, excused)                                                    \
	X(UNEXCUSED, unexcused)                                                \
	X(ABSENT, absent)                                                      \
	X(AWAY, away)                                                          \
	X(EXEMPT, exempt)                                                      \
	X(OFFICIAL, official)                                                  \
	X(PROBATIONARY, probationary)                                          \
	X(UPPER, upper)                                                        \
	X(RESOLUTION, resolution)                                              \
	X(VOTE_FOR, vote_for)                                                  \
	X(VOTE_AGAINST, vote_against)                                          \
	X(VOTE_ABSTAIN, vote_abstain)                                          \
	X(SCORE, score)                                                        \
	X(MINUTES, minutes)

/* "r.total, r.present, …, " for a SELECT; "total, …" for an INSERT. */
#define REPORT_READ_COLUMN(id, name) "r." #name ", "
#define REPORT_WRITE_COLUMN(id, name) #name ", "
#define REPORT_PARAMETER(id, name) "?, "
#define REPORT_COLUMNS_READ REPORT_COLUMNS(REPORT_READ_COLUMN)
#define REPORT_COLUMNS_WRITE REPORT_COLUMNS(REPORT_WRITE_COLUMN)
#define REPORT_PARAMETERS REPORT_COLUMNS(REPORT_PARAMETER)

/*
 * What every statement that reads a report selects, in this order, and where
 * from: report_read() takes a row of it.
 */
#define REPORT_SELECT                                                          \
	"m.id, m.kind, m.period, m.held_on, m.state, u.code, r.id, "           \
	"r.version, " REPORT_COLUMNS_READ "r.fields "

/* A present row of REPORT_SELECT; r.id must not be NULL. 0 / -1. */
int report_read(const struct sql_run *q, struct arena *a,
	struct report_ref *ret) __attribute__((warn_unused_result));
/* A stored JSON object of fields; 0 / -1. */
int report_json(struct store *s, struct str json, struct arena *a,
	struct fields *ret) __attribute__((warn_unused_result));
/* Binds the columns, then the JSON of the rest (in the arena). */
void report_bind(struct sql_run *q, const struct fields *f, struct arena *a);

/* The kind that a report has when it says none. */
struct str report_kind(const struct fields *f);
/* "2026-11": the period that is said, else the month of the day. */
struct report_period {
	char z[8];
};
struct report_period report_period(const struct fields *f);

#endif
