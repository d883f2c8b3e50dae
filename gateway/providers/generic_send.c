/*
 * generic_send - what request is a text?
 *
 * A send is made of templates, compiled when the configuration is read; what
 * its answer means is in generic_answer.c, and checked here with the rest of
 * `outbound`. Pure; what open() makes lives in the configuration's arena.
 */
#include "gateway/providers/generic.h"

#include "gateway/base/jdoc.h"

#define CALL_MAX ((size_t)1 << 20)
#define NAME_MAX_N 64

static const char *const method_name[GENERIC_METHOD_N] = {
	[GENERIC_POST] = "POST",
	[GENERIC_GET] = "GET",
	[GENERIC_PUT] = "PUT",
};

/* ---- opening ---- */

enum template_context generic_context(struct str type)
{
	const ptrdiff_t end = str_find_byte(type, ';', 0);
	const struct str media =
		str_trim(end < 0 ? type : str_part(type, 0, (size_t)end));

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

/* A template; where it asks for reports, they must be taken. */
static int compile(const struct generic_opening *o, const struct node *n,
	enum template_context context, const struct template **ret)
{
	*ret = template_compile(n, context, o->a, o->d);
	if (*ret == NULL)
		return -1;
	if (!template_wants_reports(*ret) || o->g->dlr.on)
		return 0;
	return node_error(n, o->d,
		"{dlr_url} needs a map dlr in the channel, or reports would "
		"be answered 404");
}

static int open_url(const struct generic_opening *o, const struct node *out)
{
	struct generic_out *g = &o->g->out;
	const struct node *url = node_get(out, "url");

	if (g->url.n == 0)
		return node_error(out, o->d, "outbound needs a url");
	if (compile(o, url, TEMPLATE_FORM, &g->url_template) != 0)
		return -1;
	if (!names_a_host(template_prefix(g->url_template)))
		return node_error(url, o->d,
			"a url begins with http:// or https:// and a host "
			"without placeholders");
	return 0;
}

static int open_body(const struct generic_opening *o, const struct node *out)
{
	struct generic_out *g = &o->g->out;
	const struct node *body = node_get(out, "body");

	if (g->body.n == 0)
		return 0;
	if (g->method == GENERIC_GET)
		return node_error(body, o->d,
			"a GET has no body; put the placeholders into the url, "
			"or use method: POST");
	return compile(o, body, generic_context(g->type), &g->body_template);
}

/* RFC 9110 §5.6.2, without what nobody uses. */
static bool is_header_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return s.n > 0 && s.n <= NAME_MAX_N;
}

static int open_header(const struct generic_opening *o,
	const struct node_pair *pair, struct generic_header *ret)
{
	if (!is_header_name(pair->key->text))
		return node_error(pair->key, o->d,
			"no name of a header: '" STR_FMT "'; one is like "
			"X-Api-Key",
			STR_ARG(pair->key->text));
	if (pair->value->kind != NODE_SCALAR)
		return node_error(pair->value, o->d,
			"a header has one value: X-Api-Key: …");
	for (size_t i = 0; i < pair->value->text.n; i++)
		if ((unsigned char)pair->value->text.p[i] < ' ')
			return node_error(pair->value, o->d,
				"a header's value stands on one line");
	ret->name = arena_str(o->a, pair->key->text);
	return compile(o, pair->value, TEMPLATE_HEADER, &ret->value);
}

static int open_headers(const struct generic_opening *o)
{
	struct generic_out *g = &o->g->out;
	struct generic_header *v;
	int rc = 0;

	if (g->bearer.n > 0)
		g->authorization = arena_printf(
			o->a, "Bearer " STR_FMT, STR_ARG(g->bearer));
	if (g->headers == NULL || node_is_null(g->headers))
		return 0;
	if (g->headers->kind != NODE_MAP)
		return node_error(
			g->headers, o->d, "headers are a map: {X-Api-Key: …}");
	v = ARENA_ARRAY(o->a, struct generic_header, g->headers->n);
	for (size_t i = 0; i < g->headers->n; i++)
		if (open_header(o, &g->headers->pairs[i], &v[i]) != 0)
			rc = -1;
	g->header = v;
	g->headers_n = g->headers->n;
	return rc;
}

/* How an answer is read. */
static int open_answer(const struct generic_opening *o, const struct node *out)
{
	struct generic_out *g = &o->g->out;
	const struct node *success = node_get(out, "success");
	int rc = generic_open_path(
		o, g->ref, node_get(out, "ref"), &g->ref_path);

	if (generic_open_path(
		    o, g->error, node_get(out, "error"), &g->error_path) != 0)
		rc = -1;
	if (generic_open_path(o, g->success_path, node_get(success, "path"),
		    &g->success_at) != 0)
		rc = -1;
	if ((g->success_at != NULL) != (g->success_values.n > 0) && rc == 0)
		rc = node_error(success, o->d,
			"success takes a path and the values there that mean "
			"taken: {path: status, values: [\"0\"]}");
	if (g->success_retry.n > 0 && g->success_at == NULL && rc == 0)
		rc = node_error(success, o->d, "retry needs a path, too");
	if (g->ref_before.n > 0 && g->ref_after.n == 0)
		rc = node_error(node_get(out, "ref_before"), o->d,
			"ref_before needs a ref_after");
	return rc;
}

/* Into the arena; -1: longer than any provider would take. */
static int render(const struct template *t, const struct provider_outgoing *o,
	struct arena *a, struct str *ret)
{
	struct buf b;
	int rc = -1;

	buf_init(&b, CALL_MAX);
	template_render(t, o, a, &b);
	if (!b.over) {
		*ret = arena_str(a, b.n > 0 ? buf_str(&b) : STR(""));
		rc = 0;
	}
	buf_release(&b);
	return rc;
}

/* Is what the body becomes JSON, as its type says? With a text that any
 * quoting has to bear. */
static void check_json(const struct generic_opening *o, const struct node *body)
{
	const struct generic_out *g = &o->g->out;
	const struct provider_outgoing sample = {
		.id = 1,
		.id_text = STR("o1.1"),
		.to = STR("+84912345678"),
		.from = STR("8088"),
		.text = STR("\"Hop\" \\ 5/11\n"),
		.report_url = STR("https://sms.example.vn/dlr/a/b?o=o1.1"),
	};
	struct err err;
	struct jdoc *doc;
	struct str s;

	if (generic_context(g->type) != TEMPLATE_JSON ||
		render(g->body_template, &sample, o->a, &s) != 0)
		return;
	doc = jdoc_parse_foreign(s, &err);
	if (doc == NULL)
		node_warn(body, o->d,
			"a text makes no JSON of this, and type says that it "
			"is: %s; texts stand in quotes, as \"{text}\"",
			err.text);
	jdoc_free(doc);
}

static void check_words(const struct generic_opening *o, const struct node *out)
{
	const struct generic_out *g = &o->g->out;
	const struct template *body = g->body_template;
	const struct node *at = node_get(out, body != NULL ? "body" : "url");

	if (!template_has_number(g->url_template) &&
		(body == NULL || !template_has_number(body)))
		node_warn(at, o->d,
			"neither url nor body has a {to}: the provider does "
			"not learn whom a text is for");
	if (!template_has_text(g->url_template) &&
		(body == NULL || !template_has_text(body)))
		node_warn(at, o->d,
			"neither url nor body has a {text}: texts leave "
			"without a word");
}

int generic_open_send(const struct generic_opening *o, const struct node *out)
{
	struct generic_out *g = &o->g->out;
	int rc = open_url(o, out);

	if (open_body(o, out) != 0)
		rc = -1;
	if (g->bearer.n > 0 && g->username.n > 0)
		rc = node_error(node_get(out, "bearer"), o->d,
			"a send logs in by bearer, or by username and "
			"password, not by both");
	if (open_headers(o) != 0)
		rc = -1;
	if (open_answer(o, out) != 0)
		rc = -1;
	if (rc != 0)
		return -1;
	check_words(o, out);
	if (g->body_template != NULL)
		check_json(o, node_get(out, "body"));
	return 0;
}

/* ---- sending ---- */

static int add_headers(const struct generic_out *g,
	const struct provider_outgoing *o, struct arena *a,
	struct provider_call *call)
{
	struct provider_header *v =
		ARENA_ARRAY(a, struct provider_header, g->headers_n + 1);
	size_t n = 0;

	for (; n < g->headers_n; n++) {
		v[n].name = g->header[n].name;
		if (render(g->header[n].value, o, a, &v[n].value) != 0)
			return -1;
	}
	if (g->authorization.n > 0)
		v[n++] = (struct provider_header){
			STR("Authorization"), g->authorization};
	call->headers = v;
	call->headers_n = n;
	return 0;
}

int generic_build_send(const void *state, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct generic_out *g = &((const struct generic *)state)->out;
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
	if (add_headers(g, o, a, &call) != 0)
		return err_set(
			err, "a header would be over %zu bytes", CALL_MAX);
	*ret = call;
	return 0;
}
