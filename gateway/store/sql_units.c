/*
 * sql_units - the statements for units that change, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. None of them
 * runs for a report of a unit that never changed.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_UNITS]

/* A meeting of unit ?1 that is still to come on ?2. */
#define TO_COME                                                                \
	"state = 'announced' AND unit = ?1 "                                   \
	"AND coalesce(planned_on, ?2) >= ?2 "

/* Of a task that comes to unit ?2. */
#define TASK_NO                                                                \
	"(SELECT CASE WHEN count(CASE WHEN x.no = task.no THEN 1 END) = 0 "    \
	"THEN task.no ELSE max(x.no) + 1 END FROM task x WHERE x.unit = ?2)"

static const char *const text[SQL_PRIVACY - SQL_UNITS] = {
	TEXT(CHANGE_PUT) =
		"INSERT INTO unit_change (kind, on_date, document, plan, "
		"created_at, state) VALUES (?, ?, ?, ?, ?, 'planned')",
	TEXT(CHANGE_END) = "UPDATE unit_change SET state = ?, why = ?, "
			   "done_at = ? WHERE id = ? AND state = 'planned'",
	TEXT(CHANGE_PLANNED) = "SELECT plan FROM unit_change WHERE id = ? "
			       "AND state = 'planned'",
	TEXT(CHANGE_LIST) = "SELECT id, kind, on_date, state, why, document, "
			    "plan FROM unit_change ORDER BY on_date, id",
	TEXT(CHANGE_UNIT) =
		"SELECT u.id, u.code, u.name, u.kind, u.parent, u.valid_from, "
		"u.valid_to, u.changed_on, (SELECT count(*) FROM unit k "
		"WHERE k.parent = u.id AND (k.valid_to IS NULL "
		"OR k.valid_to >= ?2)) FROM unit u WHERE u.code = ?1",
	TEXT(CHANGE_OLD_NAME) = "SELECT unit FROM unit_alias WHERE key = ? "
				"AND until IS NOT NULL",
	TEXT(CHANGE_MEMBERS) =
		"SELECT no FROM member WHERE unit = ? AND (on_roll = 1 "
		"OR status = 'temp_transfer_out') ORDER BY no",
	TEXT(CHANGE_TAKEN) = "SELECT no FROM member WHERE unit = ?",
	TEXT(CHANGE_MEETINGS) = "SELECT id FROM meeting WHERE " TO_COME,
	TEXT(CHANGE_TASKS) = "SELECT id, no, members FROM task "
			     "WHERE unit = ? AND state = 'open' ORDER BY no",
	TEXT(CHANGE_PROPOSALS) = "SELECT id, fields FROM proposal "
				 "WHERE unit = ? AND state = 'open'",
	TEXT(CHANGE_CANDIDATES) =
		"SELECT max(id), no FROM candidate WHERE unit = ? "
		"GROUP BY no ORDER BY no",

	/* Units. */
	TEXT(UNIT_ALIAS_CLOSE) = "UPDATE unit_alias SET until = ? "
				 "WHERE unit = ? AND until IS NULL",
	TEXT(UNIT_EVENT_PUT) =
		"INSERT INTO unit_event (change, kind, predecessor, "
		"successor, on_date, document, old_code, old_name, "
		"old_parent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	TEXT(UNIT_CHANGED) = "UPDATE unit SET changed_on = ? WHERE id = ?",
	TEXT(UNIT_END) = "UPDATE unit SET valid_to = ?, changed_on = ?, "
			 "heir = ? WHERE id = ?",
	TEXT(UNIT_HEIRS) = "UPDATE unit SET heir = ? WHERE heir = ?",
	TEXT(UNIT_ADOPTED) =
		"INSERT INTO unit_event (change, kind, predecessor, "
		"successor, on_date, document, old_code, old_name, "
		"old_parent) SELECT ?, 'move', u.id, u.id, ?, ?, u.code, "
		"u.name, u.parent FROM unit u WHERE u.parent = ?",
	TEXT(UNIT_ADOPT) = "UPDATE unit SET parent = ? WHERE parent = ?",
	TEXT(UNIT_RENAME) = "UPDATE unit SET code = ?, name = ? WHERE id = ?",

	/* Members and roles. */
	TEXT(MOVED_PUT) = "INSERT INTO member_moved (change, unit, "
			  "member_no, to_unit, to_no) VALUES (?, ?, ?, ?, ?)",
	TEXT(MOVED_COPY) =
		"INSERT INTO member (unit, no, name, standing, status, dest, "
		"phone, on_roll) SELECT m.to_unit, m.to_no, p.name, "
		"p.standing, p.status, p.dest, p.phone, p.on_roll "
		"FROM member_moved m JOIN member p ON p.unit = m.unit "
		"AND p.no = m.member_no WHERE m.change = ?",
	TEXT(MOVED_LEAVE) =
		"UPDATE member SET status = 'moved', on_roll = 0, "
		"phone = NULL WHERE EXISTS (SELECT 1 FROM member_moved m "
		"WHERE m.change = ? AND m.unit = member.unit "
		"AND m.member_no = member.no)",
	/* ?5: of those without a number, none, who only watch, or all. */
	TEXT(ROLES_COPY) =
		"INSERT INTO contact_role (phone, role, unit, member_no, "
		"valid_from, valid_to) SELECT r.phone, r.role, ?2, m.to_no, "
		"CASE WHEN r.valid_from > ?4 THEN r.valid_from ELSE ?4 END, "
		"r.valid_to FROM contact_role r LEFT JOIN member_moved m "
		"ON m.change = ?1 AND m.unit = r.unit "
		"AND m.member_no = r.member_no WHERE r.unit = ?3 "
		"AND (r.valid_to IS NULL OR r.valid_to >= ?4) "
		"AND (m.to_unit = ?2 OR (m.to_unit IS NULL AND (?5 = 2 "
		"OR (?5 = 1 AND r.role IN ('overseer', 'staff'))))) "
		"ON CONFLICT (phone, role, unit) DO UPDATE SET "
		"member_no = excluded.member_no, "
		"valid_from = excluded.valid_from, "
		"valid_to = excluded.valid_to "
		"WHERE contact_role.valid_to < excluded.valid_from",
	TEXT(ROLES_END) =
		"UPDATE contact_role SET valid_to = ?3 WHERE unit = ?2 "
		"AND (valid_to IS NULL OR valid_to > ?3) AND (?4 = 1 "
		"OR EXISTS (SELECT 1 FROM member_moved m "
		"WHERE m.change = ?1 AND m.unit = ?2 "
		"AND m.member_no = contact_role.member_no))",

	/* What is open. */
	TEXT(MEETINGS_MOVE) =
		"UPDATE meeting SET unit = ?3 WHERE " TO_COME
		"AND NOT EXISTS (SELECT 1 FROM ballot_item b "
		"WHERE b.meeting = meeting.id AND (b.closed_at IS NOT NULL "
		"OR EXISTS (SELECT 1 FROM ballot_receipt r "
		"WHERE r.ballot_item = b.id))) "
		"AND NOT EXISTS (SELECT 1 FROM meeting x WHERE x.unit = ?3 "
		"AND x.kind = meeting.kind AND x.period = meeting.period "
		"AND x.state IN ('announced', 'held'))",
	/* Items of meetings that have moved just now. */
	TEXT(CHANGE_ITEMS) = "SELECT i.id FROM ballot_item i "
			     "JOIN meeting m ON m.id = i.meeting "
			     "WHERE i.unit = ? AND m.unit = ? ORDER BY i.id",
	TEXT(MEETINGS_OFF) =
		"UPDATE meeting SET state = 'cancelled', reason = 'unit', "
		"plan = plan + 1 WHERE " TO_COME,
	TEXT(MOVED_INVITED) =
		"UPDATE invited SET unit = m.to_unit, member_no = -m.to_no "
		"FROM member_moved m, meeting t WHERE m.change = ? "
		"AND m.unit = invited.unit "
		"AND m.member_no = invited.member_no "
		"AND t.id = invited.meeting AND t.unit = m.to_unit",
	TEXT(MOVED_INVITED_TURN) = "UPDATE invited SET member_no = -member_no "
				   "WHERE member_no < ?",
	TEXT(MOVED_INVITATION) =
		"UPDATE invitation SET unit = m.to_unit, member_no = m.to_no "
		"FROM member_moved m, meeting t WHERE m.change = ? "
		"AND m.unit = invitation.unit "
		"AND m.member_no = invitation.member_no "
		"AND t.id = invitation.meeting AND t.unit = m.to_unit",
	TEXT(MOVED_PENDING) =
		"UPDATE pending SET member_no = -m.to_no "
		"FROM member_moved m, member p, meeting t WHERE m.change = ? "
		"AND p.unit = m.to_unit AND p.no = m.to_no "
		"AND pending.phone = p.phone "
		"AND pending.member_no = m.member_no "
		"AND pending.settled_at IS NULL "
		"AND pending.question IN ('invite', 'vote') "
		"AND t.id = pending.subject AND t.unit = m.to_unit",
	TEXT(MOVED_PENDING_TURN) = "UPDATE pending SET member_no = -member_no "
				   "WHERE member_no < ?",
	TEXT(MOVED_EVENTS) =
		"UPDATE member_event SET unit = m.to_unit, "
		"member_no = m.to_no FROM member_moved m "
		"WHERE m.change = ? AND m.unit = member_event.unit "
		"AND m.member_no = member_event.member_no "
		"AND member_event.state = 'proposed'",
	TEXT(PROPOSAL_MOVE) = "UPDATE proposal SET unit = ?2, fields = ?3 "
			      "WHERE id = ?1",
	TEXT(PROPOSAL_MOVE_EVENTS) = "UPDATE member_event SET unit = ?2 "
				     "WHERE proposal = ?1",
	TEXT(PROPOSAL_MOVE_FACTS) = "UPDATE unit_fact SET unit = ?2 "
				    "WHERE proposal = ?1",
	TEXT(PROPOSAL_MOVE_ERRANDS) =
		"UPDATE schedule SET unit = ?2 WHERE subject = ?1 "
		"AND state = 'waiting' AND unit IS NOT NULL AND kind IN "
		"('proposal_due', 'proposal_up', 'proposal_end')",
	TEXT(PROPOSAL_VOID) =
		"UPDATE proposal SET state = 'rejected', decided_at = ?2, "
		"decided_by = 'command', reason = 'its unit has changed' "
		"WHERE id = ?1",
	TEXT(PROPOSAL_VOID_EVENTS) = "UPDATE member_event SET "
				     "state = 'rejected' WHERE proposal = ?",
	TEXT(PROPOSAL_VOID_ERRANDS) =
		"UPDATE schedule SET state = 'void', why = 'its unit has "
		"changed' WHERE subject = ? AND state = 'waiting' AND kind IN "
		"('proposal_due', 'proposal_up', 'proposal_end')",
	TEXT(OPINIONS_MOVE) = "UPDATE opinion SET unit = ?2 "
			      "WHERE unit = ?1 AND state = 'open'",
	TEXT(TICKETS_MOVE) = "UPDATE ticket SET unit = ?2 "
			     "WHERE unit = ?1 AND state <> 'closed'",
	/* A number that is free stays, as members' do. */
	TEXT(TASK_MOVE) = "UPDATE task SET unit = ?2, members = ?3, "
			  "no = " TASK_NO " WHERE id = ?1",
	TEXT(TASK_STAY) = "UPDATE task SET members = ?2 WHERE id = ?1",
	/* The other half of a task that is of members of two parts. */
	TEXT(TASK_COPY) =
		"INSERT INTO task (unit, no, members, text, due_on, state, "
		"message, created_at) SELECT ?2, " TASK_NO ", ?3, text, "
		"due_on, state, message, created_at FROM task WHERE id = ?1",
	TEXT(TASK_ERRANDS_MOVE) =
		"UPDATE schedule SET unit = ?2 WHERE subject = ?1 "
		"AND state = 'waiting' AND kind IN ('task_due', 'task_late')",
	TEXT(TASK_ERRANDS_COPY) =
		"INSERT INTO schedule (run_id, kind, due_at, unit, subject, "
		"state) SELECT kind || ':t' || CAST(?3 AS TEXT), "
		"kind, due_at, ?2, ?3, "
		"state FROM schedule WHERE subject = ?1 "
		"AND state = 'waiting' AND kind IN ('task_due', 'task_late')",
	TEXT(CANDIDATE_MOVE) =
		"UPDATE candidate SET unit = ?3, no = ?4, "
		"helper = (SELECT m.to_no FROM member_moved m "
		"WHERE m.change = ?5 AND m.unit = ?1 AND m.to_unit = ?3 "
		"AND m.member_no = candidate.helper) "
		"WHERE unit = ?1 AND no = ?2",
	TEXT(ERRANDS_MOVE) =
		"UPDATE schedule SET unit = ?2 WHERE unit = ?1 "
		"AND state = 'waiting' "
		"AND kind IN ('task_due', 'task_late', 'candidate_due')",
	TEXT(MOVED_ERRANDS) =
		"UPDATE schedule SET unit = m.to_unit, subject = p.id "
		"FROM member_moved m, member o, member p "
		"WHERE m.change = ? AND o.unit = m.unit "
		"AND o.no = m.member_no AND p.unit = m.to_unit "
		"AND p.no = m.to_no AND schedule.subject = o.id "
		"AND schedule.state = 'waiting' AND schedule.kind IN "
		"('away_back', 'exempt_end', 'probation_due')",
	TEXT(ERRANDS_VOID) = "UPDATE schedule SET state = 'void', "
			     "why = 'the unit has ended' WHERE unit = ? "
			     "AND state = 'waiting' AND meeting IS NULL",

	/* Texts that name what was. */
	TEXT(LINEAGE_UNIT) = "SELECT u.id, u.code, u.name, u.aliases, u.heir, "
			     "u.changed_on FROM unit u WHERE u.id = ?",
	TEXT(LINEAGE_PARTS) =
		"SELECT DISTINCT u.id, u.code, u.name, u.aliases, u.heir, "
		"u.changed_on FROM unit_event e "
		"JOIN unit u ON u.id = e.successor "
		"WHERE e.predecessor = ? AND e.kind = 'split' ORDER BY u.id",
	TEXT(LINEAGE_THEN) = "SELECT min(u.code), count(DISTINCT u.id) "
			     "FROM contact_role r JOIN unit u ON u.id = r.unit "
			     "WHERE r.phone = ?1 AND (u.heir = ?2 OR "
			     "(u.heir IS NULL AND EXISTS (SELECT 1 "
			     "FROM unit_event e WHERE e.predecessor = u.id "
			     "AND e.kind = 'split' AND e.successor = ?2))) "
			     "AND r.role IN ('secretary', 'deputy') "
			     "AND (r.valid_from IS NULL OR r.valid_from <= ?3) "
			     "AND r.valid_to >= ?3",
	TEXT(LINEAGE_CODE) =
		"SELECT u.code FROM unit_alias a JOIN unit u "
		"ON u.id = a.unit WHERE a.key = ? AND a.until IS NOT NULL",
	TEXT(LINEAGE_LOOK) =
		"SELECT u.name, p.code, h.code, u.valid_from, u.valid_to "
		"FROM unit u LEFT JOIN unit p ON p.id = u.parent "
		"LEFT JOIN unit h ON h.id = u.heir WHERE u.code = ?",
	TEXT(LINEAGE_NAMED) =
		"SELECT code FROM unit WHERE id = " SQL_UNIT_NAMED,
	TEXT(LINEAGE_NAMES) =
		"SELECT DISTINCT u.code, e.old_code, e.on_date "
		"FROM unit_event e JOIN unit u ON u.id = e.successor "
		"WHERE e.change = ? AND e.successor = ? "
		"AND e.old_code <> u.code ORDER BY e.old_code",
	/* Where the member of an old number is, one change later. */
	TEXT(LINEAGE_MOVED) =
		"SELECT m.to_unit, m.to_no, u.code FROM unit_event e "
		"JOIN member_moved m ON m.change = e.change "
		"AND m.unit = e.predecessor JOIN unit u ON u.id = m.to_unit "
		"WHERE e.predecessor = ?1 AND m.member_no = ?2 "
		"ORDER BY m.change DESC LIMIT 1",
	TEXT(LINEAGE_CAME) =
		"SELECT 1 FROM unit_event e JOIN member_moved m "
		"ON m.change = e.change AND m.unit = e.predecessor "
		"JOIN unit u ON u.id = m.to_unit WHERE e.predecessor = ?1 "
		"AND u.code = ?2 AND m.to_no = ?3 LIMIT 1",
	/* Members, for those who are reminded of them. */
	TEXT(WATCH_EVENT) =
		"SELECT e.id, m.id, e.unit, e.event, e.fields, e.created_at "
		"FROM member_event e JOIN member m ON m.unit = e.unit "
		"AND m.no = e.member_no WHERE e.state = 'applied' "
		"AND e.id = ?",
	TEXT(WATCH_PROPOSAL) =
		"SELECT e.id, m.id, e.unit, e.event, e.fields, e.created_at "
		"FROM member_event e JOIN member m ON m.unit = e.unit "
		"AND m.no = e.member_no WHERE e.state = 'applied' "
		"AND e.proposal = ? ORDER BY e.id",
	TEXT(WATCH_MEMBER) =
		"SELECT m.unit, m.no, u.code, m.status, m.standing, m.on_roll "
		"FROM member m JOIN unit u ON u.id = m.unit WHERE m.id = ?",
	TEXT(WATCH_MISSED) =
		"SELECT a.member_no, u.code, m.period FROM attendance a "
		"JOIN meeting m ON m.id = a.meeting "
		"JOIN unit u ON u.id = m.unit "
		"JOIN member p ON p.unit = m.unit AND p.no = a.member_no "
		"WHERE a.meeting = ? AND m.state = 'held' "
		"AND m.kind = 'regular' AND a.state = 'unexcused' "
		"AND p.status IN ('active', 'away') AND a.id = (SELECT "
		"max(b.id) "
		"FROM attendance b WHERE b.meeting = a.meeting "
		"AND b.member_no = a.member_no) ORDER BY a.member_no",
	TEXT(LINEAGE_VALID) = "SELECT 1 FROM unit WHERE id = ?1 "
			      "AND (valid_from IS NULL OR valid_from <= ?2) "
			      "AND (valid_to IS NULL OR valid_to >= ?2)",
};

const char *sql_units_text(enum sql id)
{
	assert(id >= SQL_UNITS && id < SQL_PRIVACY);
	return text[id - SQL_UNITS];
}
