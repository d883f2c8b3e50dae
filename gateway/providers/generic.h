#ifndef GATEWAY_PROVIDERS_GENERIC_H
#define GATEWAY_PROVIDERS_GENERIC_H

#include "gateway/providers/fieldmap.h"
#include "gateway/providers/template.h"

/* A generic channel as configured and compiled; private to the provider. */
enum generic_method {
	GENERIC_POST,
	GENERIC_GET,
	GENERIC_PUT,
	GENERIC_METHOD_N
};

struct generic {
	/* as configured */
	int source, method;
	struct str list, field[FIELDMAP_FIELD_N];
	struct str url, type, body, ref, username, password;
	struct option_list accept;
	/* made by open() */
	bool guarded; /* has a token: callbacks may come in */
	struct fieldmap map;
	const struct template *url_template, *body_template;
	const char *ref_path;
};

/* provider.open: compiles what the options say. */
int generic_open(void *state, const struct config_channel *c, struct arena *a,
	struct diags *d);

#endif
