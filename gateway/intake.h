#ifndef GATEWAY_INTAKE_H
#define GATEWAY_INTAKE_H

#include "gateway/budget.h"
#include "gateway/settings.h"
#include "gateway/store/inbound.h"
#include "handlers/handler.h"
#include "parsers/scan.h"

/*
 * One MO text on its whole way through the store: dedupe → context → read →
 * handle → effects. Inside the caller's transaction; the same code under
 * `serve` (writer thread), `rehearse` and tests.
 */
struct intake_result {
	enum inbound_put put;
	int64_t id; /* message row */
	enum intent intent;
	enum problem problem;
	enum message_state state;
	size_t queued;    /* outbox rows added */
	struct str reply; /* what goes back to the sender; absent: nothing */
};

struct intake_input {
	const struct settings *settings;
	const struct message *message;
	const struct scan *scan;
	struct arena *arena; /* the message's */
	struct budget *budget;
	int64_t now_ms;
};

int intake_message(struct store *s, const struct intake_input *in,
	struct intake_result *ret) __attribute__((warn_unused_result));

#endif
