#ifndef CONFIG_OPTIONS_CALENDAR_H
#define CONFIG_OPTIONS_CALENDAR_H

/* Lines of the table in config_options.c: the end of a month, tasks and
 * certificates (domain.md §2.3, §7). */
#define OPTIONS_CALENDAR                                                       \
	{.name = "monthly.close",                                              \
		.type = OPTION_BOOL,                                           \
		.fallback = "true",                                            \
		.help = "Ask secretaries for the report that a month that is " \
			"over still lacks, or for the reason.",                \
		.offset = AT(monthly.close)},                                  \
		{.name = "monthly.known_day",                                  \
			.type = OPTION_INT,                                    \
			.fallback = "10",                                      \
			.min = 1,                                              \
			.max = 28,                                             \
			.unit = "day",                                         \
			.help = "A unit that is imported after this day of a " \
				"month is "                                    \
				"not asked for what that month lacks.",        \
			.offset = AT(monthly.known_day)},                      \
		{.name = "task.remind_days",                                   \
			.type = OPTION_INT,                                    \
			.fallback = "1",                                       \
			.max = 31,                                             \
			.unit = "days",                                        \
			.help = "Days before a task is due on which its "      \
				"members are "                                 \
				"reminded.",                                   \
			.offset = AT(task.remind_days)},                       \
		{.name = "task.remind_at",                                     \
			.type = OPTION_TIME,                                   \
			.fallback = "09:00",                                   \
			.help = "When they are reminded.",                     \
			.offset = AT(task.remind_at)},                         \
		{.name = "task.late_days",                                     \
			.type = OPTION_INT,                                    \
			.fallback = "1",                                       \
			.min = 1,                                              \
			.max = 31,                                             \
			.unit = "days",                                        \
			.help = "Days after that day until the secretary is "  \
				"told that "                                   \
				"it is not done.",                             \
			.offset = AT(task.late_days)},                         \
		{.name = "task.late_at",                                       \
			.type = OPTION_TIME,                                   \
			.fallback = "09:00",                                   \
			.help = "When the secretary is told.",                 \
			.offset = AT(task.late_at)},                           \
		{.name = "candidate.certificate_months",                       \
			.type = OPTION_INT,                                    \
			.fallback = "60",                                      \
			.min = 1,                                              \
			.max = 240,                                            \
			.unit = "months",                                      \
			.help = "How long a candidate's class certificate "    \
				"counts "                                      \
				"for an admission.",                           \
			.offset = AT(candidate.certificate_months)},           \
		{.name = "candidate.warn_days",                                \
			.type = OPTION_INT,                                    \
			.fallback = "90",                                      \
			.max = 366,                                            \
			.unit = "days",                                        \
			.help = "Days before that on which secretary and "     \
				"staff are "                                   \
				"told.",                                       \
			.offset = AT(candidate.warn_days)},                    \
	{                                                                      \
		.name = "candidate.warn_at", .type = OPTION_TIME,              \
		.fallback = "09:00", .help = "When they are told.",            \
		.offset = AT(candidate.warn_at)                                \
	}

#endif
