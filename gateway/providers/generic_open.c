/*
 * generic_open - does this generic channel's configuration make sense?
 *
 * Once, when the configuration is read: field maps are checked, templates
 * compiled. A fault is shown with its place before anything runs. Pure; what
 * it makes lives in the configuration's arena.
 */
#include "gateway/providers/generic.h"

static int no_path(const struct node *where, struct str s, struct diags *d)
{
	return node_error(where, d,
		"no path: \"" STR_FMT "\"; one is like a.b[0].c in JSON, and "
		"like a.b or a.@id in XML",
		STR_ARG(s));
}

int generic_open_path(const struct generic_opening *o, struct str s,
	const struct node *where, const char **ret)
{
	*ret = NULL;
	if (s.n == 0)
		return 0;
	if (!record_is_path(s))
		return no_path(where, s, o->d);
	*ret = arena_z(o->a, s);
	return 0;
}

int generic_open_map(const struct generic_opening *o, struct str list,
	const struct node *in, struct record_map *ret)
{
	const bool paths =
		ret->source == RECORD_JSON || ret->source == RECORD_XML;
	const struct node *where = node_get(in, "list");

	if (list.n > 0 && !paths)
		return node_error(where, o->d,
			"a form or a query holds no list; leave it out, or use "
			"source: json or xml");
	if (generic_open_path(o, list, where, &ret->list) != 0)
		return -1;
	if (ret->list == NULL)
		ret->list = "";
	return 0;
}

int generic_open_field(const struct generic_opening *o, struct str names,
	const struct node *where, struct record_map *ret)
{
	const bool paths =
		ret->source == RECORD_JSON || ret->source == RECORD_XML;
	struct record_field *f = &ret->field[ret->fields_n++];

	if (record_field_of(names, o->a, f) != 0)
		return node_error(where, o->d,
			"at most %d names with | between them",
			RECORD_NAMES_MAX);
	for (size_t i = 0; i < RECORD_NAMES_MAX && f->name[i] != NULL; i++)
		if (paths && !record_is_path(str_of(f->name[i])))
			return no_path(where, str_of(f->name[i]), o->d);
	return 0;
}

int generic_open_time(const struct generic_opening *o, struct str format,
	const struct node *in, struct spelling_time *ret)
{
	if (spelling_time_parse(format, o->a, ret) == 0)
		return 0;
	return node_error(node_get(in, "time_format"), o->d,
		"no way to write a time: \"" STR_FMT "\"; there are auto, "
		"rfc3339, epoch-s, epoch-ms and patterns as %%Y-%%m-%%d "
		"%%H:%%M:%%S",
		STR_ARG(format));
}

int generic_open_type(const struct generic_opening *o, struct str type,
	const struct node *where, const char **ret)
{
	for (size_t i = 0; i < type.n; i++)
		if (type.p[i] < ' ' || type.p[i] > '~')
			return node_error(where, o->d,
				"a content type is like text/plain, on one "
				"line");
	*ret = arena_z(o->a, type);
	return 0;
}

int generic_open_reply(const struct generic_opening *o,
	const struct generic_reply *fallback, const struct node *in,
	struct generic_reply *ret)
{
	const struct node *where = node_get(node_get(in, "reply"), "type");

	if (fallback != NULL && ret->status == 0)
		ret->status = fallback->status;
	if (fallback != NULL && ret->type.n == 0)
		ret->type = fallback->type;
	if (fallback != NULL && ret->body.p == NULL)
		ret->body = fallback->body;
	return generic_open_type(o, ret->type, where, &ret->content_type);
}

/* Parts are known by all three. */
static void check_parts(const struct generic_opening *o, const struct node *in)
{
	static const enum fieldmap_field part[] = {
		FIELDMAP_PART_REF, FIELDMAP_PART_NO, FIELDMAP_PART_TOTAL};
	const struct node *at = NULL;
	size_t n = 0;

	for (size_t i = 0; i < 3; i++) {
		if (o->g->in.field[part[i]].n == 0)
			continue;
		n++;
		at = node_get(in, fieldmap_field_name[part[i]]);
	}
	if (n == 0 || n == 3)
		return;
	node_warn(at != NULL ? at : in, o->d,
		"parts are joined by part_ref, part_no and part_total "
		"together; name all three, or none");
}

static int open_inbound(const struct generic_opening *o, const struct node *in)
{
	struct generic_in *g = &o->g->in;
	struct record_map *map = &g->map.map;
	int rc;

	map->source = (enum record_source)g->source;
	g->map.text = (enum spelling_text)g->encoding;
	g->map.time.utc_offset_h = g->time_offset;
	rc = generic_open_map(o, g->list, in, map);
	for (int f = 0; f < FIELDMAP_FIELD_N; f++)
		if (generic_open_field(o, g->field[f],
			    node_get(in, fieldmap_field_name[f]), map) != 0)
			rc = -1;
	if (generic_open_time(o, g->time_format, in, &g->map.time) != 0)
		rc = -1;
	if (generic_open_reply(o, NULL, in, &g->reply) != 0)
		rc = -1;
	check_parts(o, in);
	if (rc == 0 && (map->field[FIELDMAP_FROM].name[0] == NULL ||
			       map->field[FIELDMAP_TEXT].name[0] == NULL))
		rc = node_error(in, o->d,
			"inbound needs a field for `from` and one for `text`");
	return rc;
}

int generic_open(void *state, const struct config_channel *c, struct arena *a,
	struct diags *d)
{
	const struct generic_opening o = {state, c, a, d};
	const struct node *in = node_get(c->node, "inbound");
	const struct node *dlr = node_get(c->node, "dlr");
	const struct node *out = node_get(c->node, "outbound");
	const struct node *ussd = node_get(c->node, "ussd");
	int rc = open_inbound(&o, in);

	if (generic_open_auth(&o, in, dlr) != 0)
		rc = -1;
	if (dlr != NULL && generic_open_reports(&o, dlr) != 0)
		rc = -1;
	if (out != NULL && generic_open_send(&o, out) != 0)
		rc = -1;
	if (ussd != NULL && generic_open_ussd(&o, ussd) != 0)
		rc = -1;
	return rc;
}
