/*
 * ticket - who asked for their data, and is it done?
 *
 * Rows of the table ticket, which data_request.c opens. An access is closed by
 * its answer; an erasure is answered first, and closed when it is done. Writer
 * thread; looking on either connection.
 *
 *   open -> answered -> closed
 */
#include "gateway/store/ticket.h"

#include "gateway/store/sql.h"

static struct ticket read_row(const struct sql_run *q, struct arena *a)
{
	return (struct ticket){
		.id = sql_get_int(q, 0),
		.phone = sql_get(q, 1, a),
		.unit_id = sql_get_int(q, 2),
		.unit = sql_get(q, 3, a),
		.what = sql_get(q, 4, a),
		.state = sql_get(q, 5, a),
		.due = day_parse(sql_peek(q, 6)),
		.created_at = sql_get_int(q, 7),
		.answered_at = sql_get_int(q, 8),
		.closed_at = sql_get_int(q, 9),
		.by = sql_get(q, 10, a),
		.done = sql_get(q, 11, a),
		.language = sql_get(q, 12, a),
	};
}

int ticket_find(
	struct store *s, int64_t id, struct arena *a, struct ticket *ret)
{
	struct sql_run q = sql_start(s, SQL_TICKET_FIND);
	int rc;

	sql_int(&q, id);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = read_row(&q, a);
	sql_stop(&q);
	return 1;
}

int ticket_list(
	struct store *s, bool all, struct arena *a, struct ticket_list *ret)
{
	struct sql_run q = sql_start(s, SQL_TICKET_LIST);
	int rc;

	*ret = (struct ticket_list){0};
	sql_int(&q, all);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = read_row(&q, a);
	}
	return rc;
}

int ticket_answer(struct store *s, int64_t id, int64_t now_ms, day_t until)
{
	struct sql_run q = sql_start(s, SQL_TICKET_ANSWER);
	struct day_text iso = day_iso(until);

	sql_int(&q, id);
	sql_int(&q, now_ms);
	sql_z(&q, iso.z);
	return sql_done(&q);
}

int ticket_close(struct store *s, int64_t id, const struct ticket_end *e)
{
	struct sql_run q = sql_start(s, SQL_TICKET_CLOSE);

	sql_int(&q, id);
	sql_int(&q, e->now_ms);
	sql_str(&q, e->by);
	sql_str(&q, e->done);
	return sql_done(&q);
}

int ticket_erased(struct store *s, struct str phone, const struct ticket_end *e)
{
	struct sql_run q = sql_start(s, SQL_TICKET_ERASED);

	sql_str(&q, phone);
	sql_int(&q, e->now_ms);
	sql_str(&q, e->by);
	return sql_done(&q);
}
