/*
 * import - loads a registry folder (units.csv, members.csv, roles.csv).
 *
 * The files' contents travel in the request, so that a running server need
 * not be able to read the operator's folder. Everything is checked before
 * anything is stored.
 */
#include "gateway/commands/command.h"
#include "gateway/store/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CSV_MAX ((size_t)64 << 20)

static const char *const file_name[] = {"units", "members", "roles"};

#define FILES (sizeof(file_name) / sizeof(file_name[0]))

/*
 * JSON carries the text to a running server and would mend it on the way: what
 * is no UTF-8 is refused here, where the file can still be named.
 */
static int check_text(const char *path, struct str text, struct err *err)
{
	struct str rest = text, line;

	for (int n = 1; str_next(&rest, '\n', &line); n++)
		if (!str_is_utf8(line))
			return err_set(err,
				"%s:%d:1: not UTF-8; save the file as "
				"\"CSV UTF-8\"\nnothing was imported",
				path, n);
	return 0;
}

/* Adds what is there; a folder without any of the three is a mistake. */
static int read_folder(
	const char *dir, struct arena *a, struct jdoc *files, struct err *err)
{
	int found = 0;

	for (size_t i = 0; i < FILES; i++) {
		struct str path =
			arena_printf(a, "%s/%s.csv%c", dir, file_name[i], '\0');
		struct str text;

		if (access(path.p, F_OK) != 0 && errno == ENOENT)
			continue;
		if (config_read_file(path.p, CSV_MAX, a, &text, err) != 0 ||
			check_text(path.p, text, err) != 0)
			return -1;
		jdoc_set_str(files, file_name[i], text);
		found++;
	}
	if (found == 0)
		return err_set(err,
			"%s: no units.csv, members.csv or roles.csv there",
			dir);
	return 0;
}

static int finish(struct jdoc *answer, const struct err *err)
{
	struct str faults = jdoc_str(jdoc_at(answer, "faults"));
	struct str wrong = jdoc_str(jdoc_at(answer, "error"));
	struct str done = jdoc_str(jdoc_at(answer, "done"));
	bool fine = done.p != NULL;

	if (answer == NULL)
		fprintf(stderr, "%s\n", err->text);
	else if (fine)
		printf(STR_FMT "\n", STR_ARG(done));
	else
		fprintf(stderr, STR_FMT STR_FMT "\n", STR_ARG(faults),
			STR_ARG(wrong));
	jdoc_free(answer);
	return fine ? EXIT_FINE : EXIT_WRONG;
}

static int run(const struct command_line *line)
{
	struct settings *set = command_settings(line);
	struct arena *a = arena_new(65536);
	struct jdoc *request = jdoc_object();
	struct jdoc *files = jdoc_object();
	struct jdoc *answer = NULL;
	struct err err = {""};

	jdoc_set_str(request, "dir", str_of(line->argv[0]));
	if (set == NULL || read_folder(line->argv[0], a, files, &err) != 0) {
		jdoc_free(files);
		jdoc_free(request);
	} else {
		jdoc_set(request, "files", files);
		answer = command_write(line, set, request, &err);
	}
	settings_unref(set);
	arena_free(a);
	return finish(answer, &err);
}

static void set_faults(struct jdoc *answer, const struct diags *d)
{
	struct buf b;

	buf_init(&b, (size_t)1 << 20);
	diags_print(d, &b);
	jdoc_set_str(answer, "faults", buf_str(&b));
	jdoc_set_str(answer, "error", STR("nothing was imported"));
	buf_release(&b);
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct registry_files f = {
		.units = jdoc_str(jdoc_at(request, "files.units")),
		.members = jdoc_str(jdoc_at(request, "files.members")),
		.roles = jdoc_str(jdoc_at(request, "files.roles")),
		.dir = jdoc_str(jdoc_at(request, "dir")),
	};
	struct diags *d = diags_new();
	struct registry_counts n;
	struct audit_entry e = {.now_ms = now_ms, .what = "import"};
	int rc = registry_import(s, &f, now_ms, &n, d);
	char done[160];

	(void)set;
	if (rc == 0) {
		e.people = (int64_t)n.members;
		rc = command_audit(s, request, &e);
	}
	if (rc == 0) {
		snprintf(done, sizeof(done),
			"imported %zu units, %zu members, %zu roles, "
			"%zu contacts",
			n.units, n.members, n.roles, n.contacts);
		jdoc_set_str(answer, "done", str_of(done));
	} else if (d->n > 0) {
		set_faults(answer, d);
	}
	diags_free(d);
	return rc;
}

const struct command command_import = {
	.name = "import",
	.operands = "DIR",
	.min_operands = 1,
	.max_operands = 1,
	.summary = "load units, members and roles from CSV files",
	.help = "Reads units.csv, members.csv and roles.csv of the folder DIR "
		"(those that are there). A wrong row is named with file, line "
		"and column, and nothing is imported unless all are right. "
		"Rows are updated by key; nobody is removed. Rows that would "
		"undo a merger, an end or a new code (`bantin unit`) are "
		"refused. Works while serve "
		"runs, through its socket.",
	.run = run,
	.apply = apply,
};
