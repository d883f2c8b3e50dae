#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "gateway/base/str.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * One file here is one libFuzzer target. What holds of any input is a MUST: a
 * finding is a crash, a sanitizer's report or a broken MUST.
 */
#define MUST(holds) fuzz_must((holds), #holds, __FILE__, __LINE__)

static inline void fuzz_must(
	bool holds, const char *what, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "BROKEN %s:%d: %s\n", file, line, what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
/* Once, before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

static inline struct str fuzz_text(const uint8_t *data, size_t n)
{
	return (struct str){data != NULL ? (const char *)data : "", n};
}

/* A number below `below` off the front; 0 when nothing is left. */
static inline unsigned fuzz_choice(struct str *rest, unsigned below)
{
	unsigned v = rest->n > 0 ? (unsigned char)rest->p[0] : 0;

	*rest = str_from(*rest, 1);
	return v % below;
}

/* What precedes the next byte 1 (or all), off the front; never absent. */
static inline struct str fuzz_part(struct str *rest)
{
	ptrdiff_t at = str_find_byte(*rest, 1, 0);
	struct str head = *rest;

	if (at < 0) {
		*rest = str_from(*rest, rest->n);
		return head;
	}
	head.n = (size_t)at;
	*rest = str_from(*rest, (size_t)at + 1);
	return head;
}

#endif
