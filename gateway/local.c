/*
 * local - how does a person read this instant, this span?
 *
 * Pure: a fixed offset, as Vietnam has no summer time.
 */
#include "gateway/local.h"

#include "gateway/model/day.h"

#include <stdio.h>
#include <stdlib.h>

#define MINUTE_MS INT64_C(60000)

static int second_of(int64_t at_ms)
{
	int64_t ms = at_ms % MINUTE_MS;

	return (int)((ms < 0 ? ms + MINUTE_MS : ms) / 1000);
}

struct local_text local_second(int64_t at_ms, int offset_min)
{
	int minute = minute_of_ms(at_ms, offset_min);
	struct local_text t;

	(void)snprintf(t.z, sizeof(t.z), "%02d:%02d:%02d", minute / 60,
		minute % 60, second_of(at_ms));
	return t;
}

struct local_text local_full(int64_t at_ms, int offset_min)
{
	struct day_text day = day_iso(day_of_ms(at_ms, offset_min));
	struct local_text time = local_second(at_ms, offset_min);
	struct local_text t;

	(void)snprintf(t.z, sizeof(t.z), "%s %.8s", day.z, time.z);
	return t;
}

struct local_text local_near(int64_t at_ms, int64_t now_ms, int offset_min)
{
	day_t day = day_of_ms(at_ms, offset_min);
	day_t today = day_of_ms(now_ms, offset_min);
	int minute = minute_of_ms(at_ms, offset_min);
	struct ymd d = day_ymd(day);
	struct local_text t;

	if (day == today && llabs(at_ms - now_ms) < 2 * MINUTE_MS)
		return local_second(at_ms, offset_min);
	if (day == today)
		(void)snprintf(t.z, sizeof(t.z), "%02d:%02d", minute / 60,
			minute % 60);
	else if (d.y == day_ymd(today).y)
		(void)snprintf(t.z, sizeof(t.z), "%d/%d %02d:%02d", d.d, d.m,
			minute / 60, minute % 60);
	else
		(void)snprintf(t.z, sizeof(t.z), "%d/%d/%d %02d:%02d", d.d, d.m,
			d.y, minute / 60, minute % 60);
	return t;
}

struct local_text local_span(int64_t ms)
{
	static const struct {
		int64_t ms;
		char name;
	} unit[] = {
		{86400000, 'd'}, {3600000, 'h'}, {MINUTE_MS, 'm'}, {1000, 's'}};
	struct local_text t;

	for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		if (ms < 2 * unit[i].ms)
			continue;
		(void)snprintf(t.z, sizeof(t.z), "%lld%c",
			(long long)(ms / unit[i].ms), unit[i].name);
		return t;
	}
	ms = ms > 0 ? ms : 0;
	(void)snprintf(t.z, sizeof(t.z), "%lld.%llds", (long long)(ms / 1000),
		(long long)(ms % 1000 / 100));
	return t;
}
