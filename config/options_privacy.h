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
		{.name = "retention.at",                                       \
			.type = OPTION_TIME,                                   \
			.fallback = "02:00",                                   \
			.help = "When all that happens, every night.",         \
			.offset = AT(retention.at)},                           \
		{.name = "ticket.answer_days",                                 \
			.type = OPTION_INT,                                    \
			.fallback = "2",                                       \
			.min = 1,                                              \
			.max = 60,                                             \
			.unit = "working days",                                \
			.help = "In which a request about one's own data "     \
				"(XEM DL, XOA DL) is answered: law "           \
				"91/2025/QH15 and decree 356/2025/ND-CP.",     \
			.offset = AT(ticket.answer_days)},                     \
		{.name = "ticket.erase_days",                                  \
			.type = OPTION_INT,                                    \
			.fallback = "15",                                      \
			.min = 1,                                              \
			.max = 365,                                            \
			.unit = "days",                                        \
			.help = "After the request, in which data that is to " \
				"be erased is: the same law; 20 where others " \
				"hold it, too.",                               \
			.offset = AT(ticket.erase_days)},                      \
		{.name = "ticket.remind_days",                                 \
			.type = OPTION_INT,                                    \
			.fallback = "1",                                       \
			.min = 0,                                              \
			.max = 60,                                             \
			.unit = "working days",                                \
			.help = "Before either is over, staff are reminded "   \
				"once; and once after it.",                    \
			.offset = AT(ticket.remind_days)},                     \
	{                                                                      \
		.name = "ticket.at", .type = OPTION_TIME, .fallback = "09:00", \
		.help = "When staff are.", .offset = AT(ticket.at)             \
	}

#endif
