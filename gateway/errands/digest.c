/*
 * digest - how do staff learn how the month stands?
 *
 * On the first of the month before, on other days of the month so far: one
 * text of at most two segments to each phone that holds staff of a unit, of
 * that unit and all below it; who holds several gets that of the highest.
 * Every rate is given with numerator and denominator; what was told is kept
 * (R18). Writer thread.
 */
#include "gateway/store/digest.h"

#include "gateway/errands/kinds.h"
#include "handlers/calendar.h"

#define DAY_MS INT64_C(86400000)
#define VALID_DAYS 3
#define LIST_MAX 60 /* bytes of codes in a text */

static struct str rate(const struct errand_run *r, const struct rate *v)
{
	int64_t tenths;

	if (v->d == 0)
		return STR("0/0");
	tenths = (v->n * 1000 + v->d / 2) / v->d;
	return arena_printf(r->in->arena, "%lld/%lld (%lld.%lld%%)",
		(long long)v->n, (long long)v->d, (long long)(tenths / 10),
		(long long)(tenths % 10));
}

static struct str share(const struct errand_run *r, const struct rate *v)
{
	return arena_printf(
		r->in->arena, "%lld/%lld", (long long)v->n, (long long)v->d);
}

static struct str number(const struct errand_run *r, int64_t n)
{
	return arena_printf(r->in->arena, "%lld", (long long)n);
}

/* "MG01,MG05 +3"; "0" when there is none. */
static struct str list(const struct errand_run *r, const struct digest_codes *c)
{
	struct str out = STR("0");
	size_t i;

	for (i = 0; i < c->n && (i == 0 || out.n + c->v[i].n < LIST_MAX); i++)
		out = i == 0 ? c->v[i]
			     : arena_printf(r->in->arena, STR_FMT "," STR_FMT,
				       STR_ARG(out), STR_ARG(c->v[i]));
	if (i == c->n)
		return out;
	return arena_printf(
		r->in->arena, STR_FMT " +%zu", STR_ARG(out), c->n - i);
}

static void month_over(struct errand_run *r, const struct digest *d, int month,
	struct reply *t)
{
	t->key = (month + 1) % 3 == 0 ? "digest_quarter" : "digest_month";
	reply_arg(t, "none", number(r, d->none));
	reply_arg(t, "list", list(r, &d->missing));
	reply_arg(t, "gross", rate(r, &d->gross));
	reply_arg(t, "net", rate(r, &d->net));
	reply_arg(t, "unexcused", number(r, d->unexcused));
	reply_arg(t, "away", share(r, &d->away));
	reply_arg(t, "answered", share(r, &d->answered));
	reply_arg(t, "opinions", number(r, d->opinions));
	reply_arg(t, "thematic", share(r, &d->thematic));
}

static void month_so_far(
	struct errand_run *r, const struct digest *d, struct reply *t)
{
	t->key = "digest_so_far";
	reply_arg(t, "planned", number(r, d->planned));
	reply_arg(t, "list", list(r, &d->unplanned));
}

/* The units below an errand's are told of by one run id, so that a phone gets
 * one digest of a day. */
static struct errand of_day(const struct errand *e)
{
	struct errand day = *e;
	ptrdiff_t at = str_find(e->run_id, STR(":u"), 0);

	if (at > 0)
		day.run_id.n = (size_t)at;
	return day;
}

static int tell(
	struct errand_run *r, const struct errand *e, const struct reply *reply)
{
	struct errand day = of_day(e);
	struct agenda_office office = {
		.unit_id = e->unit_id,
		.role = ROLE_STAFF,
		.or_role = ROLE_STAFF,
		.on = r->today,
	};
	struct errand_text t = {
		.reply = *reply,
		.lane = "urgent",
		.duty = true,
		.valid_until = r->in->now_ms + VALID_DAYS * DAY_MS,
	};
	struct agenda_holders all;

	if (agenda_holders(r->s, &office, r->in->arena, &all) != 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		t.to = all.v[i].phone;
		t.language = all.v[i].language;
		if (errand_send(r, &day, &t) != 0)
			return -1;
	}
	return 0;
}

static int unit_code(
	struct errand_run *r, const struct errand *e, struct str *ret)
{
	struct calendar_month_query q = {
		.unit_id = e->unit_id,
		.period = e->period,
		.due_from = r->today,
		.today = r->today,
	};
	struct calendar_month m;
	int rc = calendar_month(r->s, &q, r->in->arena, &m);

	if (rc > 0)
		*ret = m.unit;
	return rc;
}

static int load(struct errand_run *r, const struct errand *e, int month,
	struct digest *ret)
{
	struct arena *a = r->in->arena;
	struct digest_query q = {
		.unit_id = e->unit_id,
		.period = e->period,
		.quarter_from = calendar_period(calendar_quarter(month), a),
		.scope = {.last = calendar_last(month)},
	};

	q.scope.known_before =
		day_to_ms(q.scope.last + 1, 0, (int)r->config->utc_offset * 60);
	return digest_load(r->s, &q, a, ret);
}

int errand_digest(
	struct errand_run *r, const struct errand *e, const char **why)
{
	int month = calendar_parse(e->period);
	struct digest_told told = {
		.unit_id = e->unit_id,
		.errand_id = e->id,
		.as_of = r->in->now_ms,
		.period = e->period,
	};
	struct reply reply = {.args_n = 0};
	struct digest d;
	struct str unit;

	if (e->unit_id == 0)
		return calendar_lay_out_staff(r->s, e, r->today);
	if (unit_code(r, e, &unit) <= 0 || load(r, e, month, &d) != 0)
		return -1;
	if (d.met.d == 0) {
		*why = "no unit below it has to meet";
		return 0;
	}
	reply_arg(&reply, "month", number(r, month % 12 + 1));
	reply_arg(&reply, "unit", unit);
	reply_arg(&reply, "met", share(r, &d.met));
	if (day_of_ms(e->due_at, (int)r->config->utc_offset * 60) >
		calendar_last(month))
		month_over(r, &d, month, &reply);
	else
		month_so_far(r, &d, &reply);
	if (digest_keep(r->s, &told, &d) != 0)
		return -1;
	return tell(r, e, &reply);
}
