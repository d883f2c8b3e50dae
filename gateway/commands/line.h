#ifndef GATEWAY_COMMANDS_LINE_H
#define GATEWAY_COMMANDS_LINE_H

#include "gateway/commands/command.h"

/* Reads the command line and runs its command; the exit status. */
int line_run(int argc, char **argv, const struct clock *clock);

#endif
