/* rehearse - plays scenario files under a virtual clock. */
#include "gateway/commands/command.h"
#include "gateway/scenario.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)

static int run(const struct command_line *line)
{
	const struct scenario_options o = {
		.texts = command_value(line, "--texts") != NULL,
		.save = command_value(line, "--save"),
	};
	int passed = 0;
	struct buf b;

	buf_init(&b, OUTPUT_MAX);
	for (int i = 0; i < line->argc; i++) {
		bool fine;

		buf_clear(&b);
		fine = scenario_run(line->argv[i], &o, &b);
		passed += fine;
		fputs(buf_z(&b), stdout);
		if (fine)
			printf("ok %s\n", line->argv[i]);
		fflush(stdout);
	}
	buf_release(&b);
	printf("%d passed, %d failed\n", passed, line->argc - passed);
	return passed == line->argc ? EXIT_FINE : EXIT_WRONG;
}

static const struct command_option options[] = {
	{.name = "--texts",
		.help = "Print each text as it leaves, and each screen as it "
			"is shown (a bar for each new line), with its time."},
	{.name = "--save",
		.argument = "FILE",
		.help = "Keep the database that the last scenario leaves, for "
			"bantin report. What FILE held is replaced."},
	{0},
};

const struct command command_rehearse = {
	.name = "rehearse",
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = -1,
	.summary = "play scenarios under a virtual clock",
	.help = "Plays each scenario FILE with the real rules, handlers and "
		"outbox, an in-memory database and a channel that accepts "
		"everything. Steps: registry DIR, set OPTION VALUE, at DATE "
		"TIME, PHONE > TEXT, PHONE < GLOB, drain [PHONE], fail next N "
		"KIND, crash, expect meeting, expect tally (remote votes), "
		"expect contact, expect unit, expect queue PHONE held=1, "
		"dial PHONE CODE, key PHONE INPUT, screen PHONE CON GLOB (or "
		"END GLOB), hangup PHONE (USSD), "
		"PHONE requeue, unit merge MG10 MG09 (as "
		"`bantin unit`, with on DAY), clock +3d (or -1h, +30m: the "
		"clock is set, "
		"and no timer runs on the way, as "
		"when the machine was off). Prints ok FILE, "
		"or FILE:LINE: expected ..., got ...",
	.options = options,
	.run = run,
};
