#ifndef CONFIG_OPTIONS_MEMBERS_H
#define CONFIG_OPTIONS_MEMBERS_H

/* Lines of config_options.c: what secretaries are reminded of by itself. */
#define OPTIONS_MEMBERS_INT(key, def, low, high, what, text)                   \
	{                                                                      \
		.name = #key, .type = OPTION_INT, .fallback = (def),           \
		.min = (low), .max = (high), .unit = (what), .help = (text),   \
		.offset = AT(key)                                              \
	}

#define OPTIONS_MEMBERS                                                        \
	OPTIONS_MEMBERS_INT(members.back_months, "12", 1, 60, "months",        \
		"After so long a secretary is asked whether a member away is " \
		"back, when the text did not say how long. 12: longer needs "  \
		"a transfer (domain notes 2.4)."),                             \
		OPTIONS_MEMBERS_INT(members.exempt_months, "12", 1, 60,        \
			"months",                                              \
			"The same for a temporary exemption that named no "    \
			"months. 12: the longest that the unit above grants "  \
			"(domain notes 2.4)."),                                \
		OPTIONS_MEMBERS_INT(members.probation_months, "12", 1, 60,     \
			"months",                                              \
			"From the admission to when standing is reviewed "     \
			"(domain notes 2.3)."),                                \
		OPTIONS_MEMBERS_INT(members.review_days, "30", 1, 365,         \
			"working days",                                        \
			"In which that review is due (domain notes 2.3)."),    \
		OPTIONS_MEMBERS_INT(members.absences, "2", 0, 12, "months",    \
			"Months of a year, whose regular meeting a member "    \
			"who "                                                 \
			"is not exempt missed without excuse, after which "    \
			"the "                                                 \
			"secretary is told, once; 0: never. Three lead to a "  \
			"review (domain notes 2.4)."),                         \
	{                                                                      \
		.name = "members.at", .type = OPTION_TIME,                     \
		.fallback = "09:00", .help = "When all that happens.",         \
		.offset = AT(members.at)                                       \
	}

#endif
