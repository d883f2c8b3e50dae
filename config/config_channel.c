/*
 * config_channel - what can stand in every channel, whatever its provider?
 *
 * The table that channels share, as config_options.c has that of the file.
 */
#include "config/config.h"

#define CHANNEL_AT(field) offsetof(struct config_channel, field)

/* 0 stands for "none" in all of these. */
#define LIMIT_MAX 1000000

static const struct option channel_option[] = {
	{.name = "name",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 32,
		.help = "Stands in the callback path; lower-case letters, "
			"digits, _ and -.",
		.offset = CHANNEL_AT(name)},
	{.name = "provider",
		.type = OPTION_TEXT,
		.required = true,
		.min = 1,
		.max = 32,
		.help = "Whose protocol the channel speaks.",
		.offset = CHANNEL_AT(provider)},
	{.name = "token",
		.type = OPTION_TEXT,
		.min = CHANNEL_TOKEN_MIN,
		.max = 128,
		.help = "Secret last element of the callback path; letters, "
			"digits, _ and -.",
		.offset = CHANNEL_AT(token)},
	{.name = "allow_from",
		.type = OPTION_TEXTS,
		.fallback = "",
		.help = "Addresses that may call: 192.0.2.7, 192.0.2.0/24, "
			"2001:db8::/32; anybody when not set. Behind a proxy "
			"all calls come from the proxy's address.",
		.offset = CHANNEL_AT(allow_from)},
	{.name = "number",
		.type = OPTION_TEXTS,
		.fallback = "",
		.help = "Own numbers or short codes of the channel.",
		.offset = CHANNEL_AT(numbers)},
	{.name = "reaches",
		.type = OPTION_TEXTS,
		.fallback = "",
		.help = "Beginnings of the numbers that it can send to, as "
			"+84 or 80 for short codes; all when not set.",
		.offset = CHANNEL_AT(reaches)},
	{.name = "ussd_code",
		.type = OPTION_TEXT,
		.min = 3,
		.max = 32,
		.help = "What is dialled for USSD on this channel; ussd.code "
			"when not set.",
		.offset = CHANNEL_AT(ussd_code)},
	{.name = "limits.per_second",
		.type = OPTION_INT,
		.fallback = "0",
		.max = LIMIT_MAX,
		.unit = "texts",
		.help = "Texts that this channel may send in any second; 0 "
			"for no limit.",
		.offset = CHANNEL_AT(limits.per_second)},
	{.name = "limits.per_hour",
		.type = OPTION_INT,
		.fallback = "0",
		.max = LIMIT_MAX,
		.unit = "texts",
		.help = "The same for any 60 minutes.",
		.offset = CHANNEL_AT(limits.per_hour)},
	{.name = "limits.per_day",
		.type = OPTION_INT,
		.fallback = "0",
		.max = LIMIT_MAX,
		.unit = "texts",
		.help = "The same for any 24 hours.",
		.offset = CHANNEL_AT(limits.per_day)},
	{.name = "ca",
		.type = OPTION_TEXT,
		.max = 4096,
		.help = "PEM file with the certificates that the provider's "
			"must lead to, such as a phone's in the local network; "
			"the system's when not set.",
		.offset = CHANNEL_AT(ca)},
	{.name = "max_in_flight",
		.type = OPTION_INT,
		.fallback = "8",
		.min = 1,
		.max = 1000,
		.unit = "requests",
		.help = "Requests to the provider at the same time; texts "
			"that are no replies take at most three quarters.",
		.offset = CHANNEL_AT(max_in_flight)},
	{.name = "fold",
		.type = OPTION_ENUM,
		.fallback = "fold",
		.choices = "keep|fold-if-it-saves|fold",
		.help = "Whether texts lose their diacritics, so that they "
			"fit fewer segments.",
		.offset = CHANNEL_AT(fold)},
};

const struct option *config_channel_options(size_t *ret_n)
{
	*ret_n = sizeof(channel_option) / sizeof(channel_option[0]);
	return channel_option;
}
