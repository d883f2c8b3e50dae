#ifndef GATEWAY_REHEARSAL_H
#define GATEWAY_REHEARSAL_H

#include "gateway/intake.h"
#include "gateway/model/guide.h"
#include "gateway/store/unit_change.h"

/*
 * The product without sockets, under a virtual clock: an in-memory database,
 * the real rules, handlers and outbox, and a channel `sim` that accepts
 * everything. One scenario each; single thread.
 */
struct rehearsal;

enum rehearsal_failure {
	REHEARSAL_TEMPORARY,
	REHEARSAL_PERMANENT,
	REHEARSAL_THROTTLED,
	REHEARSAL_TIMEOUT
};

struct rehearsal *rehearsal_new(struct err *err);
void rehearsal_free(struct rehearsal *r);
struct store *rehearsal_store(struct rehearsal *r);
const struct settings *rehearsal_settings(const struct rehearsal *r);
int64_t rehearsal_now_ms(const struct rehearsal *r);

int rehearsal_set(struct rehearsal *r, struct str option, struct str value,
	struct err *err) __attribute__((warn_unused_result));
/* units.csv, members.csv, roles.csv of a folder. */
int rehearsal_import(struct rehearsal *r, const char *dir, struct err *err)
	__attribute__((warn_unused_result));
/* Forwards only: runs every timer up to then, each at its own due time. */
int rehearsal_advance(struct rehearsal *r, int64_t to_ms, struct err *err)
	__attribute__((warn_unused_result));
/* The wall clock is set by so much, either way, and no timer runs on the way:
 * as after a wrong clock, or a time in which the machine was off. */
int rehearsal_clock(struct rehearsal *r, int64_t by_ms, struct err *err)
	__attribute__((warn_unused_result));
/* A text comes in, and what it causes at once goes out. */
int rehearsal_receive(struct rehearsal *r, struct str from, struct str text,
	struct err *err) __attribute__((warn_unused_result));
/* A USSD session: dialled (input: what stands behind the service code),
 * answered, hung up. */
enum rehearsal_call { REHEARSAL_DIAL, REHEARSAL_KEY, REHEARSAL_HANGUP };
int rehearsal_talk(struct rehearsal *r, enum rehearsal_call call,
	struct str phone, struct str input, struct err *err)
	__attribute__((warn_unused_result));
/* The screen that the phone was shown last; NULL: none yet. */
const struct ussd_screen *rehearsal_screen(
	const struct rehearsal *r, struct str phone);
/* A change of units, as `bantin unit` does it. */
int rehearsal_unit(struct rehearsal *r, const struct unit_change *c,
	struct err *err) __attribute__((warn_unused_result));
/* Texts to that phone that are held leave after all, as by `bantin queue
 * requeue`. -1 with err when there are none. */
int rehearsal_release(struct rehearsal *r, struct str phone, struct err *err)
	__attribute__((warn_unused_result));
/* The channel answers its next n sends like this. */
void rehearsal_fail(struct rehearsal *r, int n, enum rehearsal_failure how);
/* The process dies and starts again on the same database. */
int rehearsal_crash(struct rehearsal *r, struct err *err)
	__attribute__((warn_unused_result));

struct rehearsal_calls;
/* For rehearsal_talk.c: the phones that have dialled. */
struct rehearsal_calls **rehearsal_calls(struct rehearsal *r);
void rehearsal_calls_free(struct rehearsal_calls *c); /* NULL is fine */
struct budget *rehearsal_budget(struct rehearsal *r);

/* Tells of each text as the channel takes it. */
typedef void rehearsal_watcher(
	void *arg, int64_t at_ms, struct str to, struct str text);
void rehearsal_watch(struct rehearsal *r, rehearsal_watcher *fn, void *arg);

/* The oldest text to that phone (any, when absent) that the channel took and
 * nobody looked at: taken from the list. False: none. */
struct rehearsal_text {
	struct str to, text;
};
bool rehearsal_next_text(
	struct rehearsal *r, struct str phone, struct rehearsal_text *ret);

#endif
