/*
 * table - which commands are there? One line each; `bantin help` and the man
 * page are made from what the lines point to.
 */
#include "gateway/commands/command.h"

extern const struct command command_serve, command_check, command_parse,
	command_rehearse, command_replay, command_import, command_send,
	command_broadcast, command_approve, command_queue, command_report,
	command_vote, command_unit, command_fact, command_opinion,
	command_person, command_ticket, command_why, command_card,
	command_version, command_help;

const struct command *const command_table[] = {
	&command_serve,
	&command_check,
	&command_parse,
	&command_rehearse,
	&command_replay,
	&command_import,
	&command_send,
	&command_broadcast,
	&command_approve,
	&command_person,
	&command_ticket,
	&command_queue,
	&command_report,
	&command_vote,
	&command_unit,
	&command_fact,
	&command_opinion,
	&command_why,
	&command_card,
	&command_version,
	&command_help,
};
const size_t command_table_n = sizeof(command_table) / sizeof(command_table[0]);

const struct command *command_find(struct str name)
{
	for (size_t i = 0; i < command_table_n; i++)
		if (str_is(name, command_table[i]->name))
			return command_table[i];
	return NULL;
}

const char *command_value(const struct command_line *line, const char *name)
{
	const struct command_option *o = line->command->options;

	for (size_t i = 0; o != NULL && o[i].name != NULL; i++)
		if (strcmp(o[i].name, name) == 0)
			return line->values[i];
	return NULL;
}
