#ifndef CONFIG_OPTIONS_REPORT_H
#define CONFIG_OPTIONS_REPORT_H

/*
 * Lines of config_options.c's table: what reports count with. AT(field) is
 * the offset of a field of struct config.
 */
#define OPTIONS_REPORT                                                         \
	{.name = "cost.per_segment",                                           \
		.type = OPTION_INT,                                            \
		.fallback = "0",                                               \
		.max = LIMIT_MAX,                                              \
		.help = "Price of one segment out, in whole units of money; "  \
			"0: not known.",                                       \
		.offset = AT(cost_per_segment)},                               \
	{                                                                      \
		.name = "figures", .type = OPTION_NODE,                        \
		.help = "Replaces a figure of the rules, or of the clock "     \
			"around a meeting, from a day on: maps of name, "      \
			"value, unit (and all below it; all when not set), "   \
			"from, to and source.",                                \
		.offset = AT(figures_node)                                     \
	}

#endif
