#ifndef HANDLERS_HANDLER_H
#define HANDLERS_HANDLER_H

#include "config/config.h"
#include "gateway/model/effect.h"
#include "gateway/model/message.h"
#include "gateway/model/reading.h"

/*
 * From a reading to effects. Pure: no clock, no I/O. One file per intent,
 * one line per intent in handler.c's table. `out` comes with its arena set.
 */
void handler_run(const struct message *m, const struct reading *r,
	const struct context *c, const struct config *cfg, struct outcome *out);

/*
 * A bare answer to a question of ours ("1") as the reading it stands for, and
 * the unit where only one can be meant. Call it before the context's subject
 * is loaded, so that the subject is the right one; handler_run() does it too,
 * and twice does no more than once.
 */
void handler_resolve(const struct message *m, const struct context *c,
	const struct config *cfg, struct reading *r);

/*
 * The handler of one intent. Called with out->intent and out->fields copied
 * from the reading, roles checked as the table line says.
 */
struct handler_input {
	const struct message *message;
	const struct reading *reading;
	const struct context *context;
	const struct config *config;
};
typedef void handler_fn(const struct handler_input *in, struct outcome *out);

#endif
