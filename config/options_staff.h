#ifndef CONFIG_OPTIONS_STAFF_H
#define CONFIG_OPTIONS_STAFF_H

/*
 * Lines of config_options.c's table: what staff decide and send. AT(field) is
 * the offset of a field of struct config.
 */
#define OPTIONS_STAFF_INT(key, value, from, to, of, text)                      \
	{                                                                      \
		.name = #key, .type = OPTION_INT, .fallback = (value),         \
		.min = (from), .max = (to), .unit = (of), .help = (text),      \
		.offset = AT(key)                                              \
	}

#define OPTIONS_APPROVE                                                        \
	OPTIONS_STAFF_INT(approve.remind_days, "3", 0, 365, "days",            \
		"Days after a proposal until the nearest staff are reminded "  \
		"of it; 0: they are not."),                                    \
		OPTIONS_STAFF_INT(approve.escalate_days, "7", 0, 365, "days",  \
			"The same until those above that staff are told; 0: "  \
			"they are not."),                                      \
		OPTIONS_STAFF_INT(approve.expire_days, "30", 1, 365, "days",   \
			"The same until it ends undecided, and who made it "   \
			"is told."),                                           \
	{                                                                      \
		.name = "approve.at", .type = OPTION_TIME,                     \
		.fallback = "09:00", .help = "When all that happens.",         \
		.offset = AT(approve.at)                                       \
	}

#define OPTIONS_BROADCAST                                                      \
	OPTIONS_STAFF_INT(broadcast.per_minute, "60", 0, 100000, "texts",      \
		"Texts of one broadcast that are queued in a minute; 0 for "   \
		"as fast as the channels' limits allow."),                     \
		OPTIONS_STAFF_INT(broadcast.max_segments, "4", 1, 12,          \
			"segments", "Longer texts are not sent to many.")

#endif
