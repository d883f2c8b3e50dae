#ifndef GATEWAY_STORE_SQL_MEMBERS_H
#define GATEWAY_STORE_SQL_MEMBERS_H

/* The last statements of sql.h's enum, as it numbers them: those of
 * sql_session.c, and those of sql_members.c. */
#define SQL_SESSION_IDS                                                        \
	SQL_SESSION_PUT = SQL_SESSIONS, SQL_SESSION_STEP, SQL_SESSION_BY_KEY,  \
	SQL_SESSION_BY_ID, SQL_SESSION_OF_PHONE, SQL_SESSION_LIVE,             \
	SQL_SESSION_END, SQL_SESSION_TELL, SQL_SESSION_LANGUAGE,               \
	SQL_SESSION_COUNT, SQL_STORY_SESSION

#define SQL_MEMBERS_IDS                                                        \
	SQL_MEMBER_AT_ONCE = SQL_MEMBERS, SQL_EVENT_AGAIN,                     \
	SQL_PROPOSAL_OPEN_OF, SQL_TASK_FIND, SQL_WATCH_MONTHS,                 \
	SQL_ERASED_UNIT, SQL_PERSON_PROPOSED, SQL_VOTE_LOST,                   \
	SQL_VOTE_LOST_WHOLLY, SQL_VOTE_WAS_CLOSED

#endif
