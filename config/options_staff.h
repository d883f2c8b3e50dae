#ifndef CONFIG_OPTIONS_STAFF_H
#define CONFIG_OPTIONS_STAFF_H

/*
 * Lines of config_options.c's table: what staff decide. AT(field) is the
 * offset of a field of struct config.
 */
#define OPTIONS_STAFF_INT(key, field, value, from, of, text)                   \
	{                                                                      \
		.name = (key), .type = OPTION_INT, .fallback = (value),        \
		.min = (from), .max = 365, .unit = (of), .help = (text),       \
		.offset = AT(field)                                            \
	}
#define OPTIONS_STAFF                                                          \
	OPTIONS_STAFF_INT("approve.remind_days", approve.remind_days, "3", 0,  \
		"days",                                                        \
		"Days after a proposal until the nearest staff are reminded "  \
		"of it; 0: they are not."),                                    \
		OPTIONS_STAFF_INT("approve.escalate_days",                     \
			approve.escalate_days, "7", 0, "days",                 \
			"The same until those above that staff are told; 0: "  \
			"they are not."),                                      \
		OPTIONS_STAFF_INT("approve.expire_days", approve.expire_days,  \
			"30", 1, "days",                                       \
			"The same until it ends undecided, and who made it "   \
			"is told."),                                           \
	{                                                                      \
		.name = "approve.at", .type = OPTION_TIME,                     \
		.fallback = "09:00", .help = "When all that happens.",         \
		.offset = AT(approve.at)                                       \
	}

#endif
