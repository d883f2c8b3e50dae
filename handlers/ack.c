/*
 * ack - `1` or `dung roi` to an echo: the question is settled, and then?
 *
 * Nothing goes back. The echo has already repeated every figure and the report
 * was stored before it went out, so a thank-you would tell the secretary
 * nothing, ring a phone at night, and cost as much as a report. Silence here
 * means what it said before: stored. `2` belongs to correction; a bare
 * `dung` may be "right" or "stop" and is asked as the same question again.
 * Pure; writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"

/* The echo's question stays the one that is open. */
static void ask_again(const struct handler_input *in, struct outcome *out,
	const struct pending *q)
{
	struct effect *e = ask_with(in, out,
		&(struct ask){
			.problem = in->reading->problem, .key = "ask_ack"});

	if (e == NULL || q == NULL)
		return;
	e->question = QUESTION_CONFIRM_REPORT;
	e->subject = q->subject;
	e->intent = q->intent;
	e->fields = q->partial;
}

/* A second `1` to an echo is common, and needs no answer. */
void ack_without_question(const struct handler_input *in, struct outcome *out)
{
	out->clarify = true;
	out->problem = PROBLEM_AMBIGUOUS;
	if (in->context->last_report == NULL)
		dialog_reply(out, "no_question");
}

void ack_handle(const struct handler_input *in, struct outcome *out)
{
	const struct context *c = in->context;
	const struct pending *q = context_question(c, QUESTION_CONFIRM_REPORT);

	if (str_is(in->reading->rule, DIALOG_ANSWER)) {
		dialog_settle(in, out, QUESTION_NONE);
		dialog_reply(out, "dropped");
	} else if (dialog_open(c) != NULL && dialog_open(c) != q) {
		unknown_handle(in, out); /* no answer to what is asked */
	} else if (in->reading->problem != PROBLEM_NONE) {
		ask_again(in, out, q);
	} else if (q != NULL) {
		outcome_add(out, EFFECT_SETTLE)->subject = q->id;
	} else {
		ack_without_question(in, out);
	}
}
