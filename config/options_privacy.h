#ifndef CONFIG_OPTIONS_PRIVACY_H
#define CONFIG_OPTIONS_PRIVACY_H

/*
 * Lines of config_options.c's table: how long what is kept. AT(field) is the
 * offset of a field of struct config.
 */
#define OPTIONS_PRIVACY                                                        \
	{.name = "retention.texts_days",                                       \
		.type = OPTION_INT,                                            \
		.fallback = "90",                                              \
		.max = 36500,                                                  \
		.unit = "days",                                                \
		.help = "Days after which what people wrote is blanked: "      \
			"texts, "                                              \
			"their parts and readings, what a question had "       \
			"understood, "                                         \
			"reasons, answered opinions. What waits for an "       \
			"answer "                                              \
			"stays; so do figures and rows. 0: kept for ever. A "  \
			"proposal of the domain notes (data minimisation, "    \
			"law "                                                 \
			"91/2025/QH15) that the owner of the data decides.",   \
		.offset = AT(retention.texts_days)},                           \
		{.name = "retention.delivery_days",                            \
			.type = OPTION_INT,                                    \
			.fallback = "180",                                     \
			.max = 36500,                                          \
			.unit = "days",                                        \
			.help = "The same for texts that went out, their "     \
				"attempts and "                                \
				"delivery reports.",                           \
			.offset = AT(retention.delivery_days)},                \
		{.name = "retention.quarantine_days",                          \
			.type = OPTION_INT,                                    \
			.fallback = "90",                                      \
			.max = 36500,                                          \
			.unit = "days",                                        \
			.help = "The same for bodies in quarantine.",          \
			.offset = AT(retention.quarantine_days)},              \
		{.name = "retention.attendance_months",                        \
			.type = OPTION_INT,                                    \
			.fallback = "24",                                      \
			.max = 36500,                                          \
			.unit = "months",                                      \
			.help = "Months after which who came to a meeting is " \
				"dropped; how "                                \
				"many came stays. 0: kept for ever.",          \
			.offset = AT(retention.attendance_months)},            \
	{                                                                      \
		.name = "retention.at", .type = OPTION_TIME,                   \
		.fallback = "02:00",                                           \
		.help = "When all that happens, every night.",                 \
		.offset = AT(retention.at)                                     \
	}

#endif
