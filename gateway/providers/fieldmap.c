/*
 * fieldmap - which messages does this callback bring?
 *
 * Turns records into messages. One that cannot be read does not keep the rest
 * of its batch out; where none can, the provider is told what the first lacks.
 * Pure; owns nothing.
 */
#include "gateway/providers/fieldmap.h"

#include "gateway/providers/mo.h"

#define PARTS_MAX 255 /* an SMS counts its parts in one byte */

const char *const fieldmap_field_name[FIELDMAP_FIELD_N] = {
	[FIELDMAP_ID] = "id",
	[FIELDMAP_FROM] = "from",
	[FIELDMAP_TO] = "to",
	[FIELDMAP_TEXT] = "text",
	[FIELDMAP_TIME] = "time",
	[FIELDMAP_PART_REF] = "part_ref",
	[FIELDMAP_PART_NO] = "part_no",
	[FIELDMAP_PART_TOTAL] = "part_total",
};

/* What does not make sense leaves the message whole. */
static void fill_part(const struct str *v, struct arena *a, struct message *m)
{
	int64_t no, total;

	if (v[FIELDMAP_PART_REF].n == 0 ||
		str_to_i64(v[FIELDMAP_PART_NO], &no) != 0 ||
		str_to_i64(v[FIELDMAP_PART_TOTAL], &total) != 0 || total < 2 ||
		total > PARTS_MAX || no < 1 || no > total)
		return;
	m->part_ref = mo_id(v[FIELDMAP_PART_REF], a);
	m->part_no = (int)no;
	m->part_total = (int)total;
	m->provider_id = mo_id(arena_printf(a, STR_FMT "/%d",
				       STR_ARG(m->provider_id), m->part_no),
		a);
}

/* Raw values into a message; -1: a needed one is missing. */
static int fill(const struct fieldmap *map, const struct str *v, int64_t now_ms,
	struct arena *a, struct message *m)
{
	if (v[FIELDMAP_FROM].n == 0 || v[FIELDMAP_TEXT].p == NULL)
		return -1;
	m->from = mo_number(v[FIELDMAP_FROM], a);
	m->to = mo_number(v[FIELDMAP_TO], a);
	m->text = mo_text(spelling_text(map->text, v[FIELDMAP_TEXT], a), a);
	if (spelling_time(&map->time, v[FIELDMAP_TIME], &m->sent_at) != 0)
		m->sent_at = now_ms;
	m->provider_id = v[FIELDMAP_ID].n > 0
				 ? mo_id(v[FIELDMAP_ID], a)
				 : mo_hash_id(m, v[FIELDMAP_TIME], a);
	fill_part(v, a, m);
	return 0;
}

static void missing(const struct fieldmap *m, const struct str *v, size_t i,
	struct provider_inbound *out)
{
	const int f = v[FIELDMAP_FROM].n == 0 ? FIELDMAP_FROM : FIELDMAP_TEXT;
	const char *name = m->map.field[f].name[0];

	(void)err_set(mo_leave_out(out),
		"message %zu has no %s: nothing usable at \"%s\"", i + 1,
		fieldmap_field_name[f], name != NULL ? name : "");
}

void fieldmap_read(const struct fieldmap *m, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	struct records in;
	const struct str *v;
	size_t kept = 0;

	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (record_read(&m->map, r, a, &in, &out->err) != 0)
		return;
	if (in.n == 0) {
		out->event = PROVIDER_IGNORED;
		return;
	}
	mo_messages(out, in.n, a);
	for (size_t i = 0; i < in.n; i++) {
		v = in.v + i * m->map.fields_n;
		if (fill(m, v, r->now_ms, a, &out->v[kept]) == 0)
			kept++;
		else
			missing(m, v, i, out);
	}
	mo_batch(out, PROVIDER_MESSAGES, kept);
}
