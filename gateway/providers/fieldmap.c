/*
 * fieldmap - which parts of this callback are the message?
 *
 * A map names the place of each field; this file finds them in a JSON body, a
 * form body or a query. A batch is taken whole or not at all: when one of its
 * messages cannot be read the provider is told which, and keeps them all.
 * Pure; owns nothing but a JSON tree while it reads one.
 */
#include "gateway/providers/fieldmap.h"

#include "gateway/base/form.h"
#include "gateway/providers/mo.h"

const char *const fieldmap_field_name[FIELDMAP_FIELD_N] = {
	[FIELDMAP_ID] = "id",
	[FIELDMAP_FROM] = "from",
	[FIELDMAP_TO] = "to",
	[FIELDMAP_TEXT] = "text",
	[FIELDMAP_TIME] = "time",
};

bool fieldmap_is_path(struct str s)
{
	size_t i = 0, from;

	if (s.n > 0 && memchr(s.p, '\0', s.n) != NULL)
		return false;
	while (i < s.n) {
		if (s.p[i++] != '[')
			continue;
		for (from = i; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			;
		if (i == from || i == s.n || s.p[i++] != ']')
			return false;
	}
	return true;
}

/* As they came; absent where there was none. */
struct values {
	struct str v[FIELDMAP_FIELD_N];
};

/* Raw values into a message; -1: a needed one is missing. */
static int fill(const struct values *in, const struct provider_request *r,
	struct arena *a, struct message *m)
{
	const struct str *v = in->v;

	if (v[FIELDMAP_FROM].n == 0 || v[FIELDMAP_TEXT].p == NULL)
		return -1;
	m->from = mo_number(v[FIELDMAP_FROM], a);
	m->to = mo_number(v[FIELDMAP_TO], a);
	m->text = mo_text(v[FIELDMAP_TEXT], a);
	if (mo_time(v[FIELDMAP_TIME], &m->sent_at) != 0)
		m->sent_at = r->now_ms;
	m->provider_id = v[FIELDMAP_ID].n > 0
				 ? mo_id(v[FIELDMAP_ID], a)
				 : mo_hash_id(m, v[FIELDMAP_TIME], a);
	return 0;
}

static void missing(const struct fieldmap *m, const struct values *v, size_t i,
	struct provider_inbound *out)
{
	const int f =
		v->v[FIELDMAP_FROM].n == 0 ? FIELDMAP_FROM : FIELDMAP_TEXT;

	(void)err_set(mo_unreadable(out),
		"message %zu has no %s: nothing usable at \"%s\"", i + 1,
		fieldmap_field_name[f], m->field[f] != NULL ? m->field[f] : "");
}

static struct values json_values(
	const struct fieldmap *m, const struct jdoc *item, struct arena *a)
{
	struct values v = {0};
	const struct jdoc *at;
	int f;

	for (f = 0; f < FIELDMAP_FIELD_N; f++) {
		at = m->field[f] != NULL ? jdoc_at(item, m->field[f]) : NULL;
		if (at == NULL)
			continue;
		v.v[f] = jdoc_text(at, a);
		/* What is no text and holds none either is null. */
		if (f == FIELDMAP_TEXT && v.v[f].p == NULL &&
			!jdoc_is_object(at) && !jdoc_is_array(at))
			v.v[f] = STR("");
	}
	return v;
}

static void read_items(const struct fieldmap *m,
	const struct provider_request *r, const struct jdoc *list,
	struct arena *a, struct provider_inbound *out)
{
	const bool many = jdoc_is_array(list);
	const size_t n = many ? jdoc_len(list) : 1;
	struct values v;
	size_t i;

	if (n > PROVIDER_BATCH_MAX) {
		(void)err_set(mo_unreadable(out),
			"%zu messages in one call; at most %d", n,
			PROVIDER_BATCH_MAX);
		return;
	}
	if (n == 0) {
		out->event = PROVIDER_IGNORED;
		return;
	}
	mo_messages(out, n, a);
	for (i = 0; i < n; i++) {
		v = json_values(m, many ? jdoc_item(list, i) : list, a);
		if (fill(&v, r, a, &out->v[i]) != 0) {
			missing(m, &v, i, out);
			return;
		}
	}
}

static void read_json(const struct fieldmap *m,
	const struct provider_request *r, struct arena *a,
	struct provider_inbound *out)
{
	struct jdoc *doc = mo_json(r->body, a, &out->err);
	const struct jdoc *list = doc != NULL ? jdoc_at(doc, m->list) : NULL;

	if (doc == NULL)
		out->event = PROVIDER_UNREADABLE;
	else if (!jdoc_is_array(list) && !jdoc_is_object(list))
		(void)err_set(mo_unreadable(out),
			"no list and no object at \"%s\"", m->list);
	else
		read_items(m, r, list, a, out);
	jdoc_free(doc);
}

static void read_form(const struct fieldmap *m,
	const struct provider_request *r, struct arena *a,
	struct provider_inbound *out)
{
	struct values v = {0};
	struct form form;
	int f;

	if (form_parse(a, m->source == FIELDMAP_QUERY ? r->query : r->body,
		    &form) != 0) {
		(void)err_set(mo_unreadable(out),
			"a broken %%XX escape, or more than %d fields",
			FORM_MAX_PAIRS);
		return;
	}
	for (f = 0; f < FIELDMAP_FIELD_N; f++)
		if (m->field[f] != NULL)
			v.v[f] = form_get(&form, str_of(m->field[f]));
	mo_messages(out, 1, a);
	if (fill(&v, r, a, &out->v[0]) != 0)
		missing(m, &v, 0, out);
}

void fieldmap_read(const struct fieldmap *m, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	*out = (struct provider_inbound){.event = PROVIDER_UNREADABLE};
	if (m->source == FIELDMAP_JSON)
		read_json(m, r, a, out);
	else
		read_form(m, r, a, out);
}
