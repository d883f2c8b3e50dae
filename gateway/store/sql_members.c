/*
 * sql_members - the statements of who is on the roll, and of what was lost.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. None of them
 * runs for a report by SMS.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_MEMBERS]

#define NO_ITEM(t)                                                             \
	"NOT EXISTS (SELECT 1 FROM ballot_item i "                             \
	"WHERE i.id = " t ".ballot_item) "
#define NO_BALLOT(t)                                                           \
	"NOT EXISTS (SELECT 1 FROM ballot b "                                  \
	"WHERE b.ballot_item = " t ".ballot_item) "

static const char *const text[SQL_N - SQL_MEMBERS] = {
	/* What counts at once brings nobody onto the roll, and ends no
	 * exemption: where the member is stands beside it. */
	TEXT(MEMBER_AT_ONCE) =
		"UPDATE member SET status = CASE WHEN ?1 = 'away' "
		"AND status IN ('exempt', 'temp_exempt') THEN status "
		"ELSE ?1 END, dest = ?2 "
		"WHERE unit = ?3 AND no = ?4 AND on_roll = 1",
	/* Another who came by the same proposal. */
	TEXT(EVENT_AGAIN) =
		"INSERT INTO member_event (unit, member_no, event, state, "
		"fields, message, created_at, decided_at, decided_by, "
		"proposal) SELECT unit, ?1, event, state, ?2, message, "
		"created_at, decided_at, decided_by, proposal "
		"FROM member_event WHERE id = ?3",
	TEXT(PROPOSAL_OPEN_OF) =
		"SELECT id, fields FROM proposal WHERE state = 'open' "
		"AND unit = ? AND from_phone = ? AND intent = ? "
		"AND coalesce(message, 0) <> ? ORDER BY id",
	TEXT(TASK_FIND) = "SELECT members FROM task WHERE unit = ? AND no = ?",
	/* Months after ?3 in which a member missed the regular meeting without
	 * excuse, under all units and numbers that they had, each in its
	 * time. */
	TEXT(WATCH_MONTHS) =
		"WITH RECURSIVE was(unit, no, until, next) AS ("
		"SELECT l.unit, ?2, '9999', 0 FROM meeting l WHERE l.id = ?1 "
		"UNION SELECT e.predecessor, m.member_no, e.on_date, w.unit "
		"FROM was w JOIN unit_event e ON e.successor = w.unit "
		"JOIN member_moved m ON m.change = e.change "
		"AND m.unit = e.predecessor AND m.to_unit = w.unit "
		"AND m.to_no = w.no) "
		"SELECT count(DISTINCT m.period) FROM was w "
		"JOIN meeting m ON m.unit = w.unit "
		"JOIN meeting l ON l.id = ?1 WHERE m.kind = 'regular' "
		"AND m.state = 'held' AND m.period > ?3 "
		"AND m.held_on <= l.held_on AND m.held_on < w.until "
		"AND NOT EXISTS (SELECT 1 FROM was x "
		"WHERE x.next = w.unit AND m.held_on < x.until) "
		"AND 'unexcused' = (SELECT a.state FROM attendance a "
		"WHERE a.meeting = m.id AND a.member_no = w.no "
		"ORDER BY a.id DESC LIMIT 1)",
	TEXT(ERASED_UNIT) =
		"UPDATE person SET unit = coalesce((SELECT r.unit "
		"FROM contact_role r WHERE r.phone = ?1 "
		"ORDER BY r.unit LIMIT 1), (SELECT p.unit FROM member p "
		"WHERE p.phone = ?1 ORDER BY p.unit LIMIT 1)) "
		"WHERE phone = ?1",

	TEXT(PERSON_PROPOSED) = "SELECT fields FROM proposal WHERE unit = ? "
				"ORDER BY id",

	/* Votes that were taken out by hand. */
	TEXT(VOTE_LOST) =
		"SELECT m.unit, u.code, coalesce(m.held_on, m.planned_on), "
		"b.item, count(*) FROM ballot b "
		"JOIN meeting m ON m.id = b.meeting "
		"JOIN unit u ON u.id = m.unit WHERE b.ballot_item IS NOT NULL "
		"AND " NO_ITEM("b") "AND m.period BETWEEN ? AND ? "
				    "GROUP BY m.unit, u.code, m.held_on, "
				    "m.planned_on, b.meeting, "
				    "b.item ORDER BY b.meeting, b.item",
	TEXT(VOTE_LOST_WHOLLY) =
		"SELECT e.ballot_item FROM ballot_eligible e "
		"WHERE " NO_ITEM("e") "AND " NO_BALLOT(
			"e") "UNION SELECT r.ballot_item FROM ballot_receipt r "
			     "WHERE " NO_ITEM("r") "AND " NO_BALLOT(
				     "r") "ORDER BY 1",
	/* Each open item that has a time to close waits for it. */
	TEXT(VOTE_WAS_CLOSED) =
		"SELECT 1 FROM schedule s WHERE s.kind = 'vote_close' "
		"AND s.subject = ?1 AND NOT EXISTS (SELECT 1 FROM schedule w "
		"WHERE w.kind = 'vote_close' AND w.subject = ?1 "
		"AND w.state = 'waiting') LIMIT 1",
};

const char *sql_members_text(enum sql id)
{
	assert(id >= SQL_MEMBERS && id < SQL_N);
	return text[id - SQL_MEMBERS];
}
