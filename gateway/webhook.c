/*
 * webhook - a provider calls: who is it, and what is it told?
 *
 * channel and token → verify (raw bytes) → inlet; the answer is given when
 * what was brought is committed. 2xx only then; 503 with Retry-After when the
 * fault is ours; 4xx only for what would be refused the next time too. Loop
 * thread. Everything lives in the exchange's arena.
 */
#include "gateway/webhook.h"

#include "gateway/base/cidr.h"
#include "gateway/base/log.h"

struct hook {
	struct inlet inlet; /* first */
	struct http_exchange *x;
};

/* For the console's users: what went back, a line each. */
static struct str replies_of(const struct inlet *in)
{
	struct str all = STR("");

	for (size_t i = 0; in->results != NULL && i < in->in.n; i++)
		if (in->results[i].reply.p != NULL)
			all = arena_printf(in->arena, STR_FMT STR_FMT "\n",
				STR_ARG(all), STR_ARG(in->results[i].reply));
	return all;
}

/* The provider's own words for "received". */
static struct http_answer received(const struct inlet *in)
{
	const struct provider *p = in->channel->provider;
	struct provider_answer pa = {.status = 200};

	if (p->answer != NULL)
		pa = p->answer(in->channel->state, &in->in, in->arena);
	if (p->shows_reply)
		pa.body = replies_of(in);
	return (struct http_answer){
		.status = pa.status,
		.content_type = pa.content_type,
		.body = pa.body,
	};
}

static struct http_answer answer_of(
	const struct inlet *in, enum inlet_fate fate)
{
	switch (fate) {
	case INLET_STORED:
		return received(in);
	case INLET_UNREADABLE:
		return (struct http_answer){
			.status = 400,
			.body = arena_printf(
				in->arena, "%s\n", in->in.err.text),
		};
	default:
		return (struct http_answer){
			.status = 503,
			.body = STR("Service Unavailable\n"),
			.retry_after_s = 5,
		};
	}
}

/* Answers and forgets: the hook is gone afterwards. */
static void on_ended(struct inlet *in, enum inlet_fate fate)
{
	struct settings *settings = in->settings;
	struct http_answer a = answer_of(in, fate);

	if (a.status == 503)
		metrics_add(in->env->metrics, METRIC_HTTP_BUSY, 1);
	http_answer(((struct hook *)in)->x, &a);
	settings_unref(settings); /* the answer may be its provider's words */
}

/* Does the channel, as it is configured, have this path? */
static bool has_path(const struct channel *c, const struct provider_request *r,
	enum webhook_way way)
{
	switch (way) {
	case WEBHOOK_IN:
		return c->provider->can_receive;
	case WEBHOOK_DLR:
		return provider_takes_reports(c->provider, c->state);
	case WEBHOOK_USSD:
		return provider_serves_ussd(c->provider, c->state) &&
		       (r->rest.n == 0 || c->provider->ussd->takes_rest);
	}
	return false;
}

/* 0: go on; else the status to answer. */
static int status_of(const struct channel *c, const struct provider_request *r,
	const struct webhook_path *path)
{
	if (c == NULL || !has_path(c, r, path->way))
		return 404;
	if (!provider_takes_method(c->provider, c->state, r))
		return 405;
	if (c->config->allow_n > 0 &&
		!cidr_has(c->config->allow, c->config->allow_n, r->peer))
		return 401;
	if (!digest_same(c->config->token, path->token))
		return 401;
	return c->provider->verify(c->state, r) == PROVIDER_VERIFY_OK ? 0 : 401;
}

const struct channel *webhook_admit(const struct inlet_env *env,
	struct http_exchange *x, const struct webhook_path *path)
{
	const struct channel *c =
		settings_channel(env->settings, path->channel);
	int status;

	x->request.dlr = path->way == WEBHOOK_DLR;
	x->request.ussd = path->way == WEBHOOK_USSD;
	status = status_of(c, &x->request, path);
	if (status == 0)
		return c;
	if (status == 401) {
		metrics_add(env->metrics, METRIC_HTTP_REFUSED, 1);
		log_warn("callback_refused", LOG_S("channel", path->channel),
			LOG_S("peer", x->request.peer));
	}
	http_answer_status(x, status);
	return NULL;
}

void webhook_handle(struct inlet_env *env, struct http_exchange *x,
	const struct webhook_path *path)
{
	const struct channel *c = webhook_admit(env, x, path);
	struct hook *h;

	if (c == NULL)
		return;
	h = ARENA_NEW(x->arena, struct hook);
	h->x = x;
	h->inlet = (struct inlet){
		.env = env,
		.channel = c,
		.settings = settings_ref(env->settings),
		.request = &x->request,
		.arena = x->arena,
		.ended = on_ended,
	};
	inlet_enter(&h->inlet);
}
