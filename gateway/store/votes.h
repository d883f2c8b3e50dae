#ifndef GATEWAY_STORE_VOTES_H
#define GATEWAY_STORE_VOTES_H

#include "gateway/model/ballot.h"
#include "gateway/store/agenda.h"

/*
 * What is put to the vote: items of a meeting, opened with its announcement or
 * by staff, the voters frozen when each was opened, and its ballots as a chain
 * (gateway/model/ballot.h). Writers' parts inside the writer's transaction;
 * the rest on either connection. All return 0 / -1, everything in the arena.
 */
struct votes_clock {
	int64_t now_ms;
	int utc_offset_min;
	int64_t late_ms; /* a ballot sent in time may arrive so much later */
};

/* Items 1..n of a meeting as it is planned now are there, and those that have
 * no time of their own close when it begins. */
int votes_announced(struct store *s, int64_t meeting_id, int64_t message_id,
	const struct votes_clock *k, struct arena *a)
	__attribute__((warn_unused_result));

struct votes_opening {
	int64_t meeting_id, unit_id;
	int no;               /* 0: the next one */
	struct str question;  /* absent: none */
	struct str threshold; /* "1/2", "2/3" */
	int64_t closes_at;    /* 0: with no day yet */
	bool own_time;        /* closes_at does not move with the meeting */
	const char *source;   /* "announced", "staff" */
	int64_t message_id;   /* 0: none */
	const struct votes_clock *clock;
};
/* Opens it and freezes its voters: the unit's roll as it is. *ret_id 0: the
 * meeting has an item of that number already. */
int votes_open(struct store *s, const struct votes_opening *o, struct arena *a,
	int64_t *ret_id) __attribute__((warn_unused_result));
/* Opens one that nobody has voted on anew, for the roll of another unit. */
int votes_reopen(struct store *s, int64_t id, int64_t unit_id, int64_t now_ms,
	struct arena *a) __attribute__((warn_unused_result));
/* Closes and seals it. by_hand: now, and not with the meeting. */
int votes_close(struct store *s, int64_t id, int64_t now_ms, bool by_hand,
	struct arena *a) __attribute__((warn_unused_result));

/* When a plan's votes close: its start, or the end of a day without an hour; 0:
 * it has no day. */
int64_t votes_start_ms(day_t day, int minute, int utc_offset_min);

/* ---- looking ---- */

struct vote_row {
	struct ballot_item item; /* voters: see votes_read() */
	int64_t unit_id;
	struct str unit, period, source;
	day_t day;         /* held, or planned; DAY_NONE: none */
	int64_t closes_at; /* 0: no day yet */
	int64_t late_to;   /* 0: no day yet */
	bool off;          /* its meeting was called off or cancelled: void */
};
struct vote_rows {
	struct vote_row *v;
	size_t n;
};
int votes_of_meeting(struct store *s, int64_t meeting_id, struct arena *a,
	struct vote_rows *ret) __attribute__((warn_unused_result));
/* Of meetings of the unit itself (0: of all), in periods from..to ("2026-11";
 * absent: of all). */
int votes_of_unit(struct store *s, int64_t unit_id, const struct str *from_to,
	struct arena *a, struct vote_rows *ret)
	__attribute__((warn_unused_result));
/* The meeting of a unit (code) on a day, planned or held. 1, 0, -1. */
int votes_meeting(struct store *s, struct str unit, day_t day, int64_t *ret)
	__attribute__((warn_unused_result));
/* 1, 0 (no such item), -1. */
int votes_row(struct store *s, int64_t id, struct arena *a,
	struct vote_row *ret) __attribute__((warn_unused_result));

/* An item counted anew from its chain, and whether that holds. */
/* An item that is there no more, as what is left of it tells. */
struct vote_lost {
	int64_t unit_id;
	struct str unit; /* code; absent: nothing tells of which unit it was */
	day_t day;
	int64_t item;    /* its number; without a unit its id */
	int64_t ballots; /* still there */
};
struct vote_losses {
	struct vote_lost *v;
	size_t n;
};
/* Of the meetings of those months ("2026-11"), and those of no unit. */
int votes_lost(struct store *s, const struct str *from_to, struct arena *a,
	struct vote_losses *ret) __attribute__((warn_unused_result));

struct vote_result {
	struct ballot_count count;
	struct ballot_faults faults;
	size_t ballots; /* in the chain, changed ones and all */
};
/* Fills row->item.voters, too. An item that is off has no votes. c: whether
 * remote votes add to the room's (by unit and day); NULL: they do not. */
int votes_read(struct store *s, struct vote_row *row, const struct config *c,
	struct arena *a, struct vote_result *ret)
	__attribute__((warn_unused_result));

#endif
