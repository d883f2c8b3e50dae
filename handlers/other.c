/*
 * other - texts that store nothing: chatter, the unreadable, and intents that
 * this version reads but does not act on.
 *
 * Chatter gets no answer (each would cost a text, and two machines could talk
 * for ever). What could not be read gets one line with the way to help; while
 * a question is open, that question again, until it goes to staff. An intent
 * without a handler keeps its name and fields, so that `bantin replay` can act
 * on it later, and the sender is told that nothing was stored. Pure; writer
 * thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"

/* What was asked before is still what we need to know. */
static void ask_open_again(const struct handler_input *in, struct outcome *out,
	const struct pending *q)
{
	bool correction = q->intent == INTENT_CORRECTION;

	out->intent = q->intent;
	out->fields = *q->partial;
	/* Its figures are only half of the sum that was asked about. */
	(void)ask_with(in, out,
		&(struct ask){.problem = q->problem,
			.key = correction ? "ask_correction" : NULL});
}

/* The question that the text should have answered; NULL: none. */
static const struct pending *unanswered(const struct context *c)
{
	const struct pending *q = dialog_open(c);

	return q != NULL && q->question != QUESTION_CONFIRM_REPORT &&
			       q->partial != NULL
		       ? q
		       : NULL;
}

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			return true;
	return false;
}

/* Figures are no chatter while figures are asked for. */
void other_handle(const struct handler_input *in, struct outcome *out)
{
	const struct pending *q = unanswered(in->context);

	if (q != NULL && has_digit(in->message->text))
		ask_open_again(in, out, q);
}

void unknown_handle(const struct handler_input *in, struct outcome *out)
{
	const struct pending *q = unanswered(in->context);
	enum problem p = in->reading->problem;

	if (q != NULL) {
		ask_open_again(in, out, q);
	} else if (str_is(str_trim(in->message->text), "1")) {
		ack_without_question(in, out);
	} else {
		dialog_refuse(out, p != PROBLEM_NONE ? p : PROBLEM_BAD_SYNTAX,
			"not_understood");
	}
}

/* A yes or no has nothing to answer while nothing is asked that way. */
void later_handle(const struct handler_input *in, struct outcome *out)
{
	const char *key =
		out->intent == INTENT_CONFIRM ? "no_question" : "not_yet";

	dialog_refuse(out, in->reading->problem, key);
}
