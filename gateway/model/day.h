#ifndef GATEWAY_MODEL_DAY_H
#define GATEWAY_MODEL_DAY_H

#include "gateway/base/str.h"

/*
 * A civil day: days since 1970-01-01 in the proleptic Gregorian calendar, with
 * no time zone. DAY_NONE means "no day".
 */
typedef int32_t day_t;

#define DAY_NONE INT32_MIN

struct ymd {
	int y, m, d; /* m 1..12, d 1..31 */
};

struct day_text {
	char z[12]; /* "2026-11-05" */
};

/* DAY_NONE when there is no such day. Years 1970..2199. */
day_t day_of(int y, int m, int d);
struct ymd day_ymd(day_t day);
/* ISO: 1 = Monday … 7 = Sunday. */
int day_weekday(day_t day);
struct day_text day_iso(day_t day);
/* "5/11": day and month as the replies write them. */
struct day_text day_short(day_t day);
/* Strict YYYY-MM-DD; DAY_NONE otherwise. */
day_t day_parse(struct str s);
int day_month_len(int y, int m);
/* Strict HH:MM → minutes since midnight; -1 otherwise. */
int minute_parse(struct str s);

/* Local time of an instant: a fixed offset, as Vietnam has no summer time. */
day_t day_of_ms(int64_t at_ms, int utc_offset_min);
int minute_of_ms(int64_t at_ms, int utc_offset_min); /* 0..1439 */
int64_t day_to_ms(day_t day, int minute, int utc_offset_min);

/* RFC 3339 with seconds, optional fraction, Z or offset → epoch ms; 0 / -1. */
int instant_parse(struct str s, int64_t *ret_ms)
	__attribute__((warn_unused_result));
struct instant_text {
	char z[32]; /* "2026-11-05T19:30:00.000Z" */
};
struct instant_text instant_iso(int64_t at_ms);

#endif
