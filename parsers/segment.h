#ifndef PARSERS_SEGMENT_H
#define PARSERS_SEGMENT_H

#include "gateway/base/arena.h"

/* How a text travels: GSM-7 160/153 septets, UCS-2 70/67 units a segment. */
struct segments {
	bool ucs2;
	int units; /* septets (extension characters count 2) or UTF-16 units */
	int n;     /* segments; 0 for an empty text */
};

struct segments segment_count(struct str utf8);

/* channels[].fold, in this order */
enum fold_policy { FOLD_KEEP, FOLD_IF_IT_SAVES, FOLD_ALWAYS };
/* The text as it would be sent under the policy; may be the text itself. */
struct str segment_fold(
	struct str utf8, enum fold_policy policy, struct arena *a);
/* Without diacritics and fancy punctuation, đ → d; ASCII where possible. */
struct str segment_ascii(struct str utf8, struct arena *a);

#endif
