#ifndef GATEWAY_PROVIDERS_FIELDMAP_H
#define GATEWAY_PROVIDERS_FIELDMAP_H

#include "gateway/providers/provider.h"

/*
 * Where in a callback the parts of a message stand. A JSON field is a path
 * ("a.b[0].c"), a form or query field a name; NULL: the provider has none.
 */
enum fieldmap_source {
	FIELDMAP_JSON,
	FIELDMAP_FORM,
	FIELDMAP_QUERY,
	FIELDMAP_SOURCE_N
};

enum fieldmap_field {
	FIELDMAP_ID,
	FIELDMAP_FROM,
	FIELDMAP_TO,
	FIELDMAP_TEXT,
	FIELDMAP_TIME,
	FIELDMAP_FIELD_N
};

struct fieldmap {
	enum fieldmap_source source;
	const char *list; /* JSON: path of the list of messages; "": the root */
	const char *field[FIELDMAP_FIELD_N];
};

extern const char *const fieldmap_field_name[FIELDMAP_FIELD_N];

/* Is this a path that jdoc_at() takes: "a.b[0].c"? */
bool fieldmap_is_path(struct str s);

/*
 * One message, or a list of them (where the value at `list` is an array). An
 * empty list is ignored. `from` and `text` must be there in each; a text that
 * is null counts as empty. A time that cannot be read counts as none.
 */
void fieldmap_read(const struct fieldmap *m, const struct provider_request *r,
	struct arena *a, struct provider_inbound *out);

#endif
