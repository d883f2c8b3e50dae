/*
 * record_person - what a phone says for itself.
 *
 * Opinions as they were typed, requests about one's own data with the day by
 * which they must be answered. Writer thread.
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
	int64_t id;

	sql_str(&q, w->in->message->from);
	sql_int_or_null(&q, e->unit_id);
	sql_str(&q, field_text(e->fields, FIELD_RIGHT));
	sql_str(&q, record_day(w, e->fields, FIELD_DUE));
	record_bind_origin(w, &q);
	if (sql_insert(&q, &id) < 0)
		return -1;
	record_touched(w, e, id);
	return 0;
}
