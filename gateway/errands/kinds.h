#ifndef GATEWAY_ERRANDS_KINDS_H
#define GATEWAY_ERRANDS_KINDS_H

#include "gateway/errands.h"

/* One function for each kind; gateway/errands.c has the table. */
errand_fn errand_report_remind, errand_report_staff, errand_report_deputy;

#endif
