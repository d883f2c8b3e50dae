/*
 * generic - any HTTP API, by configuration alone.
 *
 * `inbound` says where in a call the parts of a message stand and what makes
 * it authentic (generic_auth.c), `dlr` the same of delivery reports
 * (generic_report.c); `outbound` has templates for a send and says what
 * answer counts as taken (generic_send.c, generic_answer.c); `ussd` maps a
 * session (generic_ussd.c). A channel without one of them does not do that.
 * Pure; all state is in the configuration's arena and was made by
 * generic_open.c.
 */
#include "gateway/providers/generic.h"

#include "gateway/providers/providers.h"
#include "gateway/providers/ussd.h"

static void parse_inbound(const void *state, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out)
{
	const struct generic *g = state;

	fieldmap_read(&g->in.map, r, a, out);
}

static bool takes_reports(const void *state)
{
	const struct generic *g = state;

	return g->dlr.on;
}

static bool takes_method(const void *state, const struct provider_request *r)
{
	const struct generic *g = state;
	const enum record_source source =
		r->dlr ? g->dlr.map.source : g->in.map.map.source;

	return str_is(r->method, "POST") ||
	       (source == RECORD_QUERY && str_is(r->method, "GET"));
}

static bool can_send_now(const void *state)
{
	const struct generic *g = state;

	return g->out.url_template != NULL;
}

static bool takes_our_id_now(const void *state)
{
	const struct generic *g = state;

	return g->out.idempotent;
}

static struct provider_answer answer(
	const void *state, const struct provider_inbound *in, struct arena *a)
{
	const struct generic *g = state;
	const struct generic_reply *reply =
		in->event == PROVIDER_REPORTS ? &g->dlr.reply : &g->in.reply;

	(void)a;
	return (struct provider_answer){
		.status = (int)reply->status,
		.content_type = reply->content_type,
		.body = reply->body,
	};
}

const struct provider provider_generic = {
	.name = "generic",
	.help = "any HTTP API, by field maps and templates",
	.options = generic_options,
	.options_n = GENERIC_OPTIONS_N,
	.state_size = sizeof(struct generic),
	.can_receive = true,
	.can_send = true,
	.open = generic_open,
	.verify = generic_verify,
	.is_proven = generic_is_proven,
	.signs_url = generic_signs_url,
	.parse_inbound = parse_inbound,
	.parse_dlr = generic_parse_dlr,
	.takes_reports = takes_reports,
	.takes_method = takes_method,
	.can_send_now = can_send_now,
	.takes_our_id_now = takes_our_id_now,
	.answer = answer,
	.build_send = generic_build_send,
	.parse_send_response = generic_parse_send_response,
	.ussd = &ussd_generic,
};
