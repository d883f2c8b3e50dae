/*
 * purge - what is too old to be kept?
 *
 * One line a table. A night walks each of them once by its ids, a page in a
 * transaction, so that nobody waits for it; how far it is stands in the table
 * `purge`, so that a restart goes on from there. Writer thread.
 */
#include "gateway/store/purge.h"

#include "gateway/store/sql.h"

static const struct step {
	enum sql last, page;
	enum purge_term term;
} steps[] = {
	{SQL_PURGE_LAST_MESSAGE, SQL_PURGE_MESSAGES, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_PART, SQL_PURGE_PARTS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_MESSAGE, SQL_PURGE_READINGS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_OUTBOX, SQL_PURGE_PENDING, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_OPINION, SQL_PURGE_OPINIONS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_ANSWER, SQL_PURGE_ANSWERS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_MULTIPART, SQL_PURGE_MULTIPARTS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_PROPOSAL, SQL_PURGE_PROPOSALS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_FACT, SQL_PURGE_FACTS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_TASK, SQL_PURGE_TASKS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_BROADCAST, SQL_PURGE_BROADCASTS, PURGE_TERM_TEXTS},
	{SQL_PURGE_LAST_TICKET, SQL_PURGE_TICKETS, PURGE_TERM_DELIVERY},
	{SQL_PURGE_LAST_INVITED, SQL_PURGE_INVITED, PURGE_TERM_ATTENDANCE},
	{SQL_PURGE_LAST_QUARANTINE, SQL_PURGE_QUARANTINE,
		PURGE_TERM_QUARANTINE},
	{SQL_PURGE_LAST_OUTBOX, SQL_PURGE_ATTEMPTS, PURGE_TERM_DELIVERY},
	{SQL_PURGE_LAST_OUTBOX, SQL_PURGE_REPORTS, PURGE_TERM_DELIVERY},
	{SQL_PURGE_LAST_OUTBOX, SQL_PURGE_OUTBOX, PURGE_TERM_DELIVERY},
	{SQL_PURGE_LAST_PARKED, SQL_PURGE_PARKED, PURGE_TERM_DELIVERY},
	{SQL_PURGE_LAST_ATTENDANCE, SQL_PURGE_ATTENDANCE,
		PURGE_TERM_ATTENDANCE},
	{SQL_PURGE_LAST_SESSION, SQL_PURGE_SESSIONS, PURGE_TERM_TEXTS},
};
#define STEPS ((int64_t)(sizeof(steps) / sizeof(steps[0])))

/* Where the night is. */
struct place {
	int64_t step, upto;
};

static int read_place(struct store *s, struct place *ret)
{
	struct sql_run q = sql_start(s, SQL_PURGE_AT);
	int rc = sql_next(&q);

	if (rc <= 0)
		return rc;
	ret->step = sql_get_int(&q, 0);
	ret->upto = sql_get_int(&q, 1);
	sql_stop(&q);
	return 1;
}

static int move_to(struct store *s, const struct place *at)
{
	struct sql_run q = sql_start(s, SQL_PURGE_MOVE);

	sql_int(&q, at->step);
	sql_int(&q, at->upto);
	return sql_done(&q);
}

/* Looks at up to *left rows of a table, and moves *at behind them. */
static int do_page(
	struct store *s, const struct purge *p, struct place *at, int64_t *left)
{
	int64_t from = at->upto;
	const struct step *step = &steps[at->step];
	int64_t before = p->before_ms[step->term], last = 0;
	struct sql_run q;

	if (before != 0) {
		q = sql_start(s, step->last);
		if (sql_one(&q, &last) < 0)
			return -1;
	}
	if (at->upto >= last) {
		*at = (struct place){.step = at->step + 1};
		return 0;
	}
	at->upto = last - from < *left ? last : from + *left;
	*left -= at->upto - from;
	q = sql_start(s, step->page);
	sql_int(&q, from);
	sql_int(&q, at->upto);
	sql_int(&q, before);
	return sql_done(&q);
}

int purge_page(struct store *s, const struct purge *p, bool *ret_more)
{
	struct place at = {0};
	int64_t left = p->page;

	if (read_place(s, &at) < 0)
		return -1;
	while (at.step < STEPS && left > 0)
		if (do_page(s, p, &at, &left) < 0)
			return -1;
	*ret_more = at.step < STEPS;
	if (!*ret_more)
		at = (struct place){0};
	return move_to(s, &at);
}
