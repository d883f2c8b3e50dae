/*
 * broadcast - the next texts of a broadcast.
 *
 * Each errand queues the texts of one minute, in the order of phones, notes
 * how far it came and plans the next one; all in one transaction, so that a
 * crash neither loses nor doubles any. A text's key is broadcast:ID and the
 * phone. Who opted out meanwhile gets none. Writer thread.
 */
#include "gateway/store/broadcast.h"
#include "gateway/broadcasts.h"
#include "gateway/errands/kinds.h"
#include "gateway/window.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define AT_ONCE ((size_t)200)     /* without broadcast.per_minute */
#define LOOKED_MAX ((size_t)5000) /* phones in one transaction */

struct sending {
	struct errand_run *r;
	const struct broadcast *b;
	struct broadcasting of;
	struct errand as; /* the errand, with the run id of all its texts */
	size_t max, queued, looked;
	struct str after;
	bool more;
};

static int plan(struct store *s, struct arena *a, const struct broadcast *b,
	int64_t due_at)
{
	struct errand e = {
		.kind = ERRAND_BROADCAST,
		.run_id = arena_printf(a, "broadcast:%lld:%lld",
			(long long)b->id, (long long)due_at),
		.due_at = due_at,
		.unit_id = b->unit_id,
		.subject = b->id,
	};

	return errand_put(s, &e);
}

int broadcast_plan(struct store *s, const struct errands_input *in, int64_t id)
{
	struct broadcast b;
	int rc = broadcast_find(s, id, in->arena, &b);

	return rc <= 0 ? rc : plan(s, in->arena, &b, in->now_ms);
}

static int send_one(struct sending *w, const struct audience_phone *p)
{
	const struct config *c = w->r->config;
	struct errand_text t = {
		.to = p->phone,
		.language = p->language,
		.text = w->b->text,
		.lane = "bulk",
		.valid_until =
			w->b->created_at + c->outbox.bulk_valid_h * HOUR_MS,
	};

	w->queued++;
	return errand_send(w->r, &w->as, &t);
}

static int send_page(struct sending *w)
{
	struct audience_phones page;

	if (broadcasting_next(&w->of, w->after, w->max, &page) != 0)
		return -1;
	w->more = page.n == w->max;
	for (size_t i = 0; i < page.n; i++) {
		if (w->queued == w->max) {
			w->more = true;
			return 0;
		}
		w->looked++;
		w->after = page.v[i].phone;
		if (broadcasting_takes(&w->of, &page.v[i], NULL) &&
			send_one(w, &page.v[i]) != 0)
			return -1;
	}
	return 0;
}

static int send_some(
	struct errand_run *r, const struct errand *e, const struct broadcast *b)
{
	int64_t per_minute = r->config->broadcast.per_minute;
	struct sending w = {
		.r = r,
		.b = b,
		.of = {r->s, r->in->settings, r->in->arena, r->in->now_ms,
			b->unit_id, b->to, b->text},
		.as = *e,
		.max = per_minute > 0 ? (size_t)per_minute : AT_ONCE,
		.after = b->after,
		.more = true,
	};
	bool ended;

	w.as.run_id =
		arena_printf(r->in->arena, "broadcast:%lld", (long long)b->id);
	while (w.more && w.queued < w.max && w.looked < LOOKED_MAX)
		if (send_page(&w) != 0)
			return -1;
	if (broadcast_move(r->s, b->id, w.after, (int64_t)w.queued) != 0)
		return -1;
	if (!w.more)
		return broadcast_end(
			r->s, b->id, "done", r->in->now_ms, &ended);
	/* Later than this one in any case: that names the next. */
	return plan(r->s, r->in->arena, b,
		r->in->now_ms +
			(per_minute > 0 && w.queued > 0 ? MINUTE_MS : 1));
}

int errand_broadcast(
	struct errand_run *r, const struct errand *e, const char **why)
{
	int64_t opens = window_opens_at(r->config, r->in->now_ms), valid;
	struct broadcast b;
	int rc = broadcast_find(r->s, e->subject, r->in->arena, &b);
	bool ended;

	if (rc < 0)
		return -1;
	if (rc == 0 || !str_is(b.state, "running")) {
		*why = "it has ended";
		return 0;
	}
	valid = b.created_at + r->config->outbox.bulk_valid_h * HOUR_MS;
	if (opens >= valid) {
		*why = "too late to be of use";
		return broadcast_end(
			r->s, b.id, "expired", r->in->now_ms, &ended);
	}
	if (opens > r->in->now_ms)
		return plan(r->s, r->in->arena, &b, opens);
	return send_some(r, e, &b);
}
