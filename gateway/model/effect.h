#ifndef GATEWAY_MODEL_EFFECT_H
#define GATEWAY_MODEL_EFFECT_H

#include "gateway/model/context.h"

/*
 * What a handler wants done. Handlers only list effects; gateway/store/apply
 * turns them into rows inside the message's own transaction.
 */
enum effect_kind {
	EFFECT_REPORT,  /* store fields as the next version of a report */
	EFFECT_VOID,    /* cancel a report: its versions stay, marked voided */
	EFFECT_RECORD,  /* store fields as a record of another kind */
	EFFECT_CONTACT, /* consent of the sender's phone */
	EFFECT_REPLY,   /* a text back to the sender */
	EFFECT_ASK,     /* a text back that waits for an answer */
	EFFECT_NOTIFY,  /* a text to the staff above a unit, or to one phone */
	EFFECT_SETTLE,  /* a pending question is answered */
	EFFECT_READ     /* the audit: the answer tells staff of members */
};

/*
 * What a record is about; the store has one file for two or three. ATTENDANCE
 * is of the meeting of (unit, kind, date), ANSWER, BALLOT and POSTPONED of the
 * meeting in `subject`; a TICKET is due on `due`; a DECISION is of the proposal
 * in `subject`.
 */
#define RECORDS(X)                                                             \
	X(ATTENDANCE, "attendance")                                            \
	X(MEMBER, "member_event")                                              \
	X(ANSWER, "answer")                                                    \
	X(BALLOT, "ballot")                                                    \
	X(OPINION, "opinion")                                                  \
	X(CANDIDATE, "candidate")                                              \
	X(TASK, "task")                                                        \
	X(UNIT_FACT, "unit_fact")                                              \
	X(TICKET, "ticket")                                                    \
	X(ANNOUNCED, "announced")                                              \
	X(POSTPONED, "postponed")                                              \
	X(NO_MEETING, "no_meeting")                                            \
	X(BROADCAST, "broadcast")                                              \
	X(DECISION, "decision")

#define RECORD_ENUM(id, name) RECORD_##id,
enum record_kind { RECORDS(RECORD_ENUM) RECORD_KINDS };
const char *record_kind_str(enum record_kind k);

/* Does it count at once? A proposal changes nothing until staff approve. */
enum record_state { RECORD_APPLIED, RECORD_PROPOSED, RECORD_NOTED };
const char *record_state_str(enum record_state s);

#define REPLY_ARGS_MAX 14

struct reply_arg {
	const char *name; /* placeholder, without braces */
	struct str value;
	bool typed; /* by a sender: cut short, and left out when it holds a
		     * word that no text of ours may hold */
};

/* A text by its key in replies.*.yaml, and what its placeholders stand for. */
struct reply {
	const char *key;
	struct reply_arg args[REPLY_ARGS_MAX];
	size_t args_n;
};

struct effect {
	enum effect_kind kind;
	struct reply reply; /* REPLY, ASK, NOTIFY */
	struct str text;    /* REPLY, ASK: as it is, instead of the reply */
	const char *read;   /* READ: what, as "approve list" */
	int64_t unit_id;    /* REPORT, RECORD, NOTIFY; READ: 0: of several */
	/* VOID, RECORD: meeting id; ASK: subject; SETTLE: pending */
	int64_t subject;
	/* REPORT, RECORD; ASK: the partial record. Members by number only. */
	const struct fields *fields;
	enum record_kind record; /* RECORD */
	enum record_state state; /* RECORD */
	/*
	 * REPORT: the meeting that a correction moves to another day; 0: the
	 * meeting of (unit, kind, date), made when there is none.
	 */
	int64_t meeting_id;
	/* RECORD that is a proposal: its number; 0: the next. */
	int64_t proposal;
	struct str to, language; /* NOTIFY: this phone alone; absent: staff */
	enum question question;  /* ASK */
	enum intent intent;      /* ASK: of the partial record */
	enum problem problem;    /* ASK */
	/* ASK: answers that failed before it, and the message that began the
	 * conversation; 0, 0: this text begins one. */
	int tries;
	int64_t origin;
	int64_t valid_min;      /* ASK: 0: as long as any question */
	bool opted_out;         /* CONTACT */
	bool detached;          /* CONTACT: and it is somebody else's */
	bool subject_is_report; /* ASK: about the report stored just before */
	/* REPLY: at most one text under this name; absent: as often as asked */
	struct str once;
};

#define EFFECTS_MAX 16

/* A handler's answer. fields: what `bantin parse` prints. */
struct outcome {
	struct arena *arena;
	enum intent intent;
	struct fields fields;
	bool clarify;
	enum problem problem;
	struct effect v[EFFECTS_MAX];
	size_t n;
};

struct effect *outcome_add(struct outcome *o, enum effect_kind kind);
void reply_arg(struct reply *r, const char *name, struct str value);
void reply_arg_typed(struct reply *r, const char *name, struct str value);
void reply_arg_int(
	struct outcome *o, struct reply *r, const char *name, int64_t value);

#endif
