#ifndef GATEWAY_PRINT_H
#define GATEWAY_PRINT_H

#include "gateway/base/err.h"
#include "gateway/model/table.h"

#include <stdio.h>

/*
 * A report's table for people and programs. In CSV, XLSX and JSON a rate is
 * its numerator, its denominator and its percentage; the period and the day of
 * counting stand in every row of the first two. Texts that a spreadsheet would
 * take for a formula get an apostrophe in front.
 */
typedef int print_fn(const struct table *t, FILE *to, struct err *err);
print_fn print_csv, print_json, print_xlsx; /* 0 / -1 */

/* Aligned, when it fits into so many columns (0: any number do), else a
 * paragraph for each row. */
void print_text(const struct table *t, int columns, FILE *to);

/* For the formats: a text as it may stand in a spreadsheet's cell. */
struct str print_safe(struct arena *a, struct str s);

#endif
