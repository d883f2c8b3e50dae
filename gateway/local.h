#ifndef GATEWAY_LOCAL_H
#define GATEWAY_LOCAL_H

#include "gateway/base/str.h"

/* Instants and spans as people at a terminal read them: local time of the
 * configuration's utc_offset, in minutes. */
struct local_text {
	char z[32];
};

/* "07:00" on the day of now_ms, else "6/11 07:00", with the year if it is
 * another one; with seconds within two minutes. */
struct local_text local_near(int64_t at_ms, int64_t now_ms, int offset_min);
/* "2026-11-06 07:00:15" */
struct local_text local_full(int64_t at_ms, int offset_min);
/* "07:00:15" */
struct local_text local_second(int64_t at_ms, int offset_min);
/* "0.2s" "45s" "12m" "3h" "9d": the largest unit that it fills twice. */
struct local_text local_span(int64_t ms);

#endif
