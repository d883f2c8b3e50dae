/*
 * sql_calendar - the statements of what comes with the calendar, as text.
 *
 * As in sql.c: nothing is used that SQLite and PostgreSQL do not share;
 * parameters that have numbers are bound by these. None of them runs for a
 * report.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_CALENDAR]

/* A unit that has to meet in the month whose last day is ?1, and that was
 * registered before ?2: whoever has members, at whatever level. */
#define MUST_MEET                                                              \
	"(u.valid_from IS NULL OR u.valid_from <= ?1) "                        \
	"AND (u.valid_to IS NULL OR u.valid_to >= ?1) "                        \
	"AND (u.known_at IS NULL OR u.known_at < ?2) "                         \
	"AND EXISTS (SELECT 1 FROM member p WHERE p.unit = u.id "              \
	"AND p.on_roll = 1) "

/* The unit ?3 and all below it; a circle ends by itself. */
#define BELOW                                                                  \
	"WITH RECURSIVE below(id) AS ("                                        \
	"SELECT t.id FROM unit t WHERE t.id = ?3 UNION "                       \
	"SELECT c.id FROM unit c JOIN below b ON c.parent = b.id) "
#define IS_BELOW "u.id IN (SELECT id FROM below) AND " MUST_MEET

#define HAS_REPORT                                                             \
	"EXISTS (SELECT 1 FROM meeting_report v WHERE v.meeting = m.id "       \
	"AND v.voided_at IS NULL) "

/* Of a unit u, or of one that was merged into it. */
#define ITS_OWN                                                                \
	"(m.unit = u.id OR m.unit IN "                                         \
	"(SELECT w.id FROM unit w WHERE w.heir = u.id)) "
/* Of it, or in its place, before it began. */
#define FOR_IT                                                                 \
	ITS_OWN "AND (m.unit = u.id "                                          \
		"OR u.valid_from > coalesce(m.held_on, m.planned_on)) "

/* The meetings of one kind of a unit u. */
#define MEETING(kind)                                                          \
	"SELECT 1 FROM meeting m WHERE " FOR_IT "AND m.kind = '" kind "' "

/* One where a condition holds, to be summed up. */
#define ONE_IF(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"

/* A row of schedule for each unit that the rest selects. */
#define LAY_OUT(unit)                                                          \
	"INSERT INTO schedule (run_id, kind, due_at, unit, period, state) "    \
	"SELECT s.run_id || ':u' || " unit ", s.kind, s.due_at, " unit ", "    \
	"s.period, 'waiting' FROM schedule s "

static const char *const text[SQL_STAFF - SQL_CALENDAR] = {
	TEXT(CALENDAR_DROP) =
		"UPDATE schedule SET state = 'void', why = 'planned anew' "
		"WHERE state = 'waiting' AND due_at > ? AND unit IS NULL "
		"AND meeting IS NULL AND subject IS NULL AND kind IN "
		"('month_plan', 'ask_date', 'month_close', 'digest')",
	TEXT(CALENDAR_UNITS) =
		LAY_OUT("u.id") "JOIN unit u ON " MUST_MEET
				"WHERE s.id = ?3 ORDER BY u.id "
				"ON CONFLICT (run_id) DO NOTHING",
	/* Those above first: who is told of all is not told of a part. */
	TEXT(CALENDAR_STAFF) =
		"WITH RECURSIVE tree(id, depth) AS ("
		"SELECT t.id, 0 FROM unit t WHERE t.parent IS NULL UNION "
		"SELECT c.id, b.depth + 1 FROM unit c JOIN tree b "
		"ON c.parent = b.id) " LAY_OUT(
			"u.id") "JOIN tree u ON EXISTS (SELECT 1 FROM "
				"contact_role r WHERE r.unit = u.id "
				"AND r.role = 'staff' "
				"AND (r.valid_from IS NULL "
				"OR r.valid_from <= ?1) "
				"AND (r.valid_to IS NULL "
				"OR r.valid_to >= ?1)) WHERE s.id = ?2 "
				"ORDER BY u.depth, u.id "
				"ON CONFLICT (run_id) DO NOTHING",
	/* Code, its date for a month, and whether that month is settled. */
	TEXT(CALENDAR_MONTH) = "SELECT u.code, EXISTS (" MEETING(
		"regular") "AND m.period = ?2 AND m.state <> 'cancelled'), "
			   "EXISTS (SELECT 1 FROM meeting m WHERE " FOR_IT
			   "AND m.period = ?2 AND (m.state = 'none' "
			   "OR (m.kind = 'regular' AND (" HAS_REPORT
			   "OR (m.state = 'announced' AND m.planned_on >= "
			   "?3))))), "
			   "CASE WHEN u.valid_to IS NULL OR u.valid_to >= ?4 "
			   "THEN 1 ELSE 0 END FROM unit u WHERE u.id = ?1",

	/* Of a month: met, not to be met, planned, thematic in a quarter. */
	TEXT(DIGEST_UNITS) = BELOW
	"SELECT u.code, "
	"EXISTS (" MEETING(
		"regular") "AND m.period = ?4 "
			   "AND " HAS_REPORT "), "
			   "EXISTS (SELECT 1 FROM meeting m WHERE " FOR_IT
			   "AND m.period = ?4 AND m.state = 'none'), "
			   "EXISTS (" MEETING(
				   "regular") "AND m.period = ?4 "
					      "AND m.state = 'announced' "
					      "AND m.planned_on IS NOT NULL), "
					      "EXISTS (" MEETING(
						      "thematic") "AND "
								  "m.period >= "
								  "?5 "
								  "AND "
								  "m.period <= "
								  "?4 "
								  "AND"
								  " " HAS_REPORT
								  ") "
								  "FROM unit u "
								  "WHERE"
								  " " IS_BELOW
								  "ORDER BY "
								  "u.code",
	/* The latest version of each report of a regular meeting. */
	TEXT(DIGEST_ATTENDANCE) =
		BELOW "SELECT coalesce(sum(r.present), 0), "
		      "coalesce(sum(r.total), 0), coalesce(sum(r.total - "
		      "coalesce(r.exempt, 0)), 0), "
		      "coalesce(sum(r.unexcused), 0) FROM unit u "
		      "JOIN meeting m ON " ITS_OWN "AND m.period = ?4 "
		      "AND m.kind = 'regular' JOIN meeting_report r "
		      "ON r.meeting = m.id AND r.version = "
		      "(SELECT max(v.version) FROM meeting_report v "
		      "WHERE v.meeting = m.id AND v.voided_at IS NULL) "
		      "WHERE " IS_BELOW "AND r.present IS NOT NULL "
		      "AND r.total IS NOT NULL",
	TEXT(DIGEST_AWAY) = BELOW "SELECT coalesce(sum(" ONE_IF(
		"q.status = 'away'") "), 0), count(*) FROM unit u "
				     "JOIN member q ON q.unit = u.id "
				     "AND q.on_roll = 1 "
				     "WHERE " IS_BELOW,
	TEXT(DIGEST_ANSWERS) = BELOW
	"SELECT coalesce(sum(x.answered), 0), count(*) FROM "
	"(SELECT DISTINCT i.meeting, i.member_no, " ONE_IF(
		"EXISTS (SELECT 1 FROM invitation n "
		"WHERE n.meeting = i.meeting "
		"AND n.member_no = i."
		"member_no)") " AS answered FROM unit u "
			      "JOIN meeting m ON " ITS_OWN "AND m.period = ?4 "
			      "JOIN invited i "
			      "ON i.meeting = m.id "
			      "AND i.audience = 'member' "
			      "WHERE " IS_BELOW ") x",
	TEXT(DIGEST_OPINIONS) =
		BELOW "SELECT count(*) FROM opinion o JOIN unit u "
		      "ON u.id = o.unit WHERE o.state = 'open' AND " IS_BELOW,
	TEXT(DIGEST_KEEP) =
		"INSERT INTO indicator (unit, period, name, n, d, as_of, "
		"errand) VALUES (?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (unit, period, name, as_of) DO NOTHING",
	TEXT(DIGEST_KEPT) = "SELECT n, d FROM indicator WHERE unit = ? "
			    "AND period = ? AND name = ? "
			    "ORDER BY as_of DESC, id DESC LIMIT 1",

	TEXT(DUTY_TASK) = "SELECT t.unit, u.code, t.no, t.members, t.due_on, "
			  "t.state FROM task t JOIN unit u ON u.id = t.unit "
			  "WHERE t.id = ?",
	/* Phones of a member that may be texted about it. */
	TEXT(DUTY_MEMBER) =
		"SELECT c.phone, c.language FROM member p "
		"JOIN contact c ON c.phone = p.phone WHERE p.unit = ? "
		"AND p.no = ? AND p.on_roll = 1 AND c.consent = 1 "
		"AND c.opted_out = 0",
	/* A step of a candidate; a later one of those that end it, or that
	 * begin it anew, has its place. */
	TEXT(DUTY_CANDIDATE) =
		"SELECT a.unit, u.code, a.no, a.step, a.created_at, "
		"EXISTS (SELECT 1 FROM candidate l WHERE l.unit = a.unit "
		"AND l.no = a.no AND l.id > a.id AND l.step IN "
		"('class_done', 'admitted', 'dropped')), "
		"(SELECT h.helper FROM candidate h WHERE h.unit = a.unit "
		"AND h.no = a.no AND h.helper IS NOT NULL "
		"ORDER BY h.id DESC LIMIT 1) FROM candidate a "
		"JOIN unit u ON u.id = a.unit WHERE a.id = ?",
};

const char *sql_calendar_text(enum sql id)
{
	assert(id >= SQL_CALENDAR && id < SQL_STAFF);
	return text[id - SQL_CALENDAR];
}
