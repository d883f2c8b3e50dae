#ifndef GATEWAY_STORE_INVITED_H
#define GATEWAY_STORE_INVITED_H

#include "gateway/store/store.h"

/*
 * Who was invited to a meeting, and what they answered. A meeting that is
 * planned anew (another day or hour, called off, announced again) has a new
 * plan: invitations and answers belong to one plan, and only those of the one
 * that stands count. Inside the writer's transaction; 0 / -1.
 */
struct invitee {
	int64_t id;    /* row of invited; 0: was never told */
	int member_no; /* 0: an overseer, who is told and not asked */
	struct str phone, language;
	bool official; /* has a vote (domain.md §2.3) */
	bool known;    /* a text about the meeting has left before */
	bool shared;   /* its phone speaks for another member, too */
	bool asked;    /* its question has left and is open */
};
struct invitees {
	struct invitee *v; /* in the arena */
	size_t n;
};

/* Who has not been told of the plan that stands: members away, whether or
 * not they agreed to texts, who was invited to an earlier plan, overseers of
 * that day. */
int invited_due(struct store *s, int64_t meeting_id, day_t today,
	struct arena *a, struct invitees *ret)
	__attribute__((warn_unused_result));
/* Who knows of an earlier plan, and not of the one that stands. */
int invited_knowing(struct store *s, int64_t meeting_id, struct arena *a,
	struct invitees *ret) __attribute__((warn_unused_result));
/* Members away who have not answered. */
int invited_silent(struct store *s, int64_t meeting_id, struct arena *a,
	struct invitees *ret) __attribute__((warn_unused_result));

/* The plan that stands is told to one of them, by a text that is still to be
 * made: *ret_id, for its needs, and then invited_told() with its row. */
int invited_put(struct store *s, int64_t meeting_id, const struct invitee *to,
	int64_t now_ms, int64_t *ret_id) __attribute__((warn_unused_result));
int invited_told(struct store *s, int64_t id, int64_t outbox_id)
	__attribute__((warn_unused_result));

int invited_any(struct store *s, int64_t meeting_id, bool *ret)
	__attribute__((warn_unused_result));
/* Closes the questions that were put for an earlier plan. */
int invited_settle(struct store *s, int64_t meeting_id, int64_t now_ms)
	__attribute__((warn_unused_result));

/* One line for each member of the unit. */
struct invited_line {
	bool official, invited;
	struct str status;
	struct str answer; /* yes, no, maybe; absent: none */
	bool remote;       /* asks to take part from afar */
};
struct invited_lines {
	struct invited_line *v;
	size_t n;
};
int invited_lines(struct store *s, int64_t meeting_id, struct arena *a,
	struct invited_lines *ret) __attribute__((warn_unused_result));

#endif
