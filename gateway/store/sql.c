/*
 * sql - every statement of the room, as text.
 *
 * What is neither here nor in sql_records.c is not asked. Parameters are bound
 * in the order in which they stand first (?1 ?2 … where one is used twice). The
 * statements keep to what SQLite and PostgreSQL share. Those of the way in
 * run for every text: each uses one index and touches few pages.
 */
#include "gateway/store/report.h"

#define ROLL_OF_U                                                              \
	"(SELECT count(*) FROM member x WHERE x.unit = u.id "                  \
	"AND x.on_roll = 1)"

/* Does a validity that is open or holds ?2 (a day, ISO) stand? */
#define VALID(t)                                                               \
	"(" t ".valid_from IS NULL OR " t ".valid_from <= ?2) AND "            \
	"(" t ".valid_to IS NULL OR " t ".valid_to >= ?2)"

/* Did that text come after the one of ?3 (its id), received at ?2? */
#define LATER(t)                                                               \
	"(" t ".id <> ?3 AND (" t ".received_at > ?2 OR "                      \
	"(" t ".received_at = ?2 AND " t ".id > ?3)))"

static const char *const text[SQL_RECORDS] = {
	/*
	 * The way in. The ten seconds of message_near that ±10 s can touch are
	 * rows of VALUES: an IN would build a table for them in each run. Any
	 * channel: one SMS may come by two. A route that does not say to whom
	 * it was sent says nothing against it.
	 */
	[SQL_MESSAGE_NEAR] =
		"SELECT min(d.id) "
		"FROM (VALUES (?1), (?1 + 1), (?1 + 2)) v CROSS JOIN message d "
		"WHERE d.sent_at / 10000 = v.column1 AND d.text_hash = ?2 "
		"AND d.sent_at BETWEEN ?3 - 10000 AND ?3 + 10000 "
		"AND d.from_phone = ?4 "
		"AND (coalesce(?5, '') = '' "
		"OR coalesce(d.to_phone, '') IN ('', ?5)) "
		"AND d.text = ?6 AND d.duplicate_of IS NULL",
	/* Not within a second of one that counts: nobody types so fast. */
	[SQL_MESSAGE_COUNT] =
		"UPDATE message SET state = ?2, duplicate_of = NULL "
		"WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM message d "
		"WHERE d.sent_at / 10000 IN (message.sent_at / 10000 - 1, "
		"message.sent_at / 10000, message.sent_at / 10000 + 1) "
		"AND d.text_hash = message.text_hash "
		"AND d.from_phone = message.from_phone "
		"AND d.text = message.text AND d.duplicate_of IS NULL "
		"AND abs(d.sent_at - message.sent_at) < 1000)",
	[SQL_MESSAGE_PUT] =
		"INSERT INTO message (channel, provider_id, event_id, "
		"from_phone, to_phone, text, text_hash, sent_at, received_at, "
		"rule_version, state, duplicate_of) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (channel, provider_id) DO NOTHING",
	[SQL_MESSAGE_BY_ID] = "SELECT id FROM message "
			      "WHERE channel = ? AND provider_id = ?",
	[SQL_MESSAGE_DONE] = "UPDATE message SET state = ?, intent = ?, "
			     "error = ? WHERE id = ?",
	[SQL_MESSAGE_FIELDS] = "UPDATE message SET fields = ? WHERE id = ?",
	[SQL_MESSAGE_WITHHELD] = "UPDATE message SET withheld = ? WHERE id = ?",
	[SQL_PART_SEEN] =
		"SELECT t.id, t.message FROM message_part p "
		"JOIN multipart t ON t.id = p.multipart "
		"WHERE p.channel = ? AND p.provider_id = ? AND p.no = ?",
	[SQL_PART_TEXT] = "SELECT text FROM message_part "
			  "WHERE multipart = ? AND no = ? ORDER BY id LIMIT 1",
	[SQL_PART_PUT] = "INSERT INTO message_part (multipart, no, channel, "
			 "provider_id, event_id, text, sent_at, received_at) "
			 "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_PART_COUNT] = "SELECT count(DISTINCT no) FROM message_part "
			   "WHERE multipart = ?",
	[SQL_PART_LIST] =
		"SELECT t.channel, t.from_phone, t.to_phone, t.total, p.no, "
		"p.provider_id, p.event_id, p.text, p.sent_at, p.received_at "
		"FROM multipart t JOIN message_part p ON p.multipart = t.id "
		"WHERE t.id = ? ORDER BY p.no, p.id",
	[SQL_MULTIPART_FIND] =
		"SELECT id, message, sent_at FROM multipart "
		"WHERE from_phone = ? AND ref = ? AND total = ? "
		"AND channel = ? AND to_phone = ? "
		"AND sent_at BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
	[SQL_MULTIPART_OPEN_SENDER] =
		"SELECT count(*), min(id) FROM multipart "
		"WHERE from_phone = ? AND message IS NULL",
	[SQL_MULTIPART_OPEN_ALL] = "SELECT count(*), min(id) FROM multipart "
				   "WHERE message IS NULL",
	[SQL_MULTIPART_PUT] =
		"INSERT INTO multipart (channel, from_phone, to_phone, ref, "
		"total, sent_at, began_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
	[SQL_MULTIPART_CLOSE] = "UPDATE multipart SET message = ? WHERE id = ?",
	/* "+": by the index of those that are open, and not through all of
	 * the table in the order of its ids. */
	[SQL_MULTIPART_DUE] =
		"SELECT id FROM multipart WHERE message IS NULL "
		"AND (began_at <= ? OR began_at > ?) ORDER BY +id LIMIT ?",
	[SQL_QUARANTINE_PUT] =
		"INSERT INTO quarantine (channel, digest, body, why, "
		"received_at) VALUES (?, ?, ?, ?, ?) "
		"ON CONFLICT (digest) DO NOTHING",
	[SQL_QUARANTINE_MESSAGE] =
		"INSERT INTO message (channel, provider_id, from_phone, text, "
		"text_hash, sent_at, received_at, state, error) "
		"VALUES (?1, ?2, '', ?3, 0, ?4, ?4, ?5, ?6) "
		"ON CONFLICT (channel, provider_id) DO NOTHING",

	/* Context. Rows of SENDER: the contact, its roles, its members. */
	[SQL_SENDER] =
		"SELECT 0, c.id, c.language, c.opted_out, NULL, NULL, NULL, "
		"NULL, NULL, NULL FROM contact c WHERE c.phone = ?1 "
		"UNION ALL "
		"SELECT 1, u.id, u.code, u.name, u.aliases, r.role, "
		"r.member_no, CASE WHEN r.role IN ('secretary', 'deputy') "
		"THEN " ROLL_OF_U " END, "
		"EXISTS (SELECT 1 FROM meeting m WHERE m.unit = u.id "
		"AND m.state = 'announced'), u.changed_on "
		"FROM contact_role r JOIN unit u ON u.id = r.unit "
		"WHERE r.phone = ?1 AND " VALID(
			"r") " "
			     "UNION ALL "
			     "SELECT 2, u.id, u.code, u.name, u.aliases, "
			     "'member', p.no, NULL, "
			     "EXISTS (SELECT 1 FROM meeting m "
			     "WHERE m.unit = u.id "
			     "AND m.state = 'announced'), NULL "
			     "FROM member p JOIN unit u ON u.id = "
			     "p.unit "
			     "WHERE p.phone = ?1",
	[SQL_UNIT_BY_CODE] =
		"SELECT u.id, u.code, u.name, u.aliases, u.heir, u.changed_on "
		"FROM unit u WHERE u.code = ?",
	[SQL_UNIT_MATCH] = "SELECT u.id, u.code, u.name, u.aliases, u.heir, "
			   "u.changed_on, u.valid_to < u.changed_on "
			   "FROM unit_alias a JOIN unit u ON u.id = a.unit "
			   "WHERE a.key = ?",
	[SQL_UNIT_PARENT] = "SELECT parent FROM unit WHERE id = ?",
	[SQL_UNIT_ROLL] = "SELECT " ROLL_OF_U " FROM unit u WHERE u.id = ?",
	[SQL_UNIT_STAFF] =
		"SELECT c.phone, c.language FROM contact_role r "
		"JOIN contact c ON c.phone = r.phone "
		"WHERE r.unit = ?1 AND r.role = 'staff' "
		"AND c.opted_out = 0 AND " VALID("r") " ORDER BY c.phone",
	[SQL_PENDING_OPEN] =
		"SELECT p.outbox, p.question, p.subject, p.member_no, "
		"o.sent_at, "
		"p.tries, p.intent, p.fields, p.problem, p.message, m.text "
		"FROM pending p JOIN outbox o ON o.id = p.outbox "
		"LEFT JOIN message m ON m.id = p.message "
		"WHERE p.phone = ? AND p.settled_at IS NULL "
		"AND p.expires_at > ? AND o.state IN ('sent', 'delivered') "
		"AND o.sent_at < ?",
	/* One row for each item that is put to the vote, or one. */
	[SQL_MEETING_ANNOUNCED] =
		"SELECT a.id, a.code, a.planned_on, a.planned_minute, a.items, "
		"a.unit, i.item, i.closes_at, i.late_to, i.closed_at, "
		"EXISTS (SELECT 1 FROM contact c "
		"JOIN invited v ON v.phone = c.phone AND v.meeting = a.id "
		"AND v.audience = 'member' "
		"LEFT JOIN outbox o ON o.id = v.outbox WHERE c.id = ?3 "
		"AND (v.plan <> a.plan OR o.state IN ('queued', 'sending') "
		"OR o.sent_at >= ?4)) "
		"FROM (SELECT m.id, u.code, m.planned_on, m.planned_minute, "
		"m.items, m.plan, u.id AS unit FROM meeting m "
		"JOIN unit u ON u.id = m.unit "
		"WHERE m.unit = ?1 AND m.state = 'announced' "
		"ORDER BY coalesce(m.planned_on, '9') < ?2, "
		"coalesce(m.planned_on, '9'), m.id LIMIT 1) a "
		"LEFT JOIN ballot_item i ON i.meeting = a.id ORDER BY i.item",
	[SQL_REPORT_LAST] =
		"SELECT " REPORT_SELECT "FROM meeting_report r "
		"JOIN meeting m ON m.id = r.meeting "
		"JOIN unit u ON u.id = m.unit "
		"WHERE r.meeting = (SELECT l.meeting FROM meeting_report l "
		"WHERE l.from_phone = ? AND l.voided_at IS NULL "
		"ORDER BY l.message DESC, l.id DESC LIMIT 1) "
		"AND r.voided_at IS NULL ORDER BY r.version DESC LIMIT 1",
	[SQL_REPORT_SAME] = "SELECT " REPORT_SELECT "FROM meeting m "
			    "JOIN unit u ON u.id = m.unit "
			    "LEFT JOIN meeting_report r ON r.meeting = m.id "
			    "AND r.voided_at IS NULL "
			    "WHERE m.unit = ? AND m.kind = ? AND m.held_on = ? "
			    "ORDER BY r.version DESC LIMIT 1",

	/* Effects. */
	[SQL_MEETING_JOIN] =
		"UPDATE meeting SET held_on = ?1, period = ?2, state = 'held' "
		"WHERE id = (SELECT a.id FROM meeting a WHERE a.unit = ?3 "
		"AND a.state = 'announced' AND a.kind = ?4 "
		"AND (a.planned_on BETWEEN ?5 AND ?6 "
		"OR (a.planned_on IS NULL AND a.period = ?2)) "
		"ORDER BY a.planned_on, a.id LIMIT 1) RETURNING id",
	[SQL_MEETING_PUT] =
		"INSERT INTO meeting (unit, period, kind, held_on, state) "
		"VALUES (?, ?, ?, ?, 'held') "
		"ON CONFLICT (unit, kind, held_on) DO NOTHING",
	[SQL_MEETING_BY_DAY] = "SELECT id FROM meeting WHERE unit = ? "
			       "AND kind = ? AND held_on = ?",
	[SQL_MEETING_HOLD] = "UPDATE meeting SET state = 'held' "
			     "WHERE id = ? AND state <> 'held'",
	[SQL_MEETING_OTHER] = "SELECT id FROM meeting WHERE unit = ? "
			      "AND kind = ? AND held_on = ? AND id <> ?",
	[SQL_MEETING_MOVE] =
		"UPDATE meeting SET kind = ?, held_on = ?, period = ?, "
		"state = 'held' WHERE id = ?",
	[SQL_MEETING_CANCEL] =
		"UPDATE meeting SET state = 'cancelled' WHERE id = ?",
	[SQL_REPORT_PUT] =
		"INSERT INTO meeting_report (meeting, message, from_phone, "
		"created_at, " REPORT_COLUMNS_WRITE "fields, version) "
		"VALUES (?1, ?, ?, ?, " REPORT_PARAMETERS "?, "
		"(SELECT coalesce(max(v.version), 0) + 1 "
		"FROM meeting_report v WHERE v.meeting = ?1))",
	[SQL_REPORT_VOID] =
		"UPDATE meeting_report SET voided_at = ?, voided_by = ? "
		"WHERE meeting = ? AND voided_at IS NULL",
	[SQL_CONTACT_CONSENT] =
		"INSERT INTO contact (phone, language, consent, opted_out, "
		"opted_out_at, updated_at) VALUES (?1, ?2, 1 - ?3, ?3, ?4, ?5) "
		"ON CONFLICT (phone) DO UPDATE SET "
		"consent = excluded.consent, "
		"opted_out = excluded.opted_out, "
		"opted_out_at = excluded.opted_out_at, "
		"opted_out_outbox = NULL, "
		"updated_at = excluded.updated_at",
	/*
	 * Two statements, for an upsert that may change a key writes its
	 * pages twice, to take itself back if a second row does not fit.
	 */
	[SQL_PENDING_DROP] =
		"UPDATE pending SET settled_at = ?, settled_by = ? "
		"WHERE phone = ? AND question = ? AND member_no = 0 "
		"AND settled_at IS NULL",
	[SQL_PENDING_PUT] =
		"INSERT INTO pending (phone, question, member_no, subject, "
		"outbox, message, intent, fields, problem, tries, created_at, "
		"expires_at) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SQL_PENDING_SETTLE] =
		"UPDATE pending SET settled_at = ?, settled_by = ? "
		"WHERE outbox = ? AND settled_at IS NULL",

	/* Registry. */
	[SQL_UNIT_LIST] = "SELECT u.id, u.code, p.code, u.name, "
			  "CASE WHEN u.valid_to < u.changed_on "
			  "THEN u.valid_to END FROM unit u "
			  "LEFT JOIN unit p ON p.id = u.parent ORDER BY u.id",
	[SQL_UNIT_PUT] =
		"INSERT INTO unit (code, name, kind, aliases, valid_from, "
		"valid_to, known_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (code) DO UPDATE SET name = excluded.name, "
		"kind = excluded.kind, aliases = excluded.aliases, "
		"valid_from = excluded.valid_from, "
		"valid_to = excluded.valid_to RETURNING id",
	[SQL_UNIT_SET_PARENT] = "UPDATE unit SET parent = ? WHERE id = ?",
	[SQL_UNIT_ALIAS_CLEAR] = "DELETE FROM unit_alias WHERE unit = ? "
				 "AND until IS NULL",
	[SQL_UNIT_ALIAS_PUT] = "INSERT INTO unit_alias (key, unit) "
			       "VALUES (?, ?) ON CONFLICT (key, unit) "
			       "DO UPDATE SET until = NULL",
	[SQL_MEMBER_PUT] =
		"INSERT INTO member (unit, no, name, standing, status, dest, "
		"phone, on_roll) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
		"CASE WHEN ?5 IN " SQL_ON_ROLL " THEN 1 ELSE 0 END) "
		"ON CONFLICT (unit, no) DO UPDATE SET name = excluded.name, "
		"standing = excluded.standing, status = excluded.status, "
		"dest = excluded.dest, phone = excluded.phone, "
		"on_roll = excluded.on_roll",
	[SQL_MEMBER_EXISTS] = "SELECT 1 FROM member WHERE unit = ? AND no = ?",
	[SQL_CONTACT_MEMBER] =
		"INSERT INTO contact (phone, language, consent, opted_out, "
		"updated_at) VALUES (?, ?, ?, 0, ?) "
		"ON CONFLICT (phone) DO UPDATE SET "
		"language = excluded.language, consent = CASE "
		"WHEN contact.opted_out = 1 THEN 0 "
		"WHEN 'opted_in' = (SELECT k.event FROM consent k "
		"WHERE k.phone = excluded.phone ORDER BY k.id DESC LIMIT 1) "
		"THEN contact.consent "
		"WHEN contact.updated_at = excluded.updated_at "
		"THEN contact.consent * excluded.consent "
		"ELSE excluded.consent END, "
		"updated_at = excluded.updated_at",
	[SQL_CONTACT_ROLE] =
		"INSERT INTO contact (phone, updated_at, duty_off, language, "
		"consent, opted_out) VALUES (?, ?, ?, 'vi', 0, 0) "
		"ON CONFLICT (phone) DO UPDATE SET duty_off = "
		"coalesce(excluded.duty_off, contact.duty_off)",
	[SQL_ROLE_PUT] =
		"INSERT INTO contact_role (phone, role, unit, member_no, "
		"valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (phone, role, unit) DO UPDATE SET "
		"member_no = excluded.member_no, "
		"valid_from = excluded.valid_from, "
		"valid_to = excluded.valid_to",

	/* Stories. */
	[SQL_STORY_MESSAGE] =
		"SELECT channel, provider_id, event_id, from_phone, to_phone, "
		"text, sent_at, received_at, rule_version, intent, state, "
		"error, duplicate_of, fields, withheld "
		"FROM message WHERE id = ?",
	[SQL_STORY_DUPLICATES] =
		"SELECT d.id, d.channel, d.provider_id, d.sent_at, "
		"d.received_at FROM message m JOIN message d "
		"ON d.sent_at / 10000 IN (m.sent_at / 10000 - 1, "
		"m.sent_at / 10000, m.sent_at / 10000 + 1) "
		"AND d.text_hash = m.text_hash AND d.duplicate_of = m.id "
		"WHERE m.id = ? ORDER BY d.id",
	[SQL_STORY_PARTS] =
		"SELECT p.no, t.total, t.ref, p.provider_id, p.sent_at, "
		"p.received_at, p.text FROM multipart t "
		"JOIN message_part p ON p.multipart = t.id "
		"WHERE t.message = ? ORDER BY p.id",
	[SQL_STORY_READINGS] =
		"SELECT replaced_at, state, intent, error, rule_version "
		"FROM message_reading WHERE message = ? ORDER BY n",
	[SQL_STORY_REPORTS] =
		"SELECT r.id, u.code, m.kind, m.held_on, r.version, r.total, "
		"r.present, r.excused, r.unexcused, r.voided_at "
		"FROM message t JOIN meeting_report r "
		"ON r.from_phone = t.from_phone AND r.message = t.id "
		"JOIN meeting m ON m.id = r.meeting "
		"JOIN unit u ON u.id = m.unit WHERE t.id = ? ORDER BY r.id",
	/* Keys of a message's texts begin with m, its id and a colon. */
	[SQL_STORY_TEXTS] = "SELECT id FROM outbox WHERE dedupe_key >= ? "
			    "AND dedupe_key < ? ORDER BY id",
	[SQL_STORY_PENDING] =
		"SELECT question, problem, tries, expires_at, settled_at, "
		"settled_by FROM pending WHERE outbox = ?",
	[SQL_STORY_OUTBOX] =
		"SELECT to_phone, text, lane, channel, state, attempts, "
		"created_at, due_at, valid_until, sent_at, provider_ref, "
		"message, why, dedupe_key FROM outbox WHERE id = ?",
	[SQL_STORY_ATTEMPTS] =
		"SELECT n, at, channel, verdict, why, ref "
		"FROM outbox_attempt WHERE outbox = ? ORDER BY n",
	[SQL_STORY_REPORTED] =
		"SELECT n, at, channel, state, said, said_at, "
		"CASE WHEN part > 0 THEN part END, "
		"CASE WHEN parts > 0 THEN parts END, "
		"CASE WHEN part <> 0 THEN 'one part' END, matched_at "
		"FROM outbox_report WHERE outbox = ? ORDER BY n",

	[SQL_STORY_SETTLED] =
		"SELECT p.outbox, p.question, o.sent_at FROM pending p "
		"JOIN outbox o ON o.id = p.outbox WHERE p.settled_by = ? "
		"ORDER BY p.outbox",
	[SQL_STORY_OPT_OUT] =
		"SELECT c.opted_out_at, 'by what its provider said' "
		"FROM outbox o JOIN contact c ON c.phone = o.to_phone "
		"WHERE o.id = ? AND c.opted_out_outbox = o.id",
	[SQL_STORY_WAIT] =
		"SELECT w.why, w.since_at, w.until_at FROM outbox o "
		"JOIN channel_wait w ON w.channel = o.channel "
		"OR (w.channel = o.channel || '/other' AND o.lane <> 'reply') "
		"WHERE o.id = ? AND o.state = 'queued'",

	/* Replay: what was there before a message. 0..10 as PENDING_OPEN. */
	[SQL_REPLAY_PAGE] =
		"SELECT id, channel, provider_id, from_phone, to_phone, text, "
		"sent_at, received_at, state, intent, error, fields "
		"FROM message WHERE id > ? ORDER BY id LIMIT ?",
	[SQL_REPLAY_PENDING] =
		"SELECT p.outbox, p.question, p.subject, p.member_no, "
		"o.sent_at, p.tries, p.intent, p.fields, p.problem, "
		"p.message, m.text, p.phone, p.expires_at, p.settled_by, "
		"p.settled_at FROM pending p JOIN outbox o ON o.id = p.outbox "
		"LEFT JOIN message m ON m.id = p.message "
		"WHERE o.sent_at < ?1 AND p.expires_at > ?2 "
		"AND (o.state IN ('sent', 'delivered') "
		"OR p.settled_at IS NOT NULL) "
		"AND (p.settled_at IS NULL OR p.settled_at >= ?2) "
		"ORDER BY p.outbox DESC",
	/* What it stored as it is read now: of a meeting, the last version. */
	[SQL_REPLAY_STORED] = "SELECT " REPORT_SELECT "FROM meeting_report r "
			      "JOIN meeting m ON m.id = r.meeting "
			      "JOIN unit u ON u.id = m.unit "
			      "WHERE r.from_phone = ?1 AND r.message = ?2 "
			      "AND (r.voided_by IS NULL OR r.voided_by <> ?2) "
			      "AND NOT EXISTS (SELECT 1 FROM meeting_report v "
			      "WHERE v.meeting = r.meeting AND v.message = ?2 "
			      "AND v.version > r.version) ORDER BY r.id",
	[SQL_REPLAY_LAST] = "SELECT " REPORT_SELECT "FROM meeting_report r "
			    "JOIN meeting m ON m.id = r.meeting "
			    "JOIN unit u ON u.id = m.unit "
			    "WHERE r.from_phone = ?1 AND r.message < ?2 "
			    "AND (r.voided_by IS NULL OR r.voided_by >= ?2) "
			    "ORDER BY r.message DESC, r.id DESC LIMIT 1",
	[SQL_REPLAY_SAME] = "SELECT " REPORT_SELECT "FROM meeting m "
			    "JOIN unit u ON u.id = m.unit "
			    "JOIN meeting_report r ON r.meeting = m.id "
			    "WHERE m.unit = ?1 AND m.kind = ?2 "
			    "AND m.held_on = ?3 AND r.message < ?4 "
			    "AND (r.voided_by IS NULL OR r.voided_by >= ?4) "
			    "ORDER BY r.version DESC LIMIT 1",

	/* Replay: carried out. */
	[SQL_REPLAY_NEWER] = "SELECT count(*) FROM message x WHERE x.id > ?1 "
			     "AND x.from_phone = ?2",
	[SQL_REPLAY_BODY] = "SELECT digest, body FROM quarantine "
			    "WHERE received_at = ? AND channel = ?",
	[SQL_REPLAY_TAKE] =
		"UPDATE message SET provider_id = ?3, event_id = ?4, "
		"from_phone = ?5, to_phone = ?6, text = ?7, text_hash = ?8, "
		"sent_at = ?9, state = ?10, duplicate_of = ?11, error = NULL "
		"WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM message o "
		"WHERE o.channel = ?2 AND o.provider_id = ?3)",
	[SQL_REPLAY_KEEP] =
		"INSERT INTO message_reading (message, n, replaced_at, state, "
		"intent, error, rule_version, fields) SELECT m.id, "
		"(SELECT count(*) + 1 FROM message_reading r "
		"WHERE r.message = m.id), ?2, m.state, m.intent, m.error, "
		"m.rule_version, m.fields FROM message m WHERE m.id = ?1",
	[SQL_REPLAY_VERSION] = "UPDATE message SET rule_version = ?, "
			       "fields = NULL, withheld = NULL "
			       "WHERE id = ?",
	[SQL_REPLAY_CLOSE] =
		"UPDATE pending SET settled_at = ?1, settled_by = ?2 "
		"WHERE settled_at IS NULL AND outbox IN (SELECT o.id "
		"FROM outbox o WHERE o.dedupe_key >= ?3 "
		"AND o.dedupe_key < ?4)",
	/* Its own questions: 0 waits, 1 another text has settled it. */
	[SQL_REPLAY_ASKED] =
		"SELECT p.settled_at IS NOT NULL FROM outbox o "
		"JOIN pending p ON p.outbox = o.id "
		"LEFT JOIN message x ON x.id = p.settled_by "
		"WHERE o.dedupe_key >= ?1 AND o.dedupe_key < ?2 "
		"AND ((p.settled_at IS NULL AND p.expires_at > ?3) "
		"OR (p.settled_by <> ?4 AND (p.question <> 'confirm_report' "
		"OR x.intent IN ('ack', 'correction'))))",
	/*
	 * Has a later text spoken of the same: reported it again, taken it
	 * back, confirmed a version of it or called it wrong?
	 */
	[SQL_REPLAY_HELD_REPORT] =
		"SELECT count(*) FROM meeting_report r "
		"LEFT JOIN message x ON x.id = r.message "
		"LEFT JOIN message v ON v.id = r.voided_by "
		"WHERE r.meeting = ?1 AND (" LATER("x") " OR " LATER(
			"v") " "
			     "OR EXISTS (SELECT 1 FROM outbox o "
			     "JOIN pending p ON p.outbox = o.id "
			     "JOIN message c ON c.id = p.settled_by "
			     "WHERE o.dedupe_key >= 'm' || r.message || ':' "
			     "AND o.dedupe_key < 'm' || r.message || ';' "
			     "AND p.question = 'confirm_report' "
			     "AND c.intent IN ('ack', 'correction') "
			     "AND " LATER("c") "))",
	[SQL_REPLAY_HELD_ROLL] = "SELECT count(*) FROM attendance a "
				 "JOIN message x ON x.id = a.message "
				 "WHERE a.meeting = ?1 AND " LATER("x"),
	[SQL_REPLAY_HELD_MEMBER] =
		"SELECT count(*) FROM member_event e "
		"LEFT JOIN message x ON x.id = e.message "
		"WHERE e.unit = ?1 AND e.member_no = ?4 AND " LATER("x"),
	[SQL_REPLAY_HELD_CANDIDATE] =
		"SELECT count(*) FROM candidate e "
		"JOIN message x ON x.id = e.message "
		"WHERE e.unit = ?1 AND e.no = ?4 AND " LATER("x"),
	[SQL_REPLAY_HELD_FACT] = "SELECT count(*) FROM unit_fact e "
				 "JOIN message x ON x.id = e.message "
				 "WHERE e.unit = ?1 AND " LATER("x"),
	[SQL_REPLAY_HELD_CONTACT] =
		"SELECT count(*) FROM message x WHERE x.id > ?3 "
		"AND x.from_phone = ?1 AND x.received_at >= ?2 "
		"AND x.intent IN ('opt_in', 'opt_out')",
};

const char *sql_text(enum sql id)
{
	if (id >= SQL_MEMBERS)
		return sql_members_text(id);
	if (id >= SQL_SESSIONS)
		return sql_session_text(id);
	if (id >= SQL_INDICATORS)
		return sql_indicators_text(id);
	if (id >= SQL_PRIVACY)
		return sql_privacy_text(id);
	if (id >= SQL_UNITS)
		return sql_units_text(id);
	if (id >= SQL_CONSENT)
		return sql_consent_text(id);
	if (id >= SQL_TALLIES)
		return sql_report_text(id);
	if (id >= SQL_VOTES)
		return sql_votes_text(id);
	if (id >= SQL_STAFF)
		return sql_staff_text(id);
	if (id >= SQL_CALENDAR)
		return sql_calendar_text(id);
	if (id >= SQL_MONTH)
		return sql_month_text(id);
	if (id >= SQL_OUTBOX)
		return sql_outbox_text(id);
	return id < SQL_RECORDS ? text[id] : sql_records_text(id);
}
