#ifndef HANDLERS_PLAN_H
#define HANDLERS_PLAN_H

#include "gateway/model/context.h"

/* An announcement reaches at most so far ahead (language notes §5). */
#define PLAN_DAYS_MAX 60

/* Can a meeting be planned for the day (and hour) of f? */
enum problem plan_day(const struct context *c, const struct fields *f);

#endif
