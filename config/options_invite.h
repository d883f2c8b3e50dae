#ifndef CONFIG_OPTIONS_INVITE_H
#define CONFIG_OPTIONS_INVITE_H

/*
 * Lines of config_options.c's table: invitations (language notes §5 "Clock").
 * AT(field) is the offset of a field of struct config.
 */
#define OPTIONS_INVITE_INT(key, value, from, to, of, text)                     \
	{                                                                      \
		.name = "invite." #key, .type = OPTION_INT,                    \
		.fallback = (value), .min = (from), .max = (to), .unit = (of), \
		.help = (text), .offset = AT(invite.key)                       \
	}
#define OPTIONS_INVITE_AT(key, value, text)                                    \
	{                                                                      \
		.name = "invite." #key, .type = OPTION_TIME,                   \
		.fallback = (value), .help = (text), .offset = AT(invite.key)  \
	}
#define OPTIONS_INVITE                                                         \
	OPTIONS_INVITE_INT(reminders, "1", 0, 2, "reminders",                  \
		"Reminders to who has not answered an invitation."),           \
		OPTIONS_INVITE_INT(first_days, "2", 1, 31, "days",             \
			"Days before the meeting of the first reminder."),     \
		OPTIONS_INVITE_INT(second_days, "1", 1, 31, "days",            \
			"Days before the meeting of the second one."),         \
		OPTIONS_INVITE_AT(remind_at, "09:00", "When reminders go."),   \
		OPTIONS_INVITE_INT(forecast_days, "2", 1, 31, "days",          \
			"Days before the meeting on which its secretary is "   \
			"told who will come."),                                \
		OPTIONS_INVITE_AT(                                             \
			forecast_at, "18:00", "When the forecast goes."),      \
		OPTIONS_INVITE_INT(quorum_percent, "50", 0, 99, "percent",     \
			"The forecast warns unless more than this share of "   \
			"the official members who count is to be there: a "    \
			"resolution needs over half of them (domain notes "    \
			"§2.3).")

#endif
