#ifndef GATEWAY_WINDOW_H
#define GATEWAY_WINDOW_H

#include "config/config.h"

/*
 * May texts that nobody asked for go out now? Between send_window's two local
 * times, and not on a holiday (domain.md §5: 07:00-21:00, Tết).
 */
bool window_is_open(const struct config *c, int64_t now_ms);
/* Is it a day on which it does not open at all? */
bool window_is_holiday(const struct config *c, int64_t now_ms);
/* When it opens next, epoch ms; now_ms itself when it is open. */
int64_t window_opens_at(const struct config *c, int64_t now_ms);

#endif
