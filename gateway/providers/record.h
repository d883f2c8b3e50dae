#ifndef GATEWAY_PROVIDERS_RECORD_H
#define GATEWAY_PROVIDERS_RECORD_H

#include "gateway/providers/provider.h"

/*
 * Values out of a callback, by where they stand: one record, or a list of
 * them. What they mean is up to the caller (fieldmap.h for texts,
 * generic_report.c for delivery reports).
 */
enum record_source {
	RECORD_JSON,
	RECORD_FORM,
	RECORD_QUERY,
	RECORD_XML,
	RECORD_SOURCE_N
};

#define RECORD_FIELDS_MAX 12
#define RECORD_NAMES_MAX 4

/*
 * The names that a value may have, of which the first with something in it
 * counts: JSON paths ("a.b[0].c"), XML paths below the record's element
 * ("a.b", "@id", "a.@id"), names in a form or a query. None: always absent.
 */
struct record_field {
	const char *name[RECORD_NAMES_MAX];
};

struct record_map {
	enum record_source source;
	/*
	 * JSON: path of the list, "" the body itself. XML: path of the
	 * elements that repeat, below the root; "" the root, one record.
	 */
	const char *list;
	struct record_field field[RECORD_FIELDS_MAX];
	size_t fields_n;
};

struct records {
	const struct str *v; /* fields_n for each, as they came */
	size_t n;            /* 0: an empty list */
};

/* Is this a path that a JSON or an XML source takes? */
bool record_is_path(struct str s);
/* Splits "from|sender"; -1: more than RECORD_NAMES_MAX names. */
int record_field_of(struct str names, struct arena *a, struct record_field *ret)
	__attribute__((warn_unused_result));

/*
 * A JSON null is empty, an object or a list where a value should be is
 * absent. 0, or -1 with err: unreadable, or over PROVIDER_BATCH_MAX records.
 */
int record_read(const struct record_map *m, const struct provider_request *r,
	struct arena *a, struct records *ret, struct err *err)
	__attribute__((warn_unused_result));

#endif
