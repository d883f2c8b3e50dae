/*
 * config_file - what is in this file?
 *
 * Reads one file that a person named, whole and bounded, when a command
 * starts or reloads; never on the way of a message.
 */
#include "config/config.h"

#include <errno.h>
#include <stdio.h>

#define PIECE 16384

static int read_all(FILE *f, struct buf *b)
{
	char piece[PIECE];
	size_t n;

	do {
		n = fread(piece, 1, sizeof(piece), f);
		buf_put(b, (struct str){piece, n});
	} while (n == sizeof(piece) && !b->over);
	return ferror(f) != 0 ? -1 : 0;
}

int config_read_file(const char *path, size_t max, struct arena *a,
	struct str *ret, struct err *err)
{
	FILE *f = fopen(path, "rbe");
	struct buf b;
	int rc = 0;

	if (f == NULL)
		return err_set(
			err, "%s: cannot be opened: %s", path, strerror(errno));
	buf_init(&b, max);
	errno = 0;
	if (read_all(f, &b) < 0)
		rc = err_set(
			err, "%s: cannot be read: %s", path, strerror(errno));
	else if (b.over)
		rc = err_set(err, "%s: has more than %zu bytes", path, max);
	else
		*ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	(void)fclose(f);
	return rc;
}
