#ifndef GATEWAY_STORE_HOLDS_H
#define GATEWAY_STORE_HOLDS_H

#include "gateway/base/arena.h"

#include <sqlite3.h>

/* A name as holds() looks for it: in ASCII, small, single spaces. */
struct str holds_name(struct str name, struct arena *a);

/*
 * The SQL function holds(VALUE, WHAT): 1 when a text or a body has that name
 * (as whole words, whatever its case, diacritics and spaces), or, when WHAT
 * begins with a digit, these digits (spaces, dots, dashes and brackets may
 * stand between them); also spelled as forms (%C3%A0, +) and JSON (\u00e0)
 * do. An SQLite result code.
 */
int holds_register(sqlite3 *db);

#endif
