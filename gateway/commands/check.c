/* check - is everything that the gateway runs by in order? */
#include "gateway/commands/command.h"

#include <stdio.h>

static int run(const struct command_line *line)
{
	struct settings *set = command_settings(line);

	if (set == NULL)
		return EXIT_WRONG;
	printf("%s: fine (%zu channel%s, rules " STR_FMT ")\n", line->config,
		set->channels_n, set->channels_n == 1 ? "" : "s",
		STR_ARG(ruleset_version(set->rules)));
	settings_unref(set);
	return EXIT_FINE;
}

const struct command command_check = {
	.name = "check",
	.summary = "check configuration, rules and replies",
	.help = "Reads the configuration, the rules with all their examples, "
		"and the replies in both languages, as serve would. Prints "
		"every fault as FILE:LINE:COLUMN: what is wrong, and what "
		"would be right.",
	.run = run,
};
