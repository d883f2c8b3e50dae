/*
 * generic_open - does this generic channel's configuration make sense?
 *
 * Once, when the configuration is read: field maps are checked, templates
 * compiled. A fault is shown with its place before anything runs. Pure; what
 * it makes lives in the configuration's arena.
 */
#include "gateway/providers/generic.h"

#define SOURCE_XML FIELDMAP_SOURCE_N

struct opening {
	struct generic *g;
	const struct config_channel *channel;
	struct arena *a;
	struct diags *d;
};

/* A path of JSON or a field's name; *ret NULL: left empty. */
static int name_of(const struct opening *o, struct str s,
	const struct node *where, const char **ret)
{
	*ret = NULL;
	if (s.n == 0)
		return 0;
	if (o->g->source == FIELDMAP_JSON && !fieldmap_is_path(s))
		return node_error(where, o->d,
			"no JSON path: \"" STR_FMT "\"; one is like a.b[0].c",
			STR_ARG(s));
	*ret = arena_z(o->a, s);
	return 0;
}

static int open_fields(const struct opening *o, const struct node *in)
{
	struct fieldmap *map = &o->g->map;
	int f, rc = name_of(o, o->g->list, node_get(in, "list"), &map->list);

	if (map->list == NULL)
		map->list = "";
	for (f = 0; f < FIELDMAP_FIELD_N; f++)
		if (name_of(o, o->g->field[f],
			    node_get(in, fieldmap_field_name[f]),
			    &map->field[f]) != 0)
			rc = -1;
	if (rc == 0 && (map->field[FIELDMAP_FROM] == NULL ||
			       map->field[FIELDMAP_TEXT] == NULL))
		rc = node_error(in, o->d,
			"inbound needs a field for `from` and one for `text`");
	return rc;
}

static int open_inbound(const struct opening *o)
{
	const struct node *in = node_get(o->channel->node, "inbound");

	if (o->g->source == SOURCE_XML)
		return node_error(node_get(in, "source"), o->d,
			"source: xml is not read by this version; use json, "
			"form or query");
	if (in != NULL && o->channel->token.n == 0)
		return node_error(in, o->d,
			"a channel that takes texts needs a token of at least "
			"%d characters, or anybody could post here",
			CHANNEL_TOKEN_MIN);
	o->g->guarded = o->channel->token.n > 0;
	o->g->map.source = (enum fieldmap_source)o->g->source;
	return open_fields(o, in);
}

static enum template_context context_of(struct str type)
{
	const struct str media = str_trim(
		str_part(type, 0, (size_t)str_find_byte(type, ';', 0)));

	if (str_ieq(media, STR("application/x-www-form-urlencoded")))
		return TEMPLATE_FORM;
	if (str_ends(media, STR("json")))
		return TEMPLATE_JSON;
	return str_ends(media, STR("xml")) ? TEMPLATE_XML : TEMPLATE_RAW;
}

/* "http://host/" or "http://host?": a text must not choose the host. */
static bool names_a_host(struct str prefix)
{
	size_t at = str_starts(prefix, STR("https://"))  ? 8
		    : str_starts(prefix, STR("http://")) ? 7
							 : prefix.n;
	const size_t host = at;

	while (at < prefix.n && prefix.p[at] != '/' && prefix.p[at] != '?')
		at++;
	return at > host;
}

static int open_url(const struct opening *o, const struct node *out)
{
	const struct node *url = node_get(out, "url");
	const struct template *t;

	if (o->g->url.n == 0)
		return node_error(out, o->d, "outbound needs a url");
	t = template_compile(url, TEMPLATE_FORM, o->a, o->d);
	if (t == NULL)
		return -1;
	if (!names_a_host(template_prefix(t)))
		return node_error(url, o->d,
			"a url begins with http:// or https:// and a host "
			"without placeholders");
	o->g->url_template = t;
	return 0;
}

static int open_body(const struct opening *o, const struct node *out)
{
	const struct node *body = node_get(out, "body");

	if (o->g->body.n == 0)
		return 0;
	if (o->g->method == GENERIC_GET)
		return node_error(body, o->d,
			"a GET has no body; put the placeholders into the url, "
			"or use method: POST");
	o->g->body_template =
		template_compile(body, context_of(o->g->type), o->a, o->d);
	return o->g->body_template != NULL ? 0 : -1;
}

static int open_ref(const struct opening *o, const struct node *out)
{
	const struct node *ref = node_get(out, "ref");

	if (o->g->ref.n == 0)
		return 0;
	if (!fieldmap_is_path(o->g->ref))
		return node_error(ref, o->d,
			"no JSON path: \"" STR_FMT "\"; one is like a.b[0].c",
			STR_ARG(o->g->ref));
	o->g->ref_path = arena_z(o->a, o->g->ref);
	return 0;
}

int generic_open(void *state, const struct config_channel *c, struct arena *a,
	struct diags *d)
{
	const struct opening o = {state, c, a, d};
	const struct node *out = node_get(c->node, "outbound");
	int rc = open_inbound(&o);

	if (out == NULL)
		return rc;
	if (open_url(&o, out) != 0)
		rc = -1;
	if (open_body(&o, out) != 0)
		rc = -1;
	if (open_ref(&o, out) != 0)
		rc = -1;
	return rc;
}
