/*
 * line - which command was meant, with which options?
 *
 * `bantin COMMAND [-c FILE] [OPTION…] [OPERAND…]`, in any order after the
 * command; `--` ends the options. Faults of the line are status 2, with the
 * command's usage.
 */
#include "gateway/commands/line.h"

#include <stdio.h>
#include <stdlib.h>

#define OPTIONS_MAX 16

struct parsed {
	struct command_line line;
	const char *values[OPTIONS_MAX];
	int at; /* next argument */
};

static void print_usage(FILE *to, const struct command *c)
{
	fprintf(to, "usage: bantin %s [-c FILE]", c->name);
	for (const struct command_option *o = c->options;
		o != NULL && o->name != NULL; o++)
		fprintf(to, o->argument != NULL ? " [%s %s]" : " [%s]", o->name,
			o->argument);
	if (c->operands != NULL)
		fprintf(to, " %s", c->operands);
	fputc('\n', to);
}

static int find_option(const struct command *c, struct str name)
{
	for (int i = 0; c->options != NULL && c->options[i].name != NULL; i++)
		if (str_is(name, c->options[i].name))
			return i;
	return -1;
}

static int wrong(const struct command *c, const char *what, const char *arg)
{
	fprintf(stderr, "bantin %s: %s '%s'\n", c->name, what, arg);
	print_usage(stderr, c);
	return -1;
}

/* One option at argv[p->at]; --name=value and --name value alike. */
static int take_option(struct parsed *p, int argc, char **argv)
{
	const struct command *c = p->line.command;
	const char *arg = argv[p->at++];
	struct str name, rest = str_of(arg);
	const char *value = NULL;
	bool is_config;
	int i;

	str_next(&rest, '=', &name);
	if (rest.p != NULL)
		value = rest.p;
	is_config = str_is(name, "-c");
	i = find_option(c, name);
	if (!is_config && i < 0)
		return wrong(c, "unknown option", arg);
	if (!is_config && c->options[i].argument == NULL) {
		p->values[i] = "";
		return value == NULL ? 0 : wrong(c, "takes no value:", arg);
	}
	if (value == NULL && p->at < argc)
		value = argv[p->at++];
	if (value == NULL)
		return wrong(c, "needs a value:", arg);
	if (is_config)
		p->line.config = value;
	else
		p->values[i] = value;
	return 0;
}

static int take_all(struct parsed *p, int argc, char **argv)
{
	const struct command *c = p->line.command;
	bool options = true;

	while (p->at < argc) {
		const char *arg = argv[p->at];

		if (options && strcmp(arg, "--") == 0) {
			options = false;
			p->at++;
		} else if (options && arg[0] == '-' && arg[1] != '\0') {
			if (take_option(p, argc, argv) != 0)
				return -1;
		} else {
			p->line.argv[p->line.argc++] = argv[p->at++];
		}
	}
	if (p->line.argc < c->min_operands)
		return wrong(c, "missing operand:",
			c->operands != NULL ? c->operands : "");
	if (c->max_operands >= 0 && p->line.argc > c->max_operands)
		return wrong(c,
			"one operand too many:", p->line.argv[c->max_operands]);
	return 0;
}

static const struct command *command_of(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";

	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	return command_find(str_of(name));
}

int line_run(int argc, char **argv, const struct clock *clock)
{
	struct parsed p = {.at = 2, .line = {.clock = clock}};
	int status = EXIT_USAGE;

	p.line.command = command_of(argc, argv);
	if (p.line.command == NULL) {
		fprintf(stderr,
			"bantin: unknown command '%s'; `bantin help` lists "
			"them\n",
			argv[1]);
		return EXIT_USAGE;
	}
	p.line.config = settings_default_path();
	p.line.values = p.values;
	p.line.argv = calloc((size_t)argc + 1, sizeof(char *));
	if (p.line.argv != NULL && take_all(&p, argc, argv) == 0)
		status = p.line.command->run(&p.line);
	free(p.line.argv);
	return status;
}
