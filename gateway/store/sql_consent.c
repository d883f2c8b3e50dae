/*
 * sql_consent - the statements of consent and of the cap, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. Only the cap's
 * runs for a text out, and for replies and notices not even that.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_CONSENT]

/* The last thing that is known of a phone counts. */
#define LAST_GIVEN(phone)                                                      \
	"coalesce((SELECT k.given FROM consent k WHERE k.phone = " phone " "   \
	"ORDER BY k.id DESC LIMIT 1), 0)"

#define SENT_AT "coalesce(b.sent_at, b.due_at)"

static const char *const text[SQL_UNITS - SQL_CONSENT] = {
	TEXT(CONSENT_PUT) =
		"INSERT INTO consent (phone, event, given, text_version, at, "
		"channel, basis, message, outbox) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
	TEXT(CONSENT_ASKED) = "SELECT text_version FROM consent "
			      "WHERE phone = ? AND event = 'asked'",
	TEXT(CONSENT_STATE) =
		"SELECT c.consent, c.opted_out, EXISTS (SELECT 1 "
		"FROM consent k WHERE k.phone = c.phone "
		"AND k.event = 'asked') FROM contact c WHERE c.phone = ?",
	TEXT(CONSENT_OF) =
		"SELECT event, given, text_version, at, channel, basis, "
		"message, outbox FROM consent WHERE phone = ? ORDER BY id",
	TEXT(CONSENT_NO_MEMBER) =
		"UPDATE member SET phone = NULL WHERE phone = ?",
	TEXT(CONSENT_NO_ROLE) =
		"UPDATE contact_role SET valid_to = ?2 WHERE phone = ?1 "
		"AND (valid_to IS NULL OR valid_to > ?2)",
	TEXT(CONSENT_NO_DUTY) =
		"UPDATE contact SET duty_off = 1 WHERE phone = ?",
	TEXT(CONSENT_IMPORTED) =
		"INSERT INTO consent (phone, event, given, at, basis) "
		"SELECT c.phone, 'imported', c.consent, c.updated_at, "
		"'the registry' FROM contact c WHERE c.updated_at = ?1 "
		"AND c.consent <> " LAST_GIVEN("c.phone") " ORDER BY c.id",
	TEXT(CONSENT_REFUSED) =
		"INSERT INTO consent (phone, event, given, at, channel, "
		"basis, outbox) SELECT o.to_phone, 'refused_by_provider', 0, "
		"?2, o.channel, 'what its provider said', o.id "
		"FROM outbox o WHERE o.id = ?1",
	TEXT(STORY_CONSENT_MESSAGE) =
		"SELECT at, event, text_version, channel, basis "
		"FROM consent WHERE message = ? ORDER BY id",
	TEXT(STORY_CONSENT_OUTBOX) =
		"SELECT at, event, text_version, channel, basis "
		"FROM consent WHERE outbox = ? ORDER BY id",

	/*
	 * When the number was sent the ?4th of its last unasked texts; a row
	 * there is when it had as many. Notices to staff (urgent, of a
	 * message) count for nothing.
	 */
	TEXT(OUTBOX_UNASKED) =
		"SELECT " SENT_AT " FROM outbox b WHERE b.to_phone = ?1 "
		"AND b.lane <> 'reply' "
		"AND (b.sent_at IS NOT NULL OR b.state = 'unsure') "
		"AND " SENT_AT " > ?2 AND " SENT_AT " < ?3 "
		"AND (b.lane = 'bulk' OR b.message IS NULL) "
		"ORDER BY " SENT_AT " DESC LIMIT 1 OFFSET ?4",
	TEXT(OUTBOX_LATER) =
		"UPDATE outbox SET due_at = ?2, planned_at = CASE "
		"WHEN planned_at IS NULL THEN NULL ELSE ?2 END, why = ?3 "
		"WHERE id = ?1 AND state = 'queued'",
};

const char *sql_consent_text(enum sql id)
{
	assert(id >= SQL_CONSENT && id < SQL_UNITS);
	return text[id - SQL_CONSENT];
}
