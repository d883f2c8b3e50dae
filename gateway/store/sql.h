#ifndef GATEWAY_STORE_SQL_H
#define GATEWAY_STORE_SQL_H

#include "gateway/store/sql_privacy.h"
#include "gateway/store/store.h"

#include <sqlite3.h>

/* Private to the room: the connection, its statements and how to run one. */
enum sql {
	SQL_MESSAGE_NEAR,
	SQL_MESSAGE_COUNT,
	SQL_MESSAGE_PUT,
	SQL_MESSAGE_BY_ID,
	SQL_MESSAGE_DONE,
	SQL_MESSAGE_FIELDS,
	SQL_MESSAGE_WITHHELD,
	SQL_PART_SEEN,
	SQL_PART_TEXT,
	SQL_PART_PUT,
	SQL_PART_COUNT,
	SQL_PART_LIST,
	SQL_MULTIPART_FIND,
	SQL_MULTIPART_OPEN_SENDER,
	SQL_MULTIPART_OPEN_ALL,
	SQL_MULTIPART_PUT,
	SQL_MULTIPART_CLOSE,
	SQL_MULTIPART_DUE,
	SQL_QUARANTINE_PUT,
	SQL_QUARANTINE_MESSAGE,

	SQL_SENDER,
	SQL_UNIT_BY_CODE,
	SQL_UNIT_MATCH,
	SQL_UNIT_PARENT,
	SQL_UNIT_ROLL,
	SQL_UNIT_STAFF,
	SQL_PENDING_OPEN,
	SQL_MEETING_ANNOUNCED,
	SQL_REPORT_LAST,
	SQL_REPORT_SAME,

	SQL_MEETING_JOIN,
	SQL_MEETING_PUT,
	SQL_MEETING_BY_DAY,
	SQL_MEETING_HOLD,
	SQL_MEETING_OTHER,
	SQL_MEETING_MOVE,
	SQL_MEETING_CANCEL,
	SQL_REPORT_PUT,
	SQL_REPORT_VOID,
	SQL_CONTACT_CONSENT,
	SQL_PENDING_DROP,
	SQL_PENDING_PUT,
	SQL_PENDING_SETTLE,

	SQL_UNIT_LIST,
	SQL_UNIT_PUT,
	SQL_UNIT_SET_PARENT,
	SQL_UNIT_ALIAS_CLEAR,
	SQL_UNIT_ALIAS_PUT,
	SQL_MEMBER_PUT,
	SQL_MEMBER_EXISTS,
	SQL_CONTACT_MEMBER,
	SQL_CONTACT_ROLE,
	SQL_ROLE_PUT,

	SQL_STORY_MESSAGE,
	SQL_STORY_DUPLICATES,
	SQL_STORY_PARTS,
	SQL_STORY_READINGS,
	SQL_STORY_REPORTS,
	SQL_STORY_TEXTS,
	SQL_STORY_PENDING,
	SQL_STORY_OUTBOX,
	SQL_STORY_ATTEMPTS,
	SQL_STORY_REPORTED,
	SQL_STORY_WAIT,
	SQL_STORY_SETTLED,
	SQL_STORY_OPT_OUT,

	SQL_REPLAY_PAGE,
	SQL_REPLAY_PENDING,
	SQL_REPLAY_STORED,
	SQL_REPLAY_LAST,
	SQL_REPLAY_SAME,
	SQL_REPLAY_NEWER,
	SQL_REPLAY_BODY,
	SQL_REPLAY_TAKE,
	SQL_REPLAY_KEEP,
	SQL_REPLAY_VERSION,
	SQL_REPLAY_CLOSE,
	SQL_REPLAY_ASKED,
	SQL_REPLAY_HELD_REPORT,
	SQL_REPLAY_HELD_ROLL,
	SQL_REPLAY_HELD_MEMBER,
	SQL_REPLAY_HELD_CANDIDATE,
	SQL_REPLAY_HELD_FACT,
	SQL_REPLAY_HELD_CONTACT,

	/* Of sql_records.c. */
	SQL_RECORDS,
	SQL_REPORT_LATEST = SQL_RECORDS,
	SQL_MEMBER_LIST,
	SQL_TASK_NEXT,
	SQL_ATTENDANCE_PUT,
	SQL_ATTENDANCE_REST,
	SQL_MEMBER_EVENT_PUT,
	SQL_MEMBER_STATUS,
	SQL_INVITATION_PUT,
	SQL_MEETING_REPLAN,
	SQL_MEETING_ANNOUNCE,
	SQL_MEETING_POSTPONE,
	SQL_MEETING_CALL_OFF,
	SQL_MEETING_NONE,
	SQL_OPINION_PUT,
	SQL_CANDIDATE_PUT,
	SQL_TASK_PUT,
	SQL_TASK_DONE,
	SQL_UNIT_FACT_PUT,
	SQL_TICKET_PUT,
	SQL_BROADCAST_PUT,
	SQL_ROLL_LINES,
	SQL_ANSWER_LINES,
	SQL_STORY_RECORDS,

	/* Of sql_outbox.c. */
	SQL_OUTBOX,
	SQL_OUTBOX_PUT = SQL_OUTBOX,
	SQL_OUTBOX_CHANNELS,
	SQL_OUTBOX_DUE,
	SQL_OUTBOX_TAKE,
	SQL_OUTBOX_END,
	SQL_OUTBOX_GIVE,
	SQL_OUTBOX_RELEVANT,
	SQL_OUTBOX_REFUSED,
	SQL_OUTBOX_CLOCK_BACK,
	SQL_OUTBOX_RESULT,
	SQL_OUTBOX_NOTE,
	SQL_OUTBOX_ATTEMPT,
	SQL_OUTBOX_OPT_OUT,
	SQL_OUTBOX_INTERRUPTED,
	SQL_OUTBOX_RECOVER_CHANNEL,
	SQL_OUTBOX_RECOVER_LANE,
	SQL_OUTBOX_RECOVER_REST,
	SQL_OUTBOX_NEXT_DUE,
	SQL_OUTBOX_COUNT_QUEUED,
	SQL_OUTBOX_COUNT_STUCK,
	SQL_OUTBOX_BEFORE,
	SQL_OUTBOX_ANSWERS,

	SQL_DELIVERY_BY_ID,
	SQL_DELIVERY_BY_KEY,
	SQL_DELIVERY_BY_REF,
	SQL_DELIVERY_KEPT,
	SQL_DELIVERY_KEEP,
	SQL_DELIVERY_MOVE,
	SQL_DELIVERY_EARLY,
	SQL_DELIVERY_PARK,
	SQL_DELIVERY_PARKED_BY_REF,
	SQL_DELIVERY_PARKED_OLD,
	SQL_DELIVERY_PARKED_CUT,
	SQL_DELIVERY_UNPARK,
	SQL_USAGE_OF,
	SQL_USAGE_ADD,
	SQL_USAGE_FORGET,
	SQL_USAGE_WAIT,
	SQL_USAGE_WAIT_OVER,
	SQL_USAGE_WAIT_FORGET,

	SQL_QUEUE_ROW,
	SQL_QUEUE_QUEUED,
	SQL_QUEUE_STUCK,
	SQL_QUEUE_QUEUED_COUNT,
	SQL_QUEUE_STUCK_COUNT,
	SQL_QUEUE_AGAIN,
	SQL_QUEUE_ASK_AGAIN,
	SQL_QUEUE_CANCEL,

	/* Of sql_month.c. */
	SQL_MONTH,
	SQL_ERRAND_PUT = SQL_MONTH,
	SQL_ERRAND_DROP_MEETING,
	SQL_ERRAND_DROP_SUBJECT,
	SQL_ERRAND_DUE,
	SQL_ERRAND_DUE_ALIKE,
	SQL_ERRAND_JOIN,
	SQL_ERRAND_WAITS,
	SQL_ERRAND_OUTRUN,
	SQL_ERRAND_END,
	SQL_ERRAND_NEXT,
	SQL_ASK_DROP,
	SQL_ASK_PUT,
	SQL_AGENDA_MEETING,
	SQL_AGENDA_UNIT,
	SQL_AGENDA_HOLDERS,
	SQL_AGENDA_LAST_HOLDERS,
	SQL_INVITED_DUE,
	SQL_INVITED_KNOWING,
	SQL_INVITED_SILENT,
	SQL_INVITED_PUT,
	SQL_INVITED_TOLD,
	SQL_INVITED_ANY,
	SQL_INVITED_SETTLE,
	SQL_INVITED_LINES,
	SQL_AGENDA_AHEAD,

	/* Of sql_calendar.c. */
	SQL_CALENDAR,
	SQL_CALENDAR_DROP = SQL_CALENDAR,
	SQL_CALENDAR_UNITS,
	SQL_CALENDAR_STAFF,
	SQL_CALENDAR_MONTH,
	SQL_DIGEST_UNITS,
	SQL_DIGEST_ATTENDANCE,
	SQL_DIGEST_AWAY,
	SQL_DIGEST_ANSWERS,
	SQL_DIGEST_OPINIONS,
	SQL_DIGEST_KEEP,
	SQL_DIGEST_KEPT,
	SQL_DUTY_TASK,
	SQL_DUTY_MEMBER,
	SQL_DUTY_CANDIDATE,

	/* Of sql_staff.c. */
	SQL_STAFF,
	SQL_PROPOSAL_NEXT = SQL_STAFF,
	SQL_PROPOSAL_PUT,
	SQL_PROPOSAL_FIND,
	SQL_PROPOSAL_OPEN,
	SQL_PROPOSAL_EVENTS,
	SQL_PROPOSAL_END,
	SQL_PROPOSAL_END_EVENTS,
	SQL_PROPOSAL_END_FACTS,
	SQL_EVENT_MEMBER,
	SQL_MEMBER_STANDING,
	SQL_MEMBER_PHONE,
	SQL_MEMBER_JOIN,
	SQL_MEMBER_NEXT,
	SQL_MEMBER_PHONE_OF,
	SQL_CONTACT_AFTER,
	SQL_ROLE_END,
	SQL_ROLE_END_MEMBER,
	SQL_ROLE_MOVE,
	SQL_ROLE_MOVED,
	SQL_AUDIENCE_SECRETARIES,
	SQL_AUDIENCE_MEMBERS,
	SQL_AUDIENCE_NO_PHONE,
	SQL_AUDIENCE_NO_SECRETARY,
	SQL_BROADCAST_FIND,
	SQL_BROADCAST_LIST,
	SQL_BROADCAST_MOVE,
	SQL_BROADCAST_END,
	SQL_BROADCAST_TEXTS,
	SQL_BROADCAST_QUEUED,

	/* Of sql_votes.c. */
	SQL_VOTES,
	SQL_VOTE_NEXT = SQL_VOTES,
	SQL_VOTE_OPEN,
	SQL_VOTE_FREEZE,
	SQL_VOTE_DIGEST,
	SQL_VOTE_REOPEN,
	SQL_VOTE_THAW,
	SQL_VOTE_MOVE,
	SQL_VOTE_STAY,
	SQL_VOTE_GONE,
	SQL_VOTE_END,
	SQL_VOTE_SEAL,
	SQL_MEETINGS_TO_COME,
	SQL_VOTE_LINES,
	SQL_BALLOT_PUT,
	SQL_BALLOT_RECEIPT,
	SQL_VOTE_ITEM,
	SQL_VOTE_OF_MEETING,
	SQL_VOTE_OF_UNIT,
	SQL_VOTE_VOTERS,
	SQL_VOTE_BALLOTS,
	SQL_VOTE_RECEIPTS,
	SQL_VOTE_ROOM,
	SQL_VOTE_MEETING,

	/* Of sql_report.c. */
	SQL_TALLIES,
	SQL_TALLY_UNITS = SQL_TALLIES,
	SQL_TALLY_LINEAGE,
	SQL_TALLY_ROLL,
	SQL_TALLY_MOVED,
	SQL_TALLY_MEMBER,
	SQL_TALLY_CHANGES,
	SQL_TALLY_MEETINGS,
	SQL_TALLY_ATTENDANCE,
	SQL_TALLY_ANSWERS,
	SQL_TALLY_OPINIONS,
	SQL_TALLY_OPINION_TEXTS,
	SQL_TALLY_IN,
	SQL_TALLY_OUT_LAST,
	SQL_TALLY_OUT_AT,
	SQL_TALLY_OUT,

	/* Of sql_consent.c. */
	SQL_CONSENT,
	SQL_CONSENT_PUT = SQL_CONSENT,
	SQL_CONSENT_ASKED,
	SQL_CONSENT_STATE,
	SQL_CONSENT_OF,
	SQL_CONSENT_NO_MEMBER,
	SQL_CONSENT_NO_ROLE,
	SQL_CONSENT_NO_DUTY,
	SQL_CONSENT_IMPORTED,
	SQL_CONSENT_REFUSED,
	SQL_STORY_CONSENT_MESSAGE,
	SQL_STORY_CONSENT_OUTBOX,
	SQL_OUTBOX_UNASKED,
	SQL_OUTBOX_LATER,
	/* Of sql_units.c. */
	SQL_UNITS,
	SQL_CHANGE_PUT = SQL_UNITS,
	SQL_CHANGE_END,
	SQL_CHANGE_PLANNED,
	SQL_CHANGE_LIST,
	SQL_CHANGE_UNIT,
	SQL_CHANGE_OLD_NAME,
	SQL_CHANGE_MEMBERS,
	SQL_CHANGE_TAKEN,
	SQL_CHANGE_MEETINGS,
	SQL_CHANGE_TASKS,
	SQL_CHANGE_PROPOSALS,
	SQL_CHANGE_CANDIDATES,
	SQL_UNIT_ALIAS_CLOSE,
	SQL_UNIT_EVENT_PUT,
	SQL_UNIT_CHANGED,
	SQL_UNIT_END,
	SQL_UNIT_HEIRS,
	SQL_UNIT_ADOPTED,
	SQL_UNIT_ADOPT,
	SQL_UNIT_RENAME,
	SQL_MOVED_PUT,
	SQL_MOVED_COPY,
	SQL_MOVED_LEAVE,
	SQL_ROLES_COPY,
	SQL_ROLES_END,
	SQL_MEETINGS_MOVE,
	SQL_CHANGE_ITEMS,
	SQL_MEETINGS_OFF,
	SQL_MOVED_INVITED,
	SQL_MOVED_INVITED_TURN,
	SQL_MOVED_INVITATION,
	SQL_MOVED_PENDING,
	SQL_MOVED_PENDING_TURN,
	SQL_MOVED_EVENTS,
	SQL_PROPOSAL_MOVE,
	SQL_PROPOSAL_MOVE_EVENTS,
	SQL_PROPOSAL_MOVE_FACTS,
	SQL_PROPOSAL_MOVE_ERRANDS,
	SQL_PROPOSAL_VOID,
	SQL_PROPOSAL_VOID_EVENTS,
	SQL_PROPOSAL_VOID_ERRANDS,
	SQL_OPINIONS_MOVE,
	SQL_TICKETS_MOVE,
	SQL_TASK_MOVE,
	SQL_CANDIDATE_MOVE,
	SQL_ERRANDS_MOVE,
	SQL_MOVED_ERRANDS,
	SQL_ERRANDS_VOID,
	SQL_LINEAGE_UNIT,
	SQL_LINEAGE_PARTS,
	SQL_LINEAGE_THEN,
	SQL_LINEAGE_CODE,
	SQL_LINEAGE_LOOK,
	SQL_LINEAGE_NAMED,
	SQL_LINEAGE_NAMES,
	SQL_WATCH_EVENT,
	SQL_WATCH_PROPOSAL,
	SQL_WATCH_MEMBER,
	SQL_WATCH_MISSED,
	SQL_WATCH_LINES,
	SQL_LINEAGE_VALID,

	/* Of sql_privacy.c. */
	SQL_PRIVACY,
	SQL_PRIVACY_IDS,
	/* Of sql_indicators.c. */
	SQL_INDICATORS,
	SQL_IND_FACTS = SQL_INDICATORS,
	SQL_IND_ROLES,
	SQL_IND_OLD_UNITS,
	SQL_IND_MEETINGS,
	SQL_IND_VOTERS,
	SQL_IND_VOTED,
	SQL_IND_ADMITTED,
	SQL_IND_CANDIDATES,
	SQL_IND_TASKS,
	SQL_FACT_LIST,
	SQL_OPINION_OPEN,
	SQL_OPINION_ANSWER,
	/* Of sql_session.c. */
	SQL_SESSIONS,
	SQL_SESSION_PUT = SQL_SESSIONS,
	SQL_SESSION_STEP,
	SQL_SESSION_BY_KEY,
	SQL_SESSION_BY_ID,
	SQL_SESSION_OF_PHONE,
	SQL_SESSION_LIVE,
	SQL_SESSION_END,
	SQL_SESSION_TELL,
	SQL_SESSION_LANGUAGE,
	SQL_SESSION_COUNT,
	SQL_STORY_SESSION,
	SQL_N
};

/* The text of a statement; the tables are the only place for it. */
const char *sql_text(enum sql id);
const char *sql_records_text(enum sql id);    /* SQL_RECORDS on */
const char *sql_outbox_text(enum sql id);     /* SQL_OUTBOX on */
const char *sql_month_text(enum sql id);      /* SQL_MONTH on */
const char *sql_calendar_text(enum sql id);   /* SQL_CALENDAR on */
const char *sql_staff_text(enum sql id);      /* SQL_STAFF on */
const char *sql_votes_text(enum sql id);      /* SQL_VOTES on */
const char *sql_report_text(enum sql id);     /* SQL_TALLIES on */
const char *sql_consent_text(enum sql id);    /* SQL_CONSENT on */
const char *sql_units_text(enum sql id);      /* SQL_UNITS on */
const char *sql_indicators_text(enum sql id); /* SQL_INDICATORS on */
const char *sql_privacy_text(enum sql id);    /* SQL_PRIVACY on */
const char *sql_session_text(enum sql id);    /* SQL_SESSIONS on */

/* The statuses that count on a unit's roll; the others do not. */
#define SQL_ON_ROLL "('active', 'away', 'exempt', 'temp_exempt')"
/* The unit of the code ?1, or the only one with that former code or alias. */
#define SQL_UNIT_NAMED                                                         \
	"coalesce((SELECT x.id FROM unit x WHERE x.code = ?1), "               \
	"(SELECT CASE WHEN count(DISTINCT y.unit) = 1 THEN min(y.unit) END "   \
	"FROM unit_alias y WHERE y.key = lower(?1))) "

struct store {
	sqlite3 *db;
	enum store_mode mode;
	struct err err;
	bool scrub;          /* the log holds what was erased */
	bool interrupted;    /* the last failure was for want of time */
	int64_t deadline_us; /* STORE_READ: of the statement that runs */
	sqlite3_stmt *stmt[SQL_N];
};

/*
 * One run of a statement: start, bind from left to right, then next (or done,
 * or one). Bound bytes must live until the run ends. A run that is not
 * stepped to its end is ended by sql_stop.
 */
struct sql_run {
	struct store *s;
	sqlite3_stmt *st; /* NULL: could not be prepared; next says so */
	int bound;
};

struct sql_run sql_start(struct store *s, enum sql id);
void sql_int(struct sql_run *q, int64_t v);
void sql_int_or_null(struct sql_run *q, int64_t v); /* 0: NULL */
void sql_str(struct sql_run *q, struct str v);      /* absent: NULL */
void sql_z(struct sql_run *q, const char *z);       /* NULL: NULL */
void sql_blob(struct sql_run *q, struct str v);
/* 1 a row, 0 no more (the run has ended), -1 (ended; store_error() tells). */
int sql_next(struct sql_run *q) __attribute__((warn_unused_result));
/* Runs to the end; 0 / -1. */
int sql_done(struct sql_run *q) __attribute__((warn_unused_result));
/* First column of the first row, then ends: 1, 0 (no row), -1. */
int sql_one(struct sql_run *q, int64_t *ret)
	__attribute__((warn_unused_result));
/*
 * Runs an INSERT of one row to its end: 1 and the row's id, 0 (ON CONFLICT DO
 * NOTHING met one), -1. The id comes from the driver, for SQLite builds a
 * table in memory for each run of a RETURNING; the statement is the same in
 * PostgreSQL, whose driver adds RETURNING id. Not for DO UPDATE: SQLite has
 * no id of a row that was there.
 */
int sql_insert(struct sql_run *q, int64_t *ret_id)
	__attribute__((warn_unused_result));
void sql_stop(struct sql_run *q);

/* Columns of the present row, from 0; NULL reads as 0 and as absent. */
int64_t sql_get_int(const struct sql_run *q, int col);
bool sql_is_null(const struct sql_run *q, int col);
struct str sql_peek(const struct sql_run *q, int col); /* until next */
struct str sql_get(const struct sql_run *q, int col, struct arena *a);

/* Room for one more element behind n of v: doubles at powers of two. */
static inline void *rows_more(
	struct arena *a, const void *v, size_t n, size_t size)
{
	void *more;

	if (n != 0 && (n & (n - 1)) != 0)
		return (void *)v;
	more = arena_alloc(a, (n == 0 ? 1 : 2 * n) * size);
	if (v != NULL)
		memcpy(more, v, n * size);
	return more;
}

/* Keeps what SQLite says about the last call; returns -1. */
int sql_fail(struct store *s);

#endif
