#ifndef GATEWAY_PROVIDERS_GENERIC_OPTIONS_USSD_H
#define GATEWAY_PROVIDERS_GENERIC_OPTIONS_USSD_H

/* Lines of generic_options.c's table: a session of USSD. AT(field) is the
 * offset of a field of struct generic. */
#define GENERIC_USSD_TEXT(key, value, field, text)                             \
	{                                                                      \
		.name = "ussd." key, .type = OPTION_TEXT, .fallback = (value), \
		.help = (text), .offset = AT(ussd.field)                       \
	}

#define GENERIC_OPTIONS_USSD                                                   \
	{.name = "ussd.source",                                                \
		.type = OPTION_ENUM,                                           \
		.fallback = "json",                                            \
		.choices = "json|form|query|xml",                              \
		.help = "Where a request to /ussd/CHANNEL carries its "        \
			"fields; with a query it may be a GET.",               \
		.offset = AT(ussd.source)},                                    \
		GENERIC_USSD_TEXT("session", "session",                        \
			field[GENERIC_USSD_SESSION],                           \
			"Field of the session's id."),                         \
		GENERIC_USSD_TEXT("phone", "phone", field[GENERIC_USSD_PHONE], \
			"Field of who dials."),                                \
		GENERIC_USSD_TEXT("code", "", field[GENERIC_USSD_CODE],        \
			"Field of the service code."),                         \
		GENERIC_USSD_TEXT("input", "input", field[GENERIC_USSD_INPUT], \
			"Field of what was typed."),                           \
		GENERIC_USSD_TEXT("sequence", "",                              \
			field[GENERIC_USSD_SEQUENCE],                          \
			"Field of the request's number in its session, by "    \
			"which one that comes twice is known."),               \
		GENERIC_USSD_TEXT("event", "", field[GENERIC_USSD_EVENT],      \
			"Field of what happens: one of `begins`, one of "      \
			"`ends`, or an answer. Without it what looks like a "  \
			"dialled code begins a session."),                     \
		{.name = "ussd.begins",                                        \
			.type = OPTION_TEXTS,                                  \
			.fallback = "",                                        \
			.help = "Values there with which a session begins.",   \
			.offset = AT(ussd.begins)},                            \
		{.name = "ussd.ends",                                          \
			.type = OPTION_TEXTS,                                  \
			.fallback = "",                                        \
			.help = "Values there that tell that it is over; no "  \
				"screen goes back.",                           \
			.offset = AT(ussd.ends)},                              \
		{.name = "ussd.cumulative",                                    \
			.type = OPTION_BOOL,                                   \
			.fallback = "false",                                   \
			.help = "The input is all that was typed in the "      \
				"session, joined by *; else the latest "       \
				"alone.",                                      \
			.offset = AT(ussd.cumulative)},                        \
		GENERIC_USSD_TEXT("goes_on", "CON {text}", goes_on,            \
			"Template of a screen that waits for an answer. "      \
			"{text} is the screen, {id} the session, {to} the "    \
			"phone, {from} the service code; values are escaped "  \
			"for the type."),                                      \
		GENERIC_USSD_TEXT("closes", "END {text}", closes,              \
			"Template of a screen that ends the session."),        \
		GENERIC_USSD_TEXT("type", "text/plain; charset=utf-8", type,   \
			"Content type of both.")

#define GENERIC_OPTIONS_USSD_N 13

#endif
