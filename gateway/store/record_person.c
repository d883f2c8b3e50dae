/*
 * record_person - what a phone says for itself, or wants said to others.
 *
 * Opinions as they were typed, requests about one's own data with the day by
 * which they must be answered, texts of staff that wait to be sent to many.
 * Writer thread.
 */
#include "gateway/store/record.h"

int record_opinion(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_OPINION_PUT);

	sql_int_or_null(&q, e->unit_id);
	sql_str(&q, w->in->message->from);
	sql_str(&q, field_text(e->fields, FIELD_TOPIC));
	sql_str(&q, field_text(e->fields, FIELD_TOPIC_CODE));
	sql_str(&q, field_text(e->fields, FIELD_TEXT));
	record_bind_origin(w, &q);
	return sql_done(&q);
}

int record_ticket(struct applying *w, const struct effect *e)
{
	struct sql_run q = sql_start(w->s, SQL_TICKET_PUT);

	sql_str(&q, w->in->message->from);
	sql_int_or_null(&q, e->unit_id);
	sql_str(&q, field_text(e->fields, FIELD_RIGHT));
	sql_str(&q, record_day(w, e->fields, FIELD_DUE));
	record_bind_origin(w, &q);
	return sql_done(&q);
}

int record_broadcast(struct applying *w, const struct effect *e)
{
	struct str to = field_text(e->fields, FIELD_TO);
	struct sql_run q = sql_start(w->s, SQL_BROADCAST_PUT);

	sql_int(&q, e->unit_id);
	sql_str(&q, to.n > 0 ? to : STR("secretaries"));
	sql_str(&q, field_text(e->fields, FIELD_TEXT));
	record_bind_origin(w, &q);
	return sql_done(&q);
}
