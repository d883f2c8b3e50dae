/* rehearse - plays scenario files under a virtual clock. */
#include "gateway/commands/command.h"
#include "gateway/scenario.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)

static int run(const struct command_line *line)
{
	int passed = 0;
	struct buf b;

	buf_init(&b, OUTPUT_MAX);
	for (int i = 0; i < line->argc; i++) {
		bool fine;

		buf_clear(&b);
		fine = scenario_run(line->argv[i], &b);
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
		"KIND, crash, expect meeting, expect contact. Prints ok FILE, "
		"or FILE:LINE: expected ..., got ...",
	.run = run,
};
