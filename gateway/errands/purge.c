/*
 * purge - the nightly look at what is kept too long.
 *
 * One errand a night, run id purge:DATE; it comes back, a page at a time,
 * until all tables are done, and then plans the next night. A night that the
 * machine was off is made up for by whatever runs next. Writer thread.
 */
#include "gateway/store/purge.h"
#include "gateway/errands/kinds.h"

#define DAY_MS INT64_C(86400000)
#define MONTH_DAYS 30.4375
/* Rows that one transaction looks at: some 10 ms when all are blanked. */
#define PAGE 1000

static int64_t days_ago(const struct errand_run *r, int64_t days)
{
	return days > 0 ? r->in->now_ms - days * DAY_MS : 0;
}

static struct purge terms_of(const struct errand_run *r)
{
	const struct config_retention *c = &r->config->retention;

	return (struct purge){
		.before_ms =
			{
				[PURGE_TERM_TEXTS] = days_ago(r, c->texts_days),
				[PURGE_TERM_DELIVERY] =
					days_ago(r, c->delivery_days),
				[PURGE_TERM_ATTENDANCE] = days_ago(r,
					(int64_t)((double)c->attendance_months *
						  MONTH_DAYS)),
				[PURGE_TERM_QUARANTINE] =
					days_ago(r, c->quarantine_days),
			},
		.page = PAGE,
	};
}

/* The first night after today's, or today's when that is still to come. */
int purge_plan(struct store *s, const struct errands_input *in)
{
	const struct config *c = in->settings->config;
	int offset = (int)c->utc_offset * 60;
	day_t day = day_of_ms(in->now_ms, offset);
	struct errand e = {.kind = ERRAND_PURGE};
	struct day_text iso;

	if (minute_of_ms(in->now_ms, offset) >= c->retention.at)
		day++;
	iso = day_iso(day);
	e.run_id = arena_printf(
		in->arena, "%s:%s", errand_kind_str(e.kind), iso.z);
	e.due_at = day_to_ms(day, c->retention.at, offset);
	return errand_put(s, &e);
}

int errand_purge(struct errand_run *r, const struct errand *e, const char **why)
{
	struct purge p = terms_of(r);

	(void)e;
	(void)why;
	if (purge_page(r->s, &p, &r->more) != 0)
		return -1;
	return r->more ? 0 : purge_plan(r->s, r->in);
}
