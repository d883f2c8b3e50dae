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
};

/* False: no such question is open and no meeting is to come. */
bool invited_find(const struct handler_input *in, const struct fields *f,
	enum question question, struct invited *ret);

/* The meeting as texts name it; at least its unit. */
struct str invited_name(const struct handler_input *in, const struct invited *v,
	struct arena *a);

#endif
