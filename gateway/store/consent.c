/*
 * consent - may this phone be texted, and who said so, when, to which text?
 *
 * Rows are added and never changed. The contact's flags are written by those
 * who write the contact (apply.c, registry.c, outbox.c), in the transaction
 * of the row here that proves them. Writer thread; consent_of also on the
 * reader.
 */
#include "gateway/store/consent.h"

#include "gateway/base/digest.h"
#include "gateway/store/sql.h"

#include <assert.h>

#define VERSION_CHARS                                                          \
	12 /* of SHA-256 in hex: enough to tell our texts apart                \
	    */

#define EVENT_NAME(id, name) name,

static const char *const event_name[] = {CONSENT_EVENTS(EVENT_NAME)};

int consent_put(
	struct store *s, enum consent_event e, const struct consent_row *row)
{
	struct sql_run q = sql_start(s, SQL_CONSENT_PUT);

	assert(e < CONSENT_EVENTS_N && row->phone.n > 0 && row->basis.n > 0);
	sql_str(&q, row->phone);
	sql_z(&q, event_name[e]);
	sql_int(&q, row->given);
	sql_str(&q, row->text_version);
	sql_int(&q, row->at_ms);
	sql_str(&q, row->channel);
	sql_str(&q, row->basis);
	sql_int_or_null(&q, row->message_id);
	sql_int_or_null(&q, row->outbox_id);
	return sql_done(&q);
}

struct str consent_version(struct str text, struct arena *a)
{
	struct digest d = digest_of(DIGEST_SHA256, &text, 1);

	return str_part(digest_hex(&d, a), 0, VERSION_CHARS);
}

int consent_asked(
	struct store *s, struct str phone, struct arena *a, struct str *ret)
{
	struct sql_run q = sql_start(s, SQL_CONSENT_ASKED);
	int rc;

	*ret = (struct str){NULL, 0};
	sql_str(&q, phone);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	*ret = sql_get(&q, 0, a);
	sql_stop(&q);
	return 0;
}

int consent_state(struct store *s, struct str phone, struct consent_state *ret)
{
	struct sql_run q = sql_start(s, SQL_CONSENT_STATE);
	int rc;

	*ret = (struct consent_state){false, false, false};
	sql_str(&q, phone);
	rc = sql_next(&q);
	if (rc <= 0)
		return rc;
	ret->given = sql_get_int(&q, 0) != 0;
	ret->opted_out = sql_get_int(&q, 1) != 0;
	ret->asked = sql_get_int(&q, 2) != 0;
	sql_stop(&q);
	return 0;
}

int consent_of(struct store *s, struct str phone, struct arena *a,
	struct consent_rows *ret)
{
	struct sql_run q = sql_start(s, SQL_CONSENT_OF);
	int rc;

	*ret = (struct consent_rows){NULL, 0};
	sql_str(&q, phone);
	while ((rc = sql_next(&q)) > 0) {
		ret->v = rows_more(a, ret->v, ret->n, sizeof(*ret->v));
		ret->v[ret->n++] = (struct consent_row){
			.phone = phone,
			.event = sql_get(&q, 0, a),
			.given = sql_get_int(&q, 1) != 0,
			.text_version = sql_get(&q, 2, a),
			.at_ms = sql_get_int(&q, 3),
			.channel = sql_get(&q, 4, a),
			.basis = sql_get(&q, 5, a),
			.message_id = sql_get_int(&q, 6),
			.outbox_id = sql_get_int(&q, 7),
		};
	}
	return rc;
}

int consent_detach(struct store *s, struct str phone, day_t today)
{
	struct day_text yesterday = day_iso(today - 1);
	struct sql_run q = sql_start(s, SQL_CONSENT_NO_MEMBER);

	sql_str(&q, phone);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_CONSENT_NO_ROLE);
	sql_str(&q, phone);
	sql_z(&q, yesterday.z);
	if (sql_done(&q) < 0)
		return -1;
	q = sql_start(s, SQL_CONSENT_NO_DUTY);
	sql_str(&q, phone);
	return sql_done(&q);
}

int consent_imported(struct store *s, int64_t at_ms)
{
	struct sql_run q = sql_start(s, SQL_CONSENT_IMPORTED);

	sql_int(&q, at_ms);
	return sql_done(&q);
}

int consent_refused(struct store *s, int64_t outbox_id, int64_t at_ms)
{
	struct sql_run q = sql_start(s, SQL_CONSENT_REFUSED);

	sql_int(&q, outbox_id);
	sql_int(&q, at_ms);
	return sql_done(&q);
}
