#ifndef GATEWAY_BASE_CSV_H
#define GATEWAY_BASE_CSV_H

#include "gateway/base/buf.h"

/* Writing CSV by RFC 4180: commas, quotes only where needed, CRLF. */

/* One field; the comma before it unless it is the row's first. */
void csv_put(struct buf *out, bool first, struct str s);
void csv_end_row(struct buf *out);
/*
 * Would a spreadsheet take this text for a formula? It then starts with one
 * of = + - @, or with a tab or a carriage return before them. Whoever writes
 * it puts an apostrophe in front.
 */
bool csv_is_formula(struct str s);

#endif
