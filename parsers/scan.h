#ifndef PARSERS_SCAN_H
#define PARSERS_SCAN_H

#include "gateway/base/arena.h"
#include "parsers/ruleset.h"
#include "parsers/token.h"

/*
 * The first half of reading, without context: normalised text, tokens, and
 * every rule and slot that could apply. Loop thread; the result lives in the
 * message's arena and holds no lock and no pointer into the rule set's state
 * that changes.
 */
struct scan;

struct scan *scan_text(
	const struct ruleset *rs, struct str text, struct arena *a);

/* The same text with other tokens: some are known to be units' codes. */
const struct scan *scan_again(
	const struct scan *s, struct tokens tokens, struct arena *a);

#define SCAN_UNIT_KEYS_MAX 8
/*
 * Folded words of the text that may name a unit ("mg07", "na pan",
 * "qn-mg-07"), for the store to look up. Returns how many.
 */
size_t scan_unit_keys(const struct scan *s, const struct str **ret);

/* What `bantin parse TEXT` shows: normalised forms. */
struct str scan_marked(const struct scan *s); /* with diacritics, lower case */
struct str scan_folded(const struct scan *s);
struct str scan_symbols(const struct scan *s); /* as patterns see it */

#endif
