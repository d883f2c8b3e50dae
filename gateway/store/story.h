#ifndef GATEWAY_STORE_STORY_H
#define GATEWAY_STORE_STORY_H

#include "gateway/base/jdoc.h"
#include "gateway/store/store.h"

/*
 * The whole story of one message (inbound → rule → records → reply → each
 * attempt) or one outbox row, as a JSON object; `bantin why` prints it for
 * people. NULL and no error: there is no such id.
 */
struct jdoc *story_of_message(struct store *s, int64_t id);
struct jdoc *story_of_outbox(struct store *s, int64_t id);

#endif
