/*
 * sql_indicators - the statements of `report indicators`, as text, and of what
 * staff enter for it.
 *
 * As in sql_report.c: each runs once over what there is of a period, or on
 * its last day; nothing is asked for each unit.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_INDICATORS]

static const char *const text[SQL_SESSIONS - SQL_INDICATORS] = {
	TEXT(IND_FACTS) = "SELECT unit, fact, value, since, created_at "
			  "FROM unit_fact WHERE state = 'applied' "
			  "AND created_at < ? ORDER BY id",
	TEXT(IND_ROLES) = "SELECT DISTINCT unit, role FROM contact_role "
			  "WHERE role IN ('secretary', 'overseer') "
			  "AND (valid_from IS NULL OR valid_from <= ?1) "
			  "AND (valid_to IS NULL OR valid_to >= ?1)",
	/* Those that came of others; and those of the first list of all. */
	TEXT(IND_OLD_UNITS) =
		"SELECT successor FROM unit_event WHERE kind IN "
		"('merge', 'split') AND successor IS NOT NULL "
		"AND successor <> predecessor UNION SELECT id FROM unit "
		"WHERE known_at IS NULL OR known_at = "
		"(SELECT min(f.known_at) FROM unit f)",
	/* Of meetings, by the latest version that counts. */
	TEXT(IND_MEETINGS) =
		"SELECT m.unit, m.held_on, r.upper, r.score "
		"FROM meeting m JOIN meeting_report r ON r.meeting = m.id "
		"AND r.created_at < ?3 AND (r.voided_at IS NULL "
		"OR r.voided_at >= ?3) WHERE m.period BETWEEN ?1 AND ?2 "
		"AND (m.state = 'held' OR r.voided_at IS NOT NULL) "
		"AND NOT EXISTS (SELECT 1 FROM meeting_report l "
		"WHERE l.meeting = m.id AND l.created_at < ?3 "
		"AND (l.voided_at IS NULL OR l.voided_at >= ?3) "
		"AND l.version > r.version)",
	/* Who could vote by SMS, and who did, each once an item. */
	TEXT(IND_VOTERS) =
		"SELECT i.unit, e.standing, count(*) FROM meeting m "
		"JOIN ballot_item i ON i.meeting = m.id "
		"JOIN ballot_eligible e ON e.ballot_item = i.id "
		"WHERE m.period BETWEEN ?1 AND ?2 AND i.opened_at < ?3 "
		"AND m.state NOT IN ('none', 'cancelled') AND e.gone = 0 "
		"GROUP BY i.unit, e.standing",
	TEXT(IND_VOTED) =
		"SELECT x.unit, e.standing, count(*) FROM ("
		"SELECT DISTINCT i.unit, i.id, b.member_no FROM meeting m "
		"JOIN ballot_item i ON i.meeting = m.id "
		"JOIN ballot b ON b.ballot_item = i.id "
		"WHERE m.period BETWEEN ?1 AND ?2 AND i.opened_at < ?3 "
		"AND b.created_at < ?3 "
		"AND m.state NOT IN ('none', 'cancelled')) x "
		"JOIN ballot_eligible e ON e.ballot_item = x.id "
		"AND e.member_no = x.member_no AND e.gone = 0 "
		"GROUP BY x.unit, e.standing",
	TEXT(IND_ADMITTED) = "SELECT unit, fields FROM member_event "
			     "WHERE event = 'admitted' AND state = 'applied' "
			     "AND coalesce(decided_at, created_at) >= ? "
			     "AND coalesce(decided_at, created_at) < ?",
	TEXT(IND_CANDIDATES) = "SELECT unit, no, step, helper FROM candidate "
			       "WHERE created_at < ? ORDER BY unit, no, id",
	TEXT(IND_TASKS) = "SELECT unit, due_on, done_at FROM task "
			  "WHERE due_on BETWEEN ? AND ? AND created_at < ?",
	TEXT(FACT_LIST) =
		"SELECT u.code, f.fact, f.value, f.since, f.created_at, "
		"f.message FROM unit_fact f JOIN unit u ON u.id = f.unit "
		"WHERE f.state = 'applied' AND (?1 IS NULL OR u.code = ?1) "
		"ORDER BY u.code, f.fact, f.id",
	TEXT(OPINION_OPEN) =
		"SELECT o.id, u.code, o.topic_code, o.created_at "
		"FROM opinion o LEFT JOIN unit u ON u.id = o.unit "
		"WHERE o.state = 'open' AND (?1 IS NULL OR u.code = ?1) "
		"ORDER BY o.id",
	TEXT(OPINION_ANSWER) = "UPDATE opinion SET state = 'answered' "
			       "WHERE id = ? AND state = 'open'",
};

const char *sql_indicators_text(enum sql id)
{
	assert(id >= SQL_INDICATORS && id < SQL_SESSIONS);
	return text[id - SQL_INDICATORS];
}
