/*
 * generic - any HTTP API, by configuration alone.
 *
 * `inbound` says where in a JSON body, a form or a query the parts of a
 * message stand; `outbound` has templates for the URL and body of a send and
 * says what answer counts as taken. A channel without `outbound` cannot send;
 * the path token is the only guard of one that receives. Pure; all state is
 * in the configuration's arena and was made by generic_open.c.
 */
#include "gateway/providers/generic.h"

#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"

#define CALL_MAX ((size_t)1 << 20)

static const char *const method_name[GENERIC_METHOD_N] = {
	[GENERIC_POST] = "POST",
	[GENERIC_GET] = "GET",
	[GENERIC_PUT] = "PUT",
};

#define GENERIC(field) offsetof(struct generic, field)

static const struct option options[] = {
	{
		.name = "inbound.source",
		.type = OPTION_ENUM,
		.fallback = "json",
		.choices = "json|form|query|xml",
		.help = "Where a callback carries its fields: a JSON body, a "
			"form body, the query; xml is not read yet.",
		.offset = GENERIC(source),
	},
	{
		.name = "inbound.list",
		.type = OPTION_TEXT,
		.fallback = "",
		.help = "JSON path of the list of messages where one call may "
			"bring several; empty: the body itself.",
		.offset = GENERIC(list),
	},
	{
		.name = "inbound.id",
		.type = OPTION_TEXT,
		.fallback = "id",
		.help = "Field of the provider's message id; a message "
			"without one gets a digest of its content and time.",
		.offset = GENERIC(field[FIELDMAP_ID]),
	},
	{
		.name = "inbound.from",
		.type = OPTION_TEXT,
		.fallback = "from",
		.help = "Field of the sender's number.",
		.offset = GENERIC(field[FIELDMAP_FROM]),
	},
	{
		.name = "inbound.to",
		.type = OPTION_TEXT,
		.fallback = "to",
		.help = "Field of the number that was texted.",
		.offset = GENERIC(field[FIELDMAP_TO]),
	},
	{
		.name = "inbound.text",
		.type = OPTION_TEXT,
		.fallback = "text",
		.help = "Field of the text.",
		.offset = GENERIC(field[FIELDMAP_TEXT]),
	},
	{
		.name = "inbound.time",
		.type = OPTION_TEXT,
		.fallback = "time",
		.help = "Field of the provider's time: RFC 3339, epoch "
			"seconds, or epoch milliseconds (from 100000000000 "
			"on).",
		.offset = GENERIC(field[FIELDMAP_TIME]),
	},
	{
		.name = "outbound.method",
		.type = OPTION_ENUM,
		.fallback = "POST",
		.choices = "POST|GET|PUT",
		.help = "HTTP method of a send.",
		.offset = GENERIC(method),
	},
	{
		.name = "outbound.url",
		.type = OPTION_TEXT,
		.help = "URL of a send, with placeholders behind the host.",
		.offset = GENERIC(url),
	},
	{
		.name = "outbound.type",
		.type = OPTION_TEXT,
		.fallback = "application/json",
		.help = "Content type of the body; it also decides how values "
			"are escaped (JSON, form, XML, else not at all).",
		.offset = GENERIC(type),
	},
	{
		.name = "outbound.body",
		.type = OPTION_TEXT,
		.help = "Body of a send, with placeholders.",
		.offset = GENERIC(body),
	},
	{
		.name = "outbound.accept",
		.type = OPTION_INTS,
		.min = 100,
		.max = 599,
		.help = "Status codes that mean taken; default: any 2xx.",
		.offset = GENERIC(accept),
	},
	{
		.name = "outbound.ref",
		.type = OPTION_TEXT,
		.help = "JSON path of the provider's id in its answer.",
		.offset = GENERIC(ref),
	},
	{
		.name = "username",
		.type = OPTION_TEXT,
		.help = "User name for HTTP Basic on a send.",
		.offset = GENERIC(username),
	},
	{
		.name = "password",
		.type = OPTION_TEXT,
		.help = "Password for HTTP Basic on a send.",
		.offset = GENERIC(password),
	},
};

static enum provider_verify verify(
	const void *state, const struct provider_request *r)
{
	const struct generic *g = state;

	(void)r;
	return g->guarded ? PROVIDER_VERIFY_OK : PROVIDER_VERIFY_REFUSED;
}

static void parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct generic *g = state;

	fieldmap_read(&g->map, r, a, out);
}

static bool takes_method(const void *state, struct str method)
{
	const struct generic *g = state;

	return str_is(method, "POST") ||
	       (g->map.source == FIELDMAP_QUERY && str_is(method, "GET"));
}

static bool can_send_now(const void *state)
{
	const struct generic *g = state;

	return g->url_template != NULL;
}

/* Into the arena; -1: longer than any provider would take. */
static int render(const struct template *t, const struct provider_outgoing *o,
	struct arena *a, struct str *ret)
{
	struct buf b;
	int rc = -1;

	buf_init(&b, CALL_MAX);
	template_render(t, o, &b);
	if (!b.over) {
		*ret = arena_str(a, buf_str(&b));
		rc = 0;
	}
	buf_release(&b);
	return rc;
}

static int build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct generic *g = state;
	struct provider_call call = {
		.method = method_name[g->method],
		.username = g->username,
		.password = g->password,
	};

	if (g->url_template == NULL)
		return err_set(err, "this channel has no outbound url");
	if (render(g->url_template, o, a, &call.url) != 0)
		return err_set(
			err, "the url would be over %zu bytes", CALL_MAX);
	if (g->body_template != NULL) {
		call.content_type = g->type;
		if (render(g->body_template, o, a, &call.body) != 0)
			return err_set(err, "the body would be over %zu bytes",
				CALL_MAX);
	}
	*ret = call;
	return 0;
}

static bool accepts(const struct generic *g, int status)
{
	const int64_t *v = g->accept.v;
	size_t i;

	for (i = 0; i < g->accept.n; i++)
		if (v[i] == status)
			return true;
	return g->accept.n == 0 && status >= 200 && status < 300;
}

static struct str ref_of(const struct generic *g,
	const struct provider_response *r, struct arena *a)
{
	struct str ref = {NULL, 0};
	struct jdoc *doc;

	if (g->ref_path == NULL)
		return ref;
	doc = mo_json(r->body, a, NULL);
	if (doc != NULL)
		ref = jdoc_text(jdoc_at(doc, g->ref_path), a);
	jdoc_free(doc);
	return ref.n > 0 ? mo_id(ref, a) : (struct str){NULL, 0};
}

static struct provider_verdict parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct generic *g = state;
	struct provider_verdict v = provider_verdict_http(r, a);

	if (r->status != 0 && accepts(g, r->status)) {
		v.kind = PROVIDER_OK;
		v.why = arena_printf(a, "accepted, %d", r->status);
		v.ref = ref_of(g, r, a);
	} else if (v.kind == PROVIDER_OK) {
		/* A success, but not one of those that mean taken. */
		v.kind = PROVIDER_UNKNOWN;
		v.why = arena_printf(a,
			"answered %d, which outbound.accept does not list",
			r->status);
	}
	return v;
}

const struct provider provider_generic = {
	.name = "generic",
	.help = "any HTTP API, by field maps and templates",
	.options = options,
	.options_n = sizeof(options) / sizeof(options[0]),
	.state_size = sizeof(struct generic),
	.can_receive = true,
	.can_send = true,
	.open = generic_open,
	.verify = verify,
	.parse_inbound = parse_inbound,
	.takes_method = takes_method,
	.can_send_now = can_send_now,
	.build_send = build_send,
	.parse_send_response = parse_send_response,
};
