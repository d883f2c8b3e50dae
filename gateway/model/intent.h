#ifndef GATEWAY_MODEL_INTENT_H
#define GATEWAY_MODEL_INTENT_H

#include "gateway/base/str.h"

/* What a text wants. INTENT_OTHER: chatter, stores nothing. One line each. */
#define INTENTS(X)                                                             \
	X(OTHER, "other")                                                      \
	X(MEETING_REPORT, "meeting_report")                                    \
	X(MEETING_ANNOUNCE, "meeting_announce")                                \
	X(MEETING_POSTPONE, "meeting_postpone")                                \
	X(NO_MEETING, "no_meeting")                                            \
	X(ATTENDANCE, "attendance")                                            \
	X(MEMBER_STATUS, "member_status")                                      \
	X(CONFIRM, "confirm")                                                  \
	X(VOTE, "vote")                                                        \
	X(OPINION, "opinion")                                                  \
	X(CANDIDATE, "candidate")                                              \
	X(TASK, "task")                                                        \
	X(UNIT_UPDATE, "unit_update")                                          \
	X(REGISTER, "register")                                                \
	X(CORRECTION, "correction")                                            \
	X(CANCEL, "cancel")                                                    \
	X(ACK, "ack")                                                          \
	X(QUERY, "query")                                                      \
	X(HELP, "help")                                                        \
	X(APPROVE, "approve")                                                  \
	X(BROADCAST, "broadcast")                                              \
	X(OPT_OUT, "opt_out")                                                  \
	X(OPT_IN, "opt_in")                                                    \
	X(DATA_REQUEST, "data_request")                                        \
	X(UNKNOWN, "unknown")

#define INTENT_ENUM(id, name) INTENT_##id,
enum intent { INTENTS(INTENT_ENUM) INTENT_N };

const char *intent_str(enum intent i);
/* INTENT_N when there is none of that name. */
enum intent intent_parse(struct str name);

/* Why a text is asked back; the names are those of the language notes. */
#define PROBLEMS(X)                                                            \
	X(NONE, "")                                                            \
	X(SUM_MISMATCH, "sum_mismatch")                                        \
	X(PRESENT_GT_TOTAL, "present_gt_total")                                \
	X(ROSTER_MISMATCH, "roster_mismatch")                                  \
	X(MISSING_UNIT, "missing_unit")                                        \
	X(MISSING_PRESENT, "missing_present")                                  \
	X(MISSING_DATE, "missing_date")                                        \
	X(MISSING_ABSENCE_SPLIT, "missing_absence_split")                      \
	X(MISSING_REASON, "missing_reason")                                    \
	X(MISSING_MEMBER, "missing_member")                                    \
	X(MISSING_DEST, "missing_dest")                                        \
	X(MISSING_TIME, "missing_time")                                        \
	X(BAD_DATE, "bad_date")                                                \
	X(FUTURE_DATE, "future_date")                                          \
	X(OLD_DATE, "old_date")                                                \
	X(LUNAR_DATE, "lunar_date")                                            \
	X(WEEKDAY_MISMATCH, "weekday_mismatch")                                \
	X(DATE_AMBIGUOUS, "date_ambiguous")                                    \
	X(UNIT_UNKNOWN, "unit_unknown")                                        \
	X(UNIT_NOT_SENDER, "unit_not_sender")                                  \
	X(UNIT_TYPO, "unit_typo")                                              \
	X(ALIAS_MULTI, "alias_multi")                                          \
	X(JOINT_MEETING, "joint_meeting")                                      \
	X(NUMBER_RANGE, "number_range")                                        \
	X(KEYWORD_TYPO, "keyword_typo")                                        \
	X(SPLIT_NUMBER, "split_number")                                        \
	X(MOJIBAKE, "mojibake")                                                \
	X(COUNT_OR_NUMBER, "count_or_number")                                  \
	X(DU_AMBIGUOUS, "du_ambiguous")                                        \
	X(MAT_AMBIGUOUS, "mat_ambiguous")                                      \
	X(VANG_AMBIGUOUS, "vang_ambiguous")                                    \
	X(DUNG_AMBIGUOUS, "dung_ambiguous")                                    \
	X(K_AMBIGUOUS, "k_ambiguous")                                          \
	X(DEST_AMBIGUOUS, "dest_ambiguous")                                    \
	X(DOUBLE_NEGATION, "double_negation")                                  \
	X(AMBIGUOUS, "ambiguous")                                              \
	X(MEMBER_UNKNOWN, "member_unknown")                                    \
	X(CONTRADICTION, "contradiction")                                      \
	X(NAME_UNCLEAR, "name_unclear")                                        \
	X(TWO_STEP, "two_step")                                                \
	X(SENDER_UNKNOWN, "sender_unknown")                                    \
	X(NOT_ALLOWED, "not_allowed")                                          \
	X(BAD_SYNTAX, "bad_syntax")

#define PROBLEM_ENUM(id, name) PROBLEM_##id,
enum problem { PROBLEMS(PROBLEM_ENUM) PROBLEM_N };

const char *problem_str(enum problem p);
enum problem problem_parse(struct str name); /* PROBLEM_N: none */

#endif
