#ifndef CONFIG_OPTIONS_VOTES_H
#define CONFIG_OPTIONS_VOTES_H

/* Lines of config_options.c's table: remote votes (domain.md 2.3). AT(field)
 * is the offset of a field of struct config. */
#define OPTIONS_VOTES                                                          \
	{.name = "remote_votes_count",                                         \
		.type = OPTION_BOOL,                                           \
		.fallback = "false",                                           \
		.help = "Remote votes of official members add to those of "    \
			"the room; else they are shown beside them and "       \
			"decide nothing, as no rule is known that says they "  \
			"count.",                                              \
		.offset = AT(remote_votes_count)},                             \
		{.name = "vote.late_min",                                      \
			.type = OPTION_INT,                                    \
			.fallback = "30",                                      \
			.max = 1440,                                           \
			.unit = "minutes",                                     \
			.help = "How long after the closing a vote may "       \
				"arrive that was sent before it, by the "      \
				"provider's clock; then the item is sealed.",  \
			.offset = AT(vote.late_min)},                          \
	{                                                                      \
		.name = "vote.refused", .type = OPTION_TEXTS,                  \
		.fallback = "bau,bo phieu kin,phieu kin,ky luat,khien trach,"  \
			    "canh cao,cach chuc,khai tru,xoa ten",             \
		.help = "Words, without diacritics, of questions that are "    \
			"voted in secret and may not be put by SMS.",          \
		.offset = AT(vote.refused)                                     \
	}

#endif
