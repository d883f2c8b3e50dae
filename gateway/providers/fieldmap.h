#ifndef GATEWAY_PROVIDERS_FIELDMAP_H
#define GATEWAY_PROVIDERS_FIELDMAP_H

#include "gateway/providers/record.h"
#include "gateway/providers/spelling.h"

/* Where in a callback the parts of a message stand, and how they are spelt. */
enum fieldmap_field {
	FIELDMAP_ID,
	FIELDMAP_FROM,
	FIELDMAP_TO,
	FIELDMAP_TEXT,
	FIELDMAP_TIME,
	FIELDMAP_PART_REF,
	FIELDMAP_PART_NO,
	FIELDMAP_PART_TOTAL,
	FIELDMAP_FIELD_N
};

struct fieldmap {
	struct record_map map; /* its fields in the order above */
	enum spelling_text text;
	struct spelling_time time;
};

extern const char *const fieldmap_field_name[FIELDMAP_FIELD_N];

/*
 * One message, or a list of them. An empty list is ignored. `from` and `text`
 * must be there in each; a text that is null counts as empty. A time that
 * cannot be read counts as none. A part of a longer text (all three part_*
 * make sense, 2 to 255 parts) has its number in its id, since a provider may
 * give all parts the same.
 */
void fieldmap_read(const struct fieldmap *m, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
