#ifndef GATEWAY_STORE_UNIT_KEYS_H
#define GATEWAY_STORE_UNIT_KEYS_H

#include "gateway/store/store.h"

/* Private to the room: what a text may call a unit, by folded keys. */

/* As the parsers fold the words of a text: lower-case, without diacritics,
 * joined by single spaces. Hyphens stay, or part words. */
struct str unit_key(struct str name, bool keep_hyphens, struct arena *a);
/* A code, name or alias of the unit, from now on its own. */
int unit_keys_put(struct store *s, struct str name, int64_t unit_id,
	struct arena *a) __attribute__((warn_unused_result));
/* Those that are its own are so until that day, and are understood on. */
int unit_keys_close(struct store *s, int64_t unit_id, day_t until)
	__attribute__((warn_unused_result));

#endif
