#ifndef TESTS_UNIT_SMSTOOLS_RIG_H
#define TESTS_UNIT_SMSTOOLS_RIG_H

#include "tests/unit/provider_rig.h"

/* A channel of `smstools`, and files for it as smsd 3.1.21 writes them. */
#define SMSTOOLS_YAML "{folder: /spool}"

struct smstools_paper {
	enum provider_file_kind kind;
	const char *name;
	struct str bytes;
	bool fresh;
	const char *about; /* the SENT file that any key finds; NULL: none */
	struct str asked;  /* the key that was asked for last */
};

static inline struct str smstools_known(
	void *arg, struct str key, struct arena *a)
{
	struct smstools_paper *p = arg;

	p->asked = arena_str(a, key);
	return str_of(p->about);
}

static inline struct provider_inbound smstools_read(
	const struct rig *r, struct smstools_paper *p)
{
	const struct provider_file file = {
		.kind = p->kind,
		.name = str_of(p->name),
		.fresh = p->fresh,
		.known = smstools_known,
		.arg = p,
	};
	const struct provider_request request = {
		.body = p->bytes,
		.now_ms = RIG_NOW_MS,
		.file = &file,
	};

	return rig_parse(r, request);
}

/* A text that came in, of these headers and this body. */
static inline struct provider_inbound smstools_text(
	const struct rig *r, const char *headers, struct str body)
{
	struct smstools_paper p = {
		.kind = PROVIDER_FILE_IN,
		.name = "GSM1.fNdO2y",
	};
	/* A body may hold NUL, where printf ends. */
	char *z = arena_alloc(r->a, strlen(headers) + 2 + body.n);

	memcpy(z, headers, strlen(headers));
	memcpy(z + strlen(headers), "\n\n", 2);
	if (body.n > 0)
		memcpy(z + strlen(headers) + 2, body.p, body.n);
	p.bytes = (struct str){z, strlen(headers) + 2 + body.n};
	return smstools_read(r, &p);
}

#endif
