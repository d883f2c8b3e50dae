/*
 * sql_outbox - the statements of the way out, as text: queue and reports.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. Those that run
 * for every text are kept to one index look-up each.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_OUTBOX]

/* The condition of the index outbox_state, to the letter. */
/* No report of the meeting is there, and one is to come. */
#define STILL_DUE                                                              \
	"m.state <> 'none' AND NOT EXISTS "                                    \
	"(SELECT 1 FROM meeting_report v WHERE v.meeting = m.id "              \
	"AND v.voided_at IS NULL) AND NOT EXISTS "                             \
	"(SELECT 1 FROM meeting o WHERE o.unit = m.unit "                      \
	"AND o.kind = m.kind AND o.period = m.period AND o.state = 'none' "    \
	"AND coalesce(o.message, 0) > coalesce(m.message, 0))"

#define NEEDS_A_LOOK                                                           \
	"state <> 'queued' AND state <> 'sent' AND state <> 'delivered'"

/*
 * name(c): the channels that queued rows were made for, '' where none; one
 * look-up each. Rows of a channel stand together in the index outbox_due.
 */
#define QUEUED_NAMES                                                           \
	"WITH RECURSIVE name(c) AS ("                                          \
	"SELECT min(coalesce(channel, '')) FROM outbox "                       \
	"WHERE state = 'queued' UNION ALL "                                    \
	"SELECT (SELECT min(coalesce(channel, '')) FROM outbox "               \
	"WHERE state = 'queued' AND coalesce(channel, '') > name.c) "          \
	"FROM name WHERE name.c IS NOT NULL) "

/* What a claim, and whoever looks at the queue, wants to know of a row. */
#define ROW                                                                    \
	"SELECT o.id, o.to_phone, o.text, o.channel, o.attempts, "             \
	"o.created_at, o.due_at, o.valid_until, o.message, o.dedupe_key, "     \
	"o.planned_at, o.bound, o.needs, o.needs_id, o.again, o.lane, "        \
	"o.state, o.why, o.duty FROM outbox o "

/* A queued row o waits for b: under way to the same phone, or made before. */
#define BEFORE(now)                                                            \
	"b.to_phone = o.to_phone "                                             \
	"AND b.state IN ('queued', 'sending') "                                \
	"AND (b.state = 'sending' OR (b.lane = o.lane "                        \
	"AND b.id < o.id AND b.valid_until > " now " "                         \
	"AND (b.due_at <= " now " OR b.attempts > 0)))"

/* Rows of one state, narrowed down; each state with the index that has it. */
#define SOME                                                                   \
	"AND o.lane = coalesce(?2, o.lane) "                                   \
	"AND coalesce(o.channel, '') = coalesce(?3, o.channel, '') "           \
	"AND o.to_phone = coalesce(?4, o.to_phone) AND o.id > ?5"
#define SOME_QUEUED "WHERE o.state = 'queued' AND o.state = ?1 " SOME
#define SOME_STUCK                                                             \
	"WHERE o.state <> 'queued' AND o.state <> 'sent' "                     \
	"AND o.state <> 'delivered' AND o.state = ?1 " SOME

/* What delivery.c wants to know of a row; to: agrees with the recipient. */
#define SUBJECT                                                                \
	"SELECT o.id, o.state, o.parts, o.created_at, o.dedupe_key, "          \
	"(SELECT coalesce(max(a.n), 0) FROM outbox_attempt a "                 \
	"WHERE a.outbox = o.id), "                                             \
	"(SELECT coalesce(max(a.n), 0) FROM outbox_attempt a "                 \
	"WHERE a.outbox = o.id AND a.verdict <> 'requeued' "                   \
	"AND a.verdict <> 'cancelled') FROM outbox o "

#define PARKED                                                                 \
	"SELECT id, channel, ref, own, key, to_phone, state, said, said_at, "  \
	"part, parts, at FROM report_parked "

static const char *const text[SQL_MONTH - SQL_OUTBOX] = {
	TEXT(OUTBOX_PUT) =
		"INSERT INTO outbox (to_phone, text, lane, channel, "
		"created_at, due_at, valid_until, dedupe_key, message, needs, "
		"needs_id, errand, duty, state, attempts) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0) "
		"ON CONFLICT (dedupe_key) DO NOTHING",
	TEXT(OUTBOX_CHANNELS) =
		QUEUED_NAMES "SELECT c FROM name WHERE c IS NOT NULL",
	TEXT(OUTBOX_DUE) =
		ROW "WHERE o.state = 'queued' "
		    "AND coalesce(o.channel, '') = ?1 "
		    "AND o.lane = ?2 AND o.due_at <= ?3 "
		    "AND NOT EXISTS (SELECT 1 FROM outbox b "
		    "WHERE " BEFORE("?3") ") ORDER BY o.due_at, o.id",
	/* The newest ?2 rows down to the first that is older than ?1. */
	/* Not what was shown on a screen, which no attempt has sent. */
	TEXT(OUTBOX_ANSWERS) =
		"SELECT o.to_phone, o.text, o.created_at, m.id, m.channel, "
		"CASE WHEN m.error = 'sender_unknown' THEN 1 ELSE 0 END "
		"FROM outbox o JOIN message m ON m.id = o.message "
		"WHERE o.lane = 'reply' "
		"AND (o.attempts > 0 OR o.state <> 'sent') AND o.id > coalesce("
		"(SELECT b.id FROM outbox b WHERE b.created_at < ?1 "
		"AND b.id > (SELECT max(id) FROM outbox) - ?2 "
		"ORDER BY b.id DESC LIMIT 1), "
		"(SELECT max(id) FROM outbox) - ?2) ORDER BY o.id",
	TEXT(OUTBOX_BEFORE) =
		"SELECT b.id FROM outbox o JOIN outbox b "
		"ON " BEFORE(
			"?2") " WHERE o.id = ?1 "
			      "AND b.id <> o.id ORDER BY b.state DESC, b.id "
			      "LIMIT 1",
	TEXT(OUTBOX_TAKE) =
		"UPDATE outbox SET state = 'sending', attempts = attempts + 1, "
		"channel = coalesce(?2, channel) "
		"WHERE id = ?1 AND state = 'queued'",
	TEXT(OUTBOX_END) = "UPDATE outbox SET state = ?2, why = ?3 "
			   "WHERE id = ?1 AND state = 'queued'",
	TEXT(OUTBOX_GIVE) = "UPDATE outbox SET channel = ?2 "
			    "WHERE id = ?1 AND state = 'queued'",
	/* Does its recipient still want texts, and is it still of use? */
	TEXT(OUTBOX_RELEVANT) =
		"SELECT coalesce((SELECT c.opted_out "
		"+ 2 * coalesce(c.duty_off, 0) FROM contact c "
		"WHERE c.phone = ?1), 0), CASE ?2 "
		"WHEN 'question' THEN (SELECT count(*) FROM pending p "
		"WHERE p.outbox = ?3 AND p.settled_at IS NULL "
		"AND p.expires_at > ?4) "
		"WHEN 'meeting' THEN (SELECT count(*) FROM meeting m "
		"WHERE m.id = ?5 AND m.state = 'announced') "
		"WHEN 'report' THEN (SELECT count(*) FROM meeting m "
		"WHERE m.id = ?5 AND " STILL_DUE ") "
		/* Of several meetings that one errand tells of, any. */
		"WHEN 'reports' THEN (SELECT count(*) FROM schedule e "
		"JOIN schedule j ON j.kind = e.kind AND j.subject = e.id "
		"JOIN meeting m ON m.id = j.meeting "
		"WHERE e.id = ?5 AND " STILL_DUE ") "
		"WHEN 'date' THEN (SELECT count(*) FROM schedule e "
		"WHERE e.id = ?5 AND NOT EXISTS (SELECT 1 FROM meeting m "
		"WHERE m.unit = e.unit AND m.period = e.period "
		"AND m.kind = 'regular' AND m.state <> 'cancelled')) "
		"WHEN 'month' THEN (SELECT count(*) FROM schedule e "
		"WHERE e.id = ?5 AND NOT EXISTS (SELECT 1 FROM meeting m "
		"WHERE m.unit = e.unit AND m.period = e.period "
		"AND (m.state = 'none' OR (m.kind = 'regular' AND EXISTS "
		"(SELECT 1 FROM meeting_report v WHERE v.meeting = m.id "
		"AND v.voided_at IS NULL))))) "
		"WHEN 'task' THEN (SELECT count(*) FROM task t "
		"WHERE t.id = ?5 AND t.state = 'open') "
		"WHEN 'answer' THEN (SELECT count(*) FROM invited i "
		"JOIN meeting m ON m.id = i.meeting AND m.plan = i.plan "
		"AND m.state = 'announced' "
		"WHERE i.id = ?5 AND coalesce(i.outbox, 0) <= ?3 "
		"AND NOT EXISTS (SELECT 1 FROM invitation n "
		"WHERE n.meeting = i.meeting AND n.member_no = i.member_no "
		"AND n.plan = i.plan)) "
		"WHEN 'told' THEN (SELECT count(*) FROM invited i "
		"JOIN meeting m ON m.id = i.meeting AND m.plan = i.plan "
		"WHERE i.id = ?5 AND coalesce(i.outbox, 0) <= ?3) "
		"ELSE 1 END",
	/* Since it was queued again, if a person did that. */
	TEXT(OUTBOX_REFUSED) =
		"SELECT 1 FROM outbox_attempt WHERE outbox = ?1 "
		"AND channel = ?2 AND verdict = 'refused' AND n > "
		"(SELECT coalesce(max(a.n), 0) FROM outbox_attempt a "
		"WHERE a.outbox = ?1 AND a.verdict = 'requeued')",
	/* The clock was set back: what was made under the later one must not
	 * wait for it, nor a next try longer than a next try may. */
	TEXT(OUTBOX_CLOCK_BACK) =
		"UPDATE outbox SET due_at = CASE WHEN attempts = 0 "
		"THEN ?1 + due_at - created_at ELSE ?1 + ?2 END "
		"WHERE state = 'queued' AND due_at > ?1 "
		"AND ((attempts > 0 AND due_at > ?1 + ?2) "
		"OR (attempts = 0 AND created_at > ?1 "
		"AND due_at >= created_at))",
	TEXT(OUTBOX_RESULT) =
		"UPDATE outbox SET state = ?2, "
		"channel = coalesce(?3, channel), "
		"provider_ref = coalesce(?4, provider_ref), why = ?5, "
		"planned_at = CASE WHEN ?2 = 'queued' "
		"THEN coalesce(planned_at, due_at) ELSE planned_at END, "
		"due_at = CASE WHEN ?2 = 'queued' THEN ?6 ELSE due_at END, "
		"sent_at = CASE WHEN ?2 = 'sent' THEN ?7 ELSE sent_at END, "
		"parts = coalesce(?8, parts), "
		"bound = coalesce(?9, bound) "
		"WHERE id = ?1 AND (state = 'sending' "
		"OR (state IN ('queued', 'unsure') AND ?2 = 'sent') "
		"OR (state = 'unsure' AND ?2 = 'failed'))",
	/* Of an answer to a text that was moved on meanwhile. */
	TEXT(OUTBOX_NOTE) = "UPDATE outbox SET channel = coalesce(?2, "
			    "channel), provider_ref = coalesce(?3, "
			    "provider_ref), parts = coalesce(?4, parts) "
			    "WHERE id = ?1",
	TEXT(OUTBOX_ATTEMPT) =
		"INSERT INTO outbox_attempt (outbox, at, channel, verdict, "
		"why, ref, n) VALUES (?1, ?, ?, ?, ?, ?, "
		"(SELECT coalesce(max(n), 0) + 1 FROM outbox_attempt "
		"WHERE outbox = ?1))",
	/* Who opted out before stays as it was told then; who has asked for
	 * texts since this one left is not opted out by it. */
	TEXT(OUTBOX_OPT_OUT) =
		"INSERT INTO contact (phone, language, consent, opted_out, "
		"opted_out_at, opted_out_outbox, updated_at) "
		"SELECT o.to_phone, 'vi', 0, 1, ?2, o.id, ?2 FROM outbox o "
		"WHERE o.id = ?1 ON CONFLICT (phone) DO UPDATE SET "
		"consent = 0, opted_out = excluded.opted_out, "
		"opted_out_at = excluded.opted_out_at, "
		"opted_out_outbox = excluded.opted_out_outbox, "
		"updated_at = excluded.updated_at "
		"WHERE contact.opted_out = 0 AND NOT EXISTS (SELECT 1 "
		"FROM consent k, outbox x WHERE x.id = ?1 "
		"AND k.phone = x.to_phone AND k.event = 'opted_in' "
		"AND k.at > coalesce(x.sent_at, ?2))",
	TEXT(OUTBOX_INTERRUPTED) =
		"INSERT INTO outbox_attempt (outbox, at, channel, verdict, "
		"why, n) SELECT id, ?, channel, 'interrupted', 'the program "
		"ended before its answer was stored', "
		"(SELECT coalesce(max(a.n), 0) + 1 FROM outbox_attempt a "
		"WHERE a.outbox = outbox.id) FROM outbox "
		"WHERE " NEEDS_A_LOOK " AND state = 'sending'",
	TEXT(OUTBOX_RECOVER_CHANNEL) =
		"UPDATE outbox SET state = 'queued', "
		"planned_at = coalesce(planned_at, due_at), due_at = ?, "
		"bound = 1, why = 'sent again after a restart' "
		"WHERE " NEEDS_A_LOOK " AND state = 'sending' "
		"AND channel = ?",
	TEXT(OUTBOX_RECOVER_LANE) =
		"UPDATE outbox SET state = 'queued', "
		"planned_at = coalesce(planned_at, due_at), due_at = ?, "
		"why = 'sent again after a restart' "
		"WHERE " NEEDS_A_LOOK " AND state = 'sending' "
		"AND lane = ?",
	TEXT(OUTBOX_RECOVER_REST) =
		"UPDATE outbox SET state = 'unsure', why = 'the program "
		"ended while it was being sent' "
		"WHERE " NEEDS_A_LOOK " AND state = 'sending'",
	TEXT(OUTBOX_NEXT_DUE) = QUEUED_NAMES
	"SELECT min((SELECT min(o.due_at) FROM outbox o "
	"WHERE o.state = 'queued' AND coalesce(o.channel, '') = name.c "
	"AND o.lane = lane.column1 AND o.due_at > ?1)) FROM name "
	"CROSS JOIN (VALUES (?2), (?3), (?4)) lane WHERE c IS NOT NULL",
	TEXT(OUTBOX_COUNT_QUEUED) =
		"SELECT 'queued', count(*), min(due_at) FROM outbox "
		"WHERE state = 'queued'",
	TEXT(OUTBOX_COUNT_STUCK) = "SELECT state, count(*), 0 FROM outbox "
				   "WHERE " NEEDS_A_LOOK " GROUP BY state",

	/* Reports. */
	TEXT(DELIVERY_BY_ID) =
		SUBJECT "WHERE o.id = ?1 "
			"AND o.to_phone = coalesce(?2, o.to_phone)",
	TEXT(DELIVERY_BY_KEY) =
		SUBJECT "WHERE o.dedupe_key = ?1 "
			"AND o.to_phone = coalesce(?2, o.to_phone)",
	TEXT(DELIVERY_BY_REF) =
		SUBJECT "WHERE o.provider_ref = ?1 AND o.channel = ?2 "
			"AND o.to_phone = coalesce(?3, o.to_phone) "
			"ORDER BY o.id DESC LIMIT 1",
	TEXT(DELIVERY_KEPT) = "SELECT key, state, part, parts, try "
			      "FROM outbox_report WHERE outbox = ? ORDER BY n",
	TEXT(DELIVERY_KEEP) =
		"INSERT INTO outbox_report (outbox, n, key, at, channel, "
		"state, said, said_at, part, parts, try, matched_at) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	TEXT(DELIVERY_MOVE) =
		"UPDATE outbox SET state = ?2, why = ?3, "
		"sent_at = CASE WHEN ?2 IN ('sent', 'delivered') "
		"THEN coalesce(sent_at, ?4) ELSE sent_at END WHERE id = ?1",
	TEXT(DELIVERY_EARLY) =
		"SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox_report "
		"WHERE outbox = ?1) OR EXISTS (SELECT 1 FROM report_parked "
		"WHERE channel = ?2 AND ref = ?3)",
	TEXT(DELIVERY_PARK) =
		"INSERT INTO report_parked (channel, ref, own, key, to_phone, "
		"state, said, said_at, part, parts, at) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (channel, ref, own, key) DO NOTHING",
	TEXT(DELIVERY_PARKED_BY_REF) =
		PARKED "WHERE channel = ? AND ref = ? ORDER BY id LIMIT ?",
	/* Oldest first by id: only what is asked for is looked at. */
	TEXT(DELIVERY_PARKED_OLD) =
		"SELECT * FROM (" PARKED
		"ORDER BY id LIMIT ?) p WHERE p.at <= ? OR p.at > ?",
	TEXT(DELIVERY_PARKED_CUT) = "DELETE FROM report_parked WHERE id <= ?",
	TEXT(DELIVERY_UNPARK) = "DELETE FROM report_parked WHERE id = ?",
	/* ?2, ?3: the first minutes of hour and day; ?4: the last of both. */
	TEXT(USAGE_OF) = "SELECT sum(CASE WHEN minute >= ?2 THEN n END), "
			 "sum(CASE WHEN minute >= ?2 THEN other END), "
			 "min(CASE WHEN minute >= ?2 THEN minute END), "
			 "sum(n), sum(other), min(minute), max(last_at) "
			 "FROM channel_use WHERE channel = ?1 "
			 "AND minute BETWEEN ?3 AND ?4",
	TEXT(USAGE_ADD) =
		"INSERT INTO channel_use (channel, minute, n, other, last_at) "
		"VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel, minute) "
		"DO UPDATE SET n = channel_use.n + excluded.n, "
		"other = channel_use.other + excluded.other, "
		"last_at = excluded.last_at",
	TEXT(USAGE_FORGET) = "DELETE FROM channel_use WHERE channel = ? "
			     "AND minute < ?",
	TEXT(USAGE_WAIT) =
		"INSERT INTO channel_wait (channel, why, since_at, until_at) "
		"VALUES (?1 || ?2, ?3, ?4, ?5)",
	TEXT(USAGE_WAIT_OVER) = "DELETE FROM channel_wait WHERE channel = ?1 "
				"OR channel = ?1 || '/other'",
	TEXT(USAGE_WAIT_FORGET) = "DELETE FROM channel_wait",

	/* A person looks, and acts. */
	TEXT(QUEUE_ROW) = ROW "WHERE o.id = ?",
	TEXT(QUEUE_QUEUED) = ROW SOME_QUEUED " ORDER BY o.id LIMIT ?6",
	TEXT(QUEUE_STUCK) = ROW SOME_STUCK " ORDER BY o.id LIMIT ?6",
	TEXT(QUEUE_QUEUED_COUNT) = "SELECT count(*) FROM outbox o " SOME_QUEUED,
	TEXT(QUEUE_STUCK_COUNT) = "SELECT count(*) FROM outbox o " SOME_STUCK,
	/* What a provider took and then failed, it would not take again. */
	TEXT(QUEUE_AGAIN) =
		"UPDATE outbox SET state = 'queued', attempts = 0, "
		"due_at = ?2, planned_at = NULL, valid_until = ?3, "
		"sent_at = NULL, bound = NULL, "
		"why = 'queued again by hand', again = CASE "
		"WHEN state = 'failed' AND (sent_at IS NOT NULL OR EXISTS "
		"(SELECT 1 FROM outbox_report r WHERE r.outbox = outbox.id)) "
		"THEN coalesce(again, 0) + 1 ELSE again END WHERE id = ?1 "
		"AND state IN ('failed', 'expired', 'unsure', 'held')",
	TEXT(QUEUE_ASK_AGAIN) = "UPDATE pending SET expires_at = ?2 "
				"WHERE outbox = ?1 AND settled_at IS NULL "
				"AND expires_at < ?2",
	TEXT(QUEUE_CANCEL) =
		"UPDATE outbox SET state = 'expired', "
		"why = 'cancelled by hand' WHERE id = ? "
		"AND state IN ('queued', 'failed', 'unsure', 'held')",
};

const char *sql_outbox_text(enum sql id)
{
	assert(id >= SQL_OUTBOX && id < SQL_MONTH);
	return text[id - SQL_OUTBOX];
}
