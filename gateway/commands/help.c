/*
 * help - how is it used? Made from the tables: commands, options of the
 * configuration, keys of the channels' providers. The man pages are the same
 * text in mdoc's clothes, so they cannot tell another story.
 */
#include "gateway/commands/command.h"
#include "gateway/metrics.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)1 << 20)

static void print_all(void)
{
	puts("bantin - SMS gateway for hamlet reporting\n"
	     "\n"
	     "usage: bantin COMMAND [-c FILE] ...\n");
	for (size_t i = 0; i < command_table_n; i++)
		printf("  %-10s %s\n", command_table[i]->name,
			command_table[i]->summary);
	puts("\n`bantin help COMMAND` tells more. Without -c, "
	     "config/bantin.yaml is read,\n"
	     "else /etc/bantin/bantin.yaml. Exit status: 0 fine, "
	     "1 found wrong, 2 usage.");
}

/* Words of `text` in lines of at most 72 columns. */
static void print_wrapped(const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;

	while (str_next(&rest, ' ', &word)) {
		if (column > 0 && column + 1 + word.n > 72) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf(
			"%s" STR_FMT, column > 0 ? " " : "", STR_ARG(word));
	}
	putchar('\n');
}

static void print_one(const struct command *c)
{
	printf("bantin %s - %s\n\nusage: bantin %s [-c FILE]", c->name,
		c->summary, c->name);
	for (const struct command_option *o = c->options;
		o != NULL && o->name != NULL; o++)
		printf(o->argument != NULL ? " [%s %s]" : " [%s]", o->name,
			o->argument);
	printf("%s%s\n\n", c->operands != NULL ? " " : "",
		c->operands != NULL ? c->operands : "");
	print_wrapped(c->help);
	for (const struct command_option *o = c->options;
		o != NULL && o->name != NULL; o++)
		printf("\n  %s %s\n      %s", o->name,
			o->argument != NULL ? o->argument : "", o->help);
	if (c->options != NULL)
		putchar('\n');
}

/* ---- man pages ---- */

static void man_head(
	struct buf *b, const char *title, const char *section, const char *what)
{
	buf_putf(b,
		".\\\" made by `bantin help`; edit the tables in the source\n"
		".Dd $Mdocdate$\n.Dt %s %s\n.Os bantin %s\n.Sh NAME\n%s",
		title, section, BANTIN_VERSION, what);
}

static void man_command(struct buf *b, const struct command *c)
{
	buf_putf(b, ".It Cm %s", c->name);
	for (const struct command_option *o = c->options;
		o != NULL && o->name != NULL; o++) {
		buf_putf(b, " Oo Fl %s", o->name + 1);
		if (o->argument != NULL)
			buf_putf(b, " Ar %s", o->argument);
		buf_putz(b, " Oc");
	}
	if (c->operands != NULL)
		buf_putf(b, " Ar %s", c->operands);
	buf_putf(b, "\n%s\n", c->help);
	for (const struct command_option *o = c->options;
		o != NULL && o->name != NULL; o++)
		buf_putf(b, ".Pp\n.Fl %s%s%s :\n%s.\n", o->name + 1,
			o->argument != NULL ? " Ar " : "",
			o->argument != NULL ? o->argument : "", o->help);
}

static void man_commands(struct buf *b)
{
	man_head(b, "BANTIN", "1",
		".Nm bantin\n.Nd SMS gateway for hamlet reporting\n"
		".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Fl c Ar file\n"
		".Op Ar option ...\n.Op Ar operand ...\n"
		".Sh DESCRIPTION\n"
		"Takes texts from SMS providers' webhooks, reads them into "
		"records,\nkeeps them in SQLite and sends the answers.\n"
		".Pp\nWithout\n.Fl c ,\n.Pa config/bantin.yaml\nis read, else\n"
		".Pa /etc/bantin/bantin.yaml .\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < command_table_n; i++)
		man_command(b, command_table[i]);
	buf_putz(b,
		".El\n.Sh FILES\n.Bl -tag -width Ds\n"
		".It Pa DATABASE\nthe SQLite file, with\n.Pa -wal\nand\n"
		".Pa -shm\nbeside it\n"
		".It Pa DATABASE.lock\nheld by the one writer\n"
		".It Pa DATABASE.sock\nwhere commands reach a running server\n"
		".It Pa DATABASE.poison\ndigests of bodies that are being "
		"read\n.El\n"
		".Sh METRICS\n.Bl -tag -width Ds\n");
	metrics_man(b);
	buf_putz(b, ".El\n.Sh EXIT STATUS\n0 fine, 1 found wrong, 2 usage.\n"
		    ".Sh SEE ALSO\n.Xr bantin.yaml 5\n");
}

static void man_config(struct buf *b)
{
	const struct option *v;
	size_t n;

	man_head(b, "BANTIN.YAML", "5",
		".Nm bantin.yaml\n.Nd configuration of bantin\n"
		".Sh DESCRIPTION\n"
		"A YAML map. A dotted name stands for nested maps:\n"
		".Ql limits.per_second\nis written\n"
		".Ql \"limits: {per_second: 10}\" .\n.Sh OPTIONS\n");
	v = config_options(&n);
	option_man(v, n, b);
	buf_putz(b, ".Sh CHANNELS\nEach entry of\n.Cm channels\nis a map with "
		    "these keys and those of its provider:\n");
	v = config_channel_options(&n);
	option_man(v, n, b);
	for (size_t i = 0; i < provider_table_n; i++) {
		const struct provider *p = provider_table[i];

		buf_putf(b, ".Ss Provider %s\n%s\n", p->name, p->help);
		if (p->options_n > 0)
			option_man(p->options, p->options_n, b);
	}
	buf_putz(b, ".Sh SEE ALSO\n.Xr bantin 1\n");
}

static void sample(struct buf *b)
{
	const struct option *v;
	size_t n;

	v = config_options(&n);
	option_sample(v, n, 0, b);
	buf_putz(b, "#channels:\n");
	for (size_t i = 0; i < provider_table_n; i++) {
		const struct provider *p = provider_table[i];

		buf_putf(b, "#  # %s: %s\n#  -\n", p->name, p->help);
		v = config_channel_options(&n);
		option_sample(v, n, 4, b);
		option_sample(p->options, p->options_n, 4, b);
	}
}

static int print_made(void (*make)(struct buf *b))
{
	struct buf b;

	buf_init(&b, OUTPUT_MAX);
	make(&b);
	fputs(buf_z(&b), stdout);
	buf_release(&b);
	return EXIT_FINE;
}

static int run(const struct command_line *line)
{
	const struct command *c;

	if (command_value(line, "--man") != NULL)
		return print_made(man_commands);
	if (command_value(line, "--man-config") != NULL)
		return print_made(man_config);
	if (command_value(line, "--sample") != NULL)
		return print_made(sample);
	if (line->argc == 0) {
		print_all();
		return EXIT_FINE;
	}
	c = command_find(str_of(line->argv[0]));
	if (c == NULL) {
		fprintf(stderr, "bantin help: there is no command '%s'\n",
			line->argv[0]);
		return EXIT_USAGE;
	}
	print_one(c);
	return EXIT_FINE;
}

static const struct command_option options[] = {
	{"--man", NULL, "print the man page of the commands"},
	{"--man-config", NULL, "print the man page of bantin.yaml"},
	{"--sample", NULL, "print a sample bantin.yaml with every option"},
	{0},
};

const struct command command_help = {
	.name = "help",
	.operands = "[COMMAND]",
	.max_operands = 1,
	.summary = "list the commands, or explain one",
	.help = "Lists the commands, or explains COMMAND.",
	.options = options,
	.run = run,
};
