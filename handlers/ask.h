#ifndef HANDLERS_ASK_H
#define HANDLERS_ASK_H

#include "handlers/handler.h"

/*
 * Asks back: nothing is stored, what was read waits as partial. The question
 * for the problem comes from a table; numbered answers are understood by
 * handler_resolve(). Asked too often already: goes to staff instead.
 */
void ask_problem(
	const struct handler_input *in, struct outcome *out, enum problem p);

/* A question in the caller's words; what is left out is as usual. */
struct ask {
	enum problem problem;
	const char *key;            /* NULL: from the table */
	const struct fields *about; /* what the text speaks of; NULL: as read */
	struct str offer;           /* numbered answers */
	enum question question;     /* NONE: by the problem */
};
/* NULL: it went to staff; else its subject may be changed. */
struct effect *ask_with(const struct handler_input *in, struct outcome *out,
	const struct ask *ask);

#endif
