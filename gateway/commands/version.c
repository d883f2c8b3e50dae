/* version - which program is this? */
#include "gateway/commands/command.h"

#include <stdio.h>

static int run(const struct command_line *line)
{
	if (command_value(line, "--json") != NULL)
		printf("{\"version\":\"%s\",\"schema\":%d}\n", BANTIN_VERSION,
			store_schema_version());
	else
		printf("bantin %s (database schema %d)\n", BANTIN_VERSION,
			store_schema_version());
	return EXIT_FINE;
}

static const struct command_option options[] = {
	{"--json", NULL, "print one JSON object"},
	{0},
};

const struct command command_version = {
	.name = "version",
	.summary = "print the version",
	.help = "Prints the program's version and that of its database "
		"schema.",
	.options = options,
	.run = run,
};
