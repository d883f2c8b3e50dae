/*
 * sql_records - the statements for records that are not reports, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. None of them
 * runs for a report. History grows by rows; the highest id counts.
 */
#include "gateway/store/report.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_RECORDS]

/* 1: a plan of this day and hour is another than the one that stands. */
#define MOVED_ON(minute)                                                       \
	"CASE WHEN state = 'announced' "                                       \
	"AND coalesce(planned_on, '') = coalesce(?1, '') "                     \
	"AND coalesce(planned_minute, -1) = coalesce(" minute ", -1) "         \
	"THEN 0 ELSE 1 END"
#define MOVED MOVED_ON("?2")

static const char *const text[SQL_OUTBOX - SQL_RECORDS] = {
	/* Context. */
	TEXT(REPORT_LATEST) = "SELECT " REPORT_SELECT "FROM meeting m "
			      "JOIN unit u ON u.id = m.unit "
			      "JOIN meeting_report r ON r.meeting = m.id "
			      "AND r.voided_at IS NULL "
			      "WHERE m.unit = ?1 AND m.kind = ?2 "
			      "AND m.period = coalesce(?3, m.period) "
			      "ORDER BY m.held_on DESC, r.version DESC LIMIT 1",
	TEXT(MEMBER_LIST) = "SELECT no, name, standing, status, dest, on_roll "
			    "FROM member WHERE unit = ? ORDER BY no",
	TEXT(TASK_NEXT) = "SELECT coalesce(max(no), 0) + 1 FROM task "
			  "WHERE unit = ?",

	/* Meetings. */
	TEXT(ATTENDANCE_PUT) =
		"INSERT INTO attendance (meeting, member_no, state, message, "
		"created_at) VALUES (?, ?, ?, ?, ?)",
	/* All on the roll of whom this text has not spoken. */
	TEXT(ATTENDANCE_REST) =
		"INSERT INTO attendance (meeting, member_no, state, message, "
		"created_at) SELECT ?1, p.no, 'present', ?2, ?3 FROM member p "
		"WHERE p.unit = ?4 AND p.on_roll = 1 AND NOT EXISTS "
		"(SELECT 1 FROM attendance a WHERE a.meeting = ?1 "
		"AND a.member_no = p.no "
		"AND coalesce(a.message, 0) = coalesce(?2, 0))",
	TEXT(INVITATION_PUT) =
		"INSERT INTO invitation (meeting, unit, member_no, answer, "
		"reason, source, fields, message, created_at, plan) "
		"VALUES (?1, ?, ?, ?, ?, ?, ?, ?, ?, coalesce("
		"(SELECT m.plan FROM meeting m WHERE m.id = ?1), 0))",
	/* Of the month, also one that was called off. */
	TEXT(MEETING_REPLAN) =
		"UPDATE meeting SET plan = plan + " MOVED
		", planned_on = ?1, planned_minute = ?2, "
		"place = ?3, topics = ?4, items = ?5, message = ?9, "
		"state = 'announced', reason = NULL "
		"WHERE id = (SELECT a.id FROM meeting a WHERE a.unit = ?6 "
		"AND a.state IN ('announced', 'none') AND a.kind = ?7 "
		"AND a.period = ?8 ORDER BY a.state, a.id LIMIT 1) "
		"RETURNING id",
	TEXT(MEETING_ANNOUNCE) =
		"INSERT INTO meeting (planned_on, planned_minute, place, "
		"topics, items, unit, kind, period, message, state) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'announced')",
	TEXT(MEETING_POSTPONE) = "UPDATE meeting SET plan = plan + " MOVED_ON(
		"coalesce(?2, planned_minute)") ", planned_on = ?1, "
						"planned_minute = coalesce(?2, "
						"planned_minute), reason = ?3, "
						"message = ?5 WHERE id = ?4 "
						"AND state = 'announced'",
	/* The announced one of the month is off; else the month has a row that
	 * says so. */
	TEXT(MEETING_CALL_OFF) =
		"UPDATE meeting SET plan = plan + CASE WHEN state = 'none' "
		"THEN 0 ELSE 1 END, state = 'none', reason = ?1, message = ?2 "
		"WHERE id = (SELECT a.id FROM meeting a WHERE a.unit = ?3 "
		"AND a.state IN ('announced', 'none') AND a.kind = ?4 "
		"AND a.period = ?5 ORDER BY a.state, a.id LIMIT 1) "
		"RETURNING id",
	TEXT(MEETING_NONE) =
		"INSERT INTO meeting (unit, kind, period, reason, message, "
		"state) VALUES (?, ?, ?, ?, ?, 'none')",

	/* Members and units. */
	TEXT(MEMBER_EVENT_PUT) =
		"INSERT INTO member_event (unit, member_no, event, state, "
		"fields, message, created_at, proposal, was) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		"(SELECT p.status || ' ' || p.standing FROM member p "
		"WHERE p.unit = ?1 AND p.no = ?2))",
	TEXT(MEMBER_STATUS) =
		"UPDATE member SET status = ?1, dest = ?2, on_roll = "
		"CASE WHEN ?1 IN " SQL_ON_ROLL " THEN 1 ELSE 0 END "
		"WHERE unit = ?3 AND no = ?4",
	TEXT(CANDIDATE_PUT) =
		"INSERT INTO candidate (unit, no, step, helper, message, "
		"created_at) VALUES (?, ?, ?, ?, ?, ?)",
	TEXT(TASK_PUT) =
		"INSERT INTO task (unit, no, members, text, due_on, state, "
		"message, created_at) VALUES (?, ?, ?, ?, ?, 'open', ?, ?)",
	TEXT(TASK_DONE) =
		"INSERT INTO task (unit, no, message, created_at, done_at, "
		"done_by, state) VALUES (?1, ?2, ?3, ?4, ?4, ?3, 'done') "
		"ON CONFLICT (unit, no) DO UPDATE SET state = 'done', "
		"done_at = excluded.done_at, done_by = excluded.done_by",
	TEXT(UNIT_FACT_PUT) =
		"INSERT INTO unit_fact (unit, fact, value, since, state, "
		"message, created_at, proposal) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?)",

	/* People. */
	TEXT(OPINION_PUT) =
		"INSERT INTO opinion (unit, phone, topic, topic_code, text, "
		"message, created_at, state) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, 'open')",
	TEXT(TICKET_PUT) = "INSERT INTO ticket (phone, unit, what, due_on, "
			   "message, created_at, state) "
			   "VALUES (?, ?, ?, ?, ?, ?, 'open')",
	TEXT(BROADCAST_PUT) =
		"INSERT INTO broadcast (unit, audience, text, message, "
		"created_at, by_phone, state) "
		"VALUES (?, ?, ?, ?, ?, ?, 'running')",

	/* Looking. */
	TEXT(ROLL_LINES) = "SELECT a.member_no, a.state FROM attendance a "
			   "JOIN meeting m ON m.id = a.meeting "
			   "WHERE m.unit = ?1 AND m.held_on = ?2 "
			   "ORDER BY a.member_no, a.id",
	TEXT(ANSWER_LINES) =
		"SELECT i.member_no, i.answer FROM invitation i "
		"JOIN meeting m ON m.id = i.meeting AND m.plan = i.plan "
		"WHERE m.unit = ?1 "
		"AND coalesce(m.held_on, m.planned_on) = ?2 "
		"ORDER BY i.member_no, i.id",
	TEXT(STORY_RECORDS) =
		"SELECT 'meeting', id, state || ' ' || coalesce(planned_on, "
		"period) FROM meeting "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'attendance', id, state || ' ' || member_no FROM "
		"attendance "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'member_event', id, event || ' ' || state || "
		"coalesce(' ' || member_no, '') FROM member_event "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'invitation', id, answer || ' ' || member_no FROM "
		"invitation "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'ballot', id, item || ' ' || choice || ' ' || "
		"member_no FROM ballot "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'opinion', id, state FROM opinion "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'candidate', id, no || ' ' || step FROM candidate "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'task', id, no || ' ' || state FROM task "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'unit_fact', id, fact || '=' || value || ' ' || state "
		"FROM unit_fact "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'ticket', id, what || ' ' || due_on FROM ticket "
		"WHERE message = ?1 "
		"UNION ALL "
		"SELECT 'broadcast', id, state FROM broadcast "
		"WHERE message = ?1 ",
};

const char *sql_records_text(enum sql id)
{
	assert(id >= SQL_RECORDS && id < SQL_OUTBOX);
	return text[id - SQL_RECORDS];
}
