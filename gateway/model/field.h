#ifndef GATEWAY_MODEL_FIELD_H
#define GATEWAY_MODEL_FIELD_H

#include "gateway/base/arena.h"
#include "gateway/base/jdoc.h"
#include "gateway/model/day.h"

/*
 * The fields of a reading: one line each, in the order in which they are
 * printed. Types: INT, BOOL, DAY, TIME (minutes since midnight), PERIOD (the
 * first day of the month), TEXT, INTS (roll numbers), TEXTS (names, topic
 * codes), ITEMS (a list of readings' fields), MAP (vote item → choice).
 */
#define FIELDS(X)                                                              \
	X(UNIT, "unit", TEXT)                                                  \
	X(UNITS, "units", TEXTS)                                               \
	X(UNIT_RAW, "unit_raw", TEXT)                                          \
	X(JOINT, "joint", BOOL)                                                \
	X(DATE, "date", DAY)                                                   \
	X(OLD_DATE, "old_date", DAY)                                           \
	X(TIME, "time", TIME)                                                  \
	X(PERIOD, "period", PERIOD)                                            \
	X(KIND, "kind", TEXT)                                                  \
	X(PLACE, "place", TEXT)                                                \
	X(TOTAL, "total", INT)                                                 \
	X(PRESENT, "present", INT)                                             \
	X(EXCUSED, "excused", INT)                                             \
	X(UNEXCUSED, "unexcused", INT)                                         \
	X(ABSENT, "absent", INT)                                               \
	X(AWAY, "away", INT)                                                   \
	X(EXEMPT, "exempt", INT)                                               \
	X(OFFICIAL, "official", INT)                                           \
	X(PROBATIONARY, "probationary", INT)                                   \
	X(UPPER, "upper", INT)                                                 \
	X(RESOLUTION, "resolution", TEXT)                                      \
	X(VOTE_FOR, "vote_for", INT)                                           \
	X(VOTE_AGAINST, "vote_against", INT)                                   \
	X(VOTE_ABSTAIN, "vote_abstain", INT)                                   \
	X(SCORE, "score", INT)                                                 \
	X(MINUTES, "minutes", INT)                                             \
	X(TOPICS, "topics", TEXTS)                                             \
	X(ITEMS, "items", ITEMS)                                               \
	X(CHOICES, "items", MAP)                                               \
	X(ITEM_COUNT, "items", INT)                                            \
	X(REASON, "reason", TEXT)                                              \
	X(ABSENT_MEMBERS, "absent_members", INTS)                              \
	X(EXCUSED_MEMBERS, "excused_members", INTS)                            \
	X(UNEXCUSED_MEMBERS, "unexcused_members", INTS)                        \
	X(PRESENT_MEMBERS, "present_members", INTS)                            \
	X(LATE_MEMBERS, "late_members", INTS)                                  \
	X(ABSENT_NAMES, "absent_names", TEXTS)                                 \
	X(EXCUSED_NAMES, "excused_names", TEXTS)                               \
	X(UNEXCUSED_NAMES, "unexcused_names", TEXTS)                           \
	X(REST_PRESENT, "rest_present", BOOL)                                  \
	X(REASONS, "reasons", TEXTS)                                           \
	X(MEMBER, "member", INT)                                               \
	X(MEMBERS, "members", INTS)                                            \
	X(NAME, "name", TEXT)                                                  \
	X(STATUS, "status", TEXT)                                              \
	X(DEST, "dest", TEXT)                                                  \
	X(MONTHS, "months", INT)                                               \
	X(SINCE, "since", DAY)                                                 \
	X(UNTIL_TEXT, "until_text", TEXT)                                      \
	X(COUNT, "count", INT)                                                 \
	X(COUNT_AWAY, "count_away", INT)                                       \
	X(COUNT_RETURNED, "count_returned", INT)                               \
	X(DECISION, "decision", TEXT)                                          \
	X(APPLICATION_DATE, "application_date", DAY)                           \
	X(ANSWER, "answer", TEXT)                                              \
	X(EXCUSED_REQUEST, "excused_request", BOOL)                            \
	X(REMOTE_REQUEST, "remote_request", BOOL)                              \
	X(ITEM, "item", INT)                                                   \
	X(CHOICE, "choice", TEXT)                                              \
	X(ALL_ITEMS, "all_items", BOOL)                                        \
	X(PROXY, "proxy", BOOL)                                                \
	X(TEXT, "text", TEXT)                                                  \
	X(TOPIC_CODE, "topic_code", TEXT)                                      \
	X(TOPIC, "topic", TEXT)                                                \
	X(CANDIDATE, "candidate", INT)                                         \
	X(STEP, "step", TEXT)                                                  \
	X(TASK, "task", INT)                                                   \
	X(DUE, "due", DAY)                                                     \
	X(STATE, "state", TEXT)                                                \
	X(HEAD_IS_MEMBER, "head_is_member", BOOL)                              \
	X(SECRETARY_IS_HEAD, "secretary_is_head", BOOL)                        \
	X(HAS_COMMITTEE, "has_committee", BOOL)                                \
	X(COMMITTEE_SIZE, "committee_size", INT)                               \
	X(ROLE_CHANGE, "role_change", TEXT)                                    \
	X(PHONE, "phone", TEXT)                                                \
	X(OLD, "old", INT)                                                     \
	X(REJECTED, "rejected", BOOL)                                          \
	X(ACCEPTED, "accepted", BOOL)                                          \
	X(ABOUT, "about", TEXT)                                                \
	X(PROPOSAL, "proposal", INT)                                           \
	X(TO, "to", TEXT)                                                      \
	X(WRONG_PERSON, "wrong_person", BOOL)                                  \
	X(RIGHT, "right", TEXT)

#define FIELD_ENUM(id, name, type) FIELD_##id,
enum field { FIELDS(FIELD_ENUM) FIELD_N };

enum field_type {
	FIELD_T_INT,
	FIELD_T_BOOL,
	FIELD_T_DAY,
	FIELD_T_TIME,
	FIELD_T_PERIOD,
	FIELD_T_TEXT,
	FIELD_T_INTS,
	FIELD_T_TEXTS,
	FIELD_T_ITEMS,
	FIELD_T_MAP
};

struct field_map_entry {
	int key;
	struct str value;
};

/* One value; lists live in the message's arena. */
struct value {
	union {
		int64_t i; /* INT, BOOL, DAY, TIME, PERIOD */
		struct str s;
		struct {
			const void *p;
			size_t n;
		} list;
	};
};

struct fields {
	uint64_t has[2];
	struct value v[FIELD_N];
};

const char *field_str(enum field f);
enum field_type field_type(enum field f);
enum field field_parse(struct str name); /* FIELD_N: none */

static inline bool field_has(const struct fields *f, enum field id)
{
	return f->has[id / 64] >> (id % 64) & 1;
}

static inline int64_t field_int(
	const struct fields *f, enum field id, int64_t otherwise)
{
	return field_has(f, id) ? f->v[id].i : otherwise;
}

/* Absent str when the field is not there. */
static inline struct str field_text(const struct fields *f, enum field id)
{
	return field_has(f, id) ? f->v[id].s : (struct str){NULL, 0};
}

void field_drop(struct fields *f, enum field id);
void field_set_int(struct fields *f, enum field id, int64_t i);
/* The bytes and lists are borrowed: they must live as long as f. */
void field_set_text(struct fields *f, enum field id, struct str s);
void field_set_ints(struct fields *f, enum field id, const int *v, size_t n);
void field_set_texts(
	struct fields *f, enum field id, const struct str *v, size_t n);
void field_set_items(
	struct fields *f, enum field id, const struct fields *v, size_t n);
void field_set_map(struct fields *f, enum field id,
	const struct field_map_entry *v, size_t n);

/* The object of the output contract: {"unit":"MG07","date":"2026-11-05",…} */
struct jdoc *fields_to_json(const struct fields *f);
/* Reads the same back; unknown keys and wrong types are named in err, -1. */
int fields_from_json(const struct jdoc *object, struct arena *a,
	struct fields *ret, struct err *err)
	__attribute__((warn_unused_result));

#endif
