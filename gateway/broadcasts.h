#ifndef GATEWAY_BROADCASTS_H
#define GATEWAY_BROADCASTS_H

#include "gateway/settings.h"
#include "gateway/store/audience.h"

/*
 * Texts of staff to many: who gets one, what that costs and how long it
 * takes. The same for the preview by SMS, by command, and for sending.
 */
struct broadcasting {
	struct store *s;
	const struct settings *settings;
	struct arena *arena;
	int64_t now_ms;
	int64_t unit_id;
	struct str to;   /* "secretaries", "away", "all"; absent: the first */
	struct str text; /* as staff wrote it */
};

/* The text as it leaves: as the first channel folds it. */
struct str broadcasting_text(const struct broadcasting *b);
/* Only looks; 0 / -1. */
int broadcasting_preview(const struct broadcasting *b, struct audience_ref *ret)
	__attribute__((warn_unused_result));
/* The next phones after one, in their order; an empty list: no more. */
int broadcasting_next(const struct broadcasting *b, struct str after,
	size_t max, struct audience_phones *ret)
	__attribute__((warn_unused_result));
/* Does this one get it? left (NULL: not asked) counts why not. */
bool broadcasting_takes(const struct broadcasting *b,
	const struct audience_phone *p, struct audience_ref *left);

#endif
