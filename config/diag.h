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

#define DIAGS_MAX 200   /* more are counted, not kept */
#define WARNINGS_MAX 50 /* more are not kept */

struct diags {
	struct arena *arena; /* owns the texts */
	struct diag v[DIAGS_MAX];
	size_t n, dropped; /* faults */
	struct diag warned[WARNINGS_MAX];
	size_t warned_n;
};

struct diags *diags_new(void);
void diags_free(struct diags *d);
/* Returns -1, so that a reader can `return diags_add(…)`. */
int diags_add(struct diags *d, struct str file, int line, int col,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The same for what is allowed and unwise; not counted in n. */
void diags_warn(struct diags *d, struct str file, int line, int col,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* "FILE:LINE:COLUMN: what is wrong, and what would be right\n" each, sorted;
 * warnings come last, "FILE:LINE:COLUMN: warning: …". */
void diags_print(const struct diags *d, struct buf *out);

#endif
