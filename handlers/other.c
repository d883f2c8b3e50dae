/*
 * other - texts that store nothing: chatter, abuse, spam and the unreadable.
 *
 * Chatter gets one friendly line a day, abuse one neutral line and then
 * silence, spam and strangers nothing: each answer costs a text, and two
 * machines could talk for ever. Rules whose names begin with "abuse" or "spam"
 * are taken so. What could not be read gets one line with the way to help;
 * while a question is open, that question again, until it goes to staff. Pure;
 * writer thread.
 */
#include "handlers/ask.h"
#include "handlers/dialog.h"
#include "handlers/intents.h"
#include "parsers/segment.h"

/* What was asked before is still what we need to know. */
static void ask_open_again(const struct handler_input *in, struct outcome *out,
	const struct pending *q)
{
	bool correction = q->intent == INTENT_CORRECTION;
	enum problem p = q->problem;

	out->intent = q->intent;
	out->fields = *q->partial;
	/* Its figures are only half of the sum that was asked about. */
	if (p == PROBLEM_NONE && q->question == QUESTION_TWO_STEP)
		p = PROBLEM_TWO_STEP;
	(void)ask_with(in, out,
		&(struct ask){.problem = p,
			.key = correction ? "ask_correction" : NULL});
}

/* The question that the text should have answered; NULL: none. What staff are
 * shown before they decide is taken with `1` or `2`, or left. */
static const struct pending *unanswered(const struct context *c)
{
	const struct pending *q = dialog_open(c);

	if (q == NULL || q->partial == NULL ||
		q->question == QUESTION_CONFIRM_REPORT ||
		q->question == QUESTION_BROADCAST ||
		q->question == QUESTION_APPROVE)
		return NULL;
	return q;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "...", a smile, a pocket's zeros: nobody wrote this. */
static bool has_word(struct str text)
{
	for (size_t i = 0; i + 1 < text.n; i++)
		if (is_letter(text.p[i]) && is_letter(text.p[i + 1]) &&
			text.p[i + 1] != text.p[i])
			return true;
	return false;
}

static bool has_digit(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			return true;
	return false;
}

static void answer_once(const struct handler_input *in, struct outcome *out,
	const char *key, const char *when)
{
	(void)dialog_reply(out, key);
	out->v[out->n - 1].once = arena_printf(out->arena, "%s:" STR_FMT ":%s",
		key, STR_ARG(in->message->from), when);
}

static void answer_chatter(const struct handler_input *in, struct outcome *out)
{
	const struct context *c = in->context;
	struct day_text today = day_iso(c->today);

	if (!c->sender_known || c->opted_out ||
		str_starts(in->reading->rule, STR("spam")))
		return;
	if (str_starts(in->reading->rule, STR("abuse")))
		answer_once(in, out, "abuse", "once");
	else if (c->pending_n == 0 && has_word(in->message->text))
		answer_once(in, out, "chatter", today.z);
}

static bool is_thanks(struct str text, struct arena *a)
{
	static const char *const v[] = {
		"cam on", "da cam on", "thank", "tks", "chuc"};
	struct str ascii = str_trim(segment_ascii(text, a));

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (str_ieq(str_part(ascii, 0, strlen(v[i])), str_of(v[i])))
			return true;
	return false;
}

/*
 * While something is asked, what is no chatter is an answer that failed:
 * figures, and words that no rule knows.
 */
static bool is_failed_answer(const struct handler_input *in, struct arena *a)
{
	struct str text = in->message->text;

	return has_digit(text) || (in->reading->rule.n == 0 && has_word(text) &&
					  !is_thanks(text, a));
}

/* What staff are shown before they decide is never taken by words alone. */
static const char *waiting_key(const struct context *c)
{
	const struct pending *q = dialog_open(c);

	if (q == NULL)
		return NULL;
	return q->question == QUESTION_BROADCAST ? "broadcast_waits"
	       : q->question == QUESTION_APPROVE ? "approve_waits"
						 : NULL;
}

void other_handle(const struct handler_input *in, struct outcome *out)
{
	const struct pending *q = unanswered(in->context);
	const char *waits = waiting_key(in->context);

	if (q != NULL && is_failed_answer(in, out->arena))
		ask_open_again(in, out, q);
	else if (waits != NULL && is_failed_answer(in, out->arena))
		dialog_refuse(out, PROBLEM_AMBIGUOUS, waits);
	else
		answer_chatter(in, out);
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
