/*
 * record - which values does this callback bring?
 *
 * A map names the places; this file looks them up in a JSON body, a form, a
 * query or an XML body. It does not know what they mean. Pure; owns nothing
 * but a JSON tree while it reads one: values are in the caller's arena, or
 * are the request's own bytes.
 */
#include "gateway/providers/record.h"

#include "gateway/base/form.h"
#include "gateway/providers/mo.h"

#include <assert.h>

bool record_is_path(struct str s)
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

int record_field_of(struct str names, struct arena *a, struct record_field *ret)
{
	struct str name;
	size_t n = 0;

	*ret = (struct record_field){{NULL}};
	while (names.n > 0 && str_next(&names, '|', &name)) {
		if (n == RECORD_NAMES_MAX)
			return -1;
		ret->name[n++] = arena_z(a, str_trim(name));
	}
	return 0;
}

/* What looks a name up in one record of a source. */
typedef struct str value_fn(
	const void *record, const char *name, struct arena *a);

static struct str json_value(
	const void *record, const char *name, struct arena *a)
{
	const struct jdoc *at = jdoc_at(record, name);
	struct str s = {NULL, 0};

	if (at == NULL)
		return s;
	s = jdoc_text(at, a);
	if (s.p == NULL && !jdoc_is_object(at) && !jdoc_is_array(at))
		s = STR(""); /* null */
	return s;
}

static struct str xml_value(
	const void *record, const char *name, struct arena *a)
{
	(void)a;
	return xdoc_text(record, name);
}

static struct str form_value(
	const void *record, const char *name, struct arena *a)
{
	(void)a;
	return form_get(record, str_of(name));
}

static struct str first_of(const struct record_field *f, value_fn *value,
	const void *record, struct arena *a)
{
	struct str found = {NULL, 0}, s;

	for (size_t i = 0; i < RECORD_NAMES_MAX && f->name[i] != NULL; i++) {
		s = value(record, f->name[i], a);
		if (found.p == NULL || s.n > 0)
			found = s;
		if (found.n > 0)
			break;
	}
	return found;
}

static void read_one(const struct record_map *m, value_fn *value,
	const void *record, struct str *ret, struct arena *a)
{
	for (size_t f = 0; f < m->fields_n; f++)
		ret[f] = first_of(&m->field[f], value, record, a);
}

/* Room for n records. */
static struct str *make(const struct record_map *m, size_t n, struct arena *a,
	struct records *ret)
{
	struct str *v = ARENA_ARRAY(a, struct str, n * m->fields_n);

	*ret = (struct records){v, n};
	return v;
}

static int too_many(struct err *err)
{
	return err_set(
		err, "too many in one call; at most %d", PROVIDER_BATCH_MAX);
}

static int read_items(const struct record_map *m, const struct jdoc *list,
	struct arena *a, struct records *ret, struct err *err)
{
	const bool many = jdoc_is_array(list);
	const size_t n = many ? jdoc_len(list) : 1;
	struct str *v;

	if (!many && !jdoc_is_object(list))
		return err_set(err, "no list and no object at \"%s\"", m->list);
	if (n > PROVIDER_BATCH_MAX)
		return too_many(err);
	v = make(m, n, a, ret);
	for (size_t i = 0; i < n; i++)
		read_one(m, json_value, many ? jdoc_item(list, i) : list,
			v + i * m->fields_n, a);
	return 0;
}

static int read_json(const struct record_map *m, struct str body,
	struct arena *a, struct records *ret, struct err *err)
{
	struct jdoc *doc = mo_json(body, a, err);
	int rc;

	if (doc == NULL)
		return -1;
	rc = read_items(m, jdoc_at(doc, m->list), a, ret, err);
	jdoc_free(doc);
	return rc;
}

/* Repeated elements: those with the name of the first, beside it. */
static int read_xml(const struct record_map *m, struct str body,
	struct arena *a, struct records *ret, struct err *err)
{
	const struct xdoc *root = mo_xml(body, a, err), *first, *at;
	const bool many = m->list[0] != '\0';
	struct str *v;
	size_t n = 0;

	if (root == NULL)
		return -1;
	first = xdoc_at(root, m->list);
	for (at = first; at != NULL; at = many ? xdoc_next(at) : NULL)
		n++;
	if (n > PROVIDER_BATCH_MAX)
		return too_many(err);
	v = make(m, n, a, ret);
	for (at = first; n > 0; n--, at = xdoc_next(at), v += m->fields_n)
		read_one(m, xml_value, at, v, a);
	return 0;
}

static int read_form(const struct record_map *m, struct str text,
	struct arena *a, struct records *ret, struct err *err)
{
	struct form form;
	struct str *v;

	if (form_parse(a, text, &form) != 0)
		return err_set(err,
			"a broken %%XX escape, or more than %d fields",
			FORM_MAX_PAIRS);
	v = make(m, 1, a, ret);
	read_one(m, form_value, &form, v, a);
	return 0;
}

int record_read(const struct record_map *m, const struct provider_request *r,
	struct arena *a, struct records *ret, struct err *err)
{
	switch (m->source) {
	case RECORD_JSON:
		return read_json(m, r->body, a, ret, err);
	case RECORD_XML:
		return read_xml(m, r->body, a, ret, err);
	case RECORD_FORM:
		return read_form(m, r->body, a, ret, err);
	case RECORD_QUERY:
		return read_form(m, r->query, a, ret, err);
	case RECORD_SOURCE_N:
		break;
	}
	assert(!"a source that does not exist");
	return -1;
}
