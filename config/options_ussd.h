#ifndef CONFIG_OPTIONS_USSD_H
#define CONFIG_OPTIONS_USSD_H

/*
 * Lines of config_options.c's table: led conversations, over USSD and by SMS
 * (design notes §8, language notes §5 "Clock"). AT(field) is the offset of a
 * field of struct config.
 */
#define OPTIONS_USSD_INT(key, value, from, to, of, text)                       \
	{                                                                      \
		.name = "ussd." #key, .type = OPTION_INT, .fallback = (value), \
		.min = (from), .max = (to), .unit = (of), .help = (text),      \
		.offset = AT(ussd.key)                                         \
	}
#define OPTIONS_USSD                                                           \
	{.name = "ussd.code",                                                  \
		.type = OPTION_TEXT,                                           \
		.fallback = "*384*7#",                                         \
		.min = 3,                                                      \
		.max = 32,                                                     \
		.help = "What people dial for the menu, as the operator gave " \
			"it. A channel's ussd_code goes before it.",           \
		.offset = AT(ussd.code)},                                      \
		OPTIONS_USSD_INT(budget_ms, "2500", 100, 60000,                \
			"milliseconds",                                        \
			"How long a screen may take; then the session ends "   \
			"politely, and what it would have said goes by SMS."), \
		OPTIONS_USSD_INT(resume_min, "10", 0, 1440, "minutes",         \
			"Who dials again within this time goes on where they " \
			"were, when something was filled in."),                \
		OPTIONS_USSD_INT(drop_min, "3", 1, 5, "minutes",               \
			"A USSD session without an answer for so long was "    \
			"dropped: what is missing goes by SMS."),              \
		OPTIONS_USSD_INT(session_min, "30", 1, 1440, "minutes",        \
			"A conversation without an answer for so long is "     \
			"over, over USSD and by SMS.")

#endif
