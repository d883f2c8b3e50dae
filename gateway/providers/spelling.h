#ifndef GATEWAY_PROVIDERS_SPELLING_H
#define GATEWAY_PROVIDERS_SPELLING_H

#include "gateway/base/arena.h"

/* How a provider writes a text, and how it writes a time. */
enum spelling_text {
	SPELLING_UTF8,
	SPELLING_UTF16BE_HEX,
	SPELLING_GSM7_HEX, /* GSM 03.38, a septet in each byte */
	SPELLING_BASE64    /* of UTF-8 */
};

/*
 * In UTF-8, checked by nobody yet. What is not spelt so is given back as it
 * came: a person can still read it.
 */
struct str spelling_text(enum spelling_text as, struct str s, struct arena *a);

enum spelling_time_kind {
	SPELLING_TIME_AUTO, /* as mo_time() */
	SPELLING_TIME_RFC3339,
	SPELLING_TIME_EPOCH_S,
	SPELLING_TIME_EPOCH_MS,
	SPELLING_TIME_PATTERN
};

struct spelling_time {
	enum spelling_time_kind kind;
	const char *pattern;  /* of strptime(3) */
	int64_t utc_offset_h; /* where the pattern names no zone (%z) */
};

/* "auto", "rfc3339", "epoch-s", "epoch-ms", or a pattern with a %. 0 / -1. */
int spelling_time_parse(struct str name, struct arena *a,
	struct spelling_time *ret) __attribute__((warn_unused_result));
/* 0, or -1: no time of this kind, or one before 1970. */
int spelling_time(const struct spelling_time *t, struct str s, int64_t *ret_ms)
	__attribute__((warn_unused_result));

#endif
