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

/* Has a text about the meeting (i, and o its last one) left before? */
#define KNOWN                                                                  \
	"(coalesce(i.known, 0) = 1 OR coalesce(o.state, '') "                  \
	"IN ('sending', 'sent', 'delivered', 'unsure'))"
/* The phone of p speaks for another member, too. */
#define SHARED                                                                 \
	"EXISTS (SELECT 1 FROM member x WHERE x.phone = p.phone "              \
	"AND x.id <> p.id)"
#define TAKES_TEXTS "c.consent = 1 AND c.opted_out = 0 "

/* It was said, after its last plan, that its month has none. */
#define IS_NONE                                                                \
	"EXISTS (SELECT 1 FROM meeting o WHERE o.unit = m.unit "               \
	"AND o.kind = m.kind AND o.period = m.period AND o.state = 'none' "    \
	"AND coalesce(o.message, 0) > coalesce(m.message, 0))"

static const char *const text[SQL_CALENDAR - SQL_MONTH] = {
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
	TEXT(ERRAND_DUE_ALIKE) =
		ERRAND "WHERE state = 'waiting' AND due_at <= ? AND kind = ? "
		       "ORDER BY due_at, id LIMIT ?",
	TEXT(ERRAND_JOIN) = "UPDATE schedule SET subject = ? WHERE id = ?",
	TEXT(ERRAND_WAITS) = "SELECT id FROM schedule "
			     "WHERE id = ? AND state = 'waiting'",
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
		"m.place, " HAS_REPORT " OR " IS_NONE ", m.plan, m.reason "
		"FROM meeting m "
		"JOIN unit u ON u.id = m.unit WHERE m.id = ?",
	TEXT(AGENDA_UNIT) = "SELECT code, parent FROM unit WHERE id = ?",
	/* Phones that hold one of two roles at a unit. */
	TEXT(AGENDA_HOLDERS) =
		"SELECT DISTINCT c.phone, c.language FROM contact_role r "
		"JOIN contact c ON c.phone = r.phone WHERE r.unit = ?1 "
		"AND " HOLDS " AND r.role IN (?3, ?4) ORDER BY c.phone",
	/* Who holds one of two roles there, or was the last to. */
	TEXT(AGENDA_LAST_HOLDERS) =
		"SELECT DISTINCT c.phone, c.language FROM contact_role r "
		"JOIN contact c ON c.phone = r.phone WHERE r.unit = ?1 "
		"AND r.role IN (?2, ?3) AND coalesce(r.valid_to, '9999') = "
		"(SELECT max(coalesce(x.valid_to, '9999')) "
		"FROM contact_role x WHERE x.unit = ?1 "
		"AND x.role IN (?2, ?3)) ORDER BY c.phone",
	/* Planned meetings that a member's change, or consent, may be about:
	 * of a unit, or of the units of a phone's members. */
	TEXT(AGENDA_AHEAD) =
		"SELECT m.id, m.plan FROM meeting m "
		"WHERE m.state = 'announced' AND m.planned_on IS NOT NULL "
		"AND m.planned_on >= ?1 AND m.unit IN (SELECT p.unit "
		"FROM member p WHERE p.phone = ?2 UNION ALL SELECT ?3) "
		"ORDER BY m.id",

	/* Who is to be told of the plan that stands and was not. */
	TEXT(INVITED_DUE) =
		"SELECT coalesce(i.id, 0), p.no, c.phone, c.language, "
		"p.standing = 'official', " KNOWN ", " SHARED ", 0 "
		"FROM meeting m JOIN member p ON p.unit = m.unit "
		"JOIN contact c ON c.phone = p.phone "
		"LEFT JOIN invited i ON i.meeting = m.id "
		"AND i.member_no = p.no AND i.phone = p.phone "
		"LEFT JOIN outbox o ON o.id = i.outbox "
		"WHERE m.id = ?1 "
		"AND (p.status = 'away' OR i.id IS NOT NULL) "
		"AND (i.id IS NULL OR i.plan <> m.plan) "
		"UNION ALL "
		"SELECT coalesce(i.id, 0), 0, c.phone, c.language, 0 = "
		"1, " KNOWN ", 0 = 1, 0 FROM meeting m "
		"JOIN contact_role r ON r.unit = m.unit "
		"AND r.role = 'overseer' AND " HOLDS
		" JOIN contact c ON c.phone = r.phone "
		"LEFT JOIN invited i ON i.meeting = m.id "
		"AND i.member_no = 0 AND i.phone = r.phone "
		"LEFT JOIN outbox o ON o.id = i.outbox "
		"WHERE m.id = ?1 AND (i.id IS NULL OR i.plan <> m.plan) "
		"ORDER BY 2, 3",
	/* Who knows of an earlier plan and not of the one that stands. */
	TEXT(INVITED_KNOWING) =
		"SELECT i.id, i.member_no, i.phone, c.language, 0 = 1, "
		"1 = 1, 0 = 1, 0 FROM invited i "
		"JOIN meeting m ON m.id = i.meeting AND m.plan <> i.plan "
		"JOIN contact c ON c.phone = i.phone "
		"LEFT JOIN outbox o ON o.id = i.outbox "
		"WHERE i.meeting = ?1 AND " KNOWN " ORDER BY 2, 3",
	/* Who has not answered; asked: the question has left and is open. */
	TEXT(INVITED_SILENT) =
		"SELECT i.id, i.member_no, i.phone, c.language, "
		"p.standing = 'official', " KNOWN ", " SHARED ", "
		"(SELECT count(*) FROM pending q WHERE q.outbox = i.outbox "
		"AND q.settled_at IS NULL "
		"AND o.state IN ('sent', 'delivered')) "
		"FROM invited i "
		"JOIN meeting m ON m.id = i.meeting AND m.plan = i.plan "
		"JOIN member p ON p.unit = m.unit AND p.no = i.member_no "
		"JOIN contact c ON c.phone = i.phone "
		"LEFT JOIN outbox o ON o.id = i.outbox "
		"WHERE i.meeting = ?1 AND p.status = 'away' "
		"AND " TAKES_TEXTS "AND NOT EXISTS (SELECT 1 "
		"FROM invitation n WHERE n.meeting = m.id "
		"AND n.member_no = p.no AND n.plan = m.plan) ORDER BY 2, 3",
	TEXT(INVITED_PUT) =
		"INSERT INTO invited (meeting, unit, member_no, phone, "
		"audience, created_at, known, plan) "
		"SELECT m.id, m.unit, ?2, ?3, ?4, ?5, ?6, m.plan "
		"FROM meeting m WHERE m.id = ?1 "
		"ON CONFLICT (meeting, member_no, phone) DO UPDATE SET "
		"plan = excluded.plan, known = excluded.known RETURNING id",
	TEXT(INVITED_TOLD) = "UPDATE invited SET outbox = ? WHERE id = ?",
	TEXT(INVITED_ANY) = "SELECT 1 FROM invited WHERE meeting = ? LIMIT 1",
	/* Its questions are of an earlier plan. */
	TEXT(INVITED_SETTLE) =
		"UPDATE pending SET settled_at = ?1 WHERE settled_at IS NULL "
		"AND question = 'invite' AND subject = ?2 AND phone IN "
		"(SELECT i.phone FROM invited i JOIN meeting m "
		"ON m.id = i.meeting WHERE i.meeting = ?2 "
		"AND (i.plan <> m.plan OR m.state <> 'announced'))",
	/* Each member, with the answer that counts. */
	TEXT(INVITED_LINES) =
		"SELECT p.standing = 'official', p.status, "
		"EXISTS (SELECT 1 FROM invited i WHERE i.meeting = m.id "
		"AND i.member_no = p.no AND i.plan = m.plan), "
		"n.answer, coalesce(n.fields LIKE "
		"'%\"remote_request\":true%', 1 = 0) "
		"FROM meeting m JOIN member p ON p.unit = m.unit "
		"LEFT JOIN invitation n ON n.id = (SELECT max(x.id) "
		"FROM invitation x WHERE x.meeting = m.id "
		"AND x.member_no = p.no AND x.plan = m.plan) "
		"WHERE m.id = ? ORDER BY p.no",
};

const char *sql_month_text(enum sql id)
{
	assert(id >= SQL_MONTH && id < SQL_CALENDAR);
	return text[id - SQL_MONTH];
}
