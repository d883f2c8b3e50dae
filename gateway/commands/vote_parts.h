#ifndef GATEWAY_COMMANDS_VOTE_PARTS_H
#define GATEWAY_COMMANDS_VOTE_PARTS_H

#include "gateway/commands/command.h"

/* Private to `bantin vote`: what the line asks for. */
struct vote_ask {
	const struct command_line *line;
	const struct settings *set;
	struct store *store; /* reads */
	struct arena *arena;
	bool json;
};

/* Prints the items, and names what does not hold. An exit status. */
int vote_list(struct vote_ask *k);

#endif
