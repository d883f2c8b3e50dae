#ifndef HANDLERS_DIALOG_H
#define HANDLERS_DIALOG_H

#include "handlers/handler.h"

/*
 * What handlers share: who is meant by a unit's code, what a report is called
 * in a text, and the one open question of a conversation.
 */

/* A unit of the context by its code; NULL: the context does not know it. */
const struct unit_ref *dialog_unit(const struct context *c, struct str code);
/* Is the sender to be checked? Always, but in a `parse` of a bare text. */
bool dialog_checks_sender(const struct handler_input *in);
/* The only unit of the sender's own; NULL: none, or several. */
const struct unit_ref *dialog_only_unit(const struct context *c);
/* The n-th of the sender's own units, from 1, as numbered answers count. */
const struct unit_ref *dialog_own_unit(const struct context *c, int n);
/* The role that decides what the sender may do: the highest one held. */
enum role dialog_role(const struct context *c);

/* Secretary, deputy or staff: may speak for units. */
bool dialog_is_reporter(const struct context *c);

#define DIALOG_SEVERAL (-1)
/*
 * The roll number that the phone speaks for in a unit (absent: in any); 0:
 * none; DIALOG_SEVERAL: one phone for several members.
 */
int dialog_member(const struct context *c, struct str unit);
/* The unit that a text without one is about: the only one that the sender
 * speaks for; of a member the one that has that number (0: any) of theirs.
 * Absent: none, or several. */
struct str dialog_unit_of(const struct context *c, int64_t no);
/* Is the sender that member, and no more? */
bool dialog_speaks_for(const struct context *c, struct str unit, int64_t no);

/* reading.rule of an answer by number: resolved already. */
#define DIALOG_ANSWER "answer"
/* reading.rule of a number that fits two open questions: asked anew. */
#define DIALOG_WHICH "which"
/* Has the sender just said `1` to what is echoed before it is taken? */
bool dialog_confirmed(const struct handler_input *in);

/* "MG07 5/11", "MG07 5/11 CD", "MG07", "5/11"; absent: neither is known. */
struct str dialog_report_name(const struct fields *f, struct arena *a);
/* A code for examples: the unit that was named, an own one, else "MG07". */
struct str dialog_code(const struct handler_input *in, const struct fields *f);

/*
 * The sender's newest question, when it is one about a record (confirm_report,
 * confirm_keyword, two_step, missing); else NULL.
 */
const struct pending *dialog_open(const struct context *c);
/* The newest invitation or vote; or the newest question of any other kind. */
const struct pending *dialog_newest(const struct context *c, bool of_meeting);
/*
 * Closes the open questions about records, so that a bare answer
 * never fits two. `but`: the kind that is asked next, which the store lets
 * take the place of the older one (and counts how often); else
 * QUESTION_NONE.
 */
void dialog_settle(
	const struct handler_input *in, struct outcome *out, enum question but);

/* A text back, without a question; its arguments may be added. */
struct reply *dialog_reply(struct outcome *out, const char *key);
/* Kept back: nothing is stored, for this reason. */
void dialog_refuse(struct outcome *out, enum problem p, const char *key);

/* Is the sender its overseer, who may ask about it and no more? */
bool dialog_oversees(const struct context *c, const struct unit_ref *u);
/* Does the text name several units by one word? An answer to that question
 * often names none. */
bool dialog_shares(const struct context *c);
/* "MG31, MG32": those that one word of the text names, of units in scope or
 * overseen. */
struct str dialog_shared_codes(const struct context *c, struct arena *a);

#endif
