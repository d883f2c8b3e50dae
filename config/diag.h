#ifndef CONFIG_DIAG_H
#define CONFIG_DIAG_H

#include "gateway/base/arena.h"
#include "gateway/base/buf.h"
#include "gateway/base/err.h"

/* All that is wrong with a file at once, each with its place. */
struct diag {
	struct str file;
	int line, col; /* from 1; 0: about the whole file */
	struct str text;
};

#define DIAGS_MAX 200 /* more are counted, not kept */

struct diags {
	struct arena *arena; /* owns the texts */
	struct diag v[DIAGS_MAX];
	size_t n, dropped;
};

struct diags *diags_new(void);
void diags_free(struct diags *d);
/* Returns -1, so that a reader can `return diags_add(…)`. */
int diags_add(struct diags *d, struct str file, int line, int col,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* "FILE:LINE:COLUMN: what is wrong, and what would be right\n" each, sorted. */
void diags_print(const struct diags *d, struct buf *out);

#endif
