#ifndef GATEWAY_MODEL_MESSAGE_H
#define GATEWAY_MODEL_MESSAGE_H

#include "gateway/base/str.h"

#define MESSAGE_TEXT_MAX 2000 /* characters that are read; more is kept */

/* One MO text as a provider handed it over. Strings live in its arena. */
struct message {
	struct str channel;     /* name from the configuration */
	struct str provider_id; /* the provider's; never empty */
	struct str event_id; /* its id of the delivery attempt; may be absent */
	struct str from;     /* E.164 where it is a phone, else as given */
	struct str to;       /* our number; may be absent */
	struct str text;     /* valid UTF-8, as typed */
	/* A word of our rules for what its provider knows that it means, and
	 * has acted upon; absent: the text is read as it is. */
	struct str means;
	int64_t sent_at;     /* the provider's; = received_at if none */
	int64_t received_at; /* epoch ms */
	/* A part of a longer text that its provider did not join: parts of one
	 * text share part_ref (with channel, from and to). */
	struct str part_ref;
	int part_no, part_total; /* from 1; part_total ≤ 1: the whole text */
	bool certain_id; /* one under another id is another, whatever it says */
};

/* Does it say that it is a part, and can it be one? What says so and is too
 * long for an SMS, or numbered past its total, is a text of its own. */
bool message_is_part(const struct message *m);

/* message.state in the store */
#define MESSAGE_STATES(X)                                                      \
	X(DONE, "done")           /* read and handled */                       \
	X(ASKED, "asked")         /* a question went back */                   \
	X(DUPLICATE, "duplicate") /* same text twice under two ids; linked */  \
	X(QUARANTINED, "quarantined") /* stored unread; replay can run it */   \
	X(IGNORED, "ignored")         /* chatter, or nobody we answer */

#define MESSAGE_STATE_ENUM(id, name) MESSAGE_##id,
enum message_state { MESSAGE_STATES(MESSAGE_STATE_ENUM) MESSAGE_STATE_N };
const char *message_state_str(enum message_state s);

#endif
