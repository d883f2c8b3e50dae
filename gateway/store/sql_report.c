/*
 * sql_report - the statements of the reports, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. They run on a
 * connection that only reads, each over a period's rows once.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_TALLIES]

/* The unit of g.phone: of its first role, else of the member who has it. */
#define UNIT_OF_PHONE                                                          \
	"coalesce((SELECT r.unit FROM contact_role r "                         \
	"WHERE r.phone = g.phone ORDER BY r.unit LIMIT 1), "                   \
	"(SELECT p.unit FROM member p "                                        \
	"WHERE p.phone = g.phone ORDER BY p.unit LIMIT 1), "                   \
	"(SELECT x.unit FROM person x WHERE g.phone LIKE 'p%' "                \
	"AND x.id = CAST(substr(g.phone, 2) AS INTEGER)), 0)"

/* A report's version that had come, and was not taken back, before ?3. */
#define COUNTS(t)                                                              \
	t ".created_at < ?3 AND (" t ".voided_at IS NULL OR " t                \
	  ".voided_at >= ?3)"

/* A step of a form by SMS is not read; what the form says is, as a text. */
#define INTENT_OF                                                              \
	"coalesce(d.intent, CASE WHEN d.session IS NULL THEN '' "              \
	"ELSE 'form' END)"

static const char *const text[SQL_CONSENT - SQL_TALLIES] = {
	TEXT(TALLY_UNITS) =
		"SELECT u.id, u.code, u.name, u.parent, u.valid_from, "
		"u.valid_to, CASE WHEN u.id IN (SELECT p.unit FROM member p "
		"WHERE p.on_roll = 1 UNION SELECT v.unit FROM member_moved v "
		"UNION SELECT r.unit FROM contact_role r "
		"WHERE r.role = 'secretary') THEN 1 ELSE 0 END, u.kind "
		"FROM unit u ORDER BY u.code",
	/* Which were merged, and which were below another one. */
	TEXT(TALLY_LINEAGE) =
		"SELECT kind, predecessor, successor, on_date, old_parent "
		"FROM unit_event WHERE kind IN ('merge', 'move') "
		"AND successor IS NOT NULL ORDER BY on_date, id",
	TEXT(TALLY_ROLL) =
		"SELECT unit, status, standing, dest, count(*) FROM member "
		"GROUP BY unit, status, standing, dest",
	TEXT(TALLY_MOVED) =
		"SELECT v.unit, v.member_no, v.to_unit, v.to_no, c.on_date "
		"FROM member_moved v JOIN unit_change c ON c.id = v.change "
		"ORDER BY v.unit, v.member_no",
	TEXT(TALLY_MEMBER) = "SELECT status, standing, dest FROM member "
			     "WHERE unit = ? AND no = ?",
	/* All changes of those members who have one after an instant. */
	TEXT(TALLY_CHANGES) =
		"SELECT e.unit, e.member_no, e.event, "
		"coalesce(e.decided_at, e.created_at), e.fields, e.was, e.id "
		"FROM member_event e JOIN member p "
		"ON p.unit = e.unit AND p.no = e.member_no "
		"WHERE e.state = 'applied' AND EXISTS (SELECT 1 "
		"FROM member_event l WHERE l.unit = e.unit "
		"AND l.member_no = e.member_no AND l.state = 'applied' "
		"AND coalesce(l.decided_at, l.created_at) >= ?) "
		"ORDER BY e.unit, e.member_no, e.id",
	/* A report's time is that of the text that brought it: it may have
	 * been read again since. */
	TEXT(TALLY_MEETINGS) =
		"SELECT m.unit, m.period, m.kind, m.planned_on, m.held_on, "
		"m.state, m.reason, "
		"min(coalesce(g.received_at, r.created_at)), count(r.id) "
		"FROM meeting m LEFT JOIN meeting_report r "
		"ON r.meeting = m.id AND " COUNTS(
			"r") " "
			     "LEFT JOIN message g ON g.id = r.message "
			     "WHERE m.period BETWEEN ?1 AND ?2 GROUP BY m.id "
			     "ORDER BY m.unit, m.period, count(r.id) = 0, "
			     "m.state = 'cancelled', coalesce(m.held_on, "
			     "m.planned_on), "
			     "m.id",
	TEXT(TALLY_ATTENDANCE) =
		"SELECT m.unit, m.held_on, m.kind, r.total, r.present, "
		"r.excused, r.unexcused, r.away, r.exempt, r.version "
		"FROM meeting m JOIN meeting_report r ON r.meeting = m.id "
		"AND " COUNTS(
			"r") " WHERE m.period BETWEEN ?1 AND ?2 "
			     "AND (m.state = 'held' OR r.voided_at IS NOT "
			     "NULL) "
			     "AND NOT EXISTS (SELECT 1 "
			     "FROM meeting_report l WHERE l.meeting = m.id "
			     "AND " COUNTS(
				     "l") " AND l.version > r.version) "
					  "ORDER BY m.unit, m.held_on, m.id",
	/* Members who were invited, once a meeting; and answers of others. */
	TEXT(TALLY_ANSWERS) =
		"SELECT x.unit, sum(x.invited), "
		"sum(CASE WHEN x.invited = 1 AND a.id IS NOT NULL "
		"THEN 1 ELSE 0 END), "
		"sum(CASE WHEN x.invited = 1 AND a.answer = 'yes' "
		"THEN 1 ELSE 0 END), "
		"sum(CASE WHEN x.invited = 1 AND a.answer = 'no' "
		"THEN 1 ELSE 0 END), "
		"sum(CASE WHEN x.invited = 1 AND a.fields LIKE "
		"'%\"remote_request\":true%' THEN 1 ELSE 0 END), "
		"sum(1 - x.invited) "
		"FROM (SELECT y.meeting, y.unit, y.member_no, "
		"max(y.invited) AS invited FROM ("
		"SELECT v.meeting, v.unit, v.member_no, 1 AS invited "
		"FROM meeting m JOIN invited v ON v.meeting = m.id "
		"WHERE v.audience = 'member' AND m.period BETWEEN ?1 AND ?2 "
		"AND v.created_at < ?3 UNION ALL "
		"SELECT i.meeting, i.unit, i.member_no, 0 "
		"FROM meeting m JOIN invitation i ON i.meeting = m.id "
		"AND i.plan = m.plan WHERE m.period BETWEEN ?1 AND ?2 "
		"AND i.created_at < ?3) y "
		"GROUP BY y.meeting, y.unit, y.member_no) x "
		"LEFT JOIN invitation a ON a.id = (SELECT max(n.id) "
		"FROM invitation n WHERE n.meeting = x.meeting "
		"AND n.member_no = x.member_no AND n.unit = x.unit "
		"AND n.created_at < ?3 "
		"AND n.plan = (SELECT p.plan FROM meeting p "
		"WHERE p.id = x.meeting)) GROUP BY x.unit",
	TEXT(TALLY_OPINIONS) =
		"SELECT coalesce(unit, 0), coalesce(topic_code, '-'), "
		"count(*), sum(CASE WHEN state = 'open' THEN 1 ELSE 0 END) "
		"FROM opinion WHERE created_at >= ? AND created_at < ? "
		"GROUP BY coalesce(unit, 0), coalesce(topic_code, '-') "
		"ORDER BY 1, 2",
	TEXT(TALLY_OPINION_TEXTS) =
		"SELECT coalesce(unit, 0), coalesce(topic_code, '-'), "
		"CASE WHEN state = 'open' THEN 1 ELSE 0 END, created_at, text "
		"FROM opinion WHERE created_at >= ? AND created_at < ? "
		"ORDER BY id",
	/* By message_near; the provider's time is the text's. */
	TEXT(TALLY_IN) =
		"SELECT " UNIT_OF_PHONE ", g.intent, g.state, g.n, 0 "
		"FROM (SELECT d.from_phone AS phone, " INTENT_OF
		" AS intent, d.state, count(*) AS n "
		"FROM message d "
		"WHERE d.sent_at / 10000 BETWEEN ?1 / 10000 AND ?2 / 10000 "
		"AND d.sent_at >= ?1 AND d.sent_at < ?2 "
		"GROUP BY d.from_phone, " INTENT_OF ", d.state) g",
	TEXT(TALLY_OUT_LAST) = "SELECT coalesce(max(id), 0) FROM outbox",
	TEXT(TALLY_OUT_AT) = "SELECT id, created_at FROM outbox "
			     "WHERE id >= ? ORDER BY id LIMIT 1",
	TEXT(TALLY_OUT) =
		"SELECT " UNIT_OF_PHONE ", g.lane, g.state, g.n, g.parts "
		"FROM (SELECT o.to_phone AS phone, o.lane, o.state, "
		"count(*) AS n, sum(coalesce(o.parts, 0)) AS parts "
		"FROM outbox o WHERE o.id >= ? AND o.id < ? "
		"AND o.created_at >= ? AND o.created_at < ? "
		"GROUP BY o.to_phone, o.lane, o.state) g",
};

const char *sql_report_text(enum sql id)
{
	assert(id >= SQL_TALLIES && id < SQL_CONSENT);
	return text[id - SQL_TALLIES];
}
