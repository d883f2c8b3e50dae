/*
 * sql_staff - the statements of what staff decide and send, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. None of them
 * runs for a report.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_STAFF]

#define PROPOSAL                                                               \
	"SELECT p.id, p.unit, u.code, p.state, p.intent, p.fields, "           \
	"p.from_phone, coalesce(c.language, 'vi'), p.created_at, "             \
	"p.decided_at FROM proposal p JOIN unit u ON u.id = p.unit "           \
	"LEFT JOIN contact c ON c.phone = p.from_phone "

/* A role that still holds after the day ?1. */
#define HOLDS_AFTER "(valid_to IS NULL OR valid_to > ?1)"

/* Units at and below ?1 that are there on the day ?2. */
#define SUBTREE                                                                \
	"WITH RECURSIVE sub(id) AS (SELECT ?1 UNION SELECT u.id FROM sub "     \
	"JOIN unit u ON u.parent = sub.id "                                    \
	"WHERE u.valid_to IS NULL OR u.valid_to >= ?2) "

#define SECRETARY                                                              \
	"r.role = 'secretary' "                                                \
	"AND (r.valid_from IS NULL OR r.valid_from <= ?2) "                    \
	"AND (r.valid_to IS NULL OR r.valid_to >= ?2) "

/* Texts to c since ?3 that answered nobody: see the index outbox_unasked. */
#define UNASKED                                                                \
	"(SELECT count(*) FROM outbox o WHERE o.to_phone = c.phone "           \
	"AND o.lane <> 'reply' AND o.message IS NULL "                         \
	"AND (o.sent_at IS NOT NULL OR o.state = 'unsure') "                   \
	"AND coalesce(o.sent_at, o.due_at) > ?3) "

#define BROADCAST                                                              \
	"SELECT b.id, b.unit, u.code, b.audience, b.text, b.state, "           \
	"b.by_phone, coalesce(b.after_phone, ''), coalesce(b.queued, 0), "     \
	"b.created_at, b.message FROM broadcast b "                            \
	"JOIN unit u ON u.id = b.unit "

static const char *const text[SQL_VOTES - SQL_STAFF] = {
	TEXT(PROPOSAL_NEXT) = "SELECT coalesce(max(id), 0) + 1 FROM proposal",
	TEXT(PROPOSAL_PUT) =
		"INSERT INTO proposal (id, unit, intent, fields, from_phone, "
		"message, created_at, state) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, 'open')",
	TEXT(PROPOSAL_FIND) = PROPOSAL "WHERE p.id = ?",
	TEXT(PROPOSAL_OPEN) = PROPOSAL "WHERE p.state = 'open' AND p.id > ? "
				       "ORDER BY p.id LIMIT ?",
	TEXT(PROPOSAL_EVENTS) =
		"SELECT e.id, e.member_no, e.event, e.was, "
		"m.status || ' ' || m.standing, m.on_roll, m.phone "
		"FROM member_event e LEFT JOIN member m ON m.unit = e.unit "
		"AND m.no = e.member_no WHERE e.proposal = ? ORDER BY e.id",
	TEXT(PROPOSAL_END) =
		"UPDATE proposal SET state = ?2, decided_at = ?3, "
		"decided_by = ?4, decided_message = ?5, reason = ?6 "
		"WHERE id = ?1 AND state = 'open'",
	TEXT(PROPOSAL_END_EVENTS) =
		"UPDATE member_event SET state = ?, decided_at = ?, "
		"decided_by = ? WHERE proposal = ?",
	TEXT(PROPOSAL_END_FACTS) =
		"UPDATE unit_fact SET state = ? WHERE proposal = ?",
	TEXT(EVENT_MEMBER) = "UPDATE member_event SET member_no = ?1, "
			     "fields = coalesce(?2, fields) WHERE id = ?3",

	/* The roll. */
	TEXT(MEMBER_STANDING) = "UPDATE member SET standing = ? "
				"WHERE unit = ? AND no = ?",
	TEXT(MEMBER_PHONE) = "UPDATE member SET phone = ? "
			     "WHERE unit = ? AND no = ?",
	TEXT(MEMBER_JOIN) =
		"INSERT INTO member (unit, no, name, standing, status, "
		"on_roll) VALUES (?, ?, ?, ?, 'active', 1) "
		"ON CONFLICT (unit, no) DO UPDATE SET "
		"standing = excluded.standing, status = 'active', "
		"dest = NULL, on_roll = 1",
	TEXT(MEMBER_NEXT) = "SELECT coalesce(max(no), 0) + 1 FROM member "
			    "WHERE unit = ?",
	TEXT(MEMBER_PHONE_OF) = "SELECT phone FROM member "
				"WHERE unit = ? AND no = ?",

	/* Who speaks for a unit. A new phone has agreed to nothing yet. */
	TEXT(CONTACT_AFTER) =
		"INSERT INTO contact (phone, language, consent, opted_out, "
		"updated_at) VALUES (?1, coalesce((SELECT o.language "
		"FROM contact o WHERE o.phone = ?2), 'vi'), 0, 0, ?3) "
		"ON CONFLICT (phone) DO NOTHING",
	TEXT(ROLE_END) = "UPDATE contact_role SET valid_to = ?1 "
			 "WHERE unit = ?2 AND role = ?3 AND phone <> ?4 "
			 "AND " HOLDS_AFTER,
	TEXT(ROLE_END_MEMBER) =
		"UPDATE contact_role SET valid_to = ?1 WHERE unit = ?2 "
		"AND member_no = ?3 AND role IN ('secretary', 'deputy') "
		"AND " HOLDS_AFTER,
	TEXT(ROLE_MOVE) =
		"INSERT INTO contact_role (phone, role, unit, member_no, "
		"valid_from, valid_to) SELECT ?1, r.role, r.unit, "
		"r.member_no, ?2, r.valid_to FROM contact_role r "
		"WHERE r.phone = ?3 AND r.unit = ?4 AND r.member_no = ?5 "
		"AND (r.valid_to IS NULL OR r.valid_to >= ?2) "
		"ON CONFLICT (phone, role, unit) DO UPDATE SET "
		"member_no = excluded.member_no, "
		"valid_from = excluded.valid_from, "
		"valid_to = excluded.valid_to",
	TEXT(ROLE_MOVED) =
		"UPDATE contact_role SET valid_to = ?1 WHERE phone = ?2 "
		"AND unit = ?3 AND member_no = ?4 AND " HOLDS_AFTER,

	/* Texts to many. */
	TEXT(AUDIENCE_SECRETARIES) =
		SUBTREE "SELECT c.phone, c.language, c.opted_out, 1, " UNASKED
			"FROM (SELECT DISTINCT r.phone FROM contact_role r "
			"WHERE r.unit IN (SELECT id FROM sub) "
			"AND " SECRETARY ") h "
			"JOIN contact c ON c.phone = h.phone "
			"WHERE c.phone > ?4 ORDER BY c.phone LIMIT ?5",
	TEXT(AUDIENCE_MEMBERS) = SUBTREE
	"SELECT h.phone, coalesce(c.language, 'vi'), "
	"coalesce(c.opted_out, 0), coalesce(c.consent, 0), " UNASKED
	"FROM (SELECT DISTINCT p.phone FROM sub "
	"JOIN member p ON p.unit = sub.id AND p.on_roll = 1 "
	"WHERE p.phone > ?4 "
	"AND (?6 = 'all' OR p.status = 'away')) h "
	"LEFT JOIN contact c ON c.phone = h.phone "
	"ORDER BY h.phone LIMIT ?5",
	TEXT(AUDIENCE_NO_PHONE) =
		SUBTREE "SELECT count(*) FROM sub "
			"JOIN member p ON p.unit = sub.id AND p.on_roll = 1 "
			"WHERE p.phone IS NULL "
			"AND (?3 = 'all' OR p.status = 'away')",
	TEXT(AUDIENCE_NO_SECRETARY) =
		SUBTREE "SELECT count(*) FROM sub WHERE EXISTS "
			"(SELECT 1 FROM member p WHERE p.unit = sub.id "
			"AND p.on_roll = 1) AND sub.id NOT IN "
			"(SELECT r.unit FROM contact_role r "
			"WHERE " SECRETARY ")",
	TEXT(BROADCAST_FIND) = BROADCAST "WHERE b.id = ?",
	TEXT(BROADCAST_LIST) = BROADCAST "ORDER BY b.id DESC LIMIT ?",
	TEXT(BROADCAST_MOVE) =
		"UPDATE broadcast SET after_phone = ?2, "
		"queued = coalesce(queued, 0) + ?3 WHERE id = ?1",
	TEXT(BROADCAST_END) = "UPDATE broadcast SET state = ?2, ended_at = ?3 "
			      "WHERE id = ?1 AND state = 'running'",
	TEXT(BROADCAST_TEXTS) =
		"SELECT 0, state, count(*) FROM outbox WHERE dedupe_key >= ? "
		"AND dedupe_key < ? GROUP BY state",
	TEXT(BROADCAST_QUEUED) =
		"SELECT id FROM outbox WHERE dedupe_key >= ? "
		"AND dedupe_key < ? AND state = 'queued' ORDER BY id",
};

const char *sql_staff_text(enum sql id)
{
	assert(id >= SQL_STAFF && id < SQL_VOTES);
	return text[id - SQL_STAFF];
}
