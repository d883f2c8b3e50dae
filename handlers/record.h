#ifndef HANDLERS_RECORD_H
#define HANDLERS_RECORD_H

#include "handlers/handler.h"

/* What the handlers of records that are no reports share. */

/*
 * The unit that f speaks of, and may the sender speak for it? As report_unit;
 * a unit of which the sender is a member is told by *ret_u alone, with
 * unit_not_sender.
 */
enum problem record_unit(const struct handler_input *in, struct fields *f,
	const struct unit_ref **ret_u);

/* Has the unit all members that f names by number? Without its list: yes. */
enum problem record_members(
	const struct handler_input *in, const struct fields *f);
/* The same, and is none of them gone (dead, removed, transferred out)? Who is
 * transferred for a time is still the unit's. */
enum problem record_members_there(
	const struct handler_input *in, const struct fields *f);
/* Some member that f names has the status; false without the list. */
bool record_has_status(
	const struct context *c, const struct fields *f, const char *status);
/*
 * The roll number of the one member with that full name; 0: none, several, or
 * a given name alone. -1: there is no list to look in.
 */
int record_named(const struct context *c, struct str name, struct arena *a);

/* A record to store. */
struct record {
	enum record_kind kind;
	enum record_state state;
	int64_t unit_id;             /* 0: of no unit */
	int64_t subject;             /* meeting id; 0: none */
	const struct fields *fields; /* NULL: as read */
	const char *key;             /* of the text back */
};
/*
 * Stores it, closes what was asked, and repeats it to the sender; more
 * arguments may be added to the text. Nothing is stored without a registry.
 */
struct reply *record_store(const struct handler_input *in, struct outcome *out,
	const struct record *r);
/* The sender's open proposal that says the same, whose number is not given
 * twice; 0: none. */
int64_t record_proposed_before(const struct handler_input *in,
	const struct fields *f, struct arena *a);
/* The number that the next proposal of this outcome gets; 0: not known. */
int64_t record_next_proposal(
	const struct handler_input *in, const struct outcome *out);
/* To the staff above the unit: the record, in the words of the echo, with the
 * number of the proposal that was stored last. */
void record_tell(struct outcome *out, const struct unit_ref *u, const char *key,
	const struct fields *f);

/* "MG07 8/11 19h30": a meeting, as texts name it. */
struct str record_meeting(const struct meeting_ref *m, struct arena *a);

#endif
