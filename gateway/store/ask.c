/*
 * ask - which question does a text put that answers nobody's?
 *
 * Invitations, votes and the like wait for an answer as the questions of a
 * conversation do, by the row of their text. Writer thread.
 */
#include "gateway/store/ask.h"

#include "gateway/store/sql.h"

#include <assert.h>

int ask_drop(struct store *s, const struct ask_row *a)
{
	struct sql_run q = sql_start(s, SQL_ASK_DROP);

	sql_int(&q, a->now_ms);
	sql_str(&q, a->phone);
	sql_z(&q, question_str(a->question));
	sql_int(&q, a->member_no);
	return sql_done(&q);
}

int ask_put(struct store *s, const struct ask_row *a)
{
	struct sql_run q;

	assert(a->question != QUESTION_NONE && a->question < QUESTION_N);
	if (ask_drop(s, a) < 0)
		return -1;
	q = sql_start(s, SQL_ASK_PUT);
	sql_int(&q, a->outbox);
	sql_str(&q, a->phone);
	sql_z(&q, question_str(a->question));
	sql_int(&q, a->member_no);
	sql_int_or_null(&q, a->subject);
	sql_int(&q, a->now_ms);
	sql_int(&q, a->expires_at);
	return sql_done(&q);
}
