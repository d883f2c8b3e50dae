#ifndef GATEWAY_STORE_SESSION_H
#define GATEWAY_STORE_SESSION_H

#include "gateway/model/guide.h"
#include "gateway/store/store.h"

/*
 * Led conversations as they stand after each step. Writer's transaction. All
 * return 0 / -1, those that look for one 1 / 0 (none) / -1.
 */
enum session_state {
	SESSION_OPEN,
	SESSION_DONE,    /* handled, or ended by whoever had it */
	SESSION_DROPPED, /* nobody answered; may still be gone on with */
	SESSION_OVER     /* a later one, or a text, took its place */
};

struct session {
	int64_t id; /* 0: not kept yet */
	enum guide_way way;
	struct str channel;
	struct str key; /* the provider's; by SMS the phone */
	struct str phone;
	enum session_state state;
	struct guide_state guide;
	/* The form was full: the last screen asks what its text left open, and
	 * the next input answers that. */
	bool asked;
	struct str seen; /* all that was typed, where that is repeated */
	int64_t sequence;
	int hops;
	struct str screen; /* that was shown last */
	bool more;         /* it waits for an answer */
	int texts;         /* messages that it became */
	int64_t created_at, hop_at;
};

/* Writes it; a new one gets its id. */
int session_save(struct store *s, struct session *v, struct arena *a)
	__attribute__((warn_unused_result));
/* By the provider's name of it, the latest; in the arena. */
int session_find(struct store *s, struct str channel, struct str key,
	struct arena *a, struct session *ret)
	__attribute__((warn_unused_result));
int session_get(struct store *s, int64_t id, struct arena *a,
	struct session *ret) __attribute__((warn_unused_result));
/* The latest of a phone that is open or dropped. */
int session_of_phone(struct store *s, struct str phone, struct arena *a,
	struct session *ret) __attribute__((warn_unused_result));
/* All of a phone that are open or dropped are over. */
int session_end_all(struct store *s, struct str phone)
	__attribute__((warn_unused_result));
/* A message came from it: for `bantin why`. */
int session_tell(struct store *s, int64_t id, int64_t message_id)
	__attribute__((warn_unused_result));
/* A message that was linked as a repeat is a text of its own. */
int session_count(struct store *s, int64_t message_id)
	__attribute__((warn_unused_result));
/* From now on this phone's texts come in that language. */
int session_language(struct store *s, struct str phone, struct str language)
	__attribute__((warn_unused_result));

#endif
