#ifndef GATEWAY_COMMANDS_QUEUE_PARTS_H
#define GATEWAY_COMMANDS_QUEUE_PARTS_H

#include "gateway/commands/command.h"
#include "gateway/store/queue.h"

/* Private to `bantin queue`: what the line asks for. */
struct queue_ask {
	const struct command_line *line;
	struct settings *set;
	struct store *store; /* reads */
	struct arena *arena;
	struct queue_filter filter;
	bool one_state; /* filter.state counts; else all that wait */
	size_t limit;
	bool json, all, yes;
	bool masked; /* phones and texts are left out */
};

/* Prints what waits, and why. An exit status. */
int queue_list(const struct queue_ask *ask);

#endif
