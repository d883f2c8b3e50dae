#ifndef GATEWAY_REPLAY_H
#define GATEWAY_REPLAY_H

#include "gateway/intake.h"

/*
 * A stored message, read again under the present rules: what was made of it,
 * what would be made of it, and doing it. Everything lives in the arena.
 */
struct replay_env {
	struct store *store;
	const struct settings *settings;
	struct arena *arena; /* one message's */
	int64_t now_ms;
};

struct replay_made {
	struct str intent, problem;
	struct str report; /* JSON, several after one another; absent: none */
	struct str fields; /* of another record, JSON; absent: none, or kept
			    * by a version that did not write them */
};

struct replay_seen {
	bool read;       /* false: a repeat, or a body nobody can read */
	const char *why; /* it is not read; NULL: a repeat */
	struct replay_made before, after;
	bool differs;
	const struct message *texts; /* one, but of a quarantined body */
	size_t texts_n;
};

/* Only reads. 0, or -1: store_error() tells. */
int replay_see(const struct replay_env *env, const struct replay_message *m,
	struct replay_seen *ret) __attribute__((warn_unused_result));

struct replay_done {
	const char *left; /* why a person should look at it; NULL: done */
	size_t queued;    /* texts that go out */
};

/*
 * Carries a differing message out, inside the caller's transaction: the same
 * way as a new text, in the situation of its own time. Nothing that a later
 * text has answered, confirmed or corrected is undone, and nothing that was
 * stored is taken back: that is left. Its sender is answered only when the
 * text is younger than question.valid_h and the last one of that phone; else
 * nobody is texted and nobody asked. -1: roll back; ret->left or the store's
 * error tells.
 */
int replay_do(const struct replay_env *env, const struct replay_message *m,
	const struct replay_seen *seen, struct replay_done *ret)
	__attribute__((warn_unused_result));

#endif
