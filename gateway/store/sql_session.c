/*
 * sql_session - the statements of led conversations, as text.
 *
 * As in sql.c: parameters are bound in the order in which they stand first,
 * and nothing is used that SQLite and PostgreSQL do not share. Of these only
 * SESSION_LIVE runs for a report by SMS, over an index of what is open.
 */
#include "gateway/store/sql.h"

#include <assert.h>

#define TEXT(id) [SQL_##id - SQL_SESSIONS]

/* As the index has it; an IN would be a temporary b-tree each time. */
#define LIVE "state <> 'done' AND state <> 'over' "

#define SESSION                                                                \
	"SELECT id, way, channel, key, phone, state, form, field, answers, "   \
	"page, misses, resumed, asked, seen, sequence, hops, screen, more, "   \
	"texts, created_at, hop_at FROM session "

static const char *const text[SQL_MEMBERS - SQL_SESSIONS] = {
	TEXT(SESSION_PUT) =
		"INSERT INTO session (way, channel, key, phone, state, form, "
		"field, answers, page, misses, resumed, asked, seen, sequence, "
		"hops, screen, more, texts, created_at, hop_at) VALUES "
		"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	TEXT(SESSION_STEP) =
		"UPDATE session SET way = ?, channel = ?, key = ?, phone = ?, "
		"state = ?, form = ?, field = ?, answers = ?, page = ?, "
		"misses = ?, resumed = ?, asked = ?, seen = ?, sequence = ?, "
		"hops = ?, screen = ?, more = ?, texts = ?, created_at = ?, "
		"hop_at = ? WHERE id = ?",
	TEXT(SESSION_BY_KEY) = SESSION "WHERE channel = ? AND key = ? "
				       "ORDER BY id DESC LIMIT 1",
	TEXT(SESSION_BY_ID) = SESSION "WHERE id = ?",
	TEXT(SESSION_OF_PHONE) =
		SESSION "WHERE phone = ? AND " LIVE "ORDER BY id DESC LIMIT 1",
	TEXT(SESSION_LIVE) =
		"SELECT id FROM session WHERE phone = ? AND " LIVE "LIMIT 1",
	TEXT(SESSION_END) = "UPDATE session SET state = 'over' "
			    "WHERE phone = ? AND " LIVE,
	TEXT(SESSION_TELL) = "UPDATE message SET session = ? WHERE id = ?",
	TEXT(SESSION_LANGUAGE) =
		"UPDATE contact SET language = ? WHERE phone = ?",
	TEXT(SESSION_COUNT) = "UPDATE message SET state = 'done', "
			      "duplicate_of = NULL WHERE id = ?",
	TEXT(STORY_SESSION) =
		"SELECT s.id, s.way, s.form, s.answers, s.state, s.hops, "
		"s.created_at, s.hop_at FROM message m "
		"JOIN session s ON s.id = m.session WHERE m.id = ?",
};

const char *sql_session_text(enum sql id)
{
	assert(id >= SQL_SESSIONS && id < SQL_MEMBERS);
	return text[id - SQL_SESSIONS];
}
