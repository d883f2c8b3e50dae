#ifndef GATEWAY_SCENARIO_MATCH_H
#define GATEWAY_SCENARIO_MATCH_H

#include "gateway/base/arena.h"
#include "gateway/base/err.h"

/* How scenario files compare texts and split lines. Pure. */

/* * any run, ? one character, \* \? \\ themselves; the whole text. */
bool scenario_glob(struct str pattern, struct str text);
/* Equal without diacritics, case and spaces. */
bool scenario_same(struct arena *a, struct str x, struct str y);
/* The line without its comment and the white space around. */
struct str scenario_strip(struct str line);
/* The next word; "quotes" keep spaces together. Absent: none left. */
struct str scenario_word(struct str *rest);
/* "key=value": false when there is no '='. Quotes around value go. */
bool scenario_pair(struct str word, struct str *key, struct str *value);

#endif
