/*
 * answers - which automatic answers were given lately?
 *
 * Asked once, at the start, by what counts them in memory from then on. The
 * newest rows of the outbox are its newest ids, so their time is found from
 * the end backwards, with no index of its own; rows that are older than the
 * first one met count as old. Reads only; either connection.
 */
#include "gateway/store/answers.h"

#include "gateway/store/sql.h"

int answers_since(struct store *s, const struct answers_ask *ask)
{
	struct sql_run q = sql_start(s, SQL_OUTBOX_ANSWERS);
	int rc;

	sql_int(&q, ask->since_ms);
	sql_int(&q, ask->max);
	while ((rc = sql_next(&q)) > 0) {
		struct answer a = {
			.to = sql_peek(&q, 0),
			.text = sql_peek(&q, 1),
			.at_ms = sql_get_int(&q, 2),
			.message_id = sql_get_int(&q, 3),
			.channel = sql_peek(&q, 4),
			.stranger = sql_get_int(&q, 5) != 0,
		};

		ask->on(ask->arg, &a);
	}
	return rc;
}
