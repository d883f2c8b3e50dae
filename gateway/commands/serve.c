/* serve - runs the gateway until it is told to stop. */
#include "gateway/commands/command.h"
#include "gateway/engine.h"

static int run(const struct command_line *line)
{
	return engine_run(line->config, line->clock);
}

const struct command command_serve = {
	.name = "serve",
	.summary = "run the gateway",
	.help = "Listens for providers' callbacks, stores what they bring and "
		"sends what is due, until SIGTERM or SIGINT; then it lets what "
		"is under way finish and ends within two seconds. SIGHUP reads "
		"the configuration, rules, replies and certificate again: all "
		"of them are checked first, and nothing changes if anything is "
		"wrong. The addresses and the database are those of the start. "
		"Prints \"listening on http://ADDRESS:PORT\" once it does "
		"(https with tls, and a line \"admin on\" with admin_listen).",
	.run = run,
};
