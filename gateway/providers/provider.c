/*
 * provider - which providers are there, and what do they have in common?
 *
 * The table of providers, one line each, and the parts of HTTP that all of
 * them read alike: headers, Retry-After, and the verdict of a status code when
 * the provider has nothing better to say. Pure; owns nothing.
 */
#include "gateway/providers/provider.h"

#include "gateway/providers/mo.h"
#include "gateway/providers/providers.h"

#include <time.h>

#define RETRY_AFTER_MAX_S INT64_C(86400)
#define WHY_BODY_MAX 120

const struct provider *const provider_table[] = {
	&provider_advanta,
	&provider_africastalking,
	&provider_console,
	&provider_esms,
	&provider_gammu,
	&provider_generic,
	&provider_hubtel,
	&provider_infobip,
	&provider_jasmin,
	&provider_kannel,
	&provider_nalo,
	&provider_smsgate,
	&provider_smstools,
	&provider_speedsms,
	&provider_twilio,
	&provider_vonage,
};
const size_t provider_table_n =
	sizeof(provider_table) / sizeof(provider_table[0]);

const struct provider *provider_find(struct str name)
{
	size_t i;

	for (i = 0; i < provider_table_n; i++)
		if (str_is(name, provider_table[i]->name))
			return provider_table[i];
	return NULL;
}

struct str provider_request_header(
	const struct provider_request *r, const char *name)
{
	const struct str want = str_of(name);
	size_t i;

	for (i = 0; i < r->headers_n; i++)
		if (str_ieq(r->headers[i].name, want))
			return r->headers[i].value;
	return (struct str){NULL, 0};
}

const struct node *provider_key(
	const struct config_channel *c, const char *a, const char *b)
{
	const struct node *at = node_get(c->node, a);

	if (at == NULL && b != NULL)
		at = node_get(c->node, b);
	return at != NULL ? at : c->node;
}

bool provider_takes_method(const struct provider *p, const void *state,
	const struct provider_request *r)
{
	bool (*takes)(const void *state, const struct provider_request *r) =
		r->ussd ? p->ussd->takes_method : p->takes_method;

	return takes != NULL ? takes(state, r) : str_is(r->method, "POST");
}

bool provider_serves_ussd(const struct provider *p, const void *state)
{
	return p->ussd != NULL &&
	       (p->ussd->serves == NULL || p->ussd->serves(state));
}

bool provider_takes_reports(const struct provider *p, const void *state)
{
	return p->parse_dlr != NULL &&
	       (p->takes_reports == NULL || p->takes_reports(state));
}

bool provider_can_send(const struct provider *p, const void *state)
{
	return p->can_send &&
	       (p->can_send_now == NULL || p->can_send_now(state));
}

bool provider_takes_our_id(const struct provider *p, const void *state)
{
	return p->takes_our_id_now != NULL ? p->takes_our_id_now(state)
					   : p->takes_our_id;
}

static int64_t capped_s(int64_t s)
{
	if (s < 0)
		return 0;
	return s < RETRY_AFTER_MAX_S ? s : RETRY_AFTER_MAX_S;
}

int64_t provider_retry_after(const struct provider_response *r)
{
	const struct str s = str_trim(r->retry_after);
	struct tm tm = {0};
	const char *end;
	char z[40];
	int64_t v;

	if (s.n == 0 || s.n >= sizeof(z))
		return -1;
	if (str_to_i64(s, &v) == 0)
		return capped_s(v);
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	end = strptime(z, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	if (end == NULL || *end != '\0')
		return -1;
	return capped_s((int64_t)timegm(&tm) - r->now_ms / 1000);
}

static enum provider_verdict_kind kind_of(const struct provider_response *r)
{
	switch (r->status) {
	case 0:
		return r->unsent ? PROVIDER_TEMPORARY : PROVIDER_UNKNOWN;
	case 401:
	case 403:
	case 404:
	case 405:
	case 407:
	case 408:
		return PROVIDER_TEMPORARY;
	case 429:
	case 503:
		return PROVIDER_THROTTLED;
	case 504:
		return PROVIDER_UNKNOWN;
	default:
		break;
	}
	if (r->status >= 200 && r->status < 300)
		return PROVIDER_OK;
	return r->status >= 400 && r->status < 500 ? PROVIDER_PERMANENT
						   : PROVIDER_TEMPORARY;
}

static const char *hint(const struct provider_response *r)
{
	switch (r->status) {
	case 401:
	case 403:
	case 407:
		return ": wrong user name, password or key in our "
		       "configuration";
	case 404:
	case 405:
		return ": wrong url in our configuration?";
	default:
		return r->status >= 300 && r->status < 400
			       ? ": a redirect, which is not followed"
			       : "";
	}
}

/* The start of what the provider said, on one line. */
static struct str said(const struct provider_response *r, struct arena *a)
{
	const struct str part = str_trim(str_part(r->body, 0, WHY_BODY_MAX));
	struct str clean;
	char *p;
	size_t i;

	if (part.n == 0)
		return STR("");
	clean = mo_clean(part, a);
	p = arena_alloc(a, clean.n);
	memcpy(p, clean.p, clean.n);
	for (i = 0; i < clean.n; i++)
		if ((unsigned char)p[i] < ' ')
			p[i] = ' ';
	return arena_printf(a, " (%.*s)", (int)clean.n, p);
}

struct provider_verdict provider_verdict_http(
	const struct provider_response *r, struct arena *a)
{
	struct provider_verdict v = {
		.kind = kind_of(r),
		.retry_after_s = provider_retry_after(r),
	};

	if (v.kind == PROVIDER_OK)
		v.why = arena_printf(a, "accepted, %d", r->status);
	else if (r->status == 0)
		v.why = arena_printf(a, "%s: " STR_FMT,
			r->unsent ? "not reached" : "no answer",
			STR_ARG(r->why.n > 0 ? r->why : STR("reason unknown")));
	else
		v.why = arena_printf(a, "answered %d%s" STR_FMT, r->status,
			hint(r), STR_ARG(said(r, a)));
	return v;
}
