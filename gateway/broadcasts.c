/*
 * broadcasts - who gets a text to many, and what does that take?
 *
 * Left out are, each counted once and by the first that fits: who opted out,
 * has not agreed, had the day's unasked texts, is reached by no channel. Time
 * is what broadcast.per_minute and the first channel's limits leave, of which
 * such texts take three quarters, inside the send window. Holds no state.
 */
#include "gateway/broadcasts.h"

#include "gateway/window.h"
#include "handlers/render.h"
#include "parsers/segment.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define PAGE_MAX ((size_t)500)
#define DAYS_MAX 400                    /* what takes longer ends there */
#define HOURLY_MAX (3600 * INT64_C(10)) /* without any limit */

static const struct channel *channel_of(const struct broadcasting *b)
{
	for (size_t i = 0; i < b->settings->channels_n; i++)
		if (channel_can_send(&b->settings->channels[i]))
			return &b->settings->channels[i];
	return NULL;
}

struct str broadcasting_text(const struct broadcasting *b)
{
	const struct channel *c = channel_of(b);

	return c == NULL ? b->text
			 : segment_fold(b->text,
				   (enum fold_policy)c->config->fold, b->arena);
}

static struct audience_query query_of(const struct broadcasting *b)
{
	return (struct audience_query){
		.unit_id = b->unit_id,
		.to = b->to.n > 0 ? b->to : STR("secretaries"),
		.on = day_of_ms(
			b->now_ms, (int)b->settings->config->utc_offset * 60),
		.since_ms = b->now_ms - DAY_MS,
		.after = STR(""),
		.max = PAGE_MAX,
	};
}

int broadcasting_next(const struct broadcasting *b, struct str after,
	size_t max, struct audience_phones *ret)
{
	struct audience_query q = query_of(b);

	q.after = after;
	q.max = max;
	return audience_phones(b->s, &q, b->arena, ret);
}

bool broadcasting_takes(const struct broadcasting *b,
	const struct audience_phone *p, struct audience_ref *left)
{
	struct audience_ref unused = {0};
	struct audience_ref *l = left != NULL ? left : &unused;
	int64_t cap = b->settings->config->send.unasked_per_day;

	if (p->opted_out)
		l->opted_out++;
	else if (!p->consents)
		l->no_consent++;
	else if (cap > 0 && p->unasked >= cap)
		l->capped++;
	else if (settings_channel_for(
			 b->settings, (struct str){NULL, 0}, p->phone) == NULL)
		l->unreachable++;
	else
		return true;
	return false;
}

/* ---- how long it takes ---- */

static void lower(int64_t *rate, int64_t limit)
{
	if (limit > 0 && limit < *rate)
		*rate = limit;
}

/* Texts in an hour in which the window is open. */
static int64_t hourly(const struct broadcasting *b)
{
	const struct config *c = b->settings->config;
	const struct channel *ch = channel_of(b);
	int64_t rate = HOURLY_MAX;

	lower(&rate, c->broadcast.per_minute * 60);
	if (ch != NULL) {
		const struct config_limits *l = &ch->config->limits;
		int64_t open = (c->window_to - c->window_from) / 60;

		lower(&rate, l->per_second * 3600 * 3 / 4);
		lower(&rate, l->per_hour * 3 / 4);
		lower(&rate, l->per_day * 3 / 4 / (open > 0 ? open : 1));
	}
	return rate > 0 ? rate : 1;
}

static int64_t finish(const struct broadcasting *b, int64_t people)
{
	const struct config *c = b->settings->config;
	int offset = (int)c->utc_offset * 60;
	int64_t left = people * 3600000 / hourly(b);
	int64_t at = window_opens_at(c, b->now_ms);

	for (int i = 0; i < DAYS_MAX && left > 0; i++) {
		int64_t open =
			(c->window_to - minute_of_ms(at, offset)) * MINUTE_MS;

		if (left <= open)
			return at + left;
		left -= open;
		at = window_opens_at(c, at + open + MINUTE_MS);
	}
	return at;
}

/* ---- all of it ---- */

static int count(const struct broadcasting *b, struct audience_ref *ret)
{
	struct audience_query q = query_of(b);
	struct audience_phones page;

	do {
		if (audience_phones(b->s, &q, b->arena, &page) != 0)
			return -1;
		for (size_t i = 0; i < page.n; i++)
			ret->people += broadcasting_takes(b, &page.v[i], ret);
		if (page.n > 0)
			q.after = page.v[page.n - 1].phone;
	} while (page.n == q.max);
	return audience_without(b->s, &q, &ret->no_phone);
}

int broadcasting_preview(const struct broadcasting *b, struct audience_ref *ret)
{
	const struct config *c = b->settings->config;

	*ret = (struct audience_ref){
		.segments = segment_count(broadcasting_text(b)).n,
		.forbidden = render_is_forbidden(
			b->settings->replies, b->text, b->arena),
	};
	if (count(b, ret) != 0)
		return -1;
	ret->cost = ret->people * ret->segments * c->cost_per_segment;
	ret->done_at = finish(b, ret->people);
	return 0;
}
