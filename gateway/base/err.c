/*
 * err - the one sentence that says what went wrong.
 *
 * Written where the trouble is seen, carried upwards unchanged, logged or
 * answered once where it is handled. A sentence too long is cut between two
 * characters, never inside one. Owns nothing; any thread.
 */
#include "gateway/base/err.h"

#include "gateway/base/str.h"

#include <stdarg.h>
#include <stdio.h>

/* Takes half a character off the end of a cut sentence. */
static void drop_half_character(char *z)
{
	size_t n = strlen(z), at = n;

	while (at > 0 && n - at < 3 && (z[at - 1] & 0xc0) == 0x80)
		at--;
	if (at > 0 && str_utf8_len((struct str){z, n}, at - 1) == 0)
		z[at - 1] = '\0';
}

int err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (e == NULL)
		return -1;
	va_start(ap, fmt);
	n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	if (n < 0)
		e->text[0] = '\0';
	else if ((size_t)n >= sizeof(e->text))
		drop_half_character(e->text);
	return -1;
}
