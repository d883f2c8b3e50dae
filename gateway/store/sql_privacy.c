/*
 * sql_privacy - the statements of what is kept of persons, and for how long.
 *
 * As in sql.c: parameters are bound in the order in which they stand first.
 * ERASE_… change everything that one person left: ?1 is the phone and ?2 what
 * stands in its place; of ERASE_IN…, ?1 is what a text must not hold any
 * more (holds.h). PURGE_… blank what is older than ?3 in the rows after ?1 up
 * to ?2.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_PRIVACY]

#define PAGE(id) id " > ?1 AND " id " <= ?2 "
#define LAST(id, table) "SELECT coalesce(max(" id "), 0) FROM " table
/* Whoever asked still waits for the answer. */
#define UNNEEDED                                                               \
	"AND id NOT IN (SELECT message FROM pending "                          \
	"WHERE settled_at IS NULL AND expires_at >= ?3 "                       \
	"AND message IS NOT NULL) "                                            \
	"AND id NOT IN (SELECT message FROM ticket "                           \
	"WHERE state <> 'closed' AND message IS NOT NULL) "                    \
	"AND id NOT IN (SELECT message FROM proposal "                         \
	"WHERE state = 'open' AND message IS NOT NULL)"
#define GONE_OUT                                                               \
	"state IN ('sent', 'delivered', 'failed', 'expired') "                 \
	"AND created_at < ?3"
#define OF_GONE_OUT                                                            \
	"WHERE outbox IN (SELECT id FROM outbox WHERE " PAGE(                  \
		"id") "AND " GONE_OUT ")"
#define HIS_MESSAGES "(SELECT id FROM message WHERE from_phone = ?1)"
/* Texts that told what happened to the member ?2 of the unit ?1. */
#define OF_EVENTS                                                              \
	"(SELECT message FROM member_event "                                   \
	"WHERE unit = ?1 AND member_no = ?2)"
#define NOT_SENT                                                               \
	"state = CASE WHEN state IN ('queued', 'held', 'unsure') "             \
	"THEN 'expired' ELSE state END"

#define TICKETS                                                                \
	"SELECT t.id, t.phone, coalesce(t.unit, 0), coalesce(u.code, ''), "    \
	"t.what, t.state, t.due_on, t.created_at, coalesce(t.answered_at, "    \
	"0), "                                                                 \
	"coalesce(t.closed_at, 0), t.closed_by, t.done, "                      \
	"coalesce(c.language, '') FROM ticket t "                              \
	"LEFT JOIN unit u ON u.id = t.unit "                                   \
	"LEFT JOIN contact c ON c.phone = t.phone "

static const char *const text[SQL_INDICATORS - SQL_PRIVACY] = {
	/* What was put in by hand after the end takes numbers, too. */
	TEXT(AUDIT_END) = "SELECT e.seq, e.hash, x.last FROM (SELECT "
			  "coalesce(max(seq), 0) AS last FROM audit) x "
			  "LEFT JOIN audit_end e ON e.id = 1",
	TEXT(AUDIT_PUT) = "INSERT INTO audit (seq, at, who, what, unit, "
			  "member_no, person, people, prev, hash) "
			  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	TEXT(AUDIT_MOVE) = "UPDATE audit_end SET seq = ?, hash = ? "
			   "WHERE id = 1",
	TEXT(AUDIT_LIST) =
		"SELECT seq, at, who, what, coalesce(unit, 0), "
		"coalesce(member_no, 0), coalesce(person, 0), "
		"coalesce(people, 0), prev, hash FROM audit ORDER BY seq",
	TEXT(AUDIT_COUNT) = "SELECT unit, what, count(*) FROM audit "
			    "WHERE at >= ?1 AND at < ?2 GROUP BY unit, what "
			    "ORDER BY unit, what",

	TEXT(AUDIT_UNIT) = "SELECT id FROM unit WHERE id = " SQL_UNIT_NAMED,
	TEXT(AUDIT_TEXT) =
		"SELECT from_phone FROM message WHERE id = ?1 UNION ALL "
		"SELECT to_phone FROM outbox WHERE id = ?2",

	/* Requests. */
	TEXT(TICKET_FIND) = TICKETS "WHERE t.id = ?",
	TEXT(TICKET_LIST) = TICKETS "WHERE ?1 = 1 OR t.state <> 'closed' "
				    "ORDER BY t.due_on, t.id",
	TEXT(TICKET_ANSWER) =
		"UPDATE ticket SET state = 'answered', answered_at = ?2, "
		"due_on = ?3 WHERE id = ?1 AND state = 'open'",
	TEXT(TICKET_CLOSE) =
		"UPDATE ticket SET state = 'closed', closed_at = ?2, "
		"answered_at = coalesce(answered_at, ?2), closed_by = ?3, "
		"done = ?4 WHERE id = ?1 AND state <> 'closed'",
	TEXT(TICKET_ERASED) =
		"UPDATE ticket SET state = 'closed', closed_at = ?2, "
		"answered_at = coalesce(answered_at, ?2), closed_by = ?3, "
		"done = 'erased' WHERE phone = ?1 AND state <> 'closed'",

	/* Who somebody is. */
	TEXT(PERSON_OF) = "SELECT id FROM person WHERE phone = ?",
	TEXT(PERSON_PUT) = "INSERT INTO person (phone) VALUES (?)",
	TEXT(PERSON_FORGET) = "UPDATE person SET phone = NULL WHERE phone = ?",
	TEXT(PERSON_MEMBER) =
		"SELECT u.id, m.no, m.name, m.phone FROM member m "
		"JOIN unit u ON u.id = m.unit "
		"WHERE u.id = " SQL_UNIT_NAMED "AND m.no = ?2",
	/* A duty's phone is its holder's, too. */
	TEXT(PERSON_MEMBERS) =
		"SELECT unit, no, name, phone FROM member WHERE phone = ?1 "
		"UNION SELECT m.unit, m.no, m.name, r.phone "
		"FROM contact_role r JOIN member m ON m.unit = r.unit "
		"AND m.no = r.member_no WHERE r.phone = ?1 ORDER BY 1, 2",
	TEXT(PERSON_PHONES) =
		"SELECT phone FROM member WHERE unit = ?1 AND no = ?2 "
		"AND phone IS NOT NULL UNION SELECT phone FROM contact_role "
		"WHERE unit = ?1 AND member_no = ?2",
	TEXT(PERSON_SHARED) =
		"SELECT count(*) FROM (SELECT unit, no, name FROM member "
		"WHERE phone = ?1 UNION SELECT m.unit, m.no, m.name "
		"FROM contact_role r JOIN member m ON m.unit = r.unit "
		"AND m.no = r.member_no WHERE r.phone = ?1) o "
		"WHERE NOT (o.unit = ?2 AND o.no = ?3) AND o.name <> "
		"coalesce((SELECT name FROM member "
		"WHERE unit = ?2 AND no = ?3), '')",
	/* Under which numbers of which units: with the same phone and name, and
	 * before and after these changed. */
	TEXT(PERSON_SAME) =
		"WITH RECURSIVE same (unit, no) AS (SELECT CAST(?1 AS BIGINT), "
		"CAST(?2 AS BIGINT) UNION SELECT m.unit, m.no FROM member o "
		"JOIN member m ON m.phone = o.phone AND m.name = o.name "
		"WHERE o.unit = ?1 AND o.no = ?2 UNION SELECT t.unit, t.no "
		"FROM same s "
		"JOIN (SELECT unit AS at, member_no AS as_no, to_unit AS unit, "
		"to_no AS no FROM member_moved UNION ALL SELECT to_unit, "
		"to_no, unit, member_no FROM member_moved) t "
		"ON t.at = s.unit AND t.as_no = s.no) "
		"SELECT unit, no FROM same",
	TEXT(PERSON_KNOWN) =
		"SELECT (SELECT count(*) FROM contact WHERE phone = ?1) "
		"+ (SELECT count(*) FROM message WHERE from_phone = ?1) "
		"+ (SELECT count(*) FROM outbox WHERE to_phone = ?1)",

	/* What is kept of somebody; columns are shown by their names. */
	TEXT(PERSON_ROW) =
		"SELECT u.code AS unit, m.no, m.name, m.standing, m.status, "
		"m.dest, m.phone FROM member m JOIN unit u ON u.id = m.unit "
		"WHERE m.unit = ? AND m.no = ?",
	TEXT(PERSON_CONTACT) =
		"SELECT phone, language, consent, opted_out, opted_out_at, "
		"updated_at FROM contact WHERE phone = ?",
	TEXT(PERSON_ROLES) =
		"SELECT r.role, u.code AS unit, r.member_no, r.valid_from, "
		"r.valid_to FROM contact_role r JOIN unit u ON u.id = r.unit "
		"WHERE r.phone = ? ORDER BY r.role, u.code",
	TEXT(PERSON_CONSENTS) =
		"SELECT at AS said_at, event, given, text_version, channel, "
		"basis FROM consent WHERE phone = ? ORDER BY id",
	TEXT(PERSON_MESSAGES) =
		"SELECT received_at, channel, text, intent, state "
		"FROM message WHERE from_phone = ? ORDER BY id",
	TEXT(PERSON_TEXTS) = "SELECT created_at, sent_at, channel, text, state "
			     "FROM outbox WHERE to_phone = ? ORDER BY id",
	TEXT(PERSON_OPINIONS) =
		"SELECT created_at, topic, topic_code, text, state "
		"FROM opinion WHERE phone = ? ORDER BY id",
	TEXT(PERSON_TICKETS) = "SELECT id, created_at, what, state, due_on "
			       "FROM ticket WHERE phone = ? ORDER BY id",
	TEXT(PERSON_SESSIONS) =
		"SELECT created_at, hop_at, way, channel, form, answers, "
		"state FROM session WHERE phone = ? ORDER BY id",
	TEXT(PERSON_EVENTS) =
		"SELECT created_at, event, state, fields FROM member_event "
		"WHERE unit = ? AND member_no = ? ORDER BY id",
	TEXT(PERSON_ATTENDANCE) =
		"SELECT coalesce(g.held_on, g.planned_on) AS meeting, "
		"g.kind, a.state FROM meeting g "
		"JOIN attendance a ON a.meeting = g.id "
		"WHERE g.unit = ? AND a.member_no = ? ORDER BY a.id",
	TEXT(PERSON_ANSWERS) =
		"SELECT i.created_at, g.planned_on AS meeting, i.answer, "
		"i.reason, i.source FROM meeting g "
		"JOIN invitation i ON i.meeting = g.id "
		"WHERE i.unit = ? AND i.member_no = ? ORDER BY i.id",
	TEXT(PERSON_BALLOTS) =
		"SELECT b.created_at, coalesce(g.held_on, g.planned_on) "
		"AS meeting, i.item, b.choice, b.counted_as "
		"FROM ballot_item i JOIN ballot b ON b.ballot_item = i.id "
		"JOIN meeting g ON g.id = i.meeting "
		"WHERE i.unit = ? AND b.member_no = ? ORDER BY b.id",

	/* Erasing: what the person is, said and was sent. */
	/* The province stays: it is counted. */
	TEXT(ERASE_MEMBER) = "UPDATE member SET name = '', phone = NULL "
			     "WHERE unit = ?1 AND no = ?2",
	TEXT(ERASE_DUTIES) = "DELETE FROM contact_role "
			     "WHERE unit = ?1 AND member_no = ?2",
	TEXT(ERASE_EVENT_TEXTS) =
		"UPDATE message SET text = '', text_hash = 0, fields = NULL, "
		"error = NULL, withheld = NULL WHERE id IN " OF_EVENTS,
	TEXT(ERASE_EVENT_ANSWERS) = "UPDATE outbox SET text = '', " NOT_SENT
				    " WHERE message IN " OF_EVENTS,
	TEXT(ERASE_EVENT_READINGS) =
		"UPDATE message_reading SET fields = NULL, error = NULL "
		"WHERE message IN " OF_EVENTS,
	TEXT(ERASE_EVENTS) = "UPDATE member_event SET fields = NULL "
			     "WHERE unit = ?1 AND member_no = ?2",
	TEXT(ERASE_ANSWERS) =
		"UPDATE invitation SET reason = NULL, fields = NULL "
		"WHERE unit = ?1 AND member_no = ?2",
	TEXT(ERASE_PHONE) = "UPDATE member SET phone = NULL WHERE phone = ?1",
	TEXT(ERASE_ROLES) = "DELETE FROM contact_role WHERE phone = ?1",
	TEXT(ERASE_CONTACT) = "DELETE FROM contact WHERE phone = ?1",
	TEXT(ERASE_MESSAGES) =
		"UPDATE message SET text = '', text_hash = 0, fields = NULL, "
		"error = NULL, withheld = NULL WHERE from_phone = ?1",
	TEXT(ERASE_PARTS) =
		"UPDATE message_part SET text = '' WHERE multipart IN "
		"(SELECT id FROM multipart WHERE from_phone = ?1)",
	TEXT(ERASE_READINGS) =
		"UPDATE message_reading SET fields = NULL, error = NULL "
		"WHERE message IN " HIS_MESSAGES,
	TEXT(ERASE_PARKED) = "DELETE FROM report_parked WHERE to_phone = ?1",
	TEXT(ERASE_OUTBOX) = "UPDATE outbox SET text = '', why = NULL, "
			     "dedupe_key = 'erased:' || id, " NOT_SENT
			     " WHERE to_phone = ?1",
	TEXT(ERASE_PENDING) = "UPDATE pending SET fields = NULL, "
			      "settled_at = coalesce(settled_at, created_at) "
			      "WHERE phone = ?1",
	TEXT(ERASE_REASONS) =
		"UPDATE invitation SET reason = NULL, fields = NULL "
		"WHERE message IN " HIS_MESSAGES,
	/* One on its way goes on a little before: no text goes twice. */
	TEXT(ERASE_CURSORS) =
		"UPDATE broadcast SET after_phone = CASE "
		"WHEN state = 'running' THEN substr(after_phone, 1, 8) "
		"ELSE NULL END WHERE after_phone = ?1",
	TEXT(ERASE_SESSIONS) = "DELETE FROM session WHERE phone = ?1",
	TEXT(ERASE_OPINIONS) = "UPDATE opinion SET text = '' WHERE phone = ?1",

	TEXT(ERASE_AS) = "UPDATE message SET from_phone = ?2 "
			 "WHERE from_phone = ?1",
	TEXT(ERASE_AS_TO) = "UPDATE message SET to_phone = ?2 "
			    "WHERE to_phone = ?1",
	TEXT(ERASE_AS_REPORT) = "UPDATE meeting_report SET from_phone = ?2 "
				"WHERE from_phone = ?1",
	TEXT(ERASE_AS_OUTBOX) = "UPDATE outbox SET to_phone = ?2 "
				"WHERE to_phone = ?1",
	TEXT(ERASE_AS_PENDING) = "UPDATE pending SET phone = ?2 "
				 "WHERE phone = ?1",
	TEXT(ERASE_AS_OPINION) = "UPDATE opinion SET phone = ?2 "
				 "WHERE phone = ?1",
	TEXT(ERASE_AS_TICKET) = "UPDATE ticket SET phone = ?2 "
				"WHERE phone = ?1",
	TEXT(ERASE_AS_INVITED) = "UPDATE invited SET phone = ?2 "
				 "WHERE phone = ?1",
	TEXT(ERASE_AS_MULTIPART) = "UPDATE multipart SET from_phone = ?2 "
				   "WHERE from_phone = ?1",
	TEXT(ERASE_AS_PROPOSAL) = "UPDATE proposal SET from_phone = ?2 "
				  "WHERE from_phone = ?1",
	TEXT(ERASE_AS_DECIDED) = "UPDATE proposal SET decided_by = ?2 "
				 "WHERE decided_by = ?1",
	TEXT(ERASE_AS_BROADCAST) = "UPDATE broadcast SET by_phone = ?2 "
				   "WHERE by_phone = ?1",
	TEXT(ERASE_AS_CONSENT) = "UPDATE consent SET phone = ?2 "
				 "WHERE phone = ?1",

	/* What others wrote of the person. */
	TEXT(ERASE_IN) =
		"UPDATE message SET text = '', text_hash = 0, fields = NULL, "
		"error = NULL, withheld = NULL WHERE holds(text, ?1) "
		"OR holds(fields, ?1) OR holds(error, ?1) OR holds(withheld, "
		"?1)",
	TEXT(ERASE_IN_PARTS) = "UPDATE message_part SET text = '' "
			       "WHERE holds(text, ?1)",
	TEXT(ERASE_IN_READINGS) =
		"UPDATE message_reading SET fields = NULL, error = NULL "
		"WHERE holds(fields, ?1) OR holds(error, ?1)",
	TEXT(ERASE_IN_OUTBOX) = "UPDATE outbox SET text = '', " NOT_SENT
				" WHERE holds(text, ?1)",
	TEXT(ERASE_IN_KEYS) = "UPDATE outbox SET dedupe_key = 'erased:' || id "
			      "WHERE holds(dedupe_key, ?1)",
	TEXT(ERASE_IN_WHY) =
		"UPDATE outbox SET why = NULL WHERE holds(why, ?1)",
	TEXT(ERASE_IN_ATTEMPTS) = "UPDATE outbox_attempt SET why = NULL "
				  "WHERE holds(why, ?1)",
	TEXT(ERASE_IN_SAID) = "UPDATE outbox_report SET said = NULL "
			      "WHERE holds(said, ?1)",
	TEXT(ERASE_IN_PENDING) = "UPDATE pending SET fields = NULL "
				 "WHERE holds(fields, ?1)",
	TEXT(ERASE_IN_REASONS) =
		"UPDATE invitation SET reason = NULL, fields = NULL "
		"WHERE holds(reason, ?1) OR holds(fields, ?1)",
	TEXT(ERASE_IN_OPINIONS) = "UPDATE opinion SET text = '' "
				  "WHERE holds(text, ?1)",
	TEXT(ERASE_IN_EVENTS) = "UPDATE member_event SET fields = NULL "
				"WHERE holds(fields, ?1)",
	TEXT(ERASE_IN_PROPOSALS) =
		"UPDATE proposal SET reason = NULL, fields = CASE "
		"WHEN holds(fields, ?1) THEN '{}' ELSE fields END, "
		"decided_at = coalesce(decided_at, created_at), "
		"state = CASE WHEN state = 'open' AND holds(fields, ?1) "
		"THEN 'expired' ELSE state END "
		"WHERE holds(fields, ?1) OR holds(reason, ?1)",
	/* Nobody can decide what is not known any more. */
	TEXT(ERASE_IN_DECIDED) =
		"UPDATE member_event SET state = 'rejected' "
		"WHERE state = 'proposed' AND proposal IN (SELECT id "
		"FROM proposal WHERE state = 'expired' AND ?1 IS NOT NULL)",
	TEXT(ERASE_IN_FACTS) = "UPDATE unit_fact SET value = '' "
			       "WHERE holds(value, ?1)",
	TEXT(ERASE_IN_REPORTS) =
		"UPDATE meeting_report SET fields = NULL, resolution = NULL "
		"WHERE holds(fields, ?1) OR holds(resolution, ?1)",
	TEXT(ERASE_IN_TASKS) = "UPDATE task SET text = NULL "
			       "WHERE holds(text, ?1)",
	TEXT(ERASE_IN_BROADCASTS) = "UPDATE broadcast SET text = '' "
				    "WHERE holds(text, ?1)",
	TEXT(ERASE_IN_SESSIONS) =
		"UPDATE session SET answers = '[]', seen = '', screen = '' "
		"WHERE holds(answers, ?1) OR holds(seen, ?1) "
		"OR holds(screen, ?1)",
	TEXT(ERASE_IN_QUARANTINE) = "DELETE FROM quarantine "
				    "WHERE holds(body, ?1)",

	/* A place is a name as often as a house: "nha ba …". */
	TEXT(ERASE_IN_PLACES) = "UPDATE meeting SET place = NULL "
				"WHERE holds(place, ?1)",
	TEXT(ERASE_IN_NO_MEETING) = "UPDATE meeting SET reason = NULL "
				    "WHERE holds(reason, ?1)",
	TEXT(ERASE_IN_TICKETS) = "UPDATE ticket SET done = NULL "
				 "WHERE holds(done, ?1)",

	/* Purging. */
	TEXT(PURGE_AT) = "SELECT step, upto FROM purge WHERE id = 1",
	TEXT(PURGE_MOVE) = "UPDATE purge SET step = ?, upto = ? WHERE id = 1",
	TEXT(PURGE_LAST_MESSAGE) = LAST("id", "message"),
	TEXT(PURGE_LAST_PART) = LAST("id", "message_part"),
	TEXT(PURGE_LAST_OUTBOX) = LAST("id", "outbox"),
	TEXT(PURGE_LAST_OPINION) = LAST("id", "opinion"),
	TEXT(PURGE_LAST_ANSWER) = LAST("id", "invitation"),
	TEXT(PURGE_LAST_QUARANTINE) = LAST("id", "quarantine"),
	TEXT(PURGE_LAST_PARKED) = LAST("id", "report_parked"),
	TEXT(PURGE_LAST_ATTENDANCE) = LAST("id", "attendance"),
	TEXT(PURGE_LAST_SESSION) = LAST("id", "session"),
	TEXT(PURGE_LAST_MULTIPART) = LAST("id", "multipart"),
	TEXT(PURGE_LAST_PROPOSAL) = LAST("id", "proposal"),
	TEXT(PURGE_LAST_FACT) = LAST("id", "unit_fact"),
	TEXT(PURGE_LAST_TASK) = LAST("id", "task"),
	TEXT(PURGE_LAST_BROADCAST) = LAST("id", "broadcast"),
	TEXT(PURGE_LAST_TICKET) = LAST("id", "ticket"),
	TEXT(PURGE_LAST_INVITED) = LAST("id", "invited"),
	TEXT(PURGE_MESSAGES) =
		"UPDATE message SET text = '', fields = NULL "
		"WHERE " PAGE(
			"id") "AND received_at < ?3 AND text <> '' " UNNEEDED,
	TEXT(PURGE_PARTS) = "DELETE FROM message_part WHERE " PAGE(
		"id") "AND received_at < ?3",
	TEXT(PURGE_MULTIPARTS) = "DELETE FROM multipart WHERE " PAGE(
		"id") "AND began_at < ?3 "
		      "AND NOT EXISTS (SELECT 1 FROM message_part p "
		      "WHERE p.multipart = multipart.id)",
	TEXT(PURGE_PROPOSALS) =
		"UPDATE proposal SET fields = '{}', reason = NULL "
		"WHERE " PAGE("id") "AND state <> 'open' AND decided_at < ?3",
	TEXT(PURGE_FACTS) = "UPDATE unit_fact SET value = '' WHERE " PAGE(
		"id") "AND fact = 'phone' AND state <> 'proposed' "
		      "AND created_at < ?3",
	TEXT(PURGE_TASKS) = "UPDATE task SET text = NULL WHERE " PAGE(
		"id") "AND state <> 'open' AND done_at < ?3",
	TEXT(PURGE_BROADCASTS) = "UPDATE broadcast SET text = '' WHERE " PAGE(
		"id") "AND state <> 'running' "
		      "AND coalesce(ended_at, created_at) < ?3",
	TEXT(PURGE_TICKETS) = "UPDATE ticket SET done = NULL WHERE " PAGE(
		"id") "AND state = 'closed' AND closed_at < ?3",
	/* An answer rate is counted from the rows. */
	TEXT(PURGE_INVITED) =
		"UPDATE invited SET phone = 'gone:' || id WHERE " PAGE(
			"id") "AND created_at < ?3 AND phone LIKE '+%'",
	TEXT(PURGE_READINGS) = "DELETE FROM message_reading WHERE " PAGE(
		"message") "AND replaced_at < ?3",
	TEXT(PURGE_PENDING) = "UPDATE pending SET fields = NULL WHERE " PAGE(
		"outbox") "AND created_at < ?3 "
			  "AND (settled_at IS NOT NULL OR expires_at < ?3) "
			  "AND fields IS NOT NULL",
	TEXT(PURGE_OPINIONS) = "UPDATE opinion SET text = '' WHERE " PAGE(
		"id") "AND created_at < ?3 AND state <> 'open' AND text <> ''",
	TEXT(PURGE_ANSWERS) =
		"UPDATE invitation SET reason = NULL, fields = NULL "
		"WHERE " PAGE(
			"id") "AND created_at < ?3 "
			      "AND (reason IS NOT NULL OR fields IS NOT NULL)",
	TEXT(PURGE_QUARANTINE) = "DELETE FROM quarantine WHERE " PAGE(
		"id") "AND received_at < ?3",
	TEXT(PURGE_OUTBOX) = "UPDATE outbox SET text = '', why = NULL "
			     "WHERE " PAGE("id") "AND text <> '' "
						 "AND " GONE_OUT,
	TEXT(PURGE_ATTEMPTS) = "DELETE FROM outbox_attempt " OF_GONE_OUT,
	TEXT(PURGE_REPORTS) = "DELETE FROM outbox_report " OF_GONE_OUT,
	TEXT(PURGE_PARKED) =
		"DELETE FROM report_parked WHERE " PAGE("id") "AND at < ?3",
	TEXT(PURGE_ATTENDANCE) = "DELETE FROM attendance WHERE " PAGE(
		"id") "AND created_at < ?3",
	TEXT(PURGE_SESSIONS) =
		"DELETE FROM session WHERE " PAGE("id") "AND hop_at < ?3",
};

const char *sql_privacy_text(enum sql id)
{
	assert(id >= SQL_PRIVACY && id < SQL_INDICATORS);
	return text[id - SQL_PRIVACY];
}
