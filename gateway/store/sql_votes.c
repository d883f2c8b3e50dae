/*
 * sql_votes - the statements of what is put to the vote, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. None of them
 * runs for a report. A ballot is added and never touched again.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_VOTES]

#define ITEM                                                                   \
	"SELECT i.id, i.meeting, i.unit, i.item, i.question, i.threshold, "    \
	"i.opened_at, i.closes_at, i.late_to, i.closed_at, i.source, "         \
	"i.digest, i.seal, m.state, coalesce(m.held_on, m.planned_on), "       \
	"u.code, m.period FROM ballot_item i "                                 \
	"JOIN meeting m ON m.id = i.meeting JOIN unit u ON u.id = i.unit "

static const char *const text[SQL_TALLIES - SQL_VOTES] = {
	/* Opening and closing. */
	TEXT(VOTE_NEXT) = "SELECT coalesce(max(item), 0) + 1 FROM ballot_item "
			  "WHERE meeting = ?",
	TEXT(VOTE_OPEN) =
		"INSERT INTO ballot_item (meeting, unit, item, question, "
		"threshold, opened_at, closes_at, late_to, own_time, source, "
		"message, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') "
		"ON CONFLICT (meeting, item) DO NOTHING",
	TEXT(VOTE_FREEZE) =
		"INSERT INTO ballot_eligible (ballot_item, member_no, "
		"standing, status) SELECT ?1, p.no, p.standing, p.status "
		"FROM member p WHERE p.unit = ?2 AND p.on_roll = 1",
	TEXT(VOTE_DIGEST) = "UPDATE ballot_item SET digest = ? WHERE id = ?",
	TEXT(VOTE_REOPEN) = "UPDATE ballot_item SET unit = ?2, opened_at = ?3 "
			    "WHERE id = ?1",
	TEXT(VOTE_THAW) = "DELETE FROM ballot_eligible WHERE ballot_item = ?",
	/* With the meeting; one that was closed for a start that is off is
	 * open again. */
	TEXT(VOTE_MOVE) =
		"UPDATE ballot_item SET closes_at = ?1, late_to = ?2, "
		"closed_at = NULL, seal = NULL WHERE meeting = ?3 "
		"AND own_time = 0 "
		"AND coalesce(closes_at, 0) <> coalesce(?1, 0)",
	TEXT(VOTE_STAY) = "UPDATE ballot_eligible SET gone = 0 WHERE gone = 1 "
			  "AND ballot_item IN (SELECT i.id FROM ballot_item i "
			  "WHERE i.meeting = ? AND i.closed_at IS NULL)",
	TEXT(VOTE_GONE) =
		"UPDATE ballot_eligible SET gone = 1 WHERE ballot_item = ?1 "
		"AND NOT EXISTS (SELECT 1 FROM ballot_item i "
		"JOIN member p ON p.unit = i.unit WHERE i.id = ?1 "
		"AND p.no = ballot_eligible.member_no AND p.on_roll = 1)",
	TEXT(VOTE_END) = "UPDATE ballot_item SET closed_at = ?1, "
			 "closes_at = CASE WHEN closes_at < ?1 THEN closes_at "
			 "ELSE ?1 END, own_time = coalesce(?2, own_time) "
			 "WHERE id = ?3",
	TEXT(VOTE_SEAL) = "UPDATE ballot_item SET seal = ? WHERE id = ?",

	/* Of a unit, a row for each item. */
	TEXT(MEETINGS_TO_COME) =
		"SELECT m.id, u.code, m.planned_on, m.planned_minute, m.items, "
		"m.unit, i.item, i.closes_at, i.late_to, i.closed_at, "
		"EXISTS (SELECT 1 FROM contact c "
		"JOIN invited v ON v.phone = c.phone AND v.meeting = m.id "
		"AND v.audience = 'member' "
		"LEFT JOIN outbox o ON o.id = v.outbox WHERE c.id = ?3 "
		"AND (v.plan <> m.plan OR o.state IN ('queued', 'sending') "
		"OR o.sent_at >= ?4)) "
		"FROM meeting m JOIN unit u ON u.id = m.unit "
		"LEFT JOIN ballot_item i ON i.meeting = m.id "
		"WHERE m.unit = ?1 AND m.state = 'announced' "
		"AND m.planned_on >= ?2 ORDER BY m.planned_on, m.id, i.item",
	/* Voting. A member's line of every item of a meeting. */
	TEXT(VOTE_LINES) =
		"SELECT i.id, i.item, i.closes_at, i.late_to, i.closed_at, "
		"i.own_time, i.digest, e.standing, p.on_roll, "
		"(SELECT max(r.seq) FROM ballot_receipt r "
		"WHERE r.ballot_item = i.id), "
		"(SELECT r.hash FROM ballot_receipt r "
		"WHERE r.ballot_item = i.id ORDER BY r.seq DESC LIMIT 1), "
		"b.choice, b.hash, b.voted_at "
		"FROM ballot_item i LEFT JOIN ballot_eligible e "
		"ON e.ballot_item = i.id AND e.member_no = ?2 "
		"LEFT JOIN member p ON p.unit = i.unit AND p.no = ?2 "
		"LEFT JOIN ballot b ON b.id = (SELECT x.id FROM ballot x "
		"WHERE x.meeting = i.meeting AND x.item = i.item "
		"AND x.member_no = ?2 AND x.ballot_item = i.id "
		"ORDER BY x.voted_at DESC, x.seq DESC LIMIT 1) "
		"WHERE i.meeting = ?1 ORDER BY i.item",
	TEXT(BALLOT_PUT) =
		"INSERT INTO ballot (meeting, unit, item, ballot_item, seq, "
		"member_no, choice, counted_as, voted_at, prev, hash, message, "
		"created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	TEXT(BALLOT_RECEIPT) =
		"INSERT INTO ballot_receipt (ballot_item, seq, member_no, "
		"hash) VALUES (?, ?, ?, ?)",

	/* Looking. */
	TEXT(VOTE_ITEM) = ITEM "WHERE i.id = ?",
	TEXT(VOTE_OF_MEETING) = ITEM "WHERE i.meeting = ? ORDER BY i.item",
	TEXT(VOTE_OF_UNIT) = ITEM "WHERE (?1 = 0 OR i.unit = ?1) "
				  "AND (?2 IS NULL OR m.period BETWEEN ?2 "
				  "AND ?3) ORDER BY i.meeting, i.item",
	/* With the last word of the roll call on each. */
	TEXT(VOTE_VOTERS) =
		"SELECT e.member_no, e.standing, e.status, "
		"CASE WHEN i.closed_at IS NOT NULL THEN e.gone "
		"ELSE 1 - coalesce(p.on_roll, 0) END, "
		"(SELECT a.state FROM attendance a WHERE a.meeting = i.meeting "
		"AND a.member_no = e.member_no ORDER BY a.id DESC LIMIT 1) "
		"FROM ballot_eligible e "
		"JOIN ballot_item i ON i.id = e.ballot_item "
		"LEFT JOIN member p ON p.unit = i.unit AND p.no = e.member_no "
		"WHERE e.ballot_item = ? ORDER BY e.member_no",
	/* Those that claim to be of the item, whatever holds them to it. */
	TEXT(VOTE_BALLOTS) =
		"SELECT b.id, coalesce(b.ballot_item, 0), coalesce(b.seq, 0), "
		"b.member_no, b.choice, b.counted_as, b.voted_at, "
		"b.created_at, b.message, b.prev, b.hash FROM ballot b "
		"WHERE b.meeting = ?1 AND b.item = ?2 "
		"ORDER BY coalesce(b.seq, 0), b.id",
	TEXT(VOTE_RECEIPTS) = "SELECT seq, member_no, hash FROM ballot_receipt "
			      "WHERE ballot_item = ? ORDER BY seq",
	/* What the report says of the room; and of how many items. */
	TEXT(VOTE_ROOM) =
		"SELECT r.vote_for, r.vote_against, r.vote_abstain, "
		"(SELECT count(*) FROM ballot_item i WHERE i.meeting = ?1) "
		"FROM meeting_report r WHERE r.meeting = ?1 "
		"AND r.voided_at IS NULL ORDER BY r.version DESC LIMIT 1",
	TEXT(VOTE_MEETING) =
		"SELECT m.id FROM meeting m JOIN unit u ON u.id = m.unit "
		"WHERE u.id = " SQL_UNIT_NAMED
		"AND coalesce(m.held_on, m.planned_on) = ?2 "
		"ORDER BY m.state = 'announced' DESC, m.id DESC LIMIT 1",
};

const char *sql_votes_text(enum sql id)
{
	assert(id >= SQL_VOTES && id < SQL_TALLIES);
	return text[id - SQL_VOTES];
}
