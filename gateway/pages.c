/*
 * pages - is it alive, is it ready, what has it done?
 *
 * /healthz is the loop's own word. /readyz and /metrics ask the reader thread
 * (so that a slow disk is seen, and delays nothing) and name the failing part
 * with 503. /metrics and the details of failures go to loopback or to the
 * bearer of metrics_token only.
 */
#include "gateway/pages.h"

#include "gateway/base/digest.h"
#include "gateway/store/outbox.h"

#define METRICS_MAX ((size_t)1 << 20)
#define READY_MAX ((size_t)65536)

struct look {
	struct job job; /* first */
	struct pages_env *env;
	struct http_exchange *x;
	struct outbox_counts counts;
};

static void answer_text(struct http_exchange *x, int status, struct str text)
{
	http_answer(x, &(struct http_answer){.status = status,
			       .content_type = "text/plain; version=0.0.4; "
					       "charset=utf-8",
			       .body = text,
			       .retry_after_s = status == 503 ? 5 : 0});
}

static bool is_privileged(
	const struct pages_env *env, const struct provider_request *r)
{
	struct str token = env->settings->config->metrics_token;
	struct str given = provider_request_header(r, "Authorization");

	if (token.n > 0 && str_starts(given, STR("Bearer ")) &&
		digest_same(str_from(given, 7), token))
		return true;
	return str_starts(r->peer, STR("127.")) || str_is(r->peer, "::1") ||
	       str_starts(r->peer, STR("::ffff:127."));
}

static int on_count(struct job *j, struct store *s)
{
	return outbox_counts(s, &((struct look *)j)->counts);
}

static const char *failing_part(const struct look *l)
{
	if (l->env->stopping)
		return "stopping";
	if (l->job.status != JOB_OK)
		return "reader: the database cannot be read";
	if (!writer_is_well(l->env->writer))
		return "writer: the database cannot be written";
	return NULL;
}

/* A channel that is down does not make the gateway unready: texts come in,
 * and those that go out wait. */
static void answer_ready(const struct look *l)
{
	struct buf b;

	buf_init(&b, READY_MAX);
	buf_putz(&b, "ready\n");
	if (l->env->sender != NULL && is_privileged(l->env, &l->x->request))
		sender_tell(l->env->sender, &b);
	if (l->env->modems != NULL && is_privileged(l->env, &l->x->request))
		modems_tell(l->env->modems, &b);
	answer_text(l->x, 200, arena_str(l->x->arena, buf_str(&b)));
	buf_release(&b);
}

static void on_ready(struct job *j)
{
	struct look *l = (struct look *)j;
	const char *part = failing_part(l);

	if (part == NULL)
		answer_ready(l);
	else if (is_privileged(l->env, &l->x->request))
		answer_text(l->x, 503,
			arena_printf(l->x->arena, "not ready: %s\n", part));
	else
		answer_text(l->x, 503, STR("not ready\n"));
}

static void print_outbox(const struct look *l, struct buf *b)
{
	buf_putz(b, "# HELP bantin_outbox_texts MT texts that wait or stick\n"
		    "# TYPE bantin_outbox_texts gauge\n");
	for (int i = 0; i < OUTBOX_STATE_N; i++)
		if (i != OUTBOX_SENT && i != OUTBOX_DELIVERED)
			buf_putf(b, "bantin_outbox_texts{state=\"%s\"} %lld\n",
				outbox_state_str(i),
				(long long)l->counts.by_state[i]);
}

static void on_metrics(struct job *j)
{
	struct look *l = (struct look *)j;
	struct buf b;

	buf_init(&b, METRICS_MAX);
	metrics_print(l->env->metrics, &b);
	if (j->status == JOB_OK)
		print_outbox(l, &b);
	if (l->env->sender != NULL)
		sender_print(l->env->sender, &b);
	if (l->env->modems != NULL)
		modems_print(l->env->modems, &b);
	answer_text(l->x, 200, arena_str(l->x->arena, buf_str(&b)));
	buf_release(&b);
}

static void look_up(struct pages_env *env, struct http_exchange *x,
	void (*done)(struct job *j))
{
	struct look *l = ARENA_NEW(x->arena, struct look);

	l->env = env;
	l->x = x;
	l->job.run = on_count;
	l->job.done = done;
	if (reader_post(env->reader, &l->job) != 0)
		answer_text(x, 503, STR("not ready: reader: busy\n"));
}

/* True: it may be read by this method; else it was answered. */
static bool is_read(struct http_exchange *x)
{
	if (str_is(x->request.method, "GET") ||
		str_is(x->request.method, "HEAD"))
		return true;
	http_answer_status(x, 405);
	return false;
}

bool pages_health(struct pages_env *env, struct http_exchange *x)
{
	bool healthz = str_is(x->path, "/healthz");

	if (!healthz && !str_is(x->path, "/readyz"))
		return false;
	if (!is_read(x))
		return true;
	if (healthz)
		answer_text(x, 200, STR("ok\n"));
	else
		look_up(env, x, on_ready);
	return true;
}

bool pages_handle(struct pages_env *env, struct http_exchange *x)
{
	if (!str_is(x->path, "/metrics"))
		return false;
	if (!is_read(x))
		return true;
	if (is_privileged(env, &x->request))
		look_up(env, x, on_metrics);
	else
		http_answer_status(x, 401);
	return true;
}
