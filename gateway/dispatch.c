/*
 * dispatch - which channel takes this text, and what does its answer mean?
 *
 * Back-off doubles with each attempt and is spread by a hash of row and
 * attempt, so that a crowd that failed together does not come back together;
 * nothing has to be remembered for it. An answer that never came (UNKNOWN) is
 * tried again only where that is harmless: a reply, or a provider that knows
 * the text by our id (design.md §2.3).
 */
#include "gateway/dispatch.h"

#include "gateway/base/form.h"
#include "gateway/model/message.h"
#include "gateway/store/own_id.h"
#include "gateway/window.h"
#include "parsers/segment.h"

#define HOUR_MS INT64_C(3600000)

const struct channel *dispatch_channel(
	const struct dispatch_view *v, const struct outbox_row *row)
{
	const struct settings *set = v->settings;
	const struct channel *own = settings_channel(set, row->channel);
	const struct channel *first =
		settings_channel_for(set, row->channel, row->to);

	if (row->bound && own != NULL)
		return own;
	if (first == NULL || !v->away[first->index])
		return first;
	for (size_t i = 0; i < set->channels_n; i++)
		if (!v->away[i] && channel_reaches(&set->channels[i], row->to))
			return &set->channels[i];
	return first; /* all are away: its own is probed */
}

/* Nobody asked for it, and its time is long past. */
static bool is_late(const struct dispatch_view *v, const struct outbox_row *row)
{
	const struct config *cfg = v->settings->config;
	int64_t late_h = str_is(row->lane, "bulk") ? cfg->outbox.bulk_late_h
						   : cfg->outbox.urgent_late_h;

	if (outbox_is_reply(row) || late_h == 0)
		return false;
	return v->now_ms - window_opens_at(cfg, row->planned_at) >
	       late_h * HOUR_MS;
}

static void end(
	struct outbox_decision *ret, enum outbox_state state, const char *why)
{
	ret->fate = OUTBOX_END;
	ret->state = state;
	ret->why = why;
}

void dispatch_decide(
	void *arg, const struct outbox_row *row, struct outbox_decision *ret)
{
	const struct dispatch_view *v = arg;
	const struct channel *to = dispatch_channel(v, row);
	bool own = str_eq(row->channel, v->by->name);
	const struct channel *had = settings_channel(v->settings, row->channel);

	if (row->bound && (had == NULL || !channel_can_send(had))) {
		end(ret, OUTBOX_UNSURE,
			"its channel is gone, and may have "
			"sent it");
		return;
	}
	if (is_late(v, row)) {
		end(ret, OUTBOX_HELD, "too late to leave by itself");
	} else if (to == NULL) {
		end(ret, OUTBOX_FAILED, "no channel reaches the number");
	} else if (to != v->by && !(own && v->away[v->by->index])) {
		/* Of those that are away each channel takes its own. */
		ret->fate = own ? OUTBOX_GIVE : OUTBOX_LEAVE;
		ret->channel = to->name;
	}
}

#define URL_MAX ((size_t)2048)

/*
 * /dlr/CHANNEL/TOKEN?o=ID: in the path, the names that configuration allows;
 * in the query, an id that holds colons.
 */
static struct str report_url(
	const struct dispatch *d, struct str id_text, struct arena *a)
{
	struct str base = d->base_url;
	struct str url = {NULL, 0};
	struct buf b;

	if (!provider_takes_reports(d->channel->provider, d->channel->state) ||
		base.n == 0)
		return url;
	while (str_ends(base, STR("/")))
		base.n--;
	buf_init(&b, URL_MAX);
	buf_put(&b, base);
	buf_putz(&b, "/dlr/");
	form_escape(&b, d->channel->name);
	if (d->channel->config->token.n > 0)
		buf_putz(&b, "/");
	form_escape(&b, d->channel->config->token);
	buf_putz(&b, "?o=");
	form_escape(&b, id_text);
	if (!b.over)
		url = arena_str(a, buf_str(&b));
	buf_release(&b);
	return url;
}

struct provider_outgoing dispatch_outgoing(
	const struct dispatch *d, struct arena *a)
{
	const struct channel *c = d->channel;
	const struct outbox_row *row = d->row;
	const struct str *own = c->config->numbers.v;
	struct segments segments;
	struct provider_outgoing o = {
		.id = row->id,
		.id_text = own_id_text(row, a),
		.to = row->to,
		.from = c->config->numbers.n > 0 ? own[0]
						 : (struct str){NULL, 0},
		.text = segment_fold(row->text, c->config->fold, a),
		.is_reply = outbox_is_reply(row),
		.valid_s = (row->valid_until - d->now_ms) / 1000,
	};

	segments = segment_count(o.text);
	o.ucs2 = segments.ucs2;
	o.segments = (size_t)segments.n;
	o.report_url = report_url(d, o.id_text, a);
	return o;
}

int dispatch_build(const struct dispatch *d, const struct provider_outgoing *o,
	struct arena *a, struct provider_call *ret, struct err *err)
{
	const struct channel *c = d->channel;

	*ret = (struct provider_call){.method = "POST"};
	if (c->provider->build_send(c->state, o, a, ret, err) != 0)
		return -1;
	ret->ca = c->ca;
	return 0;
}

static int64_t back_off_ms(
	const struct config *cfg, const struct outbox_row *row)
{
	int64_t base = cfg->outbox.retry_base_s * 1000;
	int64_t max = cfg->outbox.retry_max_s * 1000;
	int64_t least, most;
	int64_t key[2] = {row->id, row->attempts};
	uint64_t h = str_hash((struct str){(const char *)key, sizeof(key)});

	for (int i = 1; i < row->attempts && base < max; i++)
		base *= 2;
	if (base > max)
		base = max;
	/* 75 to 125 per cent, and never past the cap */
	least = base * 3 / 4;
	most = base * 5 / 4 < max ? base * 5 / 4 : max;
	return least + (int64_t)(h % (uint64_t)(most - least + 1));
}

static void try_again(const struct config *cfg, const struct outbox_row *row,
	const struct provider_verdict *v, struct outbox_result *ret)
{
	int64_t wait = back_off_ms(cfg, row);

	int64_t asked = v->retry_after_s < cfg->outbox.retry_after_max_s
				? v->retry_after_s
				: cfg->outbox.retry_after_max_s;

	if (asked * 1000 > wait)
		wait = asked * 1000;
	ret->state = OUTBOX_QUEUED;
	ret->due_at = ret->at_ms + wait;
	if (v->kind == PROVIDER_THROTTLED ||
		row->attempts < cfg->outbox.max_attempts)
		return;
	/* "Failed" would say that it was not sent. */
	ret->state = v->kind == PROVIDER_UNKNOWN || row->bound ? OUTBOX_UNSURE
							       : OUTBOX_FAILED;
}

void dispatch_judge(const struct channel *c, const struct config *cfg,
	const struct outbox_row *row, const struct provider_verdict *v,
	struct outbox_result *ret)
{
	bool harmless = provider_takes_our_id(c->provider, c->state) ||
			outbox_is_reply(row);

	ret->id = row->id;
	ret->channel = c->name;
	ret->ref = v->ref;
	ret->why = v->why;
	switch (v->kind) {
	case PROVIDER_OK:
		ret->state = OUTBOX_SENT;
		return;
	case PROVIDER_PERMANENT:
		ret->state = OUTBOX_FAILED;
		ret->opted_out = v->opted_out;
		return;
	case PROVIDER_UNKNOWN:
		if (!harmless) {
			ret->state = OUTBOX_UNSURE;
			return;
		}
		ret->bound = !outbox_is_reply(row);
		break;
	case PROVIDER_TEMPORARY:
	case PROVIDER_THROTTLED:
		break;
	}
	try_again(cfg, row, v, ret);
}

void dispatch_others(const struct settings *set, const struct channel *c,
	const struct outbox_row *row, struct arena *a,
	struct outbox_result *ret)
{
	struct str *v = ARENA_ARRAY(a, struct str, set->channels_n);

	ret->others = v;
	ret->others_n = 0;
	if (row->bound)
		return;
	for (size_t i = 0; i < set->channels_n; i++)
		if (&set->channels[i] != c &&
			channel_reaches(&set->channels[i], row->to))
			v[ret->others_n++] = set->channels[i].name;
}
