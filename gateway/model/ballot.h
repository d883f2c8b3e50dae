#ifndef GATEWAY_MODEL_BALLOT_H
#define GATEWAY_MODEL_BALLOT_H

#include "gateway/model/context.h"

/*
 * Remote votes as plain values: the chain that holds them together, and how
 * they are counted beside those of the room (domain.md §2.3, docs/records.md
 * "Votes"). Pure.
 */
enum choice { CHOICE_FOR, CHOICE_AGAINST, CHOICE_ABSTAIN, CHOICES_N };
const char *choice_str(enum choice c);
enum choice choice_parse(struct str s); /* CHOICES_N: none */

/* What a ballot counts as: `opinion` is a probationary member's. */
#define BALLOT_VOTE "vote"
#define BALLOT_OPINION "opinion"

/* A member as they stood when the item was opened. */
struct ballot_voter {
	int member_no;
	struct str standing, status;
	bool left;          /* the roll, since; as of the closing */
	bool present;       /* in the room, by the roll call */
	enum choice choice; /* of the last ballot; CHOICES_N: none */
};
bool ballot_is_official(const struct ballot_voter *v);

struct ballot_item {
	int64_t id, meeting_id;
	int no;               /* BQ1, BQ2 … */
	struct str question;  /* absent: announced by number alone */
	struct str threshold; /* "1/2", "2/3" */
	int64_t opened_at;    /* epoch ms */
	struct str digest;    /* as stored: the chain begins with it */
	int64_t closed_at;    /* 0: open */
	struct str seal;      /* as stored when it was closed; else absent */
	struct ballot_voter *voters; /* frozen, by member number */
	size_t voters_n;
};

/* ---- the chain ---- */

struct ballot {
	int64_t id, item_id;
	int seq; /* from 1 in its item */
	int member_no;
	struct str choice, counted_as;
	int64_t voted_at, created_at; /* provider's time, ours; epoch ms */
	int64_t message_id;           /* 0: none */
	struct str prev, hash;        /* hex SHA-256 */
	bool holds;                   /* set by ballot_check() */
};

/* What the voter was told of a ballot, kept apart from it. */
struct ballot_receipt {
	int seq, member_no;
	struct str hash;
};

struct ballot_hash {
	char z[65];
};
/* Of an item with its list of voters. */
struct ballot_hash ballot_genesis(const struct ballot_item *i, struct arena *a);
/* Of one ballot, its prev included. */
struct ballot_hash ballot_link(const struct ballot *b, struct arena *a);
/* The next ballot of an item, as the context's text casts it; without its hash.
 * Who answers the voter and who stores it make the same one. */
struct ballot ballot_cast(
	const struct context *c, const struct vote_ref *v, struct str choice);
/* Of a closed item: where the chain ended, when, and who had left. head: hash
 * of the last ballot, or the item's digest. */
struct ballot_hash ballot_seal(
	const struct ballot_item *i, struct str head, struct arena *a);

/* What a voter is told of it. */
#define BALLOT_CODE_LEN ((size_t)6)

/* One that does not hold. seq 0: the item itself. */
struct ballot_fault {
	int seq, member_no;
	const char *what;
};
struct ballot_faults {
	struct ballot_fault *v;
	size_t n;
};
struct ballot_chain {
	const struct ballot_item *item;
	struct ballot *v; /* by seq */
	size_t n;
	const struct ballot_receipt *receipts; /* by seq */
	size_t receipts_n;
};
/* Walks the chain from the item on; names every ballot that was changed,
 * taken out or put in, and marks those that hold. In the arena. */
void ballot_check(const struct ballot_chain *c, struct arena *a,
	struct ballot_faults *ret);
/* The last vote of each voter that holds: the latest by provider's time. */
void ballot_take(const struct ballot_chain *c, struct ballot_item *i);

/* ---- counting ---- */

struct ballot_votes {
	int n[CHOICES_N];
};
struct ballot_rule {
	bool remote_counts; /* remote_votes_count */
	bool two_thirds;    /* threshold: >= 2/3; else > 1/2 */
};
struct ballot_count {
	bool room_known; /* the meeting's report says the room's votes */
	struct ballot_votes room;
	struct ballot_votes remote;   /* of official members not in the room */
	struct ballot_votes opinions; /* of probationary ones */
	int twice;       /* voted from afar, and were in the room: not remote */
	int denominator; /* official members who count, domain.md §2.3 */
	int in_favour;   /* of the denominator, by the rule */
	bool carried;    /* with room_known */
};
/* ret->room and room_known are the caller's; the rest is set. */
void ballot_count(const struct ballot_item *i, const struct ballot_rule *rule,
	struct ballot_count *ret);

#endif
