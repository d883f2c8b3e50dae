#ifndef HANDLERS_WORKDAYS_H
#define HANDLERS_WORKDAYS_H

#include "config/config.h"
#include "gateway/model/day.h"

/* The n-th working day after a day: weekends and the configured holidays do
 * not count. Pure. */
day_t workdays_after(const struct config *c, day_t day, int64_t n);
/* The n-th before it. */
day_t workdays_before(const struct config *c, day_t day, int64_t n);
/* The same day so many months later; the month's last where there is none. */
day_t months_after(day_t day, int64_t months);

#endif
