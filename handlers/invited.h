#ifndef HANDLERS_INVITED_H
#define HANDLERS_INVITED_H

#include "handlers/handler.h"

/* To which meeting, and for which member, does an answer or a vote belong? */
struct invited {
	const struct pending *question;    /* NULL: none is open */
	const struct meeting_ref *meeting; /* NULL: only the question knows */
	int64_t meeting_id;
	int64_t unit_id; /* 0: without a registry */
	/* Roll number; 0: the phone speaks for nobody there; -1: for several */
	int member;
	/* No question is open, for that of a new day has not come yet. */
	bool untold;
};

/* False: no such question is open and no meeting is to come. One that has
 * begun is not. */
bool invited_find(const struct handler_input *in, const struct fields *f,
	enum question question, struct invited *ret);

/* Has it begun? Not when its day is not known. */
bool invited_is_over(const struct context *c, const struct meeting_ref *m);

/*
 * What only a context tells to be an answer: `DV 12 CO` from a phone that
 * speaks for that member; `1` or `2` to a question that was closed, because
 * the meeting was moved or has begun.
 */
void invited_resolve(const struct handler_input *in, struct reading *r);

/* Several meetings could be meant: asked which, by number or day. */
bool invited_ask_which(const struct handler_input *in, struct outcome *out);

/* The meeting as texts name it; at least its unit. */
struct str invited_name(const struct handler_input *in, const struct invited *v,
	struct arena *a);

#endif
