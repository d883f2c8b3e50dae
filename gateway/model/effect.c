/*
 * effect - how a handler lists what it wants done.
 *
 * An outcome has room for more effects and arguments than any handler needs;
 * going past it is our own bug. All strings are borrowed from the message's
 * arena or live for ever. Writer thread (or whoever runs handlers).
 */
#include "gateway/model/effect.h"

#include <assert.h>
#include <inttypes.h>

#define NAME(id, name) name,

const char *record_kind_str(enum record_kind k)
{
	static const char *const name[] = {RECORDS(NAME)};

	assert(k < RECORD_KINDS);
	return name[k];
}

const char *record_state_str(enum record_state s)
{
	static const char *const name[] = {
		[RECORD_APPLIED] = "applied",
		[RECORD_PROPOSED] = "proposed",
		[RECORD_NOTED] = "noted",
	};

	return name[s];
}

struct effect *outcome_add(struct outcome *o, enum effect_kind kind)
{
	struct effect *e;

	assert(o->n < EFFECTS_MAX);
	e = &o->v[o->n++];
	*e = (struct effect){.kind = kind};
	return e;
}

void reply_arg(struct reply *r, const char *name, struct str value)
{
	assert(r->args_n < REPLY_ARGS_MAX);
	r->args[r->args_n++] = (struct reply_arg){.name = name, .value = value};
}

void reply_arg_typed(struct reply *r, const char *name, struct str value)
{
	reply_arg(r, name, value);
	r->args[r->args_n - 1].typed = true;
}

void reply_arg_int(
	struct outcome *o, struct reply *r, const char *name, int64_t value)
{
	reply_arg(r, name, arena_printf(o->arena, "%" PRId64, value));
}
