/*
 * replies_keys - which texts does the program send, and what may they hold?
 *
 * One line per text: its key, the placeholders it may hold, how many GSM-7
 * segments it may take with sample values, and when it is sent. Below it,
 * one line per placeholder with a value as long as they come.
 */
#include "config/replies.h"

static const struct replies_key key[] = {
	{"report_echo", "report figures", 1,
		"after a report was stored; 1 agrees, SUA corrects"},
};

static const struct sample {
	const char *placeholder;
	struct str value;
} sample[] = {
	{"report", {"MG07 25/11", 10}},
	{"figures", {"TS147 CM135 VP10 VK2", 20}},
};

const struct replies_key *replies_keys(size_t *ret_n)
{
	*ret_n = sizeof(key) / sizeof(key[0]);
	return key;
}

struct str replies_sample(const char *placeholder)
{
	for (size_t i = 0; i < sizeof(sample) / sizeof(sample[0]); i++)
		if (strcmp(sample[i].placeholder, placeholder) == 0)
			return sample[i].value;
	return (struct str){NULL, 0};
}
