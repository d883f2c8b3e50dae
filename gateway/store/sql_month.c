/*
 * sql_month - the statements of what happens by itself, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. None of them
 * runs for a report.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_MONTH]

#define ERRAND                                                                 \
	"SELECT id, run_id, kind, due_at, unit, meeting, subject, period "     \
	"FROM schedule "

/* A role that holds on a day (?2). */
#define HOLDS                                                                  \
	"(r.valid_from IS NULL OR r.valid_from <= ?2) "                        \
	"AND (r.valid_to IS NULL OR r.valid_to >= ?2)"

/* The latest version of a meeting's report, if any counts. */
#define HAS_REPORT                                                             \
	"EXISTS (SELECT 1 FROM meeting_report v WHERE v.meeting = m.id "       \
	"AND v.voided_at IS NULL)"

static const char *const text[SQL_STAFF - SQL_MONTH] = {
	TEXT(ERRAND_PUT) =
		"INSERT INTO schedule (run_id, kind, due_at, unit, meeting, "
		"subject, period, state) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting') "
		"ON CONFLICT (run_id) DO UPDATE SET state = 'waiting', "
		"due_at = excluded.due_at, why = NULL, done_at = NULL "
		"WHERE schedule.state IN ('waiting', 'void')",
	TEXT(ERRAND_DROP_MEETING) =
		"UPDATE schedule SET state = 'void', why = 'planned anew' "
		"WHERE meeting = ? AND state = 'waiting'",
	TEXT(ERRAND_DROP_SUBJECT) =
		"UPDATE schedule SET state = 'void', why = 'planned anew' "
		"WHERE kind = ? AND subject = ? AND state = 'waiting'",
	TEXT(ERRAND_DUE) = ERRAND "WHERE state = 'waiting' AND due_at <= ? "
				  "ORDER BY due_at, id LIMIT ?",
	TEXT(ERRAND_OUTRUN) =
		"SELECT id FROM schedule WHERE state = 'waiting' "
		"AND kind = ?1 AND due_at > ?2 AND due_at <= ?3 "
		"AND coalesce(unit, 0) = ?4 AND coalesce(meeting, 0) = ?5 "
		"AND coalesce(subject, 0) = ?6 LIMIT 1",
	TEXT(ERRAND_END) = "UPDATE schedule SET state = ?, done_at = ?, "
			   "why = ? WHERE id = ? AND state = 'waiting'",
	TEXT(ERRAND_NEXT) = "SELECT due_at FROM schedule "
			    "WHERE state = 'waiting' ORDER BY due_at LIMIT 1",

	TEXT(ASK_DROP) = "UPDATE pending SET settled_at = ? "
			 "WHERE phone = ? AND question = ? "
			 "AND member_no = ? AND settled_at IS NULL",
	TEXT(ASK_PUT) = "INSERT INTO pending (outbox, phone, question, "
			"member_no, subject, created_at, expires_at, tries) "
			"VALUES (?, ?, ?, ?, ?, ?, ?, 0)",

	/* A meeting, with its unit, as errands see it. */
	TEXT(AGENDA_MEETING) =
		"SELECT m.id, m.unit, u.code, m.kind, m.period, m.planned_on, "
		"m.planned_minute, m.topics, m.items, m.state, m.held_on, "
		"m.place, " HAS_REPORT " FROM meeting m "
		"JOIN unit u ON u.id = m.unit WHERE m.id = ?",
	TEXT(AGENDA_UNIT) = "SELECT code, parent FROM unit WHERE id = ?",
	/* Phones that hold one of two roles at a unit. */
	TEXT(AGENDA_HOLDERS) =
		"SELECT DISTINCT c.phone, c.language FROM contact_role r "
		"JOIN contact c ON c.phone = r.phone WHERE r.unit = ?1 "
		"AND " HOLDS " AND r.role IN (?3, ?4) ORDER BY c.phone",
};

const char *sql_month_text(enum sql id)
{
	assert(id >= SQL_MONTH && id < SQL_STAFF);
	return text[id - SQL_MONTH];
}
