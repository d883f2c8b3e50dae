#ifndef GATEWAY_TALK_TEXT_H
#define GATEWAY_TALK_TEXT_H

#include "gateway/intake.h"

/*
 * Led conversations by SMS: MENU, and what answers our screens. Inside the
 * message's transaction; its row and its context (v->context) are there.
 * *ret_taken: it was a step, and *ret says what came of it; else the text is
 * read as any other, with the form's question out of its way. 0 / -1.
 */
int talk_text(struct store *s, const struct intake_input *in,
	struct intake_view *v, struct intake_result *ret, bool *ret_taken)
	__attribute__((warn_unused_result));

/*
 * The same figure as some seconds before: is it the next answer of a form, and
 * not one SMS that was delivered twice? Then the screen that it answers was
 * sent long enough before it to be read.
 */
bool talk_text_repeats(const struct intake_input *in, const struct context *c);

/* The form's question is none that a text of its own answers. */
void talk_text_forget(struct context *c, struct arena *a);

#endif
