#ifndef GATEWAY_MODEL_CONTEXT_H
#define GATEWAY_MODEL_CONTEXT_H

#include "gateway/model/field.h"
#include "gateway/model/intent.h"

/*
 * What is known around one text, as a value: who sent it, what they may do,
 * what they were asked. Loaded by the store inside the writer's transaction
 * (or put together from the input of `bantin parse`), read by parsers and
 * handlers. Everything lives in the message's arena.
 */
enum role {
	ROLE_SECRETARY,
	ROLE_DEPUTY,
	ROLE_STAFF,
	ROLE_OVERSEER,
	ROLE_MEMBER
};
const char *role_str(enum role r);
int role_parse(struct str name, enum role *ret) /* 0 / -1 */
	__attribute__((warn_unused_result));

struct unit_ref {
	int64_t id;
	struct str code;           /* "MG07" */
	struct str name;           /* "Giôn" */
	const struct str *aliases; /* old codes and names, as registered */
	size_t aliases_n;
	int roll;      /* active, away, exempt and temp_exempt members */
	bool own;      /* the sender is its secretary or deputy */
	bool in_scope; /* own, or inside a staff sender's subtree */
	/* The unit's last change: what is of a day before may be another
	 * unit's. DAY_NONE: it never changed. */
	day_t changed;
	struct str was; /* the unit that the text named until then; or absent */
	bool still;     /* and its own name of today is the same word */
};

struct role_ref {
	enum role role;
	int64_t unit_id;
	struct str unit_code;
	int member_no; /* 0: none */
};

/* What a phone was last asked. */
#define QUESTIONS(X)                                                           \
	X(NONE, "")                                                            \
	X(INVITE, "invite")                                                    \
	X(VOTE, "vote")                                                        \
	X(CONFIRM_REPORT, "confirm_report")                                    \
	X(CONFIRM_KEYWORD, "confirm_keyword")                                  \
	X(TWO_STEP, "two_step")                                                \
	X(MISSING, "missing")                                                  \
	X(BROADCAST, "broadcast")                                              \
	X(APPROVE, "approve")                                                  \
	X(FORM, "form")

#define QUESTION_ENUM(id, name) QUESTION_##id,
enum question { QUESTIONS(QUESTION_ENUM) QUESTION_N };
const char *question_str(enum question q);
enum question question_parse(struct str name); /* QUESTION_N: none */

/*
 * An open question of the sender's. Loaded only once its outbox row is sent,
 * and only when that was before the message's own time.
 */
struct pending {
	int64_t id;
	enum question question;
	int64_t subject;    /* what it is about (report id, …); 0: none */
	int member_no;      /* for whom; 0: the sender */
	int64_t sent_at;    /* when the question left, epoch ms */
	int tries;          /* answers that did not get on so far */
	int64_t message;    /* with which the conversation began; 0: none */
	struct str said;    /* its text */
	enum intent intent; /* of the partial record; INTENT_UNKNOWN: none */
	struct fields *partial; /* NULL: none */
	enum problem problem;   /* what the question asks for */
};

/* A stored report: the latest version of it. */
struct report_ref {
	int64_t meeting_id, report_id;
	struct str unit; /* code */
	day_t date;
	struct str kind;
	int version;
	struct fields fields; /* as stored */
};

struct meeting_ref {
	int64_t id, unit_id;
	struct str unit; /* code */
	day_t date;      /* DAY_NONE: put off, no day yet */
	int time;        /* minutes; -1: none */
	int items;       /* of its remote vote; 0: none was said */
	/* The sender was invited, but not (yet) to this day and hour: what
	 * answers no question may answer that of an earlier plan. */
	bool untold;
	int *open; /* items that are open for the text; only in `meetings` */
	size_t open_n;
	int last_item; /* the highest, open or not; only there */
};

/* What stands against a proposal's approval. */
enum proposal_bar {
	PROPOSAL_FREE,
	PROPOSAL_CHANGED,  /* its member has changed since: staff may insist */
	PROPOSAL_VAGUE,    /* a count, and no numbers */
	PROPOSAL_NO_PHONE, /* of who is to hold the role */
	PROPOSAL_TAKEN     /* the number of who comes is another's */
};

/* What waits, or waited, for staff to decide. */
struct proposal_ref {
	int64_t id; /* the number that texts name it by */
	int64_t unit_id;
	struct str unit;  /* code */
	struct str state; /* open, approved, rejected, expired */
	enum intent intent;
	const struct fields *fields;
	struct str from, language; /* who made it */
	int64_t created_at, decided_at;
	enum proposal_bar bar; /* of an open one */
	int new_no;            /* the next free number of its unit's list */
};

/* An item that is or was put to the vote, and what one member has to do with
 * it, as of the text. */
struct vote_ref {
	int64_t id, meeting_id;
	int no; /* BQ1, BQ2 … */
	int member_no;
	bool open;         /* for a text that was sent when this one was */
	int64_t closes_at; /* epoch ms; 0: the meeting has no day yet */
	bool own_time;     /* it does not close with the meeting's start */
	bool listed;       /* was on the roll when it was opened, and is */
	bool official;     /* else what they say is an opinion */
	int seq;           /* of the item's last ballot; 0: none */
	struct str head;   /* hash of that; or the item's digest */
	/* The member's own ballot that counts; absent, 0: none. */
	struct str choice, hash;
	int64_t voted_at;
};

/* An open proposal, as it was made. */
struct proposed_ref {
	int64_t id;
	const struct fields *fields;
};

struct task_ref {
	const int *members; /* whose it is */
	size_t members_n;
};

/* Whom a text of staff to many would reach, and what that takes. */
struct audience_ref {
	int64_t people; /* one text each, of so many segments */
	int segments;
	int64_t cost;    /* dong; 0: not known */
	int64_t done_at; /* about when the last one leaves */
	/* Left out: who opted out, has not agreed, had the day's texts, has no
	 * phone, is reached by no channel. */
	int64_t opted_out, no_consent, capped, no_phone, unreachable;
	bool forbidden; /* the text holds a word that no text may hold */
};

/* One line of a unit's list of members, whatever their status. */
struct member_ref {
	int no; /* roll number */
	struct str name, standing, status, dest;
	bool on_roll;
};

struct unit_match {
	struct str key; /* the folded words that were looked up */
	const struct unit_ref *units;
	size_t n; /* more than one: the name is shared */
};

struct context {
	int64_t now_ms;
	int64_t sent_at; /* the text's own time; never after now_ms */
	int utc_offset_min;
	day_t today; /* local day of now_ms */
	int minute;  /* local minute of the day */

	bool has_registry; /* false: neither role, unit nor roll is checked */
	bool sender_known;
	int64_t contact_id;  /* 0: none */
	struct str language; /* "vi", "en" */
	bool opted_out;

	const struct role_ref *roles;
	size_t roles_n;
	const struct unit_ref *units; /* own units, in the order of codes */
	size_t units_n;
	const struct unit_match *matches; /* answers to the scan's unit keys */
	size_t matches_n;

	const struct pending *pending; /* newest first */
	size_t pending_n;
	const int *vote_items; /* open items of the vote that was asked */
	size_t vote_items_n;
	/* "MG09, MG10": whose roll numbers these may be; or absent. */
	struct str lists;
	const struct report_ref *last_report; /* the sender's; NULL: none */
	const struct meeting_ref *pending_meeting; /* announced; NULL: none */
	/* Several are announced: those that an answer or a vote could be for.
	 * which_meeting: it does not say for which. */
	const struct meeting_ref *meetings;
	size_t meetings_n;
	bool which_meeting;

	/* Loaded after reading, for the unit, kind and day that were read. */
	const struct unit_ref *unit;          /* NULL: no such unit */
	const struct report_ref *same_report; /* a report is there already */
	bool same_report_cancelled;
	/* Of `unit`; only where what was read speaks of members. */
	const struct member_ref *members;
	size_t members_n;
	/* Only where the text is a vote: a line an item and member. */
	const struct vote_ref *votes;
	size_t votes_n;
	int next_task; /* number of the unit's next task; 0: not asked */
	/* Where a task is named: that of the unit. NULL: it has none such. */
	const struct task_ref *task;
	bool tasks_known; /* there are records in which it was looked up */
	/* The sender's own proposals of that unit and intent that are open. */
	const struct proposed_ref *proposed;
	size_t proposed_n;
	/*
	 * For staff who decide: the proposal that is named, or the oldest open
	 * ones, of their own subtree; proposals_open: how many there are.
	 */
	bool proposals_known; /* they were looked up */
	const struct proposal_ref *proposals;
	size_t proposals_n;
	int proposals_open;
	const struct audience_ref *audience; /* NULL: not looked up */
	int64_t next_proposal; /* number of the next; 0: not asked */
	int64_t message_id;    /* row of the text that is handled; 0: none */
};

bool context_has_role(const struct context *c, enum role r);
/* The sender's open question of that kind; NULL: none. */
const struct pending *context_question(
	const struct context *c, enum question q);

/* The line of a roll number; NULL: the unit has none, or none was loaded. */
const struct member_ref *context_member(const struct context *c, int no);

#endif
