/*
 * parse - how is a text read, and what would go back?
 *
 * With --jsonl one JSON object a line, for tests and rule authors; with TEXT
 * the same for people, with the normalised forms and which characters each
 * part was read from. Stores nothing: the registry lives in memory.
 */
#include "gateway/commands/command.h"
#include "gateway/commands/parse_people.h"
#include "gateway/parse_line.h"
#include "gateway/store/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CSV_MAX ((size_t)64 << 20)
#define OUTPUT_MAX ((size_t)1 << 20)

static struct str read_csv(struct arena *a, const char *dir, const char *name)
{
	struct str path = arena_printf(a, "%s/%s.csv%c", dir, name, '\0');
	struct str text = {NULL, 0};
	struct err err;

	if (access(path.p, R_OK) == 0 &&
		config_read_file(path.p, CSV_MAX, a, &text, &err) != 0)
		fprintf(stderr, "%s\n", err.text);
	return text;
}

static int import_into(
	struct store *s, const char *dir, int64_t now_ms, struct diags *d)
{
	struct arena *a = arena_new(65536);
	struct registry_files f = {
		.units = read_csv(a, dir, "units"),
		.members = read_csv(a, dir, "members"),
		.roles = read_csv(a, dir, "roles"),
		.dir = str_of(dir),
	};
	struct registry_counts n;
	int rc = -1;

	if (f.units.p == NULL && f.members.p == NULL && f.roles.p == NULL)
		diags_add(d, str_of(dir), 0, 0,
			"no units.csv, members.csv or roles.csv there");
	else if (store_begin(s) == 0 &&
		 registry_import(s, &f, now_ms, &n, d) == 0)
		rc = store_commit(s);
	arena_free(a);
	return rc;
}

/* NULL: it could not be loaded, and why is printed. */
static struct store *load_registry(const char *dir, int64_t now_ms)
{
	struct diags *d = diags_new();
	struct err err;
	struct buf b;
	struct store *s = store_open("", STORE_MEMORY, &err);

	buf_init(&b, OUTPUT_MAX);
	if (s == NULL) {
		fprintf(stderr, "%s\n", err.text);
	} else if (import_into(s, dir, now_ms, d) != 0) {
		diags_print(d, &b);
		fprintf(stderr, "%s%s\n", buf_z(&b),
			d->n == 0 ? store_error(s) : "");
		store_close(s);
		s = NULL;
	}
	buf_release(&b);
	diags_free(d);
	return s;
}

static void print_line(const struct jdoc *v)
{
	struct buf b;

	buf_init(&b, OUTPUT_MAX);
	jdoc_write(v, &b);
	puts(buf_z(&b));
	buf_release(&b);
}

static void print_error(const struct err *err)
{
	struct jdoc *v = jdoc_object();

	jdoc_set_str(v, "error", str_of(err->text));
	print_line(v);
	jdoc_free(v);
}

static void run_line(struct parse_line *p, struct str text)
{
	struct err err = {"?"};
	struct jdoc *in = jdoc_parse(text, &err);
	struct jdoc *out = NULL;

	if (in != NULL && parse_line_run(p, in, &err) == 0)
		out = parse_line_output(p);
	if (out != NULL)
		print_line(out);
	else
		print_error(&err);
	jdoc_free(out);
	jdoc_free(in);
}

static int run_jsonl(struct parse_line *p)
{
	int64_t now_ms = p->now_ms;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) >= 0) {
		struct str text = str_trim((struct str){line, (size_t)n});

		p->now_ms = now_ms;
		run_line(p, text);
		arena_reset(p->arena);
	}
	free(line);
	return EXIT_FINE;
}

static int run_text(struct parse_line *p, const struct command_line *line)
{
	static const char *const key[] = {"from", "now", "question"};
	static const char *const option[] = {"--from", "--now", "--question"};
	struct jdoc *in = jdoc_object();
	struct err err;
	int status = EXIT_WRONG;

	jdoc_set_str(in, "text", str_of(line->argv[0]));
	for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++)
		if (command_value(line, option[i]) != NULL)
			jdoc_set_str(in, key[i],
				str_of(command_value(line, option[i])));
	if (parse_line_run(p, in, &err) != 0) {
		fprintf(stderr, "bantin parse: %s\n", err.text);
	} else {
		parse_people(p, stdout);
		status = EXIT_FINE;
	}
	jdoc_free(in);
	return status;
}

/* Reading needs no configuration file: without one the defaults serve. */
static struct settings *settings_of(const struct command_line *line)
{
	struct diags *d;
	struct settings *set;

	if (access(line->config, R_OK) == 0 ||
		strcmp(line->config, settings_default_path()) != 0)
		return command_settings(line);
	d = diags_new();
	set = settings_load_text(
		STR("defaults"), STR("database: ':memory:'\n"), d);
	diags_free(d);
	return set;
}

static int run(const struct command_line *line)
{
	const char *dir = command_value(line, "--registry");
	bool jsonl = command_value(line, "--jsonl") != NULL;
	struct parse_line *p = calloc(1, sizeof(*p));
	struct settings *set;
	int status = EXIT_WRONG;

	if (jsonl == (line->argc == 1) || p == NULL) {
		fprintf(stderr, "bantin parse: give --jsonl or one TEXT\n");
		free(p);
		return EXIT_USAGE;
	}
	set = settings_of(line);
	p->settings = set;
	p->now_ms = clock_wall_ms(line->clock);
	p->arena = arena_new(65536);
	if (set != NULL && dir != NULL)
		p->store = load_registry(dir, p->now_ms);
	if (set != NULL && (dir == NULL || p->store != NULL))
		status = jsonl ? run_jsonl(p) : run_text(p, line);
	if (p->store != NULL)
		store_close(p->store);
	arena_free(p->arena);
	settings_unref(set);
	free(p);
	return status;
}

static const struct command_option options[] = {
	{"--registry", "DIR", "folder of units.csv, members.csv, roles.csv"},
	{"--jsonl", NULL, "read JSON lines from standard input"},
	{"--from", "PHONE", "who sends TEXT"},
	{"--now", "TIME", "when, in RFC 3339"},
	{"--question", "NAME", "what that phone was last asked"},
	{0},
};

const struct command command_parse = {
	.name = "parse",
	.operands = "[TEXT]",
	.max_operands = 1,
	.summary = "read one text, and show how",
	.help = "With TEXT, shows the normalised forms, the rule that won, "
		"which characters each field was read from, what was checked "
		"or found wrong, and the reply with its segments. With "
		"--jsonl, reads one JSON object a "
		"line (text, from, now, question, partial, items, last_report, "
		"pending_meeting) and prints one a line (intent, fields, "
		"clarify, problem, reply, text). Without --registry neither "
		"roll nor units are checked. Stores nothing.",
	.options = options,
	.run = run,
};
