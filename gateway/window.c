/*
 * window - may somebody be disturbed now?
 *
 * Pure: local time of day and holidays from the configuration. Replies to a
 * sender's own text do not ask here; reminders, notices and broadcasts do.
 */
#include "gateway/window.h"

#include "gateway/model/day.h"

#define DAYS_AHEAD 60 /* longer than any run of holidays */

/* A holiday is "YYYY-MM-DD" or, every year, "MM-DD". */
static bool is_holiday(const struct config *c, day_t day)
{
	struct day_text t = day_iso(day);
	const struct str *v = c->holidays.v;

	for (size_t i = 0; i < c->holidays.n; i++)
		if (str_is(v[i], t.z) || str_is(v[i], t.z + 5))
			return true;
	return false;
}

bool window_is_open(const struct config *c, int64_t now_ms)
{
	int offset = (int)c->utc_offset * 60;
	int minute = minute_of_ms(now_ms, offset);

	return minute >= c->window_from && minute < c->window_to &&
	       !is_holiday(c, day_of_ms(now_ms, offset));
}

bool window_is_holiday(const struct config *c, int64_t now_ms)
{
	return is_holiday(c, day_of_ms(now_ms, (int)c->utc_offset * 60));
}

int64_t window_opens_at(const struct config *c, int64_t now_ms)
{
	int offset = (int)c->utc_offset * 60;
	day_t today = day_of_ms(now_ms, offset);

	if (window_is_open(c, now_ms))
		return now_ms;
	for (day_t d = today; d < today + DAYS_AHEAD; d++) {
		int64_t at = day_to_ms(d, c->window_from, offset);

		if (at > now_ms && !is_holiday(c, d))
			return at;
	}
	return day_to_ms(today + DAYS_AHEAD, c->window_from, offset);
}
